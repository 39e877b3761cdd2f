#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "media/transport/ice_credentials.hpp"
#include "media/transport/ice_lite.hpp"
#include "media/transport/network_path.hpp"
#include "media/wire/stun_message.hpp"

namespace tw::media {

/// The controlling, full ICE agent (RFC 8445 section 7.2) of a client against a lite server: it checks every candidate,
/// nominates the first best that answers (regular nomination) and keeps consent (RFC 7675). One socket: paths have
/// `local` 0.
class IceClient {
 public:
  /// More candidates than this are left out: a server has a few addresses.
  static constexpr std::size_t kMaxPairs = 16;
  /// RFC 8445 section 14.2 and 14.3.
  static constexpr std::chrono::milliseconds kPacing{50};
  static constexpr std::chrono::milliseconds kFirstRetransmission{500};
  /// RFC 8489 doubles without end and sends 7 times; on a path that loses much a person would wait too long for that.
  static constexpr std::chrono::milliseconds kLongestRetransmission{1000};
  static constexpr unsigned kMostTransmissions = 20;
  /// As often as Chromium, so that silence of 3 s says something.
  static constexpr std::chrono::milliseconds kConsentInterval{2500};
  static constexpr std::chrono::seconds kConsentLifetime{30};

  enum class State : std::uint8_t { waiting, checking, connected, failed };

  IceClient(IceCredentials local, Random& random);

  /// What the answer says. Checks begin at the next `handle_timeout`. After a restart call it with the new answer.
  void set_remote(IceCredentials remote, std::span<const SocketAddress> candidates, SteadyTime now);
  /// Begins an ICE restart with new credentials; media goes on over the old path meanwhile.
  void restart(IceCredentials local);

  IceEvent receive(const StunMessage& message, ByteView datagram, const NetworkPath& path, SteadyTime now,
                   DatagramSink& out);
  IceEvent handle_timeout(SteadyTime now, DatagramSink& out);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const IceCredentials& local() const { return local_; }
  [[nodiscard]] const std::optional<NetworkPath>& selected() const { return selected_; }
  /// nullopt unless a check on `path` was answered.
  [[nodiscard]] std::optional<ValidatedDatagram> validated(const NetworkPath& path, ByteView datagram) const;

 private:
  struct Generation {
    IceCredentials local;
    IceCredentials remote;
  };
  struct Pair {
    NetworkPath path;
    bool valid = false;
    bool nominating = false;
    bool failed = false;
    unsigned transmissions = 0;  ///< of the check under way; 0 before the first
    StunTransactionId transaction{};
    SteadyTime next_send;  ///< when to send (again) or to give up
  };
  [[nodiscard]] bool is_selected(const Pair& pair) const { return connected_pair_ && *connected_pair_ == pair.path; }
  void send_check(Pair& pair, bool fresh, SteadyTime now, DatagramSink& out);
  void advance(Pair& pair, SteadyTime now, DatagramSink& out);
  void nominate_another(SteadyTime now, DatagramSink& out);
  IceEvent on_success(Pair& pair, SteadyTime now, DatagramSink& out);
  IceEvent on_response(const StunMessage& message, ByteView datagram, const NetworkPath& path, SteadyTime now,
                       DatagramSink& out);
  IceEvent answer_check(const StunMessage& message, ByteView datagram, const NetworkPath& path,
                        DatagramSink& out) const;

  Random& random_;
  IceCredentials local_;                  ///< the newest: what the next answer will belong to
  std::optional<Generation> generation_;  ///< what checks are sent with
  std::uint64_t tie_breaker_;
  std::vector<Pair> pairs_;
  std::vector<NetworkPath> old_paths_;  ///< valid before a restart
  State state_ = State::waiting;
  std::optional<NetworkPath> selected_;
  std::optional<NetworkPath> connected_pair_;  ///< `selected_`, once it was nominated under `generation_`
  SteadyTime next_paced_{};
  SteadyTime last_consent_{};
};

}  // namespace tw::media
