#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "service/views.hpp"

namespace tw::service {

/// Job kind of ComposeJobs.
inline constexpr const char* kComposeJob = "compose";

/// `data` of a webhook: the interview as the contract's schema has it.
[[nodiscard]] std::string interview_payload(const InterviewView& interview);

/// Order sections as they are stored.
[[nodiscard]] std::string sections_to_json(const std::vector<OrderSection>& sections);
[[nodiscard]] std::vector<OrderSection> sections_from_json(const std::string& text);

/// What an order endpoint answered (the contract's OrderEndpointAnswer).
struct OrderAnswer {
  bool allowed = false;
  std::string message;
  std::vector<OrderSection> sections;
};
/// `order.unavailable` (unavailable) for anything that is not such an answer, limits of the contract included.
[[nodiscard]] Result<OrderAnswer> parse_order_answer(std::string_view body);

}  // namespace tw::service
