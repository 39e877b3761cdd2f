#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/encoding.hpp"

namespace tw::media {

/// Longest datagram handled: an Ethernet frame's worth.
constexpr std::size_t kMaxPacketBytes = 1500;
constexpr std::size_t kRtpHeaderBytes = 12;

/// An RTP packet (RFC 3550 section 5.1) as read from a datagram; views point into it.
struct RtpPacketView {
  bool marker = false;
  std::uint8_t payload_type = 0;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::size_t header_bytes = 0;  ///< with CSRCs and extensions: where the payload begins
  std::uint16_t extension_profile = 0;
  ByteView extensions;
  ByteView payload;  ///< without padding
  std::uint8_t padding_bytes = 0;

  /// nullopt unless version 2 and every length fits.
  [[nodiscard]] static std::optional<RtpPacketView> parse(ByteView packet);
  /// The same for a packet whose payload is still encrypted: padding is not looked at.
  [[nodiscard]] static std::optional<RtpPacketView> parse_header(ByteView packet);
  /// Value of a header extension by its negotiated id, one-byte or two-byte form (RFC 8285 section 4).
  [[nodiscard]] std::optional<ByteView> extension(std::uint8_t id) const;
};

/// A header extension to write; values of 1–16 bytes.
struct RtpExtension {
  std::uint8_t id = 0;  ///< 1–14
  ByteView value;
};

struct RtpHeader {
  bool marker = false;
  std::uint8_t payload_type = 0;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
};

/// Writes header and one-byte extensions into `out` and returns their length; 0 when they do not fit.
[[nodiscard]] std::size_t write_rtp_header(std::span<std::uint8_t> out, const RtpHeader& header,
                                           std::span<const RtpExtension> extensions);

/// Serial number arithmetic (RFC 1982): is `a` after `b`?
[[nodiscard]] constexpr bool is_newer(std::uint16_t a, std::uint16_t b) {
  return a != b && static_cast<std::uint16_t>(a - b) < 0x8000;
}

/// Extends 16-bit sequence numbers to 64 bits, following the newest seen.
class SequenceExtender {
 public:
  [[nodiscard]] std::uint64_t extend(std::uint16_t sequence) {
    if (!newest_) {
      newest_ = kStart + sequence;
      return *newest_;
    }
    const auto difference = static_cast<std::int16_t>(sequence - static_cast<std::uint16_t>(*newest_));
    const std::uint64_t extended = *newest_ + static_cast<std::uint64_t>(static_cast<std::int64_t>(difference));
    if (difference > 0) newest_ = extended;
    return extended;
  }
  [[nodiscard]] std::optional<std::uint64_t> newest() const { return newest_; }

 private:
  static constexpr std::uint64_t kStart = 1U << 16;  // so that packets before the first one do not go below zero
  std::optional<std::uint64_t> newest_;
};

/// The same for 32-bit timestamps.
class TimestampExtender {
 public:
  [[nodiscard]] std::int64_t extend(std::uint32_t timestamp) {
    if (!newest_) {
      newest_ = timestamp;
      return *newest_;
    }
    const auto difference = static_cast<std::int32_t>(timestamp - static_cast<std::uint32_t>(*newest_));
    const std::int64_t extended = *newest_ + difference;
    if (difference > 0) newest_ = extended;
    return extended;
  }

 private:
  std::optional<std::int64_t> newest_;
};

}  // namespace tw::media
