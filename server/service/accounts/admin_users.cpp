#include "service/accounts/admin_users.hpp"

#include <algorithm>
#include <set>

#include "base/utf8.hpp"
#include "crypto/password.hpp"
#include "service/accounts/rules.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/credentials.hpp"
#include "store/accounts/queues.hpp"
#include "store/accounts/users.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

AdminUser to_view(const store::UserRow& row, std::vector<QueueId> queues) {
  return {row.id,
          row.number,
          row.name,
          row.display_name,
          parse_role(row.role).value_or(Role::agent),
          row.enabled,
          std::move(queues),
          row.created_at,
          row.last_sign_in_at,
          row.can_supervise || row.role == "administrator"};
}

Result<void> check_password(const std::string& password) {
  const auto characters = count_characters(password);
  if (!characters || password.size() > AdminUsers::kMostPasswordBytes) {
    return field_invalid("password", "A password is a text of at most 256 bytes.");
  }
  if (*characters < AdminUsers::kLeastPasswordCharacters) {
    return fail(ErrorKind::invalid, "password.too_short", "A password needs at least 10 characters.");
  }
  return {};
}

/// The queues of these ids, each once; `queue.unknown` for one that is none of the tenant's.
Result<std::vector<QueueId>> find_queues(store::Connection& connection, const TenantId& tenant,
                                         const std::vector<std::string>& ids) {
  std::set<QueueId> queues;
  for (const std::string& id : ids) {
    const auto queue = QueueId::parse(id);
    if (!queue || !store::admin_queue(connection, tenant, *queue)) {
      return fail(ErrorKind::unprocessable, "queue.unknown", "One of the queues does not exist.");
    }
    queues.insert(*queue);
  }
  return std::vector<QueueId>(queues.begin(), queues.end());
}

/// Why the change may not be made to this user now.
Result<void> check_change(store::Connection& connection, const Caller& caller, const store::UserRow& before,
                          const store::UserRow& after) {
  const bool loses = (before.enabled && !after.enabled) || before.role != after.role;
  if (!loses) return {};
  if (before.id == caller.user()) {
    return fail(ErrorKind::conflict, "user.self",
                "You cannot disable yourself or change your own role; another administrator can.");
  }
  if (store::is_in_call(connection, caller.tenant, before.id)) {
    return fail(ErrorKind::conflict, "user.in_call",
                "This user is talking with a customer; try again when the call is over.");
  }
  const bool was_administrator = before.enabled && before.role == "administrator";
  if (was_administrator && store::count_enabled_administrators(connection, caller.tenant) <= 1) {
    return fail(ErrorKind::conflict, "user.last_administrator",
                "This is the last administrator; make another one first.");
  }
  return {};
}

}  // namespace

AdminUsers::AdminUsers(AccountsContext context) : context_(context) {}

Result<std::vector<AdminUser>> AdminUsers::list(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  return context_.database.read([&](store::Connection& connection) -> Result<std::vector<AdminUser>> {
    const auto assigned = store::user_queues_of(connection, caller.tenant);
    std::vector<AdminUser> users;
    for (const auto& row : store::users_of(connection, caller.tenant)) {
      std::vector<QueueId> queues;
      for (const auto& [user, queue] : assigned) {
        if (user == row.id) queues.push_back(queue);
      }
      users.push_back(to_view(row, std::move(queues)));
    }
    return users;
  });
}

Result<AdminUser> AdminUsers::create(const Caller& caller, const NewUser& user) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  for (const auto& [field, text] : {std::pair{"name", &user.name}, std::pair{"displayName", &user.display_name}}) {
    if (auto good = check_name(field, *text); !good) return tl::unexpected(good.error());
  }
  if (auto good = check_password(user.password); !good) return tl::unexpected(good.error());
  const std::string hash = hash_password(user.password);  // takes too long for a transaction
  const WallTime now = context_.clock.wall_now();
  return context_.database.write([&](store::Transaction& transaction) -> Result<AdminUser> {
    if (store::find_user_by_name(transaction, caller.tenant, user.name)) {
      return fail(ErrorKind::conflict, "user.name_taken", "There is a user of this login name; choose another one.");
    }
    if (store::count_users(transaction, caller.tenant) >= kMostUsers) {
      return fail(ErrorKind::conflict, "user.too_many", "There are as many users as there may be.");
    }
    auto queues = find_queues(transaction, caller.tenant, user.queue_ids);
    if (!queues) return tl::unexpected(queues.error());
    store::UserRow row;
    row.id = AgentId::make(now, context_.random);
    row.number = transaction.next_number(caller.tenant, "user");
    row.name = user.name;
    row.display_name = user.display_name;
    row.role = to_string(user.role);
    row.password_hash = hash;
    row.created_at = now;
    row.can_supervise = user.can_supervise;
    store::add_user(transaction, caller.tenant, row);
    store::put_queues_of_user(transaction, caller.tenant, row.id, *queues);
    store::append_audit(transaction,
                        {caller.tenant, now, caller.actor(), "user.created", row.id.str(),
                         json_of({{"role", row.role}, {"canSupervise", row.can_supervise ? "true" : "false"}})},
                        context_.random);
    return to_view(row, std::move(*queues));
  });
}

Result<AdminUser> AdminUsers::update(const Caller& caller, const std::string& id, const Change& change) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (change.display_name) {
    if (auto good = check_name("displayName", *change.display_name); !good) return tl::unexpected(good.error());
  }
  std::string hash;
  if (change.password) {
    if (auto good = check_password(*change.password); !good) return tl::unexpected(good.error());
    hash = hash_password(*change.password);
  }
  bool signed_out = false;
  std::set<QueueId> touched;
  auto changed = context_.database.write([&](store::Transaction& transaction) -> Result<AdminUser> {
    const auto user_id = AgentId::parse(id);
    const auto before = user_id ? store::find_user(transaction, caller.tenant, *user_id) : std::nullopt;
    if (!before) return not_found();
    store::UserRow after = *before;
    after.display_name = change.display_name.value_or(after.display_name);
    if (change.role) after.role = to_string(*change.role);
    after.enabled = change.enabled.value_or(after.enabled);
    after.can_supervise = change.can_supervise.value_or(after.can_supervise);
    if (!hash.empty()) after.password_hash = hash;
    if (auto may = check_change(transaction, caller, *before, after); !may) return tl::unexpected(may.error());

    auto queues = store::queues_of_user(transaction, caller.tenant, after.id);
    if (change.queue_ids) {
      auto wanted = find_queues(transaction, caller.tenant, *change.queue_ids);
      if (!wanted) return tl::unexpected(wanted.error());
      touched.insert(queues.begin(), queues.end());
      touched.insert(wanted->begin(), wanted->end());
      store::put_queues_of_user(transaction, caller.tenant, after.id, *wanted);
      queues = std::move(*wanted);
    }
    store::change_user(transaction, caller.tenant, after);
    signed_out = !hash.empty() || after.role != before->role || (before->enabled && !after.enabled);
    if (signed_out) {
      // Whoever changes their own password stays signed in here.
      store::remove_sign_ins_of(transaction, caller.tenant, after.id, after.id == caller.user() ? caller.session : "");
    }
    if (!after.enabled) {
      store::set_offline(transaction, caller.tenant, after.id);
      touched.insert(queues.begin(), queues.end());
    }
    store::append_audit(transaction,
                        {caller.tenant, context_.clock.wall_now(), caller.actor(), "user.changed", after.id.str(),
                         json_of({{"role", after.role},
                                  {"enabled", after.enabled ? "true" : "false"},
                                  {"canSupervise", after.can_supervise ? "true" : "false"},
                                  {"passwordChanged", hash.empty() ? "false" : "true"},
                                  {"queuesChanged", change.queue_ids ? "true" : "false"}})},
                        context_.random);
    return to_view(after, std::move(queues));
  });
  if (!changed) return changed;
  if (signed_out) context_.notifier.user_signed_out(caller.tenant, changed->id);
  context_.notifier.desk_changed(caller.tenant, changed->id);
  for (const QueueId& queue : touched) context_.notifier.queue_changed(caller.tenant, queue);
  return changed;
}

}  // namespace tw::service
