#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/secret_key.hpp"
#include "domain/people.hpp"

namespace tw::service {

/// What a media token (twm_) says. `agent` is empty for the customer's side; for the agent's it names whose desk it is,
/// so that a token of an agent who lost the interview opens nothing. For a guest it is their session, for a supervisor
/// the user.
struct MediaClaims {
  TenantId tenant;
  InterviewId interview;
  std::string side;
  std::string agent;
};
[[nodiscard]] std::string make_media_token(const MediaClaims& claims, WallTime expires, const SecretKey& key);
[[nodiscard]] Result<MediaClaims> read_media_token(std::string_view token, WallTime now, const SecretKey& key);
/// Twelve hours and more, the same for hours at a time: a state that is sent again does not differ by its token.
[[nodiscard]] WallTime media_token_expiry(WallTime now);

/// Claims of customer links (twl_) and file tickets (twt_): tenant and interview.
struct InterviewClaims {
  TenantId tenant;
  InterviewId interview;
};
[[nodiscard]] std::string make_interview_token(std::string_view prefix, const InterviewClaims& claims, WallTime expires,
                                               const SecretKey& key);
[[nodiscard]] Result<InterviewClaims> read_interview_token(std::string_view prefix, std::string_view token,
                                                           WallTime now, const SecretKey& key);

/// Claims of an invitation (twi_): tenant and guest.
struct GuestClaims {
  TenantId tenant;
  GuestId guest;
};
[[nodiscard]] std::string make_guest_token(const GuestClaims& claims, WallTime expires, const SecretKey& key);
[[nodiscard]] Result<GuestClaims> read_guest_token(std::string_view token, WallTime now, const SecretKey& key);

inline constexpr std::string_view kInvitationPrefix = "twi_";
inline constexpr std::string_view kLinkPrefix = "twl_";
inline constexpr std::string_view kTicketPrefix = "twt_";
inline constexpr std::string_view kMediaPrefix = "twm_";

}  // namespace tw::service
