#include "store/store_test_support.hpp"

namespace tw::store {

TenantId insert_tenant(Database& database, const std::string& account) {
  SeededRandom random(std::hash<std::string>{}(account));
  const TenantId id = TenantId::make(WallTime{std::chrono::seconds{1'700'000'000}}, random);
  const auto written = database.write([&](Transaction& t) -> Result<void> {
    t.execute("INSERT INTO tenants (id, account, name, wrapped_key, created_at) VALUES (:id, :account, :name, '', 1)",
              {{"id", id}, {"account", account}, {"name", account}});
    return {};
  });
  if (!written) throw std::runtime_error(written.error().message);
  return id;
}

}  // namespace tw::store
