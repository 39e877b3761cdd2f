#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "recording/processor.hpp"

namespace tw::processing {

struct ProcessorOptions {
  /// The program that becomes a processor, and its arguments: this binary itself.
  std::filesystem::path program = "/proc/self/exe";
  std::vector<std::string> arguments{"processor"};
  /// Compositions at the same time (configuration recording.processors); others wait.
  unsigned compositions = 1;
  /// Photos at the same time; others wait. Each decodes in some ten milliseconds.
  unsigned photos = 2;
  /// Media prepared for playing at the same time; others wait.
  unsigned preparations = 1;
  /// A photo that takes longer is given up: somebody waits for it in a call.
  std::chrono::milliseconds photo_limit{10'000};
  /// A composition of hours of talk ends well within this.
  std::chrono::milliseconds composition_limit{std::chrono::hours{6}};
  /// A composition reports progress many times a second; one that is silent for this long hangs.
  std::chrono::milliseconds composition_silence_limit{std::chrono::minutes{2}};
  /// Ten minutes of 720p take about four on one core; a busy machine gets five times that.
  std::chrono::milliseconds preparation_limit{std::chrono::minutes{20}};
};

/// Runs each job in a processor process of its own, which is ended with it: nothing of one customer's picture is left
/// where the next one's is decoded. A process for the next photo is kept started and warm, so that photos take
/// milliseconds and never wait behind compositions. Keys go to the process over its socket only. Thread-safe.
/// Errors: `processor.failed` (unprocessable: what came could not be decoded; internal: the process died),
/// `processor.timeout`, `processor.unavailable` (no process can be started, or shutting down).
class ProcessorProcesses final : public recording::Processor {
 public:
  explicit ProcessorProcesses(ProcessorOptions options = {});
  /// Ends every process; jobs that run return `processor.unavailable`.
  ~ProcessorProcesses() override;
  ProcessorProcesses(const ProcessorProcesses&) = delete;
  ProcessorProcesses& operator=(const ProcessorProcesses&) = delete;

  [[nodiscard]] Result<recording::PhotoResult> photograph(const recording::PhotoJob& job) override;
  [[nodiscard]] Result<recording::ComposeResult> compose(const recording::ComposeJob& job,
                                                         const std::function<void(int)>& progress) override;
  [[nodiscard]] Result<recording::PrepareMediaResult> prepare_media(const recording::PrepareMediaJob& job,
                                                                    const std::function<void(int)>& progress) override;
  /// From now on jobs are refused and running ones ended; for a quick end of the server.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tw::processing
