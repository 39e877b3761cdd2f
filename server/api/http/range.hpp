#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "api/http/message.hpp"

namespace tw::api {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// What a Range header asks of `size` bytes (RFC 9110 section 14). `whole`: none, another unit, malformed or several
/// ranges, which a server may answer in full. `unsatisfiable`: nothing of it lies inside.
struct WholeBody {
  friend bool operator==(WholeBody, WholeBody) = default;
};
struct Unsatisfiable {
  friend bool operator==(Unsatisfiable, Unsatisfiable) = default;
};
using RangeAnswer = std::variant<WholeBody, ByteRange, Unsatisfiable>;
[[nodiscard]] RangeAnswer parse_range(std::string_view header, std::uint64_t size);

/// Sends `source` as the request's method, Range and If-Range ask: 200, 206, 304 or 416, with ETag and Accept-Ranges.
/// `etag` without quotes: it must change with the content.
[[nodiscard]] Response send_file(const Request& request, std::shared_ptr<BodySource> source,
                                 std::string_view content_type, std::string_view etag);

/// Content-Disposition that saves a file under its name (RFC 6266, RFC 8187 for what is not ASCII).
[[nodiscard]] std::string attachment(std::string_view file_name);

}  // namespace tw::api
