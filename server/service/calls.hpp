#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/words.hpp"
#include "media/media_engine.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// What the agent sees of an interview of theirs: from the ring on, and afterwards for looking it up.
class Calls {
 public:
  explicit Calls(Core& core) : core_(core) {}
  /// `interview.unknown` (404), `interview.not_yours` (409) where another agent rings or talks. An administrator sees
  /// all.
  [[nodiscard]] Result<AgentInterview> agent_interview(const Caller& caller, const std::string& interview);

 private:
  Core& core_;
};

/// Who may publish and watch in a room. Tokens are signed and outlive a restart.
struct MediaGrant {
  TenantId tenant;
  InterviewId interview;
  std::string side;  ///< kCustomerSide or kAgentSide: the participant's name in media
};
class MediaAccess {
 public:
  explicit MediaAccess(Core& core) : core_(core) {}
  /// `auth.invalid` (401) for a token that is none or has expired. `interview.ended` (410) after the end,
  /// `interview.not_ringing` (409) before the ring.
  [[nodiscard]] Result<MediaGrant> authorize(std::string_view token);
  /// STUN and TURN servers with credentials of the holder's own.
  [[nodiscard]] std::vector<IceServerView> ice_servers(const MediaGrant& grant) const;

 private:
  Core& core_;
};

/// Who is here: told by sockets and media, read by the states of both sides. Starts and stops the deadlines of absence
/// and writes connection_lost and connection_restored on the timeline. Thread-safe; blocking (writes SQL), so media's
/// own threads only hand the news on.
class Connections {
 public:
  explicit Connections(Core& core) : core_(core) {}

  /// A WebSocket said hello, or was closed. Each open is paired with one close.
  void customer_socket_opened(const Caller& customer);
  void customer_socket_closed(const Caller& customer);
  void agent_socket_opened(const Caller& user);
  void agent_socket_closed(const Caller& user);
  /// From MediaListener, in the order in which they happened.
  void media_session(const media::SessionEvent& event);
  void media_quality(const media::SessionQuality& quality);
  /// What a page measured (`quality` message). The customer's is shown to the agent.
  void page_quality(const Caller& caller, const QualityView& quality);

 private:
  void customer_changed(const TenantId& tenant, const InterviewId& interview);
  void agent_changed(const TenantId& tenant, const AgentId& agent);
  Core& core_;
};

}  // namespace tw::service
