// Journals: records as they come, records with a right checksum, and whole sealed files with one place changed.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <variant>

#include "base/byte_order.hpp"
#include "base/crc32c.hpp"
#include "base/random.hpp"
#include "crypto/sealed_log.hpp"
#include "fuzz/fuzz_input.hpp"
#include "recording/journal_format.hpp"
#include "recording/journal_reader.hpp"

namespace {

using namespace tw;
using namespace tw::recording;

/// Decodes to the end. What was read of a known kind must be written again as the same bytes.
std::size_t decode_all(ByteView bytes) {
  std::size_t records = 0;
  for (;;) {
    const Decoded decoded = decode_record(bytes);
    if (decoded.status == DecodeStatus::incomplete || decoded.status == DecodeStatus::damaged) return records;
    fuzz::require(decoded.consumed > 0 && decoded.consumed <= bytes.size());
    if (decoded.record) {
      Bytes again;
      fuzz::require(encode_record(*decoded.record, again));
      const Decoded twice = decode_record(again);
      fuzz::require(twice.status == DecodeStatus::record && twice.consumed == again.size());
      ++records;
    }
    bytes = bytes.subspan(decoded.consumed);
  }
}

/// The input as records with their checksums: a length byte pair, then kind and content.
Bytes with_checksums(ByteView data) {
  Bytes out;
  fuzz::Input input(data.data(), data.size());
  while (!input.empty()) {
    const std::size_t high = input.byte();
    const ByteView body = input.take(high << 8 | input.byte());
    const std::size_t at = out.size();
    out.resize(at + 8);
    store_be<std::uint32_t>(out.data() + at, static_cast<std::uint32_t>(body.size()));
    store_be<std::uint32_t>(out.data() + at + 4, crc32c(body));
    out.insert(out.end(), body.begin(), body.end());
  }
  return out;
}

/// A packet as the thread that receives it writes it reads as that packet.
void write_packet(ByteView rtp, std::uint16_t choice) {
  constexpr std::size_t kRtpHeaderBytes = 12;  // taps see whole packets
  if (rtp.size() < kRtpHeaderBytes) return;
  media::TapPacket tap;
  tap.track = 3;
  tap.extended_sequence = std::uint64_t{70'000} + choice;
  tap.keyframe_start = choice % 2 == 0;
  tap.rtp = rtp;
  tap.payload = rtp.subspan(kRtpHeaderBytes + choice % (rtp.size() - kRtpHeaderBytes + 1));
  Bytes out(packet_record_bytes(tap));
  if (out.empty()) return;
  write_packet_record(tap, out.data());
  check_records(out);
  const Decoded decoded = decode_record(out);
  fuzz::require(decoded.status == DecodeStatus::record && decoded.consumed == out.size());
  const auto* packet = std::get_if<Packet>(&*decoded.record);
  fuzz::require(packet != nullptr && std::ranges::equal(packet->rtp, rtp));
  fuzz::require(packet->extended_sequence == tap.extended_sequence && packet->keyframe_start == tap.keyframe_start);
  Bytes again;
  fuzz::require(encode_record(*decoded.record, again) && again == out);
}

SecretKey key() {
  SeededRandom random(1);
  return SecretKey::make(random);
}

constexpr std::uint64_t kTailBytes = 1'000;

/// A sealed file in memory that holds `plain` behind the preamble, changed at one place, read to its end.
void read_file(ByteView plain, std::size_t change_at, std::uint8_t change) {
  SeededRandom random(2);
  SealedLogEncoder encoder(key(), random);
  Bytes file = encoder.header();
  Bytes first = journal_preamble();
  first.insert(first.end(), plain.begin(), plain.end());
  for (ByteView rest = first; !rest.empty();) {
    const ByteView chunk = rest.first(std::min<std::size_t>(rest.size(), 1000));
    const Bytes sealed = encoder.seal(chunk);
    file.insert(file.end(), sealed.begin(), sealed.end());
    rest = rest.subspan(chunk.size());
  }
  file[change_at % file.size()] ^= change;
  static const int descriptor = memfd_create("journal", MFD_CLOEXEC);
  fuzz::require(ftruncate(descriptor, 0) == 0);
  fuzz::require(pwrite(descriptor, file.data(), file.size(), 0) == static_cast<ssize_t>(file.size()));
  auto reader = JournalReader::open("/proc/self/fd/" + std::to_string(descriptor), key());
  if (!reader) return;
  auto end = JournalReader::open("/proc/self/fd/" + std::to_string(descriptor), key());
  fuzz::require(end.has_value());
  end->skip_towards_end(kTailBytes);
  while (true) {
    const auto record = end->next();
    if (!record || !*record) break;
  }
  fuzz::require(end->progress() >= 0 && end->progress() <= 1);
  (void)end->ended_in_order();
  std::size_t records = 0;
  for (auto record = reader->next(); record && *record; record = reader->next()) ++records;
  fuzz::require(records <= decode_all(plain));
  if (change == 0) fuzz::require(records == decode_all(plain));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t change_at = std::size_t{input.byte()} << 8 | input.byte();
  const std::uint8_t change = input.byte();
  const ByteView rest = input.rest();
  decode_all(rest);
  const Bytes records = with_checksums(rest);
  decode_all(records);
  write_packet(rest, static_cast<std::uint16_t>(change_at));
  read_file(records, change_at, change);
  return 0;
}
