#include "speech/hold_music.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

namespace tw::speech {
namespace {

constexpr int kRate = 48'000;
constexpr double kBeatSeconds = 0.75;
constexpr int kBeatsPerChord = 4;
constexpr int kNotesPerBeat = 2;
/// Four-note chords as MIDI numbers: C, Am, F, G and again with an open end.
constexpr std::array<std::array<int, 4>, 8> kChords{{{48, 55, 64, 71},
                                                     {45, 52, 60, 67},
                                                     {41, 48, 57, 64},
                                                     {43, 50, 59, 64},
                                                     {48, 55, 64, 67},
                                                     {40, 52, 59, 67},
                                                     {41, 53, 60, 69},
                                                     {43, 55, 62, 65}}};
/// In which order the notes of a chord are plucked.
constexpr std::array<int, 8> kPattern{0, 2, 1, 3, 2, 1, 3, 2};

double frequency_of(int note) { return 440.0 * std::exp2((note - 69) / 12.0); }

class Piece {
 public:
  Piece() {
    const double seconds = kBeatSeconds * kBeatsPerChord * static_cast<double>(kChords.size());
    frames_ = static_cast<std::size_t>(seconds * kRate);
    sound_.rate_hz = kRate;
    sound_.channels = 2;
    sound_.samples.assign(frames_ * 2, 0.0F);
  }
  /// A note that fades; what is left of it at the end sounds on at the beginning.
  void pluck(int note, double at_seconds, double loudness, double fade_seconds, double right) {
    const double step = 2 * std::numbers::pi * frequency_of(note) / kRate;
    const auto first = static_cast<std::size_t>(at_seconds * kRate);
    const auto length = static_cast<std::size_t>(fade_seconds * 5 * kRate);
    constexpr double kAttackFrames = 0.006 * kRate;
    for (std::size_t i = 0; i < length; ++i) {
      const double time = static_cast<double>(i);
      const double swell = std::min(1.0, time / kAttackFrames);
      const double fade = std::exp(-time / (fade_seconds * kRate));
      const double phase = step * time;
      const double tone = std::sin(phase) + 0.35 * fade * std::sin(2 * phase) + 0.12 * fade * std::sin(3 * phase);
      const auto value = static_cast<float>(loudness * swell * fade * tone);
      const std::size_t place = (first + i) % frames_ * 2;
      sound_.samples[place] += value * static_cast<float>(1 - right);
      sound_.samples[place + 1] += value * static_cast<float>(right);
    }
  }
  [[nodiscard]] Samples take() { return std::move(sound_); }

 private:
  std::size_t frames_ = 0;
  Samples sound_;
};

}  // namespace

Samples compose_hold_music() {
  Piece piece;
  double at = 0;
  for (const auto& chord : kChords) {
    piece.pluck(chord[0] - 12, at, 0.22, 1.6, 0.5);
    for (int i = 0; i < kBeatsPerChord * kNotesPerBeat; ++i) {
      const auto which = static_cast<std::size_t>(kPattern[static_cast<std::size_t>(i) % kPattern.size()]);
      const double right = 0.35 + 0.1 * static_cast<double>(which);
      piece.pluck(chord[which] + 12, at + i * kBeatSeconds / kNotesPerBeat, i % 2 == 0 ? 0.12 : 0.09, 0.7, right);
    }
    at += kBeatSeconds * kBeatsPerChord;
  }
  return piece.take();
}

}  // namespace tw::speech
