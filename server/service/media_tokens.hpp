#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/secret_key.hpp"

namespace tw::service {

/// What a media token (twm_) says. `agent` is empty for the customer's side; for the other it names whose desk it is,
/// so that a token of an agent who lost the interview opens nothing.
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

inline constexpr std::string_view kLinkPrefix = "twl_";
inline constexpr std::string_view kTicketPrefix = "twt_";
inline constexpr std::string_view kMediaPrefix = "twm_";

}  // namespace tw::service
