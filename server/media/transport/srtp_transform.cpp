#include "media/transport/srtp_transform.hpp"

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>

#include "base/byte_order.hpp"
#include "media/transport/replay_window.hpp"
#include "media/transport/srtp_cipher.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {
namespace {

constexpr std::size_t kRtcpHeaderBytes = 8;
constexpr std::size_t kIndexBytes = 4;
constexpr std::uint32_t kEncryptedFlag = 0x80000000;
constexpr std::uint64_t kMaxRtcpIndex = 0x7FFFFFFF;
constexpr std::uint64_t kMaxRtpIndex = (std::uint64_t{1} << 48) - 1;

using Window = ReplayWindow<SrtpTransform::kReplayWindow>;

/// What is known of one SSRC in one direction.
struct Stream {
  std::uint32_t ssrc = 0;
  Window rtp;
  Window rtcp;
  std::uint64_t next_rtcp_index = 1;
};

/// ROC and sequence number (RFC 3711 section 3.3.1): the index nearest to the newest one. nullopt before the beginning.
std::optional<std::uint64_t> guess_index(const Window& window, std::uint16_t sequence) {
  if (!window.started()) return sequence;
  const auto difference = static_cast<std::int16_t>(sequence - static_cast<std::uint16_t>(window.newest()));
  const std::int64_t index = static_cast<std::int64_t>(window.newest()) + difference;
  if (index < 0 || static_cast<std::uint64_t>(index) > kMaxRtpIndex) return std::nullopt;
  return static_cast<std::uint64_t>(index);
}

std::array<std::uint8_t, 4> roc_bytes(std::uint64_t index) {
  std::array<std::uint8_t, 4> bytes{};
  store_be<std::uint32_t>(bytes.data(), static_cast<std::uint32_t>(index >> 16));
  return bytes;
}

/// The streams of one direction: few, so a search from the front is quickest.
class Streams {
 public:
  [[nodiscard]] Stream* find(std::uint32_t ssrc) {
    const auto found = std::ranges::find(streams_, ssrc, &Stream::ssrc);
    return found == streams_.end() ? nullptr : &*found;
  }
  [[nodiscard]] bool full() const { return streams_.size() >= SrtpTransform::kMaxSsrcs; }
  Stream& add(std::uint32_t ssrc) {
    streams_.push_back({.ssrc = ssrc, .rtp = {}, .rtcp = {}});
    return streams_.back();
  }

 private:
  /// Sound, picture and its retransmissions.
  static constexpr std::size_t kUsual = 3;
  boost::container::small_vector<Stream, kUsual> streams_;
};

}  // namespace

struct SrtpTransform::State {
  explicit State(const SrtpKeys& keys)
      : seal_rtp(make(keys.profile, keys.outgoing, SrtpFlow::rtp, SrtpDirection::seal)),
        seal_rtcp(make(keys.profile, keys.outgoing, SrtpFlow::rtcp, SrtpDirection::seal)),
        open_rtp(make(keys.profile, keys.incoming, SrtpFlow::rtp, SrtpDirection::open)),
        open_rtcp(make(keys.profile, keys.incoming, SrtpFlow::rtcp, SrtpDirection::open)) {}

  static SrtpCipher make(SrtpProfile profile, const SrtpMasterKey& master, SrtpFlow flow, SrtpDirection direction) {
    return {profile, derive_session_keys(profile, master, flow), flow, direction};
  }

  SrtpCipher seal_rtp;
  SrtpCipher seal_rtcp;
  SrtpCipher open_rtp;
  SrtpCipher open_rtcp;
  Streams outgoing;
  Streams incoming;
  SrtpCounters counters;

  std::nullopt_t drop(std::uint64_t SrtpCounters::*counter) {
    ++(counters.*counter);
    return std::nullopt;
  }
};

SrtpTransform::SrtpTransform(const SrtpKeys& keys) : state_(std::make_unique<State>(keys)) {}
SrtpTransform::~SrtpTransform() = default;
SrtpTransform::SrtpTransform(SrtpTransform&&) noexcept = default;
SrtpTransform& SrtpTransform::operator=(SrtpTransform&&) noexcept = default;
const SrtpCounters& SrtpTransform::counters() const { return state_->counters; }

std::optional<std::size_t> SrtpTransform::protect_rtp(std::span<std::uint8_t> buffer, std::size_t bytes) {
  State& s = *state_;
  if (bytes > buffer.size() || buffer.size() - bytes < s.seal_rtp.tag_bytes()) return s.drop(&SrtpCounters::malformed);
  const auto view = RtpPacketView::parse_header(buffer.first(bytes));
  if (!view) return s.drop(&SrtpCounters::malformed);
  Stream* stream = s.outgoing.find(view->ssrc);
  if (stream == nullptr) {
    if (s.outgoing.full()) return s.drop(&SrtpCounters::too_many_ssrcs);
    stream = &s.outgoing.add(view->ssrc);
  }
  const auto index = guess_index(stream->rtp, view->sequence);
  if (!index || !stream->rtp.is_new(*index)) return s.drop(&SrtpCounters::replayed);
  const auto roc = roc_bytes(*index);
  const auto body = buffer.subspan(view->header_bytes, bytes - view->header_bytes);
  if (!s.seal_rtp.seal(view->ssrc, *index, buffer.first(view->header_bytes), body, roc, buffer.data() + bytes)) {
    return s.drop(&SrtpCounters::malformed);
  }
  stream->rtp.note(*index);
  return bytes + s.seal_rtp.tag_bytes();
}

std::optional<std::size_t> SrtpTransform::unprotect_rtp(std::span<std::uint8_t> packet) {
  State& s = *state_;
  const std::size_t tag_bytes = s.open_rtp.tag_bytes();
  const auto view = RtpPacketView::parse_header(packet);
  if (!view || view->payload.size() < tag_bytes) return s.drop(&SrtpCounters::malformed);
  Stream* stream = s.incoming.find(view->ssrc);
  if (stream == nullptr && s.incoming.full()) return s.drop(&SrtpCounters::too_many_ssrcs);
  const auto index =
      stream == nullptr ? std::optional<std::uint64_t>(view->sequence) : guess_index(stream->rtp, view->sequence);
  if (!index || (stream != nullptr && !stream->rtp.is_new(*index))) return s.drop(&SrtpCounters::replayed);
  const std::size_t plain_bytes = packet.size() - tag_bytes;
  const auto body = packet.subspan(view->header_bytes, plain_bytes - view->header_bytes);
  if (!s.open_rtp.open(view->ssrc, *index, packet.first(view->header_bytes), body, roc_bytes(*index),
                       packet.data() + plain_bytes, true)) {
    return s.drop(&SrtpCounters::unauthenticated);
  }
  if (stream == nullptr) stream = &s.incoming.add(view->ssrc);  // only now: forged packets open nothing
  stream->rtp.note(*index);
  return plain_bytes;
}

// GCM puts the tag before E flag and index (RFC 7714 section 9.2), counter mode behind them (RFC 3711 section 3.4).
std::optional<std::size_t> SrtpTransform::protect_rtcp(std::span<std::uint8_t> buffer, std::size_t bytes) {
  State& s = *state_;
  const std::size_t tag_bytes = s.seal_rtcp.tag_bytes();
  if (bytes > buffer.size() || buffer.size() - bytes < tag_bytes + kIndexBytes || bytes < kRtcpHeaderBytes) {
    return s.drop(&SrtpCounters::malformed);
  }
  const auto ssrc = load_be<std::uint32_t>(buffer.data() + 4);
  Stream* stream = s.outgoing.find(ssrc);
  if (stream == nullptr) {
    if (s.outgoing.full()) return s.drop(&SrtpCounters::too_many_ssrcs);
    stream = &s.outgoing.add(ssrc);
  }
  if (stream->next_rtcp_index > kMaxRtcpIndex) return s.drop(&SrtpCounters::replayed);
  const std::uint64_t index = stream->next_rtcp_index++;
  std::array<std::uint8_t, kIndexBytes> trailer{};
  store_be<std::uint32_t>(trailer.data(), kEncryptedFlag | static_cast<std::uint32_t>(index));
  const bool gcm = tag_bytes == SrtpCipher::kGcmTagBytes;
  std::uint8_t* end = buffer.data() + bytes;
  if (!s.seal_rtcp.seal(ssrc, index, buffer.first(kRtcpHeaderBytes),
                        buffer.subspan(kRtcpHeaderBytes, bytes - kRtcpHeaderBytes), trailer,
                        gcm ? end : end + kIndexBytes)) {
    return s.drop(&SrtpCounters::malformed);
  }
  std::ranges::copy(trailer, gcm ? end + tag_bytes : end);
  return bytes + tag_bytes + kIndexBytes;
}

std::optional<std::size_t> SrtpTransform::unprotect_rtcp(std::span<std::uint8_t> packet) {
  State& s = *state_;
  const std::size_t tag_bytes = s.open_rtcp.tag_bytes();
  if (packet.size() < kRtcpHeaderBytes + tag_bytes + kIndexBytes) return s.drop(&SrtpCounters::malformed);
  const auto ssrc = load_be<std::uint32_t>(packet.data() + 4);
  Stream* stream = s.incoming.find(ssrc);
  if (stream == nullptr && s.incoming.full()) return s.drop(&SrtpCounters::too_many_ssrcs);
  const std::size_t plain_bytes = packet.size() - tag_bytes - kIndexBytes;
  const bool gcm = tag_bytes == SrtpCipher::kGcmTagBytes;
  std::uint8_t* end = packet.data() + plain_bytes;
  const ByteView trailer(gcm ? end + tag_bytes : end, kIndexBytes);
  const auto word = load_be<std::uint32_t>(trailer.data());
  const std::uint64_t index = word & ~kEncryptedFlag;
  if (stream != nullptr && !stream->rtcp.is_new(index)) return s.drop(&SrtpCounters::replayed);
  if (!s.open_rtcp.open(ssrc, index, packet.first(kRtcpHeaderBytes),
                        packet.subspan(kRtcpHeaderBytes, plain_bytes - kRtcpHeaderBytes), trailer,
                        gcm ? end : end + kIndexBytes, (word & kEncryptedFlag) != 0)) {
    return s.drop(&SrtpCounters::unauthenticated);
  }
  if (stream == nullptr) stream = &s.incoming.add(ssrc);
  stream->rtcp.note(index);
  return plain_bytes;
}

}  // namespace tw::media
