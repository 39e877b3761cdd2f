// STUN messages, as they come and signed with the right password, into a lite ICE agent.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

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
  feed(signed_request({data, size}));
  return 0;
}
