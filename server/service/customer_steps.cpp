#include "service/customer_steps.hpp"

#include <boost/json.hpp>

#include "base/log.hpp"
#include "service/customer_state.hpp"
#include "service/presence_book.hpp"
#include "service/return_address.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/accounts/queues.hpp"
#include "store/accounts/tenants.hpp"
#include "store/media_items.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

/// Runs one step of the customer's and answers with the state after it.
template <class Step>
Result<CustomerState> step(Core& core, const Caller& caller, Step&& change) {
  if (auto allowed = require(caller, {CallerKind::customer}); !allowed) return tl::unexpected(allowed.error());
  const auto done = transact(core, [&](Work& work) -> Result<void> {
    auto record = work.interview(caller.tenant, caller.interview);
    if (!record) return tl::unexpected(record.error());
    return change(work, *record);
  });
  if (!done) return tl::unexpected(done.error());
  return read_customer_state(core, caller.tenant, caller.interview);
}

Result<void> nothing(const Result<domain::Events>& events) {
  if (!events) return tl::unexpected(events.error());
  return {};
}

domain::PlacePolicy policy_of(const store::TenantRow& tenant) {
  return domain::parse<domain::PlacePolicy>(tenant.place_policy).value_or(domain::PlacePolicy::required);
}

/// May a place be told now? The domain says so again when it is kept; here it saves asking outside for nothing.
bool may_tell_place(store::Connection& connection, const Caller& caller) {
  const auto record = store::interviews::find(connection, caller.tenant, caller.interview);
  const auto tenant = store::find_tenant(connection, caller.tenant);
  return record && tenant && record->state.status != domain::Status::ended && record->state.consent_given &&
         policy_of(*tenant) != domain::PlacePolicy::off;
}

std::size_t places_told(store::Connection& connection, const Caller& caller) {
  std::size_t told = 0;
  for (const char* kind : {"place_given", "place_refused", "place_unavailable"})
    told += store::interviews::timeline_of_kind(connection, caller.tenant, caller.interview, kind).size();
  return told;
}

Result<json::object> place_object(const PlaceReport& report, WallTime now, const FoundAddress& address) {
  json::object place{{"status", domain::to_text(report.status)}, {"at", to_rfc3339(now)}};
  if (report.status != domain::PlaceStatus::given) {
    if (!report.reason.empty()) place["reason"] = report.reason;
    return place;
  }
  if (!report.latitude || !report.longitude) {
    return fail(ErrorKind::invalid, "field.invalid", "A place needs latitude and longitude.", {{"field", "latitude"}});
  }
  place["latitude"] = *report.latitude;
  place["longitude"] = *report.longitude;
  if (report.accuracy_m) place["accuracyM"] = *report.accuracy_m;
  if (!address.text.empty()) {
    place["address"] = address.text;
    place["addressSource"] = address.source;
  }
  return place;
}

}  // namespace

Result<CustomerState> read_customer_state(Core& core, const TenantId& tenant, const InterviewId& interview) {
  store::InterviewRecord record;
  auto state = core.database().read([&](store::Connection& connection) -> Result<CustomerState> {
    auto found = store::interviews::find(connection, tenant, interview);
    if (!found) return interview_unknown();
    record = std::move(*found);
    return build_customer_state(core, connection, record);
  });
  if (!state) return state;
  if (record.state.status == domain::Status::ended) {
    const auto key = core.ports().tenant_keys.of(tenant);
    if (!key) {
      log::error("no key for a return address", {{"tenant", tenant.str()}, {"code", key.error().code}});
    } else {
      const std::string secret = return_secret(*key);
      state->signed_exit = signed_exit(record, secret);
      state->return_url = return_address(record, secret);
    }
  }
  return state;
}

Result<CustomerState> CustomerSteps::state(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::customer}); !allowed) return tl::unexpected(allowed.error());
  return read_customer_state(core_, caller.tenant, caller.interview);
}

Result<CustomerState> CustomerSteps::consent(const Caller& caller, const ConsentReport& report) {
  return step(core_, caller, [&](Work& work, store::InterviewRecord& record) -> Result<void> {
    const auto texts = store::current_consent_texts(work.sql(), caller.tenant);
    if (!is_among(texts, report) && record.state.status != domain::Status::ended) return consent_text_unknown();
    const std::string text = consent_evidence(report, work.now());
    if (record.consent_json.empty()) record.consent_json = text;
    return nothing(work.apply(record, domain::command::Consent{report.accepted, text}));
  });
}

Result<CustomerState> CustomerSteps::place(const Caller& caller, const PlaceReport& report) {
  if (auto allowed = require(caller, {CallerKind::customer}); !allowed) return tl::unexpected(allowed.error());
  FoundAddress address;
  if (report.status == domain::PlaceStatus::given && report.latitude && report.longitude) {
    const auto may = core_.database().read([&](store::Connection& connection) -> Result<bool> {
      return may_tell_place(connection, caller) && places_told(connection, caller) < kMostPlaces;
    });
    if (!may) return tl::unexpected(may.error());
    if (*may) {
      address = addresses_.find(caller.tenant, {*report.latitude, *report.longitude}, report.accuracy_m.value_or(0));
    }
  }
  return step(core_, caller, [&](Work& work, store::InterviewRecord& record) -> Result<void> {
    const auto tenant = store::find_tenant(work.sql(), caller.tenant);
    if (!tenant) return interview_unknown();
    if (places_told(work.sql(), caller) >= kMostPlaces) {
      return fail(ErrorKind::rate_limited, "place.too_often", "The place was told often enough in this interview.");
    }
    const auto place = place_object(report, work.now(), address);
    if (!place) return tl::unexpected(place.error());
    const std::string text = json::serialize(*place);
    record.place_json = text;
    return nothing(work.apply(record, domain::command::GivePlace{report.status, policy_of(*tenant), text}));
  });
}

Result<CustomerState> CustomerSteps::enter_queue(const Caller& caller) {
  const Result<void> may = core_.may_begin();
  return step(core_, caller, [&](Work& work, store::InterviewRecord& record) -> Result<void> {
    if (record.state.status == domain::Status::entered) {
      if (!may) return tl::unexpected(may.error());
      const auto queue = store::admin_queue(work.sql(), caller.tenant, record.state.queue);
      if (!queue || !queue->enabled) {
        return fail(ErrorKind::conflict, "queue.closed",
                    "The queue is closed; ask the company for another appointment.");
      }
    }
    const auto tenant = store::find_tenant(work.sql(), caller.tenant);
    if (!tenant) return interview_unknown();
    auto joined = work.apply(record, domain::command::JoinQueue{policy_of(*tenant)});
    if (!joined) return tl::unexpected(joined.error());
    // Of a company made since the server started nobody has made the music yet.
    if (!store::media_items::queue_music(work.sql(), caller.tenant)) work.effects.jobs_written = true;
    // Nobody waits without a page: whoever has none yet gets the time of an absence to open it.
    if (!joined->empty() && !core_.presence().customer_present(caller.interview)) {
      return nothing(work.apply(record, domain::command::CustomerGone{}));
    }
    return {};
  });
}

Result<CustomerState> CustomerSteps::leave(const Caller& caller) {
  return step(core_, caller, [&](Work& work, store::InterviewRecord& record) -> Result<void> {
    return nothing(work.apply(record, domain::command::Leave{}));
  });
}

}  // namespace tw::service
