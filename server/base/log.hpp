#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tw::log {

enum class Level { debug, info, warning, error };
enum class Format { readable, json };

/// One named value of a log line. Never a secret, a name, a telephone number, an address or a picture: ids only.
class Field {
 public:
  Field(std::string_view key, std::string_view value) : key_(key), value_(value) {}
  Field(std::string_view key, const char* value) : key_(key), value_(value) {}
  Field(std::string_view key, const std::string& value) : key_(key), value_(value) {}
  Field(std::string_view key, bool value) : key_(key), value_(value ? "true" : "false") {}
  template <class Number>
    requires std::is_arithmetic_v<Number>
  Field(std::string_view key, Number value) : key_(key), value_(std::to_string(value)), number_(true) {}

  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] const std::string& value() const { return value_; }
  [[nodiscard]] bool is_number() const { return number_; }

 private:
  std::string key_;
  std::string value_;
  bool number_ = false;
};

/// Call once at start-up. Lines go to standard error.
void configure(Level least, Format format);

/// `event` is a short stable phrase ("media session connected"); everything that varies goes into fields.
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});
inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}

}  // namespace tw::log
