// RTP packets with extensions, padding and retransmissions.
#include <algorithm>

#include "fuzz/fuzz_input.hpp"
#include "media/stream/retransmission_buffer.hpp"
#include "media/wire/opus_payload.hpp"
#include "media/wire/rtp_extensions.hpp"
#include "media/wire/rtp_packet.hpp"

namespace {

using namespace tw::media;
using tw::Bytes;
using tw::ByteView;

bool inside(ByteView part, ByteView whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void retransmit(ByteView packet, const RtpPacketView& view) {
  Bytes rtx(kMaxPacketBytes + 2);
  const std::size_t bytes = write_rtx(rtx, packet, 77, 97, 5);
  if (bytes == 0) return;
  rtx.resize(bytes);
  const std::size_t restored = RtxReceiver(view.ssrc, view.payload_type).restore(rtx);
  if (restored == 0) return;
  const auto again = RtpPacketView::parse(ByteView(rtx).first(restored));
  tw::fuzz::require(again.has_value());
  tw::fuzz::require(again->sequence == view.sequence && again->ssrc == view.ssrc && again->timestamp == view.timestamp);
  tw::fuzz::require(std::ranges::equal(again->payload, view.payload));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView packet(data, size);
  const auto header = RtpPacketView::parse_header(packet);
  const auto view = RtpPacketView::parse(packet);
  tw::fuzz::require(header || !view);
  if (!view) return 0;
  tw::fuzz::require(inside(view->payload, packet) && inside(view->extensions, packet));
  tw::fuzz::require(view->header_bytes + view->payload.size() + view->padding_bytes == size);
  for (unsigned id = 0; id < 256; ++id) {
    const auto value = view->extension(static_cast<std::uint8_t>(id));
    tw::fuzz::require(!value || inside(*value, view->extensions));
    if (value) (void)read_video_orientation(*value);
  }
  (void)opus_samples(view->payload);
  if (size <= kMaxPacketBytes) retransmit(packet, *view);
  return 0;
}
