#pragma once

#include "base/clock.hpp"

namespace tw::media {

/// While one lives, OpenSSL's DTLS timers run on `clock`: OpenSSL 3.0 reads gettimeofday, which the test program
/// replaces. So a lost flight is sent again when the simulated time says so, always the same.
class SimulatedOpensslTime {
 public:
  explicit SimulatedOpensslTime(const Clock& clock);
  ~SimulatedOpensslTime();
  SimulatedOpensslTime(const SimulatedOpensslTime&) = delete;
  SimulatedOpensslTime& operator=(const SimulatedOpensslTime&) = delete;
};

}  // namespace tw::media
