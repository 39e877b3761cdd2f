#include "crypto/aes_gcm.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.hpp"

namespace tw {
namespace {

template <typename Gcm>
class AesGcmTest : public testing::Test {};

#ifdef TW_IPSEC_MB
using Everyone = testing::Types<OpensslAesGcm, IpsecMbAesGcm>;
#else
using Everyone = testing::Types<OpensslAesGcm>;
#endif
TYPED_TEST_SUITE(AesGcmTest, Everyone);

// The GCM specification of McGrew and Viega, appendix B, test case 4.
const char* const kKey = "feffe9928665731c6d6a8f9467308308";
const char* const kNonce = "cafebabefacedbaddecaf888";
const char* const kAdditional = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
const char* const kPlain =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba"
    "637b39";
const char* const kSealed =
    "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d"
    "58e091";
const char* const kTag = "5bc94fbc3221a5db94fae95ae7121a47";

Bytes hex(const char* text) { return *from_hex(text); }
GcmNonce nonce_of(const Bytes& bytes) { return GcmNonce(bytes.data(), 12); }

TYPED_TEST(AesGcmTest, GivesWhatTheSpecificationSays) {
  const Bytes key = hex(kKey);
  const Bytes nonce = hex(kNonce);
  Bytes body = hex(kPlain);
  Bytes tag(kGcmTagBytes);
  TypeParam seal(key, GcmUse::seal);
  seal.seal(nonce_of(nonce), hex(kAdditional), body, body.data(), tag.data());
  EXPECT_EQ(body, hex(kSealed));
  EXPECT_EQ(tag, hex(kTag));

  TypeParam open(key, GcmUse::open);
  ASSERT_TRUE(open.open(nonce_of(nonce), hex(kAdditional), body, body.data(), tag.data()));
  EXPECT_EQ(body, hex(kPlain));
}

TYPED_TEST(AesGcmTest, RefusesEveryChangedBit) {
  const Bytes key = hex(kKey);
  const Bytes nonce = hex(kNonce);
  const Bytes additional = hex(kAdditional);
  TypeParam gcm(key, GcmUse::open);
  const auto opens = [&](Bytes sealed, Bytes tag, Bytes front) {
    return gcm.open(nonce_of(nonce), front, sealed, sealed.data(), tag.data());
  };
  const Bytes sealed = hex(kSealed);
  const Bytes tag = hex(kTag);
  ASSERT_TRUE(opens(sealed, tag, additional));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes changed = sealed;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_FALSE(opens(changed, tag, additional)) << bit;
  }
  for (std::size_t bit = 0; bit < kGcmTagBytes * 8; ++bit) {
    Bytes changed = tag;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_FALSE(opens(sealed, changed, additional)) << bit;
  }
  for (std::size_t bit = 0; bit < additional.size() * 8; ++bit) {
    Bytes changed = additional;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_FALSE(opens(sealed, tag, changed)) << bit;
  }
}

/// Every length that a datagram can have: implementations take blocks in groups, and each group size has code of its
/// own.
TYPED_TEST(AesGcmTest, EveryLengthIsAsOpensslDoesIt) {
  OsRandom random;
  for (const std::size_t key_bytes : {std::size_t{16}, std::size_t{32}}) {
    Bytes key(key_bytes);
    Bytes nonce(12);
    random.fill(key);
    TypeParam gcm(key, GcmUse::seal);
    TypeParam back(key, GcmUse::open);
    OpensslAesGcm oracle(key, GcmUse::seal);
    for (std::size_t bytes = 1; bytes <= 1500; ++bytes) {
      random.fill(nonce);
      Bytes additional(12 + bytes % 61);
      random.fill(additional);
      Bytes plain(bytes);
      random.fill(plain);
      Bytes ours(bytes);
      Bytes theirs(bytes);
      Bytes our_tag(kGcmTagBytes);
      Bytes their_tag(kGcmTagBytes);
      gcm.seal(nonce_of(nonce), additional, plain, ours.data(), our_tag.data());
      oracle.seal(nonce_of(nonce), additional, plain, theirs.data(), their_tag.data());
      ASSERT_EQ(ours, theirs) << bytes;
      ASSERT_EQ(our_tag, their_tag) << bytes;
      ASSERT_TRUE(back.open(nonce_of(nonce), additional, ours, ours.data(), our_tag.data())) << bytes;
      ASSERT_EQ(ours, plain) << bytes;
    }
  }
}

// It ends the process where it does not work.
TEST(AesGcm, IsTriedOutAtTheStart) { prepare_aes_gcm(); }

TYPED_TEST(AesGcmTest, AuthenticatesWithoutABody) {
  const Bytes key = hex(kKey);
  const Bytes nonce = hex(kNonce);
  TypeParam seal(key, GcmUse::seal);
  TypeParam open(key, GcmUse::open);
  Bytes tag(kGcmTagBytes);
  seal.seal(nonce_of(nonce), hex(kAdditional), {}, nullptr, tag.data());
  EXPECT_TRUE(open.open(nonce_of(nonce), hex(kAdditional), {}, nullptr, tag.data()));
  EXPECT_FALSE(open.open(nonce_of(nonce), hex(kPlain), {}, nullptr, tag.data()));
}

}  // namespace
}  // namespace tw
