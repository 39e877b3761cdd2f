#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/people.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// Who holds a media token, as of now.
struct MediaGrant {
  TenantId tenant;
  InterviewId interview;
  std::string side;  ///< the participant's name in media: customer, agent, gst_…, sup_…
  domain::Party party;
  bool voice_only = false;  ///< of the interview
};

/// Who may publish and watch what in a room: the token says who asks, the rows whether they still may, and
/// domain/people.hpp what. Tokens are signed and outlive a restart.
class MediaAccess {
 public:
  explicit MediaAccess(Core& core) : core_(core) {}

  /// `auth.invalid` (401) for a token that is none, has expired, or whose holder is out (an agent who handed the
  /// interview over, a guest who left or was replaced by another device, a supervisor whose session ended).
  /// `interview.ended` (410) after the end, `interview.not_ringing` (409) before the ring, `consent.required` (409) for
  /// a guest.
  [[nodiscard]] Result<MediaGrant> authorize(std::string_view token);
  /// `media.stream_unknown` (404) for a name that no stream has, `media.not_allowed` (403).
  [[nodiscard]] Result<void> may_publish(const MediaGrant& grant, std::string_view stream) const;
  /// `media.stream_unknown` (404) for everything that this holder may not watch: nobody learns of what is not for them.
  [[nodiscard]] Result<void> may_watch(const MediaGrant& grant, std::string_view participant, std::string_view stream);
  /// STUN and TURN servers with credentials of the holder's own.
  [[nodiscard]] std::vector<IceServerView> ice_servers(const MediaGrant& grant) const;

 private:
  Core& core_;
};

}  // namespace tw::service
