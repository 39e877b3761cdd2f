#pragma once

#include <optional>
#include <string>

#include "store/database.hpp"

namespace tw::store {

/// What an integrator's page may do once: begin one interview of one business.
struct LoginTokenRow {
  TenantId tenant;
  ApiKeyId key;  ///< who asked for it
  std::string business_id;
  std::string assist_id;
  std::string company_name;
  std::string nick_name;  ///< empty: the page says it
  std::string queue_id;   ///< empty: the page says it
  std::string order_endpoint;
  std::string return_url;
  std::string risk_video_url;
  WallTime created_at;
  WallTime expires_at;
  std::optional<WallTime> used_at{};
};

/// Of an enabled key of an enabled tenant, used or expired ones too.
[[nodiscard]] std::optional<LoginTokenRow> find_login_token(Connection& connection, const std::string& hash);
/// Made by the tenant since then.
[[nodiscard]] std::int64_t count_login_tokens(Connection& connection, const TenantId& tenant, WallTime since);
/// Drops those that ended before `forget_before`.
void add_login_token(Transaction& transaction, const LoginTokenRow& row, const std::string& hash,
                     WallTime forget_before);
/// False when it was used before.
[[nodiscard]] bool use_login_token(Transaction& transaction, const std::string& hash, WallTime now);
/// Nothing came of the use: it may be used again.
void release_login_token(Transaction& transaction, const std::string& hash);
void note_login_interview(Transaction& transaction, const std::string& hash, const InterviewId& interview);
/// Notes what was asked for that is not built; false when the same was noted before.
[[nodiscard]] bool note_refused_features(Transaction& transaction, const std::string& hash,
                                         const std::string& features);

}  // namespace tw::store
