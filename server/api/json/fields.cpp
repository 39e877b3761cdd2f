#include "api/json/fields.hpp"

#include <algorithm>
#include <cmath>

#include <boost/json.hpp>

#include "api/limits.hpp"
#include "base/utf8.hpp"

namespace tw::api {
namespace json = boost::json;

Result<json::object> read_json(const Request& request) {
  if (request.content_type() != "application/json") {
    return fail(ErrorKind::unsupported, "body.wrong_type", "Send the body as Content-Type: application/json.");
  }
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  boost::system::error_code error;
  json::value value = json::parse(request.body, error, {}, options);
  if (error || !value.is_object()) {
    return fail(ErrorKind::invalid, "json.malformed", "The body must be one JSON object in UTF-8.");
  }
  return std::move(value.get_object());
}

void Fields::refuse(std::string_view name, std::string_view why) {
  if (error_) return;
  const std::string field = prefix_ + std::string(name);
  error_ = Error{
      ErrorKind::invalid, "field.invalid", "The field " + field + " " + std::string(why) + ".", {{"field", field}}};
}

Result<void> Fields::finish() const {
  if (error_) return tl::unexpected(*error_);
  return {};
}

const json::value* Fields::find(std::string_view name, bool required) {
  const auto* value = object_.if_contains(name);
  if (value == nullptr && required) refuse(name, "is missing");
  return value;
}

std::optional<std::string> Fields::checked_text(std::string_view name, const json::value& value, Length length) {
  const auto* text = value.if_string();
  if (text == nullptr) {
    refuse(name, "must be a text");
    return std::nullopt;
  }
  const std::size_t count = characters(*text);
  if (count < length.least || count > length.most) {
    refuse(name, "must be " + std::to_string(length.least) + " to " + std::to_string(length.most) + " characters long");
    return std::nullopt;
  }
  if (text->find('\0') != json::string::npos) {
    refuse(name, "must not contain the zero character");
    return std::nullopt;
  }
  return std::string(*text);
}

std::string Fields::text(std::string_view name, Length length) {
  const auto* value = find(name, true);
  if (value == nullptr) return {};
  return checked_text(name, *value, length).value_or(std::string());
}

std::optional<std::string> Fields::optional_text(std::string_view name, Length length) {
  const auto* value = find(name, false);
  if (value == nullptr) return std::nullopt;
  return checked_text(name, *value, length);
}

std::string Fields::word(std::string_view name, std::initializer_list<std::string_view> words) {
  if (find(name, true) == nullptr) return {};
  return optional_word(name, words).value_or(std::string());
}

std::optional<std::string> Fields::optional_word(std::string_view name, std::initializer_list<std::string_view> words) {
  const auto* value = find(name, false);
  if (value == nullptr) return std::nullopt;
  const auto* text = value->if_string();
  if (text == nullptr || std::ranges::find(words, std::string_view(*text)) == words.end()) {
    std::string allowed = "must be one of";
    for (const auto word : words) allowed += " " + std::string(word);
    refuse(name, allowed);
    return std::nullopt;
  }
  return std::string(*text);
}

bool Fields::flag(std::string_view name) {
  if (find(name, true) == nullptr) return false;
  return optional_flag(name).value_or(false);
}

std::optional<bool> Fields::optional_flag(std::string_view name) {
  const auto* value = find(name, false);
  if (value == nullptr) return std::nullopt;
  if (const auto* flag = value->if_bool()) return *flag;
  refuse(name, "must be true or false");
  return std::nullopt;
}

std::optional<std::int64_t> Fields::optional_whole(std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* value = find(name, false);
  if (value == nullptr) return std::nullopt;
  const auto* number = value->if_int64();
  if (number == nullptr || *number < least || *number > most) {
    refuse(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return *number;
}

std::optional<std::optional<std::int64_t>> Fields::optional_whole_or_null(std::string_view name, std::int64_t least,
                                                                          std::int64_t most) {
  const auto* value = find(name, false);
  if (value != nullptr && value->is_null()) return std::optional<std::int64_t>();
  const auto number = optional_whole(name, least, most);
  if (!number) return std::nullopt;
  return number;
}

std::optional<double> Fields::optional_number(std::string_view name, Range range) {
  const auto* value = find(name, false);
  if (value == nullptr) return std::nullopt;
  boost::system::error_code error;
  const double number = value->is_number() ? value->to_number<double>(error) : 0;
  if (!value->is_number() || error || !std::isfinite(number) || number < range.least || number > range.most) {
    refuse(name, "must be a number from " + std::to_string(range.least) + " to " + std::to_string(range.most));
    return std::nullopt;
  }
  return number;
}

const json::array* Fields::list_of(std::string_view name, std::size_t most, bool required) {
  const auto* value = find(name, required);
  if (value == nullptr) return nullptr;
  const auto* list = value->if_array();
  if (list == nullptr || list->size() > most) {
    refuse(name, "must be a list of at most " + std::to_string(most));
    return nullptr;
  }
  return list;
}

std::optional<std::vector<std::string>> Fields::optional_texts(std::string_view name, std::size_t most, Length each) {
  const auto* list = list_of(name, most, false);
  if (list == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto text = checked_text(std::string(name) + "[" + std::to_string(i) + "]", (*list)[i], each);
    if (!text) return std::nullopt;
    texts.push_back(std::move(*text));
  }
  return texts;
}

}  // namespace tw::api
