#include "api/http/range.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tw::api {
namespace {

TEST(Range, IsReadAsRfc9110Says) {
  const std::pair<std::string, RangeAnswer> cases[] = {
      {"", WholeBody{}},
      {"bytes=0-0", ByteRange{0, 1}},
      {"bytes=0-9", ByteRange{0, 10}},
      {"bytes=5-", ByteRange{5, 5}},
      {"BYTES=5-7", ByteRange{5, 3}},
      {" bytes= 5 - 7 ", ByteRange{5, 3}},
      {"bytes=5-100", ByteRange{5, 5}},
      {"bytes=-3", ByteRange{7, 3}},
      {"bytes=-100", ByteRange{0, 10}},
      {"bytes=9-99999999999999999999999999", ByteRange{9, 1}},
      {"bytes=10-", Unsatisfiable{}},
      {"bytes=10-20", Unsatisfiable{}},
      {"bytes=99999999999999999999999999-", Unsatisfiable{}},
      {"bytes=-0", Unsatisfiable{}},
      {"bytes=7-5", WholeBody{}},
      {"bytes=a-b", WholeBody{}},
      {"bytes=+1-2", WholeBody{}},
      {"bytes=-", WholeBody{}},
      {"bytes=", WholeBody{}},
      {"bytes=0-1,3-4", WholeBody{}},
      {"items=0-1", WholeBody{}},
  };
  for (const auto& [header, expected] : cases) EXPECT_EQ(parse_range(header, 10), expected) << header;
  EXPECT_EQ(parse_range("bytes=0-", 0), RangeAnswer(Unsatisfiable{}));
}

class Digits final : public BodySource {
 public:
  [[nodiscard]] std::uint64_t size() const override { return 10; }
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
    const auto count = std::min<std::size_t>(out.size(), 10 - offset);
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint8_t>('0' + offset + i);
    return count;
  }
};

Response ask(std::initializer_list<std::pair<std::string, std::string>> headers) {
  Request request;
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  return send_file(request, std::make_shared<Digits>(), "video/mp4", "abc");
}

TEST(SendFile, AnswersWholePartialUnsatisfiableAndUnchanged) {
  const auto whole = ask({});
  EXPECT_EQ(whole.status, 200U);
  EXPECT_EQ(whole.length(), 10U);
  EXPECT_EQ(whole.headers.find("ETag"), "\"abc\"");
  EXPECT_EQ(whole.headers.find("Accept-Ranges"), "bytes");

  const auto part = ask({{"Range", "bytes=2-4"}});
  EXPECT_EQ(part.status, 206U);
  EXPECT_EQ(part.headers.find("Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(part.source_offset, 2U);
  EXPECT_EQ(part.length(), 3U);

  const auto outside = ask({{"Range", "bytes=10-"}});
  EXPECT_EQ(outside.status, 416U);
  EXPECT_EQ(outside.headers.find("Content-Range"), "bytes */10");

  EXPECT_EQ(ask({{"Range", "bytes=2-4"}, {"If-Range", "\"abc\""}}).status, 206U);
  EXPECT_EQ(ask({{"Range", "bytes=2-4"}, {"If-Range", "\"old\""}}).status, 200U);
  EXPECT_EQ(ask({{"If-None-Match", "\"abc\""}}).status, 304U);
}

TEST(Attachment, KeepsANameThatIsNotAscii) {
  EXPECT_EQ(attachment("a.mp4"), "attachment; filename=\"a.mp4\"");
  EXPECT_EQ(attachment("面\"\r\n.mp4"), "attachment; filename=\"______.mp4\"; filename*=UTF-8''%E9%9D%A2%22%0D%0A.mp4");
}

}  // namespace
}  // namespace tw::api
