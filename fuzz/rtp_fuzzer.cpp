// RTP packets with extensions, padding and retransmissions.
#include <algorithm>
#include <chrono>
#include <vector>

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

/// Header and extensions written anew read as the same.
void write_again(const RtpPacketView& view) {
  constexpr std::uint8_t kMostIds = 14;  // of one byte (RFC 8285 section 4.2)
  constexpr std::size_t kMostValueBytes = 16;
  std::vector<RtpExtension> extensions;
  for (std::uint8_t id = 1; id <= kMostIds; ++id) {
    const auto value = view.extension(id);
    if (value && !value->empty() && value->size() <= kMostValueBytes) extensions.push_back({id, *value});
  }
  Bytes out(kMaxPacketBytes);
  const RtpHeader header{view.marker, view.payload_type, view.sequence, view.timestamp, view.ssrc};
  out.resize(write_rtp_header(out, header, extensions));
  const auto again = RtpPacketView::parse(out);
  tw::fuzz::require(again && again->header_bytes == out.size() && again->marker == view.marker &&
                    again->payload_type == view.payload_type && again->sequence == view.sequence &&
                    again->timestamp == view.timestamp && again->ssrc == view.ssrc);
  for (const RtpExtension& extension : extensions) {
    const auto value = again->extension(extension.id);
    tw::fuzz::require(value && std::ranges::equal(*value, extension.value));
  }
  tw::fuzz::require(write_rtp_header(std::span(out).first(out.size() - 1), header, extensions) == 0);
}

void turn(ByteView value) {
  const auto rotation = read_video_orientation(value);
  if (!rotation) return;
  const std::uint8_t octet = video_orientation_octet(*rotation);
  tw::fuzz::require(read_video_orientation(ByteView(&octet, 1)) == rotation);
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
    if (value) turn(*value);
  }
  (void)opus_samples(view->payload);
  write_again(*view);
  tw::fuzz::require(abs_send_time(std::chrono::microseconds(view->timestamp)) <= 0xFFFFFF);  // 24 bits
  if (size <= kMaxPacketBytes) retransmit(packet, *view);
  return 0;
}
