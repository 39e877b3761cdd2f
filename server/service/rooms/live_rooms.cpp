#include "service/rooms/live_rooms.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <future>
#include <limits>

#include "base/log.hpp"
#include "recording/journal_reader.hpp"
#include "recording/keyframe_keeper.hpp"
#include "recording/recorder.hpp"

namespace tw::service {
namespace {

media::StreamKey camera_of(const std::string& side) { return {side, kCameraStream}; }

const media::StreamKey& broadcast() {
  static const media::StreamKey stream{kPlayerSide, kBroadcastStream};
  return stream;
}

tl::unexpected<Error> nothing_plays() {
  return fail(ErrorKind::not_found, "media.player_unknown", "Nothing is played in this room now.");
}

/// Asks the engine for something and waits for its answer. A worker that does not answer in time counts as failed; its
/// late answer goes into a promise that nobody reads.
template <class T = void, class Ask>
Result<T> wait_for(std::chrono::milliseconds patience, Ask ask) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto answer = promise->get_future();
  ask([promise](Result<T> result) { promise->set_value(std::move(result)); });
  if (answer.wait_for(patience) != std::future_status::ready) {
    return fail(ErrorKind::unavailable, "media.not_answering",
                "The media worker did not answer in time; look at its load.");
  }
  return answer.get();
}

tl::unexpected<Error> cannot_record(const Error& cause) {
  log::error("recording cannot be started", {{"code", cause.code}});
  return fail(ErrorKind::unavailable, "recording.unavailable",
              "The conversation cannot be recorded now (" + cause.code + "); it is not connected without a recording.");
}

/// Seconds of a call's journal, and many times its largest record.
constexpr std::uint64_t kTailBytes = std::uint64_t{1} << 20;

/// When the record happened.
WallTime time_of(const recording::JournalRecord& record) {
  struct Visitor {
    WallTime operator()(const recording::Opening& r) const { return r.at; }
    WallTime operator()(const recording::TrackStarted& r) const { return r.at; }
    WallTime operator()(const recording::Packet& r) const { return r.arrival; }
    WallTime operator()(const recording::SenderReport& r) const { return r.report.arrival; }
    WallTime operator()(const recording::TrackEnded& r) const { return r.at; }
    WallTime operator()(const recording::Event& r) const { return r.at; }
    WallTime operator()(const recording::Closing& r) const { return r.at; }
  };
  return std::visit(Visitor{}, record);
}

}  // namespace

std::string journal_name(std::uint32_t part) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "part-%04u.twj", part);
  return name.data();
}

LiveRooms::LiveRooms(media::MediaEngine& engine, recording::FileSystem& files, const Clock& clock, Random& random,
                     Limits limits)
    : engine_(engine), files_(files), clock_(clock), random_(random), limits_(std::move(limits)), thread_(clock) {}

LiveRooms::~LiveRooms() = default;

std::filesystem::path LiveRooms::mirror_of(const std::filesystem::path& folder) const {
  return limits_.mirror / folder.lexically_relative(limits_.recordings);
}

std::shared_ptr<LiveRooms::Room> LiveRooms::find(const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  const auto found = rooms_.find(interview);
  return found == rooms_.end() ? nullptr : found->second;
}

std::shared_ptr<LiveRooms::Room> LiveRooms::find_or_make(const InterviewId& interview) {
  const std::lock_guard lock(mutex_);
  auto& room = rooms_[interview];
  if (!room) room = std::make_shared<Room>();
  return room;
}

Result<void> LiveRooms::open_locked(const std::string& name, Room& room) {
  if (room.keeper) return {};
  auto opened = wait_for(limits_.patience, [&](auto done) { engine_.open_room(name, std::move(done)); });
  if (!opened) return opened;
  auto keeper = std::make_shared<recording::KeyframeKeeper>();
  auto added = wait_for(limits_.patience, [&](auto done) { engine_.add_tap(name, keeper, std::move(done)); });
  if (added) room.keeper = std::move(keeper);
  return added;
}

Result<void> LiveRooms::open(const InterviewId& interview) {
  const auto room = find_or_make(interview);
  const std::lock_guard lock(room->mutex);
  return open_locked(interview.str(), *room);
}

Result<WallTime> LiveRooms::start_recording(RecordingPart part) {
  const std::string name = part.interview.str();
  const auto room = find_or_make(part.interview);
  const std::lock_guard lock(room->mutex);
  if (room->recorder && room->part == part.part) return room->recorder->started_at();
  if (room->recorder && room->part > part.part) {
    return cannot_record({ErrorKind::conflict, "recording.superseded", "A later part runs already.", {}});
  }
  stop_locked(name, *room);  // left by an answer that came too late
  if (auto opened = open_locked(name, *room); !opened) return cannot_record(opened.error());

  const std::string journal = journal_name(part.part);
  recording::RecorderTarget target{.file = part.folder / journal,
                                   .key = part.key.derive("file:" + journal),
                                   .recording = part.recording.str(),
                                   .part = part.part};
  if (!limits_.mirror.empty()) target.mirror = mirror_of(part.folder) / journal;
  if (limits_.on_copy) {
    target.on_news = [tell = limits_.on_copy, interview = part.interview](const recording::CopyNews& news) {
      tell(interview, news);
    };
  }
  auto recorder = recording::Recorder::start(std::move(target), files_, clock_, random_);
  if (!recorder) return cannot_record(recorder.error());
  room->recorder = *recorder;
  room->part = part.part;
  thread_.add(room->recorder);
  auto tapped = wait_for(limits_.patience, [&](auto done) { engine_.add_tap(name, room->recorder, std::move(done)); });
  if (tapped) tapped = wait_for(limits_.patience, [&](auto done) { engine_.set_gate(name, true, std::move(done)); });
  if (!tapped) {
    stop_locked(name, *room);
    files_.remove(part.folder / journal);
    if (!limits_.mirror.empty()) files_.remove(mirror_of(part.folder) / journal);
    return cannot_record(tapped.error());
  }
  return room->recorder->started_at();
}

WallTime LiveRooms::stop_locked(const std::string& name, Room& room) {
  if (!room.recorder) return clock_.wall_now();
  // What is played belongs to this stretch of talk; its event tells that it ended.
  (void)wait_for<media::PlayerEvent>(limits_.patience, [&](auto done) {
    engine_.control_player(name, broadcast(), {media::PlayerCommand::Action::stop, {}}, std::move(done));
  });
  const auto closed = wait_for(limits_.patience, [&](auto done) { engine_.set_gate(name, false, std::move(done)); });
  const auto removed =
      wait_for(limits_.patience, [&](auto done) { engine_.remove_tap(name, room.recorder, std::move(done)); });
  if (!closed || !removed) log::warning("media worker did not release a recording", {{"interview", name}});
  const WallTime ended = room.recorder->stop();
  room.recorder.reset();
  return ended;
}

WallTime LiveRooms::stop_recording(const InterviewId& interview) {
  const auto room = find(interview);
  if (!room) return clock_.wall_now();
  const std::lock_guard lock(room->mutex);
  return stop_locked(interview.str(), *room);
}

void LiveRooms::stop_part(const InterviewId& interview, std::uint32_t part) {
  const auto room = find(interview);
  if (!room) return;
  const std::lock_guard lock(room->mutex);
  if (room->part == part) stop_locked(interview.str(), *room);
}

void LiveRooms::note(const InterviewId& interview, const std::string& kind, const std::string& data_json) {
  const auto room = find(interview);
  if (!room) return;
  const std::lock_guard lock(room->mutex);
  if (room->recorder) room->recorder->note(kind, data_json);
}

Result<CapturedFrame> LiveRooms::capture(const InterviewId& interview, const std::string& side,
                                         std::chrono::milliseconds patience) {
  std::shared_ptr<recording::KeyframeKeeper> keeper;
  if (const auto room = find(interview)) {
    const std::lock_guard lock(room->mutex);
    keeper = room->keeper;
  }
  if (!keeper) return fail(ErrorKind::conflict, "photo.no_picture", "Nobody is connected in this interview.");
  keeper->expect(camera_of(side));
  const auto asked = wait_for(limits_.patience, [&](auto done) {
    engine_.request_keyframe(interview.str(), camera_of(side), std::move(done));
  });
  auto frame = keeper->take(camera_of(side), asked ? patience : std::chrono::milliseconds(0));
  if (!frame)
    return fail(ErrorKind::conflict, "photo.no_picture", "No picture came from this side in time; is its camera on?");
  return CapturedFrame{frame->codec, std::move(frame->frame), frame->rotation, frame->captured_at};
}

void LiveRooms::disconnect(const InterviewId& interview, const std::string& side) {
  (void)wait_for(limits_.patience,
                 [&](auto done) { engine_.close_participant(interview.str(), side, std::move(done)); });
}

void LiveRooms::disconnect_session(const InterviewId& interview, const std::string& side, const std::string& session) {
  (void)wait_for(limits_.patience, [&](auto done) {
    engine_.close_session({interview.str(), side, session}, std::move(done));
  });
}

Result<media::PlayerEvent> LiveRooms::play(const InterviewId& interview,
                                           std::shared_ptr<const media::PlayerMedia> media,
                                           const media::PlayOptions& options) {
  const auto room = find(interview);
  if (!room) return fail(ErrorKind::not_found, "media.room_unknown", "The room is not open.");
  const std::lock_guard lock(room->mutex);
  return wait_for<media::PlayerEvent>(limits_.patience, [&](auto done) {
    engine_.play(interview.str(), broadcast(), std::move(media), options, std::move(done));
  });
}

Result<media::PlayerEvent> LiveRooms::control_player(const InterviewId& interview,
                                                     const media::PlayerCommand& command) {
  const auto room = find(interview);
  if (!room) return nothing_plays();
  const std::lock_guard lock(room->mutex);
  return wait_for<media::PlayerEvent>(limits_.patience, [&](auto done) {
    engine_.control_player(interview.str(), broadcast(), command, std::move(done));
  });
}

Result<void> LiveRooms::hold(const InterviewId& interview, const std::string& side) {
  const auto room = find(interview);
  if (!room) return fail(ErrorKind::not_found, "media.room_unknown", "The room is not open.");
  const std::lock_guard lock(room->mutex);
  auto held =
      wait_for(limits_.patience, [&](auto done) { engine_.set_hold(interview.str(), side, true, std::move(done)); });
  if (!held) return held;
  const bool first = room->held.empty();
  room->held.insert(side);
  if (!first) return {};
  auto music = music_ ? music_(interview) : nullptr;
  if (!music) {  // what was played must not go on for somebody who cannot see who plays it
    (void)wait_for<media::PlayerEvent>(limits_.patience, [&](auto done) {
      engine_.control_player(interview.str(), broadcast(), {media::PlayerCommand::Action::stop, {}}, std::move(done));
    });
    return {};
  }
  const media::PlayOptions options{.id = kHoldMusicPlayer, .loop = true, .audience = media::PlayerAudience::held_only};
  const auto played = wait_for<media::PlayerEvent>(limits_.patience, [&](auto done) {
    engine_.play(interview.str(), broadcast(), std::move(music), options, std::move(done));
  });
  // Silence is no reason to keep the conversation open to somebody who is on hold.
  if (!played) log::warning("no music on hold", {{"code", played.error().code}});
  return {};
}

Result<void> LiveRooms::resume(const InterviewId& interview, const std::string& side) {
  const auto room = find(interview);
  if (!room) return {};
  const std::lock_guard lock(room->mutex);
  if (room->held.erase(side) == 0) return {};
  if (room->held.empty()) {
    (void)wait_for<media::PlayerEvent>(limits_.patience, [&](auto done) {
      engine_.control_player(interview.str(), broadcast(), {media::PlayerCommand::Action::stop, {}}, std::move(done));
    });
  }
  return wait_for(limits_.patience,
                  [&](auto done) { engine_.set_hold(interview.str(), side, false, std::move(done)); });
}

void LiveRooms::close(const InterviewId& interview) {
  std::shared_ptr<Room> room;
  {
    const std::lock_guard lock(mutex_);
    const auto found = rooms_.find(interview);
    if (found == rooms_.end()) return;
    room = std::move(found->second);
    rooms_.erase(found);
  }
  const std::lock_guard lock(room->mutex);
  stop_locked(interview.str(), *room);
  (void)wait_for(limits_.patience, [&](auto done) { engine_.close_room(interview.str(), std::move(done)); });
}

void LiveRooms::close_all() {
  while (true) {
    InterviewId interview;
    {
      const std::lock_guard lock(mutex_);
      if (rooms_.empty()) return;
      interview = rooms_.begin()->first;
    }
    close(interview);
  }
}

bool LiveRooms::can_record() const {
  return files_.free_bytes(limits_.recordings) > limits_.reserve_bytes && !thread_.failing();
}

std::optional<WallTime> LiveRooms::last_recorded(const std::filesystem::path& folder, std::uint32_t part,
                                                 const SecretKey& key) {
  const std::string journal = journal_name(part);
  const auto read_from = [&](std::uint64_t last_bytes) -> std::optional<WallTime> {
    auto reader = recording::JournalReader::open(folder / journal,
                                                 limits_.mirror.empty() ? limits_.mirror : mirror_of(folder) / journal,
                                                 key.derive("file:" + journal));
    if (!reader) return std::nullopt;
    reader->skip_towards_end(last_bytes);
    std::optional<WallTime> last;
    while (true) {
      auto record = reader->next();
      if (!record || !*record) return last;
      last = std::max(last.value_or(WallTime{}), time_of(**record));
    }
  };
  // Everybody waits for this at a start: an hour's journal is not read for its last second, unless its end is damaged.
  const auto last = read_from(kTailBytes);
  return last ? last : read_from(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace tw::service
