#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/encoding.hpp"
#include "media/transport/srtp_keys.hpp"

namespace tw::media {

/// Why packets were dropped, counted since the start.
struct SrtpCounters {
  std::uint64_t malformed = 0;
  std::uint64_t replayed = 0;  ///< seen before, or older than the window
  std::uint64_t unauthenticated = 0;
  std::uint64_t too_many_ssrcs = 0;
};

/// SRTP and SRTCP of both directions of one session (RFC 3711 with AES_CM_128_HMAC_SHA1_80, RFC 7714 with
/// AEAD_AES_128_GCM), in place in the caller's buffer. Nothing is allocated except at a packet that opens an SSRC.
class SrtpTransform {
 public:
  /// Bytes a packet may grow by: tag, and SRTCP's index.
  static constexpr std::size_t kRtpOverhead = 16;
  static constexpr std::size_t kRtcpOverhead = 20;
  /// SSRCs a direction: a participant has a handful; more is an attack or a bug.
  static constexpr std::size_t kMaxSsrcs = 64;
  /// Far more than the 64 of RFC 3711 section 3.3.2: retransmissions come late.
  static constexpr std::size_t kReplayWindow = 1024;

  explicit SrtpTransform(const SrtpKeys& keys);
  ~SrtpTransform();
  SrtpTransform(SrtpTransform&&) noexcept;
  SrtpTransform& operator=(SrtpTransform&&) noexcept;

  /// Protects the packet in the first `bytes` of `buffer` and gives its new length. nullopt where the overhead does not
  /// fit, the packet is malformed, or its sequence number was sent before or is too old: a nonce is never used twice,
  /// so what is sent again goes over RTX (RFC 4588) or as the bytes that were protected the first time.
  [[nodiscard]] std::optional<std::size_t> protect_rtp(std::span<std::uint8_t> buffer, std::size_t bytes);
  [[nodiscard]] std::optional<std::size_t> protect_rtcp(std::span<std::uint8_t> buffer, std::size_t bytes);
  /// Checks and decrypts; gives the plain length. nullopt where it is to be dropped; the buffer is then spoilt.
  [[nodiscard]] std::optional<std::size_t> unprotect_rtp(std::span<std::uint8_t> packet);
  [[nodiscard]] std::optional<std::size_t> unprotect_rtcp(std::span<std::uint8_t> packet);

  [[nodiscard]] const SrtpCounters& counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tw::media
