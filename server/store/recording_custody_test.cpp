#include "store/recording_custody.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "embedded/migrations.hpp"
#include "store/migrator.hpp"
#include "store/store_test_support.hpp"

namespace tw::store {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr std::size_t kWrappedKeyBytes = 60;  // nonce, key and tag

class RecordingCustodyTest : public ::testing::Test {
 protected:
  RecordingCustodyTest() {
    write([&](Transaction& t) {
      t.execute("INSERT INTO queues (tenant_id, id, number, name, created_at) VALUES (:t, 'que_1', 1, 'Loans', 1)",
                {{"t", tenant_}});
      t.execute("INSERT INTO customers (tenant_id, id, number, nick_name, created_at) VALUES (:t, 'cus_1', 1, 'x', 1)",
                {{"t", tenant_}});
    });
  }

  template <class Work>
  void write(Work work) {
    const auto done = database_->write([&](Transaction& t) -> Result<void> {
      work(t);
      return {};
    });
    ASSERT_TRUE(done) << done.error().message;
  }
  /// A recording of an interview that ended at `ended_at`.
  RecordingRow record(Transaction& t, WallTime ended_at) {
    RecordingRow row;
    row.tenant = tenant_;
    row.id = RecordingId::make(ended_at, random_);
    row.interview = InterviewId::make(ended_at, random_);
    row.path = "path";
    row.name = "film.mp4";
    row.started_at = ended_at;
    Bytes key(kWrappedKeyBytes);
    random_.fill(key);
    row.wrapped_key = to_base64(key);
    t.execute(
        "INSERT INTO interviews (tenant_id, id, version, node, queue_id, customer_id, business_id, company_name, "
        "status, created_at, ended_at, expires_at, timeline_hash) VALUES (:t, :id, 1, 'local', 'que_1', 'cus_1', "
        "'B', 'Acme', 'ended', :at, :at, :at, '')",
        {{"t", tenant_}, {"id", row.interview}, {"at", ended_at}});
    recordings::insert(t, row);
    return row;
  }
  void keep_for(std::int64_t days, WallTime since) {
    write([&](Transaction& t) {
      t.execute("UPDATE tenants SET recording_retention_days = :days, recording_retention_since = :since",
                {{"days", days}, {"since", since}});
    });
  }
  [[nodiscard]] std::vector<InterviewId> expired(WallTime now, std::size_t limit = 100) {
    return database_
        ->read([&](Connection& connection) -> Result<std::vector<InterviewId>> {
          std::vector<InterviewId> found;
          for (const auto& key : recordings::expired(connection, now, "compose", limit)) found.push_back(key.interview);
          return found;
        })
        .value();
  }
  /// Everything that stands in the database's files.
  [[nodiscard]] std::string on_disk() const {
    std::string all;
    for (const char* ending : {"", "-wal", "-shm"}) {
      std::ifstream file(file_.string() + ending, std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

  SeededRandom random_{11};
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "test.db";
  std::unique_ptr<Database> database_ = open_migrated(file_).value();
  TenantId tenant_ = insert_tenant(*database_);
  WallTime now_{std::chrono::days(20'000)};
};

TEST_F(RecordingCustodyTest, AnErasedKeyIsNeitherInTheDatabaseNorInItsLog) {
  // Enough rows, growing as rows of recordings do, that pages split and are put together anew.
  std::vector<RecordingRow> rows;
  constexpr std::size_t kRows = 600;
  constexpr std::size_t kAtOnce = 20;
  while (rows.size() < kRows) {
    write([&](Transaction& t) {
      for (std::size_t i = 0; i < kAtOnce; ++i) {
        rows.push_back(record(t, now_));
        RecordingRow& grown = rows[rows.size() / 2];
        grown.chapters_json = "[" + std::string(rows.size() * 7 % 900, ' ') + "]";
        recordings::update(t, grown);
      }
    });
  }
  write([&](Transaction& t) {
    for (std::size_t i = 0; i < rows.size(); i += 3) {
      rows[i].deleted_at = now_;
      recordings::erase(t, rows[i]);
    }
  });
  ASSERT_TRUE(database_->empty_log());
  const std::string left = on_disk();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(left.find(rows[i].wrapped_key) == std::string::npos, i % 3 == 0) << i;
  }
  EXPECT_TRUE(database_->integrity_problems().empty());
}

TEST(RecordingKeys, OfADatabaseOfBeforeAreMovedAndStillOpenTheirRecordings) {
  const TemporaryFolder folder;
  const auto database = Database::open(folder.path() / "old.db").value();
  ASSERT_TRUE(Migrator(*database, embedded::migrations().first(5)).run());
  const TenantId tenant = insert_tenant(*database);
  const auto interview = InterviewId::trusted("itv_1");
  const auto stored = database->write([&](Transaction& t) -> Result<void> {
    t.execute("INSERT INTO queues (tenant_id, id, number, name, created_at) VALUES (:t, 'que_1', 1, 'L', 1)",
              {{"t", tenant}});
    t.execute("INSERT INTO customers (tenant_id, id, number, nick_name, created_at) VALUES (:t, 'cus_1', 1, 'x', 1)",
              {{"t", tenant}});
    t.execute(
        "INSERT INTO interviews (tenant_id, id, version, node, queue_id, customer_id, business_id, company_name, "
        "status, created_at, expires_at, timeline_hash) VALUES (:t, 'itv_1', 1, 'local', 'que_1', 'cus_1', 'B', 'A', "
        "'ended', 1, 1, '')",
        {{"t", tenant}});
    t.execute(
        "INSERT INTO recordings (tenant_id, id, interview_id, path, name, status, started_at, wrapped_key) "
        "VALUES (:t, 'rec_1', 'itv_1', 'p', 'n.mp4', 'ready', 1, 'the key')",
        {{"t", tenant}});
    return {};
  });
  ASSERT_TRUE(stored) << stored.error().message;
  ASSERT_TRUE(Migrator(*database).run());
  const auto keys = database->read([&](Connection& c) -> Result<std::vector<std::string>> {
    return std::vector<std::string>{recordings::of_interview(c, tenant, interview).value().wrapped_key,
                                    c.first("SELECT wrapped_key FROM recordings").value().text(0)};
  });
  EXPECT_THAT(keys.value(), ElementsAre("the key", ""));
}

TEST_F(RecordingCustodyTest, ATombstoneTellsWhoWhenAndWhyAndKeepsTheHashes) {
  RecordingRow row;
  write([&](Transaction& t) {
    row = record(t, now_);
    row.chapters_json = R"([{"atMs":0,"kind":"answered","title":"王先生"}])";
    recordings::update(t, row);
    recordings::replace_files(t, tenant_, row.id,
                              {{"s.mkv", "stream", "customer", 7, "abc", 9, "camera", std::nullopt, "王先生"}});
    row.deleted_at = now_;
    row.deleted_by = "agt_1";
    row.deletion_reason = "asked for";
    recordings::erase(t, row);
  });
  const auto read = database_->read([&](Connection& c) -> Result<RecordingRow> {
    const auto files = recordings::files(c, tenant_, row.id);
    EXPECT_EQ(files.at(0).sha256, "abc");
    EXPECT_EQ(files.at(0).size_bytes, 7);
    EXPECT_EQ(files.at(0).display_name, "") << "a name is not needed to prove anything";
    return recordings::of_interview(c, tenant_, row.interview).value();
  });
  ASSERT_TRUE(read);
  EXPECT_EQ(read->deleted_at, now_);
  EXPECT_EQ(read->deleted_by, "agt_1");
  EXPECT_EQ(read->deletion_reason, "asked for");
  EXPECT_EQ(read->chapters_json, "[]");
  EXPECT_EQ(read->wrapped_key, std::string(row.wrapped_key.size(), '-'));
}

TEST_F(RecordingCustodyTest, RetentionFindsTheOldestFirstAndNotMoreThanAsked) {
  const auto day = std::chrono::days(1);
  std::vector<InterviewId> old;
  write([&](Transaction& t) {
    for (int i = 0; i < 3; ++i) old.push_back(record(t, now_ - (20 - i) * day).interview);
    static_cast<void>(record(t, now_ - 10 * day + std::chrono::microseconds(1)));
  });
  EXPECT_TRUE(expired(now_).empty()) << "without a rule";
  keep_for(10, now_ - 30 * day);
  EXPECT_EQ(expired(now_), old);
  EXPECT_EQ(expired(now_, 2), std::vector(old.begin(), old.begin() + 2));
  keep_for(10, now_ - day + std::chrono::microseconds(1));
  EXPECT_TRUE(expired(now_).empty()) << "the rule is too new";
  EXPECT_EQ(expired(now_ + std::chrono::microseconds(1)).size(), 4U);
}

TEST_F(RecordingCustodyTest, RetentionLeavesOutWhatIsHeldDeletedOrWorkedOn) {
  RecordingRow held;
  RecordingRow deleted;
  RecordingRow busy;
  write([&](Transaction& t) {
    held = record(t, WallTime{});
    held.held_since = now_;
    recordings::set_hold(t, held);
    deleted = record(t, WallTime{});
    deleted.deleted_at = now_;
    recordings::erase(t, deleted);
    busy = record(t, WallTime{});
    t.execute(
        "INSERT INTO jobs (tenant_id, id, kind, interview_id, state, next_at, created_at, updated_at) "
        "VALUES (:t, 'job_1', 'compose', :i, 'running', 1, 1, 1)",
        {{"t", tenant_}, {"i", busy.interview}});
  });
  keep_for(1, WallTime{});
  EXPECT_TRUE(expired(now_).empty());
  write([&](Transaction& t) {
    held.held_since.reset();
    recordings::set_hold(t, held);
    t.execute("UPDATE jobs SET state = 'failed'");
  });
  EXPECT_THAT(expired(now_), UnorderedElementsAre(held.interview, busy.interview));
}

}  // namespace
}  // namespace tw::store
