#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "recording/forgetful_disk_test_support.hpp"
#include "recording/journal_reader.hpp"
#include "recording/recorder.hpp"

/// Every call that the recorder makes to a disk is failed once, and for good: not some of them.
namespace tw::recording {
namespace {

using std::chrono::milliseconds;
using testing::DiskCall;
using testing::ForgetfulDisk;

constexpr int kSteps = 14;

struct Outcome {
  bool started = false;
  bool degraded_at_end = false;
  bool failing_at_end = false;
  int calls = 0;
  int sent = 0;
  std::vector<CopyNews> news;
};
struct Content {
  bool readable = false;
  std::vector<std::uint64_t> sequences;
  std::vector<std::string> events;
  bool in_order = false;
};

class RecorderFaults : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("tw-faults-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// A short call, recorded in one place or two.
  Outcome call(ForgetfulDisk& disk, bool mirrored) {
    Outcome outcome;
    auto started = Recorder::start({.file = "/main/part-0001.twj",
                                    .key = key_.clone(),
                                    .recording = "rec_1",
                                    .part = 1,
                                    .mirror = mirrored ? "/mirror/part-0001.twj" : "",
                                    .on_news = [&](const CopyNews& news) { outcome.news.push_back(news); }},
                                   disk, clock_, random_);
    outcome.started = started.has_value();
    if (started) {
      Recorder& recorder = **started;
      for (int i = 0; i < kSteps; ++i) {
        send(recorder, static_cast<std::uint64_t>(outcome.sent++));
        clock_.advance(kWriteEvery);
        recorder.flush(clock_.steady_now(), buffer_);
      }
      recorder.stop();
      // What a disk did not take at the end is tried again by the thread.
      if (!recorder.settled()) recorder.flush(clock_.steady_now(), buffer_);
      outcome.degraded_at_end = recorder.degraded();
      outcome.failing_at_end = recorder.failing();
    }
    outcome.calls = disk.calls;
    return outcome;
  }
  void send(Recorder& recorder, std::uint64_t sequence) {
    const Bytes rtp(1200, static_cast<std::uint8_t>(sequence));
    media::TapPacket packet;
    packet.track = 1;
    packet.arrival = clock_.wall_now();
    packet.extended_sequence = sequence;
    packet.rtp = rtp;
    packet.payload = ByteView(rtp).subspan(12);
    recorder.on_packet(packet);
  }
  /// What is there after the power went and came back.
  Content after(const ForgetfulDisk& disk) {
    for (const char* place : {"main", "mirror"}) {
      std::filesystem::remove_all(folder_ / place);
      disk.survive_from(std::string("/") + place, folder_ / place);
    }
    return read(folder_ / "main" / "part-0001.twj", folder_ / "mirror" / "part-0001.twj");
  }
  Content read(const std::filesystem::path& main, const std::filesystem::path& mirror) {
    Content content;
    auto reader = JournalReader::open(main, mirror, key_.clone());
    content.readable = reader.has_value();
    while (content.readable) {
      auto record = reader->next();
      if (!record || !*record) break;
      if (auto* packet = std::get_if<Packet>(&**record)) content.sequences.push_back(packet->extended_sequence);
      if (auto* event = std::get_if<Event>(&**record)) content.events.push_back(event->kind + event->data_json);
    }
    content.in_order = content.readable && reader->ended_in_order();
    return content;
  }
  static void expect_all(const Content& content, int sent, const std::string& what) {
    ASSERT_EQ(content.sequences.size(), static_cast<std::size_t>(sent)) << what;
    for (std::size_t i = 0; i < content.sequences.size(); ++i) ASSERT_EQ(content.sequences[i], i) << what;
    EXPECT_TRUE(content.in_order) << what;
  }

  std::filesystem::path folder_;
  ManualClock clock_;
  ChunkBuffer buffer_;
  SeededRandom random_{1};
  SecretKey key_ = SecretKey::make(random_);
};

std::string label(int call, const char* code, bool for_good) {
  return std::string(code) + " at call " + std::to_string(call) + (for_good ? " and after" : "");
}

TEST_F(RecorderFaults, OfTwoPlacesOneMayFailAtEveryCallOnceOrForGood) {
  ForgetfulDisk healthy;
  const int calls = call(healthy, true).calls;
  ASSERT_GT(calls, 35);
  for (const std::string place : {"/main", "/mirror"}) {
    for (const char* code : {"disk.full", "disk.failed"}) {
      for (const bool for_good : {false, true}) {
        for (int n = 0; n < calls; ++n) {
          ForgetfulDisk disk;
          disk.fault = [&](int at, DiskCall, const std::filesystem::path& where) -> const char* {
            const bool hit = (for_good ? at >= n : at == n) && where.string().starts_with(place);
            return hit ? code : nullptr;
          };
          const Outcome outcome = call(disk, true);
          const std::string what = place + ": " + label(n, code, for_good);
          ASSERT_TRUE(outcome.started) << what;
          EXPECT_FALSE(outcome.failing_at_end) << what;
          EXPECT_EQ(outcome.degraded_at_end, !outcome.news.empty() && outcome.news.back().state != CopyState::good)
              << what;
          expect_all(after(disk), outcome.sent, what);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

TEST_F(RecorderFaults, OneSinglePlaceForgetsNothingOverAFaultThatPasses) {
  ForgetfulDisk healthy;
  const int calls = call(healthy, false).calls;
  for (int n = 0; n < calls; ++n) {
    for (const char* code : {"disk.full", "disk.failed"}) {
      ForgetfulDisk disk;
      DiskCall hit = DiskCall::append;
      disk.fault = [&](int at, DiskCall what, const std::filesystem::path&) -> const char* {
        if (at != n) return nullptr;
        hit = what;
        return code;
      };
      const Outcome outcome = call(disk, false);
      const std::string what = label(n, code, false);
      if (!outcome.started) {
        EXPECT_FALSE(disk.holds("/main/part-0001.twj")) << what;  // nothing is left of a call that was not connected
        continue;
      }
      const Content content = after(disk);
      if (hit == DiskCall::sync) {
        EXPECT_TRUE(outcome.failing_at_end) << what;  // and what is durable is a beginning without holes
        for (std::size_t i = 0; i < content.sequences.size(); ++i) ASSERT_EQ(content.sequences[i], i) << what;
      } else {
        EXPECT_FALSE(outcome.failing_at_end) << what;
        expect_all(content, outcome.sent, what);
      }
      if (HasFatalFailure()) return;
    }
  }
}

TEST_F(RecorderFaults, WhenBothFailTheCallGoesOnAndTheStateSaysSo) {
  ForgetfulDisk disk;
  disk.fault = [&](int at, DiskCall what, const std::filesystem::path&) -> const char* {
    return at > 14 && what == DiskCall::append ? "disk.full" : nullptr;
  };
  const Outcome outcome = call(disk, true);
  ASSERT_TRUE(outcome.started);
  EXPECT_TRUE(outcome.failing_at_end);
  EXPECT_TRUE(outcome.degraded_at_end);
  const Content content = after(disk);
  EXPECT_TRUE(content.readable);
  for (std::size_t i = 0; i < content.sequences.size(); ++i) ASSERT_EQ(content.sequences[i], i);
}

TEST_F(RecorderFaults, NoPlaceIsSyncedAgainAfterItFailed) {
  for (const bool mirrored : {false, true}) {
    ForgetfulDisk disk;
    std::map<std::string, int> syncs;
    disk.fault = [&](int at, DiskCall what, const std::filesystem::path& where) -> const char* {
      if (what != DiskCall::sync || at < 14) return nullptr;
      ++syncs[where.string()];
      return "disk.failed";
    };
    const Outcome outcome = call(disk, mirrored);
    EXPECT_TRUE(outcome.failing_at_end);
    EXPECT_EQ(syncs.size(), mirrored ? 2U : 1U);
    for (const auto& [place, count] : syncs) EXPECT_EQ(count, 1) << place;
  }
}

TEST_F(RecorderFaults, TheGoodCopyTellsThatTheOtherWasLost) {
  ForgetfulDisk disk;
  disk.fault = [](int at, DiskCall what, const std::filesystem::path& where) -> const char* {
    return at > 14 && what == DiskCall::sync && where.string().starts_with("/mirror") ? "disk.failed" : nullptr;
  };
  const Outcome outcome = call(disk, true);
  ASSERT_EQ(outcome.news.size(), 1U);
  EXPECT_EQ(outcome.news[0].copy, 1U);
  EXPECT_EQ(outcome.news[0].state, CopyState::given_up);
  EXPECT_TRUE(outcome.degraded_at_end);
  const Content content = after(disk);
  ASSERT_EQ(content.events.size(), 1U);
  EXPECT_EQ(content.events[0], R"(recording_copy{"copy":"mirror","state":"given_up","code":"disk.failed"})");
}

TEST_F(RecorderFaults, ACopyThatLagsTooFarIsGivenUp) {
  ForgetfulDisk disk;
  disk.fault = [](int at, DiskCall what, const std::filesystem::path& where) -> const char* {
    return at > 14 && what == DiskCall::append && where.string().starts_with("/main") ? "disk.full" : nullptr;
  };
  std::vector<CopyNews> news;
  auto recorder = Recorder::start({.file = "/main/part-0001.twj",
                                   .key = key_.clone(),
                                   .recording = "rec_1",
                                   .mirror = "/mirror/part-0001.twj",
                                   .on_news = [&](const CopyNews& item) { news.push_back(item); }},
                                  disk, clock_, random_)
                      .value();
  std::uint64_t sent = 0;
  while (news.size() < 2 && sent < 20'000) {
    for (int i = 0; i < 100; ++i) send(*recorder, sent++);
    recorder->flush(clock_.steady_now(), buffer_);
  }
  ASSERT_EQ(news.size(), 2U);
  EXPECT_EQ(news[0].state, CopyState::waiting);
  EXPECT_EQ(news[1].state, CopyState::given_up);
  EXPECT_NEAR(static_cast<double>(sent) * 1'240, static_cast<double>(kMaxCopyBacklogBytes), 1'500'000);
  recorder->stop();
  expect_all(after(disk), static_cast<int>(sent), "the mirror");
}

// A torn or damaged chunk of one copy is taken from the other, wherever it lies.
TEST_F(RecorderFaults, TwoDamagedCopiesGiveOneWholeJournal) {
  ForgetfulDisk disk;
  const Outcome outcome = call(disk, true);
  expect_all(after(disk), outcome.sent, "before the damage");
  const auto main = folder_ / "main" / "part-0001.twj";
  const auto mirror = folder_ / "mirror" / "part-0001.twj";
  const auto size = std::filesystem::file_size(main);
  ASSERT_EQ(size, std::filesystem::file_size(mirror));
  const auto flip = [](const std::filesystem::path& file, std::uintmax_t at) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(stream.get() ^ 1);
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(byte);
  };
  flip(main, size / 3);
  std::filesystem::resize_file(main, size * 9 / 10);
  flip(mirror, size / 2);
  expect_all(read(main, mirror), outcome.sent, "main first");
  expect_all(read(mirror, main), outcome.sent, "mirror first");
  EXPECT_LT(read(main, {}).sequences.size(), static_cast<std::size_t>(outcome.sent));
  std::filesystem::remove(main);
  EXPECT_FALSE(read(main, mirror).in_order);
  EXPECT_TRUE(read(main, mirror).readable);
}

}  // namespace
}  // namespace tw::recording
