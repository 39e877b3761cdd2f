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

TEST(Origins, APageThatACompanyListsMayCallForItsCustomersAndNothingElse) {
  const Origins origins("https://sign.bank.example:8443", {},
                        [](const std::string& origin) { return origin == "https://portal.bank.example"; });
  const auto allowed = [&](const std::string& origin, const std::string& path) {
    return origins.allows(origin, "sign.bank.example:8443", path);
  };
  for (const char* path :
       {"/api/v1/client/interviews", "/api/v1/customer/state", "/api/v1/media/itv_1/whip/camera", "/api/v1/ws"}) {
    EXPECT_TRUE(allowed("https://Portal.bank.example:443", path)) << path;
    EXPECT_FALSE(allowed("https://evil.example", path)) << path;
    EXPECT_FALSE(allowed("null", path)) << path;
    EXPECT_TRUE(allowed("https://sign.bank.example:8443", path)) << path;
  }
  for (const char* path : {"/api/v1/interviews", "/api/v1/agent/desk", "/api/v1/auth/sign-in", "/api/v1/admin/tenant",
                           "/api/v1/login-tokens", "/api/v1/clients", "/api/v1/ws/", "/"}) {
    EXPECT_FALSE(allowed("https://portal.bank.example", path)) << path;
  }
}

TEST(Origins, AreWrittenInOneWay) {
  EXPECT_EQ(normal_origin("HTTPS://A.example:443/x?y#z"), "https://a.example");
  EXPECT_EQ(normal_origin("http://a.example:80"), "http://a.example");
  EXPECT_EQ(normal_origin("https://user@a.example"), "");
  EXPECT_EQ(normal_origin("ftp://a.example"), "");
}

}  // namespace
}  // namespace tw::api
