#include "media/peer/peer_description.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/encoding.hpp"
#include "media/peer/peer_session.hpp"
#include "media/transport/dtls_transport.hpp"
#include "media/wire/ice_candidate.hpp"

namespace tw::media {
namespace {

constexpr RtpExtensionIds kOfferedIds{.mid = 1,
                                      .transport_sequence = 2,
                                      .abs_send_time = 3,
                                      .video_orientation = 4,
                                      .stream_id = 5,
                                      .repaired_stream_id = 6};
constexpr std::uint32_t kVideoClockHz = 90'000;

auto unusable(const std::string& why) {
  return fail(ErrorKind::unprocessable, "peer.answer_unusable", "The server's answer cannot be used: " + why + ".");
}

auto unusable_offer(const std::string& why) {
  return fail(ErrorKind::unprocessable, "peer.offer_unusable", "The server's offer cannot be used: " + why + ".");
}

PeerMedium make_audio(Random& random) {
  PeerMedium medium;
  medium.mid = "0";
  medium.payload_type = 111;
  medium.extensions = kOfferedIds;
  medium.ssrc = random.u32() | 1;
  return medium;
}

PeerMedium make_video(Codec codec, std::string mid, Random& random) {
  PeerMedium medium;
  medium.kind = Kind::video;
  medium.codec = codec;
  medium.mid = std::move(mid);
  medium.payload_type = codec == Codec::vp8 ? 96 : 102;
  medium.rtx_payload_type = static_cast<std::uint8_t>(medium.payload_type + 1);
  medium.clock_rate_hz = kVideoClockHz;
  medium.extensions = kOfferedIds;
  medium.ssrc = random.u32() | 1;
  medium.rtx_ssrc = random.u32() | 1;
  return medium;
}

class Lines {
 public:
  Lines& operator<<(const std::string& line) {
    text_ += line + "\r\n";
    return *this;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_extension(Lines& lines, std::uint8_t id, std::string_view uri) {
  if (id != 0) lines << "a=extmap:" + std::to_string(id) + " " + std::string(uri);
}

void add_codec(Lines& lines, const PeerMedium& medium) {
  const std::string type = std::to_string(medium.payload_type);
  if (medium.codec == Codec::opus) {
    lines << "a=rtpmap:" + type + " opus/48000/2"
          << "a=fmtp:" + type + " minptime=10;useinbandfec=1"
          << "a=rtcp-fb:" + type + " transport-cc";
    return;
  }
  lines << "a=rtpmap:" + type + (medium.codec == Codec::vp8 ? " VP8/90000" : " H264/90000");
  if (medium.codec == Codec::h264) {
    lines << "a=fmtp:" + type + " level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";
  }
  for (const char* feedback : {"goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"}) {
    lines << "a=rtcp-fb:" + type + " " + feedback;
  }
  const std::string rtx = std::to_string(medium.rtx_payload_type);
  lines << "a=rtpmap:" + rtx + " rtx/90000"
        << "a=fmtp:" + rtx + " apt=" + type;
}

void add_sources(Lines& lines, const PeerMedium& medium, const PeerDescription& ours) {
  const std::string ssrc = std::to_string(medium.ssrc);
  const std::string rtx = std::to_string(medium.rtx_ssrc);
  lines << "a=msid:" + ours.cname + " " + ours.cname + "-" + medium.mid;
  if (medium.rtx_ssrc != 0) lines << "a=ssrc-group:FID " + ssrc + " " + rtx;
  lines << "a=ssrc:" + ssrc + " cname:" + ours.cname;
  if (medium.rtx_ssrc != 0) lines << "a=ssrc:" + rtx + " cname:" + ours.cname;
}

/// As libwebrtc writes them: names, and no SSRCs.
void add_layers(Lines& lines, const PeerMedium& medium) {
  std::string names;
  for (const auto& layer : medium.layers) {
    lines << "a=rid:" + layer.rid + " send";
    names += (names.empty() ? "" : ";") + layer.rid;
  }
  lines << "a=simulcast:send " + names;
}

std::string media_line(const PeerMedium& medium) {
  std::string line = medium.kind == Kind::audio ? "m=audio" : "m=video";
  line += " 9 UDP/TLS/RTP/SAVPF " + std::to_string(medium.payload_type);
  if (medium.rtx_payload_type != 0) line += " " + std::to_string(medium.rtx_payload_type);
  return line;
}

void add_medium(Lines& lines, const PeerMedium& medium, const PeerDescription& ours, const char* setup) {
  lines << media_line(medium) << "c=IN IP4 0.0.0.0"
        << "a=rtcp:9 IN IP4 0.0.0.0"
        << "a=ice-ufrag:" + ours.ice.ufrag << "a=ice-pwd:" + ours.ice.pwd << "a=ice-options:trickle"
        << "a=fingerprint:sha-256 " + ours.sha256_fingerprint << std::string("a=setup:") + setup
        << "a=mid:" + medium.mid;
  add_extension(lines, medium.extensions.mid, kMidUri);
  add_extension(lines, medium.extensions.transport_sequence, kTransportSequenceUri);
  add_extension(lines, medium.extensions.abs_send_time, kAbsSendTimeUri);
  if (medium.kind == Kind::video) add_extension(lines, medium.extensions.video_orientation, kVideoOrientationUri);
  if (!medium.layers.empty()) {
    add_extension(lines, medium.extensions.stream_id, kStreamIdUri);
    add_extension(lines, medium.extensions.repaired_stream_id, kRepairedStreamIdUri);
  }
  lines << (ours.publisher ? "a=sendonly" : "a=recvonly") << "a=rtcp-mux"
        << "a=rtcp-rsize";
  add_codec(lines, medium);
  if (ours.publisher && medium.layers.empty()) add_sources(lines, medium, ours);
  if (!medium.layers.empty()) add_layers(lines, medium);
}

std::string bundle_line(const std::vector<PeerMedium>& media) {
  std::string line = "a=group:BUNDLE";
  for (const auto& medium : media) line += " " + medium.mid;
  return line;
}

/// A section that we do not take (RFC 3264 section 6).
void add_refused(Lines& lines, const PeerMedium& medium) {
  lines << (medium.kind == Kind::audio ? "m=audio" : "m=video") +
               (" 0 UDP/TLS/RTP/SAVPF " + std::to_string(medium.payload_type))
        << "c=IN IP4 0.0.0.0"
        << "a=inactive"
        << "a=mid:" + medium.mid;
}

/// How we name a codec of theirs; nullopt where it is none of ours.
std::optional<Codec> codec_of(const SdpCodec& codec) {
  if (codec.name == "opus") return Codec::opus;
  if (codec.name == "vp8") return Codec::vp8;
  if (codec.name == "h264") return Codec::h264;
  return std::nullopt;
}

RtpExtensionIds extensions_of(const SdpMedia& theirs) {
  return {.mid = theirs.extension_id(kMidUri),
          .transport_sequence = theirs.extension_id(kTransportSequenceUri),
          .abs_send_time = theirs.extension_id(kAbsSendTimeUri),
          .video_orientation = theirs.extension_id(kVideoOrientationUri),
          .stream_id = theirs.extension_id(kStreamIdUri),
          .repaired_stream_id = theirs.extension_id(kRepairedStreamIdUri)};
}

/// The SSRCs that the server says it sends with; not every server does.
void take_sources(PeerMedium& ours, const SdpMedia& theirs) {
  ours.ssrc = ours.rtx_ssrc = 0;
  if (theirs.ssrcs.empty()) return;
  ours.ssrc = theirs.ssrcs.front();
  if (theirs.rtx_ssrcs.empty()) return;
  ours.ssrc = theirs.rtx_ssrcs.begin()->first;
  ours.rtx_ssrc = theirs.rtx_ssrcs.begin()->second;
}

/// What of an offered section we take: its first format that is `wanted`.
PeerMedium take_section(const SdpMedia& theirs, Codec wanted) {
  PeerMedium taken;
  taken.kind = theirs.kind == "audio" ? Kind::audio : Kind::video;
  taken.codec = wanted;
  taken.mid = theirs.mid;
  if (!theirs.payload_order.empty()) taken.payload_type = theirs.payload_order.front();
  if (theirs.port == 0 || theirs.direction != SdpDirection::sendonly || !theirs.rtcp_mux) return taken;
  for (const std::uint8_t type : theirs.payload_order) {
    const SdpCodec* codec = theirs.codec(type);
    if (codec == nullptr || codec_of(*codec) != wanted) continue;
    taken.accepted = true;
    taken.payload_type = type;
    taken.clock_rate_hz = codec->clock_rate;
    taken.nack = codec->has_feedback("nack");
    if (const SdpCodec* rtx = theirs.rtx_of(type)) taken.rtx_payload_type = rtx->payload_type;
    taken.extensions = extensions_of(theirs);
    take_sources(taken, theirs);
    return taken;
  }
  return taken;
}

/// What of our medium the answer's section agrees to.
bool agree(PeerMedium& ours, const SdpMedia& theirs, bool publisher) {
  ours.accepted = theirs.port != 0;
  if (!ours.accepted) return true;
  const SdpCodec* codec = theirs.codec(ours.payload_type);
  const bool listed = std::ranges::find(theirs.payload_order, ours.payload_type) != theirs.payload_order.end();
  if (codec == nullptr || !listed || theirs.mid != ours.mid || !theirs.rtcp_mux) return false;
  if (theirs.direction != (publisher ? SdpDirection::recvonly : SdpDirection::sendonly)) return false;
  ours.nack = codec->has_feedback("nack");
  if (theirs.rtx_of(ours.payload_type) == nullptr) ours.rtx_payload_type = 0;
  ours.extensions = extensions_of(theirs);
  if (ours.extensions.stream_id == 0) ours.layers.clear();  // the server takes one layer only
  if (!publisher) take_sources(ours, theirs);
  return true;
}

void add_candidates(const std::vector<std::string>& texts, std::vector<SocketAddress>& out) {
  for (const auto& text : texts) {
    const auto candidate = IceCandidate::parse(text);
    if (candidate && candidate->udp && candidate->component == 1) out.push_back(candidate->address);
  }
}

}  // namespace

PeerDescription PeerDescription::make(const PeerConfig& config, std::string sha256_fingerprint, Random& random) {
  constexpr std::size_t kNameBytes = 9;
  std::array<std::uint8_t, kNameBytes> name{};
  random.fill(name);
  PeerDescription made{.publisher = config.publisher,
                       .session_number = random.u64() >> 1,
                       .ice = IceCredentials::make(random),
                       .sha256_fingerprint = std::move(sha256_fingerprint),
                       .cname = to_hex(name),
                       .media = {}};
  if (config.audio) made.media.push_back(make_audio(random));
  if (config.video) made.media.push_back(make_video(config.video_codec, config.audio ? "1" : "0", random));
  for (auto& medium : made.media) {
    if (!config.transport_feedback) medium.extensions.transport_sequence = 0;
    if (!config.publisher || !config.simulcast || medium.kind != Kind::video) continue;
    for (const char* rid : {"l", "h"}) medium.layers.push_back({rid, random.u32() | 1, random.u32() & ~1U});
  }
  return made;
}

std::string PeerDescription::offer() const {
  Lines lines;
  lines << "v=0"
        << "o=- " + std::to_string(session_number) + " 2 IN IP4 127.0.0.1"
        << "s=-"
        << "t=0 0" << bundle_line(media) << "a=extmap-allow-mixed";
  for (const auto& medium : media) add_medium(lines, medium, *this, "actpass");
  return lines.take();
}

std::string PeerDescription::answer() const {
  std::vector<PeerMedium> taken;
  std::ranges::copy_if(media, std::back_inserter(taken), &PeerMedium::accepted);
  Lines lines;
  lines << "v=0"
        << "o=- " + std::to_string(session_number) + " 2 IN IP4 127.0.0.1"
        << "s=-"
        << "t=0 0" << bundle_line(taken);
  for (const auto& medium : media) {
    if (medium.accepted) {
      add_medium(lines, medium, *this, "active");
    } else {
      add_refused(lines, medium);
    }
  }
  return lines.take();
}

std::string PeerDescription::restart_fragment() const {
  Lines lines;
  lines << bundle_line(media) << "a=ice-ufrag:" + ice.ufrag << "a=ice-pwd:" + ice.pwd;
  if (!media.empty()) lines << media_line(media.front()) << "a=mid:" + media.front().mid;
  return lines.take();
}

Result<PeerRemote> read_answer(std::string_view sdp, PeerDescription& ours) {
  const auto answer = SessionDescription::parse(sdp);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->media.size() != ours.media.size()) return unusable("it has another number of sections than the offer");
  PeerRemote remote;
  for (std::size_t i = 0; i < ours.media.size(); ++i) {
    const SdpMedia& theirs = answer->media[i];
    if (!agree(ours.media[i], theirs, ours.publisher))
      return unusable("section " + std::to_string(i) + " does not fit the offer");
    if (!ours.media[i].accepted) continue;
    if (theirs.setup != "passive" && theirs.setup != "active") return unusable("it does not say who begins DTLS");
    remote.begins_dtls = theirs.setup == "active";
    if (remote.ice.ufrag.empty()) remote.ice = {theirs.ice_ufrag, theirs.ice_pwd};
    if (remote.fingerprint.value.empty() && theirs.fingerprint) remote.fingerprint = *theirs.fingerprint;
    add_candidates(theirs.candidates, remote.candidates);
  }
  if (!remote.ice.well_formed()) return unusable("it lacks ICE credentials");
  if (!fingerprint_supported(remote.fingerprint)) return unusable("it lacks a fingerprint of a strong hash");
  if (remote.candidates.empty()) return unusable("it has no candidate with a numeric UDP address");
  return remote;
}

Result<PeerRemote> read_offer(std::string_view sdp, const PeerConfig& config, PeerDescription& ours) {
  const auto offer = SessionDescription::parse(sdp);
  if (!offer) return tl::unexpected(offer.error());
  PeerRemote remote;
  ours.media.clear();
  bool audio = config.audio;
  bool video = config.video;
  for (const SdpMedia& theirs : offer->media) {
    if (theirs.kind != "audio" && theirs.kind != "video") return unusable_offer("it has a section of neither kind");
    const bool sound = theirs.kind == "audio";
    PeerMedium& taken = ours.media.emplace_back(take_section(theirs, sound ? Codec::opus : config.video_codec));
    bool& wanted = sound ? audio : video;
    taken.accepted = taken.accepted && std::exchange(wanted, false);
    if (!taken.accepted) continue;
    if (theirs.setup == "active") return unusable_offer("its setup is not one that an offer may have");
    if (remote.ice.ufrag.empty()) remote.ice = {theirs.ice_ufrag, theirs.ice_pwd};
    if (remote.fingerprint.value.empty() && theirs.fingerprint) remote.fingerprint = *theirs.fingerprint;
    add_candidates(theirs.candidates, remote.candidates);
  }
  if (std::ranges::none_of(ours.media, &PeerMedium::accepted)) return unusable_offer("nothing in it is wanted");
  if (!remote.ice.well_formed()) return unusable_offer("it lacks ICE credentials");
  if (!fingerprint_supported(remote.fingerprint)) return unusable_offer("it lacks a fingerprint of a strong hash");
  if (remote.candidates.empty()) return unusable_offer("it has no candidate with a numeric UDP address");
  return remote;
}

Result<PeerRemote> read_restart_answer(std::string_view fragment) {
  const auto answer = SdpFragment::parse(fragment);
  if (!answer) return tl::unexpected(answer.error());
  PeerRemote remote;
  remote.ice = {answer->ice_ufrag, answer->ice_pwd};
  add_candidates(answer->candidates, remote.candidates);
  if (!remote.ice.well_formed()) return unusable("it lacks ICE credentials");
  return remote;
}

}  // namespace tw::media
