#include "store/guests.hpp"

namespace tw::store::guests {
namespace {

constexpr const char* kSelect =
    "SELECT tenant_id, id, interview_id, display_name, status, sign_in_required, user_id, invited_by, invited_at, "
    "expires_at, joined_at, left_at, consent_json, consent_given, absent_until FROM guests ";

GuestRow read(const Row& row) {
  GuestRow guest;
  guest.tenant = row.id<TenantId>(0);
  guest.id = row.id<GuestId>(1);
  guest.interview = row.id<InterviewId>(2);
  guest.display_name = row.text(3);
  guest.status = domain::parse_guest_status(row.text(4)).value();
  guest.sign_in_required = row.flag(5);
  guest.user = row.opt_id<AgentId>(6);
  guest.invited_by = row.id<AgentId>(7);
  guest.invited_at = row.time(8);
  guest.expires_at = row.time(9);
  guest.joined_at = row.opt_time(10);
  guest.left_at = row.opt_time(11);
  guest.consent_json = row.text(12);
  guest.consent_given = row.flag(13);
  guest.absent_until = row.opt_time(14);
  return guest;
}

Params changing(const GuestRow& row) {
  return {{"tenant", row.tenant},
          {"id", row.id},
          {"name", row.display_name},
          {"status", domain::to_text(row.status)},
          {"sign_in", row.sign_in_required},
          {"user", row.user},
          {"expires", row.expires_at},
          {"joined", row.joined_at},
          {"left", row.left_at},
          {"consent", row.consent_json},
          {"given", row.consent_given},
          {"absent", row.absent_until}};
}

std::optional<Session> read_session(const std::optional<Row>& row) {
  if (!row) return std::nullopt;
  return Session{row->text(0), row->id<TenantId>(1), row->id<GuestId>(2)};
}

}  // namespace

void insert(Transaction& transaction, const GuestRow& row) {
  Params params = changing(row);
  params.insert(params.end(),
                {{"interview", row.interview}, {"invited_by", row.invited_by}, {"invited", row.invited_at}});
  transaction.execute(
      "INSERT INTO guests (tenant_id, id, interview_id, display_name, status, sign_in_required, user_id, invited_by, "
      "invited_at, expires_at, joined_at, left_at, consent_json, consent_given, absent_until) VALUES (:tenant, :id, "
      ":interview, :name, :status, :sign_in, :user, :invited_by, :invited, :expires, :joined, :left, :consent, :given, "
      ":absent)",
      params);
}

void update(Transaction& transaction, const GuestRow& row) {
  transaction.execute(
      "UPDATE guests SET display_name = :name, status = :status, sign_in_required = :sign_in, user_id = :user, "
      "expires_at = :expires, joined_at = :joined, left_at = :left, consent_json = :consent, consent_given = :given, "
      "absent_until = :absent WHERE tenant_id = :tenant AND id = :id",
      changing(row));
}

std::optional<GuestRow> find(Connection& connection, const TenantId& tenant, const GuestId& id) {
  const auto row = connection.first(std::string(kSelect) + "WHERE tenant_id = :tenant AND id = :id",
                                    {{"tenant", tenant}, {"id", id}});
  if (!row) return std::nullopt;
  return read(*row);
}

std::vector<GuestRow> of_interview(Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  std::vector<GuestRow> rows;
  for (const Row& row :
       connection.query(std::string(kSelect) + "WHERE tenant_id = :tenant AND interview_id = :interview ORDER BY id",
                        {{"tenant", tenant}, {"interview", interview}})) {
    rows.push_back(read(row));
  }
  return rows;
}

std::int64_t count_open(Connection& connection, const TenantId& tenant, WallTime now) {
  return connection
      .first(
          "SELECT COUNT(*) FROM guests g JOIN interviews i ON i.tenant_id = g.tenant_id AND i.id = g.interview_id "
          "WHERE g.tenant_id = :tenant AND g.status IN ('invited', 'joined', 'left') AND g.expires_at > :now AND "
          "i.status <> 'ended'",
          {{"tenant", tenant}, {"now", now}})
      ->i64(0);
}

void end_all(Transaction& transaction, const TenantId& tenant, const InterviewId& interview, WallTime at) {
  transaction.execute(
      "UPDATE guests SET status = 'left', left_at = :at, absent_until = NULL WHERE tenant_id = :tenant AND "
      "interview_id = :interview AND status = 'joined'",
      {{"tenant", tenant}, {"interview", interview}, {"at", at}});
}

void set_all_absent(Transaction& transaction, WallTime until) {
  transaction.execute("UPDATE guests SET absent_until = :until WHERE status = 'joined'", {{"until", until}});
}

std::vector<Key> due(Connection& connection, WallTime now, std::size_t limit) {
  std::vector<Key> keys;
  for (const Row& row : connection.query(
           "SELECT tenant_id, id FROM guests WHERE absent_until <= :now ORDER BY absent_until LIMIT :limit",
           {{"now", now}, {"limit", limit}})) {
    keys.push_back({row.id<TenantId>(0), row.id<GuestId>(1)});
  }
  return keys;
}

std::optional<WallTime> first_deadline(Connection& connection) {
  const auto row = connection.first("SELECT MIN(absent_until) FROM guests");
  return row ? row->opt_time(0) : std::nullopt;
}

std::optional<Session> active_session(Connection& connection, const TenantId& tenant, const GuestId& id) {
  return read_session(
      connection.first("SELECT id, tenant_id, guest_id FROM guest_sessions WHERE tenant_id = :tenant AND guest_id = "
                       ":guest AND is_active = 1 ORDER BY created_at DESC, id DESC LIMIT 1",
                       {{"tenant", tenant}, {"guest", id}}));
}

std::optional<Session> session_of(Connection& connection, const std::string& token_hash) {
  return read_session(
      connection.first("SELECT id, tenant_id, guest_id FROM guest_sessions WHERE token_hash = :hash AND is_active = 1",
                       {{"hash", token_hash}}));
}

void begin_session(Transaction& transaction, const Session& session, const std::string& token_hash, WallTime now) {
  end_sessions(transaction, session.tenant, session.guest);
  transaction.execute(
      "INSERT INTO guest_sessions (token_hash, tenant_id, guest_id, id, is_active, created_at) VALUES (:hash, :tenant, "
      ":guest, :id, 1, :now)",
      {{"hash", token_hash}, {"tenant", session.tenant}, {"guest", session.guest}, {"id", session.id}, {"now", now}});
}

void end_sessions(Transaction& transaction, const TenantId& tenant, const GuestId& guest) {
  transaction.execute(
      "UPDATE guest_sessions SET is_active = 0 WHERE tenant_id = :tenant AND guest_id = :guest AND is_active = 1",
      {{"tenant", tenant}, {"guest", guest}});
}

}  // namespace tw::store::guests
