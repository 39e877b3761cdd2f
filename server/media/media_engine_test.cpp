// The engine over real loopback sockets, IPv4 and IPv6: what the simulation cannot show.
#include "media/media_engine.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

#include "base/byte_order.hpp"
#include "crypto/certificate.hpp"
#include "media/peer/peer_session.hpp"
#include "media/wire/ice_candidate.hpp"
#include "media/wire/stream_frames.hpp"
#include "media/worker/udp_socket.hpp"

namespace tw::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// How long a test waits for what must happen; a loaded machine with sanitizers is slow.
constexpr seconds kPatience{20};

class Listener final : public MediaListener {
 public:
  void on_session(const SessionEvent& event) override {
    const std::lock_guard lock(mutex_);
    states_.emplace_back(event.session, event.state);
  }
  void on_quality(const SessionQuality& /*quality*/) override {}
  [[nodiscard]] bool saw(const std::string& session, SessionState state) const {
    const std::lock_guard lock(mutex_);
    return std::ranges::find(states_, std::pair(session, state)) != states_.end();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, SessionState>> states_;
};

class Tap final : public PacketTap {
 public:
  void on_track_started(const TrackInfo& /*track*/, WallTime /*at*/) override {}
  KeptPacket on_packet(const TapPacket& /*packet*/) override {
    ++packets;
    return {};
  }
  void on_sender_report(const TapSenderReport& /*report*/) override {}
  void on_track_ended(TrackNumber /*track*/, WallTime /*at*/) override { ++ended; }
  std::atomic<unsigned> packets = 0;
  std::atomic<unsigned> ended = 0;
};

template <class T>
Result<T> await(const std::function<void(std::function<void(Result<T>)>)>& call) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  call([promise](Result<T> result) { promise->set_value(std::move(result)); });
  return promise->get_future().get();
}

/// A client on a socket of its own, driven by the test's thread.
class SocketPeer final : public PeerListener, public DatagramSink {
 public:
  SocketPeer(const std::string& ip, PeerConfig config, const DtlsContext& dtls)
      : socket_(*SocketAddress::parse(ip, 0)), session_(config, dtls, clock_, random_, *this, *this) {}

  void send(const NetworkPath& path, ByteView datagram) override { socket_.send(path.remote, datagram); }
  void on_connected() override { connected = true; }
  void on_packet(const PeerPacket& packet) override { (packet.kind == Kind::audio ? audio : video) += 1; }
  void on_closed() override { closed = true; }

  void turn() {
    pollfd poll_for{socket_.fd(), POLLIN, 0};
    if (::poll(&poll_for, 1, 2) > 0) {
      const std::size_t count = batch_.read(socket_);
      for (std::size_t i = 0; i < count; ++i) session_.receive({0, batch_.sender(i)}, batch_.datagram(i));
    }
    if (const auto deadline = session_.next_deadline(); deadline && *deadline <= clock_.steady_now())
      session_.handle_timeout();
  }
  PeerSession& session() { return session_; }

  bool connected = false;
  bool closed = false;
  unsigned audio = 0;
  unsigned video = 0;

 private:
  SystemClock clock_;
  OsRandom random_;
  UdpSocket socket_;
  DatagramBatch batch_;
  PeerSession session_;
};

/// A client whose datagrams go over a TCP connection, framed (RFC 4571).
class StreamPeer final : public PeerListener, public DatagramSink {
 public:
  StreamPeer(PeerConfig config, const DtlsContext& dtls) : session_(config, dtls, clock_, random_, *this, *this) {}

  /// Connects to the passive candidate of the answer and uses nothing else of it.
  [[nodiscard]] bool set_answer(const std::string& sdp) {
    std::string only_tcp;
    for (std::size_t at = 0; at < sdp.size();) {
      const std::size_t end = sdp.find('\n', at) + 1;
      std::string line = sdp.substr(at, end - at);
      at = end;
      if (line.find(" udp ") != std::string::npos) continue;
      if (const auto tcp = line.find(" tcp "); tcp != std::string::npos) {
        const auto candidate = IceCandidate::parse(std::string_view(line).substr(12, line.size() - 14));
        if (!candidate || line.find("tcptype passive") == std::string::npos) return false;
        connect(candidate->address);
        line.replace(tcp, 5, " udp ");  // PeerSession itself does not mind how its datagrams travel
      }
      only_tcp += line;
    }
    return connected_fd() && session_.set_answer(only_tcp).has_value();
  }
  void send(const NetworkPath& /*path*/, ByteView datagram) override {
    Bytes frame(2);
    store_be<std::uint16_t>(frame.data(), static_cast<std::uint16_t>(datagram.size()));
    frame.insert(frame.end(), datagram.begin(), datagram.end());
    [[maybe_unused]] const auto sent = ::send(fd_.get(), frame.data(), frame.size(), MSG_NOSIGNAL);
  }
  void on_connected() override { connected = true; }
  void on_packet(const PeerPacket& packet) override { (packet.kind == Kind::audio ? audio : video) += 1; }
  void on_closed() override { closed = true; }

  void turn() {
    pollfd poll_for{fd_.get(), POLLIN, 0};
    if (::poll(&poll_for, 1, 2) > 0) {
      const auto space = frames_.space();
      const ssize_t bytes = ::recv(fd_.get(), space.data(), space.size(), MSG_DONTWAIT);
      if (bytes == 0) hung_up = true;
      if (bytes > 0) frames_.filled(static_cast<std::size_t>(bytes));
      while (const auto frame = frames_.next()) session_.receive({0, server_}, *frame);
    }
    if (const auto deadline = session_.next_deadline(); deadline && *deadline <= clock_.steady_now())
      session_.handle_timeout();
  }
  PeerSession& session() { return session_; }
  void hang_up() { fd_ = FileDescriptor(); }

  bool connected = false;
  bool closed = false;
  bool hung_up = false;
  unsigned audio = 0;
  unsigned video = 0;

 private:
  void connect(const SocketAddress& address) {
    server_ = address;
    fd_ = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_storage storage{};
    const socklen_t length = address.to(storage);
    if (::connect(fd_.get(), reinterpret_cast<sockaddr*>(&storage), length) != 0) fd_ = FileDescriptor();
  }
  [[nodiscard]] bool connected_fd() const { return fd_.valid(); }

  SystemClock clock_;
  OsRandom random_;
  FileDescriptor fd_;
  SocketAddress server_;
  StreamFrames frames_;
  PeerSession session_;
};

class EngineTest : public ::testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] static MediaConfig config(std::vector<ListenAddress> addresses) {
    MediaConfig result;
    result.addresses = std::move(addresses);
    result.first_port = 0;
    return result;
  }
  template <class Peer, class Done>
  static bool drive(std::initializer_list<Peer*> peers, const Done& done) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < end) {
      if (done()) return true;
      for (Peer* peer : peers) peer->turn();
    }
    return done();
  }

  SystemClock clock_;
  OsRandom random_;
  Listener listener_;
  DtlsContext peer_dtls_{make_dtls_certificate(SystemClock().wall_now())};
};

TEST_P(EngineTest, CarriesACallFromPublisherToViewerAndTap) {
  const std::string ip = GetParam();
  MediaEngine engine(config({{ip, ""}}), clock_, random_, listener_);
  EXPECT_NE(engine.first_port(), 0);
  const auto tap = std::make_shared<Tap>();
  ASSERT_TRUE(await<void>([&](auto done) { engine.open_room("r", done); }));
  ASSERT_TRUE(await<void>([&](auto done) { engine.open_room("r", done); })) << "opening an open room changes nothing";
  ASSERT_TRUE(await<void>([&](auto done) { engine.add_tap("r", tap, done); }));
  ASSERT_TRUE(await<void>([&](auto done) { engine.set_gate("r", true, done); }));

  SocketPeer publisher(ip, {.publisher = true}, peer_dtls_);
  SocketPeer viewer(ip, {.publisher = false}, peer_dtls_);
  const auto published = await<SessionAnswer>([&](auto done) {
    engine.publish({"r", "customer", {"customer", "camera"}, publisher.session().offer()}, done);
  });
  ASSERT_TRUE(published) << published.error().message;
  ASSERT_TRUE(publisher.session().set_answer(published->sdp));
  const auto watched = await<SessionAnswer>([&](auto done) {
    engine.subscribe({"r", "agent", {"customer", "camera"}, viewer.session().offer()}, done);
  });
  ASSERT_TRUE(watched) << watched.error().message;
  ASSERT_TRUE(viewer.session().set_answer(watched->sdp));
  ASSERT_TRUE(drive({&publisher, &viewer}, [&] { return publisher.connected && viewer.connected; }));

  std::uint32_t timestamp = 0;
  const Bytes keyframe{0x10, 0x10, 0, 0, 0x9D, 0x01, 0x2A, 0, 5, 0xD0, 2};
  const Bytes sound{0x78, 1, 2, 3};
  ASSERT_TRUE(drive({&publisher, &viewer}, [&] {
    timestamp += 900;
    publisher.session().send(Kind::video, keyframe, timestamp, true);
    publisher.session().send(Kind::audio, sound, timestamp, false);
    return viewer.video >= 50 && viewer.audio >= 50 && tap->packets >= 100;
  }));
  EXPECT_TRUE(listener_.saw(published->session, SessionState::connected));

  ASSERT_TRUE(await<void>([&](auto done) { engine.close_session({"r", "customer", published->session}, done); }));
  EXPECT_EQ(tap->ended, 2U);
  EXPECT_TRUE(listener_.saw(published->session, SessionState::closed));
  EXPECT_TRUE(drive({&publisher, &viewer}, [&] { return publisher.closed; }));
  ASSERT_TRUE(await<void>([&](auto done) { engine.close_room("r", done); }));
  EXPECT_TRUE(drive({&viewer}, [&] { return viewer.closed; }));
}

INSTANTIATE_TEST_SUITE_P(Families, EngineTest, ::testing::Values("127.0.0.1", "::1"),
                         [](const auto& test) { return std::string(test.param) == "::1" ? "IPv6" : "IPv4"; });

TEST_F(EngineTest, CarriesACallOverTcpAlone) {
  MediaEngine engine(config({{"127.0.0.1", ""}}), clock_, random_, listener_);
  ASSERT_TRUE(await<void>([&](auto done) { engine.open_room("r", done); }));
  ASSERT_TRUE(await<void>([&](auto done) { engine.set_gate("r", true, done); }));
  StreamPeer publisher({.publisher = true}, peer_dtls_);
  StreamPeer viewer({.publisher = false}, peer_dtls_);
  const auto published = await<SessionAnswer>([&](auto done) {
    engine.publish({"r", "customer", {"customer", "camera"}, publisher.session().offer()}, done);
  });
  ASSERT_TRUE(published);
  ASSERT_TRUE(publisher.set_answer(published->sdp)) << published->sdp;
  const auto watched = await<SessionAnswer>([&](auto done) {
    engine.subscribe({"r", "agent", {"customer", "camera"}, viewer.session().offer()}, done);
  });
  ASSERT_TRUE(watched);
  ASSERT_TRUE(viewer.set_answer(watched->sdp));
  ASSERT_TRUE(drive({&publisher, &viewer}, [&] { return publisher.connected && viewer.connected; }));
  std::uint32_t timestamp = 0;
  const Bytes keyframe{0x10, 0x10, 0, 0, 0x9D, 0x01, 0x2A, 0, 5, 0xD0, 2};
  ASSERT_TRUE(drive({&publisher, &viewer}, [&] {
    timestamp += 900;
    publisher.session().send(Kind::video, keyframe, timestamp, true);
    publisher.session().send(Kind::audio, Bytes{0x78, 1, 2, 3}, timestamp, false);
    return viewer.video >= 50 && viewer.audio >= 50;
  }));
  viewer.hang_up();
  ASSERT_TRUE(drive({&publisher}, [&] {
    publisher.session().send(Kind::audio, Bytes{0x78, 1, 2, 3}, timestamp += 900, false);
    return timestamp > 500'000;
  })) << "a connection that ended in the middle disturbs nobody";
  EXPECT_FALSE(publisher.closed);
}

TEST_F(EngineTest, OffersTcpBehindUdpAndOnlyWhereItIsOn) {
  SocketPeer peer("127.0.0.1", {}, peer_dtls_);
  for (const bool tcp : {true, false}) {
    MediaConfig wanted = config({{"127.0.0.1", "192.0.2.7"}});
    wanted.tcp = tcp;
    MediaEngine engine(wanted, clock_, random_, listener_);
    ASSERT_TRUE(await<void>([&](auto done) { engine.open_room("r", done); }));
    const auto answer = await<SessionAnswer>([&](auto done) {
      engine.publish({"r", "customer", {"customer", "camera"}, peer.session().offer()}, done);
    });
    ASSERT_TRUE(answer);
    const std::string line = " 192.0.2.7 " + std::to_string(engine.first_port()) + " typ host tcptype passive\r\n";
    const auto at = answer->sdp.find(line);
    EXPECT_EQ(at != std::string::npos, tcp) << answer->sdp;
    EXPECT_TRUE(!tcp || answer->sdp.find(" udp ") < at);
  }
}

TEST_F(EngineTest, ListensOnEachAddressAtOnePort) {
  MediaEngine engine(config({{"127.0.0.1", "192.0.2.7"}, {"::1", ""}}), clock_, random_, listener_);
  ASSERT_TRUE(await<void>([&](auto done) { engine.open_room("r", done); }));
  SocketPeer peer("127.0.0.1", {}, peer_dtls_);
  const auto answer = await<SessionAnswer>([&](auto done) {
    engine.publish({"r", "customer", {"customer", "camera"}, peer.session().offer()}, done);
  });
  ASSERT_TRUE(answer);
  const std::string port = std::to_string(engine.first_port());
  EXPECT_NE(answer->sdp.find(" 192.0.2.7 " + port + " typ host"), std::string::npos);
  EXPECT_NE(answer->sdp.find(" ::1 " + port + " typ host"), std::string::npos);
  EXPECT_EQ(answer->sdp.find(" 127.0.0.1 " + port + " typ host"), std::string::npos) << "another address is advertised";
}

TEST_F(EngineTest, BindsEveryInterfaceForAny) {
  MediaEngine engine(config({{"0.0.0.0", ""}}), clock_, random_, listener_);
  ASSERT_TRUE(await<void>([&](auto done) { engine.open_room("r", done); }));
  SocketPeer peer("127.0.0.1", {}, peer_dtls_);
  const auto answer = await<SessionAnswer>([&](auto done) {
    engine.publish({"r", "customer", {"customer", "camera"}, peer.session().offer()}, done);
  });
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->sdp.find(" 127.0.0.1 "), std::string::npos);
  EXPECT_EQ(answer->sdp.find("udp 2130706431 0.0.0.0"), std::string::npos);
  ASSERT_TRUE(peer.session().set_answer(answer->sdp));
  EXPECT_TRUE(drive({&peer}, [&] { return peer.connected; }));
}

TEST_F(EngineTest, RefusesAPortThatIsTaken) {
  const UdpSocket taken(*SocketAddress::parse("127.0.0.1", 0));
  MediaConfig wanted = config({{"127.0.0.1", ""}});
  wanted.first_port = taken.local().port;
  EXPECT_THROW(MediaEngine(wanted, clock_, random_, listener_), std::system_error);
}

TEST_F(EngineTest, AnswersEveryCallExactlyOnceAlsoAtShutdown) {
  constexpr int kCalls = 500;
  std::atomic<int> answered = 0;
  std::atomic<int> unavailable = 0;
  {
    MediaConfig several = config({{"127.0.0.1", ""}});
    several.workers = 3;
    MediaEngine engine(several, clock_, random_, listener_);
    for (int i = 0; i < kCalls; ++i) {
      engine.open_room("room-" + std::to_string(i), [&](const Result<void>& result) {
        ++answered;
        if (!result && result.error().kind == ErrorKind::unavailable) ++unavailable;
      });
    }
  }
  EXPECT_EQ(answered, kCalls);
  EXPECT_LE(unavailable, kCalls);
}

TEST_F(EngineTest, SessionsEndWithTheEngine) {
  std::string session;
  {
    MediaEngine engine(config({{"127.0.0.1", ""}}), clock_, random_, listener_);
    ASSERT_TRUE(await<void>([&](auto done) { engine.open_room("r", done); }));
    SocketPeer peer("127.0.0.1", {}, peer_dtls_);
    const auto answer = await<SessionAnswer>([&](auto done) {
      engine.publish({"r", "customer", {"customer", "camera"}, peer.session().offer()}, done);
    });
    ASSERT_TRUE(answer);
    session = answer->session;
    EXPECT_FALSE(listener_.saw(session, SessionState::closed));
  }
  EXPECT_TRUE(listener_.saw(session, SessionState::closed));
}

}  // namespace
}  // namespace tw::media
