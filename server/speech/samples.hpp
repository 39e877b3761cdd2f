#pragma once

#include <vector>

namespace tw::speech {

/// Sound in the clear: interleaved, full scale is 1.
struct Samples {
  int rate_hz = 48'000;
  int channels = 1;
  std::vector<float> samples;
};

}  // namespace tw::speech
