#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "service/caller.hpp"

namespace tw::store {
class Database;
}

namespace tw::service {

inline constexpr std::string_view kApiKeyPrefix = "twk_";
inline constexpr std::string_view kUserTokenPrefix = "twu_";
inline constexpr std::string_view kCustomerTokenPrefix = "twc_";
inline constexpr std::string_view kGuestTokenPrefix = "twg_";

/// Turns a bearer token into the caller it stands for. Thread-safe; one indexed read a call.
class Authenticator {
 public:
  /// Finds a customer's session by its token (whole, with the prefix); nullopt when there is none, it was taken over or
  /// has expired. The customer's use cases own those sessions.
  using CustomerSessions = std::function<std::optional<Caller>(std::string_view token)>;
  /// How exact `lastUsedAt` of an API key is: so that reading does not become writing.
  static constexpr std::chrono::minutes kUsePrecision{1};

  Authenticator(store::Database& database, const Clock& clock, CustomerSessions customer_sessions,
                CustomerSessions guest_sessions = {});
  ~Authenticator();

  /// `bearer` is what stands after "Bearer ", empty when there is no such header. `auth.required`, `auth.invalid`
  /// (401). Disabled keys, users and tenants answer like unknown ones.
  [[nodiscard]] Result<Caller> authenticate(std::string_view bearer) const;

 private:
  [[nodiscard]] Result<std::optional<Caller>> api_key(std::string_view token) const;
  [[nodiscard]] Result<std::optional<Caller>> user(std::string_view token) const;

  store::Database& database_;
  const Clock& clock_;
  CustomerSessions customer_sessions_;
  CustomerSessions guest_sessions_;
};

}  // namespace tw::service
