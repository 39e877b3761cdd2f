#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/encoding.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::bench {

/// A VP8 packet of 1200 bytes as a browser sends it: header extensions, payload descriptor, noise.
class SamplePacket {
 public:
  static constexpr std::size_t kBytes = 1200;
  static constexpr std::size_t kRoom = kBytes + 64;

  SamplePacket() {
    const std::array<std::uint8_t, 1> mid{'1'};
    const std::array<std::uint8_t, 2> transport{};
    const std::array<media::RtpExtension, 2> extensions{media::RtpExtension{1, mid}, media::RtpExtension{2, transport}};
    header_bytes_ = media::write_rtp_header(
        bytes_, {.marker = false, .payload_type = 96, .sequence = 0, .timestamp = 3000, .ssrc = 0x1234}, extensions);
    for (std::size_t i = header_bytes_; i < kBytes; ++i) bytes_[i] = static_cast<std::uint8_t>(i * 151 + i / 7);
    constexpr std::array<std::uint8_t, 6> kDescriptor{0x90, 0xE0, 0x80, 0x01, 0x01, 0x00};
    std::copy(kDescriptor.begin(), kDescriptor.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(header_bytes_));
  }

  /// With another sequence number, since no SRTP packet may be sent or taken twice.
  std::span<std::uint8_t> with_sequence(std::uint16_t sequence) {
    bytes_[2] = static_cast<std::uint8_t>(sequence >> 8);
    bytes_[3] = static_cast<std::uint8_t>(sequence);
    return bytes_;
  }
  [[nodiscard]] ByteView bytes() const { return ByteView(bytes_).first(kBytes); }
  [[nodiscard]] ByteView payload() const { return bytes().subspan(header_bytes_); }

 private:
  std::array<std::uint8_t, kRoom> bytes_{};
  std::size_t header_bytes_ = 0;
};

}  // namespace tw::bench
