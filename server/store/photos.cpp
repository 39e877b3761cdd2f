#include "store/photos.hpp"

namespace tw::store::photos {
namespace {

constexpr const char* kSelect =
    "SELECT tenant_id, id, interview_id, status, failure, taken_at, taken_by, width, height, sha256, "
    "watermarked_sha256, "
    "original_bytes, watermarked_bytes, wrapped_key, deleted_at, deleted_by, category, source, replaces, asked_until "
    "FROM photos ";

PhotoRow read(const Row& row) {
  PhotoRow photo;
  photo.tenant = row.id<TenantId>(0);
  photo.id = row.id<PhotoId>(1);
  photo.interview = row.id<InterviewId>(2);
  photo.status = row.text(3);
  photo.failure = row.text(4);
  photo.taken_at = row.time(5);
  photo.taken_by = row.id<AgentId>(6);
  photo.width = row.i64(7);
  photo.height = row.i64(8);
  photo.sha256 = row.text(9);
  photo.watermarked_sha256 = row.text(10);
  photo.original_bytes = row.i64(11);
  photo.watermarked_bytes = row.i64(12);
  photo.wrapped_key = row.text(13);
  photo.deleted_at = row.opt_time(14);
  photo.deleted_by = row.text(15);
  photo.category = row.text(16);
  photo.source = row.text(17);
  photo.replaces = row.text(18);
  photo.asked_until = row.opt_time(19);
  return photo;
}

std::vector<Key> keys_of(const std::vector<Row>& rows) {
  std::vector<Key> keys;
  keys.reserve(rows.size());
  for (const Row& row : rows) keys.push_back({row.id<TenantId>(0), row.id<InterviewId>(1), row.id<PhotoId>(2)});
  return keys;
}

}  // namespace

void insert(Transaction& transaction, const PhotoRow& photo) {
  transaction.execute(
      "INSERT INTO photos (tenant_id, id, interview_id, status, taken_at, taken_by, wrapped_key, category, source, "
      "replaces, asked_until) "
      "VALUES (:tenant, :id, :interview, :status, :taken_at, :taken_by, :key, :category, :source, :replaces, :until)",
      {{"tenant", photo.tenant},
       {"id", photo.id},
       {"interview", photo.interview},
       {"status", photo.status},
       {"taken_at", photo.taken_at},
       {"taken_by", photo.taken_by},
       {"key", photo.wrapped_key},
       {"category", photo.category},
       {"source", photo.source},
       {"replaces", photo.replaces},
       {"until", photo.asked_until}});
}

void update(Transaction& transaction, const PhotoRow& photo) {
  transaction.execute(
      "UPDATE photos SET status = :status, failure = :failure, taken_at = :taken_at, width = :width, height = :height, "
      "sha256 = :sha, watermarked_sha256 = :marked_sha, original_bytes = :bytes, watermarked_bytes = :marked_bytes, "
      "deleted_at = :deleted_at, deleted_by = :deleted_by, asked_until = :until "
      "WHERE tenant_id = :tenant AND id = :id",
      {{"status", photo.status},
       {"failure", photo.failure},
       {"taken_at", photo.taken_at},
       {"width", photo.width},
       {"height", photo.height},
       {"sha", photo.sha256},
       {"marked_sha", photo.watermarked_sha256},
       {"bytes", photo.original_bytes},
       {"marked_bytes", photo.watermarked_bytes},
       {"deleted_at", photo.deleted_at},
       {"deleted_by", photo.deleted_by},
       {"until", photo.asked_until},
       {"tenant", photo.tenant},
       {"id", photo.id}});
}

std::optional<PhotoRow> find(Connection& connection, const TenantId& tenant, const InterviewId& interview,
                             const PhotoId& photo) {
  const auto row =
      connection.first(std::string(kSelect) + "WHERE tenant_id = :tenant AND id = :id AND interview_id = :interview",
                       {{"tenant", tenant}, {"id", photo}, {"interview", interview}});
  if (!row) return std::nullopt;
  return read(*row);
}

std::vector<PhotoRow> of_interview(Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  std::vector<PhotoRow> photos;
  for (const Row& row :
       connection.query(std::string(kSelect) + "WHERE tenant_id = :tenant AND interview_id = :interview ORDER BY id",
                        {{"tenant", tenant}, {"interview", interview}})) {
    photos.push_back(read(row));
  }
  return photos;
}

std::vector<Key> pending(Connection& connection) {
  return keys_of(connection.query("SELECT tenant_id, interview_id, id FROM photos WHERE status = 'pending'"));
}

std::vector<Key> due(Connection& connection, WallTime now, std::size_t most) {
  return keys_of(connection.query(
      "SELECT tenant_id, interview_id, id FROM photos WHERE asked_until <= :now ORDER BY asked_until LIMIT :most",
      {{"now", now}, {"most", most}}));
}

std::optional<WallTime> first_deadline(Connection& connection) {
  const auto row = connection.first("SELECT MIN(asked_until) FROM photos");
  return row ? row->opt_time(0) : std::nullopt;
}

}  // namespace tw::store::photos
