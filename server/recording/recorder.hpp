#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/sealed_log.hpp"
#include "media/media_types.hpp"
#include "recording/file_system.hpp"
#include "recording/journal_record.hpp"

namespace tw::recording {

/// Write what has come at least this often (design: ≤ 200 ms) …
constexpr std::chrono::milliseconds kWriteEvery{150};
/// … and make it durable this often (≤ 1 s): a crash loses at most the two together.
constexpr std::chrono::milliseconds kSyncEvery{800};
/// What a recorder keeps in memory while its disk is full or stuck: about 80 s of a 1.5 Mb/s call. Then packets are
/// left out, and the stretch is noted in the journal as soon as it can be written again.
constexpr std::size_t kMaxBufferedBytes = std::size_t{16} * 1024 * 1024;

struct RecorderTarget {
  std::filesystem::path file;  ///< the journal; its folder is made when missing
  SecretKey key;
  std::string recording;
  std::uint32_t part = 1;
};

/// Writes what a room's participants send into one sealed journal. The room's worker thread only appends to a buffer;
/// a RecordingThread writes and syncs. Thread-safe.
class Recorder final : public media::PacketTap {
 public:
  /// Returns when the journal's beginning is durable. On failure no file is left: `disk.full`, `disk.failed`.
  [[nodiscard]] static Result<std::shared_ptr<Recorder>> start(RecorderTarget target, FileSystem& files,
                                                               const Clock& clock, Random& random);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void on_track_started(const media::TrackInfo& track, WallTime at) override;
  void on_packet(const media::TapPacket& packet) override;
  void on_sender_report(const media::TapSenderReport& report) override;
  void on_track_ended(media::TrackNumber track, WallTime at) override;
  /// `data_json` is an object of ours, far below kMaxRecordBytes.
  void note(std::string kind, std::string data_json);

  /// Writes what is buffered, and syncs when it is time. Never throws; failures are kept and seen by `failing`.
  void flush(SteadyTime now);
  /// Writes the closing record and syncs. What comes later is ignored. Repeating changes nothing. The time of the end.
  WallTime stop();

  /// True from a failed write until writes succeed again, and for good after a failed sync.
  [[nodiscard]] bool failing() const;
  [[nodiscard]] WallTime started_at() const { return started_at_; }

 private:
  Recorder(std::unique_ptr<AppendFile> file, SealedLogEncoder encoder, const Clock& clock);
  Result<void> begin(const RecorderTarget& target, FileSystem& files);
  void add(const JournalRecord& record);
  void after_add(bool encoded, std::size_t size_before);
  bool has_room() const { return pending_.size() < kMaxBufferedBytes; }
  void take_pending();
  Result<void> write_pending();
  void sync_file(SteadyTime now);

  const Clock& clock_;
  WallTime started_at_;

  mutable std::mutex buffer_mutex_;  // held for a copy only
  Bytes pending_;                    // encoded records
  bool stopped_ = false;
  std::optional<WallTime> losing_since_;
  std::uint64_t lost_records_ = 0;

  mutable std::mutex file_mutex_;  // held while writing
  std::unique_ptr<AppendFile> file_;
  SealedLogEncoder encoder_;
  Bytes taken_;      // records on their way to the file
  Bytes unwritten_;  // sealed chunks that a failed write left over; never sealed again, so no nonce is used twice
  std::optional<SteadyTime> last_sync_;
  bool dirty_ = false;
  bool write_failed_ = false;
  bool sync_failed_ = false;
  std::optional<WallTime> ended_at_;
};

}  // namespace tw::recording
