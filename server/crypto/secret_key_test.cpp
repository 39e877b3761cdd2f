#include "crypto/secret_key.hpp"

#include <gtest/gtest.h>

#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"

namespace tw {
namespace {

TEST(Aes256Gcm, MatchesThePublishedVectors) {
  // McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13, 14 and 16.
  struct Vector {
    const char* key;
    const char* nonce;
    const char* additional;
    const char* plain;
    const char* sealed;
  };
  const char* zeros = "0000000000000000000000000000000000000000000000000000000000000000";
  const Vector vectors[] = {{zeros, "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
                            {zeros, "000000000000000000000000", "", "00000000000000000000000000000000",
                             "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
                            {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                             "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                             "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e244"
                             "9a6b525b16aedf5aa0de657ba637b39",
                             "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b105"
                             "6828838c5f61e6393ba7a0abcc9f662"
                             "76fc6ece0f4e1768cddf8853bb2d551b"}};
  for (const auto& [key_hex, nonce_hex, additional, plain_hex, sealed_hex] : vectors) {
    Aes256Gcm cipher(*SecretKey::from_bytes(*from_hex(key_hex)));
    const Bytes plain = *from_hex(plain_hex);
    Aes256Gcm::Nonce nonce;
    const Bytes nonce_bytes = *from_hex(nonce_hex);
    std::copy(nonce_bytes.begin(), nonce_bytes.end(), nonce.begin());
    Bytes sealed(plain.size() + Aes256Gcm::kTagBytes);
    cipher.seal(nonce, *from_hex(additional), plain, sealed);
    EXPECT_EQ(to_hex(sealed), sealed_hex);
    Bytes opened(plain.size());
    EXPECT_TRUE(cipher.open(nonce, *from_hex(additional), sealed, opened));
    EXPECT_EQ(opened, plain);
    sealed.back() ^= 1;
    EXPECT_FALSE(cipher.open(nonce, *from_hex(additional), sealed, opened));
    EXPECT_EQ(opened, Bytes(plain.size(), 0)) << "what did not authenticate must not be seen";
  }
}

TEST(SecretKey, WantsThirtyTwoBytes) {
  for (const std::size_t length : {0u, 1u, 31u, 33u, 64u}) {
    const auto key = SecretKey::from_bytes(Bytes(length, 7));
    ASSERT_FALSE(key) << length;
    EXPECT_EQ(key.error().code, "key.wrong_length");
  }
  const auto key = SecretKey::from_bytes(Bytes(32, 7));
  ASSERT_TRUE(key);
  EXPECT_EQ(Bytes(key->bytes().begin(), key->bytes().end()), Bytes(32, 7));
}

TEST(SecretKey, IsWipedWhenMovedFrom) {
  SeededRandom random(1);
  SecretKey first = SecretKey::make(random);
  const Bytes value(first.bytes().begin(), first.bytes().end());
  const SecretKey second = std::move(first);
  EXPECT_EQ(Bytes(second.bytes().begin(), second.bytes().end()), value);
  // NOLINTNEXTLINE(bugprone-use-after-move): that nothing is left behind is the promise
  EXPECT_EQ(Bytes(first.bytes().begin(), first.bytes().end()), Bytes(32, 0));
  const SecretKey third = second.clone();
  EXPECT_EQ(Bytes(third.bytes().begin(), third.bytes().end()), value);
}

TEST(SecretKey, DerivesTheSameKeyForTheSameLabelOnly) {
  const auto key = *SecretKey::from_bytes(Bytes(32, 1));
  Bytes expected(32);
  hkdf_sha256(Bytes(32, 1), {}, as_bytes("file:part-1.twj"), expected);
  const auto derived = key.derive("file:part-1.twj");
  EXPECT_EQ(to_hex(derived.bytes()), to_hex(expected));
  EXPECT_NE(to_hex(key.derive("file:part-2.twj").bytes()), to_hex(expected));
  EXPECT_NE(to_hex(key.derive("").bytes()), to_hex(key.bytes()));
}

TEST(SecretKey, UnwrapsOnlyWhatItWrappedForThatContext) {
  SeededRandom random(2);
  const auto master = SecretKey::make(random);
  const auto other = SecretKey::make(random);
  const auto key = SecretKey::make(random);
  const Bytes wrapped = master.wrap(key, "tenant:ten_1", random);
  EXPECT_NE(master.wrap(key, "tenant:ten_1", random), wrapped) << "the nonce must be fresh";

  const auto unwrapped = master.unwrap(wrapped, "tenant:ten_1");
  ASSERT_TRUE(unwrapped);
  EXPECT_EQ(to_hex(unwrapped->bytes()), to_hex(key.bytes()));

  EXPECT_EQ(master.unwrap(wrapped, "tenant:ten_2").error().code, "key.unwrap_failed");
  EXPECT_EQ(other.unwrap(wrapped, "tenant:ten_1").error().code, "key.unwrap_failed");
  for (std::size_t length = 0; length < wrapped.size(); ++length)
    EXPECT_FALSE(master.unwrap(ByteView(wrapped).first(length), "tenant:ten_1"));
  for (std::size_t bit = 0; bit < wrapped.size() * 8; ++bit) {
    Bytes changed = wrapped;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    ASSERT_FALSE(master.unwrap(changed, "tenant:ten_1")) << bit;
  }
}

TEST(SealedValue, OpensOnlyUnderItsKeyAndContext) {
  SeededRandom random(3);
  const auto key = SecretKey::make(random);
  for (const std::string_view text : {"", "x", "a longer value, as a password would be"}) {
    const Bytes sealed = seal_value(key, as_bytes(text), "demo", random);
    EXPECT_EQ(as_text(*open_value(key, sealed, "demo")), text);
    EXPECT_EQ(open_value(key, sealed, "other").error().code, "key.unseal_failed");
    EXPECT_FALSE(open_value(key.derive("x"), sealed, "demo"));
  }
}

}  // namespace
}  // namespace tw
