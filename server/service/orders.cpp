#include "service/orders.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/encoding.hpp"
#include "service/running_asks.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

constexpr const char* kRefreshed = "order_refreshed";
constexpr const char* kRefreshFailed = "order_refresh_failed";

/// Percent-encoding of a value for the order endpoint's query.
std::string encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      const std::uint8_t byte[]{static_cast<std::uint8_t>(c)};
      out += "%" + to_hex(byte);
    }
  }
  return out;
}

Result<store::InterviewRecord> may_refresh(Core& core, const Caller& caller, const std::string& interview) {
  return core.database().read([&](store::Connection& connection) -> Result<store::InterviewRecord> {
    auto record = visible_interview(connection, caller, interview);
    if (!record) return record;
    if (auto conducts = require_conductor(*record, caller); !conducts) return tl::unexpected(conducts.error());
    if (record->order_endpoint.empty()) {
      return fail(ErrorKind::conflict, "order.no_endpoint", "No order endpoint belongs to this interview.");
    }
    return record;
  });
}

/// Whether the last answer, or failure, is still too fresh.
Result<bool> asked_just_now(Core& core, const store::InterviewRecord& record) {
  return core.database().read([&](store::Connection& connection) -> Result<bool> {
    for (const char* kind : {kRefreshed, kRefreshFailed}) {
      const auto asked = store::interviews::timeline_of_kind(connection, record.tenant, record.state.id, kind);
      if (!asked.empty() && asked.back().at + Orders::kPause > core.now()) return true;
    }
    return false;
  });
}

tl::unexpected<Error> too_soon() {
  return fail(ErrorKind::rate_limited, "order.too_soon", "The order was asked for just now; wait some seconds.");
}

/// What came of it, on the timeline; with the sections where there are new ones.
Result<void> keep(Core& core, const store::InterviewRecord& asked, const Result<OrderAnswer>& answer) {
  return transact(core, [&](Work& work) -> Result<void> {
    auto record = work.interview(asked.tenant, asked.state.id);
    if (!record) return tl::unexpected(record.error());
    if (!answer) {
      json::object data{{"code", answer.error().code}};
      for (const auto& [name, value] : answer.error().params) {
        if (name == "cause") data[name] = value;
      }
      return work.note(*record, {kRefreshFailed, json::serialize(data)});
    }
    record->sections_json = sections_to_json(answer->sections);
    return work.note(*record, {kRefreshed, json::serialize(json::object{{"sections", answer->sections.size()}})});
  });
}

}  // namespace

Result<OrderAnswer> ask_order_endpoint(Core& core, const store::InterviewRecord& record) {
  OutgoingRequest request;
  request.url = record.order_endpoint;
  request.url += request.url.find('?') == std::string::npos ? '?' : '&';
  request.url += "businessId=" + encode(record.business_id) + "&assistId=" + encode(record.assist_id) +
                 "&interviewId=" + encode(record.state.id.str());
  request.headers.emplace_back("Accept", "application/json");
  const auto response = core.ports().outgoing.send(request);
  if (!response || response->status != 200) {
    return fail(ErrorKind::unavailable, "order.unavailable", "The order endpoint did not answer; try again later.",
                {{"cause", response ? std::to_string(response->status) : response.error().code}});
  }
  auto answer = parse_order_answer(response->body);
  if (answer && !answer->allowed) {
    return fail(ErrorKind::forbidden, "interview.not_allowed", "The business system does not allow this interview.",
                {{"message", answer->message}});
  }
  return answer;
}

Result<AgentInterview> Orders::refresh(const Caller& caller, const std::string& interview) {
  if (auto allowed = require_user(caller); !allowed) {
    return tl::unexpected(allowed.error());
  }
  const auto record = may_refresh(core_, caller, interview);
  if (!record) return tl::unexpected(record.error());
  // The turn first, and held until the answer stands on the timeline: whoever looks there with it sees the one before.
  const auto turn = core_.order_asks().begin(record->state.id);
  if (!turn) return too_soon();
  const auto fresh = asked_just_now(core_, *record);
  if (!fresh) return tl::unexpected(fresh.error());
  if (*fresh) return too_soon();
  const auto answer = ask_order_endpoint(core_, *record);
  if (auto kept = keep(core_, *record, answer); !kept) return tl::unexpected(kept.error());
  if (!answer) return tl::unexpected(answer.error());
  return core_.database().read([&](store::Connection& connection) -> Result<AgentInterview> {
    const auto now = store::interviews::find(connection, caller.tenant, record->state.id);
    if (!now) return interview_unknown();
    return build_agent_interview(core_, connection, caller, *now);
  });
}

}  // namespace tw::service
