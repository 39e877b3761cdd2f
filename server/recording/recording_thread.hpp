#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "recording/recorder.hpp"

namespace tw::recording {

/// One thread that flushes every recorder at its pace, so that no call waits for a disk.
class RecordingThread {
 public:
  explicit RecordingThread(const Clock& clock);
  /// Ends the thread; recorders that still run have been flushed once more.
  ~RecordingThread();
  RecordingThread(const RecordingThread&) = delete;
  RecordingThread& operator=(const RecordingThread&) = delete;

  /// Flushes it as long as somebody else holds it, and after its end until a full disk has taken what is left.
  void add(const std::shared_ptr<Recorder>& recorder);
  /// True while any recorder fails to write.
  [[nodiscard]] bool failing() const;
  /// True while any recorder lacks one of its copies.
  [[nodiscard]] bool degraded() const;

 private:
  void run();
  [[nodiscard]] std::vector<std::shared_ptr<Recorder>> all() const;
  void forget_finished();

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::shared_ptr<Recorder>> recorders_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace tw::recording
