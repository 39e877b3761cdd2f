#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "media/engine_counters.hpp"

namespace tw::api {

/// What the server counts, as Prometheus text. Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void request_answered(unsigned status, std::chrono::microseconds took);
  /// A value that is read when somebody asks. Call before the first `text`.
  void add_gauge(const std::string& name, const std::string& help, std::function<double()> read);
  /// What the media engine counts is read when somebody asks. Call before the first `text`.
  void add_media(std::function<media::EngineTotals()> read);
  [[nodiscard]] std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tw::api
