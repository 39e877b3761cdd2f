#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "crypto/scratch_folder_test_support.hpp"
#include "crypto/sealed_file.hpp"
#include "media/wire/rtp_packet.hpp"
#include "processing/recording_facts.hpp"
#include "processing/stream_files.hpp"
#include "processing/synthetic_media_test_support.hpp"
#include "recording/forgetful_disk_test_support.hpp"
#include "recording/journal_reader.hpp"
#include "recording/recorder.hpp"

/// The power goes at any moment of a call, and the disk has kept only what was synced: the films made of what is left
/// open everywhere, and lack at most two seconds.
namespace tw::processing {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kStart = 1'764'000'000'000'000;
constexpr double kMomentS = 0.01;
constexpr int kMoments = 401;
/// Other people's tools take their time: they look at every tenth film.
constexpr int kToolsEvery = 10;
constexpr double kMostLostS = 2.0;
constexpr double kPictureS = 1.0 / 30;
/// Of what was not synced some may survive, up to any byte: a prime, so that cuts fall everywhere in a chunk.
constexpr std::size_t kTornStep = 131;
constexpr std::size_t kMostFilmBytes = 10'000'000;
constexpr const char* kPart = "part-0001.twj";

class JournalSource final : public RecordSource {
 public:
  explicit JournalSource(recording::JournalReader reader) : reader_(std::move(reader)) {}
  [[nodiscard]] Result<std::optional<recording::JournalRecord>> next() override { return reader_.next(); }
  [[nodiscard]] bool ended_in_order() const override { return reader_.ended_in_order(); }
  [[nodiscard]] double progress() const override { return reader_.progress(); }

 private:
  recording::JournalReader reader_;
};

/// Gives the recorder what a room's worker would.
void hand(recording::Recorder& recorder, const recording::JournalRecord& record) {
  if (const auto* started = std::get_if<recording::TrackStarted>(&record)) {
    recorder.on_track_started(started->track, started->at);
  } else if (const auto* report = std::get_if<recording::SenderReport>(&record)) {
    recorder.on_sender_report(report->report);
  } else if (const auto* packet = std::get_if<recording::Packet>(&record)) {
    media::TapPacket tap;
    tap.track = packet->track;
    tap.arrival = packet->arrival;
    tap.extended_sequence = packet->extended_sequence;
    tap.rotation = packet->rotation;
    tap.keyframe_start = packet->keyframe_start;
    tap.rtp = packet->rtp;
    tap.payload = ByteView(packet->rtp).subspan(packet->payload_offset);
    recorder.on_packet(tap);
  }
}

/// Empty when the command ends well and says nothing on its standard error; otherwise what it said.
std::string complaint(const std::string& command, const std::filesystem::path& log) {
  const std::string line = command + " > /dev/null 2> " + log.string();
  const int status = std::system(line.c_str());  // NOLINT(cert-env33-c): a fixed command of this test
  std::ifstream file(log);
  const std::string said((std::istreambuf_iterator<char>(file)), {});
  return status == 0 ? said : command + " failed: " + said;
}

class FilmsAfterPowerLoss : public testing::Test {
 protected:
  FilmsAfterPowerLoss() : key_(SecretKey::make(random_)) {
    const Sender customer{.width = 160, .height = 96, .start_us = kStart + 20'000, .seconds = 5};
    send(customer, records_);
    std::ranges::stable_sort(records_, {}, &TimedRecord::at_us);
    next_ = records_.begin();
  }

  [[nodiscard]] std::filesystem::path journal() const { return std::filesystem::path("/disk") / kPart; }
  [[nodiscard]] SecretKey journal_key() const { return key_.derive("journal"); }

  void pass_moment(recording::Recorder& recorder, int moment) {
    clock_.advance(milliseconds(10));
    for (; next_ != records_.end() && next_->at_us <= to_micros(clock_.wall_now()); ++next_)
      hand(recorder, next_->record);
    if (moment * 10 % recording::kWriteEvery.count() == 0) recorder.flush(clock_.steady_now(), buffer_);
  }

  /// The second of the recording at which the longest of its films ends.
  double films_end(const recording::testing::ForgetfulDisk& disk, int moment, bool with_tools) {
    const ScratchFolder after;
    disk.survive_into(after.path(), static_cast<std::size_t>(moment) * kTornStep);
    const RecordSources sources{.count = 1, .open = [&](std::size_t) -> Result<std::unique_ptr<RecordSource>> {
                                  auto reader = recording::JournalReader::open(after.path() / kPart, journal_key());
                                  if (!reader) return tl::unexpected(reader.error());
                                  return std::make_unique<JournalSource>(std::move(*reader));
                                }};
    const ProgressFunction progress = [](double) { return true; };
    const auto facts = learn_facts(sources, progress);
    EXPECT_TRUE(facts) << "moment " << moment;
    if (!facts) return 0;
    EXPECT_TRUE(facts->recovered);
    const recording::ComposeJob job{
        .folder = after.path(), .name = "film", .parts = {kPart}, .key = key_.clone(), .watermark = {}, .people = {}};
    const auto films = write_stream_files(job, sources, *facts, random_, progress);
    EXPECT_TRUE(films) << "moment " << moment;
    if (!films) return 0;
    double end = 0;
    for (const StreamFile& film : *films) {
      const DecodedFile decoded = decode_sealed(after.path() / film.name, file_key(job, film.name));
      const double picture = decoded.pictures.empty() ? 0 : decoded.pictures.back().seconds + kPictureS;
      end = std::max({end, picture, static_cast<double>(decoded.sound.size()) / 48'000});
      if (with_tools && end > 0) open_elsewhere(after.path(), film.name, file_key(job, film.name));
    }
    return end;
  }

  static void open_elsewhere(const std::filesystem::path& folder, const std::string& name, SecretKey key) {
    const auto plain = read_sealed(folder / name, std::move(key), kMostFilmBytes);
    ASSERT_TRUE(plain);
    const auto film = folder / ("plain-" + name);
    std::ofstream(film, std::ios::binary)
        .write(reinterpret_cast<const char*>(plain->data()), static_cast<std::streamsize>(plain->size()));
    EXPECT_EQ(complaint("ffprobe -v error -show_packets " + film.string(), folder / "log"), "");
    EXPECT_EQ(complaint("mkvmerge -o " + (folder / "again.mkv").string() + " " + film.string(), folder / "log"), "");
    ++opened_elsewhere;
  }

  OsRandom random_;
  SecretKey key_;
  ManualClock clock_{from_micros(kStart)};
  recording::ChunkBuffer buffer_;
  std::vector<TimedRecord> records_;
  std::vector<TimedRecord>::const_iterator next_;
  static inline int opened_elsewhere = 0;
};

TEST_F(FilmsAfterPowerLoss, TheyOpenEverywhereAndLackAtMostTwoSeconds) {
  recording::testing::ForgetfulDisk disk;
  auto recorder = recording::Recorder::start({.file = journal(), .key = journal_key(), .recording = "rec_1", .part = 1},
                                             disk, clock_, random_)
                      .value();
  double worst = 0;
  for (int moment = 0; moment < kMoments; ++moment) {
    const double now = moment * kMomentS;
    const double end = films_end(disk, moment, moment % kToolsEvery == 0);
    worst = std::max(worst, now - end);
    ASSERT_LE(now - end, kMostLostS) << "the power goes after " << now << " s";
    if (HasFailure()) return;
    pass_moment(*recorder, moment);
  }
  EXPECT_GT(worst, 0.1);            // it did forget
  EXPECT_GT(opened_elsewhere, 20);  // and others did look
  RecordProperty("worst_ms", static_cast<int>(worst * 1000));
}

}  // namespace
}  // namespace tw::processing
