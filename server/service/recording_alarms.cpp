#include "service/recording_alarms.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"

namespace tw::service {

void RecordingAlarms::copy_changed(const InterviewId& interview, const recording::CopyNews& news) {
  namespace json = boost::json;
  const auto done = transact(core_, [&](Work& work) -> Result<void> {
    const auto tenant = store::interviews::tenant_of(work.sql(), interview);
    if (!tenant) return interview_unknown();
    auto record = work.interview(*tenant, interview);
    if (!record) return tl::unexpected(record.error());
    json::object data{{"copy", news.copy == 0 ? "main" : "mirror"}, {"state", recording::word_for(news.state)}};
    if (!news.code.empty()) data["code"] = news.code;
    if (record->state.agent) work.effects.desks_changed.insert({*tenant, *record->state.agent});
    const bool good = news.state == recording::CopyState::good;
    return work.note(*record, {good ? "recording_copy_restored" : "recording_copy_failed", json::serialize(data)});
  });
  // The database may lie on the disk that is full; the log and the metrics tell it then.
  if (!done) {
    log::error("a failing copy of a recording could not be put on the timeline",
               {{"interview", interview.str()}, {"code", done.error().code}});
  }
}

}  // namespace tw::service
