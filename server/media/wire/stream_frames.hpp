#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tw::media {

/// Takes datagrams out of a TCP stream: each has its length before it in two bytes (RFC 4571 section 2, which RFC 6544
/// section 3 uses for STUN, DTLS and media alike). Bytes are read straight into its buffer, which does not grow.
class StreamFrames {
 public:
  /// As long as the datagrams of DatagramBatch. A longer one is no peer of ours, and ends the stream.
  static constexpr std::size_t kMaxFrameBytes = 1'600;
  static constexpr std::size_t kLengthBytes = 2;
  /// A few frames, so that one read brings a burst.
  static constexpr std::size_t kBufferBytes = 8'192;

  /// Where to read to; never empty once `next` has given nothing more. Views that `next` gave end here.
  [[nodiscard]] std::span<std::uint8_t> space();
  /// So many bytes were read into `space`.
  void filled(std::size_t bytes) { end_ += bytes; }
  /// The next whole datagram (possibly empty); nullopt when there is none yet, or the stream is broken.
  [[nodiscard]] std::optional<std::span<std::uint8_t>> next();
  /// A frame was announced that is longer than any we take: what follows cannot be read.
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(kBufferBytes);
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool broken_ = false;
};

}  // namespace tw::media
