#include "service/recovery.hpp"

#include "base/log.hpp"
#include "service/payloads.hpp"
#include "service/recording_keys.hpp"
#include "service/recording_start.hpp"
#include "service/work.hpp"
#include "store/agents.hpp"
#include "store/guests.hpp"
#include "store/jobs.hpp"
#include "store/photos.hpp"
#include "store/supervisors.hpp"

namespace tw::service {
namespace {

using domain::Status;
using store::interviews::Key;

Result<void> applied(const Result<domain::Events>& events) {
  if (!events) return tl::unexpected(events.error());
  return {};
}

/// Rings and waits: the ring is over, and everybody is absent until their page is back.
Result<void> return_ring(Work& work, store::InterviewRecord& record) {
  if (record.state.kept()) {  // its room died with the process
    if (auto stopped = applied(work.apply(record, domain::command::Interrupt{})); !stopped) return stopped;
  }
  if (record.state.status == Status::ringing) {
    const AgentId agent = *record.state.agent;
    if (record.state.answering) {
      auto failed = applied(work.apply(record, domain::command::AnswerFailed{agent, "server.restarted"}));
      if (!failed) return failed;
    }
    if (record.state.status == Status::ringing) {
      auto withdrawn = applied(work.apply(record, domain::command::WithdrawRing{agent}));
      if (!withdrawn) return withdrawn;
    }
  }
  return applied(work.apply(record, domain::command::CustomerGone{}));
}

struct CutPart {
  store::RecordingRow recording;
  std::vector<store::RecordingPartRow> parts;
};

Result<std::optional<CutPart>> parts_of(Core& core, const Key& key) {
  return core.database().read([&](store::Connection& connection) -> Result<std::optional<CutPart>> {
    auto recording = store::recordings::of_interview(connection, key.tenant, key.id);
    if (!recording) return std::nullopt;
    auto parts = store::recordings::parts(connection, key.tenant, recording->id);
    return CutPart{std::move(*recording), std::move(parts)};
  });
}

/// Parts that ran when the process died end where their journal ends. True when there was one.
Result<bool> cut_parts(Core& core, const Key& key) {
  auto found = parts_of(core, key);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return false;
  auto secret = recording_key(core, (*found)->recording);
  if (!secret) return tl::unexpected(secret.error());
  bool crashed = false;
  for (store::RecordingPartRow& part : (*found)->parts) {
    if (part.status == "starting") {
      part.status = "abandoned";
      part.ended_at = part.started_at;
    } else if (part.status == "running") {
      const auto last =
          core.ports().rooms.last_recorded(recording_folder(core, (*found)->recording), part.part, *secret);
      part.status = "cut";
      part.ended_at = last.value_or(part.started_at);
      crashed = true;
    }
  }
  const auto stored = core.database().write([&](store::Transaction& transaction) -> Result<void> {
    for (const auto& part : (*found)->parts) {
      store::recordings::put_part(transaction, key.tenant, (*found)->recording.id, part);
    }
    return {};
  });
  if (!stored) return tl::unexpected(stored.error());
  return crashed;
}

/// A call goes on: its room is opened again and a new part of the recording begins at once, before anybody is back.
Result<void> resume_call(Core& core, const Key& key, bool crashed) {
  const auto tenant_key = core.ports().tenant_keys.of(key.tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());
  const auto planned = transact(core, [&](Work& work) -> Result<PlannedPart> {
    auto record = work.interview(key.tenant, key.id);
    if (!record) return tl::unexpected(record.error());
    return plan_part(work, *record, *tenant_key);
  });
  if (!planned) return tl::unexpected(planned.error());
  const auto started = start_part(core, *planned);
  return transact(core, [&](Work& work) -> Result<void> {
    auto record = work.interview(key.tenant, key.id);
    if (!record) return tl::unexpected(record.error());
    if (!started) {
      abandon_part(work, *planned);
      if (auto stopped = applied(work.apply(*record, domain::command::Interrupt{})); !stopped) return stopped;
      return applied(work.apply(*record, domain::command::CustomerGone{}));
    }
    auto noted = note_part_started(work, *record, *planned, *started, crashed ? "crash" : "interrupted");
    if (!noted) return noted;
    if (auto gone = applied(work.apply(*record, domain::command::AgentGone{})); !gone) return gone;
    return applied(work.apply(*record, domain::command::CustomerGone{}));
  });
}

Result<void> forget_connections(Core& core) {
  return transact(core, [&](Work& work) -> Result<void> {
    const WallTime until = work.now() + core.settings().agent_absence;
    store::agents::disconnect_all(work.sql(), until);
    store::guests::set_all_absent(work.sql(), work.now() + core.settings().customer_absence);
    store::supervisors::set_all_absent(work.sql(), until);
    store::jobs::reset_running(work.sql(), work.now());
    store::recordings::forget_progress(work.sql());
    for (const auto& key : store::photos::pending(work.sql())) {
      auto photo = store::photos::find(work.sql(), key.tenant, key.interview, key.photo);
      // One that a device is asked for may still come: the page is back within seconds.
      if (!photo || photo->asked_until) continue;
      photo->status = "failed";
      photo->failure = "server.restarted";
      store::photos::update(work.sql(), *photo);
      if (const auto record = store::interviews::find(work.sql(), key.tenant, key.interview)) {
        work.photo_settled(*record);
      }
    }
    work.effects.wake_at = until;
    work.effects.jobs_written = true;
    return {};
  });
}

/// Recordings of ended interviews that no job works on: the process died between the two.
Result<std::size_t> compose_forgotten(Core& core) {
  return transact(core, [&](Work& work) -> Result<std::size_t> {
    std::size_t count = 0;
    for (const auto& key : store::recordings::unfinished_of_ended(work.sql())) {
      auto recording = store::recordings::of_interview(work.sql(), key.tenant, key.interview);
      bool recorded = false;
      for (const auto& part : store::recordings::parts(work.sql(), key.tenant, recording->id)) {
        recorded |= part.status == "ended" || part.status == "cut";
      }
      if (!recorded || store::jobs::is_open(work.sql(), key.tenant, kComposeJob, key.interview)) continue;
      recording->status = "processing";
      store::recordings::update(work.sql(), *recording);
      store::jobs::add(work.sql(), key.tenant, kComposeJob, key.interview, work.now(), core.random());
      work.effects.jobs_written = true;
      ++count;
    }
    return count;
  });
}

Result<std::vector<Key>> alive(Core& core) {
  return core.database().read(
      [](store::Connection& connection) -> Result<std::vector<Key>> { return store::interviews::alive(connection); });
}

Result<domain::Interview> state_of(Core& core, const Key& key) {
  return core.database().read([&](store::Connection& connection) -> Result<domain::Interview> {
    const auto record = store::interviews::find(connection, key.tenant, key.id);
    if (!record) return interview_unknown();
    return record->state;
  });
}

Result<void> recover(Core& core, const Key& key, Recovery::Report& report) {
  const auto crashed = cut_parts(core, key);
  if (!crashed) return tl::unexpected(crashed.error());
  const auto state = state_of(core, key);
  if (!state) return tl::unexpected(state.error());
  if (state->status == Status::talking) {
    ++report.calls_resumed;
    return resume_call(core, key, *crashed);
  }
  if (state->status == Status::ringing) ++report.rings_returned;
  return transact(core, [&](Work& work) -> Result<void> {
    auto record = work.interview(key.tenant, key.id);
    if (!record) return tl::unexpected(record.error());
    return return_ring(work, *record);
  });
}

}  // namespace

Result<Recovery::Report> Recovery::run() {
  Report report;
  // First of all, so that nobody is rung whose page is not back.
  if (auto done = forget_connections(core_); !done) return tl::unexpected(done.error());
  const auto keys = alive(core_);
  if (!keys) return tl::unexpected(keys.error());
  for (const Key& key : *keys) {
    // One that cannot be put right must not keep the server from starting for all others.
    if (const auto done = recover(core_, key, report); !done) {
      log::error("an interview could not be recovered", {{"interview", key.id.str()}, {"code", done.error().code}});
    }
  }
  const auto composed = compose_forgotten(core_);
  if (!composed) return tl::unexpected(composed.error());
  report.recordings_recovered = *composed;
  log::info(
      "recovered",
      {{"calls", report.calls_resumed}, {"rings", report.rings_returned}, {"recordings", report.recordings_recovered}});
  return report;
}

std::size_t Shutdown::running_calls() {
  const auto keys = alive(core_);
  if (!keys) return 0;
  std::size_t count = 0;
  for (const Key& key : *keys) {
    const auto state = state_of(core_, key);
    count += state && state->in_room() ? 1 : 0;
  }
  return count;
}

void Shutdown::seal_recordings() {
  const auto keys = alive(core_);
  if (!keys) return;
  for (const Key& key : *keys) {
    const WallTime ended = core_.ports().rooms.stop_recording(key.id);
    const auto done = core_.database().write([&](store::Transaction& transaction) -> Result<void> {
      const auto recording = store::recordings::of_interview(transaction, key.tenant, key.id);
      if (!recording) return {};
      for (auto& part : store::recordings::parts(transaction, key.tenant, recording->id)) {
        if (part.status != "running") continue;
        part.status = "ended";
        part.ended_at = ended;
        store::recordings::put_part(transaction, key.tenant, recording->id, part);
      }
      return {};
    });
    if (!done)
      log::error("a part's end could not be stored", {{"interview", key.id.str()}, {"code", done.error().code}});
  }
}

}  // namespace tw::service
