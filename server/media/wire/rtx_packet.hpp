#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/encoding.hpp"

namespace tw::media {

/// Retransmission payload format (RFC 4588 section 4): the original sequence number stands before the payload.
constexpr std::size_t kRtxHeaderBytes = 2;

/// Makes an RTX packet of `original` (a whole RTP packet, without padding) in `out` and returns its length; 0 where it
/// does not fit or `original` is malformed. Header extensions are kept.
[[nodiscard]] std::size_t write_rtx(std::span<std::uint8_t> out, ByteView original, std::uint8_t payload_type,
                                    std::uint32_t ssrc, std::uint16_t sequence);

/// Turns the RTX packet in `packet` back into the original, in place, and returns its length; nullopt where it carries
/// none (padding for probing) or is malformed.
[[nodiscard]] std::optional<std::size_t> restore_from_rtx(std::span<std::uint8_t> packet, std::uint8_t payload_type,
                                                          std::uint32_t ssrc);

}  // namespace tw::media
