#include "chaos/relay/relay.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>

namespace tw::chaos {
namespace {

using media::FileDescriptor;
using media::SocketAddress;

constexpr int kPatienceMs = 10'000;

/// A UDP socket on loopback that waits for what it expects.
class Port {
 public:
  Port() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_storage storage{};
    socklen_t length = SocketAddress::parse("127.0.0.1", 0)->to(storage);
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&storage), length), 0);
    length = sizeof(storage);
    EXPECT_EQ(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&storage), &length), 0);
    address_ = SocketAddress::from(storage);
  }
  [[nodiscard]] const SocketAddress& address() const { return address_; }
  void send(const SocketAddress& to, const std::string& text) const {
    sockaddr_storage storage{};
    const socklen_t length = to.to(storage);
    ::sendto(fd_.get(), text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&storage), length);
  }
  /// The next datagram; "" when none comes in time.
  std::string receive(SocketAddress* from = nullptr) const {
    pollfd wait{fd_.get(), POLLIN, 0};
    if (::poll(&wait, 1, kPatienceMs) != 1) return "";
    char bytes[2000];
    sockaddr_storage storage{};
    socklen_t length = sizeof(storage);
    const auto size = ::recvfrom(fd_.get(), bytes, sizeof(bytes), 0, reinterpret_cast<sockaddr*>(&storage), &length);
    if (from != nullptr) *from = SocketAddress::from(storage);
    return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : "";
  }

 private:
  FileDescriptor fd_;
  SocketAddress address_;
};

class ChaosRelay : public testing::Test {
 protected:
  ChaosRelay()
      : control_path_(
            (std::filesystem::temp_directory_path() / ("chaos-" + std::to_string(::getpid()) + ".sock")).string()),
        relay_({{{*SocketAddress::parse("127.0.0.1", 0), server_.address()}}, control_path_, 1}),
        entrance_(*SocketAddress::parse("127.0.0.1", relay_.port())),
        thread_([this] { relay_.run(); }),
        control_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    control_path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    EXPECT_EQ(::connect(control_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  ~ChaosRelay() override {
    relay_.stop();
    thread_.join();
  }
  /// One line to the control socket and the line that answers.
  std::string ask(const std::string& line) {
    const std::string sent = line + "\n";
    EXPECT_EQ(::send(control_.get(), sent.data(), sent.size(), 0), static_cast<ssize_t>(sent.size()));
    std::string answer;
    for (char c = 0; ::recv(control_.get(), &c, 1, 0) == 1 && c != '\n';) answer += c;
    return answer;
  }

  Port server_;
  Port client_;
  std::string control_path_;
  Relay relay_;
  SocketAddress entrance_;
  std::thread thread_;
  FileDescriptor control_;
};

TEST_F(ChaosRelay, CarriesBothWays) {
  client_.send(entrance_, "hello");
  SocketAddress seen;
  EXPECT_EQ(server_.receive(&seen), "hello");
  EXPECT_NE(seen.port, client_.address().port);
  server_.send(seen, "answer");
  SocketAddress from;
  EXPECT_EQ(client_.receive(&from), "answer");
  EXPECT_EQ(from, entrance_);
  EXPECT_NE(ask("stats").find(R"("up":{"received":1,"receivedBytes":5,"delivered":1)"), std::string::npos);
}

TEST_F(ChaosRelay, ARebindShowsTheServerANewPortAndTheOldOneIsDead) {
  client_.send(entrance_, "one");
  SocketAddress before;
  ASSERT_EQ(server_.receive(&before), "one");
  EXPECT_EQ(ask("rebind"), R"({"ok":true,"flows":1})");
  client_.send(entrance_, "two");
  SocketAddress after;
  ASSERT_EQ(server_.receive(&after), "two");
  EXPECT_NE(before.port, after.port);
  server_.send(before, "to the old port");
  server_.send(after, "to the new port");
  EXPECT_EQ(client_.receive(), "to the new port");
}

TEST_F(ChaosRelay, OneClientMayHaveAWorseNetworkThanAnother) {
  Port unlucky;
  client_.send(entrance_, "first");
  ASSERT_EQ(server_.receive(), "first");
  unlucky.send(entrance_, "second");
  ASSERT_EQ(server_.receive(), "second");
  const std::string name = "127.0.0.1:" + std::to_string(unlucky.address().port);
  EXPECT_EQ(ask("set loss=1 direction=up client=" + name), R"({"ok":true,"flows":1})");
  unlucky.send(entrance_, "lost");
  client_.send(entrance_, "arrives");
  EXPECT_EQ(server_.receive(), "arrives");
  EXPECT_NE(ask("flows").find(R"("client":")" + name), std::string::npos);
}

TEST_F(ChaosRelay, KeepsTheOrderWhenADelayIsTakenAway) {
  client_.send(entrance_, "open");
  SocketAddress seen;
  ASSERT_EQ(server_.receive(&seen), "open");
  ask("set delay_ms=100 direction=down");
  server_.send(seen, "slow");
  // Once it waits, the delay is taken away.
  while (ask("stats").find(R"("waiting":1)") == std::string::npos) {
  }
  ask("clear");
  server_.send(seen, "quick");
  EXPECT_EQ(client_.receive(), "slow");
  EXPECT_EQ(client_.receive(), "quick");
}

TEST_F(ChaosRelay, SaysWhatItDoesNotUnderstand) {
  EXPECT_EQ(ask("set loss=7"), R"({"ok":false,"error":"Not understood or out of range: loss=7"})");
}

}  // namespace
}  // namespace tw::chaos
