#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "processing/composed_writer.hpp"
#include "processing/film_time.hpp"
#include "processing/recording_facts.hpp"
#include "processing/scene.hpp"
#include "processing/sound_mixer.hpp"
#include "processing/stage.hpp"
#include "processing/stream_files.hpp"
#include "recording/processor.hpp"

namespace tw::processing {

/// Puts the stream files together into one film: who is seen where, everybody equally loud. What a supervisor whispered
/// to the agent is in neither picture nor sound.
class Composer {
 public:
  Composer(const recording::ComposeJob& job, const RecordingFacts& facts, const std::vector<StreamFile>& files)
      : job_(job), facts_(facts), files_(files) {}

  /// Listens to everybody once, to know how loud they are.
  [[nodiscard]] Result<void> open(const ProgressFunction& progress);
  [[nodiscard]] Result<void> run(FilmTime& time, ComposedWriter& writer, const ProgressFunction& progress);

  /// Of the customer, by how far sound and picture were put behind their capture times; nullopt without sender reports.
  [[nodiscard]] std::optional<double> customer_av_offset_ms() const;
  /// Of whoever is worst.
  [[nodiscard]] std::optional<double> worst_av_offset_ms() const;

 private:
  struct Person {
    std::string participant;
    std::string caption;
    bool always = true;
    const StreamFile* file = nullptr;  ///< of their camera
    std::size_t sound = 0;             ///< index into sounds_
    const std::vector<recording::ComposeJob::Successor>* successors = nullptr;
  };
  [[nodiscard]] const StreamFile* file_of(const media::StreamKey& stream) const;
  void list_people();
  [[nodiscard]] Result<std::size_t> add_sound(const StreamFile& file, const ProgressFunction& progress);
  [[nodiscard]] Result<std::unique_ptr<PictureSource>> pictures_of(const StreamFile& file) const;
  [[nodiscard]] std::optional<double> av_offset_ms(std::size_t person) const;

  const recording::ComposeJob& job_;
  const RecordingFacts& facts_;
  const std::vector<StreamFile>& files_;
  std::vector<Person> people_;
  std::vector<std::unique_ptr<SoundSource>> sounds_;
  std::unique_ptr<Stage> stage_;
  std::unique_ptr<ScenePlan> plan_;
};

}  // namespace tw::processing
