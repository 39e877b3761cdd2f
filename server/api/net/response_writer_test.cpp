#include "api/net/response_writer.hpp"

#include <gtest/gtest.h>

namespace tw::api {
namespace {

Response answer(unsigned status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

TEST(ResponseHead, SaysHowLongTheBodyIs) {
  const std::string head = response_head(answer(200, "four"), true, "0123");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << head;
  EXPECT_NE(head.find("\r\nContent-Length: 4\r\nX-Request-Id: 0123\r\nConnection: keep-alive\r\n\r\n"),
            std::string::npos)
      << head;
}

TEST(ResponseHead, AnswersThatHaveNoBodyHaveNoLength) {
  for (const unsigned status : {101U, 204U, 304U}) {
    EXPECT_EQ(response_head(answer(status, ""), false, "").find("Content-Length"), std::string::npos) << status;
  }
}

TEST(ResponseHead, NoValueWritesAFieldOfItsOwn) {
  Response response = answer(200, "");
  response.headers.add("Location", "/a\r\nSet-Cookie: stolen=1\n\r\n");
  const std::string head = response_head(response, false, "");
  EXPECT_NE(head.find("\r\nLocation: /aSet-Cookie: stolen=1\r\n"), std::string::npos) << head;
  EXPECT_EQ(head.find("\nSet-Cookie"), std::string::npos) << head;
  EXPECT_EQ(head.find("\r\n\r\n"), head.size() - 4) << "nothing comes after the empty line";
}

}  // namespace
}  // namespace tw::api
