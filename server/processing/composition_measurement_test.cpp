#include <gtest/gtest.h>

#include <cstdio>
#include <ctime>
#include <set>

#include "processing/composition_test_support.hpp"
#include "processing/likeness_test_support.hpp"

/// How fast a film of two lively people is made, how large and how good it becomes, and whether a picture is missing.
/// Not for every run: `bench/films.py` runs it, several times, and writes down what it prints.
namespace tw::processing {
namespace {

constexpr int kSeconds = 60;
/// By then the encoder has used up what its buffer allowed it in advance; a film goes on as the rest of this one.
constexpr double kSettledAfterSeconds = 30;
constexpr double kHalfAnHour = 1'800;

double used_seconds() {
  timespec at{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
  return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
}

/// Of half an hour: the beginning once, then the settled rate, and the index, which grows with the pictures.
double megabytes_in_half_an_hour(const DecodedFile& film, std::uint64_t file_bytes) {
  double before = 0;
  double after = 0;
  for (const auto& [second, bytes] : film.packets)
    (second < kSettledAfterSeconds ? before : after) += static_cast<double>(bytes);
  const double index = static_cast<double>(file_bytes) - before - after;
  return (before + after / (kSeconds - kSettledAfterSeconds) * (kHalfAnHour - kSettledAfterSeconds) +
          index * kHalfAnHour / kSeconds) /
         1e6;
}

TEST_F(Composition, DISABLED_Measurement) {
  std::vector<TimedRecord> records;
  for (Sender sender : {customer(), agent()}) {
    sender.width = 1280;
    sender.height = 720;
    sender.rate = sender.first_track == 1 ? 25 : 30;  // one as the film has them, one as browsers send them
    sender.seconds = kSeconds;
    sender.painter = lively_counting_picture(sender.first_track);
    send(sender, records);
  }
  part(1, kStart, kStart + (kSeconds + 1) * kSecond, records);
  auto measured = job();
  measured.threads = 1;
  const double before = used_seconds();
  const auto result = compose_recording(measured, random_, [](int) { return true; });
  const double used = used_seconds() - before;
  ASSERT_TRUE(result);

  LikenessOfTheCustomer likeness(
      PictureReader::open(folder_.path() / "interview-customer.mkv", key_.derive("file:interview-customer.mkv"))
          .value());
  likeness.from_seconds = kSettledAfterSeconds;
  std::set<int> numbers;
  const DecodedFile film = decode_sealed(folder_.path() / "interview.mp4", key_.derive("file:interview.mp4"), false,
                                         [&](const AVFrame& picture, double seconds) {
                                           likeness.see(picture, seconds);
                                           numbers.insert(number_in(picture));
                                         });
  int shown = 0;
  for (int number = 0; number < kSeconds * 25; ++number) shown += numbers.contains(number) ? 1 : 0;
  const double speed = (kSeconds + 1) / used;
  const double megabytes = megabytes_in_half_an_hour(film, result->files[0].size_bytes);
  std::printf(
      "{\"speed\": %.3f, \"megabytes_in_30_min\": %.1f, \"ssim\": %.4f, \"least_ssim\": %.4f, "
      "\"given\": %d, \"dropped\": %d, \"seconds\": %d}\n",
      speed, megabytes, likeness.mean(), likeness.least(), kSeconds * 25, kSeconds * 25 - shown, kSeconds);
  EXPECT_GE(speed, 3.5);
  EXPECT_LE(megabytes, 150);
  EXPECT_GE(likeness.mean(), 0.95);
  EXPECT_EQ(shown, kSeconds * 25);
}

}  // namespace
}  // namespace tw::processing
