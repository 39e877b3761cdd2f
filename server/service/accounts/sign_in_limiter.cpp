#include "service/accounts/sign_in_limiter.hpp"

#include <algorithm>

namespace tw::service {

std::optional<std::chrono::seconds> SignInLimiter::attempt(const std::string& name, const std::string& address) {
  const std::lock_guard lock(mutex_);
  const SteadyTime now = clock_.steady_now();
  SteadyTime until = now;
  for (const auto& [records, key] : {std::pair{&names_, &name}, std::pair{&addresses_, &address}}) {
    const auto found = records->find(*key);
    if (found == records->end()) continue;
    if (now - found->second.last >= kForgottenAfter) {
      records->erase(found);
    } else {
      until = std::max(until, found->second.blocked_until);
    }
  }
  if (until > now) return std::chrono::ceil<std::chrono::seconds>(until - now);
  count(names_, name, kFreeTriesOfAName, now);
  count(addresses_, address, kFreeTriesOfAnAddress, now);
  return std::nullopt;
}

void SignInLimiter::succeeded(const std::string& name, const std::string& address) {
  const std::lock_guard lock(mutex_);
  names_.erase(name);
  const auto found = addresses_.find(address);
  if (found == addresses_.end()) return;
  Record& record = found->second;
  --record.failures;
  if (record.failures < kFreeTriesOfAnAddress) record.blocked_until = SteadyTime{};
  if (record.failures <= 0) addresses_.erase(found);
}

void SignInLimiter::count(Records& records, const std::string& key, int free_tries, SteadyTime now) {
  if (records.size() >= kMostKept && !records.contains(key)) make_room(records, now);
  Record& record = records[key];
  ++record.failures;
  record.last = now;
  if (record.failures < free_tries) return;
  // Doubles with each failure after the free ones.
  std::chrono::seconds pause = kFirstPause;
  for (int i = free_tries; i < record.failures && pause < kLongestPause; ++i) pause *= 2;
  record.blocked_until = now + std::min<std::chrono::seconds>(pause, kLongestPause);
}

void SignInLimiter::make_room(Records& records, SteadyTime now) {
  std::erase_if(records, [now](const auto& entry) { return now - entry.second.last >= kForgottenAfter; });
  if (records.size() < kMostKept) return;
  const auto oldest = std::min_element(records.begin(), records.end(),
                                       [](const auto& a, const auto& b) { return a.second.last < b.second.last; });
  records.erase(oldest);
}

}  // namespace tw::service
