#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/accounts/context.hpp"
#include "service/caller.hpp"

namespace tw::service {

inline constexpr std::string_view kLoginTokenPrefix = "twn_";

/// What a page logs in with, `login(accountId, businessId, assistId, companyName)`: the seeds' login carries no secret,
/// so anybody could begin interviews in a company's name. Here the integrator's own server, which knows who its visitor
/// is, asks for a token by its API key; the page has the token, for one business, once, for minutes.
class LoginTokens {
 public:
  static constexpr std::chrono::minutes kValidFor{5};   ///< a page uses it when it is opened
  static constexpr std::chrono::hours kRemembered{24};  ///< so that a used one is told from an unknown one
  static constexpr std::int64_t kMostAMinute = 600;     ///< of one tenant: far above what customers can ask for

  explicit LoginTokens(AccountsContext context);

  struct NewToken {
    std::string account;  ///< the tenant's own, as a check; empty: not checked
    std::string business_id;
    std::string assist_id;
    std::string company_name;
    std::string nick_name;  ///< empty: the page may say it. Else nobody else's can be taken
    std::string queue_id;   ///< empty: the page may say it
    std::string order_endpoint;
    std::string return_url;
    std::string risk_video_url;
  };
  struct Token {
    std::string token;
    WallTime expires_at;
  };
  /// API keys. `tenant.other_account`, `queue.unknown`, `return_url.not_registered` (422), `login_token.limited` (429).
  [[nodiscard]] Result<Token> create(const Caller& caller, const NewToken& wanted);

  /// What the page says it is there for; must be what the token is for.
  struct Scope {
    std::string account;
    std::string business_id;
    std::string assist_id;
    std::string company_name;
  };
  struct Login {
    Caller integrator;  ///< in whose name the page acts
    NewToken granted;
    std::string tenant_name;
    std::vector<std::string> embed_origins;
    WallTime expires_at;
  };
  /// Uses nothing up. `login_token.unknown` (401), `login_token.expired`, `login_token.used` (410),
  /// `login_token.scope` (403) when it is for something else than `scope`, another tenant's included.
  [[nodiscard]] Result<Login> check(std::string_view token, const Scope& scope) const;
  /// The same, and nobody can use it after. `login_token.used` for all but one of those who come at once.
  [[nodiscard]] Result<Login> use(std::string_view token, const Scope& scope);
  /// Nothing came of the use.
  void release(std::string_view token);
  void became(std::string_view token, const InterviewId& interview);
  /// Keeps what the page asked for that is not built, and writes the audit log, once for each token.
  void refused(std::string_view token, const Login& login, const std::string& features);

 private:
  AccountsContext context_;
};

}  // namespace tw::service
