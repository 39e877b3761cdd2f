#include "api/socket/service_source.hpp"

#include "api/json/views.hpp"
#include "service/accounts/authenticator.hpp"
#include "service/calls.hpp"
#include "service/customer_steps.hpp"
#include "service/desk.hpp"
#include "service/guest_steps.hpp"
#include "service/queue_music.hpp"
#include "service/supervision.hpp"

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
  news.supervision = desk->supervision;
  return news;
}

Result<boost::json::object> ServiceSource::interview_state(const service::Caller& caller,
                                                           const InterviewId& interview) {
  const auto state = services_.calls.agent_interview(caller, interview.str());
  if (!state) return tl::unexpected(state.error());
  return to_json(*state);
}

Result<GuestNews> ServiceSource::guest_state(const service::Caller& caller) {
  const auto state = services_.guest_steps.state(caller);
  if (!state) return tl::unexpected(state.error());
  const bool out = state->status == domain::GuestStatus::left || state->status == domain::GuestStatus::removed;
  return GuestNews{to_json(*state), out || state->interview_status == domain::Status::ended};
}

Result<SocketSource::SupervisorNews> ServiceSource::supervisor_state(const service::Caller& caller,
                                                                     const SupervisorId& session) {
  const auto state = services_.supervision.state(caller, session.str());
  if (!state) return tl::unexpected(state.error());
  return SupervisorNews{to_json(*state), state->call.interview};
}

Result<boost::json::array> ServiceSource::live_calls(const service::Caller& caller) {
  const auto calls = services_.supervision.live(caller);
  if (!calls) return tl::unexpected(calls.error());
  boost::json::array items;
  items.reserve(calls->size());
  for (const auto& call : *calls) items.push_back(to_json(call));
  return items;
}

void ServiceSource::customer_page(const service::Caller& caller, bool visible, const std::string& camera) {
  services_.connections.customer_page(caller, visible, camera);
}

void ServiceSource::customer_device(const service::Caller& caller, const std::string& device,
                                    const std::string& state) {
  services_.connections.customer_device(caller, device, state);
}

void ServiceSource::customer_music(const service::Caller& caller, const std::string& media) {
  services_.queue_music.heard(caller, media);
}

void ServiceSource::opened(const service::Caller& caller) {
  switch (caller.kind) {
    case service::CallerKind::customer: return services_.connections.customer_socket_opened(caller);
    case service::CallerKind::guest: return services_.connections.guest_socket_opened(caller);
    default: return services_.connections.agent_socket_opened(caller);
  }
}

void ServiceSource::closed(const service::Caller& caller) {
  switch (caller.kind) {
    case service::CallerKind::customer: return services_.connections.customer_socket_closed(caller);
    case service::CallerKind::guest: return services_.connections.guest_socket_closed(caller);
    default: return services_.connections.agent_socket_closed(caller);
  }
}

void ServiceSource::quality(const service::Caller& caller, const service::QualityView& quality) {
  services_.connections.page_quality(caller, quality);
}

}  // namespace tw::api
