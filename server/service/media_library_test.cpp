#include "service/media_library.hpp"

#include <gtest/gtest.h>

namespace tw::service {
namespace {

TEST(TitleOfAddress, IsTheNameOfTheFile) {
  EXPECT_EQ(title_of_address("https://films.example/risk/notice.mp4"), "notice.mp4");
  EXPECT_EQ(title_of_address("https://films.example/risk/"), "risk");
  EXPECT_EQ(title_of_address("https://films.example/%E9%A3%8E%E9%99%A9.mp4"), "风险.mp4");
}

TEST(TitleOfAddress, NeverTellsWhatOpensTheAddress) {
  for (const char* url : {"https://films.example/a.mp4?signature=s3cret", "https://films.example/a.mp4?x=/s3cret",
                          "https://films.example/a.mp4#s3cret", "https://me:s3cret@films.example/a.mp4"}) {
    EXPECT_EQ(title_of_address(url), "a.mp4") << url;
  }
  EXPECT_EQ(title_of_address("https://me:s3cret@films.example/?token=s3cret"), "films.example");
  EXPECT_EQ(title_of_address("s3cret without a scheme"), "video");
}

TEST(TitleOfAddress, IsOneShortLineOfUtf8) {
  EXPECT_EQ(title_of_address("https://films.example/a%0Ab%FF.mp4"), "a b\xEF\xBF\xBD.mp4");
  const std::string name(300, 'n');
  EXPECT_LE(title_of_address("https://films.example/" + name).size(), 104U);
}

}  // namespace
}  // namespace tw::service
