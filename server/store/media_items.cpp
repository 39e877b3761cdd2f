#include "store/media_items.hpp"

namespace tw::store {
namespace {

constexpr const char* kSelect =
    "SELECT m.tenant_id, m.id, m.kind, m.source, m.in_library, m.title, m.url, m.etag, m.language, m.body, m.state, "
    "m.progress, m.failure, m.duration_ms, m.has_sound, m.width, m.height, m.size_bytes, m.sha256, m.wrapped_key, "
    "m.created_at, m.created_by, m.page_bytes FROM media_items m ";

MediaItemRow read(const Row& row) {
  MediaItemRow item;
  item.tenant = row.id<TenantId>(0);
  item.id = row.id<MediaItemId>(1);
  item.kind = row.text(2);
  item.source = row.text(3);
  item.in_library = row.flag(4);
  item.title = row.text(5);
  item.url = row.text(6);
  item.etag = row.text(7);
  item.language = row.text(8);
  item.body = row.text(9);
  item.state = row.text(10);
  item.progress = row.i64(11);
  item.failure = row.text(12);
  item.duration_ms = row.i64(13);
  item.has_sound = row.flag(14);
  item.width = row.i64(15);
  item.height = row.i64(16);
  item.size_bytes = row.i64(17);
  item.sha256 = row.text(18);
  item.wrapped_key = row.text(19);
  item.created_at = row.time(20);
  item.created_by = row.text(21);
  item.page_bytes = row.i64(22);
  return item;
}

std::optional<MediaItemRow> first(Connection& connection, const std::string& where, const std::vector<Param>& params) {
  const auto row = connection.first(kSelect + where, params);
  if (!row) return std::nullopt;
  return read(*row);
}

PlayerRow read_player(const Row& row) {
  PlayerRow player;
  player.tenant = row.id<TenantId>(0);
  player.interview = row.id<InterviewId>(1);
  player.player = row.text(2);
  player.media = row.id<MediaItemId>(3);
  player.title = row.text(4);
  player.kind = row.text(5);
  player.state = row.text(6);
  player.position_ms = row.i64(7);
  player.duration_ms = row.i64(8);
  player.at = row.time(9);
  return player;
}

constexpr const char* kSelectPlayer =
    "SELECT tenant_id, interview_id, player_id, media_id, title, kind, state, position_ms, duration_ms, at "
    "FROM interview_players ";

}  // namespace

namespace media_items {

void insert(Transaction& transaction, const MediaItemRow& item) {
  transaction.execute(
      "INSERT INTO media_items (tenant_id, id, kind, source, in_library, title, url, language, body, state, sha256, "
      "wrapped_key, created_at, created_by) VALUES (:tenant, :id, :kind, :source, :in_library, :title, :url, "
      ":language, :body, :state, :sha, :key, :created_at, :created_by)",
      {{"tenant", item.tenant},
       {"id", item.id},
       {"kind", item.kind},
       {"source", item.source},
       {"in_library", item.in_library},
       {"title", item.title},
       {"url", item.url},
       {"language", item.language},
       {"body", item.body},
       {"state", item.state},
       {"sha", item.sha256},
       {"key", item.wrapped_key},
       {"created_at", item.created_at},
       {"created_by", item.created_by}});
}

void update(Transaction& transaction, const MediaItemRow& item) {
  transaction.execute(
      "UPDATE media_items SET state = :state, progress = :progress, failure = :failure, duration_ms = :duration, "
      "has_sound = :sound, width = :width, height = :height, size_bytes = :bytes, sha256 = :sha, etag = :etag, "
      "page_bytes = :page_bytes, "
      "wrapped_key = :key, deleted_at = :deleted_at WHERE tenant_id = :tenant AND id = :id",
      {{"state", item.state},
       {"progress", item.progress},
       {"failure", item.failure},
       {"duration", item.duration_ms},
       {"sound", item.has_sound},
       {"width", item.width},
       {"height", item.height},
       {"bytes", item.size_bytes},
       {"sha", item.sha256},
       {"etag", item.etag},
       {"page_bytes", item.page_bytes},
       {"key", item.wrapped_key},
       {"deleted_at", item.deleted_at},
       {"tenant", item.tenant},
       {"id", item.id}});
}

void set_progress(Transaction& transaction, const TenantId& tenant, const MediaItemId& id, std::int64_t progress) {
  transaction.execute("UPDATE media_items SET progress = :progress WHERE tenant_id = :tenant AND id = :id",
                      {{"progress", progress}, {"tenant", tenant}, {"id", id}});
}

std::optional<MediaItemRow> find(Connection& connection, const TenantId& tenant, const MediaItemId& id) {
  return first(connection, "WHERE m.tenant_id = :tenant AND m.id = :id AND m.deleted_at IS NULL",
               {{"tenant", tenant}, {"id", id}});
}

std::vector<MediaItemRow> library(Connection& connection, const TenantId& tenant) {
  std::vector<MediaItemRow> items;
  for (const auto& row : connection.query(std::string(kSelect) + "WHERE m.tenant_id = :tenant AND m.in_library = 1 AND "
                                                                 "m.deleted_at IS NULL ORDER BY m.id DESC",
                                          {{"tenant", tenant}})) {
    items.push_back(read(row));
  }
  return items;
}

std::int64_t count(Connection& connection, const TenantId& tenant) {
  const auto row = connection.first(
      "SELECT COUNT(*) FROM media_items WHERE tenant_id = :tenant AND in_library = 1 AND deleted_at IS NULL",
      {{"tenant", tenant}});
  return row ? row->i64(0) : 0;
}

std::optional<MediaItemRow> by_url(Connection& connection, const TenantId& tenant, const std::string& url) {
  return first(connection,
               "WHERE m.tenant_id = :tenant AND m.url = :url AND m.state <> 'failed' AND m.deleted_at IS NULL "
               "ORDER BY m.id DESC LIMIT 1",
               {{"tenant", tenant}, {"url", url}});
}

std::optional<MediaItemRow> by_text(Connection& connection, const TenantId& tenant, const std::string& sha256) {
  return first(connection,
               "WHERE m.tenant_id = :tenant AND m.source = 'text' AND m.sha256 = :sha AND m.state = 'ready' AND "
               "m.deleted_at IS NULL ORDER BY m.id DESC LIMIT 1",
               {{"tenant", tenant}, {"sha", sha256}});
}

std::optional<MediaItemRow> music(Connection& connection, const TenantId& tenant) {
  return first(connection,
               "WHERE m.tenant_id = :tenant AND m.kind = 'music' AND m.state = 'ready' AND m.deleted_at IS NULL "
               "ORDER BY m.source = 'built_in', m.id DESC LIMIT 1",
               {{"tenant", tenant}});
}

std::optional<MediaItemRow> queue_music(Connection& connection, const TenantId& tenant) {
  return first(connection,
               "WHERE m.tenant_id = :tenant AND m.kind = 'music' AND m.state = 'ready' AND m.page_bytes > 0 AND "
               "m.deleted_at IS NULL ORDER BY m.source = 'built_in', m.id DESC LIMIT 1",
               {{"tenant", tenant}});
}

std::vector<TenantId> tenants_without_music(Connection& connection) {
  std::vector<TenantId> tenants;
  for (const auto& row : connection.query(
           "SELECT t.id FROM tenants t WHERE NOT EXISTS (SELECT 1 FROM media_items m WHERE m.tenant_id = t.id AND "
           "m.source = 'built_in')",
           {})) {
    tenants.push_back(row.id<TenantId>(0));
  }
  return tenants;
}

std::optional<MediaItemRow> claim(Transaction& transaction) {
  auto item =
      first(transaction, "WHERE m.state = 'waiting' AND m.deleted_at IS NULL ORDER BY m.created_at LIMIT 1", {});
  if (!item) return std::nullopt;
  item->state = "working";
  update(transaction, *item);
  return item;
}

void reset_working(Transaction& transaction) {
  transaction.execute(
      "UPDATE media_items SET state = 'waiting', progress = 0 WHERE state = 'working' OR (source = 'built_in' AND "
      "state "
      "= 'failed')");
}

void set_of_interview(Transaction& transaction, const TenantId& tenant, const InterviewId& interview,
                      const MediaItemId& media) {
  transaction.execute(
      "INSERT INTO interview_media (tenant_id, interview_id, media_id) VALUES (:tenant, :interview, :media)",
      {{"tenant", tenant}, {"interview", interview}, {"media", media}});
}

std::optional<MediaItemRow> of_interview(Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  return first(connection,
               "JOIN interview_media i ON i.tenant_id = m.tenant_id AND i.media_id = m.id "
               "WHERE i.tenant_id = :tenant AND i.interview_id = :interview AND m.deleted_at IS NULL",
               {{"tenant", tenant}, {"interview", interview}});
}

}  // namespace media_items

namespace players {

void put(Transaction& transaction, const PlayerRow& player) {
  remove(transaction, player.tenant, player.interview);
  transaction.execute(
      "INSERT INTO interview_players (tenant_id, interview_id, player_id, media_id, title, kind, state, position_ms, "
      "duration_ms, at) VALUES (:tenant, :interview, :player, :media, :title, :kind, :state, :position, :duration, "
      ":at)",
      {{"tenant", player.tenant},
       {"interview", player.interview},
       {"player", player.player},
       {"media", player.media},
       {"title", player.title},
       {"kind", player.kind},
       {"state", player.state},
       {"position", player.position_ms},
       {"duration", player.duration_ms},
       {"at", player.at}});
}

void remove(Transaction& transaction, const TenantId& tenant, const InterviewId& interview) {
  transaction.execute("DELETE FROM interview_players WHERE tenant_id = :tenant AND interview_id = :interview",
                      {{"tenant", tenant}, {"interview", interview}});
}

std::optional<PlayerRow> find(Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  const auto row =
      connection.first(std::string(kSelectPlayer) + "WHERE tenant_id = :tenant AND interview_id = :interview",
                       {{"tenant", tenant}, {"interview", interview}});
  if (!row) return std::nullopt;
  return read_player(*row);
}

std::vector<PlayerRow> all(Connection& connection) {
  std::vector<PlayerRow> players;
  for (const auto& row : connection.query(kSelectPlayer, {})) players.push_back(read_player(row));
  return players;
}

bool plays(Connection& connection, const TenantId& tenant, const MediaItemId& media) {
  return connection
      .first("SELECT 1 FROM interview_players WHERE tenant_id = :tenant AND media_id = :media",
             {{"tenant", tenant}, {"media", media}})
      .has_value();
}

}  // namespace players
}  // namespace tw::store
