#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace tw::media {

/// Remembers which of the last packets of a track have come, so that a packet and its retransmission count once.
class ReceivedWindow {
 public:
  /// About 25 s of a 1.5 Mb/s picture: far longer than any retransmission takes.
  static constexpr std::size_t kPackets = 4096;

  /// True when this sequence number is new; false when it came before or is too old to tell.
  bool insert(std::uint64_t sequence) {
    if (!newest_) {
      newest_ = sequence;
      bits_.set(sequence % kPackets);
      return true;
    }
    if (sequence > *newest_) {
      if (sequence - *newest_ >= kPackets) {
        bits_.reset();
      } else {
        for (std::uint64_t skipped = *newest_ + 1; skipped < sequence; ++skipped) bits_.reset(skipped % kPackets);
      }
      newest_ = sequence;
      bits_.set(sequence % kPackets);
      return true;
    }
    if (*newest_ - sequence >= kPackets || bits_.test(sequence % kPackets)) return false;
    bits_.set(sequence % kPackets);
    return true;
  }

 private:
  std::bitset<kPackets> bits_;
  std::optional<std::uint64_t> newest_;
};

}  // namespace tw::media
