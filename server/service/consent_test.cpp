#include "service/consent.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace tw::service {
namespace {

std::string user_agent_in(const std::string& user_agent) {
  const ConsentReport report{true, "1", "aa", "en", "192.0.2.1", user_agent};
  // Throws where it cannot be read again.
  return std::string(boost::json::parse(consent_evidence(report, WallTime{})).at("userAgent").as_string());
}

TEST(ConsentEvidence, KeepsTheUserAgentUpToItsLimit) {
  EXPECT_EQ(user_agent_in("Browser/1.0 (面签)"), "Browser/1.0 (面签)");
  EXPECT_EQ(user_agent_in(std::string(512, 'a')), std::string(512, 'a'));
  EXPECT_EQ(user_agent_in(std::string(513, 'a')), std::string(512, 'a'));
  EXPECT_EQ(user_agent_in(std::string(511, 'a') + "面"), std::string(511, 'a'));
}

TEST(ConsentEvidence, CanBeReadAgainWhateverTheUserAgentIs) {
  EXPECT_EQ(user_agent_in("caf\xE9 \"1\"\n"), "caf? \"1\"\n");
  EXPECT_EQ(user_agent_in("\xFF\xFE"), "??");
}

TEST(ConsentTexts, OnlyTheTextInForceCanBeAgreedTo) {
  const std::vector<store::ConsentTextRow> texts{{"zh-CN", "2", "文", "bb"}, {"en", "1", "text", "aa"}};
  EXPECT_TRUE(is_among(texts, {true, "1", "aa", "en", "", ""}));
  EXPECT_FALSE(is_among(texts, {true, "2", "aa", "en", "", ""}));
  EXPECT_FALSE(is_among(texts, {true, "1", "bb", "en", "", ""}));
  EXPECT_FALSE(is_among(texts, {true, "1", "aa", "zh-CN", "", ""}));
  EXPECT_FALSE(is_among({}, {true, "1", "aa", "en", "", ""}));
}

}  // namespace
}  // namespace tw::service
