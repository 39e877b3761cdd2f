#include "processing/sealed_avio.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <new>
#include <system_error>

#include "crypto/digest.hpp"

namespace tw::processing {
namespace {

constexpr int kBufferBytes = 64 * 1024;  // a chunk of a sealed file

AvioPtr make_context(void* opaque, bool writes, int (*read)(void*, std::uint8_t*, int),
                     int (*write)(void*, std::uint8_t*, int), std::int64_t (*seek)(void*, std::int64_t, int)) {
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
  if (buffer == nullptr) throw std::bad_alloc();
  AvioPtr context(avio_alloc_context(buffer, kBufferBytes, writes ? 1 : 0, opaque, read, write, seek));
  if (!context) throw std::bad_alloc();
  return context;
}

/// Where a seek leads; negative when nowhere.
std::int64_t target_of(std::int64_t offset, int whence, std::uint64_t position, std::uint64_t size) {
  switch (whence & ~AVSEEK_FORCE) {
    case SEEK_SET: return offset;
    case SEEK_CUR: return static_cast<std::int64_t>(position) + offset;
    case SEEK_END: return static_cast<std::int64_t>(size) + offset;
    default: return -1;
  }
}

std::filesystem::path unfinished(const std::filesystem::path& path) { return path.string() + ".part"; }

}  // namespace

void AvioFree::operator()(AVIOContext* context) const {
  av_freep(&context->buffer);
  avio_context_free(&context);
}

Result<std::unique_ptr<SealedInput>> SealedInput::open(const std::filesystem::path& path, SecretKey key) {
  auto reader = SealedFileReader::open(path, std::move(key));
  if (!reader) return tl::unexpected(reader.error());
  return std::unique_ptr<SealedInput>(new SealedInput(std::move(*reader)));
}

SealedInput::SealedInput(SealedFileReader reader)
    : reader_(std::move(reader)), context_(make_context(this, false, read, nullptr, seek)) {}

int SealedInput::read(void* self, std::uint8_t* out, int most) {
  auto& input = *static_cast<SealedInput*>(self);
  const auto got = input.reader_.read_at(input.position_, {out, static_cast<std::size_t>(most)});
  if (!got) return AVERROR(EIO);
  if (*got == 0) return AVERROR_EOF;
  input.position_ += *got;
  return static_cast<int>(*got);
}

std::int64_t SealedInput::seek(void* self, std::int64_t offset, int whence) {
  auto& input = *static_cast<SealedInput*>(self);
  if (whence == AVSEEK_SIZE) return static_cast<std::int64_t>(input.reader_.size());
  const std::int64_t target = target_of(offset, whence, input.position_, input.reader_.size());
  if (target < 0) return AVERROR(EINVAL);
  input.position_ = static_cast<std::uint64_t>(target);
  return target;
}

Result<std::unique_ptr<SealedOutput>> SealedOutput::create(const std::filesystem::path& path, SecretKey key,
                                                           Random& random) {
  std::error_code ignored;
  std::filesystem::remove(unfinished(path), ignored);
  auto writer = SealedFileWriter::create(unfinished(path), std::move(key), random);
  if (!writer) return tl::unexpected(writer.error());
  return std::unique_ptr<SealedOutput>(new SealedOutput(path, std::move(*writer)));
}

SealedOutput::SealedOutput(std::filesystem::path path, SealedFileWriter writer)
    : path_(std::move(path)),
      writer_(std::move(writer)),
      write_cursor_{this, 0},
      read_cursor_{this, 0},
      context_(make_context(&write_cursor_, true, read, write, seek)) {}

SealedOutput::~SealedOutput() {
  if (finished_) return;
  std::error_code ignored;
  std::filesystem::remove(unfinished(path_), ignored);
}

void SealedOutput::attach(AVFormatContext* muxer) {
  muxer->pb = context_.get();
  muxer->flags |= AVFMT_FLAG_CUSTOM_IO;
  muxer->opaque = this;
  muxer->io_open = open_again;
  muxer->io_close2 = close_again;
}

int SealedOutput::keep(const Result<void>& result) {
  if (result) return 0;
  if (!error_) error_ = result.error();
  return AVERROR(EIO);
}

int SealedOutput::write(void* cursor, std::uint8_t* bytes, int count) {
  auto& at = *static_cast<Cursor*>(cursor);
  SealedOutput& file = *at.file;
  if (file.keep(file.writer_.seek(at.position)) < 0) return AVERROR(EIO);
  if (file.keep(file.writer_.write({bytes, static_cast<std::size_t>(count)})) < 0) return AVERROR(EIO);
  at.position += static_cast<std::uint64_t>(count);
  return count;
}

int SealedOutput::read(void* cursor, std::uint8_t* out, int most) {
  auto& at = *static_cast<Cursor*>(cursor);
  SealedFileWriter& writer = at.file->writer_;
  if (at.position >= writer.size()) return AVERROR_EOF;
  if (at.file->keep(writer.seek(at.position)) < 0) return AVERROR(EIO);
  const auto got = writer.read({out, static_cast<std::size_t>(most)});
  if (!got) {
    if (!at.file->error_) at.file->error_ = got.error();
    return AVERROR(EIO);
  }
  if (*got == 0) return AVERROR_EOF;
  at.position += *got;
  return static_cast<int>(*got);
}

std::int64_t SealedOutput::seek(void* cursor, std::int64_t offset, int whence) {
  auto& at = *static_cast<Cursor*>(cursor);
  const std::uint64_t size = at.file->writer_.size();
  if (whence == AVSEEK_SIZE) return static_cast<std::int64_t>(size);
  const std::int64_t target = target_of(offset, whence, at.position, size);
  if (target < 0 || static_cast<std::uint64_t>(target) > size) return AVERROR(EINVAL);
  at.position = static_cast<std::uint64_t>(target);
  return target;
}

int SealedOutput::open_again(AVFormatContext* muxer, AVIOContext** out, const char* /*url*/, int flags,
                             AVDictionary** /*options*/) {
  auto& file = *static_cast<SealedOutput*>(muxer->opaque);
  if ((flags & AVIO_FLAG_WRITE) != 0) return AVERROR(EACCES);
  file.read_cursor_.position = 0;
  *out = make_context(&file.read_cursor_, false, read, nullptr, seek).release();
  return 0;
}

int SealedOutput::close_again(AVFormatContext* /*muxer*/, AVIOContext* context) {
  AvioFree{}(context);
  return 0;
}

Result<void> SealedOutput::finish() {
  avio_flush(context_.get());
  if (error_) return tl::unexpected(*error_);
  if (context_->error < 0) return av_fail("Writing a sealed file", context_->error, ErrorKind::internal);
  if (auto sealed = writer_.finish(); !sealed) return sealed;
  std::error_code error;
  std::filesystem::rename(unfinished(path_), path_, error);
  if (error)
    return fail(ErrorKind::internal, "processor.failed", "A finished file cannot be renamed: " + error.message() + ".");
  finished_ = true;
  // The new name is durable only when its folder is.
  const int folder = ::open(path_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = folder >= 0 && ::fsync(folder) == 0;
  if (folder >= 0) ::close(folder);
  if (!synced) return fail(ErrorKind::internal, "processor.failed", "The recording's folder cannot be synced.");
  return {};
}

Result<FileDigest> digest_of(const std::filesystem::path& path, SecretKey key) {
  auto reader = SealedFileReader::open(path, std::move(key));
  if (!reader) return tl::unexpected(reader.error());
  FileDigest digest;
  Sha256 hash;
  Bytes buffer(SealedFileWriter::kChunkBytes);
  while (digest.bytes < reader->size()) {
    const auto got = reader->read_at(digest.bytes, buffer);
    if (!got) return tl::unexpected(got.error());
    if (*got == 0) break;
    hash.update({buffer.data(), *got});
    digest.bytes += *got;
  }
  digest.sha256 = to_hex(hash.finish());
  return digest;
}

}  // namespace tw::processing
