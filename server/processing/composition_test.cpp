#include "processing/composition_test_support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "crypto/digest.hpp"
#include "processing/sealed_avio.hpp"
#include "processing/stream_files.hpp"

namespace tw::processing {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST_F(Composition, SoundAndPictureLieWhereTheyWereTaken) {
  std::vector<TimedRecord> records;
  send(customer(), records);
  send(agent(), records);
  part(1, kStart, kStart + 7 * kSecond, records);
  const auto result = compose();

  ASSERT_THAT(result.files, SizeIs(3));
  EXPECT_EQ(result.duration_ms, 7'000);
  EXPECT_FALSE(result.recovered);
  EXPECT_THAT(result.gaps, SizeIs(0));
  ASSERT_TRUE(result.av_offset_ms);
  EXPECT_LE(std::abs(*result.av_offset_ms), 10);

  const auto& composed = result.files[0];
  EXPECT_TRUE(composed.composed);
  EXPECT_EQ(composed.duration_ms, 7'000);
  const DecodedFile file = decoded(composed.name);
  EXPECT_THAT(file.codecs, ElementsAre("h264", "aac"));
  EXPECT_NEAR(file.duration_seconds, 7.0, 0.05);
  ASSERT_EQ(file.pictures.size(), 175U);
  for (std::size_t i = 0; i < file.pictures.size(); ++i) {
    EXPECT_NEAR(file.pictures[i].seconds, static_cast<double>(i) / 25, 0.0005);
    EXPECT_EQ(file.pictures[i].width, 1280);
    EXPECT_EQ(file.pictures[i].height, 720);
  }
  const auto flashes = flashes_in(file, true);
  const auto offsets = offsets_ms(flashes, beeps_in(file, 1000));
  ASSERT_GE(offsets.size(), 4U);
  EXPECT_LE(std::abs(median_of(offsets)), 20);
  // The first whole second of the scene is 1.3 s into the recording, plus the fastest packet's delay.
  EXPECT_NEAR(flashes.at(flashes.size() - 5), 1.3 + 0.03, 0.03);
  EXPECT_THAT(flashes_in(file, false), SizeIs(0));
  expect_aligned("interview-customer.mkv", true, 20);
}

TEST_F(Composition, StreamFilesHoldWhatWasSentUntouched) {
  std::vector<TimedRecord> records;
  send(customer(), records);
  send(agent(), records);
  part(1, kStart, kStart + 7 * kSecond, records);
  const auto result = compose();
  const DecodedFile file = decoded("interview-customer.mkv");
  EXPECT_THAT(file.codecs, testing::UnorderedElementsAre("opus", "vp8"));
  EXPECT_EQ(file.pictures.size(), 180U);
  EXPECT_EQ(file.pictures.front().width, 640);
  EXPECT_NEAR(file.pictures[30].seconds - file.pictures[0].seconds, 1.0, 0.002);
  EXPECT_NEAR(file.pictures[0].seconds, 0.33, 0.01);
  EXPECT_EQ(decoded("interview-agent.mkv").pictures.size(), 90U);
  for (const auto& entry : result.files) {
    const auto plain = read_sealed(folder_.path() / entry.name, key_.derive("file:" + entry.name), 100'000'000);
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->size(), entry.size_bytes);
    EXPECT_EQ(to_hex(sha256(*plain)), entry.sha256);
  }
}

TEST_F(Composition, TheIndexComesBeforeTheData) {
  std::vector<TimedRecord> records;
  send(customer(), records);
  part(1, kStart, kStart + 7 * kSecond, records);
  compose();
  const auto plain =
      read_sealed(folder_.path() / "interview.mp4", key_.derive("file:interview.mp4"), 100'000'000).value();
  const auto text = as_text(plain);
  ASSERT_NE(text.find("moov"), std::string_view::npos);
  EXPECT_LT(text.find("moov"), text.find("mdat"));
}

TEST_F(Composition, LossesDelaysAndDisorderMoveNothing) {
  Sender sender = customer();
  sender.loses = [](std::uint64_t sequence) { return sequence % 97 == 50; };
  sender.reordered = 4;
  sender.jitter_us = 30'000;
  std::vector<TimedRecord> records;
  send(sender, records);
  part(1, kStart, kStart + 7 * kSecond, records);
  const auto result = compose();
  EXPECT_EQ(result.duration_ms, 7'000);
  EXPECT_GE(offsets_ms(flashes_in(decoded("interview.mp4"), true), beeps_in(decoded("interview.mp4"), 1000)).size(),
            2U);
  const DecodedFile file = decoded("interview-customer.mkv");  // every picture that is left decodes
  EXPECT_LT(file.pictures.size(), 180U);
  EXPECT_GT(file.pictures.size(), 20U);
}

TEST_F(Composition, WithoutReportsArrivalAligns) {
  Sender sender = customer();
  sender.reports = false;
  sender.picture_delay_us = sender.sound_delay_us;
  std::vector<TimedRecord> records;
  send(sender, records);
  part(1, kStart, kStart + 7 * kSecond, records);
  EXPECT_FALSE(compose().av_offset_ms);
  expect_aligned("interview.mp4", true, 25);
}

TEST_F(Composition, H264GoesTheSameWay) {
  Sender sender = customer();
  sender.codec = media::Codec::h264;
  std::vector<TimedRecord> records;
  send(sender, records);
  part(1, kStart, kStart + 7 * kSecond, records);
  compose();
  expect_aligned("interview.mp4", true, 20);
  expect_aligned("interview-customer.mkv", true, 20);
  EXPECT_EQ(decoded("interview-customer.mkv").pictures.front().width, 640);
}

TEST_F(Composition, ATurnedPictureStandsUpright) {
  Sender sender = customer();
  sender.rotation = media::Rotation::clockwise_90;
  std::vector<TimedRecord> records;
  send(sender, records);
  part(1, kStart, kStart + 7 * kSecond, records);
  compose();
  EXPECT_EQ(decoded("interview-customer.mkv").rotate_tag, "90");
  const DecodedFile file = decoded("interview.mp4", true);
  // 360×640 fills the height of its column: 404×720 in the middle of 640. Seen during a flash.
  const auto bright =
      std::find_if(file.pictures.begin(), file.pictures.end(), [](const auto& p) { return p.left > 180; });
  ASSERT_NE(bright, file.pictures.end());
  const auto at = [&](int x, int y) {
    return int{bright->luma[static_cast<std::size_t>(y) * 1280 + static_cast<std::size_t>(x)]};
  };
  EXPECT_GT(at(320, 60), 150);
  EXPECT_GT(at(320, 640), 150);
  EXPECT_LT(at(60, 360), 60);
  EXPECT_LT(at(580, 360), 60);
}

TEST_F(Composition, AGapStaysAGapAndIsDeclared) {
  std::vector<TimedRecord> first;
  send(customer(), first);
  send(agent(), first);
  part(1, kStart, kStart + 6 * kSecond, first);
  std::vector<TimedRecord> second;
  Sender again = customer();
  again.first_track = 21;
  again.start_us = kStart + 10 * kSecond;
  again.clock_ahead_us = 5;  // another device
  send(again, second);
  part(2, kStart + 9 * kSecond, kStart + 16 * kSecond, second);
  const auto result = compose();
  EXPECT_EQ(result.duration_ms, 16'000);
  ASSERT_THAT(result.gaps, SizeIs(1));
  EXPECT_EQ(result.gaps[0].from_ms, 6'000);
  EXPECT_EQ(result.gaps[0].to_ms, 9'000);
  EXPECT_EQ(result.gaps[0].cause, "interrupted");
  EXPECT_FALSE(result.recovered);
  const DecodedFile file = decoded("interview.mp4");
  EXPECT_EQ(file.pictures.size(), 400U);
  const auto flashes = flashes_in(file, true);
  // Seconds 1–5 of the scene before the gap, 1–5 after it, at their own times.
  EXPECT_TRUE(std::any_of(flashes.begin(), flashes.end(), [](double t) { return std::abs(t - 11.03) < 0.05; }));
  EXPECT_TRUE(std::none_of(flashes.begin(), flashes.end(), [](double t) { return t > 6.1 && t < 9.9; }));
  expect_aligned("interview.mp4", true, 20);
  const DecodedFile stream = decoded("interview-customer.mkv");
  EXPECT_NEAR(stream.pictures.back().seconds, 16 - 0.09 + 0.03, 0.04);  // what arrived before the part's end
}

TEST_F(Composition, ACutPartIsRecoveredUpToItsEnd) {
  std::vector<TimedRecord> records;
  send(customer(), records);
  part(1, kStart, kStart + 7 * kSecond, records);
  const auto path = folder_.path() / parts_[0];
  std::filesystem::resize_file(path, std::filesystem::file_size(path) * 8 / 10);
  std::vector<TimedRecord> second;
  Sender again = customer();
  again.start_us = kStart + 12 * kSecond;
  again.seconds = 2;
  send(again, second);  // the same track numbers: the server began anew
  part(2, kStart + 11 * kSecond, kStart + 14 * kSecond, second);
  const auto result = compose();
  EXPECT_TRUE(result.recovered);
  EXPECT_EQ(result.duration_ms, 14'000);
  ASSERT_THAT(result.gaps, SizeIs(1));
  EXPECT_EQ(result.gaps[0].cause, "crash");
  EXPECT_GT(result.gaps[0].from_ms, 3'000);
  EXPECT_LT(result.gaps[0].from_ms, 6'500);
  EXPECT_EQ(result.gaps[0].to_ms, 11'000);
}

TEST_F(Composition, APartThatIsOnlyItsBeginningIsPassedOver) {
  std::vector<TimedRecord> records;
  send(customer(), records);
  part(1, kStart, kStart + 7 * kSecond, records);
  parts_.push_back("part-2.journal");
  std::ofstream(folder_.path() / "part-2.journal") << "TW";
  const auto result = compose();
  EXPECT_TRUE(result.recovered);
  EXPECT_EQ(result.duration_ms, 7'000);
}

TEST_F(Composition, WhoSentNothingIsShownAsMissing) {
  part(1, kStart, kStart + 2 * kSecond, {});
  const auto result = compose();
  ASSERT_THAT(result.files, SizeIs(1));
  EXPECT_EQ(result.duration_ms, 2'000);
  const DecodedFile file = decoded("interview.mp4");
  EXPECT_EQ(file.pictures.size(), 50U);
}

TEST_F(Composition, ALongGapIsACardInTheComposedFileAndWholeInTheResult) {
  part(1, kStart, kStart + kSecond, {});
  part(2, kStart + 3'600 * kSecond, kStart + 3'601 * kSecond, {});
  const auto result = compose();
  EXPECT_EQ(result.duration_ms, 3'601'000);
  EXPECT_EQ(result.files[0].duration_ms, 12'000);
  ASSERT_THAT(result.gaps, SizeIs(1));
  EXPECT_EQ(result.gaps[0].to_ms - result.gaps[0].from_ms, 3'599'000);
}

TEST_F(Composition, RunsAgainOverWhatAnEarlierRunLeft) {
  std::vector<TimedRecord> records;
  send(customer(), records);
  part(1, kStart, kStart + 2 * kSecond, records);
  std::ofstream(folder_.path() / "interview.mp4.part") << "half";
  compose();
  const auto again = compose();
  EXPECT_THAT(again.files, SizeIs(2));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "interview.mp4.part"));
}

TEST_F(Composition, LeavesNothingHalfWhenNobodyWaits) {
  std::vector<TimedRecord> records;
  send(customer(), records);
  part(1, kStart, kStart + 7 * kSecond, records);
  const auto result = compose_recording(job(), random_, [](int percent) { return percent < 20; });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "processor.abandoned");
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "interview.mp4"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "interview.mp4.part"));
}

TEST_F(Composition, RefusesNamesThatLeadElsewhere) {
  part(1, kStart, kStart + kSecond, {});
  auto outside = job();
  outside.name = "../evil";
  EXPECT_FALSE(compose_recording(outside, random_, [](int) { return true; }));
  auto other_part = job();
  other_part.parts = {"/etc/passwd"};
  EXPECT_FALSE(compose_recording(other_part, random_, [](int) { return true; }));
  auto nobody = job();
  nobody.people.clear();
  EXPECT_FALSE(compose_recording(nobody, random_, [](int) { return true; }));
}

TEST_F(Composition, NothingPlainReachesTheDisk) {
  std::vector<TimedRecord> records;
  send(customer(), records);
  part(1, kStart, kStart + 2 * kSecond, records);
  compose();
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    for (const char* word : {"ftyp", "moov", "V_VP8", "OpusHead"})
      EXPECT_EQ(bytes.find(word), std::string::npos) << entry.path();
  }
}

}  // namespace
}  // namespace tw::processing
