#include "media/wire/stun_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/wire/demultiplex.hpp"

namespace tw::media {
namespace {

constexpr std::string_view kPassword = "VOkJxbRl1RmTxUk/WvJxBt";

// RFC 5769 section 2.1: a request with padding of spaces, SOFTWARE, PRIORITY, ICE-CONTROLLED and USERNAME.
const Bytes kRequest = *from_hex(
    "000100582112a442b7e7a701bc34d686fa87dfae"
    "802200105354554e207465737420636c69656e74"
    "002400046e0001ff"
    "80290008932ff9b151263b36"
    "000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004e57a3bcf");

// Sections 2.2 and 2.3: responses with XOR-MAPPED-ADDRESS of both families.
const Bytes kResponseV4 = *from_hex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004c07d4c96");
const Bytes kResponseV6 = *from_hex(
    "010100482112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
    "80280004c8fb0b4c");

TEST(StunMessage, ReadsTheRequestOfRfc5769) {
  const auto message = StunMessage::parse(kRequest);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->message_class, StunClass::request);
  EXPECT_EQ(message->username, "evtj:h6vY");
  EXPECT_EQ(message->priority, 0x6E0001FFU);
  EXPECT_EQ(message->ice_controlled, 0x932FF9B151263B36U);
  EXPECT_FALSE(message->ice_controlling);
  EXPECT_FALSE(message->use_candidate);
  EXPECT_EQ(message->unknown_required, 0);
  EXPECT_TRUE(message->verify_integrity(kRequest, kPassword));
  EXPECT_FALSE(message->verify_integrity(kRequest, "VOkJxbRl1RmTxUk/WvJxBT"));
}

TEST(StunMessage, ReadsTheResponsesOfRfc5769) {
  const auto v4 = StunMessage::parse(kResponseV4);
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->message_class, StunClass::success);
  EXPECT_EQ(v4->mapped_address, SocketAddress::parse("192.0.2.1", 32'853));
  EXPECT_TRUE(v4->verify_integrity(kResponseV4, kPassword));
  const auto v6 = StunMessage::parse(kResponseV6);
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->mapped_address, SocketAddress::parse("2001:db8:1234:5678:11:2233:4455:6677", 32'853));
  EXPECT_TRUE(v6->verify_integrity(kResponseV6, kPassword));
}

TEST(StunMessage, RefusesEveryTornDatagramAndAnyChangedBit) {
  for (const Bytes* datagram : {&kRequest, &kResponseV4, &kResponseV6}) {
    for (std::size_t size = 0; size < datagram->size(); ++size) {
      EXPECT_FALSE(StunMessage::parse(ByteView(*datagram).first(size))) << size;
    }
    for (std::size_t bit = 0; bit < datagram->size() * 8; ++bit) {
      Bytes changed = *datagram;
      changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      const auto message = StunMessage::parse(changed);
      // FINGERPRINT itself is not covered by the integrity: a bit of its type makes another, optional attribute of it.
      const bool covered = bit / 8 < datagram->size() - 8;
      EXPECT_FALSE(message && covered && message->verify_integrity(changed, kPassword)) << "bit " << bit;
    }
  }
}

TEST(StunMessage, IgnoresWhatFollowsTheIntegrity) {
  StunBuilder builder(StunClass::request, {});
  builder.username("a:b");
  const ByteView whole = builder.finish("password");
  Bytes datagram(whole.begin(), whole.end() - 8);  // without FINGERPRINT
  const Bytes nomination = *from_hex("00250000");
  datagram.insert(datagram.end(), nomination.begin(), nomination.end());
  datagram[3] = static_cast<std::uint8_t>(datagram.size() - kStunHeaderBytes);
  const auto message = StunMessage::parse(datagram);
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->verify_integrity(datagram, "password"));
  EXPECT_FALSE(message->use_candidate) << "anybody on the way could have added it";
}

TEST(StunMessage, RefusesMalformedAttributes) {
  const std::string header = "2112a442000000000000000000000000";
  const struct {
    const char* name;
    std::string hex;
  } cases[] = {
      {"other method", "00030000" + header},
      {"first bits set", "c0010000" + header},
      {"no magic cookie",
       "00010000"
       "2112a443000000000000000000000000"},
      {"length says more", "00010004" + header},
      {"attribute beyond the end", "00010008" + header + "0006000900000000"},
      {"attribute header cut", "00010004" + header + "00060001"},
      {"PRIORITY of two bytes", "00010008" + header + "0024000200000000"},
      {"ICE-CONTROLLING of four bytes", "00010008" + header + "802a000400000000"},
      {"XOR-MAPPED-ADDRESS of an unknown family", "0001000c" + header + "002000080003000000000000"},
      {"XOR-MAPPED-ADDRESS v6 with four bytes", "0001000c" + header + "002000080002000000000000"},
      {"MESSAGE-INTEGRITY of four bytes", "00010008" + header + "0008000400000000"},
      {"FINGERPRINT that does not fit", "00010008" + header + "8028000400000000"},
      {"FINGERPRINT not last", "0001000c" + header + "802800040000000080220000"},
      {"ERROR-CODE of two bytes", "01110008" + header + "0009000200000000"},
  };
  for (const auto& c : cases) EXPECT_FALSE(StunMessage::parse(*from_hex(c.hex))) << c.name;
  EXPECT_TRUE(StunMessage::parse(*from_hex("00010000" + header)));
}

TEST(StunMessage, ReadsBackWhatItWrites) {
  const StunTransactionId transaction{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  StunBuilder request(StunClass::request, transaction);
  request.username("server:client");
  request.priority(42);
  request.ice_controlling(0x0102030405060708);
  request.use_candidate();
  request.unknown_attribute(0x1234);
  const ByteView datagram = request.finish("secret");
  const auto message = StunMessage::parse(datagram);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->transaction, transaction);
  EXPECT_EQ(message->username, "server:client");
  EXPECT_EQ(message->priority, 42U);
  EXPECT_EQ(message->ice_controlling, 0x0102030405060708U);
  EXPECT_TRUE(message->use_candidate);
  EXPECT_TRUE(message->verify_integrity(datagram, "secret"));

  StunBuilder error(StunClass::error, transaction);
  error.error_code(487, "Role Conflict");
  const auto answer = StunMessage::parse(error.finish("secret"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->message_class, StunClass::error);
  EXPECT_EQ(answer->error_code, 487);
}

TEST(StunMessage, NamesTheFirstUnknownAttributeThatMustBeUnderstood) {
  const auto message =
      StunMessage::parse(*from_hex("00010010"
                                   "2112a442000000000000000000000000"
                                   "c057000400000000"
                                   "7fff0000"
                                   "7ffe0000"));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->unknown_required, 0x7FFF);
}

TEST(Demultiplex, TellsKindsApartByRfc7983And5761) {
  const struct {
    std::uint8_t first;
    std::uint8_t second;
    DatagramKind kind;
  } cases[] = {
      {0, 1, DatagramKind::stun},     {3, 0, DatagramKind::stun},      {4, 0, DatagramKind::unknown},
      {19, 0, DatagramKind::unknown}, {20, 0, DatagramKind::dtls},     {63, 0, DatagramKind::dtls},
      {64, 0, DatagramKind::unknown}, {127, 0, DatagramKind::unknown}, {128, 96, DatagramKind::rtp},
      {128, 191, DatagramKind::rtp},  {128, 192, DatagramKind::rtcp},  {143, 200, DatagramKind::rtcp},
      {191, 223, DatagramKind::rtcp}, {191, 224, DatagramKind::rtp},   {192, 200, DatagramKind::unknown},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(kind_of(std::array{c.first, c.second}), c.kind) << int{c.first} << " " << int{c.second};
  }
  EXPECT_EQ(kind_of({}), DatagramKind::unknown);
  EXPECT_EQ(kind_of(std::array<std::uint8_t, 1>{0x80}), DatagramKind::unknown);
}

TEST(SocketAddress, GoesThroughTheSystemsFormAndBack) {
  for (const auto& [ip, v4] :
       {std::pair("192.0.2.1", true), {"0.0.0.0", true}, {"::1", false}, {"2001:db8::7", false}}) {
    const auto address = SocketAddress::parse(ip, 50'000);
    ASSERT_TRUE(address) << ip;
    EXPECT_EQ(address->is_v4, v4);
    EXPECT_EQ(address->ip_text(), ip);
    sockaddr_storage storage{};
    EXPECT_EQ(address->to(storage), v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    EXPECT_EQ(SocketAddress::from(storage), *address);
  }
  for (const char* wrong : {"", "localhost", "1.2.3", "1.2.3.4.5", "fe80::1%eth0", "::g"}) {
    EXPECT_FALSE(SocketAddress::parse(wrong, 1)) << wrong;
  }
}

}  // namespace
}  // namespace tw::media
