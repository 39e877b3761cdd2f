// STUN messages, as they come and signed with the right password, into a lite ICE agent.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <chrono>

#include "base/byte_order.hpp"
#include "fuzz/fuzz_input.hpp"
#include "media/transport/ice_lite.hpp"

namespace {

using tw::Bytes;
using tw::ByteView;
using tw::media::IceEvent;
using tw::media::NetworkPath;
using tw::media::StunMessage;

constexpr std::string_view kPassword = "server-password-of-22+";

class Counter final : public tw::media::DatagramSink {
 public:
  void send(const NetworkPath& /*path*/, ByteView datagram) override {
    bytes += datagram.size();
    tw::fuzz::require(StunMessage::parse(datagram).has_value());
  }
  std::size_t bytes = 0;
};

void feed(ByteView datagram) {
  const auto message = StunMessage::parse(datagram);
  if (!message) return;
  tw::media::IceLite agent({"server", std::string(kPassword)}, {"client", "client-password-of-22+"});
  const NetworkPath path{0, *tw::media::SocketAddress::parse("192.0.2.1", 5000)};
  Counter out;
  const IceEvent event = agent.receive(*message, datagram, path, {}, out);
  tw::fuzz::require(out.bytes <= datagram.size());
  tw::fuzz::require(agent.is_valid(path) == (event != IceEvent::ignored));
  tw::fuzz::require(out.bytes == 0 || message->verify_integrity(datagram, kPassword));
}

NetworkPath path_of(std::uint16_t port) { return {0, *tw::media::SocketAddress::parse("192.0.2.1", port)}; }

/// The same check on many paths, over a restart, and after silence: what is valid was checked, and is not once
/// forgotten.
void live(ByteView datagram) {
  const auto message = StunMessage::parse(datagram);
  if (!message) return;
  tw::media::IceLite agent({"before", "password-of-before-22+"}, {"client", "client-password-of-22+"});
  agent.restart({"server", std::string(kPassword)}, {"client", "client-password-of-22+"});
  Counter out;
  tw::SteadyTime now{};
  constexpr std::uint16_t kFirstPort = 5000;
  constexpr std::uint16_t kPaths = 24;  // more than an agent remembers
  for (std::uint16_t i = 0; i < kPaths; ++i, now += std::chrono::milliseconds(700)) {
    const NetworkPath path = path_of(kFirstPort + i);
    const bool known = agent.receive(*message, datagram, path, now, out) != IceEvent::ignored;
    tw::fuzz::require(known == agent.is_valid(path));
    tw::fuzz::require(!known || (agent.has_consent(now) && agent.heard(path, now) != IceEvent::ignored));
    tw::fuzz::require(agent.validated(path, datagram).has_value() == known);
  }
  tw::fuzz::require(agent.heard(path_of(4999), now) == IceEvent::ignored);
  (void)agent.heard(path_of(kFirstPort + kPaths - 2), now + std::chrono::hours(1));
  tw::fuzz::require(!agent.has_consent(now + std::chrono::hours(1)));
  for (std::uint16_t i = 0; i < kPaths; ++i) {
    agent.forget(path_of(kFirstPort + i));
    tw::fuzz::require(!agent.is_valid(path_of(kFirstPort + i)));
  }
  tw::fuzz::require(!agent.selected());
}

std::uint32_t crc32(ByteView bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0);
  }
  return ~crc;
}

/// A Binding request with `attributes`, a MESSAGE-INTEGRITY and a FINGERPRINT that are right.
Bytes signed_request(ByteView attributes) {
  constexpr std::size_t kHeader = 20;
  constexpr std::size_t kIntegrity = 24;
  constexpr std::size_t kFingerprint = 8;
  attributes = attributes.first(std::min<std::size_t>(attributes.size(), 480) / 4 * 4);
  Bytes datagram(kHeader);
  tw::store_be<std::uint16_t>(datagram.data(), 1);
  tw::store_be<std::uint32_t>(datagram.data() + 4, 0x2112A442);
  datagram.insert(datagram.end(), attributes.begin(), attributes.end());
  tw::store_be<std::uint16_t>(datagram.data() + 2, static_cast<std::uint16_t>(attributes.size() + kIntegrity));
  unsigned size = 0;
  std::uint8_t mac[EVP_MAX_MD_SIZE];
  HMAC(EVP_sha1(), kPassword.data(), static_cast<int>(kPassword.size()), datagram.data(), datagram.size(), mac, &size);
  const std::uint8_t head[] = {0, 8, 0, 20};
  datagram.insert(datagram.end(), head, head + 4);
  datagram.insert(datagram.end(), mac, mac + size);
  tw::store_be<std::uint16_t>(datagram.data() + 2,
                              static_cast<std::uint16_t>(attributes.size() + kIntegrity + kFingerprint));
  std::uint8_t fingerprint[kFingerprint] = {0x80, 0x28, 0, 4};
  tw::store_be<std::uint32_t>(fingerprint + 4, crc32(datagram) ^ 0x5354554E);
  datagram.insert(datagram.end(), fingerprint, fingerprint + kFingerprint);
  return datagram;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  feed({data, size});
  const Bytes whole = signed_request({data, size});
  feed(whole);
  live(whole);
  return 0;
}
