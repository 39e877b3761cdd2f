#include "app/stop_signal.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

namespace tw::app {
namespace {

volatile std::sig_atomic_t signal_descriptor = -1;

void on_signal(int) {
  const int saved = errno;
  const std::uint64_t one = 1;
  static_cast<void>(!::write(signal_descriptor, &one, sizeof one));
  errno = saved;
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(number, &action, nullptr);
}

}  // namespace

StopSignal::StopSignal() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  signal_descriptor = descriptor_;
  handle(SIGINT, on_signal);
  handle(SIGTERM, on_signal);
  handle(SIGPIPE, SIG_IGN);  // a peer that went away is an error of the write, not the end of the server
}

StopSignal::~StopSignal() {
  handle(SIGINT, SIG_DFL);
  handle(SIGTERM, SIG_DFL);
  signal_descriptor = -1;
  ::close(descriptor_);
}

bool StopSignal::wait(std::chrono::milliseconds patience) {
  pollfd waiting{descriptor_, POLLIN, 0};
  const int ready = ::poll(&waiting, 1, patience.count() < 0 ? -1 : static_cast<int>(patience.count()));
  if (ready <= 0) return false;
  std::uint64_t one = 0;
  return ::read(descriptor_, &one, sizeof one) == sizeof one;
}

}  // namespace tw::app
