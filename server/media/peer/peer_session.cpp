#include "media/peer/peer_session.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/byte_order.hpp"
#include "media/peer/peer_description.hpp"
#include "media/peer/peer_incoming.hpp"
#include "media/peer/peer_outgoing.hpp"
#include "media/stream/bandwidth_estimator.hpp"
#include "media/stream/ntp_time.hpp"
#include "media/stream/rate_meter.hpp"
#include "media/stream/round_trip_estimator.hpp"
#include "media/stream/twcc_receiver.hpp"
#include "media/transport/dtls_transport.hpp"
#include "media/transport/ice_client.hpp"
#include "media/transport/srtp_transform.hpp"
#include "media/wire/demultiplex.hpp"
#include "media/wire/stun_message.hpp"

namespace tw::media {
namespace {

constexpr std::chrono::milliseconds kReportInterval{1000};
constexpr std::int64_t kAckedWindowMicros = 500'000;

}  // namespace

class PeerSession::Impl final : public RtcpVisitor {
 public:
  Impl(PeerConfig config, const DtlsContext& dtls, const Clock& clock, Random& random, PeerListener& listener,
       DatagramSink& out)
      : config_(config),
        dtls_context_(dtls),
        clock_(clock),
        random_(random),
        listener_(listener),
        out_(out),
        ours_(PeerDescription::make(config, dtls.sha256_fingerprint(), random)),
        ice_(ours_.ice, random),
        report_ssrc_(random.u32() | 1) {}

  [[nodiscard]] std::string offer() const { return ours_.offer(); }
  [[nodiscard]] Result<void> set_answer(std::string_view sdp);
  [[nodiscard]] Result<std::string> answer_offer(std::string_view sdp);
  [[nodiscard]] std::string restart_ice();
  [[nodiscard]] Result<void> set_restart_answer(std::string_view fragment);
  void receive(const NetworkPath& path, ByteView datagram);
  void handle_timeout();
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
  bool send(Kind kind, ByteView payload, std::uint32_t timestamp, bool marker, std::optional<Rotation> rotation,
            std::size_t layer);
  void request_keyframe();
  void close();
  [[nodiscard]] bool connected() const { return srtp_.has_value() && !closed_; }
  [[nodiscard]] std::optional<SrtpProfile> srtp_profile() const { return srtp_profile_; }
  [[nodiscard]] const PeerCounters& counters() const { return counters_; }
  [[nodiscard]] std::uint32_t ssrc(Kind kind) const;

 private:
  [[nodiscard]] SteadyTime now() const { return clock_.steady_now(); }
  void receive_stun(const NetworkPath& path, ByteView datagram);
  void receive_dtls(const NetworkPath& path, ByteView datagram);
  void receive_media(const NetworkPath& path, ByteView datagram, bool rtcp);
  void receive_packet(std::span<std::uint8_t> packet);
  void begin(const PeerRemote& remote);
  void add_outgoing(const PeerMedium& medium);
  void send_feedback();
  void start_dtls();
  void follow_dtls(DtlsState state);
  void finish(bool told_by_us);
  void send_reports();
  void send_nacks();
  void send_rtcp(RtcpWriter& writer);
  void send_rtp(std::size_t bytes);
  [[nodiscard]] std::uint32_t own_ssrc() const;

  void on_sender_report(const SenderReport& report) override;
  void on_report_block(const ReportBlock& block) override;
  void on_receiver_reference_time(std::uint32_t sender_ssrc, std::uint64_t ntp) override;
  void on_nack(std::uint32_t media_ssrc, std::uint16_t sequence) override;
  void on_keyframe_request(std::uint32_t media_ssrc) override;
  void on_remb(std::uint64_t bits_per_second) override { listener_.on_bitrate(bits_per_second); }
  void on_bye(std::uint32_t ssrc) override { listener_.on_bye(ssrc); }
  void on_transport_feedback(std::uint16_t sequence, std::optional<std::chrono::microseconds> arrival) override;

  struct Reference {
    std::uint32_t ssrc = 0;
    std::uint32_t middle = 0;
    SteadyTime arrival;
  };

  const PeerConfig config_;
  const DtlsContext& dtls_context_;
  const Clock& clock_;
  Random& random_;
  PeerListener& listener_;
  DatagramSink& out_;
  PeerDescription ours_;
  IceClient ice_;
  SdpFingerprint peer_fingerprint_;
  bool server_begins_dtls_ = false;
  std::vector<SocketAddress> candidates_;
  std::optional<DtlsTransport> dtls_;
  std::optional<SrtpTransform> srtp_;
  std::optional<SrtpProfile> srtp_profile_;
  std::vector<PeerOutgoing> outgoing_;
  std::vector<PeerIncoming> incoming_;
  PeerTransportSequence transport_sequence_;
  RoundTripEstimator round_trip_;
  TwccReceiver feedback_out_;  // of a watching client
  PathFeedback feedback_;      // of a publishing one: of the RTCP packet that is being read
  DelayDetector delays_;
  RateMeter acked_{kAckedWindowMicros};
  std::int64_t newest_arrival_ = 0;
  BandwidthEstimator estimator_;
  std::optional<Reference> reference_;
  std::uint32_t report_ssrc_;
  SteadyTime next_report_{};
  bool closed_ = false;
  PeerCounters counters_;
  std::array<std::uint8_t, kMaxPacketBytes + SrtpTransform::kRtcpOverhead> buffer_{};
};

Result<void> PeerSession::Impl::set_answer(std::string_view sdp) {
  const auto remote = read_answer(sdp, ours_);
  if (!remote) return tl::unexpected(remote.error());
  begin(*remote);
  return {};
}

Result<std::string> PeerSession::Impl::answer_offer(std::string_view sdp) {
  const auto remote = read_offer(sdp, config_, ours_);
  if (!remote) return tl::unexpected(remote.error());
  begin(*remote);
  return ours_.answer();
}

/// Both sides know each other: checks begin.
void PeerSession::Impl::begin(const PeerRemote& remote) {
  peer_fingerprint_ = remote.fingerprint;
  server_begins_dtls_ = remote.begins_dtls;
  candidates_ = remote.candidates;
  for (const auto& medium : ours_.media) {
    if (!medium.accepted) continue;
    if (ours_.publisher) {
      add_outgoing(medium);
    } else {
      incoming_.emplace_back(medium);
    }
  }
  ice_.set_remote(remote.ice, candidates_, now());
}

/// One track for each layer, in their order.
void PeerSession::Impl::add_outgoing(const PeerMedium& medium) {
  if (medium.layers.empty()) {
    outgoing_.emplace_back(medium, random_);
    return;
  }
  for (const auto& layer : medium.layers) {
    PeerMedium one = medium;
    one.rid = layer.rid;
    one.ssrc = layer.ssrc;
    one.rtx_ssrc = layer.rtx_ssrc;
    outgoing_.emplace_back(std::move(one), random_);
  }
}

std::string PeerSession::Impl::restart_ice() {
  ours_.ice = IceCredentials::make(random_);
  ice_.restart(ours_.ice);
  return ours_.restart_fragment();
}

Result<void> PeerSession::Impl::set_restart_answer(std::string_view fragment) {
  auto remote = read_restart_answer(fragment);
  if (!remote) return tl::unexpected(remote.error());
  if (!remote->candidates.empty()) candidates_ = remote->candidates;
  ice_.set_remote(remote->ice, candidates_, now());
  return {};
}

void PeerSession::Impl::receive(const NetworkPath& path, ByteView datagram) {
  if (closed_) return;
  switch (kind_of(datagram)) {
    case DatagramKind::stun: return receive_stun(path, datagram);
    case DatagramKind::dtls: return receive_dtls(path, datagram);
    case DatagramKind::rtp: return receive_media(path, datagram, false);
    case DatagramKind::rtcp: return receive_media(path, datagram, true);
    case DatagramKind::unknown: ++counters_.dropped_datagrams; return;
  }
}

void PeerSession::Impl::receive_stun(const NetworkPath& path, ByteView datagram) {
  const auto message = StunMessage::parse(datagram);
  if (!message || ice_.receive(*message, datagram, path, now(), out_) == IceEvent::ignored) {
    ++counters_.dropped_datagrams;
    return;
  }
  if (ice_.selected() && !dtls_) start_dtls();
}

void PeerSession::Impl::start_dtls() {
  dtls_.emplace(dtls_context_, server_begins_dtls_ ? DtlsRole::server : DtlsRole::client, peer_fingerprint_);
  dtls_->start(*ice_.selected(), now(), out_);
}

void PeerSession::Impl::receive_dtls(const NetworkPath& path, ByteView datagram) {
  const auto validated = ice_.validated(path, datagram);
  if (!validated || !dtls_ || !ice_.selected()) {
    ++counters_.dropped_datagrams;
    return;
  }
  follow_dtls(dtls_->receive(*validated, *ice_.selected(), now(), out_));
}

void PeerSession::Impl::follow_dtls(DtlsState state) {
  if (state == DtlsState::connected && !srtp_) {
    srtp_.emplace(*dtls_->srtp_keys());
    srtp_profile_ = dtls_->srtp_keys()->profile;
    next_report_ = now() + kReportInterval;
    listener_.on_connected();
  }
  if (state == DtlsState::closed || state == DtlsState::failed) finish(false);
}

void PeerSession::Impl::finish(bool told_by_us) {
  if (std::exchange(closed_, true)) return;
  if (!told_by_us) listener_.on_closed();
}

void PeerSession::Impl::receive_media(const NetworkPath& path, ByteView datagram, bool rtcp) {
  if (!srtp_ || !ice_.validated(path, datagram) || datagram.size() > buffer_.size()) {
    ++counters_.dropped_datagrams;
    return;
  }
  const auto packet = std::span(buffer_).first(datagram.size());
  std::ranges::copy(datagram, packet.begin());
  const auto bytes = rtcp ? srtp_->unprotect_rtcp(packet) : srtp_->unprotect_rtp(packet);
  if (!bytes) {
    ++counters_.dropped_datagrams;
    return;
  }
  if (!rtcp) return receive_packet(packet.first(*bytes));
  // Answers are built in `buffer_` too, so what is read must not lie there.
  std::array<std::uint8_t, kMaxPacketBytes + SrtpTransform::kRtcpOverhead> copy{};
  std::ranges::copy(packet.first(*bytes), copy.begin());
  feedback_ = {};
  if (!parse_rtcp(ByteView(copy).first(*bytes), *this)) ++counters_.dropped_datagrams;
  if (feedback_.received + feedback_.lost == 0) return;
  feedback_.use = delays_.use();
  feedback_.standing_ms = delays_.standing_ms();
  feedback_.acked_bps = acked_.bps(newest_arrival_);
  feedback_.round_trip = round_trip_.value();
  estimator_.on_feedback(feedback_, now());
  listener_.on_estimate(estimator_.bps());
}

void PeerSession::Impl::receive_packet(std::span<std::uint8_t> packet) {
  const auto header = RtpPacketView::parse_header(packet);
  const auto track =
      std::ranges::find_if(incoming_, [&](const PeerIncoming& t) { return t.owns(header->payload_type); });
  if (track == incoming_.end()) {
    ++counters_.dropped_datagrams;
    return;
  }
  if (const std::uint8_t id = track->medium().extensions.transport_sequence; id != 0) {
    if (const auto value = header->extension(id); value && value->size() >= 2)
      feedback_out_.on_packet(load_be<std::uint16_t>(value->data()), now());
  }
  const auto taken = track->take(packet, now());
  if (!taken) return;
  ++counters_.received_packets;
  PeerPacket told{.kind = track->medium().kind,
                  .header = *RtpPacketView::parse(packet.first(taken->bytes)),
                  .bytes = packet.first(taken->bytes),
                  .arrival = now(),
                  .retransmitted = taken->retransmitted,
                  .rotation = std::nullopt};
  if (const std::uint8_t id = track->medium().extensions.video_orientation; id != 0) {
    if (const auto value = told.header.extension(id)) told.rotation = read_video_orientation(*value);
  }
  listener_.on_packet(told);
}

void PeerSession::Impl::handle_timeout() {
  if (closed_) return;
  ice_.handle_timeout(now(), out_);
  if (ice_.state() == IceClient::State::failed) return finish(false);
  if (dtls_ && ice_.selected()) follow_dtls(dtls_->handle_timeout(*ice_.selected(), now(), out_));
  if (!connected()) return;
  send_nacks();
  send_feedback();
  if (now() >= next_report_) {
    send_reports();
    next_report_ = now() + kReportInterval;
  }
}

std::optional<SteadyTime> PeerSession::Impl::next_deadline() const {
  if (closed_) return std::nullopt;
  std::optional<SteadyTime> next = ice_.next_deadline();
  const auto consider = [&next](std::optional<SteadyTime> deadline) {
    if (deadline && (!next || *deadline < *next)) next = deadline;
  };
  if (dtls_) consider(dtls_->next_deadline());
  if (connected()) {
    consider(next_report_);
    consider(feedback_out_.deadline());
    for (const auto& track : incoming_) consider(track.next_nack());
  }
  return next;
}

bool PeerSession::Impl::send(Kind kind, ByteView payload, std::uint32_t timestamp, bool marker,
                             std::optional<Rotation> rotation, std::size_t layer) {
  const auto first = std::ranges::find_if(outgoing_, [&](const PeerOutgoing& t) { return t.medium().kind == kind; });
  if (!connected() || first == outgoing_.end()) return false;
  const auto track = first + static_cast<std::ptrdiff_t>(layer);
  if (layer >= static_cast<std::size_t>(outgoing_.end() - first) || track->medium().kind != kind) return false;
  const auto room = std::span(buffer_).first(kMaxPacketBytes);
  const std::size_t bytes = track->build(room, payload, timestamp, marker, rotation, transport_sequence_, now());
  if (bytes == 0) return false;
  send_rtp(bytes);
  ++counters_.sent_packets;
  return true;
}

void PeerSession::Impl::send_rtp(std::size_t bytes) {
  const auto sealed = srtp_->protect_rtp(buffer_, bytes);
  if (sealed) out_.send(*ice_.selected(), ByteView(buffer_).first(*sealed));
}

void PeerSession::Impl::send_rtcp(RtcpWriter& writer) {
  const std::size_t bytes = writer.size();
  if (bytes == 0) return;
  const auto sealed = srtp_->protect_rtcp(buffer_, bytes);
  if (sealed) out_.send(*ice_.selected(), ByteView(buffer_).first(*sealed));
}

std::uint32_t PeerSession::Impl::own_ssrc() const {
  return outgoing_.empty() ? report_ssrc_ : outgoing_.front().medium().ssrc;
}

std::uint32_t PeerSession::Impl::ssrc(Kind kind) const {
  for (const auto& medium : ours_.media) {
    if (medium.kind == kind) return medium.ssrc;
  }
  return 0;
}

void PeerSession::Impl::send_reports() {
  RtcpWriter writer{std::span(buffer_).first(kMaxPacketBytes)};
  for (const auto& track : outgoing_) {
    const auto report = track.report(now(), clock_.wall_now());
    if (!report || !writer.sender_report(*report, {})) continue;
    (void)writer.cname(report->ssrc, ours_.cname);
  }
  std::vector<ReportBlock> blocks;
  for (auto& track : incoming_) {
    if (const auto block = track.report(now())) blocks.push_back(*block);
  }
  if (outgoing_.empty() && writer.receiver_report(own_ssrc(), blocks)) (void)writer.cname(own_ssrc(), ours_.cname);
  if (reference_) {
    const auto delay = std::chrono::duration_cast<std::chrono::microseconds>(now() - reference_->arrival);
    (void)writer.receiver_delay(own_ssrc(), reference_->ssrc, reference_->middle, to_ntp_units(delay));
    reference_.reset();
  }
  send_rtcp(writer);
}

void PeerSession::Impl::send_nacks() {
  for (auto& track : incoming_) {
    const auto& due = track.due_nacks(now(), round_trip_.value());
    RtcpWriter writer{std::span(buffer_).first(kMaxPacketBytes)};
    if (!due.empty() && writer.nack(own_ssrc(), track.ssrc(), due)) {
      counters_.nacks_sent += due.size();
    }
    if (track.take_broken() && track.medium().kind == Kind::video) (void)writer.pli(own_ssrc(), track.ssrc());
    send_rtcp(writer);
  }
}

void PeerSession::Impl::request_keyframe() {
  if (!connected()) return;
  for (const auto& track : incoming_) {
    if (track.medium().kind != Kind::video || track.ssrc() == 0) continue;
    RtcpWriter writer{std::span(buffer_).first(kMaxPacketBytes)};
    if (writer.pli(own_ssrc(), track.ssrc())) send_rtcp(writer);
  }
}

void PeerSession::Impl::close() {
  if (connected()) {
    RtcpWriter writer{std::span(buffer_).first(kMaxPacketBytes)};
    (void)writer.receiver_report(own_ssrc(), {});
    for (const auto& track : outgoing_) (void)writer.bye(track.medium().ssrc);
    if (outgoing_.empty()) (void)writer.bye(own_ssrc());
    send_rtcp(writer);
  }
  if (dtls_ && ice_.selected()) dtls_->close(*ice_.selected(), out_);
  finish(true);
}

void PeerSession::Impl::on_sender_report(const SenderReport& report) {
  for (auto& track : incoming_) {
    if (track.ssrc() != report.ssrc) continue;
    track.on_sender_report(report, now());
    listener_.on_sender_report(track.medium().kind, report);
  }
}

void PeerSession::Impl::on_report_block(const ReportBlock& block) {
  round_trip_.on_report(block.last_sr, block.delay_since_last_sr, clock_.wall_now());
}

void PeerSession::Impl::on_receiver_reference_time(std::uint32_t sender_ssrc, std::uint64_t ntp) {
  reference_ = Reference{sender_ssrc, ntp_middle(ntp), now()};
}

void PeerSession::Impl::on_keyframe_request(std::uint32_t media_ssrc) {
  std::size_t layer = 0;
  for (const auto& track : outgoing_) {
    if (track.medium().kind != Kind::video) continue;
    if (!track.medium().rid.empty() && track.medium().ssrc == media_ssrc)
      return listener_.on_layer_keyframe_request(layer);
    ++layer;
  }
  listener_.on_keyframe_request();
}

void PeerSession::Impl::on_transport_feedback(std::uint16_t sequence,
                                              std::optional<std::chrono::microseconds> arrival) {
  ++(arrival ? counters_.feedback_received : counters_.feedback_lost);
  SentPackets::Packet* packet = transport_sequence_.sent.find(sequence);
  if (packet == nullptr) return;
  packet->waits = false;
  if (!arrival) {
    ++feedback_.lost;
    return;
  }
  ++feedback_.received;
  newest_arrival_ = std::max(newest_arrival_, arrival->count());
  acked_.add(arrival->count(), packet->bytes);
  delays_.on_packet(packet->sent_micros, arrival->count());
}

/// A watching client tells when each packet came (draft-holmer-rmcat-transport-wide-cc-extensions-01).
void PeerSession::Impl::send_feedback() {
  if (feedback_out_.deadline().value_or(SteadyTime::max()) > now()) return;
  for (;;) {
    const std::size_t bytes = feedback_out_.write_report(std::span(buffer_).first(kMaxPacketBytes), own_ssrc(), 0);
    if (bytes == 0) return;
    if (const auto sealed = srtp_->protect_rtcp(buffer_, bytes))
      out_.send(*ice_.selected(), ByteView(buffer_).first(*sealed));
  }
}

void PeerSession::Impl::on_nack(std::uint32_t media_ssrc, std::uint16_t sequence) {
  ++counters_.nacks_received;
  for (auto& track : outgoing_) {
    if (track.medium().ssrc != media_ssrc) continue;
    const auto room = std::span(buffer_).first(kMaxPacketBytes);
    const std::size_t bytes =
        track.build_retransmission(room, sequence, round_trip_.value(), transport_sequence_, now());
    if (bytes == 0) continue;
    send_rtp(bytes);
    ++counters_.retransmitted_packets;
  }
}

PeerSession::PeerSession(PeerConfig config, const DtlsContext& dtls, const Clock& clock, Random& random,
                         PeerListener& listener, DatagramSink& out)
    : impl_(std::make_unique<Impl>(config, dtls, clock, random, listener, out)) {}
PeerSession::~PeerSession() = default;

std::string PeerSession::offer() const { return impl_->offer(); }
Result<void> PeerSession::set_answer(std::string_view sdp) { return impl_->set_answer(sdp); }
Result<std::string> PeerSession::answer_offer(std::string_view sdp) { return impl_->answer_offer(sdp); }
std::string PeerSession::restart_ice() { return impl_->restart_ice(); }
Result<void> PeerSession::set_restart_answer(std::string_view fragment) { return impl_->set_restart_answer(fragment); }
void PeerSession::receive(const NetworkPath& path, ByteView datagram) { impl_->receive(path, datagram); }
void PeerSession::handle_timeout() { impl_->handle_timeout(); }
std::optional<SteadyTime> PeerSession::next_deadline() const { return impl_->next_deadline(); }
bool PeerSession::send(Kind kind, ByteView payload, std::uint32_t timestamp, bool marker,
                       std::optional<Rotation> rotation, std::size_t layer) {
  return impl_->send(kind, payload, timestamp, marker, rotation, layer);
}
void PeerSession::request_keyframe() { impl_->request_keyframe(); }
void PeerSession::close() { impl_->close(); }
bool PeerSession::connected() const { return impl_->connected(); }
std::optional<SrtpProfile> PeerSession::srtp_profile() const { return impl_->srtp_profile(); }
const PeerCounters& PeerSession::counters() const { return impl_->counters(); }
std::uint32_t PeerSession::ssrc(Kind kind) const { return impl_->ssrc(kind); }

}  // namespace tw::media
