#include "processing/composition.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "processing/composer.hpp"
#include "processing/film_time.hpp"
#include "processing/recording_facts.hpp"
#include "processing/stream_files.hpp"
#include "recording/journal_reader.hpp"

namespace tw::processing {
namespace {

using recording::ComposedFile;
using recording::ComposeJob;
using recording::ComposeResult;

/// The answer is written down a moment before its recording's first packet.
constexpr std::chrono::seconds kBeforeStart{10};
constexpr std::size_t kMostParts = 1'000;
constexpr std::size_t kMostEvents = 20'000;

/// What each stage takes of a job, roughly, so that progress moves evenly.
struct Share {
  double from = 0;
  double to = 1;
};
constexpr Share kLearning{0, 0.04};
constexpr Share kStreams{0.04, 0.12};
constexpr Share kListening{0.12, 0.14};
constexpr Share kComposing{0.14, 0.97};

/// Passes progress on a few times a second at most, and at least every second as a sign of life.
class Progress {
 public:
  explicit Progress(const PercentFunction& tell) : tell_(tell) {}
  [[nodiscard]] ProgressFunction within(Share share) {
    return [this, share](double done) {
      return report(share.from + (share.to - share.from) * std::clamp(done, 0.0, 1.0));
    };
  }
  bool report(double done) {
    constexpr std::chrono::milliseconds kBetween{250};
    const auto now = std::chrono::steady_clock::now();
    if (last_ && now - *last_ < kBetween) return true;
    last_ = now;
    return tell_(static_cast<int>(done * 100));
  }

 private:
  const PercentFunction& tell_;
  std::optional<SteadyTime> last_;
};

class JournalSource final : public RecordSource {
 public:
  explicit JournalSource(recording::JournalReader reader) : reader_(std::move(reader)) {}
  [[nodiscard]] Result<std::optional<recording::JournalRecord>> next() override { return reader_.next(); }
  [[nodiscard]] bool ended_in_order() const override { return reader_.ended_in_order(); }
  [[nodiscard]] double progress() const override { return reader_.progress(); }

 private:
  recording::JournalReader reader_;
};

RecordSources journals_of(const ComposeJob& job) {
  return {.count = job.parts.size(), .open = [&job](std::size_t part) -> Result<std::unique_ptr<RecordSource>> {
            const std::string& name = job.parts[part];
            const auto mirror = job.mirror.empty() ? job.mirror : job.mirror / name;
            auto reader = recording::JournalReader::open(job.folder / name, mirror, file_key(job, name));
            if (!reader) return tl::unexpected(reader.error());
            return std::make_unique<JournalSource>(std::move(*reader));
          }};
}

bool is_file_name(const std::string& name) {
  return !name.empty() && name.size() <= 200 && name.front() != '.' && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

Result<void> check(const ComposeJob& job) {
  const bool named = is_file_name(job.name) && std::all_of(job.parts.begin(), job.parts.end(), is_file_name) &&
                     std::all_of(job.people.begin(), job.people.end(),
                                 [](const auto& person) { return is_file_name(person.participant); });
  if (!named || job.parts.empty() || job.parts.size() > kMostParts || job.people.empty() ||
      job.people.size() > kMostFaces || job.events.size() > kMostEvents) {
    return fail(ErrorKind::invalid, "processor.failed",
                "A composition needs 1–1000 parts, 1–10 people and plain file names.");
  }
  return {};
}

/// A film has at most this many; a player's list is of no use when it is longer.
constexpr std::size_t kMostChapters = 200;

/// Events that happened while the recording ran, and the beginning of every part after a gap.
std::vector<recording::Chapter> chapters_of(const ComposeJob& job, const RecordingFacts& facts, const FilmTime& time) {
  std::vector<recording::Chapter> chapters;
  for (const auto& event : job.events) {
    const bool inside = event.at <= facts.end;  // what was before the first picture begins with it
    if (!event.title.empty() && inside && event.at >= facts.start - kBeforeStart)
      chapters.push_back({time.film_ms(facts.position_us(to_micros(event.at))), event.kind, event.title});
  }
  for (const auto& gap : facts.gaps)
    chapters.push_back({time.film_ms(gap.to_ms * 1000), "recording_gap", "录制恢复 Recording resumed"});
  if (chapters.empty()) return chapters;
  std::stable_sort(chapters.begin(), chapters.end(), [](const auto& a, const auto& b) { return a.at_ms < b.at_ms; });
  // Players want one that begins with the film.
  if (chapters.front().at_ms > 0) chapters.insert(chapters.begin(), {0, "start", "开始 Start"});
  if (chapters.size() > kMostChapters) chapters.resize(kMostChapters);
  return chapters;
}

Result<void> add_file(const ComposeJob& job, ComposedFile file, ComposeResult& result) {
  auto digest = digest_of(job.folder / file.name, file_key(job, file.name));
  if (!digest) return tl::unexpected(digest.error());
  file.size_bytes = digest->bytes;
  file.sha256 = std::move(digest->sha256);
  result.files.push_back(std::move(file));
  return {};
}

}  // namespace

Result<ComposeResult> compose_recording(const ComposeJob& job, Random& random, const PercentFunction& tell) {
  if (auto checked = check(job); !checked) return tl::unexpected(checked.error());
  Progress progress(tell);
  const RecordSources journals = journals_of(job);
  auto facts = learn_facts(journals, progress.within(kLearning));
  if (!facts) return tl::unexpected(facts.error());
  auto files = write_stream_files(job, journals, *facts, random, progress.within(kStreams));
  if (!files) return tl::unexpected(files.error());

  Composer composer(job, *facts, *files);
  if (auto opened = composer.open(progress.within(kListening)); !opened) return tl::unexpected(opened.error());
  FilmTime time(facts->duration_us(), facts->gaps, kTickUs, kLongestGapShownMs, kLongGapCardMs);
  auto chapters = chapters_of(job, *facts, time);
  const std::string composed_name = job.name + ".mp4";
  auto writer = ComposedWriter::create(job.folder / composed_name, file_key(job, composed_name), random, facts->start,
                                       job.threads, chapters, time.length_ms());
  if (!writer) return tl::unexpected(writer.error());
  if (auto run = composer.run(time, **writer, progress.within(kComposing)); !run) return tl::unexpected(run.error());
  const auto composed_ms = (*writer)->finish();
  if (!composed_ms) return tl::unexpected(composed_ms.error());

  ComposeResult result;
  result.duration_ms = facts->duration_us() / 1000;
  result.recovered = facts->recovered;
  result.gaps = facts->gaps;
  result.chapters = std::move(chapters);
  result.av_offset_ms = composer.customer_av_offset_ms();
  ComposedFile composed;
  composed.name = composed_name;
  composed.composed = true;
  composed.duration_ms = *composed_ms;
  composed.av_offset_ms = composer.worst_av_offset_ms();
  if (auto added = add_file(job, std::move(composed), result); !added) return tl::unexpected(added.error());
  for (const StreamFile& stream : *files) {
    ComposedFile file;
    file.name = stream.name;
    file.participant = stream.stream.participant;
    file.stream = stream.stream.name;
    file.av_offset_ms = stream.av_offset_ms;
    file.duration_ms = stream.duration_ms;
    if (auto added = add_file(job, std::move(file), result); !added) return tl::unexpected(added.error());
  }
  return result;
}

}  // namespace tw::processing
