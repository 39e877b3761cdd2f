#include "service/retention.hpp"

#include "base/log.hpp"
#include "service/payloads.hpp"
#include "service/recording_erasure.hpp"
#include "store/accounts/tenants.hpp"
#include "store/recording_custody.hpp"

namespace tw::service {
namespace {

constexpr const char* kActor = "system";

/// Looks again inside the transaction: the rule may have changed meanwhile, or somebody set a hold.
Result<bool> erase_if_expired(Work& work, const store::recordings::Key& key) {
  auto record = work.interview(key.tenant, key.interview);
  const auto tenant = store::find_tenant(work.sql(), key.tenant);
  if (!record || !tenant) return false;
  const auto expires = domain::expires_at(tenant->retention, record->state.ended_at);
  if (!expires || *expires > work.now()) return false;
  const auto erased = erase_recording(work, *record, {kActor, store::kRetention, ""});
  if (erased) return true;
  // These changed nothing; any other failure takes back what was done.
  const std::string& code = erased.error().code;
  if (code == "recording.legal_hold" || code == "recording.in_progress" || code == "recording.deleted") return false;
  return tl::unexpected(erased.error());
}

/// How many were due; 0 also when the database could not say.
std::size_t pass(Core& core) {
  const auto keys =
      core.database().read([&](store::Connection& connection) -> Result<std::vector<store::recordings::Key>> {
        return store::recordings::expired(connection, core.now(), kComposeJob, Retention::kMostAtOnce);
      });
  if (!keys) return 0;
  std::size_t erased = 0;
  for (const auto& key : *keys) {
    const auto done = transact(core, [&](Work& work) { return erase_if_expired(work, key); });
    erased += done && *done ? 1 : 0;
    if (!done) {
      log::error("an expired recording could not be deleted",
                 {{"interview", key.interview.str()}, {"code", done.error().code}});
    }
  }
  if (erased > 0) log::info("expired recordings deleted", {{"count", erased}});
  return erased;
}

}  // namespace

WallTime Retention::run_due() {
  if (core_.now() < next_) return next_;
  const bool full = pass(core_) == kMostAtOnce;
  next_ = core_.now() + (full ? std::chrono::seconds(kPause) : std::chrono::seconds(kEvery));
  return next_;
}

}  // namespace tw::service
