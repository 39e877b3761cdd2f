#include "recording/record_ring.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <thread>

#include "base/random.hpp"

namespace tw::recording {
namespace {

bool put(RecordRing& ring, std::uint32_t number, std::size_t bytes, WallTime now = {}, std::uint64_t* place = nullptr) {
  std::uint8_t* out = ring.reserve(bytes, now);
  if (out == nullptr) return false;
  std::memset(out, static_cast<int>(number & 0xFF), bytes);
  std::memcpy(out, &number, sizeof(number));
  const auto size = static_cast<std::uint32_t>(bytes);
  std::memcpy(out + 4, &size, sizeof(size));
  const std::uint64_t at = ring.publish(bytes);
  if (place != nullptr) *place = at;
  return true;
}

/// Takes what is there; false when a record is not what was put in.
bool take(RecordRing& ring, std::uint32_t& next) {
  auto records = ring.front();
  const std::size_t whole = records.size();
  while (!records.empty()) {
    std::uint32_t number = 0;
    std::uint32_t size = 0;
    std::memcpy(&number, records.data(), sizeof(number));
    std::memcpy(&size, records.data() + 4, sizeof(size));
    if (number != next || size < 8 || size > records.size()) return false;
    for (std::size_t i = 8; i < size; ++i) {
      if (records[i] != (number & 0xFF)) return false;
    }
    ++next;
    records = records.subspan(size);
  }
  ring.release(whole);
  return true;
}

TEST(RecordRing, GivesRecordsInTheirOrderAcrossBlocks) {
  // On the heap: the sanitizer keeps stack objects at places of less alignment than the ring asks for.
  const auto owned = std::make_unique<RecordRing>(4);
  RecordRing& ring = *owned;
  std::uint32_t next = 0;
  std::uint32_t number = 0;
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < 40; ++i) ASSERT_TRUE(put(ring, number++, 1'240));
    while (!ring.front().empty()) ASSERT_TRUE(take(ring, next));
    ASSERT_EQ(next, number);
  }
}

TEST(RecordRing, RefusesWhenItIsFullAndTakesAgainAfterwards) {
  const auto owned = std::make_unique<RecordRing>(2);
  RecordRing& ring = *owned;
  std::uint32_t number = 0;
  while (put(ring, number, 10'000)) ++number;
  EXPECT_EQ(number, 12U);  // six whole records fit into each block
  EXPECT_FALSE(put(ring, number, 10'000));
  std::uint32_t next = 0;
  while (!ring.front().empty()) ASSERT_TRUE(take(ring, next));
  EXPECT_EQ(next, 12U);
  EXPECT_TRUE(put(ring, number, 10'000));
  ASSERT_TRUE(take(ring, next));
  EXPECT_EQ(next, 13U);
}

// What was stored can be read for kKeep; then its memory is used again, the last block first.
TEST(RecordRing, KeepsWhatWasStoredForAWhile) {
  const auto owned = std::make_unique<RecordRing>(8);
  RecordRing& ring = *owned;
  constexpr std::size_t kBytes = RecordRing::kBlockBytes;  // a block each
  const WallTime start{std::chrono::seconds{1'000}};
  const auto soon = start + RecordRing::kKeep - std::chrono::milliseconds{1};
  std::array<std::uint64_t, 8> places{};
  std::uint32_t next = 0;
  const auto number_at = [&](std::uint64_t place) {
    std::uint32_t number = ~0U;
    if (const std::uint8_t* found = ring.at(place)) std::memcpy(&number, found, sizeof(number));
    return number;
  };
  for (std::uint32_t i = 0; i < 4; ++i) {
    ASSERT_TRUE(put(ring, i, kBytes, i < 3 ? start : soon, &places[i]));
    while (!ring.front().empty()) ASSERT_TRUE(take(ring, next));
  }
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(number_at(places[i]), i);
  // The first two are old enough now; one of them goes.
  ASSERT_TRUE(put(ring, 4, kBytes, start + RecordRing::kKeep, &places[4]));
  EXPECT_EQ(number_at(places[4]), 4U);
  int gone = 0;
  for (std::uint32_t i = 0; i < 4; ++i) gone += ring.at(places[i]) == nullptr ? 1 : 0;
  EXPECT_EQ(gone, 1);
  EXPECT_EQ(number_at(places[2]), 2U) << "not among them: it was full when the next was begun";
  EXPECT_EQ(number_at(places[3]), 3U);
  // However much follows, a place never leads to something else.
  for (std::uint32_t i = 5; i < 40; ++i) {
    while (!ring.front().empty()) ASSERT_TRUE(take(ring, next));
    ASSERT_TRUE(put(ring, i, kBytes, start + i * RecordRing::kKeep));
  }
  for (std::uint32_t i = 0; i < 5; ++i) {
    EXPECT_TRUE(ring.at(places[i]) == nullptr || number_at(places[i]) == i) << i;
  }
  EXPECT_EQ(ring.at(places[4]), nullptr);
}

TEST(RecordRing, GivesUpWhatItKeepsBeforeItRefuses) {
  const auto owned = std::make_unique<RecordRing>(2);
  RecordRing& ring = *owned;
  std::uint64_t first = 0;
  std::uint32_t next = 0;
  ASSERT_TRUE(put(ring, 0, RecordRing::kBlockBytes, {}, &first));
  ASSERT_TRUE(put(ring, 1, RecordRing::kBlockBytes));
  while (!ring.front().empty()) ASSERT_TRUE(take(ring, next));
  ASSERT_TRUE(put(ring, 2, RecordRing::kBlockBytes)) << "at the same moment";
  EXPECT_EQ(ring.at(first), nullptr);
}

// Two threads at full speed, a ring that is full most of the time and records of every size: what is seen is whole, in
// order, and complete.
TEST(RecordRing, TwoThreadsSeeWholeRecordsInOrder) {
  constexpr std::uint32_t kRecords = 200'000;
  const auto owned = std::make_unique<RecordRing>(3);
  RecordRing& ring = *owned;
  std::atomic<bool> wanted{true};
  std::thread filling([&] {
    SeededRandom random(7);
    for (std::uint32_t number = 0; number < kRecords && wanted;) {
      std::array<std::uint8_t, 2> size{};
      random.fill(size);
      if (put(ring, number, 8 + size[0] * std::size_t{5} + size[1] % 8)) {
        ++number;
      } else {
        std::this_thread::yield();
      }
    }
  });
  std::uint32_t next = 0;
  bool right = true;
  while (right && next < kRecords) right = take(ring, next);
  EXPECT_TRUE(right) << "record " << next;
  wanted = false;
  filling.join();
}

}  // namespace
}  // namespace tw::recording
