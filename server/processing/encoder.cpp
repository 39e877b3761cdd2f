#include "processing/encoder.hpp"

#include <new>
#include <string>

extern "C" {
#include <libavutil/opt.h>
}

namespace tw::processing {

Result<CodecPtr> encoder_named(const char* name) {
  const AVCodec* codec = avcodec_find_encoder_by_name(name);
  if (codec == nullptr) {
    return fail(ErrorKind::internal, "processor.failed",
                std::string("FFmpeg lacks ") + name + "; install Debian's build.");
  }
  CodecPtr context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  context->thread_count = 1;
  return context;
}

Result<void> open_encoder(AVCodecContext& encoder, std::span<const EncoderOption> options) {
  for (const EncoderOption& option : options) av_opt_set(encoder.priv_data, option.name, option.value, 0);
  const int result = avcodec_open2(&encoder, nullptr, nullptr);
  if (result < 0) return av_fail("Opening an encoder", result, ErrorKind::internal);
  return {};
}

Result<SealedFileWriter> fresh_file(const std::filesystem::path& path, const SecretKey& key, Random& random) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return SealedFileWriter::create(path, key.derive("file:" + path.filename().string()), random);
}

}  // namespace tw::processing
