#include "recording/recording_thread.hpp"

#include <algorithm>

namespace tw::recording {

RecordingThread::RecordingThread(const Clock& clock) : clock_(clock), thread_([this] { run(); }) {}

RecordingThread::~RecordingThread() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void RecordingThread::add(const std::shared_ptr<Recorder>& recorder) {
  const std::lock_guard lock(mutex_);
  recorders_.push_back(recorder);
}

std::vector<std::shared_ptr<Recorder>> RecordingThread::all() const {
  const std::lock_guard lock(mutex_);
  return recorders_;
}

bool RecordingThread::failing() const {
  return std::ranges::any_of(all(), [](const auto& recorder) { return recorder->failing(); });
}

bool RecordingThread::degraded() const {
  return std::ranges::any_of(all(), [](const auto& recorder) { return recorder->degraded(); });
}

/// One that nobody else holds and that has not ended was given up by whoever started it.
void RecordingThread::forget_finished() {
  std::erase_if(recorders_, [](const auto& recorder) {
    return recorder->settled() || (recorder.use_count() == 1 && !recorder->ended());
  });
}

void RecordingThread::run() {
  ChunkBuffer buffer;
  std::unique_lock lock(mutex_);
  for (bool last = false; !last;) {
    last = wake_.wait_for(lock, kWriteEvery, [this] { return ending_; });
    {
      const auto recorders = recorders_;
      lock.unlock();
      for (const auto& recorder : recorders) recorder->flush(clock_.steady_now(), buffer);
    }
    lock.lock();
    forget_finished();
  }
}

}  // namespace tw::recording
