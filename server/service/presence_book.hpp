#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "domain/people.hpp"
#include "domain/words.hpp"
#include "media/media_engine.hpp"
#include "service/network_quality.hpp"
#include "service/views.hpp"

namespace tw::service {

/// Who is connected to this process now: sockets of pages and media sessions. Only in memory, because after a restart
/// nobody is; what follows from it (absences) is in SQL. Thread-safe.
class PresenceBook {
 public:
  void customer_socket(const InterviewId& interview, int change);
  void agent_socket(const AgentId& agent, int change);
  void guest_socket(const GuestId& guest, int change);
  /// What a session's news changed.
  struct MediaChange {
    bool shown = false;  ///< something that a page shows
    bool screen_started = false;
    bool screen_stopped = false;
  };
  MediaChange media_session(const InterviewId& interview, const std::string& side, const std::string& session,
                            const std::string& stream, bool publisher, media::SessionState state);
  /// What a publisher was admitted with: known from its description, which the news of its session do not carry.
  void media_published(const InterviewId& interview, const std::string& side, const std::string& session,
                       const StreamView& stream);
  void quality(const InterviewId& interview, const std::string& side, const QualityView& quality);
  /// What a media session's measurement changed.
  struct NetworkChange {
    std::optional<NetworkTurn> turn;                 ///< worth an event
    std::optional<std::vector<PersonNetwork>> tell;  ///< to the pages: at most every kTellNetworks
  };
  NetworkChange network(const InterviewId& interview, const NetworkSample& sample, SteadyTime now);
  /// A session reports every two seconds, and a room has several.
  static constexpr std::chrono::milliseconds kTellNetworks{1'900};
  /// Another person takes this side: what the one before had counts no longer. True when a screen was shared.
  bool forget_side(const InterviewId& interview, const std::string& side);
  /// Forgets what belonged to an interview that has ended. Sockets stay counted.
  void interview_ended(const InterviewId& interview);

  /// A page is open, or media still flow.
  [[nodiscard]] bool customer_present(const InterviewId& interview) const;
  [[nodiscard]] bool agent_present(const AgentId& agent, const InterviewId& interview) const;
  [[nodiscard]] bool agent_has_page(const AgentId& agent) const;
  [[nodiscard]] bool guest_present(const InterviewId& interview, const GuestId& guest) const;
  [[nodiscard]] bool supervisor_present(const InterviewId& interview, const SupervisorId& session,
                                        const AgentId& user) const;
  /// What this side publishes now, each name once.
  [[nodiscard]] std::vector<StreamView> streams(const InterviewId& interview, const std::string& side) const;
  /// Its publishing sessions, whatever their state: session and stream.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> publishers(const InterviewId& interview,
                                                                            const std::string& side) const;
  /// How the other side sees them.
  [[nodiscard]] domain::ConnectionState customer(const InterviewId& interview) const;
  [[nodiscard]] domain::ConnectionState agent(const AgentId& agent, const InterviewId& interview) const;
  [[nodiscard]] domain::ConnectionState guest(const InterviewId& interview, const GuestId& guest) const;
  /// What the customer's page says of itself. When it is to be noted, if it stays so.
  std::optional<WallTime> customer_page(const InterviewId& interview, bool visible, const std::string& camera,
                                        WallTime now);
  [[nodiscard]] std::optional<CustomerPageView> customer_page(const InterviewId& interview) const;
  /// Customers whose page has been hidden, or in front again, for long enough to be worth an event, each change once.
  struct PageChange {
    InterviewId interview;
    bool away = false;
    CustomerPageView page;
  };
  [[nodiscard]] std::vector<PageChange> settled_pages(WallTime now);
  [[nodiscard]] std::optional<WallTime> next_page_settles() const;
  /// A departure that was not written down after all needs no return.
  void departure_not_noted(const InterviewId& interview);
  /// A page that flickers is not worth an event.
  static constexpr std::chrono::seconds kPageSettles{1};
  static constexpr int kMostPageEvents = 200;  ///< of an interview: a page that lies cannot fill the timeline

  enum class DeviceNews { none, lost, back };
  /// What the customer's page says of a device, and whether that is worth an event.
  DeviceNews customer_device(const InterviewId& interview, const std::string& device, const std::string& state,
                             WallTime now);
  /// Those that are not, or were once not, as they began.
  [[nodiscard]] std::vector<CustomerDeviceView> customer_devices(const InterviewId& interview) const;
  static constexpr int kMostDeviceEvents = 200;  ///< of an interview

  [[nodiscard]] std::optional<QualityView> customer_quality(const InterviewId& interview) const;

 private:
  struct Media {
    media::SessionState state = media::SessionState::connecting;
    bool publisher = false;
    std::string stream;
    bool audio = false;
    bool video = false;
    [[nodiscard]] bool published() const {
      return publisher && (state == media::SessionState::connected || state == media::SessionState::unstable);
    }
  };
  struct Side {
    std::map<std::string, Media> sessions;
    bool had_media = false;  ///< published once in this interview
    std::optional<QualityView> quality;
    [[nodiscard]] bool media_alive() const;
    [[nodiscard]] bool shares_screen() const;
  };
  struct Page {
    CustomerPageView view;
    bool away_noted = false;
    int events = 0;
    std::optional<WallTime> settles_at;
    /// Only the page itself: a camera that is lost in front of the customer is an event of the device.
    [[nodiscard]] bool away() const { return !view.visible; }
  };
  using SideKey = std::pair<InterviewId, std::string>;

  /// The room's networks, and when its pages were told last.
  struct Networks {
    NetworkQuality quality;
    std::optional<SteadyTime> told_at;
    SteadyTime heard_at{};
  };

  [[nodiscard]] const Side* find(const InterviewId& interview, const std::string& side) const;
  [[nodiscard]] static domain::ConnectionState judge(const Side* side, bool page, bool was_here);

  mutable std::mutex mutex_;
  std::map<SideKey, Side> sides_;
  std::map<InterviewId, int> customer_sockets_;  ///< 0 is kept: they were here
  std::map<AgentId, int> agent_sockets_;
  std::map<GuestId, int> guest_sockets_;
  std::map<InterviewId, Page> pages_;
  std::map<InterviewId, Networks> networks_;
  struct Devices {
    std::map<std::string, CustomerDeviceView> views;
    int events = 0;
  };
  std::map<InterviewId, Devices> devices_;
};

}  // namespace tw::service
