#include "media/wire/transport_feedback.hpp"

#include <algorithm>

#include "base/byte_order.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {
namespace {

constexpr std::int64_t kTickMicros = 250;
constexpr std::int64_t kTicksPerReference = 256;  // 64 ms
constexpr std::size_t kHeaderBytes = 20;
constexpr std::size_t kVectorOfOne = 14;  // packets in a chunk with one bit each
constexpr std::size_t kVectorOfTwo = 7;
constexpr std::size_t kMostRun = 0x1FFF;

enum Symbol : std::uint8_t { kMissing = 0, kSmallDelta = 1, kLargeDelta = 2 };

/// The packet status chunks of section 3.1.3 and 3.1.4 for `symbols`.
std::size_t write_chunks(std::uint8_t* out, std::span<const std::uint8_t> symbols) {
  std::size_t bytes = 0;
  while (!symbols.empty()) {
    const auto end_of_run = std::ranges::find_if(symbols, [&](std::uint8_t s) { return s != symbols.front(); });
    const auto run = std::min(static_cast<std::size_t>(end_of_run - symbols.begin()), kMostRun);
    std::size_t taken = run;
    unsigned chunk = unsigned{symbols.front()} << 13 | static_cast<unsigned>(run);
    if (run <= kVectorOfTwo && run < symbols.size()) {
      const auto next = symbols.first(std::min(symbols.size(), kVectorOfOne));
      const bool no_large = std::ranges::find(next, std::uint8_t{kLargeDelta}) == next.end();
      const std::size_t width = no_large ? 1 : 2;
      taken = std::min(symbols.size(), no_large ? kVectorOfOne : kVectorOfTwo);
      chunk = no_large ? 0x8000 : 0xC000;
      for (std::size_t i = 0; i < taken; ++i) chunk |= unsigned{symbols[i]} << (14 - width * (i + 1));
    }
    store_be<std::uint16_t>(out + bytes, static_cast<std::uint16_t>(chunk));
    bytes += 2;
    symbols = symbols.subspan(taken);
  }
  return bytes;
}

}  // namespace

void TransportFeedbackBuilder::start_at(std::uint16_t sequence) {
  base_ = sequence;
  first_ = count_ = noted_ = 0;
  started_ = true;
}

void TransportFeedbackBuilder::received(std::uint16_t sequence, SteadyTime arrival) {
  if (!started_) start_at(sequence);
  const auto ahead = static_cast<std::uint16_t>(sequence - base_);
  if (ahead >= 0x8000) return;  // already told of as lost: it comes too late
  if (ahead >= kWindow) start_at(sequence);
  const std::size_t index = static_cast<std::uint16_t>(sequence - base_);
  for (; count_ <= index; ++count_) ticks(count_) = kNothing;
  if (ticks(index) != kNothing) return;  // the first arrival counts
  ticks(index) =
      std::chrono::duration_cast<std::chrono::microseconds>(arrival.time_since_epoch()).count() / kTickMicros;
  ++noted_;
}

void TransportFeedbackBuilder::drop_front(std::size_t packets) {
  for (std::size_t i = 0; i < packets; ++i) {
    if (ticks(i) != kNothing) --noted_;
  }
  base_ = static_cast<std::uint16_t>(base_ + packets);
  first_ = (first_ + packets) % kWindow;
  count_ -= packets;
}

std::size_t TransportFeedbackBuilder::write(std::span<std::uint8_t> out, std::uint32_t sender_ssrc,
                                            std::uint32_t media_ssrc) {
  if (noted_ == 0 || out.size() < kHeaderBytes + 8) return 0;
  std::array<std::uint8_t, kWindow> symbols{};
  std::array<std::uint8_t, kWindow * 2> deltas{};
  std::size_t delta_bytes = 0;
  std::size_t packets = 0;
  std::int64_t reference = kNothing;
  std::int64_t previous = 0;
  for (; packets < count_; ++packets) {
    const std::size_t chunk_bytes = 2 * (packets / kVectorOfTwo + 2);  // at most, with the packet to come
    if (kHeaderBytes + chunk_bytes + delta_bytes + 2 + 3 > out.size()) break;
    const std::int64_t tick = ticks(packets);
    if (tick == kNothing) continue;
    if (reference == kNothing) {
      reference = tick / kTicksPerReference;
      previous = reference * kTicksPerReference;
    }
    const std::int64_t delta = tick - previous;
    if (delta < INT16_MIN || delta > INT16_MAX) break;  // the next feedback has a reference time of its own
    if (delta >= 0 && delta <= 255) {
      symbols[packets] = kSmallDelta;
      deltas[delta_bytes++] = static_cast<std::uint8_t>(delta);
    } else {
      symbols[packets] = kLargeDelta;
      store_be<std::uint16_t>(deltas.data() + delta_bytes, static_cast<std::uint16_t>(delta));
      delta_bytes += 2;
    }
    previous = tick;
  }

  reference = std::max<std::int64_t>(reference, 0);  // nothing but losses fitted
  std::size_t size = kHeaderBytes + write_chunks(out.data() + kHeaderBytes, std::span(symbols).first(packets));
  std::copy_n(deltas.begin(), delta_bytes, out.begin() + static_cast<std::ptrdiff_t>(size));
  size += delta_bytes;
  const std::size_t padding = (4 - size % 4) % 4;
  std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(size), padding, std::uint8_t{0});
  size += padding;
  if (padding != 0) out[size - 1] = static_cast<std::uint8_t>(padding);

  out[0] = static_cast<std::uint8_t>(0x80 | (padding != 0 ? 0x20 : 0) | 15);
  out[1] = 205;
  store_be<std::uint16_t>(out.data() + 2, static_cast<std::uint16_t>(size / 4 - 1));
  store_be<std::uint32_t>(out.data() + 4, sender_ssrc);
  store_be<std::uint32_t>(out.data() + 8, media_ssrc);
  store_be<std::uint16_t>(out.data() + 12, base_);
  store_be<std::uint16_t>(out.data() + 14, static_cast<std::uint16_t>(packets));
  store_be24(out.data() + 16, static_cast<std::uint32_t>(reference) & 0xFFFFFF);
  out[19] = feedback_count_++;
  drop_front(packets);
  return size;
}

}  // namespace tw::media
