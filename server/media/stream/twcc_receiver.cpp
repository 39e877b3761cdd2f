#include "media/stream/twcc_receiver.hpp"

#include <algorithm>
#include <limits>

#include "base/byte_order.hpp"

namespace tw::media {
namespace {

constexpr std::size_t kHeaderBytes = 20;          // RTCP header, two SSRCs, base, count, reference time, report number
constexpr std::int64_t kTicksPerReference = 256;  // reference time counts 64 ms, deltas 250 µs
constexpr std::size_t kVectorSymbols = 7;
constexpr std::size_t kMaxRun = 0x1FFF;

std::int64_t to_ticks(SteadyTime time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count() / 250;
}

/// Status chunks of sections 3.1.3 and 3.1.4: long runs by length, the rest as vectors of seven 2-bit symbols.
std::size_t write_chunks(std::uint8_t* out, std::span<const std::uint8_t> symbols) {
  std::size_t written = 0;
  for (std::size_t i = 0; i < symbols.size(); written += 2) {
    std::size_t run = 1;
    while (i + run < symbols.size() && symbols[i + run] == symbols[i] && run < kMaxRun) ++run;
    if (run >= kVectorSymbols || i + run == symbols.size()) {
      store_be<std::uint16_t>(out + written, static_cast<std::uint16_t>(symbols[i] << 13 | static_cast<int>(run)));
      i += run;
      continue;
    }
    unsigned chunk = 0xC000;
    for (std::size_t k = 0; k < kVectorSymbols && i + k < symbols.size(); ++k) {
      chunk |= static_cast<unsigned>(symbols[i + k]) << (2 * (kVectorSymbols - 1 - k));
    }
    store_be<std::uint16_t>(out + written, static_cast<std::uint16_t>(chunk));
    i += std::min(kVectorSymbols, symbols.size() - i);
  }
  return written;
}

}  // namespace

void TwccReceiver::on_packet(std::uint16_t sequence, SteadyTime now) {
  const std::uint64_t extended = extender_.extend(sequence);
  if (next_base_ == 0) next_base_ = extended;
  if (pending_.size() >= kMaxPending) return;  // write_report is overdue; a packet not told of counts as lost there
  const auto at = std::ranges::lower_bound(pending_, extended, {}, &Arrival::sequence);
  if (at != pending_.end() && at->sequence == extended) return;
  pending_.insert(at, Arrival{extended, to_ticks(now)});
  if (!due_) due_ = now + kInterval;
  if (pending_.size() >= kMaxPending) due_ = now;
}

/// Fills symbols_ and deltas_ for as many pending arrivals as fit one report and returns how many those are.
std::size_t TwccReceiver::plan_symbols(std::int64_t reference_ticks, std::uint64_t base) {
  symbols_.clear();
  deltas_.clear();
  std::int64_t last = reference_ticks;
  std::size_t delta_bytes = 0;
  std::size_t told = 0;
  for (const Arrival& arrival : pending_) {
    const std::int64_t delta = arrival.ticks - last;
    const std::uint64_t span = arrival.sequence - base + 1;
    const bool small = delta >= 0 && delta <= 255;
    const std::size_t chunk_bytes = (static_cast<std::size_t>(span) / kVectorSymbols + 1) * 2;  // the worst case
    const std::size_t bytes = kHeaderBytes + chunk_bytes + delta_bytes + 2 + 4;
    if (span > kMaxSpan || bytes > kMaxReportBytes || delta < std::numeric_limits<std::int16_t>::min() ||
        delta > std::numeric_limits<std::int16_t>::max()) {
      break;
    }
    symbols_.resize(static_cast<std::size_t>(span - 1), kLost);
    symbols_.push_back(small ? kSmallDelta : kLargeDelta);
    deltas_.push_back(static_cast<std::int16_t>(delta));
    delta_bytes += small ? 1 : 2;
    last = arrival.ticks;
    ++told;
  }
  return told;
}

std::size_t TwccReceiver::write_report(std::span<std::uint8_t> out, std::uint32_t sender_ssrc,
                                       std::uint32_t media_ssrc) {
  due_.reset();
  if (pending_.empty() || out.size() < kMaxReportBytes) return 0;
  const Arrival& first = pending_.front();
  std::uint64_t base = std::min(next_base_, first.sequence);
  if (first.sequence - base >= kMaxSpan / 2) base = first.sequence;
  // Ticks are never negative: a steady clock starts at zero.
  const std::int64_t reference = first.ticks / kTicksPerReference;
  const std::size_t told = plan_symbols(reference * kTicksPerReference, base);

  std::uint8_t* p = out.data();
  store_be<std::uint32_t>(p + 4, sender_ssrc);
  store_be<std::uint32_t>(p + 8, media_ssrc);
  store_be<std::uint16_t>(p + 12, static_cast<std::uint16_t>(base));
  store_be<std::uint16_t>(p + 14, static_cast<std::uint16_t>(symbols_.size()));
  store_be24(p + 16, static_cast<std::uint32_t>(reference & 0xFFFFFF));
  p[19] = reports_++;
  std::size_t size = kHeaderBytes + write_chunks(p + kHeaderBytes, symbols_);
  for (const std::int16_t delta : deltas_) {
    if (delta >= 0 && delta <= 255) {
      p[size++] = static_cast<std::uint8_t>(delta);
    } else {
      store_be<std::uint16_t>(p + size, static_cast<std::uint16_t>(delta));
      size += 2;
    }
  }
  const std::size_t padding = (4 - size % 4) % 4;
  std::fill_n(p + size, padding, std::uint8_t{0});
  if (padding > 0) p[size + padding - 1] = static_cast<std::uint8_t>(padding);
  size += padding;
  p[0] = static_cast<std::uint8_t>(0x80 | (padding > 0 ? 0x20 : 0) | 15);
  p[1] = 205;
  store_be<std::uint16_t>(p + 2, static_cast<std::uint16_t>(size / 4 - 1));

  next_base_ = std::max(next_base_, base + symbols_.size());
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(told));
  return size;
}

}  // namespace tw::media
