#include "service/recording_custody.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "service/interviews_test_support.hpp"
#include "service/recording_erasure.hpp"
#include "service/retention.hpp"
#include "store/recordings.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kReason = "asked for by the customer";

class RecordingCustodyTest : public InterviewsTest {
 protected:
  RecordingCustody custody() { return RecordingCustody(*core_); }
  Recordings recordings() { return Recordings(*core_); }
  bool remove_files() { return RecordingRemovals(*core_).run_one(); }

  /// A recording whose files are there.
  std::string recorded() {
    const Caller customer = talk(ann_);
    advance(21s);
    EXPECT_TRUE(Desk(*core_).hang_up(agent(ann_), customer.interview.str()));
    EXPECT_TRUE(ComposeJobs(*core_).run_one());
    return customer.interview.str();
  }
  RecordingView view(const std::string& id) { return recordings().get(administrator(), id).value(); }
  [[nodiscard]] std::filesystem::path folder_of(const std::string& id) {
    return core_->settings().recordings_folder() / view(id).path;
  }
  void keep_for(std::int64_t days) {
    execute("UPDATE tenants SET recording_retention_days = :days, recording_retention_since = :now WHERE id = :t",
            {{"days", days}, {"now", clock_.wall_now()}, {"t", tenant_}});
  }
  /// An ended interview with a recording, without having happened.
  void add_old_recording() {
    store::RecordingRow row;
    row.tenant = tenant_;
    row.id = RecordingId::make(clock_.wall_now(), random_);
    row.interview = insert_interview(queue_, "ended");
    row.path = "tenant/2026-01/" + row.interview.str();
    row.name = "film.mp4";
    row.status = "ready";
    row.started_at = clock_.wall_now();
    row.wrapped_key = "a wrapped key";
    const auto stored = database_->write([&](store::Transaction& transaction) -> Result<void> {
      store::recordings::insert(transaction, row);
      return {};
    });
    ASSERT_TRUE(stored) << stored.error().message;
    execute("UPDATE interviews SET answered_at = :now, ended_at = :now WHERE id = :id",
            {{"now", clock_.wall_now()}, {"id", row.interview}});
  }
  [[nodiscard]] std::int64_t deleted() {
    return number("SELECT COUNT(*) FROM recordings WHERE deleted_by = 'retention'");
  }
  std::string wrapped_key() {
    return database_
        ->read([](store::Connection& connection) -> Result<std::string> {
          return connection.first("SELECT wrapped_key FROM recording_keys").value().text(0);
        })
        .value();
  }
  [[nodiscard]] std::string database_files() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }
};

TEST_F(RecordingCustodyTest, ADeletedRecordingIsUnreadableAndItsTombstoneTells) {
  const std::string id = recorded();
  const std::string name = view(id).name;
  const auto ticket = recordings().create_ticket(agent(ann_), id).value().ticket;
  const auto removed = custody().remove(administrator(), id, kReason);
  ASSERT_TRUE(removed) << removed.error().code;
  EXPECT_EQ(removed->status, "deleted");
  EXPECT_EQ(removed->deletion->reason, kReason);
  EXPECT_EQ(removed->deletion->at, clock_.wall_now());
  EXPECT_FALSE(removed->deletion->by.empty());
  EXPECT_EQ(removed->files.at(0).sha256, "sha-of-it");
  EXPECT_TRUE(removed->chapters.empty());
  EXPECT_EQ(code_of(recordings().open(api_key(), id, name)), "recording.deleted");
  EXPECT_EQ(code_of(recordings().open_by_ticket(ticket, id, name)), "recording.deleted");
  EXPECT_EQ(code_of(recordings().create_ticket(agent(ann_), id)), "recording.deleted");
  EXPECT_EQ(recordings().get(api_key(), id)->status, "deleted");
  EXPECT_THAT(kinds(InterviewId::trusted(id)), Contains("recording_deleted"));
  EXPECT_EQ(audit_actions().back(), "recording.deleted");
  EXPECT_EQ(number("SELECT COUNT(*) FROM audit WHERE action = 'recording.deleted' AND data_json LIKE :why",
                   {{"why", std::string("%") + kReason + "%"}}),
            1);
}

TEST_F(RecordingCustodyTest, TheKeyIsGoneFromTheDatabaseAndTheFilesFromTheDisk) {
  const std::string id = recorded();
  const std::string key = wrapped_key();
  const auto folder = folder_of(id);
  ASSERT_TRUE(std::filesystem::exists(folder));
  ASSERT_NE(database_files().find(key), std::string::npos) << "or this test could not fail";
  ASSERT_TRUE(custody().remove(administrator(), id, kReason));
  EXPECT_EQ(RecordingRemovals(*core_).next_at(), clock_.wall_now());
  EXPECT_EQ(RecordingRemovals(*core_).open(), 1);
  EXPECT_TRUE(remove_files());
  EXPECT_FALSE(remove_files());
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_EQ(database_files().find(key), std::string::npos);
  EXPECT_EQ(RecordingRemovals(*core_).open(), 0);
}

TEST_F(RecordingCustodyTest, FilesThatCannotBeRemovedAreTriedAgainAndStayUnreadable) {
  const std::string id = recorded();
  const auto folder = folder_of(id);
  ASSERT_TRUE(custody().remove(administrator(), id, kReason));
  // A folder that is no folder any more: nothing below it can be removed, not even by root.
  const auto month = folder.parent_path();
  std::filesystem::rename(month, month.string() + ".away");
  std::filesystem::create_symlink(month.filename(), month);
  for (const auto pause : RecordingRemovals::kBackOff) {
    ASSERT_TRUE(remove_files());
    EXPECT_EQ(RecordingRemovals(*core_).next_at(), clock_.wall_now() + pause);
    clock_.advance(pause);
  }
  restart();
  std::filesystem::remove(month);
  std::filesystem::rename(month.string() + ".away", month);
  ASSERT_TRUE(Recovery(*core_).run());
  ASSERT_TRUE(remove_files());
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_EQ(RecordingRemovals(*core_).next_at(), std::nullopt);
}

TEST_F(RecordingCustodyTest, ACrashBetweenKeyAndFilesIsFinishedAfterTheRestart) {
  const std::string id = recorded();
  const auto folder = folder_of(id);
  ASSERT_TRUE(custody().remove(administrator(), id, kReason));
  execute("UPDATE jobs SET state = 'running' WHERE kind = 'erase_recording'");
  restart();
  ASSERT_TRUE(Recovery(*core_).run());
  EXPECT_TRUE(remove_files());
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(RecordingCustodyTest, DeletingTwiceAndWhatIsNotThereChangesNothing) {
  const std::string id = recorded();
  ASSERT_TRUE(custody().remove(administrator(), id, kReason));
  const auto before = number("SELECT COUNT(*) FROM timeline") + number("SELECT COUNT(*) FROM audit");
  EXPECT_EQ(code_of(custody().remove(administrator(), id, "again")), "recording.deleted");
  EXPECT_EQ(code_of(custody().hold(administrator(), id, "late")), "recording.deleted");
  EXPECT_EQ(code_of(custody().lift_hold(administrator(), id, "late")), "recording.deleted");
  EXPECT_EQ(view(id).deletion->reason, kReason);
  const Caller waiting = queue();
  EXPECT_EQ(code_of(custody().remove(administrator(), waiting.interview.str(), kReason)), "recording.unknown");
  EXPECT_EQ(code_of(custody().remove(administrator(), "itv_01ARZ3NDEKTSV4RRFFQ69G5FAV", kReason)), "interview.unknown");
  EXPECT_EQ(number("SELECT COUNT(*) FROM timeline WHERE kind = 'recording_deleted'"), 1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM timeline WHERE interview_id = :i", {{"i", id}}) +
                number("SELECT COUNT(*) FROM audit"),
            before);
}

TEST_F(RecordingCustodyTest, OnlyAdministratorsOfTheCompanyDecideAndAlwaysWithAReason) {
  const std::string id = recorded();
  for (const Caller& caller : {agent(ann_), api_key(), customer()}) {
    EXPECT_EQ(code_of(custody().remove(caller, id, kReason)), "auth.wrong_role");
    EXPECT_EQ(code_of(custody().hold(caller, id, kReason)), "auth.wrong_role");
    EXPECT_EQ(code_of(custody().lift_hold(caller, id, kReason)), "auth.wrong_role");
  }
  const Caller other = stranger();
  EXPECT_EQ(code_of(custody().remove(other, id, kReason)), "interview.unknown");
  EXPECT_EQ(code_of(custody().hold(other, id, kReason)), "interview.unknown");
  for (const std::string& reason : {std::string(), std::string("  "), std::string(201, 'x'), std::string("a\nb")}) {
    EXPECT_EQ(code_of(custody().remove(administrator(), id, reason)), "field.invalid");
    EXPECT_EQ(code_of(custody().hold(administrator(), id, reason)), "field.invalid");
  }
  EXPECT_EQ(view(id).status, "ready");
  EXPECT_FALSE(view(id).legal_hold);
}

TEST_F(RecordingCustodyTest, WhatIsStillMadeIsNotDeleted) {
  const Caller customer = talk(ann_);
  const std::string id = customer.interview.str();
  EXPECT_EQ(code_of(custody().remove(administrator(), id, kReason)), "recording.in_progress");
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), id));
  EXPECT_EQ(code_of(custody().remove(administrator(), id, kReason)), "recording.in_progress");
  processor_.fails_with = "processor.failed";
  ASSERT_TRUE(ComposeJobs(*core_).run_one());
  EXPECT_EQ(code_of(custody().remove(administrator(), id, kReason)), "recording.in_progress") << "tried again later";
  for (const auto pause : ComposeJobs::kBackOff) {
    clock_.advance(pause);
    ASSERT_TRUE(ComposeJobs(*core_).run_one());
  }
  EXPECT_EQ(view(id).status, "failed");
  EXPECT_TRUE(custody().remove(administrator(), id, kReason));
}

TEST_F(RecordingCustodyTest, AHeldRecordingIsDeletedByNobody) {
  const std::string id = recorded();
  const auto held = custody().hold(administrator(), id, "court order 7").value();
  EXPECT_EQ(held.legal_hold->since, clock_.wall_now());
  EXPECT_EQ(held.legal_hold->reason, "court order 7");
  EXPECT_FALSE(held.legal_hold->by.empty());
  EXPECT_EQ(code_of(custody().remove(administrator(), id, kReason)), "recording.legal_hold");
  keep_for(1);
  clock_.advance(48h);
  Retention(*core_).run_due();
  EXPECT_EQ(view(id).status, "ready");

  ASSERT_TRUE(custody().lift_hold(administrator(), id, "case closed"));
  EXPECT_FALSE(view(id).legal_hold);
  EXPECT_EQ(code_of(custody().lift_hold(administrator(), id, "again")), "recording.not_held");
  Retention(*core_).run_due();
  EXPECT_EQ(view(id).status, "deleted");
  EXPECT_THAT(kinds(InterviewId::trusted(id)), Contains("legal_hold_set"));
  EXPECT_THAT(kinds(InterviewId::trusted(id)), Contains("legal_hold_lifted"));
  EXPECT_THAT(audit_actions(), Contains("recording.legal_hold_set"));
  EXPECT_THAT(audit_actions(), Contains("recording.legal_hold_lifted"));
}

TEST_F(RecordingCustodyTest, AHoldSetAgainKeepsItsBeginning) {
  const std::string id = recorded();
  const auto first = custody().hold(administrator(), id, "one").value();
  clock_.advance(1h);
  ASSERT_TRUE(custody().hold(administrator(), id, "one"));
  EXPECT_EQ(number("SELECT COUNT(*) FROM audit WHERE action = 'recording.legal_hold_set'"), 1) << "nothing changed";
  const auto second = custody().hold(administrator(), id, "two").value();
  EXPECT_EQ(second.legal_hold->since, first.legal_hold->since);
  EXPECT_EQ(second.legal_hold->reason, "two");
  EXPECT_EQ(number("SELECT COUNT(*) FROM audit WHERE action = 'recording.legal_hold_set'"), 2);
}

TEST_F(RecordingCustodyTest, AgentsLearnThatItIsHeldButNotByWhomOrWhy) {
  const std::string id = recorded();
  ASSERT_TRUE(custody().hold(administrator(), id, "the agent is under suspicion"));
  for (const auto& seen :
       {recordings().get(agent(ann_), id).value(), *Interviews(*core_).get(agent(ann_), id).value().recording,
        *Interviews(*core_).list(agent(ann_), {}, {}).value().items.at(0).recording}) {
    ASSERT_TRUE(seen.legal_hold);
    EXPECT_EQ(seen.legal_hold->by + seen.legal_hold->reason, "");
  }
  EXPECT_EQ(recordings().get(api_key(), id)->legal_hold->reason, "the agent is under suspicion");
  const auto timeline = Interviews(*core_).timeline(agent(ann_), id).value();
  for (const auto& entry : timeline) EXPECT_EQ(entry.data_json.find("suspicion"), std::string::npos);
}

TEST_F(RecordingCustodyTest, RetentionDeletesWhenTheDaysHavePassedAndNotBefore) {
  const std::string id = recorded();
  EXPECT_EQ(view(id).expires_at, std::nullopt) << "for ever by default";
  keep_for(30);
  const WallTime expires = clock_.wall_now() + 30 * 24h;
  EXPECT_EQ(view(id).expires_at, expires);
  clock_.advance(30 * 24h - 1us);
  Retention(*core_).run_due();
  EXPECT_EQ(view(id).status, "ready");
  clock_.advance(1us);
  Retention(*core_).run_due();
  EXPECT_EQ(view(id).status, "deleted");
  EXPECT_EQ(view(id).deletion->by, "retention");
  EXPECT_EQ(view(id).expires_at, std::nullopt);
  EXPECT_EQ(audit_actions().back(), "recording.deleted");
  EXPECT_EQ(number("SELECT COUNT(*) FROM audit WHERE action = 'recording.deleted' AND actor = 'system'"), 1);
}

TEST_F(RecordingCustodyTest, RetentionWorksOffManyInPassesAndGoesOnAfterARestart) {
  constexpr std::int64_t kMore = 3;
  const auto at_once = static_cast<std::int64_t>(Retention::kMostAtOnce);
  for (std::int64_t i = 0; i < at_once + kMore; ++i) add_old_recording();
  keep_for(1);
  clock_.advance(48h);
  Retention retention(*core_);
  const WallTime again = retention.run_due();
  EXPECT_EQ(again, clock_.wall_now() + Retention::kPause);
  EXPECT_EQ(deleted(), at_once);
  EXPECT_EQ(retention.run_due(), again);
  EXPECT_EQ(deleted(), at_once) << "not before its time";
  restart();
  Retention after(*core_);
  EXPECT_EQ(after.run_due(), clock_.wall_now() + Retention::kEvery);
  EXPECT_EQ(deleted(), at_once + kMore);
}

TEST_F(RecordingCustodyTest, ListsAreNarrowedToWhatIsHeldExpiresSoonOrIsGone) {
  using Selection = store::RecordingSelection;
  const auto listed = [&](Selection selection) {
    InterviewFilter filter;
    filter.recording = selection;
    const auto page = Interviews(*core_).list(administrator(), filter, {}).value();
    std::vector<std::string> ids;
    for (const auto& each : page.items) ids.push_back(each.id.str());
    return ids;
  };
  for (int i = 0; i < 3; ++i) add_old_recording();
  static_cast<void>(queue());  // nothing of this one is recorded
  const auto all = listed(Selection::any);
  ASSERT_EQ(all.size(), 3U);
  ASSERT_TRUE(custody().hold(administrator(), all[0], "court order 7"));
  ASSERT_TRUE(custody().remove(administrator(), all[1], kReason));
  EXPECT_EQ(listed(Selection::any), all);
  EXPECT_THAT(listed(Selection::held), ElementsAre(all[0]));
  EXPECT_THAT(listed(Selection::deleted), ElementsAre(all[1]));
  EXPECT_THAT(listed(Selection::expiring), IsEmpty()) << "nothing expires without a rule";
  keep_for(8);
  EXPECT_THAT(listed(Selection::expiring), IsEmpty()) << "there are eight days left";
  clock_.advance(24h);
  EXPECT_THAT(listed(Selection::expiring), ElementsAre(all[2])) << "what is held or gone does not expire";
}

TEST_F(RecordingCustodyTest, ListsAreSearchedByPeopleAndTime) {
  const auto listed = [&](const InterviewFilter& filter) {
    std::vector<std::string> ids;
    const auto page = Interviews(*core_).list(administrator(), filter, {}).value();
    for (const auto& each : page.items) ids.push_back(each.id.str());
    return ids;
  };
  const auto of = [&](std::string person) {
    InterviewFilter filter;
    filter.person = std::move(person);
    return listed(filter);
  };
  const Caller talked = talk(ann_);
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), talked.interview.str()));
  advance(24h);
  NewInterview next = wanted();
  next.nick_name = "li 100%";
  const auto created = Interviews(*core_).create(api_key(), next).value().interview;
  const std::vector<std::string> all{created.id.str(), talked.interview.str()};
  EXPECT_EQ(listed({}), all) << "newest first";
  EXPECT_THAT(of("wang"), ElementsAre(all[1]));
  EXPECT_THAT(of("Agent ann"), ElementsAre(all[1])) << "shown name of the agent";
  EXPECT_THAT(of("ann"), ElementsAre(all[1]));
  EXPECT_THAT(of("0%"), ElementsAre(all[0])) << "no wildcard";
  for (const char* absent : {"nobody", "_", "!", "l%0"}) EXPECT_THAT(of(absent), IsEmpty()) << absent;
  InterviewFilter early;
  early.created_before = created.created_at;
  EXPECT_THAT(listed(early), ElementsAre(all[1])) << "the end is not included";
  InterviewFilter late;
  late.created_from = created.created_at;
  EXPECT_THAT(listed(late), ElementsAre(all[0])) << "the beginning is";
}

}  // namespace
}  // namespace tw::service
