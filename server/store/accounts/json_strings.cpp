#include "store/accounts/json_strings.hpp"

#include <boost/json.hpp>

namespace tw::store {

std::string to_json_array(const std::vector<std::string>& texts) {
  return boost::json::serialize(boost::json::array(texts.begin(), texts.end()));
}

std::vector<std::string> from_json_array(const std::string& json) {
  std::vector<std::string> texts;
  boost::system::error_code error;
  const auto value = boost::json::parse(json, error);
  if (error || !value.is_array()) return texts;
  for (const auto& item : value.get_array()) {
    if (item.is_string()) texts.emplace_back(item.get_string().c_str());
  }
  return texts;
}

}  // namespace tw::store
