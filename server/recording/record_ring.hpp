#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"

namespace tw::recording {

/// Records on their way from the one thread that receives packets to the one that stores them, without a lock: neither
/// ever waits for the other. Memory is taken in blocks. A block that was stored is left as it is for kKeep, so that
/// what it holds can be sent to a viewer again without another copy; of those that are older the last is used first.
/// So a healthy disk needs a second's worth of blocks, whatever the limit is; the others are never touched.
class RecordRing {
 public:
  /// As much as is sealed at once.
  static constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;
  static constexpr std::size_t kMostBlocks = 256;
  /// A request that waits out reordering and is repeated once over a round trip of 300 ms comes 0.6 s late.
  static constexpr std::chrono::milliseconds kKeep{700};

  /// Room for `blocks` blocks (1 to kMostBlocks) in all.
  explicit RecordRing(std::size_t blocks);
  ~RecordRing();
  RecordRing(const RecordRing&) = delete;
  RecordRing& operator=(const RecordRing&) = delete;

  // For the thread that fills:
  /// Where a record of `bytes` (at most kBlockBytes) can be written; null when no room is left.
  [[nodiscard]] std::uint8_t* reserve(std::size_t bytes, WallTime now);
  /// What was reserved last is whole now. Its place, for `at`; a byte of it lies at its place and the byte's number.
  std::uint64_t publish(std::size_t bytes);
  /// What lies at a place that `publish` told; null when its block was taken for something else since. The check of a
  /// record changes while it is stored, nothing else does.
  [[nodiscard]] const std::uint8_t* at(std::uint64_t place) const;

  // For the thread that empties:
  /// The oldest records, whole and one behind the other; empty when there are none. They stay, and may be changed,
  /// until they are released.
  [[nodiscard]] std::span<std::uint8_t> front();
  void release(std::size_t bytes);

 private:
  using Index = std::uint16_t;
  static constexpr std::size_t kNone = kMostBlocks;
  /// Numbers of blocks, one thread in, one thread out; never more than there are blocks.
  struct Line {
    std::array<Index, kMostBlocks> blocks{};
    alignas(64) std::atomic<std::uint64_t> in{0};
    void push(Index block) {
      const auto at = in.load(std::memory_order_relaxed);
      blocks[at % kMostBlocks] = block;
      in.store(at + 1, std::memory_order_release);
    }
  };
  [[nodiscard]] std::uint8_t* block(std::size_t index) const { return memory_ + index * kBlockBytes; }
  [[nodiscard]] bool take_block(WallTime now);
  [[nodiscard]] std::optional<Index> unused_block(WallTime now);

  std::size_t bytes_;
  std::uint8_t* memory_;
  std::array<std::atomic<std::uint32_t>, kMostBlocks> filled_{};
  Line filling_;   ///< blocks in the order in which they were begun
  Line returned_;  ///< blocks that are empty again

  // The filling thread's own.
  alignas(64) std::vector<Index> spare_;  ///< stored, and kept for long enough
  std::vector<std::uint64_t> taken_;      ///< per block: how many were taken before it was
  std::vector<WallTime> full_at_;         ///< per block
  std::uint64_t takes_ = 0;
  std::size_t untouched_ = 0;  ///< blocks from here on were never used
  std::uint64_t returned_out_ = 0;
  std::size_t writing_ = kNone;
  std::size_t written_ = 0;

  // The emptying thread's own.
  alignas(64) std::uint64_t filling_out_ = 0;
  std::size_t reading_ = kNone;
  std::size_t read_ = 0;
};

}  // namespace tw::recording
