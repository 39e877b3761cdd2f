#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/sealed_log.hpp"
#include "media/media_types.hpp"
#include "recording/chunk_buffer.hpp"
#include "recording/file_system.hpp"
#include "recording/journal_copies.hpp"
#include "recording/journal_record.hpp"
#include "recording/record_ring.hpp"

namespace tw::recording {

/// Write what has come at least this often (design: ≤ 200 ms) …
constexpr std::chrono::milliseconds kWriteEvery{200};
/// … and make it durable this often (≤ 1 s): a crash loses at most the two together.
constexpr std::chrono::milliseconds kSyncEvery{1'000};
/// What a recorder keeps in memory while its disk is full or stuck: about 80 s of a 1.5 Mb/s call. Then packets are
/// left out, and the stretch is noted in the journal as soon as it can be written again.
constexpr std::size_t kMaxBufferedBytes = RecordRing::kMostBlocks * RecordRing::kBlockBytes;
/// Notes that wait for the next write; a room makes a few a minute.
constexpr std::size_t kMaxWaitingNotes = 1'024;

struct RecorderTarget {
  std::filesystem::path file;  ///< the journal; its folder is made when missing
  SecretKey key;
  std::string recording;
  std::uint32_t part = 1;
  std::filesystem::path mirror{};  ///< a second file, on another disk; empty: none
  /// Told on the thread that flushes whenever a copy fails or recovers.
  std::function<void(const CopyNews&)> on_news{};
};

/// Writes what a room's participants send into one sealed journal, in one or two places. The room's worker thread only
/// copies into a ring: no lock, no allocation, no check sum, no encryption. A RecordingThread does the rest.
/// The functions of PacketTap are for one thread at a time; the others may be called from anywhere.
class Recorder final : public media::PacketTap, public media::PacketKeeper {
 public:
  /// Returns when the journal's beginning is durable in at least one place. On failure no file is left: `disk.full`,
  /// `disk.failed`.
  [[nodiscard]] static Result<std::shared_ptr<Recorder>> start(RecorderTarget target, FileSystem& files,
                                                               const Clock& clock, Random& random);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void on_track_started(const media::TrackInfo& track, WallTime at) override;
  media::KeptPacket on_packet(const media::TapPacket& packet) override;
  /// What was recorded stays for RecordRing::kKeep, so that it can be sent again.
  [[nodiscard]] const std::uint8_t* kept(std::uint64_t place) const override { return ring_.at(place); }
  void on_sender_report(const media::TapSenderReport& report) override;
  void on_track_ended(media::TrackNumber track, WallTime at) override;
  /// `data_json` is an object of ours, far below kMaxRecordBytes.
  void note(std::string kind, std::string data_json);

  /// Writes what is buffered, and syncs when it is time. `buffer` holds nothing before and after; another recorder may
  /// have it next. Never throws; failures are kept and seen by `failing`.
  void flush(SteadyTime now, ChunkBuffer& buffer);
  /// Writes the closing record and syncs. What comes later is ignored. Repeating changes nothing. The time of the end.
  WallTime stop();

  [[nodiscard]] bool ended() const;
  /// It has ended, and nothing is left that a full disk did not take.
  [[nodiscard]] bool settled() const;
  /// True while no place takes and keeps what comes: from a failed write until writes succeed again, and for good after
  /// a failed sync.
  [[nodiscard]] bool failing() const;
  /// True while there are fewer good copies than places.
  [[nodiscard]] bool degraded() const;
  [[nodiscard]] WallTime started_at() const { return started_at_; }

 private:
  Recorder(JournalCopies copies, SealedLogEncoder encoder, std::function<void(const CopyNews&)> on_news,
           const Clock& clock, WallTime started_at);
  void add(const JournalRecord& record);
  void lose();
  void drain(ChunkBuffer& buffer);
  void seal(ByteView plain, ChunkBuffer& buffer);
  void seal_chunk(ByteView plain, ChunkBuffer& buffer);
  void seal_notes(ChunkBuffer& buffer);
  void write(ChunkBuffer& buffer);
  std::vector<CopyNews> write_news();
  void tell(const std::vector<CopyNews>& news) const;

  const Clock& clock_;
  const WallTime started_at_;
  const std::function<void(const CopyNews&)> on_news_;

  RecordRing ring_{RecordRing::kMostBlocks};
  std::atomic<bool> stopped_{false};
  std::atomic<std::uint64_t> lost_records_{0};
  std::atomic<std::int64_t> losing_since_us_{0};
  Bytes scratch_;  // of the thread that taps

  std::mutex notes_mutex_;  // never taken by a packet
  std::vector<Event> notes_;

  mutable std::mutex file_mutex_;  // held while writing
  JournalCopies copies_;
  SealedLogEncoder encoder_;
  Bytes plain_;  // notes on their way
  std::optional<SteadyTime> last_sync_;
  std::optional<WallTime> ended_at_;
};

}  // namespace tw::recording
