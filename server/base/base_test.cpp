#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "base/bounded_queue.hpp"
#include "base/byte_order.hpp"
#include "base/clock.hpp"
#include "base/crc32c.hpp"
#include "base/encoding.hpp"
#include "base/ids.hpp"

namespace tw {
namespace {

TEST(Crc32c, MatchesThePublishedVectors) {  // RFC 3720 appendix B.4
  EXPECT_EQ(crc32c(Bytes(32, 0x00)), 0x8A9136AAU);
  EXPECT_EQ(crc32c(Bytes(32, 0xFF)), 0x62A8AB43U);
  Bytes ascending(32);
  for (std::size_t i = 0; i < 32; ++i) ascending[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(crc32c(ascending), 0x46DD794EU);
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xE3069283U);
  EXPECT_EQ(crc32c(as_bytes("56789"), crc32c(as_bytes("1234"))), 0xE3069283U);
}

TEST(Crc32c, TheInstructionAndTheTablesAgreeOnEveryLengthAndStart) {
  Bytes bytes(1500);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + i / 7);
  for (std::size_t from = 0; from < 9; ++from) {
    for (std::size_t size = 0; from + size <= bytes.size(); ++size) {
      const ByteView part = ByteView(bytes).subspan(from, size);
      ASSERT_EQ(crc32c(part, 0x1234'5678), crc32c_by_table(part, 0x1234'5678)) << from << " " << size;
    }
  }
}

TEST(Encoding, Base64MatchesRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), coded);
    ASSERT_TRUE(from_base64(coded));
    EXPECT_EQ(as_text(*from_base64(coded)), plain);
  }
  EXPECT_EQ(to_base64url(Bytes{0xFB, 0xFF}), "-_8");
}

TEST(Encoding, DecodingIsStrict) {
  for (const char* bad : {"Zg=", "Zg", "Z===", "Zm9v!", "Zh==", "Zm 9"}) EXPECT_FALSE(from_base64(bad)) << bad;
  for (const char* bad : {"Zg==", "Z", "+_8"}) EXPECT_FALSE(from_base64url(bad)) << bad;
  for (const char* bad : {"0", "0g"}) EXPECT_FALSE(from_hex(bad)) << bad;
  EXPECT_EQ(to_hex(Bytes{0x00, 0xAB}), "00ab");
}

TEST(Ids, SortByTimeAndParseBack) {
  SeededRandom random(1);
  const auto early = InterviewId::make(WallTime{std::chrono::seconds{1'700'000'000}}, random);
  const auto late = InterviewId::make(WallTime{std::chrono::seconds{1'700'000'001}}, random);
  EXPECT_LT(early, late);
  ASSERT_TRUE(InterviewId::parse(early.str()));
  EXPECT_EQ(*InterviewId::parse(early.str()), early);
}

TEST(Ids, ForeignOrMalformedTextIsNoId) {
  SeededRandom random(1);
  const auto id = QueueId::make(WallTime{}, random);
  EXPECT_FALSE(InterviewId::parse(id.str()));
  for (const char* bad : {"", "itv", "itv_", "itv_01", "itv_81ARZ3NDEKTSV4RRFFQ69G5FAV",
                          "itv_01ARZ3NDEKTSV4RRFFQ69G5FAU", "itv_01arz3ndektsv4rrffq69g5fav"}) {
    EXPECT_FALSE(InterviewId::parse(bad)) << bad;
  }
  EXPECT_TRUE(InterviewId::parse("itv_01ARZ3NDEKTSV4RRFFQ69G5FAV"));
}

TEST(Clock, Rfc3339GoesThereAndBack) {
  const auto time = parse_rfc3339("2016-08-31T16:22:11.000+08:00");
  ASSERT_TRUE(time);
  EXPECT_EQ(to_rfc3339(*time), "2016-08-31T08:22:11.000Z");
  EXPECT_EQ(to_rfc3339(WallTime{std::chrono::microseconds{-1}}), "1969-12-31T23:59:59.999Z");
  for (const char* bad :
       {"", "2016-08-31", "2016-13-01T00:00:00Z", "2016-02-30T00:00:00Z", "2016-02-28T24:00:00Z", "2016-02-28T00:00:00",
        "2016-02-28T00:00:00Zx", "2016-02-28T00:00:00.Z", "2016-02-28T00:00:00+8:00"}) {
    EXPECT_FALSE(parse_rfc3339(bad)) << bad;
  }
}

TEST(ByteOrder, IsTheNetworks) {
  std::uint8_t bytes[8] = {};
  store_be<std::uint32_t>(bytes, 0x01020304);
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(load_be<std::uint16_t>(bytes + 2), 0x0304);
  store_be24(bytes, 0xABCDEF);
  EXPECT_EQ(load_be24(bytes), 0xABCDEFU);
}

TEST(BoundedQueue, RefusesOneAboveItsLimit) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_TRUE(queue.try_push(2));
  EXPECT_FALSE(queue.try_push(3));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_TRUE(queue.try_push(4));
}

TEST(BoundedQueue, ClosingWakesReadersAfterTheyGotWhatWasQueued) {
  BoundedQueue<int> queue(4);
  ASSERT_TRUE(queue.try_push(7));
  std::vector<int> got;
  std::thread reader([&] {
    while (auto item = queue.pop()) got.push_back(*item);
  });
  queue.close();
  reader.join();
  EXPECT_EQ(got, std::vector<int>{7});
  EXPECT_FALSE(queue.try_push(8));
}

}  // namespace
}  // namespace tw
