#include "processing/jpeg.hpp"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <jpeglib.h>

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

}  // namespace tw::processing
