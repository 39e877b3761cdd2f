#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "base/config.hpp"

namespace tw::app {

enum class Verdict { good, warning, bad };

/// One thing looked at, in a sentence that says what to do when it is not good.
struct Finding {
  Verdict verdict = Verdict::good;
  std::string sentence;
};

/// Looks at this machine and configuration: folders, space, ports, addresses, fonts, codecs, clock, keys. Changes
/// nothing.
[[nodiscard]] std::vector<Finding> examine(const Config& config);

/// Prints the findings; true when none is bad.
bool print(const std::vector<Finding>& findings, std::ostream& out);

}  // namespace tw::app
