#include "media/session/simulated_room_test_support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/byte_order.hpp"
#include "media/wire/vp8_payload.hpp"

namespace tw::media {
namespace {

constexpr std::chrono::microseconds kFrameInterval{33'333};
constexpr std::chrono::microseconds kSoundInterval{20'000};
constexpr std::size_t kMarkBytes = 6;
constexpr std::size_t kPayloadBytes = 900;
constexpr std::size_t kSmallPayloadBytes = 500;  // one packet a frame: 120 kb/s

}  // namespace

Bytes make_vp8_payload(const FrameMark& mark, bool keyframe, bool small) {
  const bool first = mark.index == 0;
  Bytes payload{static_cast<std::uint8_t>(0x80 | (first ? 0x10 : 0)), 0x80, 0, 0};
  store_be<std::uint16_t>(payload.data() + 2, static_cast<std::uint16_t>(0x8000 | (mark.frame & 0x7FFF)));
  if (first)
    payload.insert(payload.end(),
                   {static_cast<std::uint8_t>(keyframe ? 0x10 : 0x11), 0, 0, 0x9D, 0x01, 0x2A, 0, 5, 0xD0, 2});
  if (first && small) {  // 320×180 in the header's 14 bits each (RFC 6386 section 9.1)
    payload[payload.size() - 4] = 0x40;
    payload[payload.size() - 3] = 0x01;
    payload[payload.size() - 2] = 0xB4;
    payload[payload.size() - 1] = 0;
  }
  std::array<std::uint8_t, kMarkBytes> bytes{};
  store_be<std::uint32_t>(bytes.data(), mark.frame);
  bytes[4] = mark.index;
  bytes[5] = mark.count;
  payload.resize(small ? kSmallPayloadBytes : kPayloadBytes, 0xAA);
  payload.insert(payload.end(), bytes.begin(), bytes.end());
  return payload;
}

std::optional<FrameMark> read_frame_mark(ByteView payload) {
  if (payload.size() < kMarkBytes) return std::nullopt;
  const auto bytes = payload.last(kMarkBytes);
  return FrameMark{load_be<std::uint32_t>(bytes.data()), bytes[4], bytes[5]};
}

void CountingTap::on_track_started(const TrackInfo& track, WallTime /*at*/) { tracks[track.number] = track; }

KeptPacket CountingTap::on_packet(const TapPacket& packet) {
  const bool known = tracks.contains(packet.track) && std::ranges::find(ended, packet.track) == ended.end();
  if (!known) ++strays;
  if (!sequences[packet.track].insert(packet.extended_sequence).second) ++duplicates;
  if (packet.keyframe_start) ++keyframes;
  const auto parsed = RtpPacketView::parse(packet.rtp);
  if (!parsed || parsed->padding_bytes != 0 || parsed->payload.data() != packet.payload.data() ||
      parsed->payload.size() != packet.payload.size()) {
    ++malformed;
  }
  if (known && tracks[packet.track].kind == Kind::video) rotation = packet.rotation;
  return {};
}

void CountingTap::on_track_ended(TrackNumber track, WallTime /*at*/) { ended.push_back(track); }

std::size_t CountingTap::packets(Kind kind) const {
  std::size_t sum = 0;
  for (const auto& [number, seen] : sequences) sum += tracks.at(number).kind == kind ? seen.size() : 0;
  return sum;
}

std::size_t CountingTap::holes(Kind kind) const {
  std::size_t sum = 0;
  for (const auto& [number, seen] : sequences) {
    if (tracks.at(number).kind == kind && !seen.empty()) sum += *seen.rbegin() - *seen.begin() + 1 - seen.size();
  }
  return sum;
}

SimulatedPeer::SimulatedPeer(SimulatedRoom& room, std::string who, PeerConfig config, std::size_t index)
    : world(room),
      participant(std::move(who)),
      number(index),
      simulcast(config.simulcast && config.publisher),
      address(*SocketAddress::parse("10.0.0." + std::to_string(index + 1), 5'000)),
      session(std::make_unique<PeerSession>(config, room.peer_dtls, room.clock, room.random, *this, *this)) {}

void SimulatedPeer::send(const NetworkPath& path, ByteView datagram) {
  if (!dead && path.remote == world.server_address) world.from_peer(*this, datagram);
}

void SimulatedPeer::on_keyframe_request() {
  keyframe_due = true;
  ++keyframe_requests;
  keyframe_request_times.push_back(world.clock.steady_now());
}

void SimulatedPeer::on_layer_keyframe_request(std::size_t layer) {
  if (layer == PeerSession::kLargeLayer) return on_keyframe_request();
  small_keyframe_due = true;
}

void SimulatedPeer::on_packet(const PeerPacket& packet) {
  sequences[packet.kind].push_back(packet.header.sequence);
  timestamps[packet.kind].push_back(packet.header.timestamp);
  if (packet.rotation) seen_rotation = packet.rotation;
  if (packet.kind == Kind::audio) {
    ++audio_packets;
    return;
  }
  ++video_packets;
  if (const auto picture = Vp8Payload::parse(packet.header.payload);
      picture && picture->keyframe && picture->width != 0)
    seen_width = picture->width;
  if (const auto mark = read_frame_mark(packet.header.payload)) {
    frames[mark->frame].insert(mark->index);
    frame_sizes[mark->frame] = mark->count;
  }
}

void SimulatedPeer::on_sender_report(Kind kind, const SenderReport& report) {
  sender_reports[kind] = report;
  ++sender_report_count;
}

void SimulatedPeer::start_media() {
  media_began_ = world.clock.steady_now();
  next_frame_ = next_sound_ = media_began_;
}

std::optional<SteadyTime> SimulatedPeer::next_media() const {
  return dead ? std::nullopt : earlier(next_frame_, next_sound_);
}

void SimulatedPeer::send_due_media(SteadyTime now) {
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(now - media_began_).count();
  if (next_sound_ && *next_sound_ <= now) {
    next_sound_ = *next_sound_ + kSoundInterval;
    const Bytes sound{0x78, 1, 2, 3, 4, 5, 6, 7};  // CELT, 20 ms
    session->send(Kind::audio, sound, static_cast<std::uint32_t>(777 + since * 48 / 1'000), false);
  }
  if (!next_frame_ || *next_frame_ > now) return;
  next_frame_ = *next_frame_ + kFrameInterval;
  const bool keyframe = sends_large && std::exchange(keyframe_due, false);
  const auto timestamp = static_cast<std::uint32_t>(0xFFFF0000U + static_cast<std::uint32_t>(since * 90 / 1'000));
  if (simulcast && sends_small) {
    const bool small_keyframe = std::exchange(small_keyframe_due, false);
    if (!session->send(Kind::video, make_vp8_payload({frames_sent, 0, 1}, small_keyframe, true), timestamp + 12'345,
                       true, std::nullopt, PeerSession::kSmallLayer))
      small_keyframe_due = small_keyframe_due || small_keyframe;
  }
  // NOLINTNEXTLINE(bugprone-too-small-loop-variable): tests send few packets
  for (std::uint8_t i = 0; sends_large && i < packets_a_frame; ++i) {
    const bool last = i + 1U == packets_a_frame;
    const FrameMark mark{frames_sent, i, static_cast<std::uint8_t>(packets_a_frame)};
    if (!session->send(Kind::video, make_vp8_payload(mark, keyframe), timestamp, last, last ? rotation : std::nullopt,
                       simulcast ? PeerSession::kLargeLayer : 0)) {
      keyframe_due = keyframe_due || keyframe;
    }
  }
  ++frames_sent;
}

std::size_t SimulatedPeer::incomplete_frames(std::uint32_t margin) const {
  std::size_t result = 0;
  for (const char c : incomplete_list(margin)) result += c == '(' ? 1 : 0;
  return result;
}

std::string SimulatedPeer::incomplete_list(std::uint32_t margin) const {
  std::string result;
  if (frames.empty()) return result;
  const std::uint32_t last = frames.rbegin()->first;
  for (std::uint32_t frame = frames.begin()->first; frame + margin < last; ++frame) {
    const auto found = frames.find(frame);
    const std::size_t came = found == frames.end() ? 0 : found->second.size();
    if (came == 0 || came != frame_sizes.at(frame)) {
      result += std::to_string(frame) + " (" + std::to_string(came) + " of " + std::to_string(packets_a_frame) + ") ";
    }
  }
  return result;
}

SimulatedRoom::SimulatedRoom(MediaConfig media_config)
    : config(std::move(media_config)),
      server_dtls(make_dtls_certificate(clock.wall_now())),
      peer_dtls(make_dtls_certificate(clock.wall_now())),
      server_address(*SocketAddress::parse("192.0.2.1", 50'000)) {
  host = std::make_unique<RoomHost>(
      HostParts{&config, &clock, &random, this, &server_dtls, this, {server_address}, {}, &counters});
  EXPECT_TRUE(host->open_room(kRoom));
}

SimulatedRoom::~SimulatedRoom() {
  host.reset();
  peers.clear();
}

Result<SessionAnswer> SimulatedRoom::offer(SimulatedPeer& peer, const std::string& sdp, const StreamKey& stream) {
  const MediaRequest request{kRoom, peer.participant, stream, sdp};
  auto answer = stream.participant == peer.participant ? host->publish(request) : host->subscribe(request);
  if (!answer) return answer;
  peer.id = answer->session;
  peer.etag = answer->etag;
  if (auto set = peer.session->set_answer(answer->sdp); !set) return tl::unexpected(set.error());
  return answer;
}

SimulatedPeer& SimulatedRoom::publish(const std::string& participant, PeerConfig peer_config) {
  peer_config.publisher = true;
  SimulatedPeer& peer =
      *peers.emplace_back(std::make_unique<SimulatedPeer>(*this, participant, peer_config, peers.size()));
  const auto answer = offer(peer, peer.session->offer(), {participant, "camera"});
  EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
  return peer;
}

SimulatedPeer& SimulatedRoom::watch(const std::string& participant, const std::string& whose, PeerConfig peer_config) {
  peer_config.publisher = false;
  SimulatedPeer& peer =
      *peers.emplace_back(std::make_unique<SimulatedPeer>(*this, participant, peer_config, peers.size()));
  const auto answer = offer(peer, peer.session->offer(), {whose, "camera"});
  EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
  return peer;
}

void SimulatedRoom::fly(SimulatedPeer& peer, bool to_server, ByteView datagram) {
  std::uniform_real_distribution<double> chance(0, 1);
  if (chance(dice_) < network.loss) return;
  const auto extra = network.jitter * chance(dice_);
  auto leaves = clock.steady_now();
  if (!to_server && peer.down_bps > 0) {
    const auto waits = std::max(peer.down_free_at, leaves) - leaves;
    if (waits > peer.down_queue) return;
    peer.worst_queue = std::max(peer.worst_queue, std::chrono::duration_cast<std::chrono::microseconds>(waits));
    constexpr double kHeaderBytes = 28;  // IPv4 and UDP
    const double bits = (static_cast<double>(datagram.size()) + kHeaderBytes) * 8;
    leaves += waits + std::chrono::nanoseconds(static_cast<std::int64_t>(bits * 1e9 / peer.down_bps));
    peer.down_free_at = leaves;
  }
  const auto at = leaves + network.delay + std::chrono::duration_cast<std::chrono::microseconds>(extra);
  flights_.emplace(at, Flight{&peer, to_server, Bytes(datagram.begin(), datagram.end())});
}

void SimulatedRoom::from_peer(SimulatedPeer& peer, ByteView datagram) {
  if (on_wire) on_wire(peer, datagram);
  fly(peer, true, datagram);
}

void SimulatedRoom::send(const NetworkPath& path, ByteView datagram) {
  const bool running = server_running_;
  server_runs(false);
  const auto peer = std::ranges::find_if(peers, [&](const auto& p) { return p->address == path.remote; });
  if (peer == peers.end()) {
    strangers.push_back(path);
    strangers_bytes += datagram.size();
  } else {
    fly(**peer, false, datagram);
  }
  server_runs(running);
}

SteadyTime SimulatedRoom::next_event(SteadyTime end) {
  SteadyTime next = end;
  if (!flights_.empty()) next = std::min(next, flights_.begin()->first);
  if (const auto deadline = host->next_deadline()) next = std::min(next, *deadline);
  for (const auto& peer : peers) {
    if (const auto media = peer->next_media()) next = std::min(next, *media);
    if (peer->dead) continue;
    if (const auto deadline = peer->session->next_deadline()) next = std::min(next, *deadline);
  }
  return next;
}

void SimulatedRoom::step() {
  const SteadyTime now = clock.steady_now();
  while (!flights_.empty() && flights_.begin()->first <= now) {
    auto node = flights_.extract(flights_.begin());
    Flight& flight = node.mapped();
    if (flight.to_server) {
      server_runs(true);
      host->receive({0, flight.peer->address}, flight.bytes);
      server_runs(false);
    } else if (!flight.peer->dead) {
      flight.peer->session->receive({0, server_address}, flight.bytes);
    }
  }
  if (const auto deadline = host->next_deadline(); deadline && *deadline <= now) {
    server_runs(true);
    host->on_time();
    server_runs(false);
  }
  for (const auto& peer : peers) {
    if (peer->dead) continue;
    if (const auto deadline = peer->session->next_deadline(); deadline && *deadline <= now)
      peer->session->handle_timeout();
    if (const auto media = peer->next_media(); media && *media <= now) peer->send_due_media(now);
  }
}

void SimulatedRoom::run_for(std::chrono::milliseconds time) {
  (void)run_until([] { return false; }, time);
}

bool SimulatedRoom::run_until(const std::function<bool()>& done, std::chrono::milliseconds patience) {
  constexpr std::chrono::microseconds kLeastStep{100};
  const SteadyTime end = clock.steady_now() + patience;
  while (clock.steady_now() < end) {
    if (done()) return true;
    const auto until = std::chrono::ceil<std::chrono::microseconds>(next_event(end) - clock.steady_now());
    clock.advance(std::max(until, kLeastStep));
    step();
  }
  return done();
}

std::optional<SteadyTime> SimulatedRoom::time_of(const std::string& session, SessionState state) const {
  for (const auto& [at, event] : events) {
    if (event.session == session && event.state == state) return at;
  }
  return std::nullopt;
}

}  // namespace tw::media
