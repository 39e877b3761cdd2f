#include "api/pages/pages.hpp"

#include <gtest/gtest.h>

namespace tw::api {
namespace {

EmbeddedFile made(std::string_view path, std::string_view content) { return {path, as_bytes(content)}; }

class PagesTest : public ::testing::Test {
 protected:
  const std::vector<EmbeddedFile> web{
      made("customer/index.html", "<customer>"),      made("customer/assets/a-1b2c.js", "plain"),
      made("customer/assets/a-1b2c.js.gz", "packed"), made("workbench/index.html", "<workbench>"),
      made("design/index.html", "<design>"),          made("sdk/telewitness.js", "<client>")};
  const std::vector<EmbeddedFile> contract{made("docs.html", "<docs>"), made("openapi.json", "{}")};
  const Pages pages{web, contract};

  std::optional<Response> get(const std::string& path, const std::string& encoding = "", Method method = Method::get) {
    Request request;
    request.method = method;
    request.path = path;
    request.headers.add("Host", "sign.bank.example");
    if (!encoding.empty()) request.headers.add("Accept-Encoding", encoding);
    return pages.find(request);
  }
  static std::string body(const std::optional<Response>& response) {
    if (!response) return "none";
    return std::string(response->fixed_body.empty() ? std::string_view(response->body) : as_text(response->fixed_body));
  }
};

TEST_F(PagesTest, EachApplicationHasItsAddressAndShowsItsOwnPathsItself) {
  EXPECT_EQ(body(get("/i/")), "<customer>");
  EXPECT_EQ(body(get("/i/some/view")), "<customer>");
  EXPECT_EQ(body(get("/g/")), "<customer>");
  EXPECT_EQ(get("/g")->headers.find("Location"), "/g/");
  EXPECT_EQ(body(get("/workbench/")), "<workbench>");
  EXPECT_EQ(body(get("/design/")), "<design>");
  EXPECT_EQ(body(get("/docs")), "<docs>");
  EXPECT_EQ(body(get("/openapi.json")), "{}");
  EXPECT_EQ(get("/i")->headers.find("Location"), "/i/");
  for (const char* path :
       {"/index", "/interviews", "/i/assets/missing.js", "/go", "/i/../workbench/x.html", "/console/", "/docs/x"}) {
    EXPECT_EQ(body(get(path)), "none") << path;
  }
  EXPECT_EQ(body(get("/i/", "", Method::post)), "none");
}

TEST_F(PagesTest, HashedFilesAreKeptForEverAndPackedOnesSentPacked) {
  const auto plain = get("/i/assets/a-1b2c.js");
  EXPECT_EQ(body(plain), "plain");
  EXPECT_NE(plain->headers.find("Cache-Control")->find("immutable"), std::string::npos);
  EXPECT_EQ(plain->headers.find("Content-Type"), "text/javascript; charset=utf-8");
  const auto packed = get("/i/assets/a-1b2c.js", "br, gzip");
  EXPECT_EQ(body(packed), "packed");
  EXPECT_EQ(packed->headers.find("Content-Encoding"), "gzip");
  EXPECT_EQ(get("/i/")->headers.find("Cache-Control"), "no-cache");
}

TEST_F(PagesTest, APageKeepsItselfToItself) {
  const auto page = get("/i/");
  EXPECT_NE(page->headers.find("Content-Security-Policy")->find("script-src 'self';"), std::string::npos);
  EXPECT_NE(page->headers.find("Content-Security-Policy")->find("wss://sign.bank.example"), std::string::npos);
  EXPECT_EQ(page->headers.find("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(page->headers.find("Permissions-Policy"),
            "camera=(self), microphone=(self), geolocation=(self), display-capture=(self), fullscreen=(self)");
  EXPECT_TRUE(page->headers.find("Strict-Transport-Security"));
}

TEST_F(PagesTest, OnlyThePagesForCustomersAndAgentsStandInFramesOfThoseWhoMay) {
  const auto ancestors = [this](const std::string& path, const std::vector<std::string>& framed_by) {
    Request request;
    request.path = path;
    request.headers.add("Host", "sign.bank.example");
    const auto page = pages.find(request, framed_by);
    const std::string policy(page->headers.find("Content-Security-Policy").value());
    return policy.substr(policy.find("frame-ancestors"));
  };
  const std::vector<std::string> framed_by{"https://bank.example", "https://shop.example:8443"};
  for (const char* path : {"/i/", "/i", "/workbench/"}) {
    EXPECT_EQ(ancestors(path, framed_by), "frame-ancestors 'self' https://bank.example https://shop.example:8443")
        << path;
    EXPECT_EQ(ancestors(path, {}), "frame-ancestors 'self'") << path;
  }
  for (const char* path : {"/g/", "/design/", "/docs", "/", "/openapi.json"})
    EXPECT_EQ(ancestors(path, framed_by), "frame-ancestors 'self'") << path;
}

TEST_F(PagesTest, TheClientIsThereForPagesOfEverybodyAndTheRestIsNot) {
  EXPECT_EQ(body(get("/sdk/telewitness.js")), "<client>");
  EXPECT_EQ(get("/sdk/telewitness.js")->headers.find("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(body(get("/sdk/")), "none");
  EXPECT_EQ(body(get("/sdk/missing.js")), "none");
  EXPECT_FALSE(get("/i/")->headers.find("Access-Control-Allow-Origin"));
}

TEST_F(PagesTest, WithoutTheApplicationsAPageSaysSo) {
  const Pages bare({}, contract);
  Request request;
  request.path = "/workbench/";
  const auto page = bare.find(request);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 503U);
  EXPECT_NE(page->body.find("TW_WEB=OFF"), std::string::npos);
}

}  // namespace
}  // namespace tw::api
