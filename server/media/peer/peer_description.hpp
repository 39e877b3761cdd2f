#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "media/media_types.hpp"
#include "media/transport/ice_credentials.hpp"
#include "media/wire/rtp_extensions.hpp"
#include "media/wire/sdp.hpp"
#include "media/wire/socket_address.hpp"

namespace tw::media {

struct PeerConfig;

/// One m= section: what is offered and, after the answer, what of it was agreed on.
struct PeerMedium {
  Kind kind = Kind::audio;
  Codec codec = Codec::opus;
  std::string mid;
  std::uint8_t payload_type = 0;
  std::uint8_t rtx_payload_type = 0;  ///< 0: none
  std::uint32_t clock_rate_hz = 48'000;
  RtpExtensionIds extensions;
  std::uint32_t ssrc = 0;  ///< of a publisher: our own; of a viewer: the server's, 0 until it is known
  std::uint32_t rtx_ssrc = 0;
  bool nack = false;
  bool accepted = false;
  std::string rid;                     ///< of one layer that is sent
  std::vector<SimulcastLayer> layers;  ///< offered, the small one first; empty without simulcast
};

/// What the client says of itself.
struct PeerDescription {
  bool publisher = true;
  std::uint64_t session_number = 0;
  IceCredentials ice;
  std::string sha256_fingerprint;
  std::string cname;
  std::vector<PeerMedium> media;

  [[nodiscard]] static PeerDescription make(const PeerConfig& config, std::string sha256_fingerprint, Random& random);
  /// An offer as browsers write them: bundled, rtcp-mux, setup actpass.
  [[nodiscard]] std::string offer() const;
  /// What answers an offer that `read_offer` has read: DTLS-active; sections that we do not want are refused.
  [[nodiscard]] std::string answer() const;
  /// The fragment for an ICE restart (RFC 9725 section 4.3.3) with `ice` as it is now.
  [[nodiscard]] std::string restart_fragment() const;
};

/// How to reach the server.
struct PeerRemote {
  IceCredentials ice;
  std::vector<SocketAddress> candidates;
  SdpFingerprint fingerprint;
  bool begins_dtls = false;  ///< the server is the DTLS client (a=setup:active), so we wait for its hello
};

/// Reads an answer to `ours` and notes in its media what was agreed on. `peer.answer_unusable` where a session cannot
/// come of it.
[[nodiscard]] Result<PeerRemote> read_answer(std::string_view sdp, PeerDescription& ours);
/// Reads an offer of a server that does not let its viewers offer, and puts what we take of it into `ours`: at most one
/// section of sound and one of picture. `peer.offer_unusable` where a session cannot come of it.
[[nodiscard]] Result<PeerRemote> read_offer(std::string_view sdp, const PeerConfig& config, PeerDescription& ours);
/// The answer to a restart: credentials and candidates.
[[nodiscard]] Result<PeerRemote> read_restart_answer(std::string_view fragment);

}  // namespace tw::media
