#include "service/accounts/idempotency.hpp"

#include "base/log.hpp"
#include "crypto/aead.hpp"
#include "crypto/digest.hpp"
#include "service/accounts/rules.hpp"
#include "store/accounts/idempotency_keys.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

store::IdempotencyName name_of(const Caller& caller, const std::string& key) {
  return {caller.tenant, caller.id, to_hex(sha256(as_bytes(key)))};
}

std::string request_hash(const std::string& method, const std::string& path, const std::string& body) {
  // Neither a method nor a path holds a line end.
  return to_hex(sha256(as_bytes(method + "\n" + path + "\n" + body)));
}

std::string context_of(const store::IdempotencyName& name) {
  return "idempotency:" + name.caller + ":" + name.key_hash;
}

bool is_key(const std::string& key) {
  if (key.empty() || key.size() > Idempotency::kMostKeyBytes) return false;
  for (const char c : key) {
    if (c < 0x20 || c > 0x7E) return false;
  }
  return true;
}

}  // namespace

Idempotency::Idempotency(AccountsContext context) : context_(context) {}

Result<std::optional<Idempotency::Answer>> Idempotency::begin(const Caller& caller, const std::string& key,
                                                              const std::string& method, const std::string& path,
                                                              const std::string& body) {
  if (!is_key(key))
    return field_invalid("Idempotency-Key", "An Idempotency-Key is 1 to 128 printable ASCII characters.");
  const auto name = name_of(caller, key);
  const std::string hash = request_hash(method, path, body);
  const WallTime now = context_.clock.wall_now();
  const auto kept =
      context_.database.write([&](store::Transaction& transaction) -> Result<std::optional<store::IdempotencyRow>> {
        auto row = store::find_idempotency(transaction, name, now);
        if (row && row->request_hash != hash) {
          return fail(ErrorKind::conflict, "idempotency.conflict",
                      "This Idempotency-Key was used for another request; use a new one.");
        }
        if (row && row->status) return row;
        if (row && now - row->begun_at < kGivenUpAfter) {
          return fail(ErrorKind::conflict, "idempotency.running",
                      "The first request of this Idempotency-Key is still at work; repeat it in a moment.");
        }
        store::begin_idempotency(transaction, name, hash, now, now + kKeptFor);
        return std::nullopt;
      });
  if (!kept) return tl::unexpected(kept.error());
  if (!*kept) return std::nullopt;
  const auto tenant_key = context_.tenant_keys.of(caller.tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());
  const auto plain = open_value(*tenant_key, from_base64((*kept)->sealed_answer).value_or(Bytes{}), context_of(name));
  if (!plain) return tl::unexpected(plain.error());
  return Answer{static_cast<unsigned>(*(*kept)->status), std::string(as_text(*plain))};
}

Result<void> Idempotency::finish(const Caller& caller, const std::string& key, const Answer& answer) {
  if (answer.body.size() > kMostBodyBytes) {
    abandon(caller, key);
    return fail(ErrorKind::too_large, "idempotency.answer_too_large",
                "The answer is too large to be kept for repeating.");
  }
  const auto tenant_key = context_.tenant_keys.of(caller.tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());
  const auto name = name_of(caller, key);
  const std::string sealed =
      to_base64(seal_value(*tenant_key, as_bytes(answer.body), context_of(name), context_.random));
  return context_.database.write([&](store::Transaction& transaction) -> Result<void> {
    store::finish_idempotency(transaction, name, answer.status, sealed);
    return {};
  });
}

void Idempotency::abandon(const Caller& caller, const std::string& key) {
  const auto written = context_.database.write([&](store::Transaction& transaction) -> Result<void> {
    store::abandon_idempotency(transaction, name_of(caller, key));
    return {};
  });
  // The key frees itself after kGivenUpAfter then.
  if (!written) log::warning("idempotency key kept", {{"code", written.error().code}});
}

}  // namespace tw::service
