#include "service/recording_custody.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service/accounts/rules.hpp"
#include "service/recording_erasure.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/accounts/audit.hpp"
#include "store/recording_custody.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

Result<void> check(const Caller& caller, const std::string& reason) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return allowed;
  return check_text("reason", reason, 1, RecordingCustody::kMostReasonCharacters);
}

/// Runs `decide(Work&, InterviewRecord&)` and gives the recording as it is then.
template <class Decide>
Result<RecordingView> decide_on(Core& core, const Caller& caller, const std::string& interview, Decide decide) {
  return transact(core, [&](Work& work) -> Result<RecordingView> {
    auto record = visible_interview(work.sql(), caller, interview);
    if (!record) return tl::unexpected(record.error());
    if (auto decided = decide(work, *record); !decided) return tl::unexpected(decided.error());
    return build_recording(work.sql(), *record).value();
  });
}

Result<store::RecordingRow> kept_recording(Work& work, const store::InterviewRecord& record) {
  auto recording = record.state.answered_at
                       ? store::recordings::of_interview(work.sql(), record.tenant, record.state.id)
                       : std::nullopt;
  if (!recording) return fail(ErrorKind::not_found, "recording.unknown", "There is no such recording or file.");
  if (recording->deleted_at) return recording_deleted();
  return std::move(*recording);
}

Result<void> store_hold(Work& work, store::InterviewRecord& record, const Caller& caller,
                        const store::RecordingRow& recording, const char* event, const std::string& reason) {
  store::recordings::set_hold(work.sql(), recording);
  const json::object data{{"interviewId", record.state.id.str()}, {"reason", reason}};
  store::append_audit(work.sql(),
                      {caller.tenant, work.now(), caller.actor(), std::string("recording.") + event, recording.id.str(),
                       json::serialize(data)},
                      work.core().random());
  return work.note(record, {event, json::serialize(json::object{{"by", caller.id}})});
}

}  // namespace

Result<RecordingView> RecordingCustody::hold(const Caller& caller, const std::string& interview,
                                             const std::string& reason) {
  if (auto good = check(caller, reason); !good) return tl::unexpected(good.error());
  return decide_on(core_, caller, interview, [&](Work& work, store::InterviewRecord& record) -> Result<void> {
    auto recording = kept_recording(work, record);
    if (!recording) return tl::unexpected(recording.error());
    if (recording->held_since && recording->held_reason == reason) return {};
    recording->held_since = recording->held_since.value_or(work.now());
    recording->held_by = caller.id;
    recording->held_reason = reason;
    return store_hold(work, record, caller, *recording, "legal_hold_set", reason);
  });
}

Result<RecordingView> RecordingCustody::lift_hold(const Caller& caller, const std::string& interview,
                                                  const std::string& reason) {
  if (auto good = check(caller, reason); !good) return tl::unexpected(good.error());
  return decide_on(core_, caller, interview, [&](Work& work, store::InterviewRecord& record) -> Result<void> {
    auto recording = kept_recording(work, record);
    if (!recording) return tl::unexpected(recording.error());
    if (!recording->held_since) {
      return fail(ErrorKind::not_found, "recording.not_held", "The recording is not under legal hold.");
    }
    recording->held_since.reset();
    recording->held_by.clear();
    recording->held_reason.clear();
    return store_hold(work, record, caller, *recording, "legal_hold_lifted", reason);
  });
}

Result<RecordingView> RecordingCustody::remove(const Caller& caller, const std::string& interview,
                                               const std::string& reason) {
  if (auto good = check(caller, reason); !good) return tl::unexpected(good.error());
  return decide_on(core_, caller, interview, [&](Work& work, store::InterviewRecord& record) -> Result<void> {
    if (auto kept = kept_recording(work, record); !kept) return tl::unexpected(kept.error());
    return erase_recording(work, record, {caller.actor(), caller.id, reason});
  });
}

}  // namespace tw::service
