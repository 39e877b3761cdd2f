#include "store/accounts/audit.hpp"

#include <gtest/gtest.h>

#include "store/migrator.hpp"
#include "store/store_test_support.hpp"

namespace tw::store {
namespace {

class Audit : public ::testing::Test {
 protected:
  void add(const TenantId& tenant, const std::string& action) {
    const auto written = database_->write([&](Transaction& t) -> Result<void> {
      append_audit(
          t,
          {tenant, WallTime{std::chrono::seconds{1'700'000'000}}, "administrator agt_1", action, "que_1", R"({"a":1})"},
          random_);
      return {};
    });
    ASSERT_TRUE(written) << written.error().message;
  }
  std::int64_t broken(const TenantId& tenant) {
    return database_->read([&](Connection& c) -> Result<std::int64_t> { return first_broken_audit_entry(c, tenant); })
        .value();
  }
  std::int64_t run(const std::string& sql) {
    return database_->write([&](Transaction& t) -> Result<std::int64_t> { return t.execute(sql); }).value();
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = open_migrated(folder_.path() / "test.db").value();
  SeededRandom random_{1};
  TenantId tenant_ = insert_tenant(*database_, "one");
};

TEST_F(Audit, IsNumberedAndChainedPerTenant) {
  const TenantId other = insert_tenant(*database_, "two");
  for (const char* action : {"a", "b", "c"}) add(tenant_, action);
  add(other, "x");
  const auto numbers = database_->read([&](Connection& c) -> Result<std::string> {
    std::string text;
    for (const Row& row :
         c.query("SELECT number, action FROM audit WHERE tenant_id = :t ORDER BY number", {{"t", tenant_}})) {
      text += std::to_string(row.i64(0)) + row.text(1);
    }
    return text;
  });
  EXPECT_EQ(numbers.value(), "1a2b3c");
  EXPECT_EQ(broken(tenant_), 0);
  EXPECT_EQ(broken(other), 0);
}

TEST_F(Audit, EveryChangeAndEveryMissingEntryIsFoundOut) {
  for (const char* action : {"a", "b", "c", "d"}) add(tenant_, action);
  const std::pair<const char*, const char*> changes[] = {
      {"UPDATE audit SET actor = 'agent agt_2' WHERE number = 2",
       "UPDATE audit SET actor = 'administrator agt_1' WHERE number = 2"},
      {"UPDATE audit SET action = 'z' WHERE number = 2", "UPDATE audit SET action = 'b' WHERE number = 2"},
      {"UPDATE audit SET subject = '' WHERE number = 2", "UPDATE audit SET subject = 'que_1' WHERE number = 2"},
      {"UPDATE audit SET at = at + 1 WHERE number = 2", "UPDATE audit SET at = at - 1 WHERE number = 2"},
      {"UPDATE audit SET data_json = '{}' WHERE number = 2",
       "UPDATE audit SET data_json = '{\"a\":1}' WHERE number = 2"}};
  for (const auto& [change, back] : changes) {
    ASSERT_EQ(run(change), 1);
    EXPECT_EQ(broken(tenant_), 2) << change;
    ASSERT_EQ(run(back), 1);
    ASSERT_EQ(broken(tenant_), 0) << back;
  }
  run("DELETE FROM audit WHERE number = 3");
  EXPECT_EQ(broken(tenant_), 3);
}

}  // namespace
}  // namespace tw::store
