#include "processing/jpeg.hpp"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <jerror.h>
#include <jpeglib.h>

#include "processing/exif.hpp"

namespace tw::processing {
namespace {

struct JpegJob {
  jpeg_compress_struct compress{};
  jpeg_error_mgr errors{};
  std::jmp_buf escape{};
  unsigned char* out = nullptr;
  unsigned long out_bytes = 0;
};

[[noreturn]] void leave(j_common_ptr common) { std::longjmp(static_cast<JpegJob*>(common->client_data)->escape, 1); }
void say_nothing(j_common_ptr /*common*/) {}

/// libjpeg leaves by longjmp where it fails, so nothing here may need a destructor.
bool compress(JpegJob& job, const std::uint8_t* pixels, int width, int height, int quality) {
  job.compress.err = jpeg_std_error(&job.errors);
  job.errors.error_exit = leave;
  job.errors.output_message = say_nothing;
  job.compress.client_data = &job;
  if (setjmp(job.escape) != 0) {
    jpeg_destroy_compress(&job.compress);
    return false;
  }
  jpeg_create_compress(&job.compress);
  jpeg_mem_dest(&job.compress, &job.out, &job.out_bytes);
  job.compress.image_width = static_cast<JDIMENSION>(width);
  job.compress.image_height = static_cast<JDIMENSION>(height);
  job.compress.input_components = 3;
  job.compress.in_color_space = JCS_RGB;
  jpeg_set_defaults(&job.compress);
  jpeg_set_quality(&job.compress, quality, TRUE);
  jpeg_start_compress(&job.compress, TRUE);
  while (job.compress.next_scanline < job.compress.image_height) {
    JSAMPROW row = const_cast<JSAMPROW>(pixels + static_cast<std::ptrdiff_t>(job.compress.next_scanline) * width * 3);
    jpeg_write_scanlines(&job.compress, &row, 1);
  }
  jpeg_finish_compress(&job.compress);
  jpeg_destroy_compress(&job.compress);
  return true;
}

struct BufferFree {
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): libjpeg allocates with malloc
  void operator()(unsigned char* buffer) const { std::free(buffer); }
};

}  // namespace

Result<Bytes> encode_jpeg(const RgbPicture& picture, int quality) {
  const auto job = std::make_unique<JpegJob>();
  const bool done = compress(*job, picture.pixels.data(), picture.width, picture.height, quality);
  const std::unique_ptr<unsigned char, BufferFree> out(job->out);
  if (!done) return fail(ErrorKind::internal, "processor.failed", "A picture cannot be encoded as JPEG.");
  return Bytes(out.get(), out.get() + job->out_bytes);
}

namespace {

struct JpegReading {
  jpeg_decompress_struct decompress{};
  jpeg_error_mgr errors{};
  std::jmp_buf escape{};
  bool damaged = false;
};

[[noreturn]] void leave_reading(j_common_ptr common) {
  std::longjmp(static_cast<JpegReading*>(common->client_data)->escape, 1);
}
/// Some cameras write bytes between markers that mean nothing; every other warning is a hole in the picture.
void heed(j_common_ptr common, int level) {
  if (level < 0 && common->err->msg_code != JWRN_EXTRANEOUS_DATA)
    static_cast<JpegReading*>(common->client_data)->damaged = true;
}

// libjpeg leaves these by longjmp where it fails, so nothing in them may need a destructor.
bool read_header(JpegReading& job, const std::uint8_t* bytes, unsigned long size) {
  job.decompress.err = jpeg_std_error(&job.errors);
  job.errors.error_exit = leave_reading;
  job.errors.output_message = say_nothing;
  job.errors.emit_message = heed;
  job.decompress.client_data = &job;
  if (setjmp(job.escape) != 0) return false;
  jpeg_create_decompress(&job.decompress);
  jpeg_mem_src(&job.decompress, bytes, size);
  constexpr unsigned kWholeMarker = 0xFFFF;
  jpeg_save_markers(&job.decompress, JPEG_APP0 + 1, kWholeMarker);
  return jpeg_read_header(&job.decompress, TRUE) == JPEG_HEADER_OK;
}

bool read_rows(JpegReading& job, std::uint8_t* pixels) {
  if (setjmp(job.escape) != 0) return false;
  job.decompress.out_color_space = JCS_RGB;
  jpeg_start_decompress(&job.decompress);
  while (job.decompress.output_scanline < job.decompress.output_height) {
    JSAMPROW row = pixels + static_cast<std::ptrdiff_t>(job.decompress.output_scanline) *
                                static_cast<std::ptrdiff_t>(job.decompress.output_width) * 3;
    jpeg_read_scanlines(&job.decompress, &row, 1);
  }
  jpeg_finish_decompress(&job.decompress);
  return !job.damaged;
}

struct ReadingEnd {
  void operator()(JpegReading* job) const {
    jpeg_destroy_decompress(&job->decompress);
    std::default_delete<JpegReading>()(job);
  }
};

/// The first that says anything; 1 where none does.
int orientation_of(const jpeg_decompress_struct& decompress) {
  for (auto marker = decompress.marker_list; marker != nullptr; marker = marker->next) {
    if (const auto found = exif_orientation({marker->data, marker->data_length})) return *found;
  }
  return 1;
}

tl::unexpected<Error> damaged() {
  return fail(ErrorKind::unprocessable, "photo.damaged", "The JPEG cannot be decoded whole; take the photo again.");
}

}  // namespace

Result<StillPicture> decode_jpeg(ByteView jpeg, std::int64_t most_pixels) {
  const std::unique_ptr<JpegReading, ReadingEnd> job(std::make_unique<JpegReading>().release());
  if (!read_header(*job, jpeg.data(), jpeg.size())) return damaged();
  const auto width = static_cast<std::int64_t>(job->decompress.image_width);
  const auto height = static_cast<std::int64_t>(job->decompress.image_height);
  if (width * height > most_pixels) {
    return fail(ErrorKind::unprocessable, "photo.too_large", "The photo has more pixels than are taken.");
  }
  StillPicture still;
  still.picture.width = static_cast<int>(width);
  still.picture.height = static_cast<int>(height);
  still.picture.pixels.resize(static_cast<std::size_t>(width * height * 3));
  still.orientation = orientation_of(job->decompress);
  if (!read_rows(*job, still.picture.pixels.data())) return damaged();
  return still;
}

}  // namespace tw::processing
