#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/secret_key.hpp"
#include "service/accounts/context.hpp"
#include "service/caller.hpp"

namespace tw::service {

inline constexpr std::string_view kAgentLinkPrefix = "twa_";

struct Link {
  std::string url;
  WallTime expires_at;
};

/// Links by which the integrator's system signs an agent in, `loginInit(tenantID, queueID, userName)`: signed, usable
/// once.
class AgentLinks {
 public:
  static constexpr std::chrono::minutes kValidFor{5};  ///< it is followed at once; a leaked one is soon worthless

  /// `public_url` is where browsers reach the server, without a slash at the end.
  AgentLinks(AccountsContext context, const SecretKey& master, std::string public_url);

  struct NewLink {
    std::string user_name;
    std::string queue_id;
    std::string return_url;  ///< empty: none
  };
  /// `{public_url}/workbench/#t=<token>`. API keys only. `user.unknown`, `queue.unknown`, `queue.not_served`,
  /// `return_url.not_registered` (422).
  [[nodiscard]] Result<Link> create(const Caller& caller, const NewLink& link);

  /// What a link says, once: a second time is `link.used`.
  struct Claims {
    TenantId tenant;
    AgentId user;
    QueueId queue;
    std::string return_url;
  };
  [[nodiscard]] Result<Claims> redeem(const std::string& token);

 private:
  AccountsContext context_;
  SecretKey key_;
  std::string public_url_;
};

/// True when the address's origin is one of those registered with the tenant.
[[nodiscard]] bool has_registered_origin(const std::string& url, const std::vector<std::string>& origins);

}  // namespace tw::service
