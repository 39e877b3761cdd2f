// The library and what is played from it: who may, what stands on the timeline, what a restart leaves.
#include "service/players.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "service/calls.hpp"
#include "service/customer_steps.hpp"
#include "service/interviews.hpp"
#include "service/interviews_test_support.hpp"
#include "service/media_jobs.hpp"
#include "service/media_library.hpp"
#include "service/played_media.hpp"
#include "service/queue_music.hpp"
#include "service/recovery.hpp"
#include "service/supervision.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;
using media::PlayerCommand;
using ::testing::Contains;
using ::testing::Not;

class PlayersUseCases : public InterviewsTest {
 protected:
  PlayersUseCases() {
    online(ann_);
    customer_ = talk(ann_);
  }
  [[nodiscard]] std::string interview() const { return customer_.interview.str(); }
  MediaLibrary library() { return MediaLibrary(*core_); }
  Players players() { return Players(*core_); }
  MediaItemView upload(const std::string& title, const std::string& kind = "video") {
    auto upload = library().begin_upload(administrator(), title, kind);
    EXPECT_TRUE(upload);
    EXPECT_TRUE((*upload)->write(as_bytes("a film")));
    auto item = (*upload)->finish();
    EXPECT_TRUE(item);
    return *item;
  }
  void prepare_all() {
    MediaJobs jobs(*core_);
    while (jobs.run_one()) {
    }
  }
  MediaItemView ready(const std::string& title, const std::string& kind = "video") {
    const auto item = upload(title, kind);
    prepare_all();
    return item;
  }
  Result<PlayerView> play(const MediaItemView& item) {
    return players().play(agent(ann_), interview(), {.media_id = item.id, .prompt_id = {}, .text = {}, .language = {}});
  }
  [[nodiscard]] std::vector<MediaItemView> listed() { return library().list(administrator()).value(); }
  [[nodiscard]] MediaItemView item_of(const std::string& id) {
    for (auto& item : listed()) {
      if (item.id == id) return item;
    }
    return {};
  }

  Caller customer_;
};

TEST_F(PlayersUseCases, AnUploadIsPreparedAndPlayedForBothSides) {
  const auto item = upload("风险提示");
  EXPECT_EQ(item.state, "waiting");
  EXPECT_EQ(play(item).error().code, "media_item.not_ready");
  prepare_all();
  EXPECT_EQ(item_of(item.id).state, "ready");
  const auto playing = play(item);
  ASSERT_TRUE(playing) << playing.error().message;
  EXPECT_EQ(playing->title, "风险提示");
  EXPECT_EQ(playing->duration_ms, 10'000);
  const auto shown = CustomerSteps(*core_).state(customer_);
  ASSERT_TRUE(shown->player);
  EXPECT_EQ(shown->player->state, "playing");
  EXPECT_TRUE(Calls(*core_).agent_interview(agent(ann_), interview())->player);
  EXPECT_THAT(kinds(customer_.interview), Contains("player_started"));
}

TEST_F(PlayersUseCases, PauseSeekAndStopStandOnTheTimeline) {
  ASSERT_TRUE(play(ready("film")));
  const auto control = [&](PlayerCommand::Action action, std::chrono::milliseconds position = 0ms) {
    return players().control(agent(ann_), interview(), {action, position});
  };
  EXPECT_EQ(control(PlayerCommand::Action::pause)->state, "paused");
  EXPECT_EQ(control(PlayerCommand::Action::seek, 4s)->position_ms, 4'000);
  EXPECT_EQ(control(PlayerCommand::Action::resume)->state, "playing");
  ASSERT_TRUE(players().stop(agent(ann_), interview()));
  EXPECT_EQ(players().stop(agent(ann_), interview()).error().code, "player.nothing_plays");
  EXPECT_EQ(control(PlayerCommand::Action::pause).error().code, "player.nothing_plays");
  const auto all = kinds(customer_.interview);
  for (const char* kind : {"player_started", "player_paused", "player_sought", "player_resumed", "player_ended"}) {
    EXPECT_THAT(all, Contains(kind));
  }
  EXPECT_FALSE(CustomerSteps(*core_).state(customer_)->player);
}

TEST_F(PlayersUseCases, ItsEndIsToldByTheEngineAndOnlyOnce) {
  ASSERT_TRUE(play(ready("film")));
  media::PlayerEvent event = *rooms_.player;
  event.room = interview();
  event.state = media::PlayerState::finished;
  media::PlayerEvent other = event;
  other.player = "an earlier one";
  players().player_event(other);
  EXPECT_THAT(kinds(customer_.interview), Not(Contains("player_ended")));
  players().player_event(event);
  players().player_event(event);
  const auto all = kinds(customer_.interview);
  EXPECT_EQ(std::count(all.begin(), all.end(), "player_ended"), 1);
}

TEST_F(PlayersUseCases, ANewOneEndsTheOneBefore) {
  ASSERT_TRUE(play(ready("one")));
  ASSERT_TRUE(play(ready("two")));
  const auto all = kinds(customer_.interview);
  EXPECT_EQ(std::count(all.begin(), all.end(), "player_started"), 2);
  EXPECT_EQ(std::count(all.begin(), all.end(), "player_ended"), 1);
  EXPECT_EQ(CustomerSteps(*core_).state(customer_)->player->title, "two");
}

TEST_F(PlayersUseCases, OnlyWhoTalksPlays) {
  const auto item = ready("film");
  online(bob_);
  const Players::Wanted wanted{.media_id = item.id, .prompt_id = {}, .text = {}, .language = {}};
  EXPECT_EQ(players().play(agent(bob_), interview(), wanted).error().code, "interview.not_yours");
  EXPECT_EQ(players().play(customer_, interview(), wanted).error().code, "auth.wrong_role");
  EXPECT_EQ(library().list(agent(ann_)).error().code, "auth.wrong_role");
  const Players::Wanted unknown{
      .media_id = "med_01HZZZZZZZZZZZZZZZZZZZZZZZ", .prompt_id = {}, .text = {}, .language = {}};
  EXPECT_EQ(players().play(agent(ann_), interview(), unknown).error().code, "media_item.unknown");
}

TEST_F(PlayersUseCases, ASupervisorPlaysOnlyAfterJoining) {
  const auto item = ready("film");
  const Players::Wanted wanted{.media_id = item.id, .prompt_id = {}, .text = {}, .language = {}};
  const AgentId sue = add_agent("sue");
  execute("DELETE FROM user_queues WHERE user_id = :sue", {{"sue", sue}});
  execute("UPDATE users SET can_supervise = 1 WHERE id = :sue", {{"sue", sue}});
  Caller caller = agent(sue);
  caller.can_supervise = true;
  EXPECT_EQ(players().play(caller, interview(), wanted).error().code, "interview.unknown");
  Supervision supervision(*core_);
  const auto session = supervision.start(caller, interview(), domain::SupervisionMode::whisper);
  ASSERT_TRUE(session);
  EXPECT_EQ(players().play(caller, interview(), wanted).error().code, "interview.unknown");
  ASSERT_TRUE(supervision.change(caller, session->session.str(), domain::SupervisionMode::join));
  ASSERT_TRUE(players().play(caller, interview(), wanted));
  EXPECT_EQ(players().control(caller, interview(), {PlayerCommand::Action::pause, 0ms})->state, "paused");
  ASSERT_TRUE(supervision.end(caller, session->session.str()));
  EXPECT_EQ(players().stop(caller, interview()).error().code, "interview.unknown");
  EXPECT_TRUE(players().stop(agent(ann_), interview())) << "what they began is the agent's to end";
}

TEST_F(PlayersUseCases, ATextIsSpokenOnceAndThenTakenFromTheCache) {
  const Players::Wanted text{.media_id = {}, .prompt_id = {}, .text = "请出示您的身份证。", .language = "zh-CN"};
  const auto first = players().play(agent(ann_), interview(), text);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->kind, "prompt");
  EXPECT_THAT(kinds(customer_.interview), Contains("prompt_spoken"));
  const auto again = players().play(agent(ann_), interview(), text);
  EXPECT_EQ(again->media_id, first->media_id);
  for (const auto& item : listed()) EXPECT_NE(item.id, first->media_id) << "typed prompts are not in the library";
  processor_.fails_with = "media_item.no_voice";
  const Players::Wanted other{.media_id = {}, .prompt_id = {}, .text = "Hello", .language = "en"};
  EXPECT_EQ(players().play(agent(ann_), interview(), other).error().code, "media_item.no_voice");
}

TEST_F(PlayersUseCases, ARestartEndsWhatWasPlayed) {
  ASSERT_TRUE(play(ready("film")));
  restart();
  players().recover();
  EXPECT_THAT(kinds(customer_.interview), Contains("player_ended"));
  EXPECT_FALSE(Calls(*core_).agent_interview(agent(ann_), interview())->player);
}

TEST_F(PlayersUseCases, BrokenFilesEndAsFailedWithAReason) {
  processor_.fails_with = "media_item.not_media";
  const auto item = ready("no film");
  EXPECT_EQ(item_of(item.id).state, "failed");
  EXPECT_EQ(item_of(item.id).failure, "media_item.not_media");
}

TEST_F(PlayersUseCases, DeletingErasesAndNotWhileItPlays) {
  const auto item = ready("film");
  ASSERT_TRUE(play(item));
  EXPECT_EQ(library().remove(administrator(), item.id).error().code, "media_item.in_use");
  ASSERT_TRUE(players().stop(agent(ann_), interview()));
  ASSERT_TRUE(library().remove(administrator(), item.id));
  EXPECT_EQ(library().remove(administrator(), item.id).error().code, "media_item.unknown");
  EXPECT_EQ(item_of(item.id).id, "");
  EXPECT_EQ(play(item).error().code, "media_item.unknown");
}

TEST_F(PlayersUseCases, AnUploadThatIsNotFinishedLeavesNothing) {
  {
    auto upload = library().begin_upload(administrator(), "half", "video");
    ASSERT_TRUE(upload);
    ASSERT_TRUE((*upload)->write(as_bytes("half a film")));
  }
  for (const auto& item : listed()) EXPECT_NE(item.title, "half");
  const auto folder = core_->settings().data_dir / "media" / tenant_.str();
  EXPECT_TRUE(!std::filesystem::exists(folder) || std::filesystem::is_empty(folder));
}

TEST_F(PlayersUseCases, EveryTenantHasMusicForWhoIsOnHold) {
  EXPECT_EQ(hold_music(*core_, tenant_), nullptr);
  MediaJobs(*core_).start();
  prepare_all();
  const auto music = hold_music(*core_, tenant_);
  ASSERT_TRUE(music);
  EXPECT_EQ(music, hold_music(*core_, tenant_)) << "opened once";
  for (const auto& item : listed()) {
    if (item.source == "built_in") {
      EXPECT_EQ(library().remove(administrator(), item.id).error().code, "media_item.built_in");
    }
  }
}

TEST_F(PlayersUseCases, PagesOfWhoWaitsGetTheTenantsOwnMusic) {
  const auto offered = [&] {
    return core_->database()
        .read([&](store::Connection& connection) {
          return Result<std::optional<QueueMusicView>>(build_queue_music(connection, tenant_));
        })
        .value();
  };
  EXPECT_FALSE(offered()) << "nothing is ready yet";
  MediaJobs(*core_).start();
  prepare_all();
  const auto built_in = offered();
  ASSERT_TRUE(built_in);
  (void)upload("our piece", "music");
  EXPECT_EQ(offered()->media_id, built_in->media_id) << "the new one is still being prepared";
  prepare_all();
  EXPECT_EQ(offered()->title, "our piece");
  const auto prompt = ready("a prompt", "prompt");
  QueueMusic music(*core_);
  const auto piece = music.content(customer_, offered()->media_id);
  ASSERT_TRUE(piece) << piece.error().message;
  EXPECT_EQ(std::string(piece->begin(), piece->end()), "music for pages");
  EXPECT_TRUE(music.content(customer_, built_in->media_id)) << "a page that fetches what was just replaced";
  EXPECT_EQ(music.content(customer_, prompt.id).error().code, "media_item.unknown") << "a prompt is no music";
  EXPECT_EQ(music.content(customer_, "med_nothing").error().code, "media_item.unknown");
  EXPECT_EQ(music.content(agent(ann_), offered()->media_id).error().code, "auth.wrong_role");
}

TEST_F(PlayersUseCases, MusicThatBecomesReadyReachesWhoWaitsAlready) {
  prepare_all();
  const Caller waiting = queue();
  const int told = quiet_.count("queue");
  (void)ready("a film");
  EXPECT_EQ(quiet_.count("queue"), told);
  (void)ready("our piece", "music");
  EXPECT_GT(quiet_.count("queue"), told);
  EXPECT_EQ(CustomerSteps(*core_).state(waiting)->queue_music->title, "our piece");
}

TEST_F(PlayersUseCases, WhatIsHeardWhileWaitingStandsOnTheTimeline) {
  const auto piece = ready("our piece", "music");
  const Caller waiting = queue();
  const auto heard = [&](const std::string& media) {
    QueueMusic(*core_).heard(waiting, media);
    return kinds(waiting.interview).back();
  };
  ASSERT_TRUE(CustomerSteps(*core_).state(waiting)->queue_music);
  EXPECT_EQ(CustomerSteps(*core_).state(waiting)->queue_music->media_id, piece.id);
  EXPECT_EQ(heard("med_nothing"), "queued") << "nothing that was not played is noted";
  EXPECT_EQ(heard(piece.id), "queue_music_started");
  EXPECT_EQ(heard(""), "queue_music_ended");
  EXPECT_EQ(heard(piece.id), "queue_music_started");
  restart();
  ASSERT_TRUE(Recovery(*core_).run());
  EXPECT_EQ(kinds(waiting.interview).back(), "queue_music_ended") << "the page must come back first";
  QueueMusic(*core_).heard(customer_, piece.id);
  EXPECT_THAT(kinds(customer_.interview), Not(Contains("queue_music_started"))) << "in the call nobody waits";
  EXPECT_FALSE(CustomerSteps(*core_).state(customer_)->queue_music);
}

TEST_F(PlayersUseCases, ARiskVideoThatCannotBeFetchedDoesNotBlockTheInterview) {
  NewInterview with_film = wanted();
  with_film.risk_video_url = "https://films.example/risk.mp4";
  const auto created = Interviews(*core_).create(api_key(), with_film);
  ASSERT_TRUE(created) << created.error().message;
  prepare_all();
  const auto shown = Calls(*core_).agent_interview(administrator(), created->interview.id.str());
  ASSERT_TRUE(shown);
  ASSERT_TRUE(shown->risk_video);
  EXPECT_EQ(shown->risk_video->state, "failed");
  EXPECT_EQ(shown->risk_video->failure, "outgoing.refused");
}

}  // namespace
}  // namespace tw::service
