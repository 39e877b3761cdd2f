#pragma once

#include "base/encoding.hpp"

namespace tw::media {

enum class DatagramKind { stun, dtls, rtp, rtcp, unknown };

/// What a datagram on a bundled port is, by its first bytes (RFC 7983 section 7; RTP and RTCP by RFC 5761 section 4).
[[nodiscard]] constexpr DatagramKind kind_of(ByteView datagram) {
  if (datagram.size() < 2) return DatagramKind::unknown;
  const std::uint8_t first = datagram[0];
  if (first <= 3) return DatagramKind::stun;
  if (first >= 20 && first <= 63) return DatagramKind::dtls;
  if (first >= 128 && first <= 191) {
    const std::uint8_t type = datagram[1];
    return type >= 192 && type <= 223 ? DatagramKind::rtcp : DatagramKind::rtp;
  }
  return DatagramKind::unknown;
}

}  // namespace tw::media
