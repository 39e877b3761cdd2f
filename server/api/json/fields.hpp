#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "api/http/message.hpp"
#include "base/result.hpp"

namespace tw::api {

/// The body of a request as a JSON object. `body.wrong_type` (415) unless it says application/json; `json.malformed`
/// (400) for broken JSON or UTF-8, nesting deeper than kMaxJsonDepth, or something else than an object.
[[nodiscard]] Result<boost::json::object> read_json(const Request& request);

/// Reads an object's fields under the contract's limits. Goes on after a wrong one, so that code reads top-down; the
/// first wrong field is what `error` then tells: `field.invalid` (400) with params.field. Unknown fields are left
/// alone, so that clients of a later version are understood.
class Fields {
 public:
  explicit Fields(const boost::json::object& object) : object_(object) {}

  struct Length {
    std::size_t least = 0;
    std::size_t most = 0;
  };
  struct Range {
    double least = 0;
    double most = 0;
  };

  [[nodiscard]] std::string text(std::string_view name, Length length);
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view name, Length length);
  /// One of `words`.
  [[nodiscard]] std::string word(std::string_view name, std::initializer_list<std::string_view> words);
  [[nodiscard]] std::optional<std::string> optional_word(std::string_view name,
                                                         std::initializer_list<std::string_view> words);
  [[nodiscard]] bool flag(std::string_view name);
  [[nodiscard]] std::optional<bool> optional_flag(std::string_view name);
  [[nodiscard]] std::optional<std::int64_t> optional_whole(std::string_view name, std::int64_t least,
                                                           std::int64_t most);
  /// Null is a value of its own: the inner nullopt.
  [[nodiscard]] std::optional<std::optional<std::int64_t>> optional_whole_or_null(std::string_view name,
                                                                                  std::int64_t least,
                                                                                  std::int64_t most);
  [[nodiscard]] std::optional<double> optional_number(std::string_view name, Range range);
  [[nodiscard]] std::optional<std::vector<std::string>> optional_texts(std::string_view name, std::size_t most,
                                                                       Length each);
  /// Objects of a list; `read` gets a reader for each, whose errors carry the place: "sections[0].kind".
  template <class Read>
  [[nodiscard]] bool objects(std::string_view name, std::size_t most, bool required, Read read) {
    const auto* list = list_of(name, most, required);
    if (list == nullptr) return false;
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string place = std::string(name) + "[" + std::to_string(i) + "]";
      const auto* object = (*list)[i].if_object();
      if (object == nullptr) {
        refuse(place, "must be an object");
        return true;
      }
      Fields fields(*object, prefix_ + place + ".");
      read(fields);
      if (!error_ && fields.error_) error_ = fields.error_;
    }
    return true;
  }

  /// Marks a field as wrong for a reason that needs more than one look.
  void refuse(std::string_view name, std::string_view why);
  [[nodiscard]] bool good() const { return !error_; }
  /// The first error.
  [[nodiscard]] Result<void> finish() const;

 private:
  Fields(const boost::json::object& object, std::string prefix) : object_(object), prefix_(std::move(prefix)) {}
  [[nodiscard]] const boost::json::value* find(std::string_view name, bool required);
  [[nodiscard]] const boost::json::array* list_of(std::string_view name, std::size_t most, bool required);
  [[nodiscard]] std::optional<std::string> checked_text(std::string_view name, const boost::json::value& value,
                                                        Length length);

  const boost::json::object& object_;
  std::string prefix_;
  std::optional<Error> error_;
};

}  // namespace tw::api
