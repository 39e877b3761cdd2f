#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "media/sdp_limits.hpp"

namespace tw::media {

constexpr std::size_t kMaxSdpMedia = 16;
constexpr std::size_t kMaxSdpLines = 4096;
/// SSRCs, candidates, extensions and wildcard feedbacks of one medium; what is beyond is left out.
constexpr std::size_t kMaxSdpItems = 64;

enum class SdpDirection { sendrecv, sendonly, recvonly, inactive };

/// a=rtpmap with its a=fmtp and a=rtcp-fb lines.
struct SdpCodec {
  std::uint8_t payload_type = 0;
  std::string name;  ///< in lower case
  std::uint32_t clock_rate = 0;
  std::uint32_t channels = 1;
  std::map<std::string, std::string, std::less<>> parameters;  ///< of a=fmtp, keys in lower case
  std::vector<std::string> feedback;                           ///< values of a=rtcp-fb, wildcard lines included
  [[nodiscard]] bool has_feedback(std::string_view value) const;
  /// A number of a=fmtp; `otherwise` where it is absent or none.
  [[nodiscard]] std::uint32_t parameter(std::string_view key, std::uint32_t otherwise) const;
  /// a=fmtp's value as it would be written, keys in order: "minptime=10;useinbandfec=1".
  [[nodiscard]] std::string parameter_text() const;
};

struct SdpExtension {
  std::uint8_t id = 0;
  std::string uri;
};

struct SdpFingerprint {
  std::string algorithm;  ///< in lower case: "sha-256"
  std::string value;      ///< hexadecimal with colons, in capitals
  friend bool operator==(const SdpFingerprint&, const SdpFingerprint&) = default;
};

/// One layer of a simulcast picture: known by its name (a=rid, RFC 8851), by its SSRC (a=ssrc-group:SIM), or both.
struct SimulcastLayer {
  std::string rid;
  std::uint32_t ssrc = 0;  ///< 0 until a packet tells
  std::uint32_t rtx_ssrc = 0;
};

struct SdpMedia {
  std::string kind;  ///< "audio", "video", "application"
  std::uint16_t port = 0;
  std::string protocol;
  std::string mid;
  SdpDirection direction = SdpDirection::sendrecv;
  bool bundle_only = false;
  bool rtcp_mux = false;
  bool rtcp_reduced_size = false;
  std::string setup;
  std::string ice_ufrag;
  std::string ice_pwd;
  std::optional<SdpFingerprint> fingerprint;
  std::vector<std::uint8_t> payload_order;  ///< as in the m= line: preferred first
  std::vector<SdpCodec> codecs;
  std::vector<SdpExtension> extensions;
  bool extmap_allow_mixed = false;
  std::vector<std::uint32_t> ssrcs;
  std::map<std::uint32_t, std::uint32_t> rtx_ssrcs;  ///< of a=ssrc-group:FID: original → its retransmission
  std::vector<std::string> simulcast_send;  ///< a=simulcast (RFC 8853): names of the layers sent, in its order, first
                                            ///< alternatives only, each with an a=rid line (RFC 8851)
  std::vector<std::uint32_t> simulcast_ssrcs;  ///< of a=ssrc-group:SIM, how browsers wrote it before
  std::string cname;
  std::string stream_id;                ///< MediaStream of a=msid (RFC 8830); empty when there is none or it is "-"
  std::vector<std::string> candidates;  ///< values behind "a=candidate:"

  [[nodiscard]] const SdpCodec* codec(std::uint8_t payload_type) const;
  /// The RTX format whose apt is `payload_type` (RFC 4588 section 8.6); nullptr when there is none.
  [[nodiscard]] const SdpCodec* rtx_of(std::uint8_t payload_type) const;
  [[nodiscard]] std::uint8_t extension_id(std::string_view uri) const;  ///< 0 when not offered
};

/// A session description (RFC 8866) as WebRTC uses it (RFC 8829). Session-level ICE, fingerprint and setup are
/// copied into each medium that lacks its own.
struct SessionDescription {
  std::vector<std::string> bundle;  ///< mids of the first BUNDLE group
  bool ice_lite = false;
  std::vector<SdpMedia> media;

  /// Errors: sdp.too_large, sdp.malformed (with the line's number).
  [[nodiscard]] static Result<SessionDescription> parse(std::string_view text);
};

/// The body of a WHIP PATCH (RFC 8840 section 9, application/trickle-ice-sdpfrag).
struct SdpFragment {
  std::string ice_ufrag;
  std::string ice_pwd;
  std::vector<std::string> candidates;
  bool end_of_candidates = false;
  [[nodiscard]] static Result<SdpFragment> parse(std::string_view text);
};

}  // namespace tw::media
