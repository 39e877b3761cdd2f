#include "media/session/sdp_answer.hpp"

#include <array>
#include <charconv>

namespace tw::media {
namespace {

/// Chromium takes the picture's b=TIAS as the ceiling of its whole estimate: sound, headers and repairs come off it.
/// With exactly the wanted rate its encoder got 1.22 of 1.5 Mb/s.
constexpr std::uint32_t kVideoBandwidthPercent = 120;

/// Collects lines; everything that varies is converted by `operator<<`-like calls to `add`.
class Lines {
 public:
  template <class... Parts>
  void add(const Parts&... parts) {
    (append(parts), ...);
    text_ += "\r\n";
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void append(std::string_view text) { text_ += text; }
  template <std::integral Number>
  void append(Number number) {
    text_ += std::to_string(number);
  }
  std::string text_;
};

std::string bundle_of(const NegotiatedSession& session) {
  std::string mids;
  for (const auto& media : session.media) {
    if (media.accepted) mids += " " + media.mid;
  }
  return mids;
}

/// RFC 8445 section 5.1.2.1 for host candidates; the first listed is preferred.
void add_candidates(Lines& lines, std::span<const SocketAddress> candidates) {
  std::uint32_t preference = 65'535;
  std::uint32_t foundation = 1;
  for (const SocketAddress& address : candidates) {
    const std::uint32_t priority = (126U << 24) | (preference-- << 8) | 255U;
    lines.add("a=candidate:", foundation++, " 1 udp ", priority, " ", address.ip_text(), " ", address.port,
              " typ host");
  }
  lines.add("a=end-of-candidates");
}

/// The same in the answer and in what answers a restart (RFC 9725 section 4.3.3). "ice2": RFC 8445 section 10.
void add_ice_options(Lines& lines) {
  lines.add("a=ice-lite");
  lines.add("a=ice-options:trickle ice2");
}

void add_ice(Lines& lines, const IceCredentials& local) {
  lines.add("a=ice-ufrag:", local.ufrag);
  lines.add("a=ice-pwd:", local.pwd);
}

void add_codec(Lines& lines, const NegotiatedMedia& media) {
  const int pt = media.payload_type;
  switch (media.codec) {
    case Codec::opus: lines.add("a=rtpmap:", pt, " opus/48000/2"); break;
    case Codec::vp8: lines.add("a=rtpmap:", pt, " VP8/90000"); break;
    case Codec::h264: lines.add("a=rtpmap:", pt, " H264/90000"); break;
  }
  if (!media.format_parameters.empty()) lines.add("a=fmtp:", pt, " ", media.format_parameters);
  if (media.nack) lines.add("a=rtcp-fb:", pt, " nack");
  if (media.keyframe_requests) lines.add("a=rtcp-fb:", pt, " nack pli");
  if (media.full_intra_requests) lines.add("a=rtcp-fb:", pt, " ccm fir");
  if (media.remb) lines.add("a=rtcp-fb:", pt, " goog-remb");
  if (media.transport_feedback) lines.add("a=rtcp-fb:", pt, " transport-cc");
  if (media.rtx_payload_type) {
    lines.add("a=rtpmap:", int{*media.rtx_payload_type}, " rtx/", media.clock_rate_hz);
    lines.add("a=fmtp:", int{*media.rtx_payload_type}, " apt=", pt);
  }
}

void add_extensions(Lines& lines, const RtpExtensionIds& ids) {
  const auto add = [&lines](std::uint8_t id, std::string_view uri) {
    if (id != 0) lines.add("a=extmap:", int{id}, " ", uri);
  };
  add(ids.mid, kMidUri);
  add(ids.transport_sequence, kTransportSequenceUri);
  add(ids.abs_send_time, kAbsSendTimeUri);
  add(ids.video_orientation, kVideoOrientationUri);
  add(ids.stream_id, kStreamIdUri);
  add(ids.repaired_stream_id, kRepairedStreamIdUri);
}

/// The named layers that are taken, in the offer's order, now received (RFC 8853 section 5.3.2, RFC 8851 section 6).
void add_layers(Lines& lines, const NegotiatedMedia& media) {
  std::string names;
  for (const auto& layer : media.layers) {
    if (layer.rid.empty()) return;
    lines.add("a=rid:", layer.rid, " recv");
    names += (names.empty() ? "" : ";") + layer.rid;
  }
  if (!names.empty()) lines.add("a=simulcast:recv ", names);
}

/// What the server will send: one stream whose sound and picture belong together (RFC 8830, RFC 5576).
void add_sources(Lines& lines, const NegotiatedMedia& media, const AnswerParts& parts) {
  const std::string_view track = media.kind == Kind::audio ? "audio" : "video";
  lines.add("a=msid:", parts.stream_id, " ", parts.stream_id, "-", track);
  if (media.rtx_ssrc != 0) lines.add("a=ssrc-group:FID ", media.ssrc, " ", media.rtx_ssrc);
  lines.add("a=ssrc:", media.ssrc, " cname:", parts.cname);
  if (media.rtx_ssrc != 0) lines.add("a=ssrc:", media.rtx_ssrc, " cname:", parts.cname);
}

void add_refused(Lines& lines, const NegotiatedMedia& media) {
  const bool data = media.kind_text == "application";
  if (data) {
    lines.add("m=", media.kind_text, " 0 ", media.protocol, " webrtc-datachannel");
  } else {
    lines.add("m=", media.kind_text, " 0 ", media.protocol, " ", int{media.first_payload_type});
  }
  lines.add("c=IN IP4 0.0.0.0");
  if (!data) lines.add("a=inactive");
  if (!media.mid.empty()) lines.add("a=mid:", media.mid);
}

void add_media_line(Lines& lines, const NegotiatedMedia& media) {
  std::string formats = std::to_string(media.payload_type);
  if (media.rtx_payload_type) formats += " " + std::to_string(*media.rtx_payload_type);
  lines.add("m=", media.kind_text, " 9 ", media.protocol, " ", formats);
}

void add_accepted(Lines& lines, const NegotiatedMedia& media, const AnswerParts& parts, bool bundled, bool first) {
  add_media_line(lines, media);
  lines.add("c=IN IP4 0.0.0.0");
  if (parts.role == OfferRole::publisher) {
    const std::uint32_t picture = parts.video_bitrate_bps + (media.layers.empty() ? 0 : kLowLayersBps);
    const std::uint32_t bitrate =
        media.kind == Kind::video ? picture / 100 * kVideoBandwidthPercent : parts.audio_bitrate_bps;
    lines.add("b=TIAS:", bitrate);
  }
  add_ice(lines, parts.local);
  lines.add("a=fingerprint:sha-256 ", parts.sha256_fingerprint);
  lines.add("a=setup:passive");
  if (!media.mid.empty()) lines.add("a=mid:", media.mid);
  add_extensions(lines, media.extensions);
  lines.add(parts.role == OfferRole::publisher ? "a=recvonly" : "a=sendonly");
  lines.add("a=rtcp-mux");
  if (bundled) lines.add("a=rtcp-mux-only");  // RFC 9725 section 4.4.1
  if (media.reduced_size) lines.add("a=rtcp-rsize");
  add_codec(lines, media);
  add_layers(lines, media);
  if (parts.role == OfferRole::viewer) add_sources(lines, media, parts);
  // The first bundled section stands for the transport of all (RFC 9143 section 7.1.3).
  if (first) add_candidates(lines, parts.candidates);
}

template <class Number>
bool is_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string write_answer(const NegotiatedSession& session, const AnswerParts& parts) {
  Lines lines;
  lines.add("v=0");
  lines.add("o=- ", parts.session_number, " 1 IN IP4 0.0.0.0");
  lines.add("s=-");
  lines.add("t=0 0");
  add_ice_options(lines);
  if (session.bundled) lines.add("a=group:BUNDLE", bundle_of(session));
  if (parts.role == OfferRole::viewer) lines.add("a=msid-semantic: WMS ", parts.stream_id);
  bool first = true;
  for (const auto& media : session.media) {
    if (!media.accepted) {
      add_refused(lines, media);
      continue;
    }
    add_accepted(lines, media, parts, session.bundled, first);
    first = false;
  }
  return lines.take();
}

std::string write_restart_fragment(const NegotiatedSession& session, const IceCredentials& local,
                                   std::span<const SocketAddress> candidates) {
  Lines lines;
  add_ice_options(lines);
  if (session.bundled) lines.add("a=group:BUNDLE", bundle_of(session));
  for (const auto& media : session.media) {
    if (!media.accepted) continue;
    add_media_line(lines, media);
    if (!media.mid.empty()) lines.add("a=mid:", media.mid);
    add_ice(lines, local);
    add_candidates(lines, candidates);
    break;
  }
  return lines.take();
}

bool candidate_well_formed(std::string_view candidate) {
  std::array<std::string_view, 8> words;
  std::size_t count = 0;
  while (count < words.size() && !candidate.empty()) {
    const std::size_t space = candidate.find(' ');
    words[count++] = candidate.substr(0, space);
    candidate = space == std::string_view::npos ? std::string_view{} : candidate.substr(space + 1);
  }
  if (count < words.size()) return false;
  for (const std::string_view word : words) {
    if (word.empty()) return false;
  }
  return words[0].size() <= 32 && is_number<std::uint16_t>(words[1]) && is_number<std::uint32_t>(words[3]) &&
         is_number<std::uint16_t>(words[5]) && words[6] == "typ";
}

}  // namespace tw::media
