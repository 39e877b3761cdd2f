#include "service/accounts/rules.hpp"

#include <boost/json.hpp>

#include "base/utf8.hpp"

namespace tw::service {

tl::unexpected<Error> field_invalid(std::string_view field, std::string message) {
  return fail(ErrorKind::invalid, "field.invalid", std::move(message), {{"field", std::string(field)}});
}

Result<void> check_text(std::string_view field, std::string_view text, std::size_t least, std::size_t most) {
  const auto count = count_characters(text);
  const bool bounded = count && *count >= least && *count <= most;
  bool clean = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) clean = false;
  }
  if (!text.empty() && (text.front() == ' ' || text.back() == ' ')) clean = false;
  if (bounded && clean) return {};
  return field_invalid(field, std::string(field) + " must be a text of " + std::to_string(least) + " to " +
                                  std::to_string(most) +
                                  " characters without control characters or spaces at its ends.");
}

tl::unexpected<Error> not_found() {
  return fail(ErrorKind::not_found, "not_found", "There is nothing of this id here.");
}

std::string json_of(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  boost::json::object object;
  for (const auto& [key, value] : members) object[key] = value;
  return boost::json::serialize(object);
}

}  // namespace tw::service
