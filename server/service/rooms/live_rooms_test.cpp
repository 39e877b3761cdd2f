#include "service/rooms/live_rooms.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <limits>
#include <mutex>

#include "media/player/player_media.hpp"
#include "recording/journal_reader.hpp"

namespace tw::service {
namespace {

class PlayerListener final : public media::MediaListener {
 public:
  void on_session(const media::SessionEvent&) override {}
  void on_quality(const media::SessionQuality&) override {}
  void on_player(const media::PlayerEvent& event) override {
    const std::lock_guard lock(mutex_);
    last_ = event;
    changed_.notify_all();
  }
  /// False when it did not come.
  bool wait_for(const std::string& player, media::PlayerState state) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20),
                             [&] { return last_ && last_->player == player && last_->state == state; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<media::PlayerEvent> last_;
};

std::shared_ptr<const media::PlayerMedia> short_sound() {
  media::PlayerTrack sound{.codec = media::Codec::opus, .frames = {}, .data = Bytes{0xFC, 1, 2}};
  for (std::uint32_t i = 0; i < 10; ++i) sound.frames.push_back({i * 960, 0, 3, true});
  return std::make_shared<const media::PlayerMedia>(media::PlayerMedia::make(std::move(sound), std::nullopt).value());
}

class LiveRoomsTest : public ::testing::Test {
 protected:
  LiveRoomsTest() {
    folder_ = std::filesystem::temp_directory_path() / ("tw-rooms-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    media::MediaConfig config;
    config.addresses = {{"127.0.0.1", ""}};
    config.first_port = 0;
    engine_ = std::make_unique<media::MediaEngine>(config, clock_, random_, listener_);
    rooms_ = make_rooms(0);
  }
  ~LiveRoomsTest() override {
    rooms_.reset();
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::unique_ptr<LiveRooms> make_rooms(std::uint64_t reserve_bytes) {
    return std::make_unique<LiveRooms>(*engine_, disk_, clock_, random_, LiveRooms::Limits{folder_, reserve_bytes});
  }
  RecordingPart part(std::uint32_t number) { return {interview_, recording_, number, folder_ / "rec", key_.clone()}; }
  std::vector<recording::JournalRecord> journal(std::uint32_t number) {
    std::vector<recording::JournalRecord> records;
    const std::string name = journal_name(number);
    auto reader = recording::JournalReader::open(folder_ / "rec" / name, key_.derive("file:" + name));
    EXPECT_TRUE(reader.has_value());
    while (reader) {
      auto record = reader->next();
      if (!record || !*record) break;
      records.push_back(std::move(**record));
    }
    return records;
  }

  SystemClock clock_;
  OsRandom random_;
  PlayerListener listener_;
  recording::PosixFileSystem disk_;
  std::filesystem::path folder_;
  SecretKey key_ = SecretKey::make(random_);
  InterviewId interview_ = InterviewId::make(clock_.wall_now(), random_);
  RecordingId recording_ = RecordingId::make(clock_.wall_now(), random_);
  std::unique_ptr<media::MediaEngine> engine_;
  std::unique_ptr<LiveRooms> rooms_;
};

TEST_F(LiveRoomsTest, APartIsDurableWhenItHasStartedAndSealedWhenItHasStopped) {
  ASSERT_TRUE(rooms_->open(interview_).has_value());
  ASSERT_TRUE(rooms_->open(interview_).has_value()) << "opening again changes nothing";
  const auto started = rooms_->start_recording(part(1));
  ASSERT_TRUE(started.has_value());
  EXPECT_TRUE(std::holds_alternative<recording::Opening>(journal(1).at(0)));
  EXPECT_EQ(rooms_->start_recording(part(1)).value(), *started) << "starting again changes nothing";

  rooms_->note(interview_, "photo", "{}");
  const WallTime ended = rooms_->stop_recording(interview_);
  const auto records = journal(1);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<recording::Event>(records[1]));
  EXPECT_EQ(std::get<recording::Closing>(records[2]).at, ended);
  EXPECT_EQ(rooms_->last_recorded(folder_ / "rec", 1, key_), ended);
}

TEST_F(LiveRoomsTest, ASecondPartIsAFileOfItsOwn) {
  ASSERT_TRUE(rooms_->start_recording(part(1)).has_value());
  rooms_->stop_recording(interview_);
  ASSERT_TRUE(rooms_->start_recording(part(2)).has_value());
  rooms_->close(interview_);
  EXPECT_EQ(std::get<recording::Opening>(journal(2).at(0)).part, 2U);
  EXPECT_TRUE(std::holds_alternative<recording::Closing>(journal(2).back()));
}

TEST_F(LiveRoomsTest, AMirroredPartIsWrittenToBothFoldersAndReadFromEither) {
  LiveRooms mirrored(*engine_, disk_, clock_, random_, {.recordings = folder_, .mirror = folder_ / "other"});
  ASSERT_TRUE(mirrored.start_recording(part(1)).has_value());
  const WallTime ended = mirrored.stop_recording(interview_);
  const auto main = folder_ / "rec" / journal_name(1);
  const auto mirror = folder_ / "other" / "rec" / journal_name(1);
  EXPECT_EQ(std::filesystem::file_size(main), std::filesystem::file_size(mirror));
  EXPECT_FALSE(mirrored.lacks_copy());
  std::filesystem::remove(main);
  EXPECT_EQ(mirrored.last_recorded(folder_ / "rec", 1, key_), ended);
  mirrored.close_all();
}

TEST_F(LiveRoomsTest, AMirrorThatCannotBeMadeIsToldAndTheCallIsRecorded) {
  std::filesystem::create_directories(folder_);
  std::ofstream(folder_ / "file") << "no folder";
  std::vector<recording::CopyNews> news;
  LiveRooms mirrored(*engine_, disk_, clock_, random_,
                     {.recordings = folder_,
                      .mirror = folder_ / "file" / "below",
                      .on_copy = [&](const InterviewId&, const recording::CopyNews& item) { news.push_back(item); }});
  ASSERT_TRUE(mirrored.start_recording(part(1)).has_value());
  EXPECT_TRUE(mirrored.lacks_copy());
  EXPECT_TRUE(mirrored.can_record());
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(news[0].copy, 1U);
  EXPECT_EQ(news[0].state, recording::CopyState::given_up);
  mirrored.close_all();
  EXPECT_FALSE(journal(1).empty());
}

TEST_F(LiveRoomsTest, AnExistingJournalIsNeverWrittenOver) {
  ASSERT_TRUE(rooms_->start_recording(part(1)).has_value());
  rooms_->stop_recording(interview_);
  const auto again = rooms_->start_recording(part(1));
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, "recording.unavailable");
  EXPECT_EQ(journal(1).size(), 2U);
}

TEST_F(LiveRoomsTest, BelowTheReserveNothingNewIsRecorded) {
  EXPECT_TRUE(rooms_->can_record());
  EXPECT_FALSE(make_rooms(std::numeric_limits<std::uint64_t>::max())->can_record());
}

TEST_F(LiveRoomsTest, APhotoWithoutAPictureSaysSo) {
  ASSERT_TRUE(rooms_->open(interview_).has_value());
  const auto frame = rooms_->capture(interview_, kCustomerSide, std::chrono::milliseconds(10));
  ASSERT_FALSE(frame.has_value());
  EXPECT_EQ(frame.error().code, "photo.no_picture");
}

TEST_F(LiveRoomsTest, WhatIsUnknownIsHarmless) {
  rooms_->note(interview_, "x", "{}");
  rooms_->disconnect(interview_, kAgentSide);
  rooms_->close(interview_);
  rooms_->stop_recording(interview_);
  EXPECT_EQ(rooms_->last_recorded(folder_ / "nothing", 1, key_), std::nullopt);
}

TEST_F(LiveRoomsTest, WhatIsPlayedIsInTheJournal) {
  ASSERT_TRUE(rooms_->start_recording(part(1)).has_value());
  const auto begun = rooms_->play(interview_, short_sound(), {.id = "p"});
  ASSERT_TRUE(begun.has_value());
  EXPECT_EQ(begun->duration, std::chrono::milliseconds(200));
  ASSERT_TRUE(listener_.wait_for("p", media::PlayerState::finished));
  EXPECT_FALSE(rooms_->control_player(interview_, {}).has_value());
  rooms_->stop_recording(interview_);
  std::size_t packets = 0;
  std::size_t tracks = 0;
  for (const auto& record : journal(1)) {
    packets += std::holds_alternative<recording::Packet>(record) ? 1 : 0;
    if (const auto* started = std::get_if<recording::TrackStarted>(&record)) {
      EXPECT_EQ(started->track.stream, (media::StreamKey{kPlayerSide, kBroadcastStream}));
      ++tracks;
    }
  }
  EXPECT_EQ(tracks, 1U);
  EXPECT_EQ(packets, 10U);
}

TEST_F(LiveRoomsTest, MusicPlaysWhileSomebodyIsOnHold) {
  rooms_->set_music([](const InterviewId&) { return short_sound(); });
  EXPECT_FALSE(rooms_->hold(interview_, kCustomerSide).has_value()) << "there is no room";
  ASSERT_TRUE(rooms_->start_recording(part(1)).has_value());
  ASSERT_TRUE(rooms_->play(interview_, short_sound(), {.id = "p"}).has_value());
  ASSERT_TRUE(rooms_->hold(interview_, kCustomerSide).has_value());
  ASSERT_TRUE(listener_.wait_for(kHoldMusicPlayer, media::PlayerState::playing));
  ASSERT_TRUE(rooms_->hold(interview_, "gst_1").has_value());
  ASSERT_TRUE(rooms_->resume(interview_, kCustomerSide).has_value());
  EXPECT_TRUE(rooms_->control_player(interview_, {media::PlayerCommand::Action::pause, {}}).has_value())
      << "the guest still hears it";
  ASSERT_TRUE(rooms_->resume(interview_, "gst_1").has_value());
  ASSERT_TRUE(listener_.wait_for(kHoldMusicPlayer, media::PlayerState::stopped));
}

TEST_F(LiveRoomsTest, AServerThatStopsSealsEveryJournal) {
  ASSERT_TRUE(rooms_->start_recording(part(1)).has_value());
  rooms_->close_all();
  EXPECT_TRUE(std::holds_alternative<recording::Closing>(journal(1).back()));
}

}  // namespace
}  // namespace tw::service
