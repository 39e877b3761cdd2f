#include "media/stream/nack_generator.hpp"

#include <algorithm>

namespace tw::media {

bool NackGenerator::on_packet(std::uint64_t sequence, SteadyTime now) {
  if (!newest_) {
    newest_ = sequence;
    return true;
  }
  if (sequence <= *newest_) {
    erase(sequence);
    return true;
  }
  const std::uint64_t hole = sequence - *newest_ - 1;
  const std::uint64_t first = *newest_ + 1;
  newest_ = sequence;
  if (hole + missing_.size() > kMaxMissing) {
    missing_.clear();
    return false;
  }
  // Taken once, at the first hole; sound over a good network never has one.
  if (hole > 0 && missing_.capacity() < kMaxMissing) missing_.reserve(kMaxMissing);
  for (std::uint64_t i = 0; i < hole; ++i) missing_.push_back({first + i, now, now + kReorderWait, 0});
  return true;
}

void NackGenerator::erase(std::uint64_t sequence) {
  const auto found = std::ranges::lower_bound(missing_, sequence, {}, &Missing::sequence);
  if (found != missing_.end() && found->sequence == sequence) missing_.erase(found);
}

bool NackGenerator::take_due(SteadyTime now, std::chrono::microseconds round_trip, std::vector<std::uint16_t>& out) {
  out.clear();
  const auto given_up = std::erase_if(missing_, [now](const Missing& packet) {
    return now >= packet.ask_at && (packet.tries >= kMaxTries || now - packet.since >= kMaxAge);
  });
  const auto retry = std::max<SteadyTime::duration>(round_trip + kReorderWait, kMinRetry);
  for (auto& packet : missing_) {
    if (packet.ask_at > now) continue;
    out.push_back(static_cast<std::uint16_t>(packet.sequence));
    ++packet.tries;
    packet.ask_at = now + retry;
  }
  return given_up == 0;
}

std::optional<SteadyTime> NackGenerator::deadline() const {
  if (missing_.empty()) return std::nullopt;
  return std::ranges::min(missing_, {}, &Missing::ask_at).ask_at;
}

void NackGenerator::forget_before(std::uint64_t sequence) {
  std::erase_if(missing_, [sequence](const Missing& packet) { return packet.sequence < sequence; });
}

}  // namespace tw::media
