#include "media/worker/tcp_connections.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>

#include "base/byte_order.hpp"

namespace tw::media {
namespace {

using std::chrono::seconds;

constexpr SteadyTime kStart{std::chrono::hours{1}};

/// A client's end, blocking.
class Client {
 public:
  explicit Client(const SocketAddress& to) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    sockaddr_storage storage{};
    const socklen_t length = to.to(storage);
    EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<sockaddr*>(&storage), length), 0);
  }
  void write(ByteView bytes) const {
    EXPECT_EQ(::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  void write_frame(ByteView datagram) const {
    Bytes frame(2);
    store_be<std::uint16_t>(frame.data(), static_cast<std::uint16_t>(datagram.size()));
    frame.insert(frame.end(), datagram.begin(), datagram.end());
    write(frame);
  }
  [[nodiscard]] Bytes read(std::size_t bytes) const {
    Bytes got(bytes);
    const ssize_t read = ::recv(fd_.get(), got.data(), bytes, MSG_WAITALL);
    got.resize(read > 0 ? static_cast<std::size_t>(read) : 0);
    return got;
  }
  /// Was it closed by the server (or reset)?
  [[nodiscard]] bool ended() const {
    std::uint8_t byte = 0;
    return ::recv(fd_.get(), &byte, 1, 0) <= 0;
  }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  FileDescriptor fd_;
};

class TcpConnectionsTest : public ::testing::Test, protected StreamReceiver {
 protected:
  void SetUp() override {
    // A port that is free: the system's choice for another socket, released again.
    for (int attempt = 0; attempt < 20 && !connections_.listening(); ++attempt) {
      FileDescriptor probe(::socket(AF_INET, SOCK_STREAM, 0));
      sockaddr_storage storage{};
      socklen_t length = address_.to(storage);
      ASSERT_EQ(::bind(probe.get(), reinterpret_cast<sockaddr*>(&storage), length), 0);
      length = sizeof(storage);
      ASSERT_EQ(::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&storage), &length), 0);
      probe = FileDescriptor();
      const SocketAddress wanted = SocketAddress::from(storage);
      try {
        connections_.listen(wanted, 3);
        address_ = wanted;
      } catch (const std::system_error&) {
        connections_.close_listeners();  // somebody took it meanwhile
      }
    }
    ASSERT_TRUE(connections_.listening());
    connections_.start(*this);
  }
  bool on_stream_datagram(const NetworkPath& path, std::span<std::uint8_t> datagram) override {
    paths_.push_back(path);
    datagrams_.emplace_back(datagram.begin(), datagram.end());
    return !datagram.empty() && datagram[0] == kProof;
  }
  void on_stream_ended(const NetworkPath& path) override { ended_.push_back(path); }

  /// Handles events until `done`.
  template <class Done>
  bool turn_until(const Done& done) {
    for (int i = 0; i < 5'000; ++i) {
      if (done()) return true;
      std::array<epoll_event, 64> events{};
      const int count = ::epoll_wait(epoll_.get(), events.data(), 64, 2);
      for (int k = 0; k < count; ++k) {
        const auto& event = events[static_cast<std::size_t>(k)];
        connections_.on_event(event.data.u64, event.events, now_);
      }
      connections_.flush();
    }
    return done();
  }

  static constexpr std::uint8_t kProof = 1;
  FileDescriptor epoll_{::epoll_create1(EPOLL_CLOEXEC)};
  TcpConnections connections_{epoll_};
  SocketAddress address_ = *SocketAddress::parse("127.0.0.1", 0);
  SteadyTime now_ = kStart;
  std::vector<NetworkPath> paths_;
  std::vector<Bytes> datagrams_;
  std::vector<NetworkPath> ended_;
};

TEST_F(TcpConnectionsTest, CarriesDatagramsBothWays) {
  const Client client(address_);
  client.write_frame(Bytes{kProof, 2, 3});
  client.write_frame(Bytes(1'200, 7));
  ASSERT_TRUE(turn_until([&] { return datagrams_.size() == 2; }));
  EXPECT_EQ(datagrams_[0], (Bytes{kProof, 2, 3}));
  EXPECT_EQ(datagrams_[1], Bytes(1'200, 7));
  EXPECT_EQ(paths_[0], paths_[1]);
  EXPECT_EQ(paths_[0].local, 3);
  EXPECT_NE(paths_[0].connection, 0U);
  connections_.send(paths_[0], Bytes{9, 8});
  connections_.send(paths_[0], Bytes{7});
  connections_.flush();
  EXPECT_EQ(client.read(7), (Bytes{0, 2, 9, 8, 0, 1, 7}));
}

TEST_F(TcpConnectionsTest, EveryConnectionIsAPathOfItsOwn) {
  const Client first(address_);
  const Client second(address_);
  first.write_frame(Bytes{kProof});
  second.write_frame(Bytes{kProof});
  ASSERT_TRUE(turn_until([&] { return paths_.size() == 2; }));
  EXPECT_NE(paths_[0].connection, paths_[1].connection);
}

TEST_F(TcpConnectionsTest, WhoProvesNothingInTimeIsSentAway) {
  const Client silent(address_);
  const Client talker(address_);
  const Client peer(address_);
  ASSERT_TRUE(turn_until([&] { return connections_.size() == 3; }));
  talker.write_frame(Bytes{42, 42});
  peer.write_frame(Bytes{kProof});
  ASSERT_TRUE(turn_until([&] { return datagrams_.size() == 2; }));
  connections_.sweep(kStart + TcpConnections::kProveWithin - seconds{1});
  EXPECT_EQ(connections_.size(), 3U);
  connections_.sweep(kStart + TcpConnections::kProveWithin);
  EXPECT_EQ(connections_.size(), 1U) << "words that prove nothing win no time";
  EXPECT_TRUE(silent.ended());
  EXPECT_TRUE(talker.ended());
  connections_.sweep(kStart + TcpConnections::kSilentFor);
  EXPECT_TRUE(peer.ended());
  EXPECT_EQ(ended_.size(), 3U);
}

TEST_F(TcpConnectionsTest, AnAddressHoldsALimitedNumberOfConnectionsThatProveNothing) {
  std::vector<std::unique_ptr<Client>> clients;
  for (std::size_t i = 0; i < TcpConnections::kMaxUnprovedAnAddress; ++i) {
    clients.push_back(std::make_unique<Client>(address_));
  }
  ASSERT_TRUE(turn_until([&] { return connections_.size() == TcpConnections::kMaxUnprovedAnAddress; }));
  EXPECT_EQ(connections_.refused(), 0U);
  const Client one_more(address_);
  ASSERT_TRUE(turn_until([&] { return connections_.refused() == 1; }));
  EXPECT_TRUE(one_more.ended());
  clients[0]->write_frame(Bytes{kProof});
  ASSERT_TRUE(turn_until([&] { return datagrams_.size() == 1; }));
  const Client in_its_place(address_);
  ASSERT_TRUE(turn_until([&] { return connections_.size() == TcpConnections::kMaxUnprovedAnAddress + 1; }));
}

TEST_F(TcpConnectionsTest, AFrameLongerThanADatagramEndsTheConnection) {
  const Client client(address_);
  client.write_frame(Bytes{kProof});
  Bytes http{'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P'};
  client.write(http);
  EXPECT_TRUE(turn_until([&] { return ended_.size() == 1; }));
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(datagrams_.size(), 1U);
}

TEST_F(TcpConnectionsTest, WhatASlowPeerCannotTakeIsDroppedAndNeverCutInTheMiddle) {
  const Client client(address_);
  client.write_frame(Bytes{kProof});
  ASSERT_TRUE(turn_until([&] { return paths_.size() == 1; }));
  const Bytes datagram(1'000, 5);
  unsigned sent = 0;
  while (connections_.dropped() < 100) {  // the peer does not read
    connections_.send(paths_[0], datagram);
    if (++sent % 16 == 0) connections_.flush();
    ASSERT_LT(sent, 100'000U) << "somebody queues without a limit";
  }
  const std::size_t kept = sent - connections_.dropped();
  std::size_t frames = 0;
  std::size_t read_bytes = 0;
  Bytes stream;
  ASSERT_TRUE(turn_until([&] {
    Bytes chunk(64 * 1'024);
    const ssize_t bytes = ::recv(client.fd(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (bytes > 0) stream.insert(stream.end(), chunk.begin(), chunk.begin() + bytes);
    return stream.size() >= kept * (datagram.size() + 2);
  }));
  while (read_bytes + 2 <= stream.size()) {
    ASSERT_EQ(load_be<std::uint16_t>(stream.data() + read_bytes), datagram.size());
    read_bytes += 2 + datagram.size();
    ++frames;
  }
  EXPECT_EQ(frames, kept);
  connections_.send(paths_[0], Bytes{1, 2, 3});
  connections_.flush();
  EXPECT_EQ(client.read(5), (Bytes{0, 3, 1, 2, 3})) << "and goes on when there is room again";
}

TEST_F(TcpConnectionsTest, APeerThatLeavesIsForgotten) {
  {
    const Client client(address_);
    client.write_frame(Bytes{kProof});
    ASSERT_TRUE(turn_until([&] { return paths_.size() == 1; }));
  }
  ASSERT_TRUE(turn_until([&] { return ended_.size() == 1; }));
  EXPECT_EQ(ended_[0], paths_[0]);
  EXPECT_EQ(connections_.size(), 0U);
  connections_.send(paths_[0], Bytes{1});  // nobody there: nothing happens
  connections_.flush();
}

}  // namespace
}  // namespace tw::media
