#include "media/session/sdp_negotiation.hpp"

#include <algorithm>

#include "media/transport/dtls_transport.hpp"

namespace tw::media {
namespace {

constexpr std::uint8_t kMaxOneByteExtensionId = 14;  // RFC 8285 section 4.2
constexpr std::uint32_t kOpusRate = 48'000;
constexpr std::uint32_t kVideoRate = 90'000;

std::string_view codec_name(Codec codec) {
  switch (codec) {
    case Codec::opus: return "opus";
    case Codec::vp8: return "vp8";
    case Codec::h264: return "h264";
  }
  return "";
}

std::string parameter(const SdpCodec& codec, const std::string& key, std::string_view otherwise) {
  const auto found = codec.parameters.find(key);
  return found == codec.parameters.end() ? std::string(otherwise) : found->second;
}

/// How well an H.264 format suits: fragmented packets first (a single NAL unit must fit a datagram otherwise), then the
/// constrained baseline that every decoder has (RFC 7742 section 6.2). A missing packetization-mode means 0.
int h264_rank(const SdpCodec& codec) {
  int rank = parameter(codec, "packetization-mode", "0") == "1" ? 4 : 0;
  const std::string profile = parameter(codec, "profile-level-id", "42e01f");
  if (profile.starts_with("42e0") || profile.starts_with("42E0")) rank += 2;
  if (profile.starts_with("4200")) rank += 1;
  return rank;
}

const SdpCodec* choose_codec(const SdpMedia& media, Codec wanted) {
  const SdpCodec* best = nullptr;
  for (const std::uint8_t payload_type : media.payload_order) {
    const SdpCodec* codec = media.codec(payload_type);
    if (codec == nullptr || codec->name != codec_name(wanted)) continue;
    if (codec->clock_rate != (wanted == Codec::opus ? kOpusRate : kVideoRate)) continue;
    if (best == nullptr || (wanted == Codec::h264 && h264_rank(*codec) > h264_rank(*best))) best = codec;
  }
  return best;
}

std::optional<std::uint8_t> find_rtx(const SdpMedia& media, std::uint8_t payload_type) {
  for (const auto& codec : media.codecs) {
    if (codec.name == "rtx" && parameter(codec, "apt", "") == std::to_string(payload_type)) return codec.payload_type;
  }
  return std::nullopt;
}

/// Redundant sound whose blocks are all of the chosen codec: a=fmtp names it for each (RFC 2198 section 5).
std::optional<std::uint8_t> find_red(const SdpMedia& media, const SdpCodec& chosen) {
  const std::string own = std::to_string(chosen.payload_type);
  std::string twice = own;
  twice.append("/").append(own);
  for (const auto& codec : media.codecs) {
    if (codec.name != "red" || codec.clock_rate != chosen.clock_rate || codec.channels != chosen.channels) continue;
    if (codec.parameters.contains(twice)) return codec.payload_type;
  }
  return std::nullopt;
}

std::string answer_parameters(const SdpCodec& codec, Codec kind) {
  if (kind == Codec::opus) {
    // Lost sound is repaired from the next packet; silence is sent, since a pause would look like a gap in a recording.
    return "minptime=10;useinbandfec=1;usedtx=0;stereo=0;sprop-stereo=0";
  }
  if (kind != Codec::h264) return "";
  return "level-asymmetry-allowed=" + parameter(codec, "level-asymmetry-allowed", "0") +
         ";packetization-mode=" + parameter(codec, "packetization-mode", "0") +
         ";profile-level-id=" + parameter(codec, "profile-level-id", "42e01f");
}

std::uint8_t usable_extension(const SdpMedia& media, std::string_view uri) {
  const std::uint8_t id = media.extension_id(uri);
  return id <= kMaxOneByteExtensionId ? id : std::uint8_t{0};
}

/// The layers of an offer: named ones (RFC 8853) when packets can carry the names, otherwise those that an SSRC group
/// lists, as browsers wrote before names existed.
void accept_layers(NegotiatedMedia& result, const SdpMedia& media) {
  result.extensions.stream_id = usable_extension(media, kStreamIdUri);
  result.extensions.repaired_stream_id = usable_extension(media, kRepairedStreamIdUri);
  const auto take = [&](SimulcastLayer layer) {
    if (result.layers.size() < kMaxLayers) result.layers.push_back(std::move(layer));
  };
  if (media.simulcast_send.size() > 1 && result.extensions.stream_id != 0) {
    for (const auto& rid : media.simulcast_send) take({rid, 0, 0});
  } else if (media.simulcast_ssrcs.size() > 1) {
    for (const std::uint32_t ssrc : media.simulcast_ssrcs) {
      const auto rtx = media.rtx_ssrcs.find(ssrc);
      take({{}, ssrc, rtx == media.rtx_ssrcs.end() ? 0 : rtx->second});
    }
  }
  if (result.layers.empty()) result.extensions.stream_id = result.extensions.repaired_stream_id = 0;
}

void accept(NegotiatedMedia& result, const SdpMedia& media, const SdpCodec& codec, Codec kind, OfferRole role) {
  result.accepted = true;
  result.kind = kind == Codec::opus ? Kind::audio : Kind::video;
  result.codec = kind;
  result.payload_type = codec.payload_type;
  result.clock_rate_hz = codec.clock_rate;
  result.channels = static_cast<std::uint8_t>(kind == Codec::opus ? codec.channels : 0);
  result.format_parameters = answer_parameters(codec, kind);
  result.reduced_size = media.rtcp_reduced_size;
  result.rtx_payload_type = find_rtx(media, codec.payload_type);
  // Without RTX a packet could only be repeated under its own number, which SRTP's replay protection forbids.
  result.nack = result.rtx_payload_type && codec.has_feedback("nack");
  if (!result.nack) result.rtx_payload_type.reset();
  if (result.kind == Kind::audio) result.red_payload_type = find_red(media, codec);
  result.keyframe_requests = result.kind == Kind::video && codec.has_feedback("nack pli");
  result.full_intra_requests = result.kind == Kind::video && codec.has_feedback("ccm fir");
  result.extensions.mid = usable_extension(media, kMidUri);
  if (result.kind == Kind::video) {
    result.extensions.video_orientation = usable_extension(media, kVideoOrientationUri);
    result.remb = codec.has_feedback("goog-remb");
  }
  result.extensions.transport_sequence = usable_extension(media, kTransportSequenceUri);
  result.transport_feedback = result.extensions.transport_sequence != 0 && codec.has_feedback("transport-cc");
  if (!result.transport_feedback) result.extensions.transport_sequence = 0;
  if (role == OfferRole::publisher) {
    if (result.kind == Kind::video) accept_layers(result, media);
    return;
  }
  // A viewer that only knows REMB estimates from the times of sending, whichever of its media carries them.
  if (!result.transport_feedback) result.extensions.abs_send_time = usable_extension(media, kAbsSendTimeUri);
}

bool direction_fits(SdpDirection direction, OfferRole role) {
  if (direction == SdpDirection::sendrecv) return true;
  return direction == (role == OfferRole::publisher ? SdpDirection::sendonly : SdpDirection::recvonly);
}

bool in_bundle(const SessionDescription& offer, const SdpMedia& media) {
  return !media.mid.empty() && std::ranges::find(offer.bundle, media.mid) != offer.bundle.end();
}

/// Port 0 means "refused" except in a bundle, where it means "bundle-only" (RFC 9143 section 6).
bool is_offered(const SessionDescription& offer, const SdpMedia& media) {
  return media.port != 0 || in_bundle(offer, media);
}

auto malformed(std::string message) { return fail(ErrorKind::invalid, "sdp.malformed", std::move(message)); }

/// A publisher's offer is taken whole or not at all: a part that silently does not arrive would mislead (RFC 9725
/// sections 4.4.2 and 4.4.3: one MediaStream, at most one track of sound and one of picture, in one bundle).
Result<void> check_whole(const SessionDescription& offer) {
  std::size_t sending = 0;
  std::size_t of_kind[2] = {0, 0};
  std::string_view stream;
  for (const SdpMedia& media : offer.media) {
    const bool audio = media.kind == "audio";
    if (!audio && media.kind != "video") continue;
    if (!is_offered(offer, media) || !direction_fits(media.direction, OfferRole::publisher)) continue;
    ++sending;
    if (++of_kind[audio ? 0 : 1] > 1) {
      return fail(ErrorKind::unprocessable, "sdp.too_many_tracks",
                  "Publish one track of sound and one of picture; give a second picture a stream of its own.");
    }
    if (sending > 1 && !in_bundle(offer, media)) {
      return fail(ErrorKind::unprocessable, "sdp.not_bundled", "Sound and picture must share one a=group:BUNDLE.");
    }
    if (!stream.empty() && !media.stream_id.empty() && media.stream_id != stream) {
      return fail(ErrorKind::unprocessable, "sdp.too_many_streams", "All a=msid lines must name one MediaStream.");
    }
    if (!media.stream_id.empty()) stream = media.stream_id;
  }
  return {};
}

NegotiatedMedia describe(const SdpMedia& media) {
  NegotiatedMedia result;
  result.kind_text = media.kind;
  result.protocol = media.protocol;
  result.mid = media.mid;
  if (!media.payload_order.empty()) result.first_payload_type = media.payload_order.front();
  return result;
}

/// The section whose transport all accepted ones share: ICE and DTLS are described there, or at the session's level.
Result<void> read_transport(const SessionDescription& offer, NegotiatedSession& result) {
  for (std::size_t i = 0; i < offer.media.size(); ++i) {
    const SdpMedia& media = offer.media[i];
    if (!result.media[i].accepted) continue;
    if (!media.rtcp_mux) return malformed("Every section needs a=rtcp-mux.");
    if (media.setup == "passive") return malformed("The server is DTLS-passive; offer a=setup:actpass or active.");
    if (result.remote.ufrag.empty()) result.remote = {media.ice_ufrag, media.ice_pwd};
    if (result.fingerprint.value.empty() && media.fingerprint) result.fingerprint = *media.fingerprint;
  }
  if (!result.remote.well_formed()) {
    return fail(ErrorKind::invalid, "sdp.no_ice_credentials",
                "The offer lacks usable a=ice-ufrag and a=ice-pwd lines.");
  }
  if (result.fingerprint.value.empty() || !fingerprint_supported(result.fingerprint)) {
    return fail(ErrorKind::invalid, "sdp.no_fingerprint",
                "The offer lacks an a=fingerprint of SHA-256, SHA-384 or SHA-512.");
  }
  return {};
}

}  // namespace

const NegotiatedMedia* NegotiatedSession::find(Kind kind) const {
  const auto found =
      std::ranges::find_if(media, [kind](const NegotiatedMedia& m) { return m.accepted && m.kind == kind; });
  return found == media.end() ? nullptr : &*found;
}

Result<NegotiatedSession> negotiate(std::string_view text, OfferRole role, Codec video_codec) {
  auto offer = SessionDescription::parse(text);
  if (!offer) return tl::unexpected(offer.error());
  if (role == OfferRole::publisher) {
    if (auto whole = check_whole(*offer); !whole) return tl::unexpected(whole.error());
  }
  NegotiatedSession result;
  result.bundled = !offer->bundle.empty();
  for (const SdpMedia& media : offer->media) {
    NegotiatedMedia negotiated = describe(media);
    const bool audio = media.kind == "audio";
    const bool first_of_kind =
        (audio || media.kind == "video") && result.find(audio ? Kind::audio : Kind::video) == nullptr;
    // One transport carries everything: outside the bundle only a lone section can be served.
    const bool reachable = result.bundled ? in_bundle(*offer, media)
                                          : result.find(Kind::audio) == nullptr && result.find(Kind::video) == nullptr;
    if (first_of_kind && reachable && is_offered(*offer, media) && direction_fits(media.direction, role)) {
      const Codec wanted = audio ? Codec::opus : video_codec;
      const SdpCodec* codec = choose_codec(media, wanted);
      if (codec == nullptr) {
        return fail(ErrorKind::not_acceptable, "sdp.codec_not_offered",
                    "The room speaks " + std::string(codec_name(wanted)) + ", which the offer lacks.",
                    {{"codec", std::string(codec_name(wanted))}});
      }
      accept(negotiated, media, *codec, wanted, role);
    }
    result.media.push_back(std::move(negotiated));
  }
  if (result.find(Kind::audio) == nullptr && result.find(Kind::video) == nullptr) {
    return malformed(role == OfferRole::publisher ? "The offer sends neither sound nor picture."
                                                  : "The offer receives neither sound nor picture.");
  }
  if (auto read = read_transport(*offer, result); !read) return tl::unexpected(read.error());
  return result;
}

}  // namespace tw::media
