#include "store/accounts/login_tokens.hpp"

namespace tw::store {

std::optional<LoginTokenRow> find_login_token(Connection& connection, const std::string& hash) {
  const auto row = connection.first(
      "SELECT l.tenant_id, l.key_id, l.business_id, l.assist_id, l.company_name, l.nick_name, l.queue_id, "
      "l.order_endpoint, l.return_url, l.risk_video_url, l.created_at, l.expires_at, l.used_at FROM login_tokens l "
      "JOIN api_keys k ON k.tenant_id = l.tenant_id AND k.id = l.key_id AND k.enabled = 1 "
      "JOIN tenants t ON t.id = l.tenant_id AND t.enabled = 1 WHERE l.token_hash = :hash",
      {{"hash", hash}});
  if (!row) return std::nullopt;
  return LoginTokenRow{row->id<TenantId>(0), row->id<ApiKeyId>(1), row->text(2),     row->text(3), row->text(4),
                       row->text(5),         row->text(6),         row->text(7),     row->text(8), row->text(9),
                       row->time(10),        row->time(11),        row->opt_time(12)};
}

std::int64_t count_login_tokens(Connection& connection, const TenantId& tenant, WallTime since) {
  return connection
      .first("SELECT COUNT(*) FROM login_tokens WHERE tenant_id = :tenant AND created_at > :since",
             {{"tenant", tenant}, {"since", since}})
      .value()
      .i64(0);
}

void add_login_token(Transaction& transaction, const LoginTokenRow& row, const std::string& hash,
                     WallTime forget_before) {
  transaction.execute("DELETE FROM login_tokens WHERE expires_at < :before", {{"before", forget_before}});
  transaction.execute(
      "INSERT INTO login_tokens (token_hash, tenant_id, key_id, business_id, assist_id, company_name, nick_name, "
      "queue_id, order_endpoint, return_url, risk_video_url, created_at, expires_at) VALUES (:hash, :tenant, :key, "
      ":business, :assist, :company, :nick, :queue, :endpoint, :return_url, :risk_video, :created, :expires)",
      {{"hash", hash},
       {"tenant", row.tenant},
       {"key", row.key},
       {"business", row.business_id},
       {"assist", row.assist_id},
       {"company", row.company_name},
       {"nick", row.nick_name},
       {"queue", row.queue_id},
       {"endpoint", row.order_endpoint},
       {"return_url", row.return_url},
       {"risk_video", row.risk_video_url},
       {"created", row.created_at},
       {"expires", row.expires_at}});
}

bool use_login_token(Transaction& transaction, const std::string& hash, WallTime now) {
  return transaction.execute("UPDATE login_tokens SET used_at = :now WHERE token_hash = :hash AND used_at IS NULL",
                             {{"now", now}, {"hash", hash}}) == 1;
}

void release_login_token(Transaction& transaction, const std::string& hash) {
  transaction.execute("UPDATE login_tokens SET used_at = NULL WHERE token_hash = :hash AND interview_id = ''",
                      {{"hash", hash}});
}

void note_login_interview(Transaction& transaction, const std::string& hash, const InterviewId& interview) {
  transaction.execute("UPDATE login_tokens SET interview_id = :interview WHERE token_hash = :hash",
                      {{"interview", interview}, {"hash", hash}});
}

bool note_refused_features(Transaction& transaction, const std::string& hash, const std::string& features) {
  return transaction.execute(
             "UPDATE login_tokens SET refused_features = :features WHERE token_hash = :hash AND refused_features <> "
             ":features",
             {{"features", features}, {"hash", hash}}) == 1;
}

}  // namespace tw::store
