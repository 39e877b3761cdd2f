#include "media/wire/sdp.hpp"

#include <algorithm>
#include <charconv>

namespace tw::media {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
  return out;
}

template <class Number>
std::optional<Number> to_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Takes the text up to `separator` off the front; the whole rest when there is none.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view first = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return first;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

SdpCodec& codec_of(SdpMedia& media, std::uint8_t payload_type) {
  for (auto& codec : media.codecs) {
    if (codec.payload_type == payload_type) return codec;
  }
  media.codecs.push_back(SdpCodec{.payload_type = payload_type, .name = {}, .parameters = {}, .feedback = {}});
  return media.codecs.back();
}

bool read_rtpmap(SdpMedia& media, std::string_view value) {
  const auto payload_type = to_number<std::uint8_t>(take(value, ' '));
  const std::string_view name = take(value, '/');
  const auto rate = to_number<std::uint32_t>(take(value, '/'));
  if (!payload_type || *payload_type > 127 || name.empty() || !rate) return false;
  SdpCodec& codec = codec_of(media, *payload_type);
  codec.name = lower(name);
  codec.clock_rate = *rate;
  if (const auto channels = to_number<std::uint32_t>(value)) codec.channels = *channels;
  return true;
}

bool read_fmtp(SdpMedia& media, std::string_view value) {
  const auto payload_type = to_number<std::uint8_t>(take(value, ' '));
  if (!payload_type || *payload_type > 127) return false;
  SdpCodec& codec = codec_of(media, *payload_type);
  while (!value.empty()) {
    std::string_view parameter = trim(take(value, ';'));
    if (parameter.empty()) continue;
    const std::string key = lower(take(parameter, '='));
    codec.parameters[key] = std::string(parameter);
  }
  return true;
}

bool read_feedback(SdpMedia& media, std::string_view value, std::vector<std::string>& wildcard) {
  const std::string_view payload = take(value, ' ');
  if (payload == "*") {
    if (wildcard.size() < kMaxSdpItems) wildcard.push_back(lower(trim(value)));
    return true;
  }
  const auto payload_type = to_number<std::uint8_t>(payload);
  if (!payload_type || *payload_type > 127) return false;
  auto& feedback = codec_of(media, *payload_type).feedback;
  if (feedback.size() < kMaxSdpItems) feedback.push_back(lower(trim(value)));
  return true;
}

bool read_extmap(SdpMedia& media, std::string_view value) {
  std::string_view number = take(value, ' ');
  const auto id = to_number<std::uint16_t>(take(number, '/'));
  if (!id || *id == 0) return false;
  // Ids of 4096 and more stand for extensions that an offerer has no id for yet (RFC 8285 section 7): not used here.
  if (*id > 255 || media.extensions.size() >= kMaxSdpItems) return true;
  media.extensions.push_back({static_cast<std::uint8_t>(*id), std::string(trim(take(value, ' ')))});
  return true;
}

bool is_strong(std::string_view algorithm) {
  return algorithm == "sha-256" || algorithm == "sha-384" || algorithm == "sha-512";
}

bool read_fingerprint(std::optional<SdpFingerprint>& out, std::string_view value) {
  const std::string algorithm = lower(take(value, ' '));
  if (algorithm.empty() || trim(value).empty()) return false;
  // Of several (RFC 8122 section 5) the first with a strong hash counts.
  if (out && is_strong(out->algorithm)) return true;
  if (out && !is_strong(algorithm)) return true;
  out = SdpFingerprint{algorithm, upper(trim(value))};
  return true;
}

void read_ssrc(SdpMedia& media, std::string_view value) {
  const auto ssrc = to_number<std::uint32_t>(take(value, ' '));
  if (!ssrc) return;
  const bool known = std::ranges::find(media.ssrcs, *ssrc) != media.ssrcs.end();
  if (!known && media.ssrcs.size() < kMaxSdpItems) media.ssrcs.push_back(*ssrc);
  if (take(value, ':') == "cname") media.cname = std::string(value);
}

void read_ssrc_group(SdpMedia& media, std::string_view value) {
  const std::string_view semantics = take(value, ' ');
  if (semantics == "SIM" && media.simulcast_ssrcs.empty()) {
    while (!value.empty() && media.simulcast_ssrcs.size() < kMaxSdpItems) {
      if (const auto ssrc = to_number<std::uint32_t>(take(value, ' '))) media.simulcast_ssrcs.push_back(*ssrc);
    }
  }
  if (semantics != "FID" || media.rtx_ssrcs.size() >= kMaxSdpItems) return;
  const auto original = to_number<std::uint32_t>(take(value, ' '));
  const auto retransmission = to_number<std::uint32_t>(take(value, ' '));
  if (original && retransmission) media.rtx_ssrcs[*original] = *retransmission;
}

/// A layer's name travels in packets too, where letters and digits are allowed only (RFC 8852 section 3.1), in at most
/// the 16 bytes of a one-byte extension.
bool is_stream_id(std::string_view text) {
  constexpr std::size_t kMaxBytes = 16;
  return !text.empty() && text.size() <= kMaxBytes && std::ranges::all_of(text, [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

/// a=rid:NAME send …; its restrictions tell nothing that is needed here.
void read_rid(std::vector<std::string>& sent, std::string_view value) {
  const std::string_view name = take(value, ' ');
  if (trim(take(value, ' ')) == "send" && is_stream_id(name) && sent.size() < kMaxSdpItems) sent.emplace_back(name);
}

/// a=simulcast:send A,~B;C recv D (RFC 8853 section 5.1): of alternatives the first is taken, "~" means paused for now.
void read_simulcast(SdpMedia& media, std::string_view value) {
  value = trim(value);
  while (!value.empty()) {
    const std::string_view direction = take(value, ' ');
    std::string_view streams = take(value, ' ');
    if (direction != "send") continue;
    while (!streams.empty()) {
      std::string_view alternatives = take(streams, ';');
      std::string_view name = take(alternatives, ',');
      if (name.starts_with('~')) name.remove_prefix(1);
      const auto& known = media.simulcast_send;
      if (!is_stream_id(name) || known.size() >= kMaxSdpItems || std::ranges::find(known, name) != known.end())
        continue;
      media.simulcast_send.emplace_back(name);
    }
  }
}

std::optional<SdpDirection> to_direction(std::string_view word) {
  if (word == "sendrecv") return SdpDirection::sendrecv;
  if (word == "sendonly") return SdpDirection::sendonly;
  if (word == "recvonly") return SdpDirection::recvonly;
  if (word == "inactive") return SdpDirection::inactive;
  return std::nullopt;
}

bool read_media_line(std::string_view value, SdpMedia& media) {
  media.kind = std::string(take(value, ' '));
  std::string_view port = take(value, ' ');
  const auto number = to_number<std::uint16_t>(take(port, '/'));
  media.protocol = std::string(take(value, ' '));
  if (media.kind.empty() || !number || media.protocol.empty()) return false;
  media.port = *number;
  while (!value.empty()) {
    if (const auto payload_type = to_number<std::uint8_t>(take(value, ' ')); payload_type && *payload_type <= 127) {
      media.payload_order.push_back(*payload_type);
    }
  }
  return true;
}

/// Reads the lines of one description. Attributes before the first m= line are kept in `session_` and handed down.
class Reader {
 public:
  bool line(std::string_view text) {
    if (text.size() < 2 || text[1] != '=') return false;
    const std::string_view value = text.substr(2);
    if (text[0] == 'm') return begin_media(value);
    if (text[0] == 'v') return value == "0" && !seen_version_ && (seen_version_ = true);
    if (text[0] != 'a') return text[0] >= 'a' && text[0] <= 'z';
    return attribute(value);
  }

  bool finish(SessionDescription& out) {
    end_media();
    for (auto& media : description_.media) {
      if (media.ice_ufrag.empty()) media.ice_ufrag = session_.ice_ufrag;
      if (media.ice_pwd.empty()) media.ice_pwd = session_.ice_pwd;
      if (!media.fingerprint) media.fingerprint = session_.fingerprint;
      if (media.setup.empty()) media.setup = session_.setup;
      if (media.extensions.empty()) media.extensions = session_.extensions;
      media.extmap_allow_mixed = media.extmap_allow_mixed || session_.extmap_allow_mixed;
    }
    out = std::move(description_);
    return seen_version_;
  }

 private:
  SdpMedia& current() { return description_.media.empty() ? session_ : description_.media.back(); }

  bool begin_media(std::string_view value) {
    end_media();
    if (description_.media.size() >= kMaxSdpMedia) return false;
    SdpMedia media;
    media.direction = session_.direction;
    if (!read_media_line(value, media)) return false;
    description_.media.push_back(std::move(media));
    return true;
  }

  void end_media() {
    for (auto& codec : current().codecs)
      codec.feedback.insert(codec.feedback.end(), wildcard_.begin(), wildcard_.end());
    wildcard_.clear();
    // A layer without its a=rid line is to be ignored (RFC 8853 section 5.2).
    std::erase_if(current().simulcast_send,
                  [&](const std::string& name) { return std::ranges::find(rids_, name) == rids_.end(); });
    rids_.clear();
  }

  bool attribute(std::string_view text) {
    std::string_view value = text;
    const std::string_view name = take(value, ':');
    SdpMedia& media = current();
    if (const auto direction = to_direction(name)) media.direction = *direction;
    if (name == "ice-lite") description_.ice_lite = true;
    if (name == "rtcp-mux") media.rtcp_mux = true;
    if (name == "rtcp-rsize") media.rtcp_reduced_size = true;
    if (name == "mid") media.mid = std::string(value);
    if (name == "setup") media.setup = std::string(value);
    if (name == "ice-ufrag") media.ice_ufrag = std::string(value);
    if (name == "ice-pwd") media.ice_pwd = std::string(value);
    if (name == "candidate" && media.candidates.size() < kMaxSdpItems) media.candidates.emplace_back(value);
    if (name == "bundle-only") media.bundle_only = true;
    if (name == "extmap-allow-mixed") media.extmap_allow_mixed = true;
    if (name == "ssrc-group") read_ssrc_group(media, value);
    if (name == "rid") read_rid(rids_, value);
    if (name == "simulcast") read_simulcast(media, value);
    if (name == "ssrc") read_ssrc(media, value);
    if (name == "msid") {
      const std::string_view stream = take(value, ' ');
      if (stream != "-") media.stream_id = std::string(stream);
      return true;
    }
    if (name == "group") return read_group(value);
    if (name == "rtpmap") return read_rtpmap(media, value);
    if (name == "fmtp") return read_fmtp(media, value);
    if (name == "rtcp-fb") return read_feedback(media, value, wildcard_);
    if (name == "extmap") return read_extmap(media, value);
    if (name == "fingerprint") return read_fingerprint(media.fingerprint, value);
    return true;
  }

  bool read_group(std::string_view value) {
    if (take(value, ' ') != "BUNDLE" || !description_.bundle.empty()) return true;
    while (!value.empty()) {
      const std::string_view mid = trim(take(value, ' '));
      if (!mid.empty() && description_.bundle.size() < kMaxSdpMedia) description_.bundle.emplace_back(mid);
    }
    return true;
  }

  SessionDescription description_;
  SdpMedia session_;
  std::vector<std::string> wildcard_;
  std::vector<std::string> rids_;  // sent, of the current medium
  bool seen_version_ = false;
};

}  // namespace

bool SdpCodec::has_feedback(std::string_view value) const {
  return std::ranges::find(feedback, value) != feedback.end();
}

std::uint32_t SdpCodec::parameter(std::string_view key, std::uint32_t otherwise) const {
  const auto found = parameters.find(key);
  if (found == parameters.end()) return otherwise;
  return to_number<std::uint32_t>(found->second).value_or(otherwise);
}

std::string SdpCodec::parameter_text() const {
  std::string text;
  for (const auto& [key, value] : parameters) {
    if (!text.empty()) text += ';';
    text += key;
    if (!value.empty()) text.append("=").append(value);
  }
  return text;
}

const SdpCodec* SdpMedia::rtx_of(std::uint8_t payload_type) const {
  const auto found = std::ranges::find_if(codecs, [&](const SdpCodec& codec) {
    return codec.name == "rtx" && codec.parameter("apt", 255) == payload_type;
  });
  return found == codecs.end() ? nullptr : &*found;
}

const SdpCodec* SdpMedia::codec(std::uint8_t payload_type) const {
  const auto found = std::ranges::find(codecs, payload_type, &SdpCodec::payload_type);
  return found == codecs.end() ? nullptr : &*found;
}

std::uint8_t SdpMedia::extension_id(std::string_view uri) const {
  const auto found = std::ranges::find(extensions, uri, &SdpExtension::uri);
  return found == extensions.end() ? 0 : found->id;
}

Result<SessionDescription> SessionDescription::parse(std::string_view text) {
  if (text.size() > kMaxSdpBytes) {
    return fail(ErrorKind::too_large, "sdp.too_large", "The session description is over 64 KiB.");
  }
  Reader reader;
  std::size_t number = 0;
  const auto malformed = [&](const std::string& what) {
    return fail(ErrorKind::invalid, "sdp.malformed", "The session description " + what + ".",
                {{"line", std::to_string(number)}});
  };
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (++number > kMaxSdpLines) return malformed("has too many lines");
    if (line.empty()) continue;  // some clients end with several
    if (!reader.line(line)) return malformed("cannot be read at line " + std::to_string(number));
  }
  SessionDescription description;
  if (!reader.finish(description)) return malformed("lacks its v=0 line");
  return description;
}

Result<SdpFragment> SdpFragment::parse(std::string_view text) {
  if (text.size() > kMaxSdpBytes) return fail(ErrorKind::too_large, "sdp.too_large", "The fragment is over 64 KiB.");
  SdpFragment fragment;
  std::size_t number = 0;
  while (!text.empty()) {
    std::string_view line = trim(take(text, '\n'));
    ++number;
    if (line.empty()) continue;
    if (line.size() < 2 || line[1] != '=' || number > kMaxSdpLines) {
      return fail(ErrorKind::invalid, "sdp.malformed",
                  "The fragment cannot be read at line " + std::to_string(number) + ".",
                  {{"line", std::to_string(number)}});
    }
    if (line[0] != 'a') continue;
    std::string_view value = line.substr(2);
    const std::string_view name = take(value, ':');
    if (name == "ice-ufrag") fragment.ice_ufrag = std::string(value);
    if (name == "ice-pwd") fragment.ice_pwd = std::string(value);
    if (name == "candidate" && fragment.candidates.size() < kMaxSdpItems) fragment.candidates.emplace_back(value);
    if (name == "end-of-candidates") fragment.end_of_candidates = true;
  }
  return fragment;
}

}  // namespace tw::media
