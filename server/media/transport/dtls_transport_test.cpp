#include "media/transport/dtls_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "base/byte_order.hpp"
#include "media/transport/ice_lite.hpp"
#include "media/transport/simulated_openssl_time_test_support.hpp"
#include "media/transport/test_certificates_test_support.hpp"

namespace tw::media {
namespace {

const NetworkPath kPath{0, *SocketAddress::parse("192.0.2.1", 5000)};

class Queue final : public DatagramSink {
 public:
  void send(const NetworkPath& /*path*/, ByteView datagram) override {
    datagrams.emplace_back(datagram.begin(), datagram.end());
  }
  std::deque<Bytes> datagrams;
};

/// The only way to a ValidatedDatagram leads through an ICE agent that was shown the credentials.
class ProvenPath {
 public:
  ProvenPath() {
    StunBuilder check(StunClass::request, {});
    check.username("server:client");
    check.priority(1);
    check.ice_controlling(1);
    check.use_candidate();
    const ByteView datagram = check.finish("server-password-of-22+");
    Queue out;
    ice_.receive(*StunMessage::parse(datagram), datagram, kPath, {}, out);
  }
  [[nodiscard]] ValidatedDatagram operator()(ByteView datagram) const { return *ice_.validated(kPath, datagram); }

 private:
  IceLite ice_{{"server", "server-password-of-22+"}, {"client", "client-password-of-22+"}};
};

struct Handshake {
  explicit Handshake(const DtlsCertificate& server_certificate, const DtlsCertificate& client_certificate,
                     const SdpFingerprint& of_server, const SdpFingerprint& of_client)
      : server_context(server_certificate),
        client_context(client_certificate),
        server(server_context, DtlsRole::server, of_client),
        client(client_context, DtlsRole::client, of_server) {}
  Handshake(const DtlsCertificate& s, const DtlsCertificate& c)
      : Handshake(s, c, fingerprint_of(s, "sha-256"), fingerprint_of(c, "sha-256")) {}

  [[nodiscard]] SteadyTime now() const { return clock.steady_now(); }

  /// Moves datagrams until none is left, and time where both wait. `lose` says which of all datagrams, counted from 0.
  void run(const std::function<bool(std::size_t)>& lose = [](std::size_t) { return false; }) {
    client.start(kPath, now(), to_server);
    for (int round = 0; round < 1000; ++round) {
      while (!to_server.datagrams.empty() || !to_client.datagrams.empty()) {
        deliver(to_server, server, to_client, lose);
        deliver(to_client, client, to_server, lose);
      }
      if (settled(server) && settled(client)) return;
      const auto next = std::min(client.next_deadline().value_or(SteadyTime::max()),
                                 server.next_deadline().value_or(SteadyTime::max()));
      if (next == SteadyTime::max()) return;
      clock.advance(std::max(std::chrono::duration_cast<std::chrono::microseconds>(next - now()),
                             std::chrono::microseconds{100}));
      client.handle_timeout(kPath, now(), to_server);
      server.handle_timeout(kPath, now(), to_client);
    }
  }

  void deliver(Queue& from, DtlsTransport& to, Queue& answers, const std::function<bool(std::size_t)>& lose) {
    if (from.datagrams.empty()) return;
    const Bytes datagram = std::move(from.datagrams.front());
    from.datagrams.pop_front();
    largest = std::max(largest, datagram.size());
    if (!lose(count++)) to.receive(proven(datagram), kPath, now(), answers);
  }

  static bool settled(const DtlsTransport& side) { return side.state() != DtlsState::handshaking; }

  ManualClock clock;
  SimulatedOpensslTime openssl_time{clock};
  DtlsContext server_context;
  DtlsContext client_context;
  DtlsTransport server;
  DtlsTransport client;
  ProvenPath proven;
  Queue to_server;
  Queue to_client;
  std::size_t count = 0;
  std::size_t largest = 0;
};

void expect_keys_fit(const Handshake& h, SrtpProfile profile) {
  ASSERT_TRUE(h.server.srtp_keys() && h.client.srtp_keys());
  EXPECT_EQ(h.server.srtp_keys()->profile, profile);
  EXPECT_EQ(h.client.srtp_keys()->profile, profile);
  EXPECT_EQ(h.server.srtp_keys()->outgoing.key, h.client.srtp_keys()->incoming.key);
  EXPECT_EQ(h.server.srtp_keys()->outgoing.salt, h.client.srtp_keys()->incoming.salt);
  EXPECT_EQ(h.server.srtp_keys()->incoming.key, h.client.srtp_keys()->outgoing.key);
  EXPECT_NE(h.server.srtp_keys()->incoming.key, h.server.srtp_keys()->outgoing.key);
}

TEST(DtlsTransport, AgreesOnGcmKeysWithEveryKindOfCertificateWithinTheMtu) {
  const DtlsCertificate server = make_test_certificate("P-256");
  for (const std::string kind : {"P-256", "P-384", "P-521", "RSA-2048"}) {
    SCOPED_TRACE(kind);
    Handshake h(server, make_test_certificate(kind));
    h.run();
    EXPECT_EQ(h.server.state(), DtlsState::connected) << h.server.failure();
    EXPECT_EQ(h.client.state(), DtlsState::connected) << h.client.failure();
    expect_keys_fit(h, SrtpProfile::aead_aes_128_gcm);
    EXPECT_LE(h.largest, DtlsTransport::kMtuBytes);
    EXPECT_FALSE(h.server.next_deadline());
    EXPECT_FALSE(h.client.next_deadline());
  }
}

TEST(DtlsTransport, ChecksFingerprintsOfStrongHashes) {
  const DtlsCertificate server = make_test_certificate("P-256");
  const DtlsCertificate client = make_test_certificate("P-256");
  struct Case {
    SdpFingerprint of_client;
    bool accepted;
  };
  SdpFingerprint changed = fingerprint_of(client, "sha-256");
  changed.value.back() = changed.value.back() == '0' ? '1' : '0';
  const Case cases[] = {
      {fingerprint_of(client, "sha-256"), true},
      {fingerprint_of(client, "sha-384"), true},
      {fingerprint_of(client, "sha-512"), true},
      {fingerprint_of(client, "sha-1"), false},
      {changed, false},
      {fingerprint_of(server, "sha-256"), false},
      {{"sha-256", ""}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.of_client.algorithm + " " + c.of_client.value);
    Handshake h(server, client, fingerprint_of(server, "sha-256"), c.of_client);
    h.run();
    EXPECT_EQ(h.server.state(), c.accepted ? DtlsState::connected : DtlsState::failed);
    EXPECT_EQ(h.server.srtp_keys().has_value(), c.accepted);
    EXPECT_STREQ(h.server.failure(), c.accepted ? "" : "fingerprint");
  }
}

TEST(DtlsTransport, SurvivesTheLossOfAnyDatagram) {
  const DtlsCertificate server = make_test_certificate("P-256");
  const DtlsCertificate client = make_test_certificate("RSA-2048");
  Handshake whole(server, client);
  whole.run();
  ASSERT_EQ(whole.server.state(), DtlsState::connected);
  ASSERT_GE(whole.count, 4U);
  for (std::size_t lost = 0; lost < whole.count; ++lost) {
    SCOPED_TRACE(lost);
    Handshake h(server, client);
    const SteadyTime begin = h.now();
    h.run([&](std::size_t number) { return number == lost; });
    EXPECT_EQ(h.server.state(), DtlsState::connected);
    EXPECT_EQ(h.client.state(), DtlsState::connected);
    expect_keys_fit(h, SrtpProfile::aead_aes_128_gcm);
    EXPECT_LE(h.now() - begin, std::chrono::milliseconds(500));
  }
}

TEST(DtlsTransport, GivesUpWhenNobodyAnswers) {
  const DtlsCertificate certificate = make_test_certificate("P-256");
  Handshake h(certificate, certificate);
  const SteadyTime begin = h.now();
  h.run([](std::size_t) { return true; });
  EXPECT_EQ(h.client.state(), DtlsState::failed);
  EXPECT_STREQ(h.client.failure(), "timeout");
  EXPECT_GT(h.now() - begin, std::chrono::seconds(5));
  EXPECT_LT(h.now() - begin, std::chrono::seconds(60));
  EXPECT_FALSE(h.client.next_deadline());
}

/// Cuts a datagram with one handshake record into datagrams whose fragments carry `bytes` of the message each.
std::vector<Bytes> fragmented(const Bytes& datagram, std::size_t bytes) {
  constexpr std::size_t kRecordHeader = 13;
  constexpr std::size_t kMessageHeader = 12;
  const ByteView body = ByteView(datagram).subspan(kRecordHeader + kMessageHeader);
  std::vector<Bytes> parts;
  for (std::size_t at = 0; at < body.size(); at += bytes) {
    const ByteView part = body.subspan(at, std::min(bytes, body.size() - at));
    Bytes made(datagram.begin(), datagram.begin() + kRecordHeader + kMessageHeader);
    made.insert(made.end(), part.begin(), part.end());
    made[10] = static_cast<std::uint8_t>(parts.size());  // record sequence number
    store_be<std::uint16_t>(made.data() + 11, static_cast<std::uint16_t>(kMessageHeader + part.size()));
    store_be24(made.data() + kRecordHeader + 6, static_cast<std::uint32_t>(at));
    store_be24(made.data() + kRecordHeader + 9, static_cast<std::uint32_t>(part.size()));
    parts.push_back(std::move(made));
  }
  return parts;
}

TEST(DtlsTransport, TakesAFragmentedClientHelloInAnyOrder) {
  const DtlsCertificate certificate = make_test_certificate("P-256");
  for (const bool reversed : {false, true}) {
    SCOPED_TRACE(reversed);
    Handshake h(certificate, certificate);
    h.client.start(kPath, h.now(), h.to_server);
    ASSERT_EQ(h.to_server.datagrams.size(), 1U);
    auto parts = fragmented(h.to_server.datagrams.front(), 60);
    ASSERT_GE(parts.size(), 3U);
    if (reversed) std::ranges::reverse(parts);
    h.to_server.datagrams.assign(parts.begin(), parts.end());
    h.run();
    EXPECT_EQ(h.server.state(), DtlsState::connected);
    EXPECT_EQ(h.client.state(), DtlsState::connected);
  }
}

TEST(DtlsTransport, SaysGoodbyeAndHearsIt) {
  const DtlsCertificate certificate = make_test_certificate("P-256");
  Handshake h(certificate, certificate);
  h.run();
  h.client.close(kPath, h.to_server);
  ASSERT_EQ(h.to_server.datagrams.size(), 1U);
  EXPECT_EQ(h.server.receive(h.proven(h.to_server.datagrams.front()), kPath, h.now(), h.to_client), DtlsState::closed);
  EXPECT_EQ(h.client.state(), DtlsState::closed);
}

TEST(DtlsTransport, ForgedAndTornDatagramsChangeNothing) {
  const DtlsCertificate certificate = make_test_certificate("P-256");
  Handshake h(certificate, certificate);
  h.run();
  ASSERT_EQ(h.server.state(), DtlsState::connected);
  SeededRandom random(7);
  for (int i = 0; i < 2000; ++i) {
    Bytes junk(random.u32() % 80);
    random.fill(junk);
    if (junk.size() > 13) {  // a record header that fits, so that it gets further
      junk[0] = static_cast<std::uint8_t>(20 + random.u32() % 5);
      junk[1] = 0xFE;
      junk[2] = 0xFD;
      store_be<std::uint16_t>(junk.data() + 11, static_cast<std::uint16_t>(junk.size() - 13));
    }
    ASSERT_EQ(h.server.receive(h.proven(junk), kPath, h.now(), h.to_client), DtlsState::connected);
  }
}

}  // namespace
}  // namespace tw::media
