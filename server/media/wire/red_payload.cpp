#include "media/wire/red_payload.hpp"

#include <algorithm>
#include <cstring>

#include "base/byte_order.hpp"
#include "media/wire/opus_payload.hpp"

namespace tw::media {
namespace {

constexpr std::uint8_t kMoreFollow = 0x80;
constexpr std::uint8_t kMarker = 0x80;
constexpr std::uint8_t kPadding = 0x20;

}  // namespace

std::optional<RedPayload> RedPayload::parse(ByteView payload) {
  RedPayload result;
  std::array<std::size_t, kMaxBlocks> lengths{};
  std::size_t left_out_bytes = 0;
  while (!payload.empty() && (payload[0] & kMoreFollow) != 0) {
    if (payload.size() < kBlockHeaderBytes) return std::nullopt;
    const auto word = load_be<std::uint32_t>(payload.data());
    payload = payload.subspan(kBlockHeaderBytes);
    if (result.count == kMaxBlocks - 1) {
      left_out_bytes += lengths[0];
      std::shift_left(result.blocks.begin(), result.blocks.end(), 1);
      std::shift_left(lengths.begin(), lengths.end(), 1);
      --result.count;
    }
    lengths[result.count] = word & kMaxBlockBytes;
    result.blocks[result.count++] = {
        static_cast<std::uint8_t>(word >> 24 & 0x7F), word >> 10 & kMaxTimestampOffset, {}};
  }
  if (payload.empty()) return std::nullopt;
  const std::uint8_t own_type = payload[0];
  payload = payload.subspan(1);
  if (payload.size() < left_out_bytes) return std::nullopt;
  payload = payload.subspan(left_out_bytes);
  for (std::size_t i = 0; i < result.count; ++i) {
    if (payload.size() < lengths[i]) return std::nullopt;
    result.blocks[i].data = payload.first(lengths[i]);
    payload = payload.subspan(lengths[i]);
  }
  result.blocks[result.count++] = {own_type, 0, payload};
  return result;
}

std::size_t write_red(std::span<std::uint8_t> out, std::span<const RedBlock> blocks) {
  if (blocks.empty()) return 0;
  std::size_t total = (blocks.size() - 1) * RedPayload::kBlockHeaderBytes + 1;
  for (const RedBlock& block : blocks) total += block.data.size();
  if (total > out.size()) return 0;
  std::uint8_t* head = out.data();
  for (const RedBlock& block : blocks.first(blocks.size() - 1)) {
    if (block.timestamp_offset > RedPayload::kMaxTimestampOffset || block.data.size() > RedPayload::kMaxBlockBytes)
      return 0;
    store_be<std::uint32_t>(head, (std::uint32_t{kMoreFollow} | block.payload_type) << 24 |
                                      block.timestamp_offset << 10 | static_cast<std::uint32_t>(block.data.size()));
    head += RedPayload::kBlockHeaderBytes;
  }
  *head++ = blocks.back().payload_type;
  for (const RedBlock& block : blocks) head = std::ranges::copy(block.data, head).out;
  return total;
}

std::span<std::uint8_t> unwrap_red(std::span<std::uint8_t> packet, const RtpPacketView& header, const RedPayload& red) {
  const RedBlock& own = red.own();
  const auto own_at = static_cast<std::size_t>(own.data.data() - packet.data());
  const std::size_t begins = own_at - header.header_bytes;
  std::memmove(packet.data() + begins, packet.data(), header.header_bytes);
  const auto plain = packet.subspan(begins, header.header_bytes + own.data.size());
  plain[0] = static_cast<std::uint8_t>(plain[0] & ~kPadding);
  plain[1] = static_cast<std::uint8_t>((plain[1] & kMarker) | own.payload_type);
  return plain;
}

std::size_t restore_repeated_opus(std::span<std::uint8_t> out, ByteView packet, const RtpPacketView& header,
                                  const RedBlock& block) {
  const auto duration = opus_samples(block.data);
  const std::size_t total = header.header_bytes + block.data.size();
  if (!duration || *duration == 0 || total > out.size()) return 0;
  if (block.timestamp_offset == 0 || block.timestamp_offset % *duration != 0) return 0;
  std::ranges::copy(packet.first(header.header_bytes), out.begin());
  std::ranges::copy(block.data, out.begin() + static_cast<std::ptrdiff_t>(header.header_bytes));
  out[0] = static_cast<std::uint8_t>(out[0] & ~kPadding);
  out[1] = block.payload_type;
  store_be<std::uint16_t>(out.data() + 2,
                          static_cast<std::uint16_t>(header.sequence - block.timestamp_offset / *duration));
  store_be<std::uint32_t>(out.data() + 4, header.timestamp - block.timestamp_offset);
  return total;
}

}  // namespace tw::media
