#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tw::recording {

/// Records on their way from the one thread that receives packets to the one that stores them, without a lock: neither
/// ever waits for the other. Memory is taken in blocks and used again at once, the last one returned first, so that a
/// healthy disk needs two or three of them, whatever the limit is; the others are never touched.
class RecordRing {
 public:
  /// As much as is sealed at once.
  static constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;
  static constexpr std::size_t kMostBlocks = 256;

  /// Room for `blocks` blocks (1 to kMostBlocks) in all.
  explicit RecordRing(std::size_t blocks);
  ~RecordRing();
  RecordRing(const RecordRing&) = delete;
  RecordRing& operator=(const RecordRing&) = delete;

  // For the thread that fills:
  /// Where a record of `bytes` (at most kBlockBytes) can be written; null when no room is left.
  [[nodiscard]] std::uint8_t* reserve(std::size_t bytes);
  /// What was reserved last is whole now.
  void publish(std::size_t bytes);

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
  [[nodiscard]] bool take_block();

  std::size_t bytes_;
  std::uint8_t* memory_;
  std::array<std::atomic<std::uint32_t>, kMostBlocks> filled_{};
  Line filling_;   ///< blocks in the order in which they were begun
  Line returned_;  ///< blocks that are empty again

  // The filling thread's own.
  alignas(64) std::vector<Index> free_;
  std::uint64_t returned_out_ = 0;
  std::size_t writing_ = kNone;
  std::size_t written_ = 0;

  // The emptying thread's own.
  alignas(64) std::uint64_t filling_out_ = 0;
  std::size_t reading_ = kNone;
  std::size_t read_ = 0;
};

}  // namespace tw::recording
