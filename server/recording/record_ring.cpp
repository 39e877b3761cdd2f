#include "recording/record_ring.hpp"

#include <sys/mman.h>

#include <cassert>
#include <new>

namespace tw::recording {

namespace {

constexpr unsigned kOffsetBits = 16;
constexpr unsigned kBlockBits = 8;
static_assert(RecordRing::kBlockBytes == std::size_t{1} << kOffsetBits);
static_assert(RecordRing::kMostBlocks == std::size_t{1} << kBlockBits);

}  // namespace

// Mapped, not allocated: pages that no record ever reaches cost nothing, also when the process has used much before.
RecordRing::RecordRing(std::size_t blocks)
    : bytes_(blocks * kBlockBytes), memory_(nullptr), taken_(blocks), full_at_(blocks) {
  assert(blocks >= 1 && blocks <= kMostBlocks);
  void* memory = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<std::uint8_t*>(memory);
  spare_.reserve(blocks);
}

RecordRing::~RecordRing() { ::munmap(memory_, bytes_); }

std::optional<RecordRing::Index> RecordRing::unused_block(WallTime now) {
  const auto returned = returned_.in.load(std::memory_order_acquire);
  const auto oldest = [this] { return returned_.blocks[returned_out_ % kMostBlocks]; };
  for (; returned_out_ < returned && now - full_at_[oldest()] >= kKeep; ++returned_out_) spare_.push_back(oldest());
  if (!spare_.empty()) {
    const Index last = spare_.back();
    spare_.pop_back();
    return last;
  }
  if (untouched_ < taken_.size()) return static_cast<Index>(untouched_++);
  // A disk that was slow: what comes now matters more than what could be sent again.
  if (returned_out_ < returned) return returned_.blocks[returned_out_++ % kMostBlocks];
  return std::nullopt;
}

bool RecordRing::take_block(WallTime now) {
  const auto next = unused_block(now);
  if (!next) return false;
  if (writing_ != kNone) full_at_[writing_] = now;
  taken_[*next] = ++takes_;
  filled_[*next].store(0, std::memory_order_relaxed);
  filling_.push(*next);
  writing_ = *next;
  written_ = 0;
  return true;
}

std::uint8_t* RecordRing::reserve(std::size_t bytes, WallTime now) {
  assert(bytes > 0 && bytes <= kBlockBytes);
  if ((writing_ == kNone || written_ + bytes > kBlockBytes) && !take_block(now)) return nullptr;
  return block(writing_) + written_;
}

std::uint64_t RecordRing::publish(std::size_t bytes) {
  const std::uint64_t place = (taken_[writing_] << kBlockBits | writing_) << kOffsetBits | written_;
  written_ += bytes;
  filled_[writing_].store(static_cast<std::uint32_t>(written_), std::memory_order_release);
  return place;
}

const std::uint8_t* RecordRing::at(std::uint64_t place) const {
  const std::size_t index = place >> kOffsetBits & (kMostBlocks - 1);
  if (index >= taken_.size() || taken_[index] != place >> (kOffsetBits + kBlockBits)) return nullptr;
  return block(index) + (place & (kBlockBytes - 1));
}

std::span<std::uint8_t> RecordRing::front() {
  for (;;) {
    // Before looking how full the block is: once a later one was begun, nothing comes into this one any more.
    const auto begun = filling_.in.load(std::memory_order_acquire);
    if (reading_ == kNone) {
      if (filling_out_ == begun) return {};
      reading_ = filling_.blocks[filling_out_ % kMostBlocks];
      read_ = 0;
    }
    const std::size_t filled = filled_[reading_].load(std::memory_order_acquire);
    if (read_ < filled) return {block(reading_) + read_, filled - read_};
    if (filling_out_ + 1 == begun) return {};
    returned_.push(static_cast<Index>(reading_));
    ++filling_out_;
    reading_ = kNone;
  }
}

void RecordRing::release(std::size_t bytes) { read_ += bytes; }

}  // namespace tw::recording
