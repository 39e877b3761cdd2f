#include "service/accounts/authenticator.hpp"

#include <utility>

#include "crypto/token.hpp"
#include "store/accounts/credentials.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

/// Longer than any token of ours: nothing else is hashed and looked up.
constexpr std::size_t kMostTokenBytes = 128;

}  // namespace

Authenticator::Authenticator(store::Database& database, const Clock& clock, CustomerSessions customer_sessions,
                             CustomerSessions guest_sessions)
    : database_(database),
      clock_(clock),
      customer_sessions_(std::move(customer_sessions)),
      guest_sessions_(std::move(guest_sessions)) {}
Authenticator::~Authenticator() = default;

Result<Caller> Authenticator::authenticate(std::string_view bearer) const {
  if (bearer.empty())
    return fail(ErrorKind::unauthenticated, "auth.required", "Send the credentials as a bearer token.");
  Result<std::optional<Caller>> caller;
  if (bearer.size() > kMostTokenBytes) {
    caller = std::nullopt;
  } else if (bearer.starts_with(kApiKeyPrefix)) {
    caller = api_key(bearer);
  } else if (bearer.starts_with(kUserTokenPrefix)) {
    caller = user(bearer);
  } else if (bearer.starts_with(kCustomerTokenPrefix) && customer_sessions_) {
    caller = customer_sessions_(bearer);
  } else if (bearer.starts_with(kGuestTokenPrefix) && guest_sessions_) {
    caller = guest_sessions_(bearer);
  }
  if (!caller) return tl::unexpected(caller.error());
  if (!*caller)
    return fail(ErrorKind::unauthenticated, "auth.invalid",
                "These credentials are unknown or no longer valid; sign in again.");
  return std::move(**caller);
}

Result<std::optional<Caller>> Authenticator::api_key(std::string_view token) const {
  const auto holder = database_.read([&](store::Connection& connection) -> Result<std::optional<store::KeyHolderRow>> {
    return store::find_key_holder(connection, token_hash(token));
  });
  if (!holder) return tl::unexpected(holder.error());
  if (!*holder) return std::nullopt;
  const auto& row = **holder;
  const WallTime now = clock_.wall_now();
  if (!row.last_used_at || now - *row.last_used_at >= kUsePrecision) {
    // A full disk must not lock integrators out: what cannot be noted is not noted.
    static_cast<void>(database_.write([&](store::Transaction& transaction) -> Result<void> {
      store::note_key_use(transaction, row.tenant, row.key, now);
      return {};
    }));
  }
  return Caller{row.tenant, CallerKind::api_key, row.key.str(), {}, {}};
}

Result<std::optional<Caller>> Authenticator::user(std::string_view token) const {
  const auto signed_in =
      database_.read([&](store::Connection& connection) -> Result<std::optional<store::SignedInRow>> {
        return store::find_signed_in(connection, token_hash(token), clock_.wall_now());
      });
  if (!signed_in) return tl::unexpected(signed_in.error());
  if (!*signed_in) return std::nullopt;
  const auto& row = **signed_in;
  const auto kind = row.role == "administrator" ? CallerKind::administrator : CallerKind::agent;
  Caller caller{row.tenant, kind, row.user.str(), row.id.str(), {}};
  caller.can_supervise = row.can_supervise || caller.is_administrator();
  return caller;
}

}  // namespace tw::service
