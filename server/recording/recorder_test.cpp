#include "recording/recorder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "recording/forgetful_disk_test_support.hpp"
#include "recording/journal_reader.hpp"
#include "recording/recording_thread.hpp"

namespace tw::recording {
namespace {

using std::chrono::milliseconds;
using testing::ForgetfulDisk;

class RecorderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("tw-recorder-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::shared_ptr<Recorder> start(FileSystem& files) {
    auto recorder = Recorder::start({folder_ / "part-0001.twj", key_.clone(), "rec_1", 1}, files, clock_, random_);
    EXPECT_TRUE(recorder.has_value());
    return recorder ? *recorder : nullptr;
  }
  void send(Recorder& recorder, std::uint64_t sequence) {
    Bytes rtp(1200, static_cast<std::uint8_t>(sequence));
    media::TapPacket packet;
    packet.track = 1;
    packet.arrival = clock_.wall_now();
    packet.extended_sequence = sequence;
    packet.rtp = rtp;
    packet.payload = ByteView(rtp).subspan(12);
    recorder.on_packet(packet);
  }
  struct Content {
    std::vector<Packet> packets;
    std::vector<Event> events;
    bool in_order = false;
  };
  Content read(const std::filesystem::path& folder) {
    Content content;
    auto reader = JournalReader::open(folder / "part-0001.twj", key_.clone());
    EXPECT_TRUE(reader.has_value());
    if (!reader) return content;
    while (true) {
      auto record = reader->next();
      EXPECT_TRUE(record.has_value());
      if (!record || !*record) break;
      if (auto* packet = std::get_if<Packet>(&**record)) content.packets.push_back(std::move(*packet));
      if (auto* event = std::get_if<Event>(&**record)) content.events.push_back(std::move(*event));
    }
    content.in_order = reader->ended_in_order();
    return content;
  }

  std::filesystem::path folder_;
  ManualClock clock_;
  ChunkBuffer buffer_;
  SeededRandom random_{1};
  SecretKey key_ = SecretKey::make(random_);
};

TEST_F(RecorderTest, WhatWasSentIsReadBackInOrder) {
  PosixFileSystem disk;
  auto recorder = start(disk);
  for (std::uint64_t i = 0; i < 500; ++i) send(*recorder, i);
  recorder->note("photo", R"({"photo":"pho_1"})");
  recorder->flush(clock_.steady_now(), buffer_);
  recorder->stop();
  send(*recorder, 999);
  const auto content = read(folder_);
  ASSERT_EQ(content.packets.size(), 500U);
  for (std::uint64_t i = 0; i < 500; ++i) EXPECT_EQ(content.packets[i].extended_sequence, i);
  ASSERT_EQ(content.events.size(), 1U);
  EXPECT_EQ(content.events[0].kind, "photo");
  EXPECT_TRUE(content.in_order);
}

// Who asks only when a call ended does not read an hour of it.
TEST_F(RecorderTest, TheEndIsReadWithoutWhatIsBefore) {
  constexpr std::uint64_t kPackets = 3'000;
  constexpr std::uint64_t kKeptBytes = 200'000;
  PosixFileSystem disk;
  auto recorder = start(disk);
  for (std::uint64_t i = 0; i < kPackets; ++i) {
    send(*recorder, i);
    if (i % 50 == 0) recorder->flush(clock_.steady_now(), buffer_);
  }
  recorder->flush(clock_.steady_now(), buffer_);
  const auto journal = folder_ / "part-0001.twj";
  const auto size = std::filesystem::file_size(journal);
  for (const std::uintmax_t cut : {std::uintmax_t{0}, std::uintmax_t{1}, std::uintmax_t{70'000}}) {
    std::filesystem::resize_file(journal, size - cut);
    const auto whole = read(folder_).packets;
    auto reader = JournalReader::open(journal, key_.clone()).value();
    reader.skip_towards_end(kKeptBytes);
    std::vector<std::uint64_t> sequences;
    for (auto record = reader.next(); record && *record; record = reader.next()) {
      if (auto* packet = std::get_if<Packet>(&**record)) sequences.push_back(packet->extended_sequence);
    }
    ASSERT_FALSE(sequences.empty());
    EXPECT_EQ(sequences.back(), whole.back().extended_sequence);
    EXPECT_LT(sequences.size() * 1'200, kKeptBytes + 1'200);
    EXPECT_EQ(sequences.back() - sequences.front() + 1, sequences.size());
  }
}

TEST_F(RecorderTest, AShortJournalIsReadWholeWhateverIsKept) {
  PosixFileSystem disk;
  auto recorder = start(disk);
  for (std::uint64_t i = 0; i < 20; ++i) send(*recorder, i);
  recorder->stop();
  auto reader = JournalReader::open(folder_ / "part-0001.twj", key_.clone()).value();
  reader.skip_towards_end(1'000'000);
  auto first = reader.next();
  ASSERT_TRUE(first && *first);
  EXPECT_TRUE(std::holds_alternative<Opening>(**first));
}

TEST_F(RecorderTest, NothingReadableLiesOnTheDisk) {
  PosixFileSystem disk;
  auto recorder = start(disk);
  recorder->note("secret-word", "{}");
  recorder->stop();
  std::ifstream file(folder_ / "part-0001.twj", std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(all.find("secret-word"), std::string::npos);
  EXPECT_FALSE(JournalReader::open(folder_ / "part-0001.twj", SecretKey::make(random_)).has_value());
}

// The promise to the auditor: whatever moment the power goes, at most write interval + sync interval is missing.
TEST_F(RecorderTest, ADiskThatForgetsLosesAtMostTwoSeconds) {
  for (int crash_at_ms = 0; crash_at_ms <= 4'000; crash_at_ms += 10) {
    ForgetfulDisk disk;
    auto recorder = start(disk);
    int sent = 0;
    for (int ms = 0; ms < crash_at_ms; ms += 10) {
      send(*recorder, static_cast<std::uint64_t>(sent++));
      clock_.advance(milliseconds(10));
      if (ms % kWriteEvery.count() == 0) recorder->flush(clock_.steady_now(), buffer_);
    }
    const auto survived = folder_ / "after";
    std::filesystem::create_directories(survived);
    disk.survive_into(survived, static_cast<std::size_t>(crash_at_ms));
    const auto content = read(survived);
    EXPECT_GE(content.packets.size() + 200, static_cast<std::size_t>(sent)) << "crash after " << crash_at_ms << " ms";
    EXPECT_FALSE(content.in_order);
    for (std::size_t i = 0; i < content.packets.size(); ++i) ASSERT_EQ(content.packets[i].extended_sequence, i);
  }
}

TEST_F(RecorderTest, AStoppedRecorderForgetsNothing) {
  ForgetfulDisk disk;
  auto recorder = start(disk);
  for (std::uint64_t i = 0; i < 50; ++i) send(*recorder, i);
  recorder->stop();
  disk.survive_into(folder_);
  const auto content = read(folder_);
  EXPECT_EQ(content.packets.size(), 50U);
  EXPECT_TRUE(content.in_order);
}

TEST_F(RecorderTest, AFullDiskRefusesToStartAndLeavesNoFile) {
  ForgetfulDisk disk;
  disk.full = true;
  auto recorder = Recorder::start({folder_ / "part-0001.twj", key_.clone(), "rec_1", 1}, disk, clock_, random_);
  ASSERT_FALSE(recorder.has_value());
  EXPECT_EQ(recorder.error().code, "disk.full");
}

TEST_F(RecorderTest, ADiskThatFillsInTheCallIsWaitedForAndNothingIsLost) {
  ForgetfulDisk disk;
  auto recorder = start(disk);
  send(*recorder, 0);
  disk.full = true;
  for (std::uint64_t i = 1; i < 100; ++i) {
    send(*recorder, i);
    recorder->flush(clock_.steady_now(), buffer_);
  }
  EXPECT_TRUE(recorder->failing());
  disk.full = false;
  recorder->flush(clock_.steady_now(), buffer_);
  EXPECT_FALSE(recorder->failing());
  recorder->stop();
  disk.survive_into(folder_);
  EXPECT_EQ(read(folder_).packets.size(), 100U);
}

TEST_F(RecorderTest, WhatDoesNotFitInMemoryIsDeclaredLost) {
  ForgetfulDisk disk;
  auto recorder = start(disk);
  recorder->flush(clock_.steady_now(), buffer_);
  disk.full = true;
  std::uint64_t sent = 0;
  for (; sent < kMaxBufferedBytes / 1000; ++sent) send(*recorder, sent);
  disk.full = false;
  recorder->flush(clock_.steady_now(), buffer_);
  send(*recorder, sent);
  recorder->stop();
  disk.survive_into(folder_);
  const auto content = read(folder_);
  EXPECT_LT(content.packets.size(), sent);
  ASSERT_EQ(content.events.size(), 1U);
  EXPECT_EQ(content.events[0].kind, "recording_lost");
}

TEST_F(RecorderTest, AFailedSyncIsNeverTriedAgain) {
  ForgetfulDisk disk;
  auto recorder = start(disk);
  disk.sync_fails = true;
  const int before = disk.syncs;
  for (int i = 0; i < 10; ++i) {
    send(*recorder, static_cast<std::uint64_t>(i));
    clock_.advance(kSyncEvery);
    recorder->flush(clock_.steady_now(), buffer_);
  }
  EXPECT_EQ(disk.syncs, before + 1);
  EXPECT_TRUE(recorder->failing());
}

TEST_F(RecorderTest, TheThreadWritesByItself) {
  PosixFileSystem disk;
  const SystemClock clock;
  RecordingThread thread(clock);
  auto recorder = start(disk);
  thread.add(recorder);
  const auto file = folder_ / "part-0001.twj";
  const auto before = std::filesystem::file_size(file);
  send(*recorder, 1);
  const auto end = clock.steady_now() + std::chrono::seconds(10);
  while (std::filesystem::file_size(file) == before && clock.steady_now() < end) std::this_thread::yield();
  EXPECT_GT(std::filesystem::file_size(file), before);
  EXPECT_FALSE(thread.failing());
}

}  // namespace
}  // namespace tw::recording
