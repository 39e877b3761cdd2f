#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "media/media_types.hpp"
#include "media/transport/ice_credentials.hpp"
#include "media/wire/rtp_extensions.hpp"
#include "media/wire/sdp.hpp"

namespace tw::media {

/// One m= section of an offer and what becomes of it.
struct NegotiatedMedia {
  std::string kind_text;  ///< "audio", "video", "application"
  std::string protocol;
  std::string mid;
  std::uint8_t first_payload_type = 0;  ///< of the offer: a refused section has to name some format
  bool accepted = false;

  // Only meaningful where accepted; what packets need together:
  Kind kind = Kind::audio;
  Codec codec = Codec::opus;
  std::uint8_t payload_type = 0;
  std::optional<std::uint8_t> rtx_payload_type;
  std::optional<std::uint8_t> red_payload_type;  ///< of sound: packets that repeat earlier ones (RFC 2198)
  RtpExtensionIds extensions;                    ///< as the offer numbers them
  bool nack = false;
  bool keyframe_requests = false;  ///< nack pli
  bool full_intra_requests = false;
  bool remb = false;
  bool transport_feedback = false;
  bool reduced_size = false;
  std::uint32_t ssrc = 0;  ///< of the server's own stream, when it sends
  std::uint32_t rtx_ssrc = 0;
  std::vector<SimulcastLayer> layers;  ///< of a publisher's simulcast, in the order of the offer; empty without
  std::uint32_t clock_rate_hz = 48'000;
  std::uint8_t channels = 0;
  std::string format_parameters;  ///< a=fmtp of the answer
};

/// Layers of one picture that are taken; an offer with more is answered with its first ones (RFC 8853 section 5.3.2
/// lets the answerer remove). Three is what browsers make.
constexpr std::size_t kMaxLayers = 3;

/// What the layers below the largest need beside it: 320×180 at 200 kb/s, and headers.
constexpr std::uint32_t kLowLayersBps = 250'000;

/// What an offer comes to: enough to make a session and to write its answer.
struct NegotiatedSession {
  bool bundled = false;
  IceCredentials remote;
  SdpFingerprint fingerprint;
  std::vector<NegotiatedMedia> media;  ///< in the order of the offer

  [[nodiscard]] const NegotiatedMedia* find(Kind kind) const;
};

/// Who sends: a publisher's offer is for sending, a viewer's for receiving.
enum class OfferRole { publisher, viewer };

/// Reads an offer as WHIP (RFC 9725 section 4.2) and WHEP (draft-ietf-wish-whep-03 section 4.2) send it. At most one
/// section of sound and one of picture are accepted; the rest is refused section by section (RFC 3264 section 6).
/// Errors: sdp.too_large, sdp.malformed, sdp.no_fingerprint, sdp.no_ice_credentials, sdp.codec_not_offered
/// (not_acceptable); of a publisher sdp.too_many_tracks, sdp.too_many_streams, sdp.not_bundled (unprocessable).
[[nodiscard]] Result<NegotiatedSession> negotiate(std::string_view offer, OfferRole role, Codec video_codec);

}  // namespace tw::media
