#include "processing/message.hpp"

#include <gtest/gtest.h>

namespace tw::processing {
namespace {

recording::ComposeResult film(const std::string& name) {
  recording::ComposeResult result;
  result.files.push_back({.name = name, .composed = true, .participant = "", .size_bytes = 7, .sha256 = "ab"});
  result.duration_ms = 1000;
  return result;
}

TEST(ProcessorMessage, TellsOfTheFilesThatWereMade) {
  const auto read = compose_result_in(to_message(film("2026-000117-customer-camera.mkv")));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->files.at(0).name, "2026-000117-customer-camera.mkv");
  EXPECT_EQ(read->files.at(0).size_bytes, 7U);
  EXPECT_EQ(read->duration_ms, 1000);
}

TEST(ProcessorMessage, NeverNamesAFileOutsideOfTheRecordingsFolder) {
  for (const char* name : {"", ".", "..", "../other/film.mp4", "/etc/passwd", "a/b", ".hidden"}) {
    const auto read = compose_result_in(to_message(film(name)));
    ASSERT_FALSE(read) << name;
    EXPECT_EQ(read.error().code, "processor.protocol");
  }
  EXPECT_FALSE(compose_result_in(to_message(film(std::string("a\0b", 3)))));
}

TEST(ProcessorMessage, TellsOfNoSizeBelowNothing) {
  Message message = to_message(film("film.mp4"));
  const auto at = message.json.find("\"sizeBytes\":7");
  ASSERT_NE(at, std::string::npos) << message.json;
  message.json.replace(at, 13, "\"sizeBytes\":-7");
  EXPECT_FALSE(compose_result_in(message));
}

TEST(ProcessorMessage, OfAnotherKindOrWithoutItsPartsIsRefused) {
  Message message = to_message(film("film.mp4"));
  message.kind = MessageKind::photographed;
  EXPECT_FALSE(compose_result_in(message));
  EXPECT_FALSE(photo_result_in(message)) << "its two pictures are missing";
  message.kind = MessageKind::composed;
  for (const char* json : {"", "[]", "{}", R"({"files":[{}]})", R"({"files":1})"}) {
    message.json = json;
    EXPECT_FALSE(compose_result_in(message)) << json;
    EXPECT_EQ(error_in(message).code, "processor.protocol") << json;
  }
}

}  // namespace
}  // namespace tw::processing
