#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "service/accounts/context.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class AgentLinks;
class SignInLimiter;

enum class Role { agent, administrator };
[[nodiscard]] const char* to_string(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);

struct SignedInUser {
  AgentId id;
  std::int64_t number = 0;
  std::string name;
  std::string display_name;
  Role role = Role::agent;
  bool can_supervise = false;
  std::string tenant;  ///< the company account
  std::string tenant_name;
  BrandView brand;
  std::optional<QueueId> queue_id;  ///< from the agent link
  std::string return_url;           ///< from the agent link; empty otherwise
};

struct SignedIn {
  std::string token;
  WallTime expires_at;
  SignedInUser user;
};

/// Agents and administrators come and go. Thread-safe; argon2id takes some 50 ms of a processor a call.
class SignIn {
 public:
  static constexpr std::chrono::hours kValidFor{12};      ///< a working day; a page that is open longer asks again
  static constexpr std::size_t kMostSignInsOfAUser = 20;  ///< the oldest is void when there are more

  SignIn(AccountsContext context, AgentLinks& links);
  ~SignIn();

  struct Credentials {
    std::string tenant;
    std::string name;
    std::string password;
  };
  /// `sign_in.failed` (401), the same whatever was wrong; `sign_in.limited` (429, `retryAfterS` in the parameters)
  /// after several failures of the name or the address. A correct password of a limited name is refused as well.
  [[nodiscard]] Result<SignedIn> sign_in(const Credentials& credentials, const std::string& address);
  /// `link.unknown` (404), `link.expired`, `link.used` (410).
  [[nodiscard]] Result<SignedIn> sign_in_by_link(const std::string& link_token, const std::string& address);
  [[nodiscard]] Result<SignedInUser> me(const Caller& caller);
  /// The token is void; the desk and its sockets are told by Notifier::user_signed_out.
  [[nodiscard]] Result<void> sign_out(const Caller& caller);

 private:
  [[nodiscard]] Result<SignedIn> admit(const TenantId& tenant, const AgentId& user, const std::string& expected_hash,
                                       const std::optional<QueueId>& queue, const std::string& return_url);
  AccountsContext context_;
  AgentLinks& links_;
  std::unique_ptr<SignInLimiter> limiter_;
};

}  // namespace tw::service
