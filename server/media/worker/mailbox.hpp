#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

#include "media/worker/file_descriptor.hpp"

namespace tw::media {

class RoomHost;

/// Commands from any thread to one worker. The worker's epoll watches `event()`; packets never touch the lock.
class Mailbox {
 public:
  /// Requests waiting for one worker. It takes them between two batches of packets, so this many is seconds of work.
  static constexpr std::size_t kLimit = 8192;

  /// A command gets the worker's rooms, or nullptr when the worker has ended and it must answer `unavailable`.
  using Command = std::function<void(RoomHost*)>;

  Mailbox();
  /// False when the mailbox is full or closed; the command is then untouched.
  [[nodiscard]] bool try_push(Command& command);
  /// Moves everything that waits into `out`, which keeps its capacity.
  void take_all(std::vector<Command>& out);
  /// Nothing is taken in any more; wakes the worker.
  void close();
  [[nodiscard]] bool closed() const { return closed_; }
  /// Does a command wait (or has the mailbox been closed)? Without the lock: a worker asks once a turn.
  [[nodiscard]] bool waiting() const { return waiting_; }
  [[nodiscard]] int event() const { return event_.get(); }

 private:
  void wake() const;
  FileDescriptor event_;
  mutable std::mutex mutex_;
  std::vector<Command> commands_;
  std::atomic<bool> closed_ = false;
  std::atomic<bool> waiting_ = false;
};

}  // namespace tw::media
