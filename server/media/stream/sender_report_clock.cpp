#include "media/stream/sender_report_clock.hpp"

#include <algorithm>

#include "media/stream/ntp_time.hpp"

namespace tw::media {
namespace {

std::int64_t ntp_micros(std::uint64_t ntp) {
  return static_cast<std::int64_t>(ntp >> 32) * 1'000'000 +
         static_cast<std::int64_t>((ntp & 0xFFFFFFFF) * 1'000'000 >> 32);
}

std::uint64_t from_ntp_micros(std::int64_t micros) {
  const auto seconds = static_cast<std::uint64_t>(micros / 1'000'000);
  const auto fraction = (static_cast<std::uint64_t>(micros % 1'000'000) << 32) / 1'000'000;
  return seconds << 32 | fraction;
}

}  // namespace

void PublisherClock::on_report(std::uint64_t ntp, WallTime arrival) {
  offsets_[count_++ % kReports] = ntp_micros(to_ntp(arrival)) - ntp_micros(ntp);
}

std::uint64_t PublisherClock::publisher_ntp(WallTime ours) const {
  const auto used = static_cast<std::ptrdiff_t>(std::min(count_, kReports));
  const std::int64_t offset = used == 0 ? 0 : *std::min_element(offsets_.begin(), offsets_.begin() + used);
  return from_ntp_micros(std::max<std::int64_t>(ntp_micros(to_ntp(ours)) - offset, 0));
}

std::optional<std::uint32_t> SenderReportClock::timestamp_at(WallTime now, const PublisherClock& clock) const {
  if (!ntp_ || !clock.known()) return std::nullopt;
  const std::int64_t elapsed = ntp_difference(clock.publisher_ntp(now), *ntp_).count();
  const std::int64_t ticks = elapsed * std::int64_t{clock_rate_hz_} / 1'000'000;
  return timestamp_ + static_cast<std::uint32_t>(ticks);
}

}  // namespace tw::media
