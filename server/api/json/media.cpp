#include "api/json/views.hpp"
#include "api/json/write.hpp"

namespace tw::api {
namespace json = boost::json;

json::object to_json(const service::MediaItemView& item) {
  json::object out;
  put(out, "id", item.id);
  put(out, "kind", item.kind);
  put(out, "source", item.source);
  put(out, "title", item.title);
  put(out, "status", item.state == "working" ? std::string("preparing") : item.state);
  if (item.state == "working") put(out, "progressPercent", item.progress_percent);
  put_text(out, "failure", item.failure);
  if (item.state == "ready") {
    put(out, "durationMs", item.duration_ms);
    put(out, "hasSound", item.has_sound);
    put(out, "hasPicture", item.width > 0);
    if (item.width > 0) {
      put(out, "width", item.width);
      put(out, "height", item.height);
    }
    put(out, "sizeBytes", item.size_bytes);
    put_text(out, "sha256", item.sha256);
  }
  put(out, "createdAt", item.created_at);
  return out;
}

json::object to_json(const service::PlayerView& player) {
  json::object out;
  put(out, "mediaId", player.media_id);
  put(out, "title", player.title);
  put(out, "kind", player.kind);
  put(out, "state", player.state);
  put(out, "positionMs", player.position_ms);
  put(out, "durationMs", player.duration_ms);
  put(out, "at", player.at);
  return out;
}

}  // namespace tw::api
