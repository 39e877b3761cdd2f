#include "processing/composition.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "processing/composed_writer.hpp"
#include "processing/recording_facts.hpp"
#include "processing/sound_mixer.hpp"
#include "processing/stage.hpp"
#include "processing/stream_files.hpp"
#include "recording/journal_reader.hpp"

namespace tw::processing {
namespace {

using recording::ComposedFile;
using recording::ComposeJob;
using recording::ComposeResult;

constexpr std::size_t kMostPeople = 10;
constexpr std::size_t kMostParts = 1'000;

/// What each stage takes of a job, roughly, so that progress moves evenly.
struct Share {
  double from = 0;
  double to = 1;
};
constexpr Share kLearning{0, 0.04};
constexpr Share kStreams{0.04, 0.12};
constexpr Share kComposing{0.12, 0.97};

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
            auto reader = recording::JournalReader::open(job.folder / name, file_key(job, name));
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
      job.people.size() > kMostPeople) {
    return fail(ErrorKind::invalid, "processor.failed",
                "A composition needs 1–1000 parts, 1–10 people and plain file names.");
  }
  return {};
}

/// The ticks of the composed file on the recording's time line. Long gaps are stepped over.
class Ticks {
 public:
  explicit Ticks(const RecordingFacts& facts) : gaps_(facts.gaps), end_us_(std::max(facts.duration_us(), kTickUs)) {
    for (const auto& gap : gaps_) {
      if (gap.to_ms - gap.from_ms <= kLongestGapShownMs) continue;
      const std::int64_t from = (gap.from_ms + kLongGapCardMs) * 1000 / kTickUs * kTickUs;
      skips_.push_back({from, gap.to_ms * 1000 / kTickUs * kTickUs});
    }
  }
  [[nodiscard]] bool done() const { return now_us_ >= end_us_; }
  [[nodiscard]] std::int64_t now_us() const { return now_us_; }
  [[nodiscard]] double progress() const { return static_cast<double>(now_us_) / static_cast<double>(end_us_); }
  [[nodiscard]] bool in_gap() const {
    return std::any_of(gaps_.begin(), gaps_.end(),
                       [this](const auto& gap) { return now_us_ >= gap.from_ms * 1000 && now_us_ < gap.to_ms * 1000; });
  }
  void step() {
    now_us_ += kTickUs;
    for (const auto& [from, to] : skips_) {
      if (now_us_ >= from && now_us_ < to) now_us_ = to;
    }
  }

 private:
  const std::vector<recording::RecordingGap>& gaps_;
  std::vector<std::pair<std::int64_t, std::int64_t>> skips_;
  std::int64_t end_us_;
  std::int64_t now_us_ = 0;
};

double median(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Everything that the composed file is made of.
class Composer {
 public:
  Composer(const ComposeJob& job, const RecordingFacts& facts, const std::vector<StreamFile>& files)
      : job_(job), facts_(facts), files_(files) {}

  [[nodiscard]] Result<void> open() {
    std::vector<Stage::Person> people;
    for (const auto& person : job_.people) {
      Stage::Person shown{.caption = person.caption, .picture = nullptr};
      const StreamFile* file = file_of(person.participant);
      sound_of_.emplace_back();
      if (file != nullptr) {
        auto pictures = reader(*file, AVMEDIA_TYPE_VIDEO);
        if (!pictures) return tl::unexpected(pictures.error());
        shown.picture = std::make_unique<PictureSource>(std::move(*pictures), file->rotations);
        auto sound = reader(*file, AVMEDIA_TYPE_AUDIO);
        if (!sound) return tl::unexpected(sound.error());
        sound_of_.back() = std::make_unique<SoundSource>(std::move(*sound));
      }
      people.push_back(std::move(shown));
    }
    stage_ = std::make_unique<Stage>(std::move(people), job_.watermark, kComposedWidth, kComposedHeight);
    return {};
  }

  [[nodiscard]] Result<void> run(ComposedWriter& writer, const ProgressFunction& progress) {
    constexpr std::size_t kSamplesPerTick = kSampleRate / kComposedRate;
    std::vector<float> samples(kSamplesPerTick);
    for (Ticks ticks(facts_); !ticks.done(); ticks.step()) {
      auto frame = stage_->at(ticks.now_us(), kTickUs / 2, ticks.in_gap(),
                              facts_.start + std::chrono::microseconds(ticks.now_us()));
      if (!frame) return tl::unexpected(frame.error());
      if (auto written = writer.picture(**frame); !written) return written;
      std::fill(samples.begin(), samples.end(), 0.0F);
      for (const auto& sound : sound_of_) {
        if (!sound) continue;
        if (auto mixed = sound->mix(ticks.now_us() * kSampleRate / 1'000'000, samples); !mixed) return mixed;
      }
      limit_softly(samples);
      if (auto written = writer.sound(samples); !written) return written;
      if (!progress(ticks.progress())) return abandoned();
    }
    return {};
  }

  /// The customer's sound against their picture in what was composed: how far each was put behind its capture time.
  [[nodiscard]] std::optional<double> av_offset_ms() const {
    const auto customer = std::find_if(job_.people.begin(), job_.people.end(),
                                       [](const auto& person) { return person.participant == "customer"; });
    const auto index = customer == job_.people.end() ? 0 : static_cast<std::size_t>(customer - job_.people.begin());
    const StreamFile* file = file_of(job_.people[index].participant);
    const auto& picture = stage_->person(index).picture;
    if (file == nullptr || !file->by_reports || !picture || !sound_of_[index]) return std::nullopt;
    const auto& pictures = picture->lateness();
    const auto& sounds = sound_of_[index]->line().lateness();
    if (pictures.empty() || sounds.empty()) return std::nullopt;
    return median(sounds) * 1000.0 / kSampleRate - median(pictures) / 1000.0;
  }

 private:
  [[nodiscard]] const StreamFile* file_of(const std::string& participant) const {
    const auto found = std::find_if(files_.begin(), files_.end(),
                                    [&](const StreamFile& file) { return file.participant == participant; });
    return found == files_.end() ? nullptr : &*found;
  }
  [[nodiscard]] Result<std::unique_ptr<StreamReader>> reader(const StreamFile& file, AVMediaType type) const {
    return StreamReader::open(job_.folder / file.name, file_key(job_, file.name), type);
  }

  const ComposeJob& job_;
  const RecordingFacts& facts_;
  const std::vector<StreamFile>& files_;
  std::unique_ptr<Stage> stage_;
  std::vector<std::unique_ptr<SoundSource>> sound_of_;
};

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
  if (auto opened = composer.open(); !opened) return tl::unexpected(opened.error());
  const std::string composed_name = job.name + ".mp4";
  auto writer = ComposedWriter::create(job.folder / composed_name, file_key(job, composed_name), random, facts->start,
                                       job.threads);
  if (!writer) return tl::unexpected(writer.error());
  if (auto run = composer.run(**writer, progress.within(kComposing)); !run) return tl::unexpected(run.error());
  const auto composed_ms = (*writer)->finish();
  if (!composed_ms) return tl::unexpected(composed_ms.error());

  ComposeResult result;
  result.duration_ms = facts->duration_us() / 1000;
  result.recovered = facts->recovered;
  result.gaps = facts->gaps;
  result.av_offset_ms = composer.av_offset_ms();
  ComposedFile composed;
  composed.name = composed_name;
  composed.composed = true;
  composed.duration_ms = *composed_ms;
  if (auto added = add_file(job, std::move(composed), result); !added) return tl::unexpected(added.error());
  for (const StreamFile& stream : *files) {
    ComposedFile file;
    file.name = stream.name;
    file.participant = stream.participant;
    file.duration_ms = stream.duration_ms;
    if (auto added = add_file(job, std::move(file), result); !added) return tl::unexpected(added.error());
  }
  return result;
}

}  // namespace tw::processing
