#include "media/transport/simulated_openssl_time_test_support.hpp"

#include <sys/time.h>

#include <atomic>
#include <ctime>

namespace tw::media {
namespace {

std::atomic<const Clock*> simulated{nullptr};

}  // namespace

SimulatedOpensslTime::SimulatedOpensslTime(const Clock& clock) { simulated = &clock; }
SimulatedOpensslTime::~SimulatedOpensslTime() { simulated = nullptr; }

}  // namespace tw::media

extern "C" int gettimeofday(struct timeval* time, void* /*zone*/) noexcept {
  const tw::Clock* clock = tw::media::simulated;
  if (clock != nullptr) {
    const auto micros = tw::to_micros(clock->wall_now());
    time->tv_sec = micros / 1'000'000;
    time->tv_usec = micros % 1'000'000;
    return 0;
  }
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}
