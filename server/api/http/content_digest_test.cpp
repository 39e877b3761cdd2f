#include "api/http/content_digest.hpp"

#include <gtest/gtest.h>

namespace tw::api {
namespace {

TEST(ContentDigest, IsFoundAmongOthers) {
  const std::string good = "sha-256=:" + to_base64(sha256(as_bytes("a photo"))) + ":";
  for (const std::string& field : {good, "sha-512=:AAAA:, " + good, good + " , unixsum=30637", "  " + good + "\t"}) {
    EXPECT_EQ(sha256_of_content(field), sha256(as_bytes("a photo"))) << field;
  }
}

TEST(ContentDigest, WhatIsNoneOrMalformedIsNotTaken) {
  const std::string base64 = to_base64(sha256(as_bytes("a photo")));
  for (const std::string& field :
       {std::string(), std::string(","), "sha-512=:" + base64 + ":", "SHA-256=:" + base64 + ":", "sha-256=" + base64,
        "sha-256=:" + base64, std::string("sha-256=:"), std::string("sha-256=::"), std::string("sha-256=:AAAA:"),
        "sha-256=:" + base64 + "AAAA:", std::string("sha-256=:!!!!:")}) {
    EXPECT_FALSE(sha256_of_content(field)) << field;
  }
}

}  // namespace
}  // namespace tw::api
