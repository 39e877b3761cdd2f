#include "service/recording_start.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "service/recording_keys.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

constexpr std::string_view kEnding = ".mp4";

/// "20261124T063312Z" of a time: fit for file names everywhere.
std::string compact(WallTime time) {
  std::string out;
  for (const char c : to_rfc3339(time).substr(0, 19)) {
    if (c != '-' && c != ':') out += c;
  }
  return out + "Z";
}

store::RecordingRow new_recording(Work& work, const store::InterviewRecord& record, const SecretKey& tenant_key) {
  Random& random = work.core().random();
  store::RecordingRow recording;
  recording.tenant = record.tenant;
  recording.id = RecordingId::make(work.now(), random);
  recording.interview = record.state.id;
  recording.path = record.tenant.str() + "/" + to_rfc3339(work.now()).substr(0, 7) + "/" + record.state.id.str();
  recording.name = compact(work.now()) + "-" + record.state.id.str() + std::string(kEnding);
  recording.started_at = work.now();
  recording.wrapped_key = wrap_recording_key(tenant_key, recording.id, SecretKey::make(random), random);
  store::recordings::insert(work.sql(), recording);
  return recording;
}

}  // namespace

PlannedPart plan_part(Work& work, const store::InterviewRecord& record, const SecretKey& tenant_key) {
  auto recording = store::recordings::of_interview(work.sql(), record.tenant, record.state.id);
  if (!recording) recording = new_recording(work, record, tenant_key);
  const auto parts = store::recordings::parts(work.sql(), record.tenant, recording->id);
  PlannedPart planned{std::move(*recording), {}};
  planned.part.part = parts.empty() ? 1 : parts.back().part + 1;
  planned.part.started_at = work.now();
  store::recordings::put_part(work.sql(), record.tenant, planned.recording.id, planned.part);
  return planned;
}

Result<WallTime> start_part(Core& core, const PlannedPart& planned) {
  auto key = recording_key(core, planned.recording);
  if (!key) return tl::unexpected(key.error());
  const InterviewId& interview = planned.recording.interview;
  Rooms& rooms = core.ports().rooms;
  if (auto opened = rooms.open(interview); !opened) return tl::unexpected(opened.error());
  auto started = rooms.start_recording(
      {interview, planned.recording.id, planned.part.part, recording_folder(core, planned.recording), std::move(*key)});
  if (!started) {
    log::error("recording could not be started", {{"interview", interview.str()}, {"code", started.error().code}});
  }
  return started;
}

Result<void> note_part_started(Work& work, store::InterviewRecord& record, const PlannedPart& planned,
                               WallTime started_at, const std::string& cause) {
  store::RecordingPartRow part = planned.part;
  part.status = "running";
  part.started_at = started_at;
  store::recordings::put_part(work.sql(), record.tenant, planned.recording.id, part);

  std::optional<WallTime> earlier_end;
  for (const auto& earlier : store::recordings::parts(work.sql(), record.tenant, planned.recording.id)) {
    if (earlier.part < part.part && earlier.ended_at && earlier.status != "abandoned") earlier_end = earlier.ended_at;
  }
  if (!earlier_end) {
    store::RecordingRow recording = planned.recording;
    recording.started_at = started_at;
    store::recordings::update(work.sql(), recording);
    return {};
  }
  const json::object gap{
      {"from", to_rfc3339(*earlier_end)},
      {"to", to_rfc3339(started_at)},
      {"durationMs", std::chrono::duration_cast<std::chrono::milliseconds>(started_at - *earlier_end).count()},
      {"cause", cause},
      {"part", part.part}};
  return work.note(record, {"recording_gap", json::serialize(gap)});
}

void abandon_part(Work& work, const PlannedPart& planned) {
  store::RecordingPartRow part = planned.part;
  part.status = "abandoned";
  part.ended_at = work.now();
  store::recordings::put_part(work.sql(), planned.recording.tenant, planned.recording.id, part);
}

std::string recording_stem(const store::RecordingRow& recording) {
  return recording.name.substr(0, recording.name.size() - kEnding.size());
}

}  // namespace tw::service
