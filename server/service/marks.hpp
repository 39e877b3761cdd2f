#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// Exactly one of the two.
struct NewMark {
  std::string label;  ///< an id of the company's list, as it came
  std::string text;
};

/// What an agent sets on the timeline while they talk ("risk read"): each becomes a chapter of the recording.
class Marks {
 public:
  static constexpr std::int64_t kMostPerInterview = 200;  ///< as many chapters as a film may have
  static constexpr std::size_t kMostCharacters = 60;

  explicit Marks(Core& core) : core_(core) {}

  /// `mark.label_invalid` (422) without exactly one of label and text, `mark_label.unknown` (404), `mark.too_many`,
  /// `interview.not_talking`, `interview.not_yours` (409), `interview.unknown` (404).
  [[nodiscard]] Result<MarkView> set(const Caller& caller, const std::string& interview, const NewMark& mark);

 private:
  Core& core_;
};

}  // namespace tw::service
