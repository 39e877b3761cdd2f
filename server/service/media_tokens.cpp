#include "service/media_tokens.hpp"

#include <boost/json.hpp>

#include "crypto/token.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;
using std::chrono::hours;

tl::unexpected<Error> invalid() { return fail(ErrorKind::unauthenticated, "token.invalid", "The token is not valid."); }

/// The signature proves that the claims are ours; their form is checked all the same, because versions differ.
Result<json::object> claims_of(std::string_view prefix, std::string_view token, WallTime now, const SecretKey& key) {
  const auto verified = verify_token(prefix, token, now, key);
  if (!verified) return tl::unexpected(verified.error());
  boost::system::error_code error;
  json::value value = json::parse(*verified, error);
  if (error || !value.is_object()) return invalid();
  return std::move(value.get_object());
}

std::string text(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

std::string make_media_token(const MediaClaims& claims, WallTime expires, const SecretKey& key) {
  json::object object{{"tenant", claims.tenant.str()}, {"interview", claims.interview.str()}, {"side", claims.side}};
  if (!claims.agent.empty()) object["agent"] = claims.agent;
  return sign_token(kMediaPrefix, json::serialize(object), expires, key);
}

Result<MediaClaims> read_media_token(std::string_view token, WallTime now, const SecretKey& key) {
  const auto claims = claims_of(kMediaPrefix, token, now, key);
  if (!claims) return tl::unexpected(claims.error());
  const auto tenant = TenantId::parse(text(*claims, "tenant"));
  const auto interview = InterviewId::parse(text(*claims, "interview"));
  if (!tenant || !interview) return invalid();
  return MediaClaims{*tenant, *interview, text(*claims, "side"), text(*claims, "agent")};
}

WallTime media_token_expiry(WallTime now) {
  constexpr hours kStep{6};
  return std::chrono::floor<std::chrono::hours>(now) - (std::chrono::floor<hours>(now).time_since_epoch() % kStep) +
         3 * kStep;
}

std::string make_interview_token(std::string_view prefix, const InterviewClaims& claims, WallTime expires,
                                 const SecretKey& key) {
  const json::object object{{"tenant", claims.tenant.str()}, {"interview", claims.interview.str()}};
  return sign_token(prefix, json::serialize(object), expires, key);
}

Result<InterviewClaims> read_interview_token(std::string_view prefix, std::string_view token, WallTime now,
                                             const SecretKey& key) {
  const auto claims = claims_of(prefix, token, now, key);
  if (!claims) return tl::unexpected(claims.error());
  const auto tenant = TenantId::parse(text(*claims, "tenant"));
  const auto interview = InterviewId::parse(text(*claims, "interview"));
  if (!tenant || !interview) return invalid();
  return InterviewClaims{*tenant, *interview};
}

std::string make_guest_token(const GuestClaims& claims, WallTime expires, const SecretKey& key) {
  const json::object object{{"tenant", claims.tenant.str()}, {"guest", claims.guest.str()}};
  return sign_token(kInvitationPrefix, json::serialize(object), expires, key);
}

Result<GuestClaims> read_guest_token(std::string_view token, WallTime now, const SecretKey& key) {
  const auto claims = claims_of(kInvitationPrefix, token, now, key);
  if (!claims) return tl::unexpected(claims.error());
  const auto tenant = TenantId::parse(text(*claims, "tenant"));
  const auto guest = GuestId::parse(text(*claims, "guest"));
  if (!tenant || !guest) return invalid();
  return GuestClaims{*tenant, *guest};
}

}  // namespace tw::service
