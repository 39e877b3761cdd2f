#include "media/wire/rtcp_packet.hpp"

#include <algorithm>

#include "base/byte_order.hpp"

namespace tw::media {
namespace {

constexpr std::uint8_t kSenderReport = 200;
constexpr std::uint8_t kReceiverReport = 201;
constexpr std::uint8_t kSourceDescription = 202;
constexpr std::uint8_t kBye = 203;
constexpr std::uint8_t kTransportFeedback = 205;
constexpr std::uint8_t kPayloadFeedback = 206;
constexpr std::uint8_t kExtendedReport = 207;
constexpr std::uint8_t kReceiverReferenceTime = 4;
constexpr std::uint8_t kDelaySinceReference = 5;
constexpr std::size_t kReportBlockBytes = 24;
constexpr std::uint32_t kRembName = 0x52454D42;  // "REMB"

void read_blocks(ByteView body, std::size_t count, RtcpVisitor& visitor) {
  for (std::size_t i = 0; i < count && (i + 1) * kReportBlockBytes <= body.size(); ++i) {
    const std::uint8_t* p = body.data() + i * kReportBlockBytes;
    ReportBlock block;
    block.ssrc = load_be<std::uint32_t>(p);
    block.fraction_lost = p[4];
    block.cumulative_lost = static_cast<std::int32_t>(load_be24(p + 5) << 8) >> 8;
    block.highest_sequence = load_be<std::uint32_t>(p + 8);
    block.jitter = load_be<std::uint32_t>(p + 12);
    block.last_sr = load_be<std::uint32_t>(p + 16);
    block.delay_since_last_sr = load_be<std::uint32_t>(p + 20);
    visitor.on_report_block(block);
  }
}

bool read_sender_report(ByteView body, std::size_t count, RtcpVisitor& visitor) {
  if (body.size() < 24 + count * kReportBlockBytes) return false;
  visitor.on_sender_report({load_be<std::uint32_t>(body.data()), load_be<std::uint64_t>(body.data() + 4),
                            load_be<std::uint32_t>(body.data() + 12), load_be<std::uint32_t>(body.data() + 16),
                            load_be<std::uint32_t>(body.data() + 20)});
  read_blocks(body.subspan(24), count, visitor);
  return true;
}

bool read_source_description(ByteView body, std::size_t count, RtcpVisitor& visitor) {
  std::size_t at = 0;
  for (std::size_t chunk = 0; chunk < count; ++chunk) {
    if (at + 4 > body.size()) return false;
    const auto ssrc = load_be<std::uint32_t>(body.data() + at);
    at += 4;
    while (at < body.size() && body[at] != 0) {
      if (at + 2 > body.size() || at + 2 + body[at + 1] > body.size()) return false;
      if (body[at] == 1) visitor.on_cname(ssrc, as_text(body.subspan(at + 2, body[at + 1])));
      at += 2 + std::size_t{body[at + 1]};
    }
    at = (at / 4 + 1) * 4;  // the zero that ends the chunk and its padding
  }
  return true;
}

void read_nacks(ByteView body, RtcpVisitor& visitor) {
  const auto media_ssrc = load_be<std::uint32_t>(body.data() + 4);
  for (std::size_t at = 8; at + 4 <= body.size(); at += 4) {
    const auto first = load_be<std::uint16_t>(body.data() + at);
    const auto mask = load_be<std::uint16_t>(body.data() + at + 2);
    visitor.on_nack(media_ssrc, first);
    for (unsigned bit = 0; bit < 16; ++bit) {
      if ((mask >> bit & 1) != 0) visitor.on_nack(media_ssrc, static_cast<std::uint16_t>(first + bit + 1));
    }
  }
}

/// The status symbols of a transport-wide feedback, one a packet (sections 3.1.3 and 3.1.4 of the draft).
class StatusChunks {
 public:
  explicit StatusChunks(ByteView chunks) : chunks_(chunks) {}

  /// nullopt at the end of the chunks.
  std::optional<unsigned> next() {
    while (left_ == 0) {
      if (at_ + 2 > chunks_.size()) return std::nullopt;
      chunk_ = load_be<std::uint16_t>(chunks_.data() + at_);
      at_ += 2;
      if ((chunk_ & 0x8000) == 0) {
        left_ = chunk_ & 0x1FFF;
      } else {
        left_ = (chunk_ & 0x4000) == 0 ? 14 : 7;
      }
    }
    --left_;
    if ((chunk_ & 0x8000) == 0) return chunk_ >> 13;
    return (chunk_ & 0x4000) == 0 ? chunk_ >> left_ & 1 : chunk_ >> (2 * left_) & 3;
  }
  [[nodiscard]] std::size_t consumed() const { return at_; }

 private:
  ByteView chunks_;
  std::size_t at_ = 0;
  unsigned chunk_ = 0;
  unsigned left_ = 0;
};

bool read_transport_feedback(ByteView body, RtcpVisitor& visitor) {
  constexpr std::size_t kHeaderBytes = 16;
  constexpr std::chrono::microseconds kTick{250};
  constexpr std::chrono::milliseconds kReferenceUnit{64};
  if (body.size() < kHeaderBytes) return false;
  const std::size_t count = load_be<std::uint16_t>(body.data() + 10);
  if (count > kMaxFeedbackPackets) return false;
  StatusChunks statuses(body.subspan(kHeaderBytes));
  for (std::size_t i = 0; i < count; ++i) {
    const auto symbol = statuses.next();
    if (!symbol || *symbol == 3) return false;  // 3 is reserved
  }

  ByteView deltas = body.subspan(kHeaderBytes + statuses.consumed());
  StatusChunks again(body.subspan(kHeaderBytes));
  auto sequence = load_be<std::uint16_t>(body.data() + 8);
  std::chrono::microseconds arrival = kReferenceUnit * static_cast<std::int32_t>(load_be24(body.data() + 12));
  for (std::size_t i = 0; i < count; ++i, ++sequence) {
    const unsigned symbol = again.next().value_or(0);
    if (symbol == 0) {
      visitor.on_transport_feedback(sequence, std::nullopt);
      continue;
    }
    if (deltas.size() < symbol) return false;
    arrival += kTick * (symbol == 1 ? deltas[0] : static_cast<std::int16_t>(load_be<std::uint16_t>(deltas.data())));
    deltas = deltas.subspan(symbol);
    visitor.on_transport_feedback(sequence, arrival);
  }
  return true;
}

void read_fir(ByteView body, RtcpVisitor& visitor) {
  for (std::size_t at = 8; at + 8 <= body.size(); at += 8)
    visitor.on_keyframe_request(load_be<std::uint32_t>(body.data() + at));
}

void read_remb(ByteView body, RtcpVisitor& visitor) {
  if (body.size() < 16 || load_be<std::uint32_t>(body.data() + 8) != kRembName) return;
  const std::uint32_t packed = load_be24(body.data() + 13);
  const unsigned exponent = packed >> 18;
  if (exponent < 46) visitor.on_remb(std::uint64_t{packed & 0x3FFFF} << exponent);
}

bool read_feedback(std::uint8_t type, unsigned format, ByteView body, RtcpVisitor& visitor) {
  if (body.size() < 8) return false;
  if (type == kTransportFeedback) {
    if (format == 1) read_nacks(body, visitor);
    return format != 15 || read_transport_feedback(body, visitor);
  }
  if (format == 1) visitor.on_keyframe_request(load_be<std::uint32_t>(body.data() + 4));
  if (format == 4) read_fir(body, visitor);
  if (format == 15) read_remb(body, visitor);
  return true;
}

/// The blocks of RFC 3611 section 3; of those the two that measure the round trip are of use.
bool read_extended_report(ByteView body, RtcpVisitor& visitor) {
  if (body.size() < 4) return false;
  for (std::size_t at = 4; at + 4 <= body.size();) {
    const std::size_t bytes = std::size_t{load_be<std::uint16_t>(body.data() + at + 2)} * 4;
    if (at + 4 + bytes > body.size()) return false;
    if (body[at] == kReceiverReferenceTime && bytes == 8) {
      visitor.on_receiver_reference_time(load_be<std::uint32_t>(body.data()),
                                         load_be<std::uint64_t>(body.data() + at + 4));
    }
    if (body[at] == kDelaySinceReference) {
      for (std::size_t i = at + 4; i + 12 <= at + 4 + bytes; i += 12) {
        visitor.on_receiver_delay(load_be<std::uint32_t>(body.data() + i + 4),
                                  load_be<std::uint32_t>(body.data() + i + 8));
      }
    }
    at += 4 + bytes;
  }
  return true;
}

bool read_part(std::uint8_t type, unsigned count, ByteView body, RtcpVisitor& visitor) {
  switch (type) {
    case kSenderReport: return read_sender_report(body, count, visitor);
    case kReceiverReport:
      if (body.size() < 4 + count * kReportBlockBytes) return false;
      read_blocks(body.subspan(4), count, visitor);
      return true;
    case kSourceDescription: return read_source_description(body, count, visitor);
    case kBye:
      if (body.size() < std::size_t{count} * 4) return false;
      for (std::size_t i = 0; i < count; ++i) visitor.on_bye(load_be<std::uint32_t>(body.data() + i * 4));
      return true;
    case kTransportFeedback:
    case kPayloadFeedback: return read_feedback(type, count, body, visitor);
    case kExtendedReport: return read_extended_report(body, visitor);
    default: return true;  // unknown kinds are skipped (RFC 3550 section 6.1)
  }
}

void write_block(std::uint8_t* p, const ReportBlock& block) {
  store_be<std::uint32_t>(p, block.ssrc);
  p[4] = block.fraction_lost;
  store_be24(p + 5, static_cast<std::uint32_t>(std::clamp(block.cumulative_lost, -0x800000, 0x7FFFFF)) & 0xFFFFFF);
  store_be<std::uint32_t>(p + 8, block.highest_sequence);
  store_be<std::uint32_t>(p + 12, block.jitter);
  store_be<std::uint32_t>(p + 16, block.last_sr);
  store_be<std::uint32_t>(p + 20, block.delay_since_last_sr);
}

}  // namespace

bool parse_rtcp(ByteView packet, RtcpVisitor& visitor) {
  if (packet.size() < 4) return false;
  while (!packet.empty()) {
    if (packet.size() < 4 || (packet[0] >> 6) != 2) return false;
    const std::size_t bytes = (std::size_t{load_be<std::uint16_t>(packet.data() + 2)} + 1) * 4;
    if (bytes > packet.size()) return false;
    std::size_t body_bytes = bytes - 4;
    if ((packet[0] & 0x20) != 0) {
      const std::size_t padding = packet[bytes - 1];
      if (padding == 0 || padding > body_bytes) return false;
      body_bytes -= padding;
    }
    if (!read_part(packet[1], packet[0] & 0x1F, packet.subspan(4, body_bytes), visitor)) return false;
    packet = packet.subspan(bytes);
  }
  return true;
}

std::uint8_t* RtcpWriter::begin_part(std::size_t count, std::uint8_t type, std::size_t bytes) {
  constexpr std::size_t kMostCount = 31;  // five bits
  if (count > kMostCount || out_.size() - size_ < bytes) return nullptr;
  std::uint8_t* p = out_.data() + size_;
  p[0] = static_cast<std::uint8_t>(0x80 | count);
  p[1] = type;
  store_be<std::uint16_t>(p + 2, static_cast<std::uint16_t>(bytes / 4 - 1));
  size_ += bytes;
  return p;
}

bool RtcpWriter::sender_report(const SenderReport& report, std::span<const ReportBlock> blocks) {
  std::uint8_t* p = begin_part(blocks.size(), kSenderReport, 28 + blocks.size() * kReportBlockBytes);
  if (p == nullptr) return false;
  store_be<std::uint32_t>(p + 4, report.ssrc);
  store_be<std::uint64_t>(p + 8, report.ntp);
  store_be<std::uint32_t>(p + 16, report.timestamp);
  store_be<std::uint32_t>(p + 20, report.packets);
  store_be<std::uint32_t>(p + 24, report.bytes);
  for (std::size_t i = 0; i < blocks.size(); ++i) write_block(p + 28 + i * kReportBlockBytes, blocks[i]);
  return true;
}

bool RtcpWriter::receiver_report(std::uint32_t sender_ssrc, std::span<const ReportBlock> blocks) {
  std::uint8_t* p = begin_part(blocks.size(), kReceiverReport, 8 + blocks.size() * kReportBlockBytes);
  if (p == nullptr) return false;
  store_be<std::uint32_t>(p + 4, sender_ssrc);
  for (std::size_t i = 0; i < blocks.size(); ++i) write_block(p + 8 + i * kReportBlockBytes, blocks[i]);
  return true;
}

bool RtcpWriter::cname(std::uint32_t ssrc, std::string_view cname) {
  constexpr std::size_t kMostCname = 255;
  if (cname.size() > kMostCname) return false;
  const std::size_t bytes = (8 + 2 + cname.size() + 1 + 3) / 4 * 4;
  std::uint8_t* p = begin_part(1, kSourceDescription, bytes);
  if (p == nullptr) return false;
  std::fill_n(p + 4, bytes - 4, std::uint8_t{0});
  store_be<std::uint32_t>(p + 4, ssrc);
  p[8] = 1;
  p[9] = static_cast<std::uint8_t>(cname.size());
  std::ranges::copy(cname, p + 10);
  return true;
}

bool RtcpWriter::pli(std::uint32_t sender_ssrc, std::uint32_t media_ssrc) {
  std::uint8_t* p = begin_part(1, kPayloadFeedback, 12);
  if (p == nullptr) return false;
  store_be<std::uint32_t>(p + 4, sender_ssrc);
  store_be<std::uint32_t>(p + 8, media_ssrc);
  return true;
}

bool RtcpWriter::fir(std::uint32_t sender_ssrc, std::uint32_t media_ssrc, std::uint8_t number) {
  std::uint8_t* p = begin_part(4, kPayloadFeedback, 20);
  if (p == nullptr) return false;
  std::fill_n(p + 4, 16, std::uint8_t{0});
  store_be<std::uint32_t>(p + 4, sender_ssrc);
  store_be<std::uint32_t>(p + 12, media_ssrc);
  p[16] = number;
  return true;
}

bool RtcpWriter::nack(std::uint32_t sender_ssrc, std::uint32_t media_ssrc, std::span<const std::uint16_t> sequences) {
  constexpr std::size_t kMaxEntries = 128;
  std::size_t entries = 0;
  for (std::size_t i = 0; i < sequences.size() && entries < kMaxEntries; ++entries) {
    const std::uint16_t first = sequences[i++];
    while (i < sequences.size() && static_cast<std::uint16_t>(sequences[i] - first) <= 16) ++i;
  }
  std::uint8_t* p = entries == 0 ? nullptr : begin_part(1, kTransportFeedback, 12 + entries * 4);
  if (p == nullptr) return false;
  store_be<std::uint32_t>(p + 4, sender_ssrc);
  store_be<std::uint32_t>(p + 8, media_ssrc);
  std::size_t i = 0;
  for (std::size_t entry = 0; entry < entries; ++entry) {
    const std::uint16_t first = sequences[i++];
    std::uint16_t mask = 0;
    for (; i < sequences.size() && static_cast<std::uint16_t>(sequences[i] - first) <= 16; ++i) {
      mask = static_cast<std::uint16_t>(mask | 1U << (static_cast<std::uint16_t>(sequences[i] - first) - 1));
    }
    store_be<std::uint16_t>(p + 12 + entry * 4, first);
    store_be<std::uint16_t>(p + 14 + entry * 4, mask);
  }
  return true;
}

bool RtcpWriter::remb(std::uint32_t sender_ssrc, std::uint64_t bits_per_second, std::span<const std::uint32_t> ssrcs) {
  constexpr std::size_t kMostSsrcs = 255;
  if (ssrcs.size() > kMostSsrcs) return false;
  std::uint8_t* p = begin_part(15, kPayloadFeedback, 20 + ssrcs.size() * 4);
  if (p == nullptr) return false;
  unsigned exponent = 0;
  while (bits_per_second >> exponent > 0x3FFFF) ++exponent;
  store_be<std::uint32_t>(p + 4, sender_ssrc);
  store_be<std::uint32_t>(p + 8, 0);
  store_be<std::uint32_t>(p + 12, kRembName);
  p[16] = static_cast<std::uint8_t>(ssrcs.size());
  store_be24(p + 17, exponent << 18 | static_cast<std::uint32_t>(bits_per_second >> exponent));
  for (std::size_t i = 0; i < ssrcs.size(); ++i) store_be<std::uint32_t>(p + 20 + i * 4, ssrcs[i]);
  return true;
}

bool RtcpWriter::bye(std::uint32_t ssrc) {
  std::uint8_t* p = begin_part(1, kBye, 8);
  if (p == nullptr) return false;
  store_be<std::uint32_t>(p + 4, ssrc);
  return true;
}

bool RtcpWriter::receiver_reference_time(std::uint32_t sender_ssrc, std::uint64_t ntp) {
  std::uint8_t* p = begin_part(0, kExtendedReport, 20);
  if (p == nullptr) return false;
  store_be<std::uint32_t>(p + 4, sender_ssrc);
  p[8] = kReceiverReferenceTime;
  p[9] = 0;
  store_be<std::uint16_t>(p + 10, 2);
  store_be<std::uint64_t>(p + 12, ntp);
  return true;
}

bool RtcpWriter::receiver_delay(std::uint32_t sender_ssrc, std::uint32_t reporter_ssrc, std::uint32_t last_reference,
                                std::uint32_t delay) {
  std::uint8_t* p = begin_part(0, kExtendedReport, 24);
  if (p == nullptr) return false;
  store_be<std::uint32_t>(p + 4, sender_ssrc);
  p[8] = kDelaySinceReference;
  p[9] = 0;
  store_be<std::uint16_t>(p + 10, 3);
  store_be<std::uint32_t>(p + 12, reporter_ssrc);
  store_be<std::uint32_t>(p + 16, last_reference);
  store_be<std::uint32_t>(p + 20, delay);
  return true;
}

bool RtcpWriter::raw(ByteView part) {
  if (out_.size() - size_ < part.size()) return false;
  std::ranges::copy(part, out_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += part.size();
  return true;
}

}  // namespace tw::media
