#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/ids.hpp"
#include "domain/words.hpp"
#include "media/media_engine.hpp"
#include "service/views.hpp"

namespace tw::service {

/// Who is connected to this process now: sockets of pages and media sessions. Only in memory, because after a restart
/// nobody is; what follows from it (absences) is in SQL. Thread-safe.
class PresenceBook {
 public:
  void customer_socket(const InterviewId& interview, int change);
  void agent_socket(const AgentId& agent, int change);
  /// False when nothing that is shown has changed.
  bool media_session(const InterviewId& interview, const std::string& side, const std::string& session, bool publisher,
                     media::SessionState state);
  void quality(const InterviewId& interview, const std::string& side, const QualityView& quality);
  /// Another person takes this side: what the one before had counts no longer.
  void forget_side(const InterviewId& interview, const std::string& side);
  /// Forgets what belonged to an interview that has ended. Sockets stay counted.
  void interview_ended(const InterviewId& interview);

  /// A page is open, or media still flow.
  [[nodiscard]] bool customer_present(const InterviewId& interview) const;
  [[nodiscard]] bool agent_present(const AgentId& agent, const InterviewId& interview) const;
  [[nodiscard]] bool agent_has_page(const AgentId& agent) const;
  /// How the other side sees them.
  [[nodiscard]] domain::ConnectionState customer(const InterviewId& interview) const;
  [[nodiscard]] domain::ConnectionState agent(const AgentId& agent, const InterviewId& interview) const;
  [[nodiscard]] std::optional<QualityView> customer_quality(const InterviewId& interview) const;

 private:
  struct Media {
    media::SessionState state = media::SessionState::connecting;
    bool publisher = false;
  };
  struct Side {
    std::map<std::string, Media> sessions;
    bool had_media = false;  ///< published once in this interview
    std::optional<QualityView> quality;
    [[nodiscard]] bool media_alive() const;
  };
  using SideKey = std::pair<InterviewId, std::string>;

  [[nodiscard]] const Side* find(const InterviewId& interview, const std::string& side) const;
  [[nodiscard]] static domain::ConnectionState judge(const Side* side, bool page, bool was_here);

  mutable std::mutex mutex_;
  std::map<SideKey, Side> sides_;
  std::map<InterviewId, int> customer_sockets_;  ///< 0 is kept: they were here
  std::map<AgentId, int> agent_sockets_;
};

}  // namespace tw::service
