#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tw::processing {

/// How loud somebody is over a whole recording: ITU-R BS.1770-4 with the gates of EBU R 128, for one channel at 48 kHz.
/// Silence and pauses do not count, so that whoever speaks little is not taken for quiet.
class LoudnessMeter {
 public:
  void add(std::span<const float> samples);
  /// LUFS; nullopt when there was nothing above −70.
  [[nodiscard]] std::optional<double> integrated() const;

 private:
  struct Biquad {
    std::array<double, 3> b;
    std::array<double, 2> a;
    double s1 = 0;
    double s2 = 0;
    double step(double in) {
      const double out = b[0] * in + s1;
      s1 = b[1] * in - a[0] * out + s2;
      s2 = b[2] * in - a[1] * out;
      return out;
    }
  };
  // BS.1770-4 tables 1 and 2: the head's shelf, then the high pass.
  Biquad shelf_{{1.53512485958697, -2.69169618940638, 1.19839281085285}, {-1.69065929318241, 0.73248077421585}};
  Biquad high_pass_{{1.0, -2.0, 1.0}, {-1.99004745483398, 0.99007225036621}};
  double energy_ = 0;
  std::size_t in_step_ = 0;
  std::vector<float> steps_;  ///< mean square of each 100 ms
};

/// The loudness that everybody is brought to, and how far somebody is moved at most: a microphone that hears only noise
/// must not be turned up without end.
constexpr double kTargetLufs = -20;
constexpr double kMostGainDb = 15;

/// By what somebody's samples are multiplied, all the way: a constant cannot pump. 1 where nothing was heard.
[[nodiscard]] float gain_for(const std::optional<double>& lufs);

}  // namespace tw::processing
