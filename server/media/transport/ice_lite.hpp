#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "media/transport/ice_credentials.hpp"
#include "media/transport/network_path.hpp"
#include "media/wire/stun_message.hpp"

namespace tw::media {

enum class IceEvent : std::uint8_t {
  ignored,    ///< not ours or not authenticated: nothing was sent, nothing has changed
  checked,    ///< answered
  selected,   ///< answered, and `selected()` is another path than before
  restarted,  ///< answered, and the credentials given to `restart` have replaced the old ones; `selected()` may be new
};

/// The controlled, lite ICE agent of a server (RFC 8445 section 2.5 and 7.3) for one bundled component. It answers
/// checks and never sends on its own account: nothing goes to an address that has not proved the credentials, and an
/// answer is never longer than its check. Consent (RFC 7675) is the peer's checks coming in.
///
/// A path is selected when it is nominated; the latest nomination wins, since Firefox nominates every pair that it
/// checks. Until the first nomination the latest checked path serves, and a path that is heard while the selected one
/// has been silent replaces it (a peer behind a NAT that gave it another port).
class IceLite {
 public:
  /// Paths kept at a time: an agent checks few pairs at once; the one silent for longest gives way.
  static constexpr std::size_t kMaxPaths = 16;
  /// RFC 7675 section 5.1: after this long without a check nothing more is sent.
  static constexpr std::chrono::seconds kConsentLifetime{30};
  /// Two checks of Chromium (2.5 s apart) that did not come.
  static constexpr std::chrono::seconds kSelectedSilence{6};

  /// `remote` is the offerer's.
  IceLite(IceCredentials local, IceCredentials remote);

  /// The part of USERNAME before the colon: whose session a check is for. Empty when there is none.
  [[nodiscard]] static std::string_view local_ufrag(const StunMessage& message);

  /// A STUN datagram that came over `path`. An answer goes into `out`.
  IceEvent receive(const StunMessage& message, ByteView datagram, const NetworkPath& path, SteadyTime now,
                   DatagramSink& out);
  /// Something authenticated (SRTP, DTLS) came over `path`.
  IceEvent heard(const NetworkPath& path, SteadyTime now);

  /// The path is gone for good (a TCP connection that ended). The one heard last takes its place, if there is one.
  void forget(const NetworkPath& path);

  /// ICE restart: both credentials hold until a pair is nominated under the new ones.
  void restart(IceCredentials local, IceCredentials remote);
  [[nodiscard]] bool restarting() const { return next_.has_value(); }
  [[nodiscard]] const IceCredentials& local() const { return current_.local; }
  [[nodiscard]] const IceCredentials& remote() const { return current_.remote; }

  /// Where to send. nullopt before the first check.
  [[nodiscard]] const std::optional<NetworkPath>& selected() const { return selected_; }
  [[nodiscard]] bool nominated() const { return nominated_; }
  [[nodiscard]] bool is_valid(const NetworkPath& path) const;
  /// nullopt unless the peer has proved its credentials on `path`.
  [[nodiscard]] std::optional<ValidatedDatagram> validated(const NetworkPath& path, ByteView datagram) const;
  /// May anything be sent now?
  [[nodiscard]] bool has_consent(SteadyTime now) const;
  /// When the latest check came in; nullopt before the first.
  [[nodiscard]] std::optional<SteadyTime> last_check() const { return last_check_; }

 private:
  struct Generation {
    IceCredentials local;
    IceCredentials remote;
  };
  struct ValidPath {
    NetworkPath path;
    SteadyTime heard;
    bool of_next = false;  ///< validated by the credentials of a restart
  };
  [[nodiscard]] const Generation* generation_of(const StunMessage& message, ByteView datagram) const;
  ValidPath& remember(const NetworkPath& path, SteadyTime now, bool of_next);
  [[nodiscard]] const ValidPath* find(const NetworkPath& path) const;
  [[nodiscard]] ValidPath* find(const NetworkPath& path);
  IceEvent select(const NetworkPath& path);
  IceEvent finish_restart(const NetworkPath& path);
  /// Has the selected path been silent for so long that another one takes its place?
  [[nodiscard]] bool selected_is_silent(SteadyTime now) const;

  // Every packet asks these; the credentials are for checks.
  std::optional<SteadyTime> last_check_;
  bool nominated_ = false;
  std::optional<NetworkPath> selected_;
  std::size_t path_count_ = 0;
  std::array<ValidPath, kMaxPaths> paths_{};
  Generation current_;
  std::optional<Generation> next_;
};

}  // namespace tw::media
