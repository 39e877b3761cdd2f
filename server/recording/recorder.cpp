#include "recording/recorder.hpp"

#include <algorithm>
#include <cassert>

#include "base/log.hpp"
#include "recording/journal_format.hpp"

namespace tw::recording {

Recorder::Recorder(std::unique_ptr<AppendFile> file, SealedLogEncoder encoder, const Clock& clock)
    : clock_(clock), started_at_(clock.wall_now()), file_(std::move(file)), encoder_(std::move(encoder)) {}

Result<std::shared_ptr<Recorder>> Recorder::start(RecorderTarget target, FileSystem& files, const Clock& clock,
                                                  Random& random) {
  if (auto made = files.make_folder(target.file.parent_path()); !made) return tl::unexpected(made.error());
  auto file = files.create(target.file);
  if (!file) return tl::unexpected(file.error());
  std::shared_ptr<Recorder> recorder(
      new Recorder(std::move(*file), SealedLogEncoder(std::move(target.key), random), clock));
  if (auto begun = recorder->begin(target, files); !begun) {
    files.remove(target.file);
    return tl::unexpected(begun.error());
  }
  return recorder;
}

Result<void> Recorder::begin(const RecorderTarget& target, FileSystem& files) {
  const std::lock_guard lock(file_mutex_);
  unwritten_ = encoder_.header();
  taken_ = journal_preamble();
  [[maybe_unused]] const bool encoded = encode_record(Opening{target.recording, target.part, started_at_}, taken_);
  assert(encoded);
  if (auto written = write_pending(); !written) return written;
  if (auto synced = file_->sync(); !synced) return synced;
  dirty_ = false;
  return files.sync_folder(target.file.parent_path());
}

void Recorder::on_track_started(const media::TrackInfo& track, WallTime at) { add(TrackStarted{track, at}); }
void Recorder::on_sender_report(const media::TapSenderReport& report) { add(SenderReport{report}); }
void Recorder::on_track_ended(media::TrackNumber track, WallTime at) { add(TrackEnded{track, at}); }
void Recorder::note(std::string kind, std::string data_json) {
  add(Event{clock_.wall_now(), std::move(kind), std::move(data_json)});
}

void Recorder::on_packet(const media::TapPacket& packet) {
  const std::lock_guard lock(buffer_mutex_);
  if (stopped_) return;
  const std::size_t before = pending_.size();
  after_add(has_room() && encode_packet(packet, pending_), before);
}

void Recorder::add(const JournalRecord& record) {
  const std::lock_guard lock(buffer_mutex_);
  if (stopped_) return;
  const std::size_t before = pending_.size();
  after_add(has_room() && encode_record(record, pending_), before);
}

void Recorder::after_add(bool encoded, std::size_t size_before) {
  if (!encoded) {
    pending_.resize(size_before);
    ++lost_records_;
    if (!losing_since_) losing_since_ = clock_.wall_now();
  }
}

/// Moves what is buffered behind what is on its way, and notes a stretch that was lost before it.
void Recorder::take_pending() {
  const std::lock_guard lock(buffer_mutex_);
  if (!taken_.empty()) return;
  std::swap(taken_, pending_);
  if (!losing_since_) return;
  const std::string data = R"({"fromMicros":)" + std::to_string(to_micros(*losing_since_)) + R"(,"records":)" +
                           std::to_string(lost_records_) + "}";
  (void)encode_record(Event{clock_.wall_now(), "recording_lost", data}, taken_);
  losing_since_.reset();
  lost_records_ = 0;
}

Result<void> Recorder::write_pending() {
  for (ByteView rest(taken_); !rest.empty();) {
    const ByteView piece = rest.first(std::min(rest.size(), SealedLogEncoder::kMaxChunkBytes));
    const Bytes chunk = encoder_.seal(piece);
    unwritten_.insert(unwritten_.end(), chunk.begin(), chunk.end());
    rest = rest.subspan(piece.size());
  }
  taken_.clear();
  if (unwritten_.empty()) return {};
  auto written = file_->append(unwritten_);
  if (written) {
    unwritten_.clear();
    dirty_ = true;
  }
  return written;
}

void Recorder::flush(SteadyTime now) {
  const std::lock_guard lock(file_mutex_);
  if (ended_at_ && unwritten_.empty()) return;
  if (unwritten_.empty()) take_pending();
  const auto written = write_pending();
  if (!written && !write_failed_) log::error("recording cannot be written", {{"code", written.error().code}});
  if (written && write_failed_) log::info("recording is written again");
  write_failed_ = !written;
  if (!last_sync_) last_sync_ = now;
  if (dirty_ && now - *last_sync_ >= kSyncEvery) sync_file(now);
}

void Recorder::sync_file(SteadyTime now) {
  last_sync_ = now;
  dirty_ = false;
  if (sync_failed_) return;
  if (const auto synced = file_->sync(); !synced) {
    sync_failed_ = true;
    log::error("recording cannot be made durable", {{"code", synced.error().code}});
  }
}

WallTime Recorder::stop() {
  const std::lock_guard file_lock(file_mutex_);
  if (ended_at_) return *ended_at_;
  ended_at_ = clock_.wall_now();
  if (unwritten_.empty()) take_pending();
  if (!write_pending()) write_failed_ = true;
  {
    const std::lock_guard lock(buffer_mutex_);
    (void)encode_record(Closing{*ended_at_}, pending_);
    stopped_ = true;
  }
  take_pending();
  if (!write_pending()) write_failed_ = true;
  sync_file(clock_.steady_now());
  return *ended_at_;
}

bool Recorder::failing() const {
  const std::lock_guard lock(file_mutex_);
  return write_failed_ || sync_failed_;
}

}  // namespace tw::recording
