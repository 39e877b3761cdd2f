#include "api/metrics.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <vector>

#include <unistd.h>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "api/media_metrics.hpp"

namespace tw::api {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5};

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  statm >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

struct Metrics::State {
  struct Reader {
    prometheus::Gauge* gauge;
    std::function<double()> read;
  };
  prometheus::Registry registry;
  std::array<prometheus::Counter*, 6> answers{};  ///< by the first digit of the status
  prometheus::Histogram* duration = nullptr;
  std::mutex mutex;
  std::vector<Reader> readers;
  std::function<media::EngineTotals()> media;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {
  auto& answers = prometheus::BuildCounter()
                      .Name("telewitness_http_answers_total")
                      .Help("Answers by class of status.")
                      .Register(state_->registry);
  for (std::size_t digit = 1; digit < state_->answers.size(); ++digit) {
    state_->answers[digit] = &answers.Add({{"status", std::to_string(digit) + "xx"}});
  }
  state_->duration = &prometheus::BuildHistogram()
                          .Name("telewitness_http_answer_seconds")
                          .Help("From the request's last byte to the answer's.")
                          .Register(state_->registry)
                          .Add({}, kSeconds);
  add_gauge("process_resident_memory_bytes", "Memory in use.", resident_bytes);
}

Metrics::~Metrics() = default;

void Metrics::request_answered(unsigned status, std::chrono::microseconds took) {
  const std::size_t digit = status / 100;
  if (digit < state_->answers.size() && digit > 0) state_->answers[digit]->Increment();
  state_->duration->Observe(std::chrono::duration<double>(took).count());
}

void Metrics::add_gauge(const std::string& name, const std::string& help, std::function<double()> read) {
  auto& gauge = prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry).Add({});
  const std::lock_guard lock(state_->mutex);
  state_->readers.push_back({&gauge, std::move(read)});
}

void Metrics::add_media(std::function<media::EngineTotals()> read) {
  const std::lock_guard lock(state_->mutex);
  state_->media = std::move(read);
}

std::string Metrics::text() const {
  const std::lock_guard lock(state_->mutex);
  for (const auto& reader : state_->readers) reader.gauge->Set(reader.read());
  auto families = state_->registry.Collect();
  if (state_->media) {
    for (auto& family : media_families(state_->media())) families.push_back(std::move(family));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace tw::api
