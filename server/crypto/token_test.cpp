#include "crypto/token.hpp"

#include <gtest/gtest.h>

#include <set>

#include "crypto/digest.hpp"

namespace tw {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'700'000'000s};
SecretKey a_key(std::uint8_t fill = 5) { return *SecretKey::from_bytes(Bytes(32, fill)); }

TEST(Token, IsItsPrefixAnd256RandomBits) {
  OsRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string token = make_token("twu_", random);
    ASSERT_TRUE(token.starts_with("twu_"));
    ASSERT_EQ(from_base64url(std::string_view(token).substr(4))->size(), 32u);
    ASSERT_TRUE(seen.insert(token).second);
  }
}

TEST(Token, IsStoredAsItsSha256) { EXPECT_EQ(token_hash("twk_abc"), to_hex(sha256(as_bytes("twk_abc")))); }

TEST(SignedToken, GivesItsClaimsUntilItExpires) {
  const std::string claims = R"({"interview":"itv_1","side":"customer"})";
  const std::string token = sign_token("twm_", claims, kNow + 60s, a_key());
  EXPECT_EQ(*verify_token("twm_", token, kNow, a_key()), claims);
  EXPECT_EQ(*verify_token("twm_", token, kNow + 59s + 999'999us, a_key()), claims);
  for (const auto at : {kNow + 60s, kNow + 365 * 24h}) {
    const auto late = verify_token("twm_", token, at, a_key());
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, "token.expired");
    EXPECT_EQ(late.error().kind, ErrorKind::gone);
  }
}

TEST(SignedToken, EveryChangedCharacterMakesItInvalid) {
  const std::string token = sign_token("twm_", R"({"a":1})", kNow + 60s, a_key());
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const char c : {'A', 'B', 'w', '_', '.', '='}) {
      if (token[i] == c) continue;
      std::string changed = token;
      changed[i] = c;
      const auto claims = verify_token("twm_", changed, kNow, a_key());
      ASSERT_FALSE(claims) << i << c;
      ASSERT_EQ(claims.error().code, "token.invalid");
    }
    ASSERT_FALSE(verify_token("twm_", token.substr(0, i), kNow, a_key()));
  }
  EXPECT_FALSE(verify_token("twm_", token + "A", kNow, a_key()));
}

TEST(SignedToken, IsForOnePurposeAndOneKey) {
  const std::string token = sign_token("twm_", "{}", kNow + 60s, a_key());
  EXPECT_EQ(verify_token("twt_", token, kNow, a_key()).error().code, "token.invalid");
  EXPECT_EQ(verify_token("twt_", "twt_" + token.substr(4), kNow, a_key()).error().code, "token.invalid");
  EXPECT_EQ(verify_token("twm_", token, kNow, a_key(6)).error().code, "token.invalid");
}

TEST(SignedToken, RubbishIsInvalid) {
  for (const std::string& text :
       {std::string(), std::string("twm_"), std::string("twm_."), std::string("twm_AAAA"), std::string("twm_AAAA.BBBB"),
        std::string("twm_\xff\xfe.AA"), "twm_" + std::string(100'000, 'A')}) {
    EXPECT_EQ(verify_token("twm_", text, kNow, a_key()).error().code, "token.invalid");
  }
}

}  // namespace
}  // namespace tw
