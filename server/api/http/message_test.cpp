#include "api/http/message.hpp"

#include <gtest/gtest.h>

namespace tw::api {
namespace {

TEST(Message, HeadersAreFoundWhateverTheirCase) {
  Request request;
  request.headers.add("content-TYPE", "Application/JSON ; charset=utf-8");
  request.headers.add("AUTHORIZATION", "bearer  twu_abc");
  EXPECT_EQ(request.content_type(), "application/json");
  EXPECT_EQ(request.bearer(), "twu_abc");
  request.headers.set("authorization", "Basic dTpw");
  EXPECT_EQ(request.bearer(), "");
}

TEST(Message, AParameterOfTheQueryIsDecoded) {
  Request request;
  request.query = "a=1&name=%E9%9D%A2+x&broken=%4&empty=&zero=%00";
  EXPECT_EQ(request.query_value("name"), "面 x");
  EXPECT_EQ(request.query_value("empty"), "");
  EXPECT_EQ(request.query_value("broken"), std::nullopt);
  EXPECT_EQ(request.query_value("zero"), std::nullopt);
  EXPECT_EQ(request.query_value("missing"), std::nullopt);
}

TEST(Message, PercentDecodingIsStrict) {
  EXPECT_EQ(percent_decode("%41%62", false), "Ab");
  EXPECT_EQ(percent_decode("a+b", false), "a+b");
  for (const char* broken : {"%", "%4", "%4g", "a%"}) EXPECT_EQ(percent_decode(broken, false), std::nullopt) << broken;
  EXPECT_EQ(percent_encode("a b/面~"), "a%20b%2F%E9%9D%A2~");
}

}  // namespace
}  // namespace tw::api
