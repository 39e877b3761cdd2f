#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>
#include <vector>

#include "recording/file_system.hpp"
#include "recording/recorder.hpp"
#include "recording/recording_thread.hpp"

/// What a packet costs the thread that receives it.
namespace {
thread_local std::size_t allocations = 0;
}

// The whole test program counts; new and delete stay a pair, which GCC cannot see across functions.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace tw::recording {
namespace {

TEST(RecorderCost, APacketAllocatesNothingOnTheThreadThatTaps) {
  const auto folder = std::filesystem::temp_directory_path() / ("tw-cost-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  PosixFileSystem disk;
  const SystemClock clock;
  OsRandom random;
  {
    RecordingThread thread(clock);
    auto recorder =
        Recorder::start({.file = folder / "part-0001.twj", .key = SecretKey::make(random), .recording = "rec_1"}, disk,
                        clock, random)
            .value();
    thread.add(recorder);
    const Bytes rtp(1200, 7);
    media::TapPacket packet;
    packet.track = 1;
    packet.arrival = clock.wall_now();
    packet.rtp = rtp;
    packet.payload = ByteView(rtp).subspan(12);
    media::TapSenderReport report;
    recorder->on_sender_report(report);  // its memory is kept from now on
    const std::size_t before = allocations;
    // More than the ring holds at once: full blocks, new ones, and a thread that empties them meanwhile.
    for (std::uint64_t i = 0; i < 20'000; ++i) {
      packet.extended_sequence = i;
      recorder->on_packet(packet);
      if (i % 500 == 0) recorder->on_sender_report(report);
    }
    EXPECT_EQ(allocations - before, 0U);
    recorder->stop();
  }
  std::filesystem::remove_all(folder);
}

/// Not for every run: what recording costs the process for each packet, all of it: copying, checks, sealing, writing.
/// Twelve rooms of two people, flushed as the recording thread does.
TEST(RecorderCost, DISABLED_Measurement) {
  constexpr int kRooms = 12;
  constexpr int kPacketsPerFlush = 116;  // 580 packets/s in 200 ms
  constexpr int kFlushes = 200;
  const auto folder = std::filesystem::temp_directory_path() / ("tw-cost-" + std::to_string(::getpid()));
  PosixFileSystem disk;
  const SystemClock clock;
  ManualClock paced;
  OsRandom random;
  std::vector<std::shared_ptr<Recorder>> recorders;
  for (int room = 0; room < kRooms; ++room) {
    recorders.push_back(Recorder::start({.file = folder / std::to_string(room) / "part-0001.twj",
                                         .key = SecretKey::make(random),
                                         .recording = "rec_1"},
                                        disk, clock, random)
                            .value());
  }
  const Bytes rtp(1200, 7);
  media::TapPacket packet;
  packet.track = 1;
  packet.rtp = rtp;
  packet.payload = ByteView(rtp).subspan(12);
  const auto used = [] {
    timespec at{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) * 1e6 + static_cast<double>(at.tv_nsec) * 1e-3;
  };
  ChunkBuffer buffer;
  double tapped = 0;
  double flushed = 0;
  for (int round = 0; round < kFlushes; ++round) {
    const double start = used();
    for (int i = 0; i < kPacketsPerFlush; ++i) {
      for (const auto& recorder : recorders) {
        ++packet.extended_sequence;
        recorder->on_packet(packet);
      }
    }
    const double middle = used();
    paced.advance(kWriteEvery);
    for (const auto& recorder : recorders) recorder->flush(paced.steady_now(), buffer);
    tapped += middle - start;
    flushed += used() - middle;
  }
  constexpr double kPackets = 1.0 * kRooms * kPacketsPerFlush * kFlushes;
  std::printf("tap %.3f us, recording thread %.3f us a packet of 1200 bytes\n", tapped / kPackets, flushed / kPackets);
  EXPECT_LE((tapped + flushed) / kPackets, 1.5);
  recorders.clear();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tw::recording
