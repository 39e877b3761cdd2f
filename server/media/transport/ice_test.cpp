#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/transport/ice_client.hpp"
#include "media/transport/ice_lite.hpp"
#include "media/transport/simulated_network_test_support.hpp"
#include "media/wire/ice_candidate.hpp"

namespace tw::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

SocketAddress address(const char* ip, std::uint16_t port) { return *SocketAddress::parse(ip, port); }

const IceCredentials kServer{"srvr", "server-password-22-long"};
const IceCredentials kClient{"clnt", "client-password-22-long"};
const IceCredentials kServer2{"srv2", "server-password-22-newer"};
const IceCredentials kClient2{"cln2", "client-password-22-newer"};

/// What was sent, with where it went.
class Sent final : public DatagramSink {
 public:
  void send(const NetworkPath& path, ByteView datagram) override {
    last_path = path;
    last.assign(datagram.begin(), datagram.end());
    bytes += datagram.size();
    ++count;
  }
  [[nodiscard]] StunMessage answer() const { return *StunMessage::parse(last); }
  NetworkPath last_path;
  Bytes last;
  std::size_t bytes = 0;
  std::size_t count = 0;
};

struct CheckOptions {
  bool nominate = false;
  bool controlled = false;
  std::uint16_t unknown_attribute = 0;
};

/// A check as a browser sends it.
Bytes make_check(const IceCredentials& to, const IceCredentials& from, CheckOptions options = {},
                 std::string_view password = {}) {
  static std::uint8_t number = 0;
  StunTransactionId transaction{};
  transaction[0] = ++number;
  StunBuilder check(StunClass::request, transaction);
  check.username(to.ufrag + ":" + from.ufrag);
  check.priority(1'845'494'271);
  options.controlled ? check.ice_controlled(7) : check.ice_controlling(7);
  if (options.nominate) check.use_candidate();
  if (options.unknown_attribute != 0) check.unknown_attribute(options.unknown_attribute);
  const ByteView datagram = check.finish(password.empty() ? to.pwd : password);
  return {datagram.begin(), datagram.end()};
}

struct Lite {
  IceEvent check(const NetworkPath& path, const Bytes& datagram) {
    return agent.receive(*StunMessage::parse(datagram), datagram, path, now, out);
  }
  IceLite agent{kServer, kClient};
  SteadyTime now{seconds{1000}};
  Sent out;
};

const NetworkPath kA{0, address("203.0.113.5", 40'000)};
const NetworkPath kB{1, address("2001:db8::5", 40'001)};
const NetworkPath kC{0, address("203.0.113.5", 40'002)};

TEST(IceLite, AnswersAnAuthenticatedCheckWithTheAddressItCameFrom) {
  for (const auto& path : {kA, kB}) {
    Lite lite;
    const Bytes check = make_check(kServer, kClient);
    EXPECT_EQ(lite.check(path, check), IceEvent::selected);
    EXPECT_EQ(lite.out.last_path, path);
    const StunMessage answer = lite.out.answer();
    EXPECT_EQ(answer.message_class, StunClass::success);
    EXPECT_EQ(answer.mapped_address, path.remote);
    EXPECT_EQ(answer.transaction, StunMessage::parse(check)->transaction);
    EXPECT_TRUE(answer.verify_integrity(lite.out.last, kServer.pwd));
    EXPECT_EQ(lite.agent.selected(), path);
  }
}

TEST(IceLite, AConnectionThatEndedIsNoPathAnyMore) {
  const NetworkPath tcp{0, address("203.0.113.5", 40'003), 1};
  const NetworkPath again{0, tcp.remote, 2};
  Lite lite;
  EXPECT_EQ(lite.check(kA, make_check(kServer, kClient)), IceEvent::selected);
  EXPECT_EQ(lite.check(tcp, make_check(kServer, kClient, {.nominate = true})), IceEvent::selected);
  EXPECT_FALSE(lite.agent.is_valid(again)) << "the same ports, but another connection";
  lite.agent.forget(kB);
  EXPECT_EQ(lite.agent.selected(), tcp) << "nobody's path";
  lite.agent.forget(tcp);
  EXPECT_FALSE(lite.agent.is_valid(tcp));
  EXPECT_EQ(lite.agent.selected(), kA) << "what is left serves";
  lite.agent.forget(kA);
  EXPECT_EQ(lite.agent.selected(), std::nullopt);
  EXPECT_EQ(lite.check(again, make_check(kServer, kClient)), IceEvent::selected);
}

TEST(IceLite, IsSilentTowardsWhoeverDoesNotKnowThePassword) {
  struct Case {
    const char* name;
    Bytes datagram;
  };
  StunBuilder bare(StunClass::request, {});
  bare.username("srvr:clnt");
  bare.priority(1);
  bare.ice_controlling(1);
  const ByteView without_integrity = bare.finish("");
  StunBuilder no_priority(StunClass::request, {});
  no_priority.username("srvr:clnt");
  no_priority.ice_controlling(1);
  const ByteView without_priority = no_priority.finish(kServer.pwd);
  StunBuilder no_role(StunClass::request, {});
  no_role.username("srvr:clnt");
  no_role.priority(1);
  const ByteView without_role = no_role.finish(kServer.pwd);
  const Bytes whole = make_check(kServer, kClient);
  Bytes without_fingerprint(whole.begin(), whole.end() - 8);
  without_fingerprint[3] = static_cast<std::uint8_t>(without_fingerprint.size() - 20);
  StunBuilder indication(StunClass::indication, {});
  const ByteView keepalive = indication.finish("");
  StunBuilder success(StunClass::success, {});
  success.xor_mapped_address(kA.remote);
  const ByteView response = success.finish(kServer.pwd);
  const Case cases[] = {
      {"wrong password", make_check(kServer, kClient, {}, "guessed-password-22-long")},
      {"the peer's password", make_check(kServer, kClient, {}, kClient.pwd)},
      {"unknown server ufrag", make_check({"abcd", kServer.pwd}, kClient)},
      {"unknown client ufrag", make_check(kServer, {"abcd", kClient.pwd})},
      {"no MESSAGE-INTEGRITY", Bytes(without_integrity.begin(), without_integrity.end())},
      {"no PRIORITY", Bytes(without_priority.begin(), without_priority.end())},
      {"no role", Bytes(without_role.begin(), without_role.end())},
      {"no FINGERPRINT", without_fingerprint},
      {"indication", Bytes(keepalive.begin(), keepalive.end())},
      {"response", Bytes(response.begin(), response.end())},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Lite lite;
    EXPECT_EQ(lite.check(kA, c.datagram), IceEvent::ignored);
    EXPECT_EQ(lite.out.count, 0U);
    EXPECT_FALSE(lite.agent.is_valid(kA));
    EXPECT_FALSE(lite.agent.validated(kA, c.datagram));
    EXPECT_FALSE(lite.agent.selected());
    EXPECT_FALSE(lite.agent.has_consent(lite.now));
  }
}

TEST(IceLite, NeverAnswersWithMoreBytesThanItWasSent) {
  for (const auto& options : {CheckOptions{}, CheckOptions{.nominate = true}, CheckOptions{.controlled = true},
                              CheckOptions{.unknown_attribute = 0x7777}}) {
    Lite lite;
    const Bytes check = make_check(kServer, kClient, options);
    lite.check(kB, check);
    EXPECT_EQ(lite.out.count, 1U);
    EXPECT_LE(lite.out.bytes, check.size());
  }
}

TEST(IceLite, TellsAControlledPeerOfTheRoleConflict) {
  Lite lite;
  EXPECT_EQ(lite.check(kA, make_check(kServer, kClient, {.controlled = true})), IceEvent::ignored);
  EXPECT_EQ(lite.out.answer().error_code, 487);
  EXPECT_TRUE(lite.out.answer().verify_integrity(lite.out.last, kServer.pwd));
  EXPECT_FALSE(lite.agent.is_valid(kA));
}

TEST(IceLite, FollowsTheLatestNomination) {
  Lite lite;
  // A nominates, B is checked only, then B nominates and A again, as Firefox does with all its pairs.
  EXPECT_EQ(lite.check(kA, make_check(kServer, kClient, {.nominate = true})), IceEvent::selected);
  EXPECT_EQ(lite.check(kB, make_check(kServer, kClient)), IceEvent::checked);
  EXPECT_EQ(lite.agent.selected(), kA);
  EXPECT_EQ(lite.check(kB, make_check(kServer, kClient, {.nominate = true})), IceEvent::selected);
  EXPECT_EQ(lite.agent.selected(), kB);
  EXPECT_EQ(lite.check(kA, make_check(kServer, kClient, {.nominate = true})), IceEvent::selected);
  EXPECT_EQ(lite.agent.selected(), kA);
  EXPECT_EQ(lite.check(kA, make_check(kServer, kClient, {.nominate = true})), IceEvent::checked);
}

TEST(IceLite, FollowsAPeerThatMovedWithoutNominating) {
  Lite lite;
  lite.check(kA, make_check(kServer, kClient, {.nominate = true}));
  lite.now += seconds(2);
  EXPECT_EQ(lite.check(kC, make_check(kServer, kClient)), IceEvent::checked) << "A may be alive";
  lite.now += seconds(5);
  EXPECT_EQ(lite.check(kC, make_check(kServer, kClient)), IceEvent::selected) << "A was silent for 7 s";
  EXPECT_EQ(lite.agent.selected(), kC);
  EXPECT_EQ(lite.agent.heard(kA, lite.now), IceEvent::checked);
  lite.now += seconds(7);
  EXPECT_EQ(lite.agent.heard(kA, lite.now), IceEvent::selected) << "media counts as much as a check";
  EXPECT_EQ(lite.agent.heard({0, address("198.51.100.9", 1)}, lite.now + seconds(60)), IceEvent::ignored)
      << "an address that proved nothing is never followed";
}

TEST(IceLite, ConsentEndsThirtySecondsAfterTheLastCheck) {
  Lite lite;
  lite.check(kA, make_check(kServer, kClient, {.nominate = true}));
  EXPECT_TRUE(lite.agent.has_consent(lite.now + seconds(30) - milliseconds(1)));
  EXPECT_FALSE(lite.agent.has_consent(lite.now + seconds(30)));
  lite.now += seconds(20);
  lite.check(kA, make_check(kServer, kClient));
  EXPECT_TRUE(lite.agent.has_consent(lite.now + seconds(29)));
}

TEST(IceLite, ARestartKeepsTheOldCredentialsUntilTheNewOnesAreNominated) {
  Lite lite;
  lite.check(kA, make_check(kServer, kClient, {.nominate = true}));
  lite.agent.restart(kServer2, kClient2);
  EXPECT_TRUE(lite.agent.restarting());
  EXPECT_EQ(lite.check(kA, make_check(kServer, kClient, {.nominate = true})), IceEvent::checked) << "the old hold";
  EXPECT_EQ(lite.check(kB, make_check(kServer2, kClient2)), IceEvent::checked) << "not nominated yet";
  EXPECT_TRUE(lite.out.answer().verify_integrity(lite.out.last, kServer2.pwd));
  EXPECT_EQ(lite.agent.selected(), kA);
  EXPECT_TRUE(lite.agent.is_valid(kA));
  EXPECT_EQ(lite.check(kB, make_check(kServer2, kClient2, {.nominate = true})), IceEvent::restarted);
  EXPECT_EQ(lite.agent.selected(), kB);
  EXPECT_FALSE(lite.agent.restarting());
  EXPECT_EQ(lite.agent.local(), kServer2);
  EXPECT_FALSE(lite.agent.is_valid(kA)) << "proved only the old credentials";
  EXPECT_EQ(lite.check(kA, make_check(kServer, kClient)), IceEvent::ignored);
  EXPECT_EQ(lite.check(kC, make_check(kServer2, kClient)), IceEvent::ignored) << "mixed generations";
}

TEST(IceLite, RemembersSixteenPathsAndKeepsTheSelectedOne) {
  Lite lite;
  lite.check(kA, make_check(kServer, kClient, {.nominate = true}));
  for (std::uint16_t port = 1; port <= IceLite::kMaxPaths; ++port) {
    lite.now += milliseconds(1);
    lite.check({0, address("198.51.100.1", port)}, make_check(kServer, kClient));
  }
  EXPECT_EQ(lite.agent.selected(), kA);
  EXPECT_TRUE(lite.agent.is_valid(kA));
  EXPECT_FALSE(lite.agent.is_valid({0, address("198.51.100.1", 1)})) << "silent for longest";
  EXPECT_TRUE(lite.agent.is_valid({0, address("198.51.100.1", 2)}));
}

TEST(IceCredentials, AreLongEnoughAndWellFormed) {
  SeededRandom random(1);
  const IceCredentials made = IceCredentials::make(random);
  EXPECT_TRUE(made.well_formed());
  EXPECT_NE(made, IceCredentials::make(random));
  const struct {
    IceCredentials credentials;
    bool good;
  } cases[] = {
      {{"abcd", std::string(22, 'p')}, true},
      {{"abc", std::string(22, 'p')}, false},
      {{"abcd", std::string(21, 'p')}, false},
      {{std::string(256, 'u'), std::string(256, 'p')}, true},
      {{std::string(257, 'u'), std::string(22, 'p')}, false},
      {{"ab:d", std::string(22, 'p')}, false},
      {{"", ""}, false},
  };
  for (const auto& c : cases) EXPECT_EQ(c.credentials.well_formed(), c.good) << c.credentials.ufrag;
}

// Both agents on a network.

class LiteEndpoint final : public SimulatedEndpoint {
 public:
  LiteEndpoint(const Clock& clock) : clock_(clock) {}
  void on_datagram(const NetworkPath& path, ByteView datagram) override {
    if (const auto message = StunMessage::parse(datagram)) {
      last_event = agent.receive(*message, datagram, path, clock_.steady_now(), *out);
    }
  }
  void on_timeout() override {}
  [[nodiscard]] std::optional<SteadyTime> deadline() const override { return std::nullopt; }
  IceLite agent{kServer, kClient};
  IceEvent last_event = IceEvent::ignored;
  DatagramSink* out = nullptr;

 private:
  const Clock& clock_;
};

class ClientEndpoint final : public SimulatedEndpoint {
 public:
  ClientEndpoint(const Clock& clock, Random& random) : agent(kClient, random), clock_(clock) {}
  void on_datagram(const NetworkPath& path, ByteView datagram) override {
    if (const auto message = StunMessage::parse(datagram)) {
      agent.receive(*message, datagram, path, clock_.steady_now(), *out);
    }
  }
  void on_timeout() override { agent.handle_timeout(clock_.steady_now(), *out); }
  [[nodiscard]] std::optional<SteadyTime> deadline() const override { return agent.next_deadline(); }
  IceClient agent;
  DatagramSink* out = nullptr;

 private:
  const Clock& clock_;
};

struct Pairing {
  Pairing() {
    server.out = &network.attach(server, kServerV4);
    network.attach(server, kServerV6);
    client.out = &network.attach(client, kClientV4);
  }
  bool connect(std::chrono::microseconds limit = seconds(30)) {
    const SocketAddress candidates[] = {address("192.0.2.200", 1), kServerV4};
    client.agent.set_remote(kServer, candidates, clock.steady_now());
    return network.run_until(
        [&] { return client.agent.state() == IceClient::State::connected && server.agent.nominated(); }, limit);
  }
  const SocketAddress kServerV4 = address("192.0.2.10", 50'000);
  const SocketAddress kServerV6 = address("2001:db8::10", 50'000);
  const SocketAddress kClientV4 = address("198.51.100.2", 40'000);
  ManualClock clock;
  SeededRandom random{3};
  SimulatedNetwork network{clock, random};
  LiteEndpoint server{clock};
  ClientEndpoint client{clock, random};
};

TEST(IceClient, ConnectsToTheCandidateThatAnswersAndNominatesIt) {
  Pairing p;
  ASSERT_TRUE(p.connect(seconds(1)));
  EXPECT_EQ(p.client.agent.selected()->remote, p.kServerV4);
  EXPECT_EQ(p.server.agent.selected()->remote, p.kClientV4);
  EXPECT_TRUE(p.client.agent.validated(*p.client.agent.selected(), {}));
  EXPECT_FALSE(p.client.agent.validated({0, address("192.0.2.200", 1)}, {}));
}

TEST(IceClient, ConnectsThroughHeavyLoss) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Pairing p;
    p.random = SeededRandom(seed);
    p.network.set_quality({.delay = milliseconds(40), .jitter = milliseconds(30), .loss = 0.3});
    EXPECT_TRUE(p.connect()) << "seed " << seed;
  }
}

TEST(IceClient, KeepsConsentAndNoticesItsEnd) {
  Pairing p;
  ASSERT_TRUE(p.connect());
  p.network.run_for(seconds(120));
  EXPECT_EQ(p.client.agent.state(), IceClient::State::connected);
  EXPECT_TRUE(p.server.agent.has_consent(p.clock.steady_now()));
  EXPECT_LT(p.clock.steady_now() - *p.server.agent.last_check(), seconds(3));
  p.network.set_quality({.loss = 1});
  EXPECT_TRUE(p.network.run_until([&] { return p.client.agent.state() == IceClient::State::failed; }, seconds(40)));
  EXPECT_FALSE(p.server.agent.has_consent(p.clock.steady_now() + seconds(5)));
  EXPECT_FALSE(p.client.agent.next_deadline());
}

TEST(IceClient, GivesUpWhenNoCandidateAnswers) {
  Pairing p;
  p.network.set_quality({.loss = 1});
  EXPECT_FALSE(p.connect(seconds(60)));
  EXPECT_EQ(p.client.agent.state(), IceClient::State::failed);
}

TEST(IceClient, IsFollowedToANewAddress) {
  Pairing p;
  ASSERT_TRUE(p.connect());
  const SocketAddress moved = address("198.51.100.2", 61'000);
  p.network.move(p.kClientV4, moved);
  EXPECT_TRUE(p.network.run_until([&] { return p.server.agent.selected()->remote == moved; }, seconds(3)));
}

TEST(IceClient, RestartsWhileTheOldPathHolds) {
  Pairing p;
  ASSERT_TRUE(p.connect());
  const NetworkPath old = *p.client.agent.selected();
  p.client.agent.restart(kClient2);
  p.server.agent.restart(kServer2, kClient2);
  p.network.run_for(seconds(4));
  EXPECT_EQ(p.client.agent.selected(), old);
  EXPECT_TRUE(p.server.agent.restarting());
  EXPECT_LT(p.clock.steady_now() - *p.server.agent.last_check(), seconds(3)) << "consent goes on with the old ones";
  const SocketAddress candidates[] = {p.kServerV4};
  p.client.agent.set_remote(kServer2, candidates, p.clock.steady_now());
  EXPECT_TRUE(p.client.agent.validated(old, {})) << "what is under way is still heard";
  EXPECT_TRUE(p.network.run_until([&] { return p.server.last_event == IceEvent::restarted; }, seconds(2)));
  EXPECT_TRUE(p.network.run_until([&] { return p.client.agent.state() == IceClient::State::connected; }, seconds(2)));
  p.network.run_for(seconds(60));
  EXPECT_TRUE(p.server.agent.has_consent(p.clock.steady_now()));
}

TEST(IceCandidate, ReadsWhatBrowsersSend) {
  struct Case {
    const char* text;
    bool readable;
    bool udp = true;
    const char* ip = "";
    std::uint16_t port = 0;
    const char* type = "host";
  };
  const Case cases[] = {
      {"842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.0.2 rport 46154 generation 0", true, true,
       "203.0.113.7", 46154, "srflx"},
      {"1 1 UDP 2130706431 10.0.1.1 8998 typ host", true, true, "10.0.1.1", 8998},
      {"3 1 tcp 1518280447 192.168.1.5 9 typ host tcptype active generation 0", true, false, "192.168.1.5", 9},
      {"4 1 udp 2122262783 fe80::1c2:3ff:fe04:5 60000 typ host", true, true, "fe80::1c2:3ff:fe04:5", 60000},
      {"5 1 udp 2122260223 2001:db8::1 60001 typ host", true, true, "2001:db8::1", 60001},
      {"6 1 udp 2113937151 1f3f5e9c-3b8a-4f0e-9a6e-5c2d7e8f9a0b.local 50000 typ host", false},
      {"", false},
      {"1 1 udp 1 10.0.0.1", false},
      {"1 0 udp 1 10.0.0.1 5 typ host", false},
      {"1 1 udp 99999999999 10.0.0.1 5 typ host", false},
      {"1 1 udp 1 10.0.0.1 70000 typ host", false},
      {"1 1 udp 1 10.0.0.1 5 type host", false},
      {"1 1 udp 1 10.0.0.1 5 typ", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto candidate = IceCandidate::parse(c.text);
    ASSERT_EQ(candidate.has_value(), c.readable);
    if (!c.readable) continue;
    EXPECT_EQ(candidate->udp, c.udp);
    EXPECT_EQ(candidate->address, address(c.ip, c.port));
    EXPECT_EQ(candidate->type, c.type);
  }
}

}  // namespace
}  // namespace tw::media
