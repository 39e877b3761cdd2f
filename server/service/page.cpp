#include "service/page.hpp"

#include "base/encoding.hpp"

namespace tw::service {

std::string encode_cursor(const std::string& last_id) { return to_base64url(as_bytes(last_id)); }

Result<std::string> decode_cursor(const PageRequest& request) {
  if (request.limit == 0 || request.limit > PageRequest::kMostItems) {
    return fail(ErrorKind::invalid, "field.invalid", "limit must be from 1 to 200.", {{"field", "limit"}});
  }
  if (request.cursor.empty()) return std::string();
  const auto id = from_base64url(request.cursor);
  if (!id || id->empty())
    return fail(ErrorKind::invalid, "cursor.invalid", "Pass the nextCursor of a page as it came, or none.");
  return std::string(as_text(*id));
}

}  // namespace tw::service
