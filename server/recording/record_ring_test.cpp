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

bool put(RecordRing& ring, std::uint32_t number, std::size_t bytes) {
  std::uint8_t* out = ring.reserve(bytes);
  if (out == nullptr) return false;
  std::memset(out, static_cast<int>(number & 0xFF), bytes);
  std::memcpy(out, &number, sizeof(number));
  const auto size = static_cast<std::uint32_t>(bytes);
  std::memcpy(out + 4, &size, sizeof(size));
  ring.publish(bytes);
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
