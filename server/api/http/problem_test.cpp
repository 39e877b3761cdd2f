#include "api/http/problem.hpp"

#include <gtest/gtest.h>

namespace tw::api {
namespace {

TEST(Problem, EachKindOfErrorHasItsStatus) {
  const std::pair<Error, unsigned> cases[] = {
      {{ErrorKind::invalid, "x", "", {}}, 400},
      {{ErrorKind::unauthenticated, "x", "", {}}, 401},
      {{ErrorKind::forbidden, "x", "", {}}, 403},
      {{ErrorKind::not_found, "x", "", {}}, 404},
      {{ErrorKind::not_acceptable, "x", "", {}}, 406},
      {{ErrorKind::conflict, "x", "", {}}, 409},
      {{ErrorKind::gone, "x", "", {}}, 410},
      {{ErrorKind::precondition, "x", "", {}}, 412},
      {{ErrorKind::too_large, "x", "", {}}, 413},
      {{ErrorKind::unsupported, "x", "", {}}, 415},
      {{ErrorKind::unprocessable, "x", "", {}}, 422},
      {{ErrorKind::rate_limited, "x", "", {}}, 429},
      {{ErrorKind::internal, "x", "", {}}, 500},
      {{ErrorKind::unavailable, "x", "", {}}, 503},
      {{ErrorKind::invalid, "method.not_allowed", "", {}}, 405},
      {{ErrorKind::precondition, "media.if_match_required", "", {}}, 428},
      {{ErrorKind::invalid, "range.not_satisfiable", "", {}}, 416},
      {{ErrorKind::invalid, "socket.upgrade_required", "", {}}, 426},
      {{ErrorKind::too_large, "header.too_large", "", {}}, 431},
  };
  for (const auto& [error, status] : cases) EXPECT_EQ(problem(error).status, status) << error.code;
}

TEST(Problem, CarriesCodeAndParameters) {
  const auto response = problem({ErrorKind::invalid, "field.invalid", "Wrong.", {{"field", "businessId"}}});
  EXPECT_EQ(response.headers.find("Content-Type"), "application/problem+json");
  EXPECT_EQ(
      response.body,
      R"({"type":"about:blank","title":"Bad Request","status":400,"code":"field.invalid","detail":"Wrong.","params":{"field":"businessId"}})");
}

TEST(Problem, TellsWhenToComeBackAndHowToSignIn) {
  EXPECT_EQ(
      problem({ErrorKind::rate_limited, "sign_in.limited", "", {{"retryAfterS", "17"}}}).headers.find("Retry-After"),
      "17");
  EXPECT_EQ(problem({ErrorKind::rate_limited, "x", "", {{"retryAfterS", "1\r\nX: y"}}}).headers.find("Retry-After"),
            "5");
  EXPECT_TRUE(problem({ErrorKind::unavailable, "server.busy", "", {}}).headers.find("Retry-After"));
  EXPECT_EQ(problem({ErrorKind::unauthenticated, "auth.required", "", {}}).headers.find("WWW-Authenticate"), "Bearer");
  EXPECT_FALSE(problem({ErrorKind::conflict, "x", "", {}}).headers.find("Retry-After"));
}

TEST(Problem, AFailureInsideSaysNothingOfTheInside) {
  const auto response =
      problem({ErrorKind::internal, "store.failed", "disk /secret/path is broken", {{"table", "users"}}});
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
  EXPECT_EQ(response.body.find("users"), std::string::npos);
  EXPECT_NE(response.body.find("server.internal"), std::string::npos);
}

}  // namespace
}  // namespace tw::api
