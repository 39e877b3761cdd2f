#include "service/customer_entry.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "crypto/token.hpp"
#include "service/customer_state.hpp"
#include "service/media_tokens.hpp"
#include "service/orders.hpp"
#include "service/payloads.hpp"
#include "service/presence_book.hpp"
#include "service/work.hpp"
#include "store/accounts/tenants.hpp"
#include "store/customers.hpp"

namespace tw::service {
namespace {

constexpr std::string_view kCustomerPrefix = "twc_";

tl::unexpected<Error> link_unknown() { return fail(ErrorKind::not_found, "link.unknown", "There is no such link."); }

}  // namespace

Result<CustomerSessionView> CustomerEntry::open(const std::string& link_token, bool take_over) {
  const auto claims = read_interview_token(kLinkPrefix, link_token, core_.now(), core_.link_key());
  if (!claims) {
    if (claims.error().code == "token.expired") return fail(ErrorKind::gone, "link.expired", "The link has expired.");
    return link_unknown();
  }
  const auto found = core_.database().read([&](store::Connection& connection) -> Result<store::InterviewRecord> {
    const auto tenant = store::find_tenant(connection, claims->tenant);
    auto record = store::interviews::find(connection, claims->tenant, claims->interview);
    if (!tenant || !tenant->enabled || !record) return link_unknown();
    return std::move(*record);
  });
  if (!found) return tl::unexpected(found.error());
  const auto ended = [] { return fail(ErrorKind::gone, "interview.ended", "The interview has ended."); };
  if (found->state.status == domain::Status::ended) return ended();
  // Who is already in a call comes back whatever the server's disk says; it is a beginning otherwise.
  if (found->state.status == domain::Status::created || found->state.status == domain::Status::entered) {
    if (auto may = core_.may_begin(); !may) return tl::unexpected(may.error());
  }
  const auto other_device = [&] { return !take_over && core_.presence().customer_present(claims->interview); };
  const auto refuse_other_device = [] {
    return fail(ErrorKind::conflict, "customer.other_device",
                "Another device is in this interview; repeat with takeOver after the customer confirmed.");
  };
  if (other_device()) return refuse_other_device();
  std::optional<OrderAnswer> order;
  if (!found->order_endpoint.empty()) {
    auto answer = ask_order_endpoint(core_, *found);
    if (!answer) return tl::unexpected(answer.error());
    order = std::move(*answer);
  }

  const std::string token = make_token(kCustomerPrefix, core_.random());
  store::customers::Session session{MediaSessionId::make(core_.now(), core_.random()).str(), claims->tenant,
                                    claims->interview};
  bool replaced = false;
  const auto opened = transact(core_, [&](Work& work) -> Result<store::InterviewRecord> {
    auto record = work.interview(claims->tenant, claims->interview);
    if (!record) return link_unknown();
    if (record->state.status == domain::Status::ended) return ended();
    if (other_device()) return refuse_other_device();
    replaced = store::customers::active_session(work.sql(), claims->tenant, claims->interview).has_value();
    store::customers::begin_session(work.sql(), session, token_hash(token), work.now());
    if (order && (!order->sections.empty() || record->sections_json == "[]")) {
      record->sections_json = sections_to_json(order->sections);
    }
    const boost::json::object data{{"session", session.id}, {"orderChecked", order.has_value()}};
    auto entered = work.apply(*record, domain::command::Enter{boost::json::serialize(data)});
    if (!entered) return tl::unexpected(entered.error());
    return std::move(*record);
  });
  if (!opened) return tl::unexpected(opened.error());
  if (replaced) {
    core_.ports().notifier.customer_taken_over(claims->tenant, claims->interview, session.id);
    core_.ports().rooms.disconnect(claims->interview, kCustomerSide);
  }
  auto state = read_customer_state(core_, claims->tenant, claims->interview);
  if (!state) return tl::unexpected(state.error());
  return CustomerSessionView{token, std::move(*state)};
}

std::optional<Caller> CustomerEntry::find_session(std::string_view token) const {
  if (!token.starts_with(kCustomerPrefix)) return std::nullopt;
  auto caller = core_.database().read([&](store::Connection& connection) -> Result<Caller> {
    const auto session = store::customers::session_of(connection, token_hash(token));
    if (!session) return link_unknown();
    const auto record = store::interviews::find(connection, session->tenant, session->interview);
    if (!record) return link_unknown();
    return Caller{session->tenant, CallerKind::customer, record->customer.str(), session->id, session->interview};
  });
  if (!caller) return std::nullopt;
  return std::move(*caller);
}

}  // namespace tw::service
