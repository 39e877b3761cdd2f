#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/encoding.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {

/// One block of a redundant payload: the packet's own content, or that of an earlier packet once more.
struct RedBlock {
  std::uint8_t payload_type = 0;
  std::uint32_t timestamp_offset = 0;  ///< how much earlier than the packet, in its clock; 0 for the packet's own
  ByteView data;
};

/// A payload of "audio/red" (RFC 2198 section 3): earlier packets first, the packet's own content last.
struct RedPayload {
  /// Two earlier ones and the packet's own outlive two losses in a row; more would cost more than they save.
  static constexpr std::size_t kMaxBlocks = 3;
  static constexpr std::uint32_t kMaxTimestampOffset = (1U << 14) - 1;
  static constexpr std::size_t kMaxBlockBytes = (1U << 10) - 1;
  /// Header of a block that is repeated; the packet's own needs one byte.
  static constexpr std::size_t kBlockHeaderBytes = 4;

  /// Of more blocks than kMaxBlocks the oldest are left out. nullopt where a length does not fit.
  [[nodiscard]] static std::optional<RedPayload> parse(ByteView payload);
  [[nodiscard]] std::span<const RedBlock> repeated() const { return std::span(blocks).first(count - 1); }
  [[nodiscard]] const RedBlock& own() const { return blocks[count - 1]; }

  std::array<RedBlock, kMaxBlocks> blocks{};
  std::size_t count = 0;
};

/// Writes the blocks as one payload, the packet's own last; its length, 0 where it does not fit or a block cannot be
/// described.
[[nodiscard]] std::size_t write_red(std::span<std::uint8_t> out, std::span<const RedBlock> blocks);

/// Makes a redundant packet the plain one: its header directly before its own content. The packet's bytes, which lie
/// inside `packet`.
[[nodiscard]] std::span<std::uint8_t> unwrap_red(std::span<std::uint8_t> packet, const RtpPacketView& header,
                                                 const RedPayload& red);

/// Writes the earlier Opus packet that `block` repeats, under its own number; its length. 0 where it does not fit or
/// its number cannot be told: time stands between the two that is no whole number of its durations.
[[nodiscard]] std::size_t restore_repeated_opus(std::span<std::uint8_t> out, ByteView packet,
                                                const RtpPacketView& header, const RedBlock& block);

}  // namespace tw::media
