#include "service/accounts/audit_log.hpp"

#include <charconv>

#include "store/database.hpp"

namespace tw::service {
namespace {

/// Entries are numbered, so that a page goes on where the one before ended even when clocks were set back.
Result<std::int64_t> last_number(const PageRequest& page) {
  auto text = decode_cursor(page);
  if (!text) return tl::unexpected(text.error());
  if (text->empty()) return std::numeric_limits<std::int64_t>::max();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size()) {
    return fail(ErrorKind::invalid, "cursor.invalid", "Pass the nextCursor of a page as it came, or none.");
  }
  return number;
}

}  // namespace

AuditLog::AuditLog(AccountsContext context) : context_(context) {}

Result<Page<AuditEntry>> AuditLog::list(const Caller& caller, const PageRequest& page) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  const auto before = last_number(page);
  if (!before) return tl::unexpected(before.error());
  return context_.database.read([&](store::Connection& connection) -> Result<Page<AuditEntry>> {
    const auto rows = connection.query(
        "SELECT id, at, actor, action, subject, data_json, number FROM audit WHERE tenant_id = :tenant AND number < "
        ":before "
        "ORDER BY number DESC LIMIT :most",
        {{"tenant", caller.tenant}, {"before", *before}, {"most", page.limit + 1}});
    Page<AuditEntry> entries;
    for (const auto& row : rows) {
      if (entries.items.size() == page.limit) {
        entries.next_cursor = encode_cursor(std::to_string(rows[page.limit - 1].i64(6)));
        break;
      }
      entries.items.push_back({row.id<AuditId>(0), row.time(1), row.text(2), row.text(3), row.text(4), row.text(5)});
    }
    return entries;
  });
}

}  // namespace tw::service
