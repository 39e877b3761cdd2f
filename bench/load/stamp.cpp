#include "load/stamp.hpp"

#include "base/byte_order.hpp"

namespace tw::bench {
namespace {

constexpr std::uint32_t kMark = 0x54'57'4C'44;  // "TWLD"

}  // namespace

void Stamp::write(std::span<std::uint8_t> payload) const {
  std::uint8_t* at = payload.last(kBytes).data();
  store_be<std::uint32_t>(at, kMark);
  store_be<std::uint32_t>(at + 4, publisher);
  store_be<std::uint32_t>(at + 8, number);
  store_be<std::uint64_t>(at + 12, static_cast<std::uint64_t>(sent.time_since_epoch().count()));
}

std::optional<Stamp> Stamp::read(std::span<const std::uint8_t> payload) {
  if (payload.size() < kBytes) return std::nullopt;
  const std::uint8_t* at = payload.last(kBytes).data();
  if (load_be<std::uint32_t>(at) != kMark) return std::nullopt;
  const auto nanoseconds = static_cast<std::int64_t>(load_be<std::uint64_t>(at + 12));
  return Stamp{.publisher = load_be<std::uint32_t>(at + 4),
               .number = load_be<std::uint32_t>(at + 8),
               .sent = ArrivalTime{std::chrono::nanoseconds{nanoseconds}}};
}

}  // namespace tw::bench
