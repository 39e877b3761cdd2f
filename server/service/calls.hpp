#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/words.hpp"
#include "media/media_engine.hpp"
#include "service/caller.hpp"
#include "service/network_quality.hpp"
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
  /// How the customer's page is to show the call: any or landscape. `interview.not_talking`, `interview.not_yours`
  /// (409).
  [[nodiscard]] Result<AgentInterview> set_orientation(const Caller& caller, const std::string& interview,
                                                       const std::string& orientation);

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
  void guest_socket_opened(const Caller& guest);
  void guest_socket_closed(const Caller& guest);
  /// From MediaListener, in the order in which they happened.
  void media_session(const media::SessionEvent& event);
  /// A publisher was admitted; what it sends stands in its description.
  void media_published(const InterviewId& interview, const std::string& participant, const std::string& session,
                       const StreamView& stream);
  /// Both sides are told how everybody's network fares; a turn is written on the timeline.
  void media_quality(const media::SessionQuality& quality);
  /// What a page measured (`quality` message). The customer's is shown to the agent.
  void page_quality(const Caller& caller, const QualityView& quality);
  /// The customer's page came to the front or left it, or its camera did (`page` message).
  void customer_page(const Caller& caller, bool visible, const std::string& camera);
  /// One of the customer's devices was taken away or came back (`device` message): shown to the agent, and on the
  /// timeline.
  void customer_device(const Caller& caller, const std::string& device, const std::string& state);

 private:
  void customer_changed(const TenantId& tenant, const InterviewId& interview);
  void agent_changed(const TenantId& tenant, const AgentId& agent);
  void guest_changed(const TenantId& tenant, const InterviewId& interview, const GuestId& guest);
  void supervisor_changed(const TenantId& tenant, const InterviewId& interview, const SupervisorId& supervisor);
  void note_network(const InterviewId& interview, const NetworkTurn& turn);
  void supervisions_changed(const TenantId& tenant, const AgentId& user);
  Core& core_;
};

}  // namespace tw::service
