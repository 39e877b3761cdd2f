#include "store/recordings.hpp"

namespace tw::store::recordings {

void insert(Transaction& transaction, const RecordingRow& recording) {
  transaction.execute(
      "INSERT INTO recordings (tenant_id, id, interview_id, path, name, status, started_at, wrapped_key) "
      "VALUES (:tenant, :id, :interview, :path, :name, :status, :started_at, '')",
      {{"tenant", recording.tenant},
       {"id", recording.id},
       {"interview", recording.interview},
       {"path", recording.path},
       {"name", recording.name},
       {"status", recording.status},
       {"started_at", recording.started_at}});
  transaction.execute("INSERT INTO recording_keys (tenant_id, recording_id, wrapped_key) VALUES (:tenant, :id, :key)",
                      {{"tenant", recording.tenant}, {"id", recording.id}, {"key", recording.wrapped_key}});
}

void update(Transaction& transaction, const RecordingRow& recording) {
  transaction.execute(
      "UPDATE recordings SET status = :status, started_at = :started_at, duration_ms = :duration, progress = "
      ":progress, "
      "recovered = :recovered, gaps_json = :gaps, av_offset_ms = :offset, failure = :failure, "
      "chapters_json = :chapters "
      "WHERE tenant_id = :tenant AND id = :id",
      {{"status", recording.status},
       {"started_at", recording.started_at},
       {"duration", recording.duration_ms},
       {"progress", recording.progress},
       {"recovered", recording.recovered},
       {"gaps", recording.gaps_json},
       {"offset", recording.av_offset_ms},
       {"failure", recording.failure},
       {"chapters", recording.chapters_json},
       {"tenant", recording.tenant},
       {"id", recording.id}});
}

void set_progress(Transaction& transaction, const TenantId& tenant, const RecordingId& recording,
                  std::int64_t progress) {
  transaction.execute("UPDATE recordings SET progress = :progress WHERE tenant_id = :tenant AND id = :id",
                      {{"progress", progress}, {"tenant", tenant}, {"id", recording}});
}

void forget_progress(Transaction& transaction) {
  transaction.execute("UPDATE recordings SET progress = 0 WHERE status = 'processing'", {});
}

std::optional<RecordingRow> of_interview(Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  const auto row = connection.first(
      "SELECT r.tenant_id, r.id, r.interview_id, r.path, r.name, r.status, r.started_at, r.duration_ms, r.progress, "
      "r.recovered, r.gaps_json, r.av_offset_ms, r.failure, k.wrapped_key, r.chapters_json, r.held_since, r.held_by, "
      "r.held_reason, r.deleted_at, r.deleted_by, r.deletion_reason FROM recordings r "
      "JOIN recording_keys k ON k.tenant_id = r.tenant_id AND k.recording_id = r.id "
      "WHERE r.tenant_id = :tenant AND r.interview_id = :interview",
      {{"tenant", tenant}, {"interview", interview}});
  if (!row) return std::nullopt;
  RecordingRow recording;
  recording.tenant = row->id<TenantId>(0);
  recording.id = row->id<RecordingId>(1);
  recording.interview = row->id<InterviewId>(2);
  recording.path = row->text(3);
  recording.name = row->text(4);
  recording.status = row->text(5);
  recording.started_at = row->time(6);
  recording.duration_ms = row->i64(7);
  recording.progress = row->i64(8);
  recording.recovered = row->flag(9);
  recording.gaps_json = row->text(10);
  recording.av_offset_ms = row->opt_real(11);
  recording.failure = row->text(12);
  recording.wrapped_key = row->text(13);
  recording.chapters_json = row->text(14);
  recording.held_since = row->opt_time(15);
  recording.held_by = row->text(16);
  recording.held_reason = row->text(17);
  recording.deleted_at = row->opt_time(18);
  recording.deleted_by = row->text(19);
  recording.deletion_reason = row->text(20);
  return recording;
}

std::vector<RecordingPartRow> parts(Connection& connection, const TenantId& tenant, const RecordingId& recording) {
  std::vector<RecordingPartRow> parts;
  for (const Row& row : connection.query("SELECT part, status, started_at, ended_at FROM recording_parts "
                                         "WHERE tenant_id = :tenant AND recording_id = :recording ORDER BY part",
                                         {{"tenant", tenant}, {"recording", recording}})) {
    parts.push_back({static_cast<std::uint32_t>(row.i64(0)), row.text(1), row.time(2), row.opt_time(3)});
  }
  return parts;
}

void put_part(Transaction& transaction, const TenantId& tenant, const RecordingId& recording,
              const RecordingPartRow& part) {
  transaction.execute(
      "INSERT INTO recording_parts (tenant_id, recording_id, part, status, started_at, ended_at) "
      "VALUES (:tenant, :recording, :part, :status, :started_at, :ended_at) "
      "ON CONFLICT (tenant_id, recording_id, part) DO UPDATE SET status = :status, started_at = :started_at, "
      "ended_at = :ended_at",
      {{"tenant", tenant},
       {"recording", recording},
       {"part", part.part},
       {"status", part.status},
       {"started_at", part.started_at},
       {"ended_at", part.ended_at}});
}

std::vector<RecordingFileRow> files(Connection& connection, const TenantId& tenant, const RecordingId& recording) {
  std::vector<RecordingFileRow> files;
  for (const Row& row :
       connection.query("SELECT name, kind, participant, size_bytes, sha256, duration_ms, stream, av_offset_ms, "
                        "display_name FROM recording_files "
                        "WHERE tenant_id = :tenant AND recording_id = :recording ORDER BY kind, name",
                        {{"tenant", tenant}, {"recording", recording}})) {
    files.push_back({row.text(0), row.text(1), row.text(2), row.i64(3), row.text(4), row.i64(5), row.text(6),
                     row.opt_real(7), row.text(8)});
  }
  return files;
}

void replace_files(Transaction& transaction, const TenantId& tenant, const RecordingId& recording,
                   const std::vector<RecordingFileRow>& files) {
  transaction.execute("DELETE FROM recording_files WHERE tenant_id = :tenant AND recording_id = :recording",
                      {{"tenant", tenant}, {"recording", recording}});
  for (const RecordingFileRow& file : files) {
    transaction.execute(
        "INSERT INTO recording_files (tenant_id, recording_id, name, kind, participant, size_bytes, sha256, "
        "duration_ms, stream, av_offset_ms, display_name) "
        "VALUES (:tenant, :recording, :name, :kind, :participant, :size, :sha, :duration, :stream, :offset, :shown)",
        {{"tenant", tenant},
         {"recording", recording},
         {"name", file.name},
         {"kind", file.kind},
         {"participant", file.participant},
         {"size", file.size_bytes},
         {"sha", file.sha256},
         {"duration", file.duration_ms},
         {"stream", file.stream},
         {"offset", file.av_offset_ms},
         {"shown", file.display_name}});
  }
}

std::vector<Key> unfinished_of_ended(Connection& connection) {
  std::vector<Key> keys;
  for (const Row& row :
       connection.query("SELECT r.tenant_id, r.interview_id FROM recordings r "
                        "JOIN interviews i ON i.tenant_id = r.tenant_id AND i.id = r.interview_id "
                        "WHERE r.status = 'recording' AND r.deleted_at IS NULL AND i.status = 'ended'")) {
    keys.push_back({row.id<TenantId>(0), row.id<InterviewId>(1)});
  }
  return keys;
}

}  // namespace tw::store::recordings
