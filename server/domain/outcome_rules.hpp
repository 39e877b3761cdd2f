#pragma once

#include <algorithm>
#include <chrono>

namespace tw::domain {

/// An outcome that was put off is asked for again so long before its deadline: an hour, or a quarter of a short time.
inline constexpr std::chrono::seconds kLongestReminderLead{3'600};
[[nodiscard]] constexpr std::chrono::seconds reminder_lead(std::chrono::minutes allowed) {
  return std::min(kLongestReminderLead, std::chrono::seconds(allowed) / 4);
}

}  // namespace tw::domain
