// Redundant sound: a whole RTP packet, its plain form, and what it gives back of earlier ones.
#include <algorithm>

#include "fuzz/fuzz_input.hpp"
#include "media/wire/red_payload.hpp"

namespace {

using namespace tw::media;
using tw::Bytes;
using tw::ByteView;
using tw::fuzz::require;

void write_again(const RedPayload& red) {
  Bytes out(kMaxPacketBytes * 2);
  const std::size_t bytes = write_red(out, std::span(red.blocks).first(red.count));
  require(bytes > 0);
  const auto again = RedPayload::parse(ByteView(out).first(bytes));
  require(again && again->count == red.count);
  for (std::size_t i = 0; i < red.count; ++i) {
    require(again->blocks[i].payload_type == (red.blocks[i].payload_type));
    require(again->blocks[i].timestamp_offset == red.blocks[i].timestamp_offset);
    require(std::ranges::equal(again->blocks[i].data, red.blocks[i].data));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes packet(data, data + std::min(size, kMaxPacketBytes));
  const auto header = RtpPacketView::parse(packet);
  if (!header) return 0;
  const auto red = RedPayload::parse(header->payload);
  if (!red) return 0;
  write_again(*red);
  Bytes out(kMaxPacketBytes);
  for (const RedBlock& block : red->repeated()) {
    const std::size_t bytes = restore_repeated_opus(out, packet, *header, block);
    if (bytes == 0) continue;
    const auto restored = RtpPacketView::parse(ByteView(out).first(bytes));
    require(restored && restored->sequence != header->sequence && restored->ssrc == header->ssrc);
    require(std::ranges::equal(restored->payload, block.data));
  }
  const Bytes own(red->own().data.begin(), red->own().data.end());
  const std::uint16_t sequence = header->sequence;
  const auto plain = RtpPacketView::parse(unwrap_red(packet, *header, *red));
  require(plain && plain->sequence == sequence && std::ranges::equal(plain->payload, own));
  return 0;
}
