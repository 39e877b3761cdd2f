#include "service/compose_jobs.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <filesystem>

#include "base/log.hpp"
#include "service/payloads.hpp"
#include "service/recording_keys.hpp"
#include "service/recording_start.hpp"
#include "service/room_events.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/accounts/tenants.hpp"
#include "store/agents.hpp"
#include "store/customers.hpp"
#include "store/jobs.hpp"
#include "store/outbox.hpp"
#include "store/recordings.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostPeople = 10;  // a room holds no more
constexpr int kProgressStep = 5;         // per cent: each step is a synced write and a message to pages

struct Assignment {
  store::JobRow job;
  store::RecordingRow recording;
  recording::ComposeJob compose;
  std::vector<recording::ComposeJob::Person> others;  ///< who has streams but no place in the film
};

/// What an attempt before left; journals stay.
void remove_leftovers(const std::filesystem::path& folder, const std::string& stem) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().filename().string().starts_with(stem)) std::filesystem::remove(entry.path(), error);
  }
}

struct Read {
  store::RecordingRow recording;
  std::vector<store::RecordingPartRow> parts;
  store::InterviewRecord record;
  std::string time_zone;
  std::vector<recording::ComposeJob::Person> people;
  std::vector<recording::ComposeJob::Person> supervisors;  ///< who joined, and who only whispered
  std::vector<domain::TimelineEntry> timeline;
};

std::string name_of_user(store::Connection& connection, const TenantId& tenant, const std::string& user) {
  const auto id = AgentId::parse(user);
  return id ? store::agents::display_name(connection, tenant, *id) : std::string();
}

/// The agent's side under the name of whoever sat there; another name after each transfer.
recording::ComposeJob::Person agent_side(store::Connection& connection, const store::InterviewRecord& record,
                                         const std::vector<domain::TimelineEntry>& timeline) {
  recording::ComposeJob::Person side{kAgentSide, ""};
  bool first = true;
  for (const SeatedAgent& seated : agents_in(timeline)) {
    std::string name = name_of_user(connection, record.tenant, seated.user);
    if (first) {
      side.caption = std::move(name);
    } else {
      side.successors.push_back({seated.from, std::move(name)});
    }
    first = false;
  }
  if (first && record.state.last_agent)
    side.caption = store::agents::display_name(connection, record.tenant, *record.state.last_agent);
  return side;
}

std::vector<recording::ComposeJob::Person> supervisors_of(store::Connection& connection, const TenantId& tenant,
                                                          const std::vector<domain::TimelineEntry>& timeline,
                                                          bool joined_only) {
  std::vector<recording::ComposeJob::Person> people;
  for (const HeardSupervisor& heard : supervisors_in(timeline, joined_only))
    people.push_back({heard.participant, name_of_user(connection, tenant, heard.user), false});
  return people;
}

/// Whoever the film may show, under the names they had for each other.
std::vector<recording::ComposeJob::Person> people_of(store::Connection& connection,
                                                     const store::InterviewRecord& record,
                                                     const std::vector<domain::TimelineEntry>& timeline) {
  const auto customer = store::customers::find(connection, record.tenant, record.customer);
  std::vector<recording::ComposeJob::Person> people;
  people.push_back({kCustomerSide, customer ? customer->nick_name : std::string()});
  people.push_back(agent_side(connection, record, timeline));
  for (auto& guest : guests_in(timeline)) {
    if (people.size() < kMostPeople) people.push_back(std::move(guest));
  }
  for (auto& joined : supervisors_of(connection, record.tenant, timeline, true)) {
    if (people.size() < kMostPeople) people.push_back(std::move(joined));
  }
  return people;
}

Result<Read> read_rows(Core& core, const store::JobRow& job) {
  return core.database().read([&](store::Connection& connection) -> Result<Read> {
    auto record = store::interviews::find(connection, job.tenant, job.interview);
    auto recording = store::recordings::of_interview(connection, job.tenant, job.interview);
    const auto tenant = store::find_tenant(connection, job.tenant);
    if (!record || !recording || !tenant) return interview_unknown();
    auto parts = store::recordings::parts(connection, job.tenant, recording->id);
    auto timeline = store::interviews::timeline(connection, job.tenant, job.interview);
    auto people = people_of(connection, *record, timeline);
    auto supervisors = supervisors_of(connection, job.tenant, timeline, false);
    return Read{std::move(*recording), std::move(parts),       std::move(*record), tenant->time_zone,
                std::move(people),     std::move(supervisors), std::move(timeline)};
  });
}

Result<Assignment> prepare(Core& core, const store::JobRow& job) {
  auto rows = read_rows(core, job);
  if (!rows) return tl::unexpected(rows.error());
  auto key = recording_key(core, rows->recording);
  if (!key) return tl::unexpected(key.error());
  const auto folder = recording_folder(core, rows->recording);
  recording::ComposeJob compose{
      .folder = folder,
      .name = recording_stem(rows->recording),
      .parts = {},
      .key = std::move(*key),
      .watermark = {rows->record.company_name, watermark_place(rows->record.place_json), rows->time_zone},
      .people = std::move(rows->people),
      .threads = core.settings().composition_threads,
      .mirror = recording_mirror(core, rows->recording),
      .layout = core.settings().picture_in_picture ? recording::LayoutStyle::picture_in_picture
                                                   : recording::LayoutStyle::side_by_side,
      .events = room_events(rows->timeline)};
  for (const auto& part : rows->parts) {
    if (part.status == "abandoned" || part.status == "starting") continue;
    std::error_code error;
    if (std::filesystem::exists(folder / journal_name(part.part), error) ||
        (!compose.mirror.empty() && std::filesystem::exists(compose.mirror / journal_name(part.part), error)))
      compose.parts.push_back(journal_name(part.part));
  }
  if (compose.parts.empty()) {
    return fail(ErrorKind::internal, "recording.no_journal", "No journal of the recording is there.");
  }
  remove_leftovers(folder, compose.name);
  return Assignment{job, std::move(rows->recording), std::move(compose), std::move(rows->supervisors)};
}

/// Of everybody who sat there, in their order. Empty for the player and for the film itself.
std::string name_of(const Assignment& assignment, const std::string& participant) {
  for (const auto* people : {&assignment.compose.people, &assignment.others}) {
    const auto found =
        std::find_if(people->begin(), people->end(), [&](const auto& one) { return one.participant == participant; });
    if (found == people->end()) continue;
    std::string names = found->caption;
    for (const auto& successor : found->successors) names += ", " + successor.caption;
    return names;
  }
  return {};
}

void report_progress(Core& core, const store::RecordingRow& recording, int percent) {
  const auto done = core.database().write([&](store::Transaction& transaction) -> Result<void> {
    store::recordings::set_progress(transaction, recording.tenant, recording.id, percent);
    return {};
  });
  if (done) core.ports().notifier.interview_changed(recording.tenant, recording.interview);
}

json::array gaps_json(const recording::ComposeResult& result) {
  json::array gaps;
  for (const auto& gap : result.gaps) {
    gaps.push_back(json::object{{"fromMs", gap.from_ms}, {"toMs", gap.to_ms}, {"cause", gap.cause}});
  }
  return gaps;
}

json::array chapters_json(const recording::ComposeResult& result) {
  json::array chapters;
  for (const auto& chapter : result.chapters) {
    chapters.push_back(json::object{{"atMs", chapter.at_ms}, {"kind", chapter.kind}, {"title", chapter.title}});
  }
  return chapters;
}

/// Files whose sound and picture lie too far apart are put on the timeline.
Result<void> note_offsets(Work& work, store::InterviewRecord& record, const recording::ComposeResult& result) {
  for (const auto& file : result.files) {
    if (std::abs(file.av_offset_ms.value_or(0)) <= recording::kAvOffsetFlagMs) continue;
    log::warning("sound and picture of a recording lie apart",
                 {{"interview", record.state.id.str()}, {"offsetMs", *file.av_offset_ms}});
    const json::object data{{"file", file.name}, {"offsetMs", std::round(*file.av_offset_ms)}};
    if (auto noted = work.note(record, {"recording_av_offset", json::serialize(data)}); !noted) return noted;
  }
  return {};
}

Result<void> store_result(Core& core, const Assignment& assignment, const recording::ComposeResult& result) {
  return transact(core, [&](Work& work) -> Result<void> {
    auto record = work.interview(assignment.job.tenant, assignment.job.interview);
    if (!record) return tl::unexpected(record.error());
    store::RecordingRow recording = assignment.recording;
    recording.status = "ready";
    recording.progress = 100;
    recording.duration_ms = result.duration_ms;
    recording.recovered = result.recovered;
    recording.gaps_json = json::serialize(gaps_json(result));
    recording.chapters_json = json::serialize(chapters_json(result));
    recording.av_offset_ms = result.av_offset_ms;
    recording.failure.clear();
    std::vector<store::RecordingFileRow> files;
    json::array listed;
    for (const auto& file : result.files) {
      files.push_back({file.name, file.composed ? "composed" : "stream", file.participant,
                       static_cast<std::int64_t>(file.size_bytes), file.sha256, file.duration_ms, file.stream,
                       file.av_offset_ms, name_of(assignment, file.participant)});
      listed.push_back(json::object{{"name", file.name}, {"sha256", file.sha256}});
    }
    store::recordings::update(work.sql(), recording);
    store::recordings::replace_files(work.sql(), recording.tenant, recording.id, files);
    const json::object data{{"files", std::move(listed)},
                            {"durationMs", result.duration_ms},
                            {"recovered", result.recovered},
                            {"gaps", gaps_json(result)}};
    if (auto noted = work.note(*record, {"recording_ready", json::serialize(data)}); !noted) return noted;
    if (auto flagged = note_offsets(work, *record, result); !flagged) return flagged;
    store::append_outbox(work.sql(),
                         {recording.tenant, recording.interview, "recording.ready",
                          interview_payload(build_interview(work.sql(), *record, work.now())), work.now()},
                         core.random());
    work.effects.outbox_written = true;
    store::jobs::finish(work.sql(), assignment.job, work.now());
    return {};
  });
}

/// The job's turn comes again soon; an attempt that could not even begin does not count.
void postpone(Core& core, const store::JobRow& job, const Error& error) {
  log::warning("recording waits for room on the disk", {{"interview", job.interview.str()}});
  const auto done = transact(core, [&](Work& work) -> Result<void> {
    store::jobs::postpone(work.sql(), job, error.code, work.now() + ComposeJobs::kLookForRoom, work.now());
    work.effects.jobs_written = true;
    return {};
  });
  if (!done) log::error("a job could not be put off", {{"job", job.id.str()}, {"code", done.error().code}});
}

void store_failure(Core& core, const store::JobRow& job, const Error& error) {
  if (error.code == "recording.disk_full") return postpone(core, job, error);
  const auto attempt = static_cast<std::size_t>(job.attempts);
  const bool last = attempt >= ComposeJobs::kBackOff.size();
  log::error("recording could not be composed",
             {{"interview", job.interview.str()}, {"code", error.code}, {"attempt", job.attempts + 1}, {"last", last}});
  const auto done = transact(core, [&](Work& work) -> Result<void> {
    if (!last) {
      const WallTime next = work.now() + ComposeJobs::kBackOff.at(attempt);
      store::jobs::fail(work.sql(), job, error.code, next, work.now());
      work.effects.jobs_written = true;
      return {};
    }
    store::jobs::fail(work.sql(), job, error.code, std::nullopt, work.now());
    auto recording = store::recordings::of_interview(work.sql(), job.tenant, job.interview);
    auto record = work.interview(job.tenant, job.interview);
    if (!recording || !record) return {};
    recording->status = "failed";
    recording->failure = error.code;
    store::recordings::update(work.sql(), *recording);
    return work.note(*record, {"recording_failed", json::serialize(json::object{{"code", error.code}})});
  });
  if (!done) log::error("a job's failure could not be stored", {{"job", job.id.str()}, {"code", done.error().code}});
}

/// An attempt begins at nothing, whatever the one before had reached.
void begin_progress(Core& core, const store::JobRow& job) {
  const auto recording = core.database().read([&](store::Connection& connection) -> Result<store::RecordingRow> {
    auto row = store::recordings::of_interview(connection, job.tenant, job.interview);
    if (!row) return interview_unknown();
    return std::move(*row);
  });
  if (recording && recording->progress > 0) report_progress(core, *recording, 0);
}

Result<void> compose(Core& core, const store::JobRow& job) {
  // The interview's end has done this already; a job found after a restart, or faster than that, must not read on.
  core.ports().rooms.close(job.interview);
  // A full disk may still keep the journal's last seconds waiting, and has no room for files.
  if (!core.ports().rooms.can_record())
    return fail(ErrorKind::unavailable, "recording.disk_full", "There is no room for the files of a recording.");
  auto assignment = prepare(core, job);
  if (!assignment) return tl::unexpected(assignment.error());
  int reported = 0;
  const auto result = core.ports().processor.compose(assignment->compose, [&](int percent) {
    if (percent < reported + kProgressStep) return;
    reported = percent;
    report_progress(core, assignment->recording, percent);
  });
  if (!result) return tl::unexpected(result.error());
  return store_result(core, *assignment, *result);
}

}  // namespace

bool ComposeJobs::run_one() {
  const auto job = core_.database().write([&](store::Transaction& transaction) -> Result<std::optional<store::JobRow>> {
    return store::jobs::claim(transaction, kComposeJob, core_.now());
  });
  if (!job || !*job) return false;
  begin_progress(core_, **job);
  if (const auto done = compose(core_, **job); !done) {
    begin_progress(core_, **job);  // nothing is being made until the next attempt
    store_failure(core_, **job, done.error());
  }
  return true;
}

std::optional<WallTime> ComposeJobs::next_at() {
  const auto next = core_.database().read([&](store::Connection& connection) -> Result<std::optional<WallTime>> {
    return store::jobs::next_at(connection, kComposeJob);
  });
  return next ? *next : std::nullopt;
}

}  // namespace tw::service
