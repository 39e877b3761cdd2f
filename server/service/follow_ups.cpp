#include "service/follow_ups.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service/customer_link.hpp"
#include "service/payloads.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/media_items.hpp"
#include "store/outbox.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

/// Looked through for those that the user may see; a business has a handful.
constexpr std::size_t kMostOfABusiness = 100;

store::InterviewRecord follow_up_of(const store::InterviewRecord& before, Work& work) {
  store::InterviewRecord record;
  record.tenant = before.tenant;
  record.node = work.core().settings().node;
  record.customer = before.customer;
  record.business_id = before.business_id;
  record.assist_id = before.assist_id;
  record.company_name = before.company_name;
  record.sections_json = before.sections_json;
  record.supplied_json = before.supplied_json;
  record.order_endpoint = before.order_endpoint;
  record.return_url = before.return_url;
  record.voice_only = before.voice_only;
  record.follows = before.state.id;
  record.state.id = InterviewId::make(work.now(), work.core().random());
  record.state.queue = before.state.queue;
  record.state.created_at = work.now();
  record.state.expires_at = work.now() + FollowUps::kLinkLife;
  return record;
}

/// The new interview with everything that begins with it, the entries of both timelines included.
Result<store::InterviewRecord> begin_follow_up(Work& work, const Caller& caller, store::InterviewRecord& before) {
  store::InterviewRecord record = follow_up_of(before, work);
  store::interviews::insert(work.sql(), record);
  const json::object created{{"by", caller.id}, {"followsInterviewId", before.state.id.str()}};
  if (auto noted = work.note(record, {"created", json::serialize(created)}); !noted) {
    return tl::unexpected(noted.error());
  }
  const json::object followed{{"by", caller.id}, {"interviewId", record.state.id.str()}};
  if (auto noted = work.note(before, {"follow_up_created", json::serialize(followed)}); !noted) {
    return tl::unexpected(noted.error());
  }
  if (const auto film = store::media_items::of_interview(work.sql(), before.tenant, before.state.id)) {
    store::media_items::set_of_interview(work.sql(), record.tenant, record.state.id, film->id);
  }
  store::append_outbox(work.sql(),
                       {record.tenant, record.state.id, "interview.follow_up_created",
                        interview_payload(build_interview(work.sql(), record, work.now())), work.now()},
                       work.core().random());
  work.effects.outbox_written = true;
  work.effects.wake_at = record.state.expires_at;
  return record;
}

}  // namespace

Result<CreatedInterview> FollowUps::create(const Caller& caller, const std::string& interview) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  if (auto may = core_.may_begin(); !may) return tl::unexpected(may.error());
  return transact(core_, [&](Work& work) -> Result<CreatedInterview> {
    auto before = visible_interview(work.sql(), caller, interview);
    if (!before) return tl::unexpected(before.error());
    if (auto conducted = require_conductor(*before, caller); !conducted) return tl::unexpected(conducted.error());
    if (before->state.outcome != domain::OutcomeKind::needs_supplement) {
      return fail(ErrorKind::conflict, "follow_up.not_needed",
                  "Only an interview that needs a supplement is followed by another.");
    }
    auto open = store::interviews::open_follow_up(work.sql(), caller.tenant, before->state.id);
    if (open) {
      open->state.expires_at = std::max(open->state.expires_at, work.now() + kLinkLife);
      if (auto noted = work.note(*open, {"link_created", json::serialize(json::object{{"by", caller.id}})}); !noted) {
        return tl::unexpected(noted.error());
      }
    } else {
      auto begun = begin_follow_up(work, caller, *before);
      if (!begun) return tl::unexpected(begun.error());
      open = std::move(*begun);
    }
    return CreatedInterview{build_interview(work.sql(), *open, work.now()),
                            make_customer_link(core_, caller.tenant, open->state.id, work.now() + kLinkLife)};
  });
}

Result<std::vector<InterviewView>> FollowUps::others(const Caller& caller, const std::string& interview) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  return core_.database().read([&](store::Connection& connection) -> Result<std::vector<InterviewView>> {
    const auto record = visible_interview(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    store::InterviewSelection selection;
    selection.business_id = record->business_id;
    selection.limit = kMostOfABusiness;
    std::vector<InterviewView> views;
    for (const auto& other : store::interviews::select(connection, caller.tenant, selection)) {
      if (views.size() >= kMostListed) break;
      if (other.state.id == record->state.id || !may_see(connection, caller, other)) continue;
      auto view = build_interview(connection, other, core_.now());
      if (view.recording) view.recording = for_reader(std::move(*view.recording), caller.kind);
      views.push_back(std::move(view));
    }
    return views;
  });
}

}  // namespace tw::service
