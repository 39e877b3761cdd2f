#include "media/wire/rtp_packet.hpp"

#include <algorithm>

#include "base/byte_order.hpp"

namespace tw::media {
namespace {

constexpr std::uint16_t kOneByteProfile = 0xBEDE;
constexpr std::uint16_t kTwoByteProfile = 0x1000;  // the low four bits are the application's
constexpr std::uint8_t kPaddingId = 0;
constexpr std::uint8_t kStopId = 15;

}  // namespace

std::optional<RtpPacketView> RtpPacketView::parse_header(ByteView packet) {
  if (packet.size() < kRtpHeaderBytes || (packet[0] >> 6) != 2) return std::nullopt;
  RtpPacketView view;
  view.marker = (packet[1] & 0x80) != 0;
  view.payload_type = packet[1] & 0x7F;
  view.sequence = load_be<std::uint16_t>(packet.data() + 2);
  view.timestamp = load_be<std::uint32_t>(packet.data() + 4);
  view.ssrc = load_be<std::uint32_t>(packet.data() + 8);
  view.header_bytes = kRtpHeaderBytes + std::size_t{packet[0] & 0x0FU} * 4;
  if ((packet[0] & 0x10) != 0) {
    if (packet.size() < view.header_bytes + 4) return std::nullopt;
    view.extension_profile = load_be<std::uint16_t>(packet.data() + view.header_bytes);
    const std::size_t bytes = std::size_t{load_be<std::uint16_t>(packet.data() + view.header_bytes + 2)} * 4;
    view.header_bytes += 4;
    if (packet.size() < view.header_bytes + bytes) return std::nullopt;
    view.extensions = packet.subspan(view.header_bytes, bytes);
    view.header_bytes += bytes;
  }
  if (packet.size() < view.header_bytes) return std::nullopt;
  view.payload = packet.subspan(view.header_bytes);
  return view;
}

std::optional<RtpPacketView> RtpPacketView::parse(ByteView packet) {
  auto view = parse_header(packet);
  if (!view || (packet[0] & 0x20) == 0) return view;
  if (view->payload.empty()) return std::nullopt;
  view->padding_bytes = view->payload.back();
  if (view->padding_bytes == 0 || view->padding_bytes > view->payload.size()) return std::nullopt;
  view->payload = view->payload.first(view->payload.size() - view->padding_bytes);
  return view;
}

std::optional<ByteView> RtpPacketView::extension(std::uint8_t id) const {
  const bool one_byte = extension_profile == kOneByteProfile;
  if (!one_byte && (extension_profile & 0xFFF0) != kTwoByteProfile) return std::nullopt;
  std::size_t at = 0;
  while (at < extensions.size()) {
    const std::uint8_t first = extensions[at];
    if (first == kPaddingId) {
      ++at;
      continue;
    }
    const auto found = static_cast<std::uint8_t>(one_byte ? first >> 4 : first);
    if (one_byte && found == kStopId) return std::nullopt;
    if (!one_byte && at + 1 >= extensions.size()) return std::nullopt;
    const std::size_t header = one_byte ? 1 : 2;
    const std::size_t length = one_byte ? (first & 0x0FU) + 1 : extensions[at + 1];
    if (at + header + length > extensions.size()) return std::nullopt;
    if (found == id) return extensions.subspan(at + header, length);
    at += header + length;
  }
  return std::nullopt;
}

std::size_t write_rtp_header(std::span<std::uint8_t> out, const RtpHeader& header,
                             std::span<const RtpExtension> extensions) {
  std::size_t extension_bytes = 0;
  for (const auto& extension : extensions) {
    if (extension.id == 0 || extension.id >= kStopId || extension.value.empty() || extension.value.size() > 16)
      return 0;
    extension_bytes += 1 + extension.value.size();
  }
  const std::size_t padded = (extension_bytes + 3) / 4 * 4;
  const std::size_t total = kRtpHeaderBytes + (extensions.empty() ? 0 : 4 + padded);
  if (out.size() < total) return 0;

  out[0] = static_cast<std::uint8_t>(0x80 | (extensions.empty() ? 0 : 0x10));
  out[1] = static_cast<std::uint8_t>((header.marker ? 0x80 : 0) | header.payload_type);
  store_be<std::uint16_t>(out.data() + 2, header.sequence);
  store_be<std::uint32_t>(out.data() + 4, header.timestamp);
  store_be<std::uint32_t>(out.data() + 8, header.ssrc);
  if (extensions.empty()) return total;

  store_be<std::uint16_t>(out.data() + 12, kOneByteProfile);
  store_be<std::uint16_t>(out.data() + 14, static_cast<std::uint16_t>(padded / 4));
  std::size_t at = kRtpHeaderBytes + 4;
  for (const auto& extension : extensions) {
    out[at++] = static_cast<std::uint8_t>(extension.id << 4 | (extension.value.size() - 1));
    std::ranges::copy(extension.value, out.begin() + static_cast<std::ptrdiff_t>(at));
    at += extension.value.size();
  }
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(at), out.begin() + static_cast<std::ptrdiff_t>(total),
            std::uint8_t{0});
  return total;
}

}  // namespace tw::media
