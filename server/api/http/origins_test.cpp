#include "api/http/origins.hpp"

#include <gtest/gtest.h>

namespace tw::api {
namespace {

const Origins kOrigins("https://sign.bank.example:8443/base", {"https://Portal.bank.example:443/", "nonsense"});

TEST(Origins, OurOwnAndTheListedOnesMayAndNobodyElse) {
  struct Case {
    std::string origin, host;
    bool allowed;
  };
  const Case cases[] = {
      {"", "x", true},  // no page
      {"https://sign.bank.example:8443", "sign.bank.example:8443", true},
      {"https://SIGN.bank.example:8443", "other", true},
      {"https://portal.bank.example", "sign.bank.example:8443", true},
      {"https://127.0.0.1:8443", "127.0.0.1:8443", true},  // loaded under another name of this machine
      {"http://127.0.0.1:8443", "127.0.0.1:8443", false},
      {"https://evil.example", "sign.bank.example:8443", false},
      {"https://sign.bank.example", "sign.bank.example:8443", false},
      {"https://sign.bank.example:8443.evil.example", "sign.bank.example:8443", false},
      {"null", "sign.bank.example:8443", false},
      {"https://", "", false},
  };
  for (const auto& [origin, host, allowed] : cases) EXPECT_EQ(kOrigins.allows(origin, host), allowed) << origin;
}

TEST(Origins, APreflightNamesWhatPagesNeed) {
  Request request;
  request.headers.add("Origin", "https://portal.bank.example");
  request.headers.add("Host", "sign.bank.example:8443");
  const auto response = kOrigins.preflight(request, "POST, OPTIONS");
  EXPECT_EQ(response.status, 204U);
  EXPECT_EQ(response.headers.find("Access-Control-Allow-Origin"), "https://portal.bank.example");
  EXPECT_NE(response.headers.find("Access-Control-Allow-Headers")->find("Authorization"), std::string::npos);
  EXPECT_NE(response.headers.find("Access-Control-Expose-Headers")->find("Location, ETag, Link"), std::string::npos);

  Request stranger;
  stranger.headers.add("Origin", "https://evil.example");
  stranger.headers.add("Host", "sign.bank.example:8443");
  const auto refused = kOrigins.preflight(stranger, "POST, OPTIONS");
  EXPECT_FALSE(refused.headers.find("Access-Control-Allow-Origin"));
  EXPECT_FALSE(refused.headers.find("Access-Control-Allow-Headers"));
}

TEST(Origins, AreWrittenInOneWay) {
  EXPECT_EQ(normal_origin("HTTPS://A.example:443/x?y#z"), "https://a.example");
  EXPECT_EQ(normal_origin("http://a.example:80"), "http://a.example");
  EXPECT_EQ(normal_origin("https://user@a.example"), "");
  EXPECT_EQ(normal_origin("ftp://a.example"), "");
}

}  // namespace
}  // namespace tw::api
