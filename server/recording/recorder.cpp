#include "recording/recorder.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/log.hpp"
#include "recording/journal_format.hpp"

namespace tw::recording {
namespace {

std::string news_json(const CopyNews& news) {
  return R"({"copy":")" + std::string(news.copy == 0 ? "main" : "mirror") + R"(","state":")" +
         std::string(word_for(news.state)) + R"(","code":")" + news.code + R"("})";
}

}  // namespace

Recorder::Recorder(JournalCopies copies, SealedLogEncoder encoder, std::function<void(const CopyNews&)> on_news,
                   const Clock& clock, WallTime started_at)
    : clock_(clock),
      started_at_(started_at),
      on_news_(std::move(on_news)),
      copies_(std::move(copies)),
      encoder_(std::move(encoder)) {}

Result<std::shared_ptr<Recorder>> Recorder::start(RecorderTarget target, FileSystem& files, const Clock& clock,
                                                  Random& random) {
  const WallTime at = clock.wall_now();
  SealedLogEncoder encoder(target.key, random);
  Bytes plain = journal_preamble();
  [[maybe_unused]] const bool encoded = encode_record(Opening{target.recording, target.part, at}, plain);
  assert(encoded);
  Bytes beginning = encoder.header();
  encoder.seal_into(plain, beginning);
  std::vector<std::filesystem::path> places{target.file};
  if (!target.mirror.empty()) places.push_back(target.mirror);
  auto copies = JournalCopies::create(places, files, beginning);
  if (!copies) return tl::unexpected(copies.error());
  std::shared_ptr<Recorder> recorder(
      new Recorder(std::move(*copies), std::move(encoder), std::move(target.on_news), clock, at));
  std::vector<CopyNews> news;
  {
    const std::lock_guard lock(recorder->file_mutex_);
    news = recorder->write_news();
  }
  recorder->tell(news);
  return recorder;
}

void Recorder::on_track_started(const media::TrackInfo& track, WallTime at) { add(TrackStarted{track, at}); }
void Recorder::on_sender_report(const media::TapSenderReport& report) { add(SenderReport{report}); }
void Recorder::on_track_ended(media::TrackNumber track, WallTime at) { add(TrackEnded{track, at}); }

void Recorder::note(std::string kind, std::string data_json) {
  const std::lock_guard lock(notes_mutex_);
  if (notes_.size() < kMaxWaitingNotes) notes_.push_back({clock_.wall_now(), std::move(kind), std::move(data_json)});
}

media::KeptPacket Recorder::on_packet(const media::TapPacket& packet) {
  if (stopped_.load(std::memory_order_relaxed)) return {};
  const std::size_t bytes = packet_record_bytes(packet);
  std::uint8_t* out = bytes == 0 ? nullptr : ring_.reserve(bytes, packet.arrival);
  if (out == nullptr) {
    lose();
    return {};
  }
  write_packet_record(packet, out);
  const std::uint64_t place = ring_.publish(bytes);
  return {this, place + (bytes - packet.rtp.size())};  // a record ends with the packet
}

/// Rare records: tracks that begin and end, a report every few seconds.
void Recorder::add(const JournalRecord& record) {
  if (stopped_.load(std::memory_order_relaxed)) return;
  scratch_.clear();
  std::uint8_t* out = encode_record(record, scratch_) ? ring_.reserve(scratch_.size(), clock_.wall_now()) : nullptr;
  if (out == nullptr) {
    lose();
    return;
  }
  std::copy(scratch_.begin(), scratch_.end(), out);
  (void)ring_.publish(scratch_.size());
}

void Recorder::lose() {
  if (lost_records_.load(std::memory_order_acquire) == 0)
    losing_since_us_.store(to_micros(clock_.wall_now()), std::memory_order_relaxed);
  lost_records_.fetch_add(1, std::memory_order_acq_rel);
}

void Recorder::seal(ByteView plain, ChunkBuffer& buffer) {
  for (; !plain.empty(); plain = plain.subspan(std::min(plain.size(), SealedLogEncoder::kMaxChunkBytes)))
    seal_chunk(plain.first(std::min(plain.size(), SealedLogEncoder::kMaxChunkBytes)), buffer);
}

void Recorder::seal_chunk(ByteView plain, ChunkBuffer& buffer) {
  buffer.add(encoder_.seal_to(plain, buffer.room(SealedLogEncoder::sealed_bytes(plain.size()))));
}

/// What people did, what was lost before this stretch, and what copies did.
void Recorder::seal_notes(ChunkBuffer& buffer) {
  std::vector<Event> notes;
  {
    const std::lock_guard lock(notes_mutex_);
    notes.swap(notes_);
  }
  if (const auto lost = lost_records_.exchange(0, std::memory_order_acq_rel); lost > 0) {
    notes.push_back({clock_.wall_now(), "recording_lost",
                     R"({"fromMicros":)" + std::to_string(losing_since_us_.load(std::memory_order_relaxed)) +
                         R"(,"records":)" + std::to_string(lost) + "}"});
  }
  if (notes.empty()) return;
  plain_.clear();
  for (const Event& note : notes) (void)encode_record(note, plain_);
  seal(plain_, buffer);
}

/// Everything that is in the ring goes into sealed chunks and, in one write a copy, to the files.
void Recorder::drain(ChunkBuffer& buffer) {
  seal_notes(buffer);
  for (auto records = ring_.front(); !records.empty(); records = ring_.front()) {
    check_records(records);
    seal_chunk(records, buffer);
    ring_.release(records.size());
  }
  write(buffer);
}

void Recorder::write(ChunkBuffer& buffer) {
  if (!buffer.chunks().empty()) copies_.append(buffer.chunks());
  buffer.clear();
}

/// Puts what copies did into the journal itself: whoever reads it later learns why the other one is shorter.
std::vector<CopyNews> Recorder::write_news() {
  auto news = copies_.take_news();
  for (const CopyNews& item : news) {
    const std::vector<log::Field> fields{{"copy", item.copy == 0 ? "main" : "mirror"}, {"code", item.code}};
    switch (item.state) {
      case CopyState::good: log::info("recording is written again", {fields[0]}); break;
      case CopyState::waiting: log::error("recording cannot be written", {fields[0], fields[1]}); break;
      case CopyState::unsynced: log::error("recording cannot be made durable", {fields[0], fields[1]}); break;
      case CopyState::given_up: log::error("copy of a recording is given up", {fields[0], fields[1]}); break;
    }
    note("recording_copy", news_json(item));
  }
  return news;
}

void Recorder::tell(const std::vector<CopyNews>& news) const {
  if (!on_news_) return;
  for (const CopyNews& item : news) on_news_(item);
}

void Recorder::flush(SteadyTime now, ChunkBuffer& buffer) {
  std::vector<CopyNews> news;
  {
    const std::lock_guard lock(file_mutex_);
    // While nothing can be written, the ring keeps what comes.
    if (copies_.catch_up() && !ended_at_) drain(buffer);
    if (!last_sync_) last_sync_ = now;
    if (copies_.dirty() && (ended_at_ || now - *last_sync_ >= kSyncEvery)) {
      last_sync_ = now;
      copies_.sync();
    }
    news = write_news();
  }
  tell(news);
}

WallTime Recorder::stop() {
  std::vector<CopyNews> news;
  {
    const std::lock_guard lock(file_mutex_);
    if (ended_at_) return *ended_at_;
    ended_at_ = clock_.wall_now();
    // Also onto a disk that is full: what it does not take waits for it in memory, see `settled`.
    (void)copies_.catch_up();
    ChunkBuffer buffer;
    drain(buffer);
    stopped_.store(true, std::memory_order_relaxed);
    plain_.clear();
    (void)encode_record(Closing{*ended_at_}, plain_);
    seal(plain_, buffer);
    write(buffer);
    copies_.sync();
    news = write_news();
  }
  tell(news);
  return *ended_at_;
}

bool Recorder::ended() const {
  const std::lock_guard lock(file_mutex_);
  return ended_at_.has_value();
}

bool Recorder::settled() const {
  const std::lock_guard lock(file_mutex_);
  return ended_at_ && !copies_.behind() && !copies_.dirty();
}

bool Recorder::failing() const {
  const std::lock_guard lock(file_mutex_);
  return copies_.failing();
}

bool Recorder::degraded() const {
  const std::lock_guard lock(file_mutex_);
  return copies_.degraded();
}

}  // namespace tw::recording
