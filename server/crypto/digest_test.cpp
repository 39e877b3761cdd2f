#include "crypto/digest.hpp"

#include <gtest/gtest.h>

#include <string>

#include "crypto/hash_chain.hpp"
#include "crypto/hkdf.hpp"

namespace tw {
namespace {

TEST(Digest, Sha256MatchesFips180) {
  const std::pair<std::string, const char*> vectors[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
  for (const auto& [text, digest] : vectors) EXPECT_EQ(to_hex(sha256(as_bytes(text))), digest);
}

TEST(Digest, PiecesGiveTheDigestOfTheWholeAndTheObjectStartsAnew) {
  const std::string text(10'000, 'x');
  Sha256 hash;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t take = std::min<std::size_t>(1 + at % 97, text.size() - at);
      hash.update(as_bytes(std::string_view(text).substr(at, take)));
      at += take;
    }
    EXPECT_EQ(hash.finish(), sha256(as_bytes(text)));
  }
  Sha256 moved = std::move(hash);
  EXPECT_EQ(moved.finish(), sha256({}));
}

TEST(Digest, HmacSha256MatchesRfc4231) {
  struct Vector {
    Bytes key;
    std::string message;
    const char* mac;
  };
  const Vector vectors[] = {
      {Bytes(20, 0x0b), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {Bytes{'J', 'e', 'f', 'e'}, "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {Bytes(20, 0xaa), std::string(50, '\xdd'), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {Bytes(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"}};
  for (const auto& [key, message, mac] : vectors) EXPECT_EQ(to_hex(hmac_sha256(key, as_bytes(message))), mac);
}

TEST(Digest, AnEmptyKeyIsAKeyLikeAnyOther) {
  // The well-known HMAC-SHA256 of nothing under nothing.
  EXPECT_EQ(to_hex(hmac_sha256({}, {})), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  const auto before = hmac_sha256({}, as_bytes("x"));
  static_cast<void>(hmac_sha256(as_bytes("another key"), as_bytes("y")));
  EXPECT_EQ(hmac_sha256({}, as_bytes("x")), before);
}

TEST(Digest, ComparisonSeesEveryByteAndTheLength) {
  const Bytes a{1, 2, 3, 4};
  EXPECT_TRUE(equal_in_constant_time(a, Bytes{1, 2, 3, 4}));
  EXPECT_TRUE(equal_in_constant_time({}, {}));
  for (std::size_t i = 0; i < a.size(); ++i) {
    Bytes b = a;
    b[i] ^= 0x80;
    EXPECT_FALSE(equal_in_constant_time(a, b));
  }
  EXPECT_FALSE(equal_in_constant_time(a, ByteView(a).first(3)));
}

TEST(Hkdf, MatchesRfc5869) {
  struct Vector {
    const char* key;
    const char* salt;
    const char* info;
    const char* out;
  };
  const Vector vectors[] = {
      // A.1
      {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
      // A.2
      {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363"
       "738393a3b3c3d3e3f"
       "404142434445464748494a4b4c4d4e4f",
       "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969"
       "798999a9b9c9d9e9f"
       "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
       "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e"
       "7e8e9eaebecedeeef"
       "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
       "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b"
       "8367793a9aca3db71"
       "cc30c58179ec3e87c14c01d5c1f3434f1d87"},
      // A.3
      {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
       "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"}};
  for (const auto& [key, salt, info, out] : vectors) {
    const Bytes expected = *from_hex(out);
    Bytes got(expected.size());
    hkdf_sha256(*from_hex(key), *from_hex(salt), *from_hex(info), got);
    EXPECT_EQ(to_hex(got), out);
  }
}

TEST(HashChain, IsTheSha256OfEveryPartPrecededByItsLength) {
  // Written out by hand: 8 octets of length before each part, numbers as 8 octets, all in network byte order.
  std::string text;
  const auto length = [&text](std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift);
  };
  length(64);
  text += kChainStart;
  length(8);
  length(1);
  length(8);
  length(1'700'000'000'000'000);
  length(7);
  text += "created";
  length(9);
  text += R"({"a":"b"})";
  EXPECT_EQ(chain_hash(kChainStart, 1, 1'700'000'000'000'000, "created", R"({"a":"b"})"),
            to_hex(sha256(as_bytes(text))));
}

TEST(HashChain, AnyChangeChangesTheHash) {
  const auto original = chain_hash(kChainStart, 1, 5, "kind", "{}");
  EXPECT_EQ(original.size(), 64u);
  EXPECT_NE(chain_hash(original, 1, 5, "kind", "{}"), original);
  EXPECT_NE(chain_hash(kChainStart, 2, 5, "kind", "{}"), original);
  EXPECT_NE(chain_hash(kChainStart, 1, 6, "kind", "{}"), original);
  EXPECT_NE(chain_hash(kChainStart, 1, 5, "kine", "{}"), original);
  EXPECT_NE(chain_hash(kChainStart, 1, 5, "kind", "{ }"), original);
  EXPECT_NE(chain_hash(kChainStart, 1, 5, "kind{", "}"), original);  // a border that moved
}

}  // namespace
}  // namespace tw
