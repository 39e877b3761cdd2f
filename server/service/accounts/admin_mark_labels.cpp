#include "service/accounts/admin_mark_labels.hpp"

#include <algorithm>

#include "service/accounts/rules.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/mark_labels.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

MarkLabel to_view(const store::MarkLabelRow& row) { return {row.id, row.text, row.key, row.position}; }

Result<void> check_key(const std::optional<std::int64_t>& key) {
  if (!key || (*key >= AdminMarkLabels::kFirstKey && *key <= AdminMarkLabels::kLastKey)) return {};
  return field_invalid("key", "A key is one of the digits 1 to 9.");
}

/// What every label must keep to beside the others of the list.
Result<void> check_beside(const std::vector<store::MarkLabelRow>& others, const store::MarkLabelRow& row) {
  for (const auto& other : others) {
    if (other.id == row.id) continue;
    if (other.text == row.text)
      return fail(ErrorKind::conflict, "mark_label.duplicate", "This mark is in the list already.");
    if (row.key && other.key == row.key) {
      return fail(ErrorKind::conflict, "mark_label.key_taken", "Another mark has this key.",
                  {{"key", std::to_string(*row.key)}});
    }
  }
  return {};
}

}  // namespace

AdminMarkLabels::AdminMarkLabels(AccountsContext context) : context_(context) {}

Result<std::vector<MarkLabel>> AdminMarkLabels::list(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  return context_.database.read([&](store::Connection& connection) -> Result<std::vector<MarkLabel>> {
    std::vector<MarkLabel> labels;
    for (const auto& row : store::mark_labels_of(connection, caller.tenant)) labels.push_back(to_view(row));
    return labels;
  });
}

Result<MarkLabel> AdminMarkLabels::create(const Caller& caller, const NewLabel& label) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (auto good = check_text("text", label.text, 1, kMostCharacters); !good) return tl::unexpected(good.error());
  if (auto good = check_key(label.key); !good) return tl::unexpected(good.error());
  const WallTime now = context_.clock.wall_now();
  return context_.database.write([&](store::Transaction& transaction) -> Result<MarkLabel> {
    const auto others = store::mark_labels_of(transaction, caller.tenant);
    if (others.size() >= static_cast<std::size_t>(kMostLabels)) {
      return fail(ErrorKind::conflict, "mark_label.too_many",
                  "There are as many marks as there may be; delete one that is not needed.");
    }
    const std::int64_t last = others.empty() ? 0 : others.back().position;
    const store::MarkLabelRow row{MarkLabelId::make(now, context_.random), label.text, label.key,
                                  label.order.value_or(std::min(last + 1, kMostOrder)), now};
    if (auto good = check_beside(others, row); !good) return tl::unexpected(good.error());
    store::add_mark_label(transaction, caller.tenant, row);
    store::append_audit(
        transaction,
        {caller.tenant, now, caller.actor(), "mark_label.created", row.id.str(), json_of({{"text", row.text}})},
        context_.random);
    return to_view(row);
  });
}

Result<MarkLabel> AdminMarkLabels::update(const Caller& caller, const std::string& id, const Change& change) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (change.text) {
    if (auto good = check_text("text", *change.text, 1, kMostCharacters); !good) return tl::unexpected(good.error());
  }
  if (change.key) {
    if (auto good = check_key(*change.key); !good) return tl::unexpected(good.error());
  }
  return context_.database.write([&](store::Transaction& transaction) -> Result<MarkLabel> {
    const auto label_id = MarkLabelId::parse(id);
    auto row = label_id ? store::find_mark_label(transaction, caller.tenant, *label_id) : std::nullopt;
    if (!row) return not_found();
    row->text = change.text.value_or(row->text);
    if (change.key) row->key = *change.key;
    row->position = change.order.value_or(row->position);
    if (auto good = check_beside(store::mark_labels_of(transaction, caller.tenant), *row); !good)
      return tl::unexpected(good.error());
    store::change_mark_label(transaction, caller.tenant, *row);
    store::append_audit(transaction,
                        {caller.tenant, context_.clock.wall_now(), caller.actor(), "mark_label.changed", row->id.str(),
                         json_of({{"text", row->text}})},
                        context_.random);
    return to_view(*row);
  });
}

Result<void> AdminMarkLabels::remove(const Caller& caller, const std::string& id) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  return context_.database.write([&](store::Transaction& transaction) -> Result<void> {
    const auto label_id = MarkLabelId::parse(id);
    const auto row = label_id ? store::find_mark_label(transaction, caller.tenant, *label_id) : std::nullopt;
    if (!row) return not_found();
    store::remove_mark_label(transaction, caller.tenant, row->id);
    store::append_audit(transaction,
                        {caller.tenant, context_.clock.wall_now(), caller.actor(), "mark_label.deleted", row->id.str(),
                         json_of({{"text", row->text}})},
                        context_.random);
    return {};
  });
}

}  // namespace tw::service
