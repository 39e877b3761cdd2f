#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "service/caller.hpp"

/// Requests and answers as the rest of this room sees them: plain values, nothing of the library that carries them.
namespace tw::api {

enum class Method : unsigned { get = 1, post = 2, put = 4, patch = 8, del = 16, head = 32, options = 64, other = 128 };

[[nodiscard]] Method method_of(std::string_view name);
[[nodiscard]] std::string_view name_of(Method method);

/// Header fields in order; names compare without regard to case (RFC 9110 section 5.1).
class Headers {
 public:
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  /// Replaces every field of this name.
  void set(std::string_view name, std::string value);
  /// The first field of this name; nullopt when there is none.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

struct Request {
  Method method = Method::get;
  std::string path;   ///< as sent, without the query, not decoded
  std::string query;  ///< as sent, without the question mark
  Headers headers;
  std::string body;
  std::string address;  ///< of the peer; of the client where X-Forwarded-For is believed
  std::string id;       ///< of this request, in X-Request-Id and the log

  /// Set on the way: the values of the pattern's {names}, and who asks.
  std::vector<std::pair<std::string, std::string>> path_values;
  std::optional<service::Caller> caller;

  /// A value of the pattern; asserts that the pattern has the name.
  [[nodiscard]] const std::string& path_value(std::string_view name) const;
  /// A decoded parameter of the query; nullopt when it is missing or not decodable.
  [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
  [[nodiscard]] std::string_view header(std::string_view name) const {
    return headers.find(name).value_or(std::string_view{});
  }
  /// What stands after "Bearer " in Authorization; empty when there is none.
  [[nodiscard]] std::string_view bearer() const;
  /// The media type without its parameters, in small letters.
  [[nodiscard]] std::string content_type() const;
};

/// A body that is read in pieces while it is sent, on a worker thread.
class BodySource {
 public:
  virtual ~BodySource() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  [[nodiscard]] virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) = 0;
};

struct Response {
  unsigned status = 200;
  Headers headers;
  std::string body;
  ByteView fixed_body;  ///< instead of `body`: bytes that live as long as the program
  /// Instead of `body`: `source_length` bytes from `source_offset`.
  std::shared_ptr<BodySource> source;
  std::uint64_t source_offset = 0;
  std::uint64_t source_length = 0;

  [[nodiscard]] std::uint64_t length() const {
    return source ? source_length : fixed_body.empty() ? body.size() : fixed_body.size();
  }
};

/// Percent-decodes; nullopt for a broken escape or a zero byte. `plus_is_space` for queries.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
/// Everything but unreserved characters is escaped (RFC 3986 section 2.3).
[[nodiscard]] std::string percent_encode(std::string_view text);
[[nodiscard]] std::string_view reason_phrase(unsigned status);

}  // namespace tw::api
