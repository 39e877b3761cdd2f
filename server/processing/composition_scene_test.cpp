#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include "processing/composition_test_support.hpp"
#include "processing/likeness_test_support.hpp"
#include "processing/sealed_avio.hpp"

/// What a film shows and lets hear of what happened in the room.
namespace tw::processing {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::SizeIs;

int luma_at(const DecodedFile& file, double seconds, int x, int y) {
  const auto picture = std::min_element(file.pictures.begin(), file.pictures.end(), [&](const auto& a, const auto& b) {
    return std::abs(a.seconds - seconds) < std::abs(b.seconds - seconds);
  });
  return picture->luma[static_cast<std::size_t>(y) * 1280 + static_cast<std::size_t>(x)];
}

Sender quiet_picture(const std::string& participant, media::TrackNumber track, int luma) {
  return {.participant = participant,
          .first_track = track,
          .width = 320,
          .height = 180,
          .rate = 10,
          .start_us = kStart + 100'000,
          .seconds = 4,
          .voice = false,
          .painter = plain_picture(luma)};
}

bool runs(const std::string& command) { return std::system((command + " > /dev/null 2>&1").c_str()) == 0; }

TEST_F(Composition, AScreenIsLargeWithFacesBesideItWhileItLasts) {
  std::vector<TimedRecord> records;
  send(quiet_picture("customer", 1, 60), records);
  send(quiet_picture("agent", 11, 120), records);
  Sender screen = quiet_picture("agent", 21, 215);
  screen.stream = "screen";
  screen.start_us = kStart + 1'500'000;
  screen.seconds = 1;
  screen.ends = true;
  send(screen, records);
  part(1, kStart, kStart + 4 * kSecond, records);
  const auto result = compose();
  ASSERT_THAT(result.files, SizeIs(4));
  EXPECT_TRUE(std::any_of(result.files.begin(), result.files.end(), [](const auto& file) {
    return file.name == "interview-agent-screen.mkv" && file.participant == "agent" && file.stream == "screen";
  }));
  const DecodedFile film = decoded("interview.mp4", true);
  EXPECT_NEAR(luma_at(film, 1.0, 320, 360), 60, 12);
  EXPECT_NEAR(luma_at(film, 1.0, 960, 360), 120, 12);
  EXPECT_NEAR(luma_at(film, 2.2, 480, 360), 215, 12);   // the screen
  EXPECT_NEAR(luma_at(film, 2.2, 1120, 100), 60, 12);   // the customer, small
  EXPECT_NEAR(luma_at(film, 2.2, 1120, 290), 120, 12);  // the agent below
  EXPECT_NEAR(luma_at(film, 3.2, 320, 360), 60, 12);
  EXPECT_NEAR(luma_at(film, 3.2, 960, 360), 120, 12);
}

TEST_F(Composition, AGuestTakesAPlaceWhileThereAndAMissingPictureIsACard) {
  std::vector<TimedRecord> records;
  send(quiet_picture("customer", 1, 60), records);
  send(quiet_picture("agent", 11, 120), records);
  Sender guest = quiet_picture("gst_1", 21, 200);
  guest.start_us = kStart + 2 * kSecond;
  guest.seconds = 2;
  send(guest, records);
  part(1, kStart, kStart + 6 * kSecond, records);
  compose();
  const DecodedFile film = decoded("interview.mp4", true);
  EXPECT_NEAR(luma_at(film, 1.0, 320, 500), 60, 12);  // two beside each other, whole height
  EXPECT_NEAR(luma_at(film, 3.0, 320, 300), 60, 12);  // three in a grid
  EXPECT_NEAR(luma_at(film, 3.0, 960, 300), 120, 12);
  EXPECT_NEAR(luma_at(film, 3.0, 320, 620), 200, 12);
}

TEST_F(Composition, PictureInPictureKeepsTheCornerOverWhatIsDrawnBelow) {
  std::vector<TimedRecord> records;
  send(quiet_picture("customer", 1, 60), records);
  send(quiet_picture("agent", 11, 200), records);
  part(1, kStart, kStart + 2 * kSecond, records);
  auto wanted = job();
  wanted.layout = recording::LayoutStyle::picture_in_picture;
  ASSERT_TRUE(compose_recording(wanted, random_, [](int) { return true; }));
  const DecodedFile film = decoded("interview.mp4", true);
  for (const double second : {0.8, 1.2, 1.7}) {
    EXPECT_NEAR(luma_at(film, second, 400, 300), 60, 12);
    EXPECT_NEAR(luma_at(film, second, 1100, 600), 200, 12);
  }
}

// After a transfer somebody else sits there: the name on their place changes when they do.
TEST_F(Composition, WhoSucceedsSomebodyIsShownByTheirOwnName) {
  std::vector<TimedRecord> records;
  send(quiet_picture("customer", 1, 60), records);
  send(quiet_picture("agent", 11, 120), records);
  part(1, kStart, kStart + 3 * kSecond, records);
  auto wanted = job();
  wanted.people[1] = {"agent", "", true, {{from_micros(kStart + 2 * kSecond), "李四 Li Si"}}};
  ASSERT_TRUE(compose_recording(wanted, random_, [](int) { return true; }));
  const DecodedFile film = decoded("interview.mp4", true);
  const auto brightest = [&](double seconds, int left) {
    int most = 0;
    for (int y = 0; y < 30; ++y) {
      for (int x = left; x < left + 80; ++x) most = std::max(most, luma_at(film, seconds, x, y));
    }
    return most;
  };
  EXPECT_GT(brightest(1.5, 0), 120) << "the customer's name";
  EXPECT_LT(brightest(1.5, 640), 60) << "nobody whose name is known";
  EXPECT_GT(brightest(2.5, 0), 120);
  EXPECT_GT(brightest(2.5, 640), 120);
}

// A camera of 25 pictures a second, whose times jitter by whole milliseconds: the film shows each of them once.
TEST_F(Composition, NoPictureIsDroppedAndNoneIsShownTwice) {
  Sender sender = customer();
  sender.rate = 25;
  sender.seconds = 4;
  sender.voice = false;
  sender.start_us = kStart + 311'500;
  sender.painter = counting_picture();
  std::vector<TimedRecord> records;
  send(sender, records);
  part(1, kStart, kStart + 5 * kSecond, records);
  compose();
  const DecodedFile film = decoded("interview.mp4", true);
  std::vector<int> numbers;
  for (const auto& picture : film.pictures) {
    const auto at = [&](int x, int y) {
      return int{picture.luma[static_cast<std::size_t>(y) * 1280 + static_cast<std::size_t>(x)]};
    };
    if (std::abs(at(320, 180 + 300) - 110) > 12) continue;  // a card, or nothing yet
    int number = 0;
    for (int bit = 0; bit < 16; ++bit) number |= (at(64 + bit * 32 + 16, 180 + 112) > 128 ? 1 : 0) << bit;
    if (numbers.empty() || numbers.back() != 99) numbers.push_back(number);  // the last one stays for a while
  }
  ASSERT_EQ(numbers.size(), 100U);
  for (std::size_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], static_cast<int>(i));
}

TEST_F(Composition, SizeAndTurnMayChangeInTheMiddle) {
  Sender sender = customer();
  sender.seconds = 4;
  sender.rate = 10;
  sender.width = 320;
  sender.height = 180;
  sender.later_size = {640, 360};
  sender.later_rotation = media::Rotation::clockwise_90;
  sender.painter = plain_picture(180);
  std::vector<TimedRecord> records;
  send(sender, records);
  part(1, kStart, kStart + 4 * kSecond, records);
  compose();
  const DecodedFile film = decoded("interview.mp4", true);
  EXPECT_NEAR(luma_at(film, 1.5, 40, 360), 180, 12);  // lying: the whole width
  EXPECT_LT(luma_at(film, 1.5, 320, 80), 60);
  EXPECT_LT(luma_at(film, 3.5, 40, 360), 60);  // standing: the whole height
  EXPECT_NEAR(luma_at(film, 3.5, 320, 80), 180, 12);
}

TEST_F(Composition, EverybodyIsEquallyLoudAndAWhisperIsNotInTheFilm) {
  const auto voice = [](const std::string& participant, media::TrackNumber track, double hertz, double level) {
    return Sender{.participant = participant,
                  .first_track = track,
                  .hertz = hertz,
                  .beeps = false,
                  .start_us = kStart + 100'000,
                  .seconds = 4,
                  .video = false,
                  .level = level};
  };
  std::vector<TimedRecord> records;
  Sender loud = voice("customer", 1, 700, 0.4);
  // Every tenth packet is lost: the next one carries a copy.
  loud.loses_sound = [](std::uint64_t sequence) { return sequence % 10 == 7; };
  send(loud, records);
  send(voice("agent", 11, 1000, 0.04), records);
  Sender film = voice("player", 21, 1400, 0.1);
  film.stream = "broadcast";
  send(film, records);
  Sender whisper = voice("sup_1", 31, 2000, 0.4);
  whisper.stream = "whisper";
  send(whisper, records);
  part(1, kStart, kStart + 4 * kSecond, records);
  const auto result = compose();
  const DecodedFile composed = decoded("interview.mp4");
  const double customer_level = tone_level(composed, 700, 1, 3.5);
  for (const double hertz : {1000.0, 1400.0}) {
    EXPECT_NEAR(20 * std::log10(tone_level(composed, hertz, 1, 3.5) / customer_level), 0, 2.0) << hertz;
  }
  EXPECT_LT(tone_level(composed, 2000, 1, 3.5), customer_level / 100);
  EXPECT_GT(tone_level(decoded("interview-sup_1-whisper.mkv"), 2000, 1, 3.5), 0.3);
  // A gain that moves, or a lost packet that became silence, would show as a level that is not the same all the time.
  for (double second = 0.5; second < 3.8; second += 0.02) {
    EXPECT_NEAR(20 * std::log10(tone_level(composed, 700, second, second + 0.02) / customer_level), 0, 4.5) << second;
  }
  EXPECT_TRUE(std::any_of(result.files.begin(), result.files.end(),
                          [](const auto& file) { return file.stream == "whisper" && file.participant == "sup_1"; }));
}

TEST_F(Composition, ChaptersAreInTheFileAndInTheAnswer) {
  part(1, kStart, kStart + 2 * kSecond, {});
  part(2, kStart + 4 * kSecond, kStart + 5 * kSecond, {});
  events_ = {{from_micros(kStart + 1 * kSecond), "hold_started", "保持 On hold"},
             {from_micros(kStart + 1'500'000), "supervisor_left", ""},
             {from_micros(kStart + 99 * kSecond), "player_started", "播放 Playing"}};
  const auto result = compose();
  ASSERT_THAT(result.chapters, SizeIs(3));
  EXPECT_EQ(result.chapters[0].kind, "start");
  EXPECT_EQ(result.chapters[1].at_ms, 1'000);
  EXPECT_EQ(result.chapters[1].kind, "hold_started");
  EXPECT_EQ(result.chapters[2].at_ms, 4'000);
  EXPECT_EQ(result.chapters[2].kind, "recording_gap");
  const DecodedFile film = decoded("interview.mp4");
  ASSERT_THAT(film.chapters, SizeIs(3));
  EXPECT_NEAR(film.chapters[1].first, 1.0, 0.01);
  EXPECT_EQ(film.chapters[1].second, "保持 On hold");
}

TEST_F(Composition, AJournalIsTakenFromItsMirrorWhereItIsMissing) {
  std::vector<TimedRecord> records;
  send(quiet_picture("customer", 1, 200), records);
  part(1, kStart, kStart + 2 * kSecond, records);
  const auto mirror = folder_.path() / "mirror";
  std::filesystem::create_directories(mirror);
  std::filesystem::rename(folder_.path() / parts_[0], mirror / parts_[0]);
  auto wanted = job();
  wanted.mirror = mirror;
  const auto result = compose_recording(wanted, random_, [](int) { return true; });
  ASSERT_TRUE(result);
  EXPECT_THAT(result->files, SizeIs(2));
  EXPECT_FALSE(result->recovered);
}

// Whatever program opens them: nothing has to be repaired first.
TEST_F(Composition, OtherPeoplesToolsOpenEveryFile) {
  if (!runs("mkvmerge --version") || !runs("ffprobe -version")) GTEST_SKIP() << "mkvtoolnix or ffmpeg is missing";
  std::vector<TimedRecord> records;
  Sender sender = customer();
  sender.seconds = 3;
  send(sender, records);
  Sender h264 = agent();
  h264.codec = media::Codec::h264;
  h264.seconds = 3;
  send(h264, records);
  part(1, kStart, kStart + 3 * kSecond, records);
  events_ = {{from_micros(kStart + 1 * kSecond), "hold_started", "保持 On hold"}};
  const auto result = compose();
  ASSERT_THAT(result.files, SizeIs(3));
  for (const auto& file : result.files) {
    const auto plain = read_sealed(folder_.path() / file.name, key_.derive("file:" + file.name), 100'000'000).value();
    const auto path = (folder_.path() / ("plain-" + file.name)).string();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(plain.data()), static_cast<std::streamsize>(plain.size()));
    EXPECT_TRUE(runs("test -z \"$(ffprobe -v warning -count_frames -show_streams " + path +
                     " 2>&1 >/dev/null | grep -v '^Unsupported codec with id 98314 ')\""))
        << file.name;
    // 1 is "with warnings".
    EXPECT_TRUE(runs("mkvmerge -o " + path + ".again.mkv " + path)) << file.name;
  }
}

TEST_F(Composition, TheFilmLooksLikeWhatItWasGiven) {
  std::vector<TimedRecord> records;
  Sender sender = customer();
  sender.rate = 25;
  sender.seconds = 3;
  sender.voice = false;
  sender.painter = lively_picture(3);
  send(sender, records);
  part(1, kStart, kStart + 3 * kSecond, records);
  compose();
  auto reader =
      PictureReader::open(folder_.path() / "interview-customer.mkv", key_.derive("file:interview-customer.mkv"))
          .value();
  LikenessOfTheCustomer likeness(std::move(reader));
  decode_sealed(folder_.path() / "interview.mp4", key_.derive("file:interview.mp4"), false,
                [&](const AVFrame& shown, double seconds) { likeness.see(shown, seconds); });
  EXPECT_GE(likeness.pictures(), 60);
  EXPECT_GE(likeness.mean(), 0.95);
  EXPECT_GE(likeness.least(), 0.85);
}

}  // namespace
}  // namespace tw::processing
