#pragma once

#include <string>
#include <vector>

namespace tw::store {

/// A list of texts in one column: a JSON array.
[[nodiscard]] std::string to_json_array(const std::vector<std::string>& texts);
/// Empty for anything that to_json_array did not write.
[[nodiscard]] std::vector<std::string> from_json_array(const std::string& json);

}  // namespace tw::store
