#include "api/http/router.hpp"

#include <gtest/gtest.h>

namespace tw::api {
namespace {

Router sample() {
  Router router;
  const Handler nothing = [](const Request&) -> Result<Response> { return Response{}; };
  router.add(Method::get, "/interviews", Access::user, nothing);
  router.add(Method::post, "/interviews", Access::api_key, nothing);
  router.add(Method::get, "/interviews/{interviewId}", Access::user, nothing);
  router.add(Method::get, "/interviews/{interviewId}/photos/{photoId}/{variant}", Access::user, nothing);
  router.add(Method::post, "/media/{interviewId}/whip/{stream}", Access::own_check, nothing);
  router.add(Method::get, "/things/{id}", Access::user, nothing);
  router.add(Method::get, "/things/special", Access::user, nothing);
  return router;
}

struct Case {
  Method method;
  std::string path;
  std::string expected;  ///< the pattern, "405 …" with the methods allowed, or "404"
};

TEST(Router, AnOperationIsFoundByMethodAndPath) {
  const Router router = sample();
  const Case cases[] = {
      {Method::get, "/interviews", "/interviews"},
      {Method::head, "/interviews", "/interviews"},
      {Method::get, "/interviews/", "404"},
      {Method::get, "/interviews/itv_1", "/interviews/{interviewId}"},
      {Method::get, "/interviews/itv_1/photos/p/original", "/interviews/{interviewId}/photos/{photoId}/{variant}"},
      {Method::get, "/things/special", "/things/special"},
      {Method::get, "/things/other", "/things/{id}"},
      {Method::del, "/interviews", "405 GET, HEAD, POST, OPTIONS"},
      {Method::get, "/media/itv_1/whip/camera", "405 POST, OPTIONS"},
      {Method::options, "/media/itv_1/whip/camera", "405 POST, OPTIONS"},
      {Method::get, "/nothing", "404"},
      {Method::get, "/interviews/%zz", "404"},
      {Method::get, "/interviews/a%00b", "404"},
      {Method::get, "", "404"},
  };
  for (const auto& [method, path, expected] : cases) {
    const auto found = router.find(method, path);
    std::string got = "404";
    if (const auto* match = std::get_if<Router::Match>(&found)) got = match->route->pattern;
    if (const auto* wrong = std::get_if<Router::WrongMethod>(&found)) got = "405 " + wrong->allow;
    EXPECT_EQ(got, expected) << path;
  }
}

TEST(Router, ValuesOfThePathAreDecoded) {
  const Router router = sample();
  const auto found = router.find(Method::get, "/interviews/a%2Fb/photos/%E9%9D%A2/original");
  const auto* match = std::get_if<Router::Match>(&found);
  ASSERT_NE(match, nullptr);
  const std::vector<std::pair<std::string, std::string>> expected{
      {"interviewId", "a/b"}, {"photoId", "面"}, {"variant", "original"}};
  EXPECT_EQ(match->values, expected);
}

}  // namespace
}  // namespace tw::api
