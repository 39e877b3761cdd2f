#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/accounts/context.hpp"
#include "service/accounts/sign_in.hpp"
#include "service/caller.hpp"

namespace tw::service {

struct AdminUser {
  AgentId id;
  std::int64_t number = 0;
  std::string name;
  std::string display_name;
  Role role = Role::agent;
  bool enabled = true;
  std::vector<QueueId> queue_ids;
  WallTime created_at;
  std::optional<WallTime> last_sign_in_at;
  bool can_supervise = false;  ///< always true for administrators
};

class AdminUsers {
 public:
  static constexpr std::size_t kLeastPasswordCharacters = 10;
  static constexpr std::size_t kMostPasswordBytes = 256;
  static constexpr std::int64_t kMostUsers = 2'000;  ///< of a tenant; the list is not paged

  explicit AdminUsers(AccountsContext context);

  [[nodiscard]] Result<std::vector<AdminUser>> list(const Caller& caller);
  struct NewUser {
    std::string name;
    std::string display_name;
    Role role = Role::agent;
    std::string password;
    std::vector<std::string> queue_ids;
    bool can_supervise = false;
  };
  /// `field.invalid` (400), `password.too_short` (400), `user.name_taken` (409), `queue.unknown` (422), `user.too_many`
  /// (409).
  [[nodiscard]] Result<AdminUser> create(const Caller& caller, const NewUser& user);
  struct Change {
    std::optional<std::string> display_name;
    std::optional<Role> role;
    std::optional<bool> enabled;
    std::optional<std::string> password;
    std::optional<std::vector<std::string>> queue_ids;
    std::optional<bool> can_supervise = std::nullopt;
  };
  /// `user.in_call`, `user.self`, `user.last_administrator` (409). Disabling, a new role and a new password end the
  /// user's sign-ins.
  [[nodiscard]] Result<AdminUser> update(const Caller& caller, const std::string& id, const Change& change);

 private:
  AccountsContext context_;
};

}  // namespace tw::service
