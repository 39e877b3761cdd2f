#include <gmock/gmock.h>

#include <filesystem>
#include <map>

#include "service/interviews_test_support.hpp"
#include "service/recording_alarms.hpp"
#include "service/work.hpp"
#include "store/agents.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RecordingUseCases : public InterviewsTest {
 protected:
  Photos photos() { return Photos(*core_); }
  Recordings recordings() { return Recordings(*core_); }
  ComposeJobs compose() { return ComposeJobs(*core_); }
  void run_jobs() {
    for (auto& job : std::exchange(jobs_, {})) job();
  }
  [[nodiscard]] static std::string text(const Result<Bytes>& bytes) {
    return bytes ? std::string(as_text(*bytes)) : "!" + bytes.error().code;
  }
  Caller ended_call() {
    const Caller customer = talk(ann_);
    advance(21s);
    EXPECT_TRUE(Desk(*core_).hang_up(agent(ann_), customer.interview.str()));
    return customer;
  }
};

TEST_F(RecordingUseCases, APhotoIsPendingThenReadyWithItsHashesAndSealed) {
  const Caller customer = talk(ann_);
  const std::string id = customer.interview.str();
  const auto taken = photos().take(agent(ann_), id).value();
  EXPECT_EQ(taken.status, "pending");
  EXPECT_EQ(code_of(photos().content(agent(ann_), id, taken.id.str(), "original")), "photo.pending");
  run_jobs();
  const auto listed = photos().list(api_key(), id).value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.front().status, "ready");
  EXPECT_EQ(listed.front().width, 1280);
  EXPECT_EQ(listed.front().sha256.size(), 64U);
  EXPECT_EQ(processor_.watermark.company, "演示银行");
  EXPECT_EQ(processor_.watermark.place, "31.230400,121.473700");
  EXPECT_EQ(text(photos().content(agent(ann_), id, taken.id.str(), "original")), "orig");
  EXPECT_EQ(text(photos().content(api_key(), id, taken.id.str(), "watermarked")), "marked");
  EXPECT_EQ(text(photos().content(customer, id, taken.id.str(), "watermarked")), "marked");
  EXPECT_EQ(text(photos().content(customer, id, taken.id.str(), "original")), "!photo.unknown");
  EXPECT_EQ(text(photos().content(api_key(), id, taken.id.str(), "../original")), "!photo.unknown");
  EXPECT_THAT(kinds(customer.interview), Contains("photo_taken"));
  EXPECT_THAT(rooms_.notes, ElementsAre("photo"));
}

TEST_F(RecordingUseCases, ADeletedPhotoIsHiddenLoggedAndKept) {
  const Caller customer = talk(ann_);
  const std::string id = customer.interview.str();
  const std::string photo = photos().take(agent(ann_), id)->id.str();
  EXPECT_EQ(code_of(photos().remove(agent(ann_), id, photo)), "photo.pending");
  run_jobs();
  ASSERT_TRUE(photos().remove(agent(ann_), id, photo));
  EXPECT_THAT(*photos().list(agent(ann_), id), IsEmpty());
  EXPECT_EQ(code_of(photos().remove(agent(ann_), id, photo)), "photo.unknown");
  EXPECT_EQ(text(photos().content(agent(ann_), id, photo, "original")), "!photo.unknown");
  EXPECT_EQ(text(photos().content(api_key(), id, photo, "watermarked")), "!photo.unknown");
  EXPECT_EQ(text(photos().content(api_key(), id, photo, "original")), "orig");
  EXPECT_THAT(kinds(customer.interview), Contains("photo_deleted"));
  EXPECT_THAT(audit_actions(), Contains("photo.deleted"));
}

TEST_F(RecordingUseCases, PhotosNeedTheCallAPictureAndRoom) {
  const Caller waiting = queue();
  EXPECT_EQ(code_of(photos().take(agent(ann_), waiting.interview.str())), "interview.not_talking");
  ASSERT_TRUE(CustomerSteps(*core_).leave(waiting));
  const Caller customer = talk(ann_);
  const std::string id = customer.interview.str();
  EXPECT_EQ(code_of(photos().take(agent(bob_), id)), "interview.not_yours");
  rooms_.has_picture = false;
  ASSERT_TRUE(photos().take(agent(ann_), id));
  run_jobs();
  EXPECT_EQ(photos().list(agent(ann_), id)->front().failure, "photo.no_picture");
  most_jobs_ = 0;
  EXPECT_EQ(code_of(photos().take(agent(ann_), id)), "server.overloaded");
  most_jobs_ = 200;
  for (int n = 2; n < Photos::kMostPerInterview; ++n) ASSERT_TRUE(photos().take(agent(ann_), id));
  EXPECT_EQ(code_of(photos().take(agent(ann_), id)), "photo.too_many");
}

TEST_F(RecordingUseCases, AfterTheCallTheFilesAreMadeAndTold) {
  const Caller customer = ended_call();
  const std::string id = customer.interview.str();
  EXPECT_EQ(recordings().get(api_key(), id)->status, "processing");
  EXPECT_TRUE(compose().run_one());
  EXPECT_FALSE(compose().run_one());
  const auto view = recordings().get(api_key(), id).value();
  EXPECT_EQ(view.status, "ready");
  EXPECT_EQ(view.duration_ms, 21'000);
  ASSERT_EQ(view.files.size(), 1U);
  EXPECT_EQ(view.files.front().name, view.name);
  EXPECT_FALSE(view.av_offset_flag);
  EXPECT_THAT(outbox_types(customer.interview), Contains("recording.ready"));
  EXPECT_THAT(kinds(customer.interview), Contains("recording_ready"));

  auto file = recordings().open(api_key(), id, view.name).value();
  EXPECT_EQ(file.content_type, "video/mp4");
  std::array<std::uint8_t, 8> bytes{};
  EXPECT_EQ(file.reader.read_at(2, bytes).value(), 8U);
  EXPECT_EQ(as_text(bytes), "composed");
  EXPECT_EQ(code_of(recordings().open(api_key(), id, "../" + view.name)), "recording.unknown");
  EXPECT_EQ(code_of(recordings().open(customer, id, view.name)), "auth.wrong_role");

  const auto ticket = recordings().create_ticket(agent(ann_), id).value();
  EXPECT_TRUE(recordings().open_by_ticket(ticket.ticket, id, view.name));
  EXPECT_EQ(code_of(recordings().open_by_ticket(ticket.ticket, "itv_01ARZ3NDEKTSV4RRFFQ69G5FAV", view.name)),
            "ticket.invalid");
  clock_.advance(15min + 1s);
  EXPECT_EQ(code_of(recordings().open_by_ticket(ticket.ticket, id, view.name)), "ticket.invalid");
}

TEST_F(RecordingUseCases, EveryFileSaysWhoseStreamItIsAndTheFilmNamesWhoIsSeen) {
  const Caller customer = talk(ann_);
  const std::pair<const char*, std::string> events[]{
      {"guest_joined", R"({"guestId":"gst_1","displayName":"Notary"})"},
      {"supervisor_whispering", R"({"sessionId":"sup_1","userId":")" + bob_.str() + R"("})"},
      {"supervisor_joined", R"({"sessionId":"sup_2","userId":")" + bob_.str() + R"("})"}};
  for (const auto& [kind, data] : events) {
    ASSERT_TRUE(transact(*core_, [&](Work& work) -> Result<void> {
      auto record = work.interview(tenant_, customer.interview);
      return work.note(*record, {kind, data});
    }));
  }
  processor_.streams = {{"customer", "camera"}, {"agent", "screen"}, {"gst_1", "camera"},
                        {"sup_1", "whisper"},   {"sup_2", "camera"}, {"player", "broadcast"}};
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), customer.interview.str()));
  ASSERT_TRUE(compose().run_one());
  std::map<std::string, std::string> whose;
  const auto view = recordings().get(api_key(), customer.interview.str());
  for (const auto& file : view->files) {
    if (file.kind == "stream") whose[file.participant + "/" + file.stream] = file.display_name;
  }
  EXPECT_EQ(whose, (std::map<std::string, std::string>{{"customer/camera", "wang-01"},
                                                       {"agent/screen", "Agent ann"},
                                                       {"gst_1/camera", "Notary"},
                                                       {"sup_1/whisper", "Agent bob"},
                                                       {"sup_2/camera", "Agent bob"},
                                                       {"player/broadcast", ""}}));
  std::map<std::string, std::string> seen;
  for (const auto& person : processor_.people) seen[person.participant] = person.caption;
  EXPECT_EQ(seen, (std::map<std::string, std::string>{
                      {"customer", "wang-01"}, {"agent", "Agent ann"}, {"gst_1", "Notary"}, {"sup_2", "Agent bob"}}))
      << "who only whispers has no place in the film";
}

TEST_F(RecordingUseCases, AJobThatFailsIsTriedAgainAndAtLastGivenUp) {
  const Caller customer = ended_call();
  processor_.fails_with = "processor.failed";
  for (const auto pause : ComposeJobs::kBackOff) {
    ASSERT_TRUE(compose().run_one());
    EXPECT_FALSE(compose().run_one()) << "not before its time";
    EXPECT_EQ(compose().next_at(), clock_.wall_now() + pause);
    EXPECT_EQ(recordings().get(api_key(), customer.interview.str())->status, "processing");
    clock_.advance(pause);
  }
  ASSERT_TRUE(compose().run_one());
  EXPECT_EQ(recordings().get(api_key(), customer.interview.str())->status, "failed");
  EXPECT_EQ(compose().next_at(), std::nullopt);
  EXPECT_THAT(kinds(customer.interview), Contains("recording_failed"));
}

TEST_F(RecordingUseCases, AFailedAttemptLeavesNoProgressBehind) {
  const Caller customer = ended_call();
  processor_.fails_with = "processor.failed";
  processor_.fails_at_percent = 50;
  ASSERT_TRUE(compose().run_one());
  const auto view = recordings().get(api_key(), customer.interview.str());
  EXPECT_EQ(view->status, "processing");
  EXPECT_EQ(view->progress_percent, 0);
}

TEST_F(RecordingUseCases, AJobWaitsForRoomOnTheDiskAsLongAsItTakes) {
  const Caller customer = ended_call();
  rooms_.can_record_now = false;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(compose().run_one());
    EXPECT_EQ(recordings().get(api_key(), customer.interview.str())->status, "processing");
    EXPECT_EQ(compose().next_at(), clock_.wall_now() + ComposeJobs::kLookForRoom);
    clock_.advance(ComposeJobs::kLookForRoom);
  }
  rooms_.can_record_now = true;
  ASSERT_TRUE(compose().run_one());
  EXPECT_EQ(recordings().get(api_key(), customer.interview.str())->status, "ready");
}

TEST_F(RecordingUseCases, SoundAndPictureThatLieApartAreFlagged) {
  processor_.av_offset_ms = -95;
  const Caller bad = ended_call();
  ASSERT_TRUE(compose().run_one());
  const auto view = recordings().get(api_key(), bad.interview.str()).value();
  EXPECT_TRUE(view.av_offset_flag);
  EXPECT_EQ(view.files.front().av_offset_ms, -95);
  EXPECT_THAT(kinds(bad.interview), Contains("recording_av_offset"));
}

TEST_F(RecordingUseCases, ChaptersComeFromTheTimeline) {
  const Caller customer = ended_call();
  ASSERT_TRUE(compose().run_one());
  const auto view = recordings().get(api_key(), customer.interview.str()).value();
  ASSERT_FALSE(view.chapters.empty());
  EXPECT_EQ(view.chapters.front().kind, "answered");
}

TEST_F(RecordingUseCases, ACopyThatFailsIsOnTheTimeline) {
  const Caller customer = talk(ann_);
  RecordingAlarms alarms(*core_);
  alarms.copy_changed(customer.interview, {1, recording::CopyState::given_up, "disk.failed"});
  EXPECT_THAT(kinds(customer.interview), Contains("recording_copy_failed"));
  alarms.copy_changed(customer.interview, {1, recording::CopyState::good, ""});
  EXPECT_THAT(kinds(customer.interview), Contains("recording_copy_restored"));
}

TEST_F(RecordingUseCases, AJobThatTheProcessDiedInIsDoneAfterTheRestart) {
  const Caller customer = ended_call();
  execute("UPDATE jobs SET state = 'running'");
  execute("UPDATE recordings SET progress = 60");
  restart();
  ASSERT_TRUE(Recovery(*core_).run());
  EXPECT_EQ(recordings().get(api_key(), customer.interview.str())->progress_percent, 0) << "it begins anew";
  EXPECT_TRUE(compose().run_one());
  EXPECT_EQ(recordings().get(api_key(), customer.interview.str())->status, "ready");
}

TEST_F(RecordingUseCases, ACallGoesOnAfterACrashWithADeclaredGapInTheSameRecording) {
  const Caller customer = talk(ann_);
  const InterviewId id = customer.interview;
  advance(10s);
  rooms_.last_record = clock_.wall_now() - 1s;
  clock_.advance(4s);
  restart();
  const auto report = Recovery(*core_).run().value();
  EXPECT_EQ(report.calls_resumed, 1U);
  EXPECT_TRUE(rooms_.is_recording(id)) << "before anybody is back";
  const auto timeline = Interviews(*core_).timeline(api_key(), id.str()).value();
  const auto gap =
      std::find_if(timeline.begin(), timeline.end(), [](const auto& e) { return e.kind == "recording_gap"; });
  ASSERT_NE(gap, timeline.end());
  EXPECT_NE(gap->data_json.find("\"durationMs\":5000"), std::string::npos) << gap->data_json;
  EXPECT_NE(gap->data_json.find("\"cause\":\"crash\""), std::string::npos);

  Connections(*core_).customer_socket_opened(customer);
  Connections(*core_).agent_socket_opened(agent(ann_));
  advance(5min);
  EXPECT_EQ(status(customer), "talking");
  ASSERT_TRUE(Conclude(*core_).conclude(agent(ann_), id.str(), {domain::OutcomeKind::passed, ""}));
  ASSERT_TRUE(compose().run_one());
  EXPECT_THAT(processor_.composed.back(), ElementsAre(journal_name(1), journal_name(2)));
  const auto view = recordings().get(api_key(), id.str()).value();
  EXPECT_TRUE(view.recovered);
  EXPECT_EQ(view.gaps.front().cause, "crash");
}

TEST_F(RecordingUseCases, WhoDoesNotComeBackAfterACrashIsMissed) {
  const Caller customer = talk(ann_);
  restart();
  ASSERT_TRUE(Recovery(*core_).run());
  Connections(*core_).agent_socket_opened(agent(ann_));
  advance(60s);
  EXPECT_EQ(read(customer.interview).end_reason, domain::EndReason::connection_lost);
  EXPECT_TRUE(
      Conclude(*core_).conclude(agent(ann_), customer.interview.str(), {domain::OutcomeKind::rejected, "gone"}));
}

TEST_F(RecordingUseCases, ACallThatCannotBeRecordedAfterTheRestartDoesNotGoOn) {
  const Caller customer = talk(ann_);
  restart();
  rooms_.may_start = false;
  ASSERT_TRUE(Recovery(*core_).run());
  EXPECT_EQ(status(customer), "queued");
  EXPECT_TRUE(CustomerSteps(*core_).state(customer)->reconnecting);
}

TEST_F(RecordingUseCases, RingsAndClaimsOfADeadProcessGoBackToTheQueue) {
  online(ann_);
  const Caller customer = queue();
  execute("UPDATE interviews SET answering = 1, answer_until = 1");
  restart();
  EXPECT_EQ(Recovery(*core_).run()->rings_returned, 1U);
  EXPECT_EQ(status(customer), "queued") << "nobody is rung whose page is not back";
  Connections(*core_).customer_socket_opened(customer);
  Connections(*core_).agent_socket_opened(agent(ann_));
  EXPECT_EQ(status(customer), "ringing");
}

TEST_F(RecordingUseCases, StoppingTheServerSealsPartsAndTheCallGoesOnLater) {
  const Caller customer = talk(ann_);
  core_->start_draining();
  Shutdown shutdown(*core_);
  EXPECT_EQ(shutdown.running_calls(), 1U);
  shutdown.seal_recordings();
  EXPECT_FALSE(rooms_.is_recording(customer.interview));
  clock_.advance(3s);
  restart();
  ASSERT_TRUE(Recovery(*core_).run());
  EXPECT_TRUE(rooms_.is_recording(customer.interview));
  EXPECT_EQ(number("SELECT COUNT(*) FROM timeline WHERE kind = 'recording_gap' AND data_json LIKE '%interrupted%'"), 1);
}

}  // namespace
}  // namespace tw::service
