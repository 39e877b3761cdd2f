#include "processing/processor_processes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <future>
#include <thread>

#include "crypto/scratch_folder_test_support.hpp"
#include "processing/child_process.hpp"
#include "processing/message.hpp"
#include "processing/synthetic_media_test_support.hpp"

namespace tw::processing {
namespace {

using std::chrono::milliseconds;

recording::PhotoJob photo_job() {
  return {.codec = media::Codec::vp8,
          .frame = encode_pictures(media::Codec::vp8, 1280, 720, 5, 0.2, false, true).front().data,
          .rotation = media::Rotation::none,
          .captured_at = parse_rfc3339("2026-11-24T06:33:05Z").value(),
          .watermark = {.company = "示例银行", .place = "上海市", .time_zone = "Asia/Shanghai"}};
}

ProcessorOptions behaving(std::vector<std::string> more) {
  ProcessorOptions options;
  for (auto& word : more) options.arguments.push_back(std::move(word));
  options.photo_limit = milliseconds{300};
  options.composition_silence_limit = milliseconds{300};
  return options;
}

struct Recording {
  Recording() : key(SecretKey::make(random)) {
    constexpr std::int64_t kStart = 1'764'000'000'000'000;
    std::vector<TimedRecord> records;
    send({.start_us = kStart, .seconds = 3}, records);
    write_journal(folder.path() / "part-1", key.derive("file:part-1"), 1, kStart, kStart + 3'000'000,
                  std::move(records));
  }
  recording::ComposeJob job() {
    return {.folder = folder.path(),
            .name = "interview",
            .parts = {"part-1"},
            .key = key.clone(),
            .watermark = {.company = "示例银行", .place = "", .time_zone = "Asia/Shanghai"},
            .people = {{"customer", "客户"}, {"agent", "坐席"}},
            .threads = 2};
  }
  OsRandom random;
  ScratchFolder folder;
  SecretKey key;
};

TEST(ProcessorProcesses, PhotographsInAProcessOfItsOwn) {
  ProcessorProcesses processes;
  for (int i = 0; i < 3; ++i) {
    const auto photo = processes.photograph(photo_job());
    ASSERT_TRUE(photo) << photo.error().message;
    EXPECT_EQ(photo->width, 1280U);
    EXPECT_EQ(photo->height, 720U);
    EXPECT_GT(photo->original.size(), 1'000U);
    EXPECT_NE(photo->original, photo->watermarked);
  }
}

TEST(ProcessorProcesses, ADamagedPictureEndsItsJobOnly) {
  ProcessorProcesses processes;
  auto damaged = photo_job();
  damaged.frame.resize(100);
  const auto photo = processes.photograph(damaged);
  ASSERT_FALSE(photo);
  EXPECT_EQ(photo.error().code, "processor.failed");
  EXPECT_EQ(photo.error().kind, ErrorKind::unprocessable);
  EXPECT_TRUE(processes.photograph(photo_job()));
}

TEST(ProcessorProcesses, ComposesWithProgressInsideTheSandbox) {
  Recording recording;
  ProcessorProcesses processes;
  std::vector<int> progress;
  const auto result = processes.compose(recording.job(), [&](int percent) { progress.push_back(percent); });
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->duration_ms, 3'000);
  EXPECT_EQ(result->files.size(), 2U);
  EXPECT_FALSE(progress.empty());
  EXPECT_TRUE(std::is_sorted(progress.begin(), progress.end()));
  const auto file =
      decode_sealed(recording.folder.path() / "interview.mp4", recording.key.derive("file:interview.mp4"));
  EXPECT_EQ(file.pictures.size(), 75U);
}

TEST(ProcessorProcesses, AWrongKeyIsAnErrorAndNoFile) {
  Recording recording;
  ProcessorProcesses processes;
  auto job = recording.job();
  job.key = SecretKey::make(recording.random);
  const auto result = processes.compose(job, {});
  ASSERT_FALSE(result);
  EXPECT_FALSE(std::filesystem::exists(recording.folder.path() / "interview.mp4"));
}

TEST(ProcessorProcesses, AJobThatHangsIsEnded) {
  ProcessorProcesses processes(behaving({"hang"}));
  const auto photo = processes.photograph(photo_job());
  ASSERT_FALSE(photo);
  EXPECT_EQ(photo.error().code, "processor.timeout");
  Recording recording;
  const auto composed = processes.compose(recording.job(), {});
  ASSERT_FALSE(composed);
  EXPECT_EQ(composed.error().code, "processor.timeout");
}

TEST(ProcessorProcesses, AProcessThatDiesOnItsJobIsAFailure) {
  ProcessorProcesses processes(behaving({"die"}));
  const auto photo = processes.photograph(photo_job());
  ASSERT_FALSE(photo);
  EXPECT_EQ(photo.error().code, "processor.failed");
  EXPECT_EQ(photo.error().kind, ErrorKind::internal);
}

TEST(ProcessorProcesses, AMissingProgramIsUnavailable) {
  ProcessorOptions options;
  options.program = "/nonexistent/telewitness";
  ProcessorProcesses processes(options);
  const auto photo = processes.photograph(photo_job());
  ASSERT_FALSE(photo);
  EXPECT_EQ(photo.error().code, "processor.unavailable");
}

TEST(ProcessorProcesses, StoppingEndsJobsAtOnce) {
  auto options = behaving({"hang"});
  options.composition_silence_limit = std::chrono::minutes{10};
  ProcessorProcesses processes(options);
  Recording recording;
  auto first = std::async(std::launch::async, [&] { return processes.compose(recording.job(), {}); });
  auto second = std::async(std::launch::async, [&] { return processes.compose(recording.job(), {}); });
  processes.stop();
  for (auto* job : {&first, &second}) {
    const auto result = job->get();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "processor.unavailable");
  }
  EXPECT_EQ(processes.photograph(photo_job()).error().code, "processor.unavailable");
}

TEST(ProcessorProcesses, PhotosDoNotWaitBehindACompositionAndManyComeAtOnce) {
  Recording recording;
  ProcessorProcesses processes;
  auto composed = std::async(std::launch::async, [&] { return processes.compose(recording.job(), {}); });
  std::vector<std::future<Result<recording::PhotoResult>>> photos;
  photos.reserve(4);
  for (int i = 0; i < 4; ++i)
    photos.push_back(std::async(std::launch::async, [&] { return processes.photograph(photo_job()); }));
  for (auto& photo : photos) EXPECT_TRUE(photo.get());
  EXPECT_TRUE(composed.get());
}

TEST(Sandbox, WhatIsForbiddenEndsTheProcess) {
  for (const char* how : {"socket", "exec", "fork"}) {
    auto child = ChildProcess::start("/proc/self/exe", {"processor", "break-out", how});
    ASSERT_TRUE(child);
    siginfo_t info{};
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>((*child)->pid()), &info, WEXITED | WNOWAIT), 0);
    EXPECT_EQ(info.si_code, CLD_KILLED) << how;
    EXPECT_EQ(info.si_status, SIGSYS) << how;
  }
  auto child = ChildProcess::start("/proc/self/exe", {"processor", "break-out", "nothing"});
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>((*child)->pid()), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(info.si_code, CLD_EXITED);
  EXPECT_EQ(info.si_status, 0);
}

}  // namespace
}  // namespace tw::processing
