#include "store/database.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <thread>

#include "store/migrator.hpp"
#include "store/store_test_support.hpp"

namespace tw::store {
namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = Database::open(folder_.path() / "deep" / "test.db").value();
};

TEST_F(DatabaseTest, KeepsAllSixtyFourBitsInColumnsAndExpressions) {
  const std::int64_t large = 1'795'500'000'123'456;
  const auto rows = database_->write([&](Transaction& t) -> Result<std::vector<Row>> {
    t.execute("CREATE TABLE t (a BIGINT, b TEXT, c DOUBLE PRECISION)");
    EXPECT_EQ(t.execute("INSERT INTO t VALUES (:a, :b, :c)", {{"a", large}, {"b", "面签;'\""}, {"c", 121.4737}}), 1);
    EXPECT_EQ(t.execute("INSERT INTO t VALUES (:a, :b, :c)", {{"a", -large}, {"b", std::nullopt}, {"c", std::nullopt}}),
              1);
    return t.query("SELECT a, b, c, MAX(a) OVER (), COUNT(*) OVER (), a - 1 FROM t ORDER BY a DESC");
  });
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2U);
  const Row& first = rows->front();
  EXPECT_EQ(first.i64(0), large);
  EXPECT_EQ(first.text(1), "面签;'\"");
  EXPECT_DOUBLE_EQ(first.real(2), 121.4737);
  EXPECT_EQ(first.i64(3), large);
  EXPECT_EQ(first.i64(4), 2);
  EXPECT_EQ(first.i64(5), large - 1);
  EXPECT_EQ(rows->back().i64(0), -large);
  EXPECT_FALSE(rows->back().opt_text(1));
  EXPECT_FALSE(rows->back().opt_real(2));
}

TEST_F(DatabaseTest, AnErrorRollsBackWhatWasWritten) {
  ASSERT_TRUE(database_->write([](Transaction& t) -> Result<void> {
    t.execute("CREATE TABLE t (a BIGINT NOT NULL)");
    return {};
  }));
  const auto refused = database_->write([](Transaction& t) -> Result<void> {
    t.execute("INSERT INTO t VALUES (1)");
    return fail(ErrorKind::conflict, "test.no", "No.");
  });
  EXPECT_EQ(refused.error().code, "test.no");
  const auto failed = database_->write([](Transaction& t) -> Result<void> {
    t.execute("INSERT INTO t VALUES (2)");
    t.execute("INSERT INTO t VALUES (NULL)");
    return {};
  });
  EXPECT_EQ(failed.error().code, "store.failed");
  const auto count = database_->read(
      [](Connection& c) -> Result<std::int64_t> { return c.first("SELECT COUNT(*) FROM t").value().i64(0); });
  EXPECT_EQ(*count, 0);
}

TEST_F(DatabaseTest, ReadersCannotWriteAndSeeOneState) {
  ASSERT_TRUE(database_->write([](Transaction& t) -> Result<void> {
    t.execute("CREATE TABLE t (a BIGINT)");
    return {};
  }));
  const auto seen = database_->read([&](Connection& reader) -> Result<std::int64_t> {
    EXPECT_EQ(reader.first("SELECT COUNT(*) FROM t")->i64(0), 0);
    EXPECT_TRUE(database_->write([](Transaction& t) -> Result<void> {
      t.execute("INSERT INTO t VALUES (1)");
      return {};
    }));
    return reader.first("SELECT COUNT(*) FROM t")->i64(0);
  });
  EXPECT_EQ(*seen, 0) << "a reader's state changed under it";
  const auto wrote = database_->read([](Connection& reader) -> Result<void> {
    (void)reader.query("INSERT INTO t VALUES (2)");
    return {};
  });
  EXPECT_EQ(wrote.error().code, "store.failed");
}

TEST_F(DatabaseTest, NumbersOfATenantCountFromOneAcrossThreads) {
  ASSERT_TRUE(Migrator(*database_).run());
  const TenantId tenant = insert_tenant(*database_);
  std::array<std::vector<std::int64_t>, 4> numbers;
  {
    std::vector<std::jthread> threads;
    for (auto& mine : numbers) {
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) {
          mine.push_back(
              database_
                  ->write([&](Transaction& t) -> Result<std::int64_t> { return t.next_number(tenant, "customer"); })
                  .value());
        }
      });
    }
  }
  std::vector<std::int64_t> all;
  for (const auto& mine : numbers) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], static_cast<std::int64_t>(i) + 1);
}

TEST_F(DatabaseTest, KeepsItsFileToItself) {
  struct stat status {};
  ASSERT_EQ(::stat((folder_.path() / "deep" / "test.db").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(DatabaseTest, SaysWhatIsWrongInside) {
  ASSERT_TRUE(Migrator(*database_).run());
  EXPECT_TRUE(database_->integrity_problems().empty());
  sqlite3* raw = nullptr;  // a connection that does not keep foreign keys, as another program might
  ASSERT_EQ(sqlite3_open((folder_.path() / "deep" / "test.db").c_str(), &raw), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(raw, "INSERT INTO queues VALUES ('ten_x', 'que_x', 1, 'q', 1, 1)", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(raw);
  const auto problems = database_->integrity_problems();
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_NE(problems.front().find("queues"), std::string::npos);
}

TEST_F(DatabaseTest, AFailureDoesNotQuoteValues) {
  const auto failed = database_->write([](Transaction& t) -> Result<void> {
    t.execute("CREATE TABLE t (a TEXT UNIQUE)");
    t.execute("INSERT INTO t VALUES (:a)", {{"a", "wang-01"}});
    try {
      t.execute("INSERT INTO t VALUES (:a)", {{"a", "wang-01"}});
    } catch (const StoreError& error) {
      return fail(ErrorKind::internal, "test", error.what());
    }
    return {};
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message.find("wang-01"), std::string::npos) << failed.error().message;
}

TEST(DatabaseOpen, AFolderThatCannotBeMadeIsAnError) {
  EXPECT_EQ(Database::open("/proc/nowhere/test.db").error().code, "database.unavailable");
}

std::vector<EmbeddedFile> files(std::initializer_list<std::pair<std::string_view, std::string_view>> texts) {
  std::vector<EmbeddedFile> result;
  for (const auto& [name, text] : texts) result.push_back({name, as_bytes(text)});
  return result;
}

TEST_F(DatabaseTest, MigrationsRunOnceInOrder) {
  const auto first = files({{"0001_a.sql", "CREATE TABLE a (x TEXT); -- a; comment\nINSERT INTO a VALUES (';');"}});
  EXPECT_EQ(Migrator(*database_, first).run()->applied, std::vector<std::string>{"0001_a.sql"});
  EXPECT_TRUE(Migrator(*database_, first).run()->applied.empty());
  const auto both =
      files({{first[0].path, as_text(first[0].content)}, {"0002_b.sql", "ALTER TABLE a ADD COLUMN y TEXT;"}});
  const auto outcome = Migrator(*database_, both).run();
  EXPECT_EQ(outcome->applied, std::vector<std::string>{"0002_b.sql"});
  EXPECT_EQ(outcome->version, 2);
}

TEST_F(DatabaseTest, ANewerDatabaseIsRefusedAndAChangedMigrationToo) {
  const auto both = files({{"0001_a.sql", "CREATE TABLE a (x TEXT)"}, {"0002_b.sql", "CREATE TABLE b (x TEXT)"}});
  ASSERT_TRUE(Migrator(*database_, both).run());
  const auto older = files({{"0001_a.sql", "CREATE TABLE a (x TEXT)"}});
  EXPECT_EQ(Migrator(*database_, older).run().error().code, "database.newer");
  const auto changed = files({{"0001_a.sql", "CREATE TABLE a (z TEXT)"}, {"0002_b.sql", "CREATE TABLE b (x TEXT)"}});
  EXPECT_EQ(Migrator(*database_, changed).run().error().code, "database.changed");
}

TEST_F(DatabaseTest, AMigrationThatFailsLeavesNothing) {
  const auto broken = files({{"0001_a.sql", "CREATE TABLE a (x TEXT); CREATE TABLE a (x TEXT);"}});
  EXPECT_EQ(Migrator(*database_, broken).run().error().code, "store.failed");
  EXPECT_EQ(Migrator(*database_, broken).version().value(), 0);
}

TEST_F(DatabaseTest, TheLogIsEmptiedOnceNobodyLooksAtAnOlderState) {
  const auto log = folder_.path() / "deep" / "test.db-wal";
  const auto insert = [&] {
    return database_->write([](Transaction& t) -> Result<void> {
      t.execute("CREATE TABLE IF NOT EXISTS t (a BIGINT)");
      t.execute("INSERT INTO t VALUES (1)");
      return {};
    });
  };
  ASSERT_TRUE(insert());
  const auto looked = database_->read([&](Connection& connection) -> Result<std::int64_t> {
    static_cast<void>(connection.query("SELECT a FROM t"));
    EXPECT_TRUE(insert());
    EXPECT_FALSE(database_->empty_log());
    return connection.first("SELECT COUNT(*) FROM t").value().i64(0);
  });
  EXPECT_EQ(looked.value(), 1);
  EXPECT_GT(std::filesystem::file_size(log), 0U);
  EXPECT_TRUE(database_->empty_log());
  EXPECT_EQ(std::filesystem::file_size(log), 0U);
}

TEST(DatabaseFile, WhatWasDeletedBeforeItWasOverwrittenIsGoneAfterOneStart) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "old.db";
  const std::string secret = "a-key-of-before";
  const auto content = [&] {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  sqlite3* plain = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &plain), SQLITE_OK);
  const std::string sql =
      "PRAGMA secure_delete = OFF; CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('" + secret + "'); DELETE FROM t;";
  ASSERT_EQ(sqlite3_exec(plain, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(plain);
  ASSERT_NE(content().find(secret), std::string::npos) << "or this test could not fail";
  ASSERT_TRUE(open_migrated(file));
  EXPECT_EQ(content().find(secret), std::string::npos);
}

}  // namespace
}  // namespace tw::store
