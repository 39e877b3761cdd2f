#include "processing/composer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "processing/median.hpp"

namespace tw::processing {
namespace {

/// Streams that are looked at, not into: all that are neither a face nor for the agent's ear only. Films come first,
/// because everybody looks at them.
std::vector<media::StreamKey> large_streams(const RecordingFacts& facts) {
  std::vector<media::StreamKey> films;
  std::vector<media::StreamKey> screens;
  for (const auto& [stream, activity] : facts.activity) {
    if (stream.name == kBroadcast) films.push_back(stream);
    if (stream.name == kScreen) screens.push_back(stream);
  }
  films.insert(films.end(), screens.begin(), screens.end());
  return films;
}

}  // namespace

const StreamFile* Composer::file_of(const media::StreamKey& stream) const {
  const auto found =
      std::find_if(files_.begin(), files_.end(), [&](const StreamFile& file) { return file.stream == stream; });
  return found == files_.end() ? nullptr : &*found;
}

/// Those whom the job names, in its order, then whoever else has a camera in the recording, as far as there is room.
void Composer::list_people() {
  for (const auto& person : job_.people)
    people_.push_back({person.participant, person.caption, person.always, nullptr, 0, &person.successors});
  for (const StreamFile& file : files_) {
    const bool known = std::any_of(people_.begin(), people_.end(),
                                   [&](const Person& person) { return person.participant == file.stream.participant; });
    if (file.stream.name == kCamera && !known && people_.size() < kMostFaces)
      people_.push_back({file.stream.participant, "", false, nullptr, 0, nullptr});
  }
  for (Person& person : people_) person.file = file_of({person.participant, kCamera});
}

Result<std::size_t> Composer::add_sound(const StreamFile& file, const ProgressFunction& progress) {
  const auto path = job_.folder / file.name;
  auto listening = SoundReader::open(path, file_key(job_, file.name));
  if (!listening) return tl::unexpected(listening.error());
  const auto lufs = loudness_of(**listening, [&progress] { return progress(0); });
  if (!lufs) return tl::unexpected(lufs.error());
  auto reader = SoundReader::open(path, file_key(job_, file.name));
  if (!reader) return tl::unexpected(reader.error());
  sounds_.push_back(std::make_unique<SoundSource>(std::move(*reader), gain_for(*lufs)));
  return sounds_.size() - 1;
}

Result<std::unique_ptr<PictureSource>> Composer::pictures_of(const StreamFile& file) const {
  auto reader = PictureReader::open(job_.folder / file.name, file_key(job_, file.name));
  if (!reader) return tl::unexpected(reader.error());
  return std::make_unique<PictureSource>(std::move(*reader), file.rotations);
}

Result<void> Composer::open(const ProgressFunction& progress) {
  list_people();
  Stage::Setting setting;
  setting.watermark = job_.watermark;
  setting.style = job_.layout;
  setting.width = kComposedWidth;
  setting.height = kComposedHeight;
  std::vector<ScenePlan::Person> planned;
  for (Person& person : people_) {
    Stage::Source source{.caption = person.caption, .picture = nullptr};
    if (person.file != nullptr) {
      auto pictures = pictures_of(*person.file);
      if (!pictures) return tl::unexpected(pictures.error());
      source.picture = std::move(*pictures);
    }
    if (person.successors != nullptr) {
      for (const auto& next : *person.successors)
        source.captions.emplace_back(facts_.position_us(to_micros(next.from)), next.caption);
    }
    setting.people.push_back(std::move(source));
    planned.push_back({person.participant, person.always});
  }
  const std::vector<media::StreamKey> large = large_streams(facts_);
  for (const media::StreamKey& stream : large) {
    Stage::Source source;
    if (const StreamFile* file = file_of(stream)) {
      auto pictures = pictures_of(*file);
      if (!pictures) return tl::unexpected(pictures.error());
      source.picture = std::move(*pictures);
    }
    setting.large.push_back(std::move(source));
  }
  for (const StreamFile& file : files_) {
    if (file.stream.name == kWhisper) continue;
    const auto sound = add_sound(file, progress);
    if (!sound) return tl::unexpected(sound.error());
    for (Person& person : people_) {
      if (person.file == &file) person.sound = *sound;
    }
  }
  std::vector<ScenePlan::Event> events;
  events.reserve(job_.events.size());
  for (const auto& event : job_.events) events.push_back({facts_.position_us(to_micros(event.at)), event.kind});
  plan_ = std::make_unique<ScenePlan>(std::move(planned), facts_.activity, large, std::move(events));
  stage_ = std::make_unique<Stage>(std::move(setting));
  return {};
}

Result<void> Composer::run(FilmTime& time, ComposedWriter& writer, const ProgressFunction& progress) {
  constexpr std::size_t kSamplesPerTick = kSampleRate / kComposedRate;
  std::vector<float> samples(kSamplesPerTick);
  for (; !time.done(); time.step()) {
    const Stage::Moment moment{.position_us = time.now_us(),
                               .tolerance_us = kTickUs / 2,
                               .wall = facts_.start + std::chrono::microseconds(time.now_us()),
                               .interrupted = time.in_gap()};
    auto frame = stage_->at(moment, *plan_);
    if (!frame) return tl::unexpected(frame.error());
    if (auto written = writer.picture(**frame); !written) return written;
    std::fill(samples.begin(), samples.end(), 0.0F);
    for (const auto& sound : sounds_) {
      if (auto mixed = sound->mix(time.now_us() * kSampleRate / 1'000'000, samples); !mixed) return mixed;
    }
    limit_softly(samples);
    if (auto written = writer.sound(samples); !written) return written;
    if (!progress(time.progress())) return abandoned();
  }
  return {};
}

std::optional<double> Composer::av_offset_ms(std::size_t person) const {
  const StreamFile* file = people_[person].file;
  const auto& picture = stage_->person(person).picture;
  if (file == nullptr || !file->by_reports || !picture) return std::nullopt;
  const auto& pictures = picture->lateness();
  const auto& sounds = sounds_[people_[person].sound]->line().lateness();
  if (pictures.empty() || sounds.empty()) return std::nullopt;
  return median_of_values(sounds) * 1000.0 / kSampleRate - median_of_values(pictures) / 1000.0;
}

std::optional<double> Composer::customer_av_offset_ms() const {
  const auto customer = std::find_if(people_.begin(), people_.end(),
                                     [](const Person& person) { return person.participant == kCustomer; });
  return av_offset_ms(customer == people_.end() ? 0 : static_cast<std::size_t>(customer - people_.begin()));
}

std::optional<double> Composer::worst_av_offset_ms() const {
  std::optional<double> worst;
  for (std::size_t i = 0; i < people_.size(); ++i) {
    const auto offset = av_offset_ms(i);
    if (offset && (!worst || std::abs(*offset) > std::abs(*worst))) worst = offset;
  }
  return worst;
}

}  // namespace tw::processing
