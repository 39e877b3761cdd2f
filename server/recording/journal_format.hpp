#pragma once

#include <optional>
#include <span>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "media/media_types.hpp"
#include "recording/journal_record.hpp"

/// How records lie in a journal. A record is length (u32, of kind and content), CRC32C over kind and content (u32),
/// kind (u8), content; all numbers in network byte order. The plain text of a journal begins with kJournalMagic and a
/// version.
namespace tw::recording {

inline constexpr std::string_view kJournalMagic = "TWJOURNL";
constexpr std::uint16_t kJournalVersion = 1;
constexpr std::size_t kJournalPreambleBytes = 10;

[[nodiscard]] Bytes journal_preamble();
/// `journal.version_unknown`, `journal.not_a_journal`. `bytes` holds at least kJournalPreambleBytes.
[[nodiscard]] Result<void> check_preamble(ByteView bytes);

/// Appends one record to `out`. False (and nothing appended) when it would be longer than kMaxRecordBytes.
[[nodiscard]] bool encode_record(const JournalRecord& record, Bytes& out);

/// The same for a packet as taps see it, in two steps, because the thread that receives packets has no time: there the
/// record is written into memory that is there already, without its check; who stores it fills the checks in.
/// Bytes that the record takes; 0 when it would be longer than kMaxRecordBytes.
[[nodiscard]] std::size_t packet_record_bytes(const media::TapPacket& packet);
/// Writes exactly packet_record_bytes(packet) bytes. Allocates nothing.
void write_packet_record(const media::TapPacket& packet, std::uint8_t* out);
/// Fills in the checks of whole records that lie one behind the other.
void check_records(std::span<std::uint8_t> records);

enum class DecodeStatus {
  record,      ///< one record was read
  skipped,     ///< a record of a kind that this version does not know
  incomplete,  ///< more bytes are needed
  damaged,     ///< wrong length, CRC or content: nothing behind it can be trusted
};
struct Decoded {
  DecodeStatus status = DecodeStatus::incomplete;
  std::size_t consumed = 0;
  std::optional<JournalRecord> record;
};
/// Reads the record at the front of `bytes`.
[[nodiscard]] Decoded decode_record(ByteView bytes);

}  // namespace tw::recording
