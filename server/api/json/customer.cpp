#include "api/json/views.hpp"
#include "api/json/write.hpp"

namespace tw::api {
namespace json = boost::json;
namespace {

json::object consent_json(const service::ConsentTextView& text) {
  json::object out;
  put(out, "version", text.version);
  put(out, "language", text.language);
  put(out, "text", text.text);
  put(out, "sha256", text.sha256);
  return out;
}

json::object ice_server_json(const service::IceServerView& server) {
  json::object out;
  put_texts(out, "urls", server.urls);
  put_text(out, "username", server.username);
  put_text(out, "credential", server.credential);
  return out;
}

json::object photo_request_json(const service::PhotoRequestView& request) {
  json::object out;
  put(out, "photoId", request.photo);
  put(out, "category", request.category);
  put(out, "until", request.until);
  return out;
}

json::object asked_json(const service::AskedSatisfactionView& asked) {
  json::object out;
  put(out, "until", asked.until);
  put(out, "score", asked.score);
  return out;
}

}  // namespace

json::object to_json(const service::ConsentTextView& text) { return consent_json(text); }

json::object to_json(const service::MediaAccessView& media) {
  json::object out;
  put(out, "token", media.token);
  put(out, "expiresAt", media.expires_at);
  put(out, "participant", media.participant);
  put(out, "publishUrl", media.publish_url);
  put(out, "watchUrl", media.watch_url);
  put_list(out, "publish", media.publish, [](const auto& stream) {
    return json::object{{"stream", stream.first}, {"url", stream.second}};
  });
  put(out, "watchTemplate", media.watch_template);
  put_list(out, "iceServers", media.ice_servers, ice_server_json);
  put(out, "videoCodec", media.video_codec);
  put(out, "videoBitrateBps", media.video_bitrate_bps);
  return out;
}

json::object to_json(const service::CustomerPhotoView& photo) {
  json::object out;
  put(out, "id", photo.id);
  put(out, "category", photo.category);
  put(out, "source", photo.source);
  put(out, "takenAt", photo.taken_at);
  put(out, "width", photo.width);
  put(out, "height", photo.height);
  put_text(out, "watermarkedUrl", photo.watermarked_url);
  return out;
}

json::object to_json(const service::CustomerState& state) {
  json::object out;
  put(out, "interviewId", state.interview);
  put(out, "status", state.status);
  put_text(out, "businessId", state.business_id);
  put(out, "companyName", state.company_name);
  put(out, "tenantName", state.tenant_name);
  out["brand"] = to_json(state.brand);
  put_text(out, "queueName", state.queue_name);
  put_text(out, "nickName", state.nick_name);
  put(out, "placePolicy", state.place_policy);
  put_list(out, "consentTexts", state.consent_texts, consent_json);
  put(out, "consentGiven", state.consent_given);
  put(out, "placeGiven", state.place_given);
  if (state.place) out["place"] = to_json(*state.place);
  put(out, "position", state.position);
  put(out, "queuedAt", state.queued_at);
  put(out, "agentsOnline", state.agents_online);
  if (state.reconnecting) put(out, "reconnecting", true);
  put_text(out, "agentName", state.agent_name);
  put(out, "agentConnection", state.agent_connection);
  put_list(out, "people", state.people, person_json);
  put(out, "voiceOnly", state.voice_only);
  put(out, "held", state.held);
  if (state.transferring) put(out, "transferring", true);
  put(out, "answeredAt", state.answered_at);
  if (state.media) out["media"] = to_json(*state.media);
  if (state.player) out["player"] = to_json(*state.player);
  if (state.queue_music) {
    out["queueMusic"] = json::object{{"mediaId", state.queue_music->media_id}, {"title", state.queue_music->title}};
  }
  if (state.photo_request) out["photoRequest"] = photo_request_json(*state.photo_request);
  put(out, "customerPhotos", state.customer_photos);
  if (state.customer_photos != "none")
    put_list(out, "photos", state.photos, [](const auto& photo) { return to_json(photo); });
  put(out, "orientation", state.orientation);
  put(out, "endReason", state.end_reason);
  put(out, "endedAt", state.ended_at);
  put(out, "outcome", state.outcome);
  put_text(out, "outcomeReason", state.outcome_reason);
  if (state.outcome_pending) put(out, "outcomePending", true);
  put_text(out, "receiptNumber", state.receipt_number);
  if (state.satisfaction) out["satisfaction"] = asked_json(*state.satisfaction);
  put_text(out, "signedExit", state.signed_exit);
  put_text(out, "returnUrl", state.return_url);
  put(out, "serverTime", state.server_time);
  return out;
}

json::object to_json(const service::CustomerSessionView& session) {
  json::object out;
  put(out, "token", session.token);
  out["state"] = to_json(session.state);
  return out;
}

}  // namespace tw::api
