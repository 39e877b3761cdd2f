#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "service/ports.hpp"

namespace tw::app {

/// One thread that runs something when it is due: the work says when it wants to be run next, and anybody may ask for
/// an earlier time. No polling: it sleeps until then.
class DueRunner final : public service::WakeUps {
 public:
  using Work = std::function<std::optional<WallTime>()>;

  explicit DueRunner(const Clock& clock) : clock_(clock) {}
  ~DueRunner() override { stop(); }
  DueRunner(const DueRunner&) = delete;
  DueRunner& operator=(const DueRunner&) = delete;

  /// Runs the work for the first time at once.
  void start(Work work);
  /// Waits for a run that goes on; none begins afterwards.
  void stop();
  void wake_at(WallTime when) override;
  void wake_now() { wake_at(WallTime{}); }

 private:
  void run(const Work& work);

  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<WallTime> next_ = WallTime{};
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tw::app
