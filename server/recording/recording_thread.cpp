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

bool RecordingThread::failing() const {
  std::vector<std::shared_ptr<Recorder>> recorders;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& weak : recorders_) {
      if (auto recorder = weak.lock()) recorders.push_back(std::move(recorder));
    }
  }
  return std::ranges::any_of(recorders, [](const auto& recorder) { return recorder->failing(); });
}

std::vector<std::shared_ptr<Recorder>> RecordingThread::living() {
  std::vector<std::shared_ptr<Recorder>> recorders;
  std::erase_if(recorders_, [&recorders](const auto& weak) {
    auto recorder = weak.lock();
    if (recorder == nullptr) return true;
    recorders.push_back(std::move(recorder));
    return false;
  });
  return recorders;
}

void RecordingThread::run() {
  std::unique_lock lock(mutex_);
  for (bool last = false; !last;) {
    last = wake_.wait_for(lock, kWriteEvery, [this] { return ending_; });
    const auto recorders = living();
    lock.unlock();
    for (const auto& recorder : recorders) recorder->flush(clock_.steady_now());
    lock.lock();
  }
}

}  // namespace tw::recording
