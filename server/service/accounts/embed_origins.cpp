#include "service/accounts/embed_origins.hpp"

#include <algorithm>
#include <utility>

#include "store/accounts/tenants.hpp"
#include "store/database.hpp"

namespace tw::service {

EmbedOrigins::EmbedOrigins(store::Database& database) : database_(database), known_(std::make_shared<ByAccount>()) {}

Result<void> EmbedOrigins::reload() {
  auto read = database_.read([](store::Connection& connection) -> Result<ByAccount> {
    ByAccount origins;
    for (auto& tenant : store::all_tenants(connection)) {
      if (tenant.enabled && !tenant.embed_origins.empty()) origins[tenant.account] = std::move(tenant.embed_origins);
    }
    return origins;
  });
  if (!read) return tl::unexpected(read.error());
  auto fresh = std::make_shared<const ByAccount>(std::move(*read));
  const std::lock_guard lock(mutex_);
  known_ = std::move(fresh);
  return {};
}

std::vector<std::string> EmbedOrigins::of(const std::string& account) const {
  const auto origins = known();
  const auto found = origins->find(account);
  return found == origins->end() ? std::vector<std::string>() : found->second;
}

bool EmbedOrigins::anybody_lists(const std::string& origin) const {
  const auto origins = known();
  return std::any_of(origins->begin(), origins->end(), [&](const auto& tenant) {
    return std::find(tenant.second.begin(), tenant.second.end(), origin) != tenant.second.end();
  });
}

std::shared_ptr<const EmbedOrigins::ByAccount> EmbedOrigins::known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

}  // namespace tw::service
