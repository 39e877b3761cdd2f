#include "media/worker/send_batch.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <memory>

namespace tw::media {
namespace {

SocketAddress loopback(const char* ip = "127.0.0.1") { return *SocketAddress::parse(ip, 0); }

Bytes datagram_of(std::size_t bytes, unsigned number) {
  Bytes datagram(bytes, static_cast<std::uint8_t>(number));
  datagram[0] = static_cast<std::uint8_t>(number >> 8);
  return datagram;
}

/// A peer's socket: everything that has come, in order.
class Peer {
 public:
  explicit Peer(const char* ip = "127.0.0.1") : socket_(loopback(ip)) {}
  [[nodiscard]] NetworkPath path(std::uint8_t local = 0) const { return {local, socket_.local()}; }
  std::vector<Bytes> take(std::size_t count) {
    std::vector<Bytes> got;
    pollfd wanted{socket_.fd(), POLLIN, 0};
    while (got.size() < count && ::poll(&wanted, 1, 5'000) == 1) read(got);
    read(got);  // and nothing more than that
    return got;
  }

 private:
  void read(std::vector<Bytes>& got) {
    const std::size_t n = batch_.read(socket_);
    for (std::size_t i = 0; i < n; ++i) got.emplace_back(batch_.datagram(i).begin(), batch_.datagram(i).end());
  }
  UdpSocket socket_;
  DatagramBatch batch_;
};

class SendBatchTest : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    sockets_.emplace_back(loopback());
    sockets_.emplace_back(loopback("::1"));
    batch_ = std::make_unique<SendBatch>(sockets_);
    if (!GetParam()) batch_->forbid_segments();
  }
  /// As a session does: written where it leaves from.
  void commit(const NetworkPath& path, const Bytes& datagram) {
    std::ranges::copy(datagram, batch_->reserve().begin());
    batch_->commit(path, datagram.size());
  }

  std::vector<UdpSocket> sockets_;
  std::unique_ptr<SendBatch> batch_;
};

TEST_P(SendBatchTest, DeliversToEachPeerWhatIsForItInOrder) {
  Peer a;
  Peer b;
  Peer c("::1");
  // Bursts, single packets, sizes that rise and fall, peers that alternate.
  const std::size_t sizes[] = {1'100, 1'100, 1'100, 400, 1'100, 1'100, 80, 80, 1'400, 1, 1'452, 1'452, 1'500, 1'500};
  std::vector<Bytes> for_a;
  std::vector<Bytes> for_b;
  std::vector<Bytes> for_c;
  unsigned number = 0;
  for (int round = 0; round < 4; ++round) {
    for (const std::size_t size : sizes) {
      commit(a.path(), for_a.emplace_back(datagram_of(size, ++number)));
      if (number % 2 == 0) commit(b.path(), for_b.emplace_back(datagram_of(size, number)));
      if (number % 3 == 0) batch_->send(c.path(1), for_c.emplace_back(datagram_of(size, number)));
    }
  }
  batch_->flush();
  EXPECT_EQ(a.take(for_a.size()), for_a);
  EXPECT_EQ(b.take(for_b.size()), for_b);
  EXPECT_EQ(c.take(for_c.size()), for_c);
  EXPECT_EQ(batch_->counters().datagrams, for_a.size() + for_b.size() + for_c.size());
  EXPECT_EQ(batch_->counters().dropped, 0U);
  if (GetParam()) {
    EXPECT_GT(batch_->counters().segmented, 30U);
  } else {
    EXPECT_EQ(batch_->counters().segmented, 0U);
  }
}

TEST_P(SendBatchTest, SendsEarlyRatherThanHoldMoreThanItsLimit) {
  Peer peer;
  std::vector<Bytes> sent;
  for (unsigned i = 0; i < SendBatch::kMaxDatagrams + 44; ++i)
    commit(peer.path(), sent.emplace_back(datagram_of(60, i)));
  batch_->flush();
  EXPECT_EQ(peer.take(sent.size()), sent);
  sent.clear();
  for (unsigned i = 0; i < 200; ++i) commit(peer.path(), sent.emplace_back(datagram_of(SendBatch::kRoomBytes - 64, i)));
  batch_->flush();
  EXPECT_EQ(peer.take(sent.size()), sent);
}

TEST_P(SendBatchTest, OnePeerThatCannotBeReachedHoldsNobodyUp) {
  Peer before;
  Peer after;
  const Bytes datagram = datagram_of(900, 1);
  const NetworkPath nowhere{0, *SocketAddress::parse("127.0.0.1", 0)};  // port 0 is refused
  commit(before.path(), datagram);
  for (int i = 0; i < 3; ++i) commit(nowhere, datagram);
  commit(after.path(), datagram);
  commit({7, after.path().remote}, datagram);  // a socket that there is not
  batch_->flush();
  EXPECT_EQ(before.take(1), std::vector<Bytes>{datagram});
  EXPECT_EQ(after.take(1), std::vector<Bytes>{datagram});
  EXPECT_EQ(batch_->counters().dropped, 3U);
}

TEST_P(SendBatchTest, ABurstTakesOneCall) {
  Peer peer;
  for (unsigned i = 0; i < 10; ++i) commit(peer.path(), datagram_of(1'116, i));
  batch_->flush();
  EXPECT_EQ(batch_->counters().calls, 1U);
  EXPECT_EQ(peer.take(10).size(), 10U);
  batch_->flush();
  EXPECT_EQ(batch_->counters().calls, 1U) << "nothing to send: no call";
}

TEST_P(SendBatchTest, LeavesOutWhatIsLongerThanADatagramOfOurs) {
  Peer peer;
  batch_->send(peer.path(), Bytes(SendBatch::kRoomBytes + 1));
  batch_->send(peer.path(), Bytes(10));
  batch_->flush();
  EXPECT_EQ(peer.take(1).size(), 1U);
  EXPECT_EQ(batch_->counters().dropped, 1U);
}

INSTANTIATE_TEST_SUITE_P(Kernels, SendBatchTest, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "WithSegments" : "WithoutSegments"; });

}  // namespace
}  // namespace tw::media
