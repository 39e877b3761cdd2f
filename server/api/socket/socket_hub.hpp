#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/json/object.hpp>

#include "api/net/blocking_pool.hpp"
#include "api/net/web_socket.hpp"
#include "api/socket/client_message.hpp"
#include "api/socket/replay_buffer.hpp"
#include "api/socket/socket_source.hpp"
#include "base/clock.hpp"
#include "service/ports.hpp"

namespace tw::api {

/// The WebSocket `/api/v1/ws`: who is connected, and who is to be told what has changed.
///
/// A recipient is a customer's or guest's session or an agent; it has one socket at a time (a newer one takes over) and
/// outlives it for a while, so that a page that comes back can resume. News are not queued: a change only marks the
/// recipient, and one job at a time reads the newest state and sends it. So a burst of changes costs one read, and a
/// slow database makes news late, never many.
class SocketHub final : public SocketEvents, public service::Notifier {
 public:
  SocketHub(SocketSource& source, const Clock& clock, std::size_t threads);
  ~SocketHub() override;

  /// A `notice` to everybody.
  void notice_all(const std::string& code);
  /// Closes every socket (1012) and ends the jobs. To be called before what the source uses goes away.
  void stop();
  [[nodiscard]] std::size_t connected() const;

  void on_open(const std::shared_ptr<SocketPeer>& peer) override;
  void on_text(const std::shared_ptr<SocketPeer>& peer, std::string_view text) override;
  void on_hello_due(const std::shared_ptr<SocketPeer>& peer) override;
  void on_closed(const std::shared_ptr<SocketPeer>& peer) override;

  void interview_changed(const TenantId& tenant, const InterviewId& interview) override;
  void queue_changed(const TenantId& tenant, const QueueId& queue) override;
  void desk_changed(const TenantId& tenant, const AgentId& agent) override;
  void customer_taken_over(const TenantId& tenant, const InterviewId& interview, const std::string& session) override;
  void guest_taken_over(const TenantId& tenant, const InterviewId& interview, const GuestId& guest,
                        const std::string& session) override;
  void user_signed_out(const TenantId& tenant, const AgentId& agent) override;
  void networks_changed(const InterviewId& interview, const std::vector<service::PersonNetwork>& people) override;

 private:
  struct Recipient;
  using RecipientPtr = std::shared_ptr<Recipient>;
  struct Socket {
    bool said_hello = false;
    RecipientPtr recipient;
  };

  // All of these expect mutex_ to be held.
  void say_hello(const std::shared_ptr<SocketPeer>& peer, Socket& socket, const HelloMessage& hello);
  void attach(const std::shared_ptr<SocketPeer>& peer, const service::Caller& caller, const HelloMessage& hello);
  RecipientPtr find_or_make(const service::Caller& caller);
  void forget_old();
  void mark(const RecipientPtr& recipient, bool state, bool interview);
  void start_job(const RecipientPtr& recipient);
  void send_numbered(Recipient& recipient, boost::json::object message);
  /// What was sent last of a state on this socket; hashes are 0 for nothing yet.
  struct Sent {
    std::size_t state = 0;
    std::size_t people = 0;
    std::vector<std::string> participants;  ///< whom the page sees
  };
  static void send_quality(const Recipient& recipient, const Sent& shown, const InterviewId& interview,
                           const std::vector<service::PersonNetwork>& people);
  void tell_photo_request(Recipient& recipient, const boost::json::object& state);
  void send_state(Recipient& recipient, const char* type, boost::json::object state, Sent& last);
  void take_over(const std::string& interview, const TenantId& tenant, const std::string& session,
                 const std::string& who);
  void forget_supervision(Recipient& recipient);

  // On a pool thread, without the mutex.
  void authenticate(const std::shared_ptr<SocketPeer>& peer, const HelloMessage& hello);
  void run_job(const RecipientPtr& recipient);
  void read_guest(const RecipientPtr& recipient, const service::Caller& caller);
  void read_supervision(const RecipientPtr& recipient, const service::Caller& caller, const SupervisorId& session);
  void read_calls(const RecipientPtr& recipient, const service::Caller& caller);
  void read_customer(const RecipientPtr& recipient, const service::Caller& caller);
  void read_desk(const RecipientPtr& recipient, const service::Caller& caller, bool interview_too);

  SocketSource& source_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  bool stopped_ = false;
  std::unordered_map<SocketPeer*, Socket> sockets_;
  std::map<std::string, RecipientPtr>
      customers_;  ///< and guests, by "interview session", so that an interview's stand together
  std::map<std::string, RecipientPtr> users_;  ///< by agent
  SteadyTime swept_at_{};
  BlockingPool pool_;
};

}  // namespace tw::api
