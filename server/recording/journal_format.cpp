#include "recording/journal_format.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "base/byte_order.hpp"
#include "base/crc32c.hpp"

namespace tw::recording {
namespace {

constexpr std::size_t kHeaderBytes = 8;  // length and CRC
constexpr std::uint8_t kKeyframeFlag = 1;
/// Kind, track, arrival, sequence, rotation, flags, where the payload begins.
constexpr std::size_t kPacketFieldsBytes = 1 + 4 + 8 + 8 + 2 + 1 + 2;

enum class Kind : std::uint8_t { opening = 1, track_started, packet, sender_report, track_ended, event, closing };

class Writer {
 public:
  explicit Writer(Bytes& out) : out_(out) {}
  template <std::unsigned_integral T>
  void number(T value) {
    const std::size_t at = out_.size();
    out_.resize(at + sizeof(T));
    store_be<T>(out_.data() + at, value);
  }
  void time(WallTime value) { number(static_cast<std::uint64_t>(to_micros(value))); }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes(as_bytes(value));
  }
  void bytes(ByteView value) { out_.insert(out_.end(), value.begin(), value.end()); }

 private:
  Bytes& out_;
};

/// Reads numbers and texts; once something is missing, everything after is missing too.
class Reader {
 public:
  explicit Reader(ByteView in) : in_(in) {}
  template <std::unsigned_integral T>
  T number() {
    if (in_.size() < sizeof(T)) return fail_with<T>();
    const T value = load_be<T>(in_.data());
    in_ = in_.subspan(sizeof(T));
    return value;
  }
  WallTime time() { return from_micros(static_cast<std::int64_t>(number<std::uint64_t>())); }
  std::string text() {
    const auto size = number<std::uint32_t>();
    if (in_.size() < size) return fail_with<std::string>();
    std::string value(as_text(in_.first(size)));
    in_ = in_.subspan(size);
    return value;
  }
  ByteView rest() {
    const ByteView value = in_;
    in_ = {};
    return value;
  }
  [[nodiscard]] bool whole() const { return ok_ && in_.empty(); }

 private:
  template <class T>
  T fail_with() {
    ok_ = false;
    in_ = {};
    return T{};
  }
  ByteView in_;
  bool ok_ = true;
};

void write_content(Writer& to, const Opening& record) {
  to.text(record.recording);
  to.number(record.part);
  to.time(record.at);
}
void write_content(Writer& to, const TrackStarted& record) {
  const auto& track = record.track;
  to.time(record.at);
  to.number(track.number);
  to.text(track.stream.participant);
  to.text(track.stream.name);
  to.number(static_cast<std::uint8_t>(track.kind));
  to.number(static_cast<std::uint8_t>(track.codec));
  to.number(track.clock_rate_hz);
  to.number(track.channels);
  to.text(track.format_parameters);
}
void write_content(Writer& to, const Packet& record) {
  to.number(record.track);
  to.time(record.arrival);
  to.number(record.extended_sequence);
  to.number(static_cast<std::uint16_t>(record.rotation));
  to.number(static_cast<std::uint8_t>(record.keyframe_start ? kKeyframeFlag : 0));
  to.number(record.payload_offset);
  to.bytes(record.rtp);
}
void write_content(Writer& to, const SenderReport& record) {
  to.number(record.report.track);
  to.time(record.report.arrival);
  to.number(record.report.ntp);
  to.number(record.report.timestamp);
}
void write_content(Writer& to, const TrackEnded& record) {
  to.number(record.track);
  to.time(record.at);
}
void write_content(Writer& to, const Event& record) {
  to.time(record.at);
  to.text(record.kind);
  to.text(record.data_json);
}
void write_content(Writer& to, const Closing& record) { to.time(record.at); }

Opening read_opening(Reader& from) {
  Opening record;
  record.recording = from.text();
  record.part = from.number<std::uint32_t>();
  record.at = from.time();
  return record;
}
std::optional<JournalRecord> read_track_started(Reader& from) {
  TrackStarted record;
  auto& track = record.track;
  record.at = from.time();
  track.number = from.number<std::uint32_t>();
  track.stream.participant = from.text();
  track.stream.name = from.text();
  const auto kind = from.number<std::uint8_t>();
  const auto codec = from.number<std::uint8_t>();
  if (kind > static_cast<std::uint8_t>(media::Kind::video) || codec > static_cast<std::uint8_t>(media::Codec::h264))
    return std::nullopt;
  track.kind = static_cast<media::Kind>(kind);
  track.codec = static_cast<media::Codec>(codec);
  track.clock_rate_hz = from.number<std::uint32_t>();
  if (track.clock_rate_hz == 0) return std::nullopt;
  track.channels = from.number<std::uint8_t>();
  track.format_parameters = from.text();
  return record;
}
std::optional<JournalRecord> read_packet(Reader& from) {
  Packet record;
  record.track = from.number<std::uint32_t>();
  record.arrival = from.time();
  record.extended_sequence = from.number<std::uint64_t>();
  const auto degrees = from.number<std::uint16_t>();
  if (degrees % 90 != 0 || degrees > 270) return std::nullopt;
  record.rotation = static_cast<media::Rotation>(degrees);
  record.keyframe_start = (from.number<std::uint8_t>() & kKeyframeFlag) != 0;
  record.payload_offset = from.number<std::uint16_t>();
  const ByteView rtp = from.rest();
  constexpr std::size_t kRtpHeaderBytes = 12;
  if (rtp.size() < kRtpHeaderBytes || record.payload_offset < kRtpHeaderBytes || record.payload_offset > rtp.size())
    return std::nullopt;
  record.rtp.assign(rtp.begin(), rtp.end());
  return record;
}
SenderReport read_sender_report(Reader& from) {
  SenderReport record;
  record.report.track = from.number<std::uint32_t>();
  record.report.arrival = from.time();
  record.report.ntp = from.number<std::uint64_t>();
  record.report.timestamp = from.number<std::uint32_t>();
  return record;
}
TrackEnded read_track_ended(Reader& from) {
  TrackEnded record;
  record.track = from.number<std::uint32_t>();
  record.at = from.time();
  return record;
}
Event read_event(Reader& from) {
  Event record;
  record.at = from.time();
  record.kind = from.text();
  record.data_json = from.text();
  return record;
}

std::optional<JournalRecord> read_content(Kind kind, Reader& from) {
  switch (kind) {
    case Kind::opening: return read_opening(from);
    case Kind::track_started: return read_track_started(from);
    case Kind::packet: return read_packet(from);
    case Kind::sender_report: return read_sender_report(from);
    case Kind::track_ended: return read_track_ended(from);
    case Kind::event: return read_event(from);
    case Kind::closing: return Closing{from.time()};
  }
  return std::nullopt;
}

/// Fills in length and CRC of the record whose content was appended behind `start`.
bool seal_record(Bytes& out, std::size_t start) {
  const std::size_t size = out.size() - start - kHeaderBytes;
  if (size > kMaxRecordBytes) {
    out.resize(start);
    return false;
  }
  store_be<std::uint32_t>(out.data() + start, static_cast<std::uint32_t>(size));
  store_be<std::uint32_t>(out.data() + start + 4, crc32c(ByteView(out).subspan(start + kHeaderBytes)));
  return true;
}

}  // namespace

Bytes journal_preamble() {
  Bytes bytes;
  Writer to(bytes);
  to.bytes(as_bytes(kJournalMagic));
  to.number(kJournalVersion);
  return bytes;
}

Result<void> check_preamble(ByteView bytes) {
  if (bytes.size() < kJournalPreambleBytes || as_text(bytes.first(kJournalMagic.size())) != kJournalMagic) {
    return fail(ErrorKind::invalid, "journal.not_a_journal", "The file does not begin like a journal.");
  }
  const auto version = load_be<std::uint16_t>(bytes.data() + kJournalMagic.size());
  if (version != kJournalVersion) {
    return fail(
        ErrorKind::unsupported, "journal.version_unknown",
        "The journal has version " + std::to_string(version) + "; use the program that wrote it, or a newer one.");
  }
  return {};
}

bool encode_record(const JournalRecord& record, Bytes& out) {
  const std::size_t start = out.size();
  out.resize(start + kHeaderBytes);
  Writer to(out);
  to.number(static_cast<std::uint8_t>(record.index() + 1));
  std::visit([&to](const auto& content) { write_content(to, content); }, record);
  return seal_record(out, start);
}

std::size_t packet_record_bytes(const media::TapPacket& packet) {
  const std::size_t size = kPacketFieldsBytes + packet.rtp.size();
  return size > kMaxRecordBytes ? 0 : kHeaderBytes + size;
}

void write_packet_record(const media::TapPacket& packet, std::uint8_t* out) {
  const auto put = [&out](auto value) {
    store_be(out, value);
    out += sizeof(value);
  };
  put(static_cast<std::uint32_t>(kPacketFieldsBytes + packet.rtp.size()));
  put(std::uint32_t{0});
  put(static_cast<std::uint8_t>(Kind::packet));
  put(packet.track);
  put(static_cast<std::uint64_t>(to_micros(packet.arrival)));
  put(packet.extended_sequence);
  put(static_cast<std::uint16_t>(packet.rotation));
  put(static_cast<std::uint8_t>(packet.keyframe_start ? kKeyframeFlag : 0));
  put(static_cast<std::uint16_t>(packet.payload.empty()
                                     ? packet.rtp.size()
                                     : static_cast<std::size_t>(packet.payload.data() - packet.rtp.data())));
  std::memcpy(out, packet.rtp.data(), packet.rtp.size());
}

void check_records(std::span<std::uint8_t> records) {
  while (records.size() > kHeaderBytes) {
    const std::size_t size = load_be<std::uint32_t>(records.data());
    assert(kHeaderBytes + size <= records.size());
    store_be<std::uint32_t>(records.data() + 4, crc32c(records.subspan(kHeaderBytes, size)));
    records = records.subspan(kHeaderBytes + size);
  }
}

Decoded decode_record(ByteView bytes) {
  if (bytes.size() < kHeaderBytes) return {};
  const std::size_t size = load_be<std::uint32_t>(bytes.data());
  if (size == 0 || size > kMaxRecordBytes) return {DecodeStatus::damaged, 0, std::nullopt};
  if (bytes.size() < kHeaderBytes + size) return {};
  const ByteView content = bytes.subspan(kHeaderBytes, size);
  if (crc32c(content) != load_be<std::uint32_t>(bytes.data() + 4)) return {DecodeStatus::damaged, 0, std::nullopt};
  const std::size_t consumed = kHeaderBytes + size;
  if (content[0] == 0 || content[0] > std::variant_size_v<JournalRecord>)
    return {DecodeStatus::skipped, consumed, std::nullopt};
  Reader from(content.subspan(1));
  auto record = read_content(static_cast<Kind>(content[0]), from);
  if (!record || !from.whole()) return {DecodeStatus::damaged, 0, std::nullopt};
  return {DecodeStatus::record, consumed, std::move(record)};
}

}  // namespace tw::recording
