#include "service/satisfaction.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/utf8.hpp"
#include "service/after_views.hpp"
#include "service/customer_state.hpp"
#include "service/payloads.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/accounts/after_rules.hpp"
#include "store/outbox.hpp"
#include "store/satisfaction.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

Result<void> check(std::int64_t score, const std::string& comment) {
  if (score < Satisfaction::kLeastScore || score > Satisfaction::kMostScore) {
    return fail(ErrorKind::invalid, "field.invalid", "score is a whole number from 1 to 5.", {{"field", "score"}});
  }
  const auto count = count_characters(comment);
  if (!count || *count > Satisfaction::kMostCommentCharacters) {
    return fail(ErrorKind::invalid, "field.invalid", "comment is a text of at most 500 characters.",
                {{"field", "comment"}});
  }
  return {};
}

/// Whether it may be said now.
Result<void> check_asked(Work& work, const store::InterviewRecord& record) {
  const domain::Interview& s = record.state;
  if (s.status != domain::Status::ended || !s.ended_at) {
    return fail(ErrorKind::conflict, "interview.not_ended", "The interview has not ended yet.");
  }
  if (store::satisfaction::find(work.sql(), record.tenant, s.id)) {
    return fail(ErrorKind::conflict, "satisfaction.given", "It was said already, and cannot be changed.");
  }
  if (!s.answered_at || !store::after_rules(work.sql(), record.tenant).ask_satisfaction) {
    return fail(ErrorKind::conflict, "satisfaction.not_asked", "Nobody asks how content the customer was.");
  }
  if (work.now() >= *s.ended_at + kSatisfactionOpenFor) {
    return fail(ErrorKind::gone, "satisfaction.closed", "It could be said for 24 hours after the end.");
  }
  return {};
}

void tell(Work& work, const store::InterviewRecord& record) {
  InterviewView view = build_interview(work.sql(), record, work.now());
  view.satisfaction = build_satisfaction(work.sql(), record.tenant, record.state.id);
  store::append_outbox(work.sql(),
                       {record.tenant, record.state.id, "interview.rated", interview_payload(view), work.now()},
                       work.core().random());
  work.effects.outbox_written = true;
}

}  // namespace

Result<CustomerState> Satisfaction::give(const Caller& customer, std::int64_t score, const std::string& comment) {
  if (auto allowed = require(customer, {CallerKind::customer}); !allowed) return tl::unexpected(allowed.error());
  if (auto good = check(score, comment); !good) return tl::unexpected(good.error());
  const auto done = transact(core_, [&](Work& work) -> Result<void> {
    auto record = work.interview(customer.tenant, customer.interview);
    if (!record) return tl::unexpected(record.error());
    if (auto asked = check_asked(work, *record); !asked) return asked;
    const bool blank = comment.find_first_not_of(" \t\r\n") == std::string::npos;
    store::satisfaction::insert(work.sql(), record->tenant, record->state.id,
                                {score, blank ? std::string() : comment, work.now()});
    // The chain never forgets: what somebody wrote of themselves or others stays out of it.
    if (auto noted = work.note(*record, {"satisfaction_given", json::serialize(json::object{{"score", score}})});
        !noted)
      return noted;
    tell(work, *record);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return read_customer_state(core_, customer.tenant, customer.interview);
}

}  // namespace tw::service
