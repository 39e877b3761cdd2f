#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "crypto/scratch_folder_test_support.hpp"
#include "processing/composition.hpp"
#include "processing/synthetic_media_test_support.hpp"

namespace tw::processing {

inline constexpr std::int64_t kStart = 1'764'000'000'000'000;
inline constexpr std::int64_t kSecond = 1'000'000;

/// A recording that is made up, composed and looked at.
class Composition : public testing::Test {
 protected:
  Composition() : key_(SecretKey::make(random_)) {}

  static Sender customer() { return {.start_us = kStart + 300'000}; }
  static Sender agent() {
    return {.participant = "agent",
            .first_track = 11,
            .width = 320,
            .height = 180,
            .rate = 15,
            .flashes = false,
            .hertz = 330,
            .beeps = false,
            .start_us = kStart + 200'000,
            .clock_ahead_us = -500'000,
            .sound_delay_us = 5'000,
            .picture_delay_us = 20'000};
  }
  void part(std::uint32_t number, std::int64_t from_us, std::int64_t to_us, std::vector<TimedRecord> records,
            bool closed = true) {
    const std::string name = "part-" + std::to_string(number) + ".journal";
    parts_.push_back(name);
    write_journal(folder_.path() / name, key_.derive("file:" + name), number, from_us, to_us, std::move(records),
                  closed);
  }
  recording::ComposeJob job() {
    return {.folder = folder_.path(),
            .name = "interview",
            .parts = parts_,
            .key = key_.clone(),
            .watermark = {.company = "示例银行", .place = "上海市", .time_zone = "Asia/Shanghai"},
            .people = {{"customer", "客户 Customer"}, {"agent", "坐席 Agent"}},
            .threads = 2,
            .events = events_};
  }
  recording::ComposeResult compose() {
    auto result = compose_recording(job(), random_, [this](int percent) {
      progress_.push_back(percent);
      return true;
    });
    EXPECT_TRUE(result) << (result ? "" : result.error().code + ": " + result.error().message);
    return result.value_or(recording::ComposeResult{});
  }
  DecodedFile decoded(const std::string& name, bool keep_luma = false) {
    return decode_sealed(folder_.path() / name, key_.derive("file:" + name), keep_luma);
  }
  void expect_aligned(const std::string& name, bool left, double at_most_ms) {
    const DecodedFile file = decoded(name);
    const auto offsets = offsets_ms(flashes_in(file, left), beeps_in(file, 1000));
    ASSERT_GE(offsets.size(), 4U) << name;
    EXPECT_LE(std::abs(median_of(offsets)), at_most_ms) << name;
  }

  OsRandom random_;
  ScratchFolder folder_;
  SecretKey key_;
  std::vector<std::string> parts_;
  std::vector<int> progress_;
  std::vector<recording::RoomEvent> events_;
};

}  // namespace tw::processing
