#include "api/json/views.hpp"
#include "api/json/write.hpp"

namespace tw::api {
namespace json = boost::json;
namespace {

json::object file_json(const service::RecordingFileView& file) {
  json::object out;
  put(out, "name", file.name);
  put(out, "kind", file.kind);
  put_text(out, "participant", file.participant);
  put_text(out, "stream", file.stream);
  put(out, "sizeBytes", file.size_bytes);
  put_text(out, "sha256", file.sha256);
  put(out, "durationMs", file.duration_ms);
  put(out, "avOffsetMs", file.av_offset_ms);
  put(out, "url", file.url);
  return out;
}

json::object gap_json(const service::RecordingGapView& gap) {
  json::object out;
  put(out, "fromMs", gap.from_ms);
  put(out, "toMs", gap.to_ms);
  put(out, "cause", gap.cause);
  return out;
}

json::object chapter_json(const service::RecordingChapterView& chapter) {
  json::object out;
  put(out, "atMs", chapter.at_ms);
  put(out, "kind", chapter.kind);
  put(out, "title", chapter.title);
  return out;
}

}  // namespace

json::object to_json(const service::PhotoView& photo) {
  json::object out;
  put(out, "id", photo.id);
  put(out, "status", photo.status);
  put(out, "takenAt", photo.taken_at);
  put(out, "width", photo.width);
  put(out, "height", photo.height);
  put_text(out, "sha256", photo.sha256);
  put_text(out, "watermarkedSha256", photo.watermarked_sha256);
  put_text(out, "originalUrl", photo.original_url);
  put_text(out, "watermarkedUrl", photo.watermarked_url);
  if (photo.deleted) put(out, "deleted", true);
  put_text(out, "failure", photo.failure);
  return out;
}

json::object to_json(const service::RecordingView& recording) {
  json::object out;
  put(out, "status", recording.status);
  put(out, "path", recording.path);
  put(out, "name", recording.name);
  put(out, "startedAt", recording.started_at);
  put(out, "durationMs", recording.duration_ms);
  put(out, "progressPercent", recording.progress_percent);
  put(out, "recovered", recording.recovered);
  put(out, "avOffsetMs", recording.av_offset_ms);
  put(out, "avOffsetFlag", recording.av_offset_flag);
  put_list(out, "gaps", recording.gaps, gap_json);
  put_list(out, "chapters", recording.chapters, chapter_json);
  put_list(out, "files", recording.files, file_json);
  return out;
}

json::object to_json(const service::TicketView& ticket) {
  json::object out;
  put(out, "ticket", ticket.ticket);
  put(out, "expiresAt", ticket.expires_at);
  return out;
}

}  // namespace tw::api
