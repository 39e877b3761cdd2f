#include "service/accounts/admin_reasons.hpp"

#include "service/accounts/rules.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/reasons.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

constexpr std::size_t kMostReasonCharacters = 200;

Reason to_view(const store::ReasonRow& row) {
  return {row.id, parse_reason_kind(row.kind).value_or(ReasonKind::rejected), row.text, row.enabled};
}

tl::unexpected<Error> duplicate() {
  return fail(ErrorKind::conflict, "reason.duplicate", "This reason is in the list already.");
}

}  // namespace

const char* to_string(ReasonKind kind) { return kind == ReasonKind::rejected ? "rejected" : "needs_supplement"; }

std::optional<ReasonKind> parse_reason_kind(std::string_view text) {
  if (text == "rejected") return ReasonKind::rejected;
  if (text == "needs_supplement") return ReasonKind::needs_supplement;
  return std::nullopt;
}

AdminReasons::AdminReasons(AccountsContext context) : context_(context) {}

Result<std::vector<Reason>> AdminReasons::list(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  return context_.database.read([&](store::Connection& connection) -> Result<std::vector<Reason>> {
    std::vector<Reason> reasons;
    for (const auto& row : store::reasons_of(connection, caller.tenant)) reasons.push_back(to_view(row));
    return reasons;
  });
}

Result<Reason> AdminReasons::create(const Caller& caller, ReasonKind kind, const std::string& text) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (auto good = check_text("text", text, 1, kMostReasonCharacters); !good) return tl::unexpected(good.error());
  const WallTime now = context_.clock.wall_now();
  return context_.database.write([&](store::Transaction& transaction) -> Result<Reason> {
    if (store::is_reason_there(transaction, caller.tenant, to_string(kind), text)) return duplicate();
    if (store::reasons_of(transaction, caller.tenant).size() >= static_cast<std::size_t>(kMostReasons)) {
      return fail(ErrorKind::conflict, "reason.too_many",
                  "There are as many reasons as there may be; change one that is not needed.");
    }
    const store::ReasonRow row{ReasonId::make(now, context_.random), to_string(kind), text, true, now};
    store::add_reason(transaction, caller.tenant, row);
    store::append_audit(
        transaction,
        {caller.tenant, now, caller.actor(), "reason.created", row.id.str(), json_of({{"kind", row.kind}})},
        context_.random);
    return to_view(row);
  });
}

Result<Reason> AdminReasons::update(const Caller& caller, const std::string& id, const Change& change) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (change.text) {
    if (auto good = check_text("text", *change.text, 1, kMostReasonCharacters); !good)
      return tl::unexpected(good.error());
  }
  return context_.database.write([&](store::Transaction& transaction) -> Result<Reason> {
    const auto reason_id = ReasonId::parse(id);
    auto row = reason_id ? store::find_reason(transaction, caller.tenant, *reason_id) : std::nullopt;
    if (!row) return not_found();
    if (change.text && *change.text != row->text) {
      if (store::is_reason_there(transaction, caller.tenant, row->kind, *change.text)) return duplicate();
      row->text = *change.text;
    }
    row->enabled = change.enabled.value_or(row->enabled);
    store::change_reason(transaction, caller.tenant, *row);
    store::append_audit(transaction,
                        {caller.tenant, context_.clock.wall_now(), caller.actor(), "reason.changed", row->id.str(),
                         json_of({{"enabled", row->enabled ? "true" : "false"}})},
                        context_.random);
    return to_view(*row);
  });
}

}  // namespace tw::service
