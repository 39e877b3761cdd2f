#include "evidence/watermark_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tw::evidence {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;

WallTime at(const char* text) { return parse_rfc3339(text).value(); }

TEST(WatermarkText, StatesCompanyLocalTimeAndPlace) {
  EXPECT_THAT(watermark_lines({.company = "示例银行 Example Bank",
                               .at = at("2026-11-24T06:33:05.999Z"),
                               .utc_offset = hours{8},
                               .place = "上海市浦东新区 31.2304, 121.4737"}),
              ElementsAre("示例银行 Example Bank", "2026-11-24 14:33:05 +08:00", "上海市浦东新区 31.2304, 121.4737"));
}

TEST(WatermarkText, LeavesOutWhatIsNotKnown) {
  EXPECT_THAT(watermark_lines({.company = "", .at = at("2026-11-24T06:33:05Z"), .utc_offset = {}, .place = " \t"}),
              ElementsAre("2026-11-24 06:33:05 +00:00"));
}

TEST(WatermarkText, TimeCarriesItsOffset) {
  struct Case {
    const char* utc;
    std::chrono::seconds offset;
    const char* expected;
  };
  const Case cases[] = {
      {"2026-12-31T23:59:59Z", hours{8}, "2027-01-01 07:59:59 +08:00"},
      {"2026-01-01T00:00:00Z", -hours{5}, "2025-12-31 19:00:00 -05:00"},
      {"2026-06-01T12:00:00Z", hours{5} + minutes{45}, "2026-06-01 17:45:00 +05:45"},
      {"2026-06-01T12:00:00Z", -(hours{3} + minutes{30}), "2026-06-01 08:30:00 -03:30"},
      {"2024-02-28T16:00:00Z", hours{8}, "2024-02-29 00:00:00 +08:00"},
      {"1969-12-31T23:59:59Z", hours{0}, "1969-12-31 23:59:59 +00:00"},
  };
  for (const Case& c : cases) EXPECT_EQ(local_time_text(at(c.utc), c.offset), c.expected);
}

TEST(WatermarkText, ALineStaysOneHonestLine) {
  struct Case {
    std::string given;
    std::string expected;
  };
  const Case cases[] = {
      {"  two\r\nlines\tand  spaces ", "two lines and spaces"},
      {"Bank\xE2\x80\xAE"
       "0202",
       "Bank0202"},  // right-to-left override
      {"a\xE2\x80\xA8"
       "b",
       "a b"},  // line separator
      {std::string("nul\0in", 6), "nulin"},
      {"bad\xFF\xC3", "bad\xEF\xBF\xBD\xEF\xBF\xBD"},            // malformed UTF-8
      {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},                  // overlong
      {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // surrogate
      {"\xF0\x9F\x8F\xA6 ok", "\xF0\x9F\x8F\xA6 ok"},            // beyond the basic plane
      {"", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(clean_line(c.given), c.expected);
}

TEST(WatermarkText, LongLinesEndInAnEllipsis) {
  std::string exact;
  for (std::size_t i = 0; i < kMaxWatermarkCharacters; ++i) exact += "银";
  EXPECT_EQ(clean_line(exact), exact);
  std::string expected = exact.substr(0, exact.size() - 3) + "…";
  EXPECT_EQ(clean_line(exact + "行"), expected);
}

}  // namespace
}  // namespace tw::evidence
