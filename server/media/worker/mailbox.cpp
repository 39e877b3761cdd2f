#include "media/worker/mailbox.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace tw::media {

Mailbox::Mailbox() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_.valid()) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Mailbox::wake() const {
  const std::uint64_t one = 1;
  // Fails only where the counter is full, and then the worker is awake already.
  [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof(one));
}

bool Mailbox::try_push(Command& command) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || commands_.size() >= kLimit) return false;
    commands_.push_back(std::move(command));
    waiting_ = true;
  }
  wake();
  return true;
}

void Mailbox::take_all(std::vector<Command>& out) {
  out.clear();
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read_bytes = ::read(event_.get(), &count, sizeof(count));
  const std::lock_guard lock(mutex_);
  waiting_ = false;
  std::swap(out, commands_);
}

void Mailbox::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    waiting_ = true;
  }
  wake();
}

}  // namespace tw::media
