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
  put_text(out, "displayName", file.display_name);
  put_text(out, "stream", file.stream);
  put(out, "sizeBytes", file.size_bytes);
  put_text(out, "sha256", file.sha256);
  put(out, "durationMs", file.duration_ms);
  put(out, "avOffsetMs", file.av_offset_ms);
  put(out, "url", file.url);
  return out;
}

/// These three are always there, so that "none" is told and not left open.
void put_custody(json::object& out, const service::RecordingView& recording) {
  out["legalHold"] = nullptr;
  out["expiresAt"] = nullptr;
  out["deletion"] = nullptr;
  if (recording.legal_hold) {
    json::object hold;
    put(hold, "since", recording.legal_hold->since);
    put_text(hold, "by", recording.legal_hold->by);
    put_text(hold, "reason", recording.legal_hold->reason);
    out["legalHold"] = std::move(hold);
  }
  put(out, "expiresAt", recording.expires_at);
  if (recording.deletion) {
    json::object deletion;
    put(deletion, "at", recording.deletion->at);
    put(deletion, "by", recording.deletion->by);
    put(deletion, "reason", recording.deletion->reason);
    out["deletion"] = std::move(deletion);
  }
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
  put(out, "category", photo.category);
  put(out, "source", photo.source);
  put_text(out, "replaces", photo.replaces);
  put_text(out, "replacedBy", photo.replaced_by);
  put(out, "until", photo.until);
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
  put_custody(out, recording);
  return out;
}

json::object to_json(const service::TicketView& ticket) {
  json::object out;
  put(out, "ticket", ticket.ticket);
  put(out, "expiresAt", ticket.expires_at);
  return out;
}

}  // namespace tw::api
