#include "service/interviews_test_support.hpp"

#include <filesystem>
#include <fstream>

#include "crypto/sealed_file.hpp"
#include "domain/timeline.hpp"
#include "media/player/player_media.hpp"
#include "media/player/track_file.hpp"
#include "store/interviews.hpp"

namespace tw::service {

Result<void> FakeRooms::open(const InterviewId& interview) {
  const std::lock_guard lock(mutex_);
  open_.insert(interview);
  return {};
}

Result<WallTime> FakeRooms::start_recording(RecordingPart part) {
  before_start();
  const std::lock_guard lock(mutex_);
  if (!may_start) return fail(ErrorKind::unavailable, "recording.unavailable", "No.");
  if (!open_.contains(part.interview)) return fail(ErrorKind::internal, "room.unknown", "Open the room first.");
  const auto later = recording_.find(part.interview);
  if (later != recording_.end() && later->second > part.part) {
    return fail(ErrorKind::unavailable, "recording.unavailable", "A later part runs.");
  }
  std::filesystem::create_directories(part.folder);
  const auto journal = part.folder / journal_name(part.part);
  if (std::filesystem::exists(journal)) return fail(ErrorKind::internal, "journal.exists", "A part was used twice.");
  std::ofstream(journal) << "journal";
  recording_[part.interview] = part.part;
  ++starts_;
  return clock_.wall_now();
}

WallTime FakeRooms::stop_recording(const InterviewId& interview) {
  const std::lock_guard lock(mutex_);
  recording_.erase(interview);
  return clock_.wall_now();
}

void FakeRooms::stop_part(const InterviewId& interview, std::uint32_t part) {
  const std::lock_guard lock(mutex_);
  const auto found = recording_.find(interview);
  if (found != recording_.end() && found->second == part) recording_.erase(found);
}

void FakeRooms::note(const InterviewId&, const std::string& kind, const std::string&) {
  const std::lock_guard lock(mutex_);
  notes.push_back(kind);
}

Result<CapturedFrame> FakeRooms::capture(const InterviewId&, const std::string&, std::chrono::milliseconds) {
  if (!has_picture) return fail(ErrorKind::conflict, "photo.no_picture", "No.");
  return CapturedFrame{media::Codec::vp8, {1, 2, 3}, media::Rotation::none, clock_.wall_now()};
}

void FakeRooms::disconnect(const InterviewId&, const std::string& side) {
  const std::lock_guard lock(mutex_);
  disconnected_.push_back(side);
}
void FakeRooms::disconnect_session(const InterviewId&, const std::string& side, const std::string& session) {
  const std::lock_guard lock(mutex_);
  disconnected_.push_back(side + " " + session);
}
std::vector<std::string> FakeRooms::disconnected() const {
  const std::lock_guard lock(mutex_);
  return disconnected_;
}

Result<media::PlayerEvent> FakeRooms::play(const InterviewId& interview,
                                           std::shared_ptr<const media::PlayerMedia> media,
                                           const media::PlayOptions& options) {
  const std::lock_guard lock(mutex_);
  player = media::PlayerEvent{interview.str(),
                              {kPlayerSide, kBroadcastStream},
                              options.id,
                              media::PlayerState::playing,
                              media->entry_before(options.start),
                              media->duration()};
  return *player;
}

Result<media::PlayerEvent> FakeRooms::control_player(const InterviewId&, const media::PlayerCommand& command) {
  const std::lock_guard lock(mutex_);
  if (!player) return fail(ErrorKind::not_found, "media.player_unknown", "No.");
  using Action = media::PlayerCommand::Action;
  if (command.action == Action::pause) player->state = media::PlayerState::paused;
  if (command.action == Action::resume) player->state = media::PlayerState::playing;
  if (command.action == Action::seek) player->position = command.position;
  media::PlayerEvent event = *player;
  if (command.action == Action::stop) {
    event.state = media::PlayerState::stopped;
    player.reset();
  }
  return event;
}

Result<void> FakeRooms::hold(const InterviewId&, const std::string& side) {
  const std::lock_guard lock(mutex_);
  held.insert(side);
  return {};
}

Result<void> FakeRooms::resume(const InterviewId&, const std::string& side) {
  const std::lock_guard lock(mutex_);
  held.erase(side);
  return {};
}

void FakeRooms::close(const InterviewId& interview) {
  const std::lock_guard lock(mutex_);
  recording_.erase(interview);
  open_.erase(interview);
}

std::optional<WallTime> FakeRooms::last_recorded(const std::filesystem::path&, std::uint32_t, const SecretKey&) {
  return last_record;
}

bool FakeRooms::is_open(const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  return open_.contains(interview);
}

bool FakeRooms::is_recording(const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  return recording_.contains(interview);
}

void FakeRooms::die() {
  const std::lock_guard lock(mutex_);
  open_.clear();
  recording_.clear();
}

Result<recording::PhotoResult> FakeProcessor::photograph(const recording::PhotoJob& job) {
  if (!fails_with.empty()) return fail(ErrorKind::internal, fails_with, "No.");
  watermark = job.watermark;
  return recording::PhotoResult{{'o', 'r', 'i', 'g'}, {'m', 'a', 'r', 'k', 'e', 'd'}, 1280, 720};
}

Result<recording::ComposeResult> FakeProcessor::compose(const recording::ComposeJob& job,
                                                        const std::function<void(int)>& progress) {
  if (fails_at_percent > 0) progress(fails_at_percent);
  if (!fails_with.empty()) return fail(ErrorKind::internal, fails_with, "No.");
  progress(50);
  composed.push_back(job.parts);
  people = job.people;
  const std::string name = job.name + ".mp4";
  const std::string content = "a composed file";
  if (auto done = write_sealed(job.folder / name, job.key.derive("file:" + name), as_bytes(content), random_); !done) {
    return tl::unexpected(done.error());
  }
  recording::ComposeResult result;
  result.files.push_back({name, true, "", content.size(), "sha-of-it", 21'000});
  for (const auto& stream : streams) {
    recording::ComposedFile file{job.name + "-" + stream.participant + ".mkv", false, stream.participant, 1, "sha", 1};
    file.stream = stream.name;
    result.files.push_back(std::move(file));
  }
  result.duration_ms = 21'000;
  result.files.front().av_offset_ms = av_offset_ms;
  result.av_offset_ms = 3.5;
  for (const auto& event : job.events) {
    if (!event.title.empty()) result.chapters.push_back({0, event.kind, event.title});
  }
  if (job.parts.size() > 1) result.gaps.push_back({5'000, 9'000, "crash"});
  result.recovered = job.parts.size() > 1;
  return result;
}

Result<recording::PrepareMediaResult> FakeProcessor::prepare_media(const recording::PrepareMediaJob& job,
                                                                   const std::function<void(int)>& progress) {
  if (!fails_with.empty()) return fail(ErrorKind::unprocessable, fails_with, "No.");
  progress(50);
  Bytes file;
  media::TrackFileWriter writer(media::Codec::opus, [&](ByteView bytes) -> Result<void> {
    file.insert(file.end(), bytes.begin(), bytes.end());
    return {};
  });
  for (std::uint32_t i = 0; i < 500; ++i) {
    if (auto done = writer.add(i * 960, true, Bytes{0xFC, 1}); !done) return tl::unexpected(done.error());
  }
  if (auto done = write_sealed(job.folder / "sound", job.key.derive("file:sound"), file, random_); !done)
    return tl::unexpected(done.error());
  recording::PrepareMediaResult result;
  if (job.for_pages) {
    const std::string name = recording::kPageMusicFile;
    const auto page = as_bytes("music for pages");
    if (auto done = write_sealed(job.folder / name, job.key.derive("file:" + name), page, random_); !done)
      return tl::unexpected(done.error());
    result.page_bytes = page.size();
  }
  result.duration_ms = 10'000;
  result.has_sound = true;
  result.size_bytes = file.size();
  result.sha256 = "sha-of-it";
  return result;
}

int QuietNotifier::count(const std::string& what) {
  const std::lock_guard lock(mutex_);
  return told_[what];
}
void QuietNotifier::note(const std::string& what) {
  const std::lock_guard lock(mutex_);
  ++told_[what];
}

void QuietWakeUps::wake_at(WallTime when) {
  const std::lock_guard lock(mutex_);
  if (!earliest_ || when < *earliest_) earliest_ = when;
}
std::optional<WallTime> QuietWakeUps::earliest() {
  const std::lock_guard lock(mutex_);
  return std::exchange(earliest_, std::nullopt);
}

InterviewsTest::InterviewsTest() {
  queue_ = QueueId::make(clock_.wall_now(), random_);
  execute("INSERT INTO queues (tenant_id, id, number, name, created_at) VALUES (:tenant, :id, 1, 'Loans', 1)",
          {{"tenant", tenant_}, {"id", queue_}});
  ann_ = add_agent("ann");
  bob_ = add_agent("bob");
  core_ = make_core();
}

std::unique_ptr<Core> InterviewsTest::make_core() {
  Settings settings;
  settings.data_dir = folder_.path() / "data";
  settings.public_url = "https://witness.example";
  settings.ice_servers.fixed = {"stun:stun.example:3478", "turn:turn.example:3478|me|secret"};
  Ports ports{*database_, clock_,       os_random_, rooms_, processor_, outgoing_, quiet_,
              wakes_,     tenant_keys_, master_,    [] {},  [] {},      {}};
  ports.run_job = [this](std::function<void()> job) {
    if (jobs_.size() >= most_jobs_) return false;
    jobs_.push_back(std::move(job));
    return true;
  };
  return std::make_unique<Core>(std::move(ports), std::move(settings));
}

void InterviewsTest::restart() {
  rooms_.die();
  core_ = make_core();
}

AgentId InterviewsTest::add_agent(const std::string& name) {
  const AgentId id = AgentId::make(clock_.wall_now(), random_);
  const std::int64_t next =
      number("SELECT COALESCE(MAX(number), 0) + 1 FROM users WHERE tenant_id = :t", {{"t", tenant_}});
  execute(
      "INSERT INTO users (tenant_id, id, number, name, display_name, role, password_hash, created_at) "
      "VALUES (:tenant, :id, :number, :name, :shown, 'agent', '', 1)",
      {{"tenant", tenant_}, {"id", id}, {"number", next}, {"name", name}, {"shown", "Agent " + name}});
  execute("INSERT INTO user_queues (tenant_id, user_id, queue_id) VALUES (:tenant, :id, :queue)",
          {{"tenant", tenant_}, {"id", id}, {"queue", queue_}});
  return id;
}

void InterviewsTest::online(const AgentId& id) {
  Connections(*core_).agent_socket_opened(agent(id));
  ASSERT_TRUE(Desk(*core_).set_presence(agent(id), domain::Presence::online));
}

NewInterview InterviewsTest::wanted() const {
  NewInterview wanted;
  wanted.business_id = "B-1";
  wanted.assist_id = "A-1";
  wanted.queue = queue_.str();
  wanted.company_name = "演示银行";
  wanted.nick_name = "wang-01";
  wanted.sections = {{"order", "订单", {{"金额", "200000"}}}};
  return wanted;
}

std::string InterviewsTest::token_of(const LinkView& link) { return link.url.substr(link.url.find("#t=") + 3); }

void InterviewsTest::consent(const Caller& customer) {
  const auto state = CustomerSteps(*core_).state(customer);
  ASSERT_TRUE(state);
  const ConsentTextView& text = state->consent_texts.at(0);
  ASSERT_TRUE(
      CustomerSteps(*core_).consent(customer, {true, text.version, text.sha256, text.language, "203.0.113.9", "UA"}));
}

Caller InterviewsTest::enter(const NewInterview& wanted) {
  const auto created = Interviews(*core_).create(api_key(), wanted).value();
  CustomerEntry entry(*core_);
  const auto session = entry.open(token_of(created.customer_link), false).value();
  const Caller customer = entry.find_session(session.token).value();
  Connections(*core_).customer_socket_opened(customer);
  consent(customer);
  EXPECT_TRUE(CustomerSteps(*core_).place(customer, {domain::PlaceStatus::given, 31.2304, 121.4737, 20}));
  return customer;
}

Caller InterviewsTest::queue() {
  const Caller customer = enter();
  const auto queued = CustomerSteps(*core_).enter_queue(customer);
  EXPECT_TRUE(queued) << queued.error().code;
  return customer;
}

Caller InterviewsTest::talk(const AgentId& id) {
  online(id);
  const Caller customer = queue();
  const auto answered = Desk(*core_).answer(agent(id), customer.interview.str());
  EXPECT_TRUE(answered) << answered.error().code;
  return customer;
}

void InterviewsTest::advance(std::chrono::microseconds by) {
  clock_.advance(by);
  Timekeeper(*core_).run_due();
}

InterviewView InterviewsTest::read(const InterviewId& id) {
  return Interviews(*core_).get(api_key(), id.str()).value();
}

std::string InterviewsTest::status(const Caller& customer) {
  return std::string(domain::to_text(CustomerSteps(*core_).state(customer).value().status));
}

std::vector<std::string> InterviewsTest::kinds(const InterviewId& id) {
  std::vector<std::string> kinds;
  const auto timeline = Interviews(*core_).timeline(api_key(), id.str()).value();
  for (const auto& entry : timeline) kinds.push_back(entry.kind);
  return kinds;
}

std::vector<std::string> InterviewsTest::outbox_types(const InterviewId& id) {
  return database_
      ->read([&](store::Connection& connection) -> Result<std::vector<std::string>> {
        std::vector<std::string> types;
        for (const auto& row :
             connection.query("SELECT type FROM outbox WHERE interview_id = :id ORDER BY at, id", {{"id", id}})) {
          types.push_back(row.text(0));
        }
        return types;
      })
      .value();
}

}  // namespace tw::service
