#include "recording/record_ring.hpp"

#include <sys/mman.h>

#include <cassert>
#include <new>

namespace tw::recording {

// Mapped, not allocated: pages that no record ever reaches cost nothing, also when the process has used much before.
RecordRing::RecordRing(std::size_t blocks) : bytes_(blocks * kBlockBytes), memory_(nullptr) {
  assert(blocks >= 1 && blocks <= kMostBlocks);
  void* memory = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<std::uint8_t*>(memory);
  free_.reserve(blocks);
  for (std::size_t i = blocks; i > 0; --i) free_.push_back(static_cast<Index>(i - 1));
}

RecordRing::~RecordRing() { ::munmap(memory_, bytes_); }

bool RecordRing::take_block() {
  const auto returned = returned_.in.load(std::memory_order_acquire);
  for (; returned_out_ < returned; ++returned_out_) free_.push_back(returned_.blocks[returned_out_ % kMostBlocks]);
  if (free_.empty()) return false;
  const Index next = free_.back();
  free_.pop_back();
  filled_[next].store(0, std::memory_order_relaxed);
  filling_.push(next);
  writing_ = next;
  written_ = 0;
  return true;
}

std::uint8_t* RecordRing::reserve(std::size_t bytes) {
  assert(bytes > 0 && bytes <= kBlockBytes);
  if ((writing_ == kNone || written_ + bytes > kBlockBytes) && !take_block()) return nullptr;
  return block(writing_) + written_;
}

void RecordRing::publish(std::size_t bytes) {
  written_ += bytes;
  filled_[writing_].store(static_cast<std::uint32_t>(written_), std::memory_order_release);
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
