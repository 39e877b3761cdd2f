#include "api/json/views.hpp"
#include "api/json/write.hpp"

namespace tw::api {
namespace json = boost::json;

json::object person_json(const service::PersonView& person) {
  json::object out;
  put(out, "participant", person.participant);
  put(out, "role", person.part);
  put(out, "displayName", person.display_name);
  put_list(out, "streams", person.streams, [](const service::StreamView& stream) {
    return json::object{{"name", stream.name}, {"audio", stream.audio}, {"video", stream.video}};
  });
  put(out, "held", person.held);
  return out;
}

json::object transfer_json(const service::TransferView& transfer) {
  json::object out;
  put(out, "state", transfer.state);
  put(out, "agentId", transfer.agent);
  put_text(out, "agentName", transfer.agent_name);
  put(out, "queueId", transfer.queue);
  put_text(out, "queueName", transfer.queue_name);
  put_text(out, "note", transfer.note);
  put(out, "since", transfer.since);
  put(out, "until", transfer.until);
  return out;
}

json::object to_json(const service::TransferTargets& targets) {
  json::object out;
  put_list(out, "agents", targets.agents, [](const service::TransferTargets::Agent& agent) {
    json::object one;
    put(one, "agentId", agent.id);
    put(one, "displayName", agent.display_name);
    put(one, "available", agent.available);
    put(one, "presence", agent.presence);
    return one;
  });
  put_list(out, "queues", targets.queues, [](const service::TransferTargets::Queue& queue) {
    json::object one;
    put(one, "queueId", queue.id);
    put(one, "name", queue.name);
    put(one, "agentsOnline", queue.agents_online);
    put(one, "waiting", queue.waiting);
    return one;
  });
  return out;
}

json::object to_json(const service::GuestView& guest) {
  json::object out;
  put(out, "id", guest.id);
  put(out, "displayName", guest.display_name);
  put(out, "status", guest.status);
  put(out, "signInRequired", guest.sign_in_required);
  put(out, "invitedAt", guest.invited_at);
  put(out, "expiresAt", guest.expires_at);
  put(out, "joinedAt", guest.joined_at);
  put(out, "leftAt", guest.left_at);
  put(out, "consentGiven", guest.consent_given);
  put(out, "connection", guest.connection);
  return out;
}

json::object to_json(const service::CreatedGuest& created) {
  json::object out;
  out["guest"] = to_json(created.guest);
  out["link"] = to_json(created.link);
  return out;
}

json::object to_json(const service::GuestState& state) {
  json::object out;
  put(out, "interviewId", state.interview);
  put(out, "guestId", state.guest);
  put(out, "status", state.status);
  put(out, "interviewStatus", state.interview_status);
  put(out, "displayName", state.display_name);
  put(out, "companyName", state.company_name);
  put(out, "tenantName", state.tenant_name);
  out["brand"] = to_json(state.brand);
  put_list(out, "consentTexts", state.consent_texts,
           [](const service::ConsentTextView& text) { return to_json(text); });
  put(out, "consentGiven", state.consent_given);
  put_list(out, "people", state.people, person_json);
  put(out, "voiceOnly", state.voice_only);
  put(out, "held", state.held);
  if (state.player) out["player"] = to_json(*state.player);
  if (state.media) out["media"] = to_json(*state.media);
  put(out, "endedAt", state.ended_at);
  put(out, "serverTime", state.server_time);
  return out;
}

json::object to_json(const service::GuestSessionView& session) {
  json::object out;
  put(out, "token", session.token);
  out["state"] = to_json(session.state);
  return out;
}

json::object to_json(const service::LiveInterview& call) {
  json::object out;
  put(out, "interviewId", call.interview);
  put(out, "businessId", call.business_id);
  put(out, "nickName", call.nick_name);
  put(out, "queueId", call.queue);
  put(out, "queueName", call.queue_name);
  put(out, "status", call.status);
  put(out, "agentId", call.agent);
  put_text(out, "agentName", call.agent_name);
  put(out, "answeredAt", call.answered_at);
  put(out, "voiceOnly", call.voice_only);
  put(out, "held", call.held);
  if (call.transfer) out["transfer"] = transfer_json(*call.transfer);
  put_list(out, "people", call.people, person_json);
  put_list(out, "supervisors", call.supervisors, [](const service::SupervisorPresenceView& supervisor) {
    json::object one;
    put(one, "sessionId", supervisor.session);
    put(one, "displayName", supervisor.display_name);
    put(one, "mode", supervisor.mode);
    return one;
  });
  return out;
}

json::object to_json(const service::SupervisorState& state) {
  json::object out;
  put(out, "sessionId", state.session);
  put(out, "mode", state.mode);
  out["call"] = to_json(state.call);
  if (state.player) out["player"] = to_json(*state.player);
  if (state.media) out["media"] = to_json(*state.media);
  put(out, "serverTime", state.server_time);
  return out;
}

}  // namespace tw::api
