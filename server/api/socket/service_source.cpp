#include "api/socket/service_source.hpp"

#include "api/json/views.hpp"
#include "service/accounts/authenticator.hpp"
#include "service/calls.hpp"
#include "service/customer_steps.hpp"
#include "service/desk.hpp"

namespace tw::api {

Result<service::Caller> ServiceSource::authenticate(std::string_view token) {
  return services_.authenticator.authenticate(token);
}

Result<CustomerNews> ServiceSource::customer_state(const service::Caller& caller) {
  const auto state = services_.customer_steps.state(caller);
  if (!state) return tl::unexpected(state.error());
  CustomerNews news;
  news.state = to_json(*state);
  news.waiting = state->status == domain::Status::queued || state->status == domain::Status::ringing;
  news.ended = state->status == domain::Status::ended;
  return news;
}

Result<DeskNews> ServiceSource::desk_state(const service::Caller& caller) {
  const auto desk = services_.desk.state(caller);
  if (!desk) return tl::unexpected(desk.error());
  DeskNews news;
  news.state = to_json(*desk);
  for (const auto& queue : desk->queues) news.queues.push_back(queue.id);
  news.interview = desk->interview;
  return news;
}

Result<boost::json::object> ServiceSource::interview_state(const service::Caller& caller,
                                                           const InterviewId& interview) {
  const auto state = services_.calls.agent_interview(caller, interview.str());
  if (!state) return tl::unexpected(state.error());
  return to_json(*state);
}

void ServiceSource::opened(const service::Caller& caller) {
  if (caller.kind == service::CallerKind::customer) {
    services_.connections.customer_socket_opened(caller);
  } else {
    services_.connections.agent_socket_opened(caller);
  }
}

void ServiceSource::closed(const service::Caller& caller) {
  if (caller.kind == service::CallerKind::customer) {
    services_.connections.customer_socket_closed(caller);
  } else {
    services_.connections.agent_socket_closed(caller);
  }
}

void ServiceSource::quality(const service::Caller& caller, const service::QualityView& quality) {
  services_.connections.page_quality(caller, quality);
}

}  // namespace tw::api
