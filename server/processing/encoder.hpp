#pragma once

#include <filesystem>
#include <span>

#include "crypto/sealed_file.hpp"
#include "processing/ffmpeg_handles.hpp"

/// What everything has in common that encodes prepared media.
namespace tw::processing {

/// An encoder's own setting, by FFmpeg's names.
struct EncoderOption {
  const char* name;
  const char* value;
};

/// Of one thread, not opened yet. `processor.failed` where FFmpeg was built without it.
[[nodiscard]] Result<CodecPtr> encoder_named(const char* name);
[[nodiscard]] Result<void> open_encoder(AVCodecContext& encoder, std::span<const EncoderOption> options);

/// A sealed file under key.derive("file:" + its name); what an attempt that was cut left there is gone.
[[nodiscard]] Result<SealedFileWriter> fresh_file(const std::filesystem::path& path, const SecretKey& key,
                                                  Random& random);

}  // namespace tw::processing
