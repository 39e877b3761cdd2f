#include "service/accounts/rules.hpp"

#include <boost/json.hpp>

namespace tw::service {
namespace {

/// Length of the sequence that begins with this byte (RFC 3629 section 4); 0 for a byte that begins none.
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

/// What the second byte of some sequences must not be: overlong forms, surrogates, beyond U+10FFFF.
bool is_bad_second(unsigned char first, unsigned char second) {
  return (first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) || (first == 0xF0 && second < 0x90) ||
         (first == 0xF4 && second >= 0x90);
}

}  // namespace

std::optional<std::size_t> count_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = sequence_length(first);
    if (length == 0 || i + length > text.size()) return std::nullopt;
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80 || (k == 1 && is_bad_second(first, next))) return std::nullopt;
    }
    i += length;
  }
  return count;
}

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
