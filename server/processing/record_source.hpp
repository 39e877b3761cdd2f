#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "recording/journal_record.hpp"

namespace tw::processing {

/// The records of one part, from its beginning. Journals are read twice: once to learn the clocks, once for the media.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  [[nodiscard]] virtual Result<std::optional<recording::JournalRecord>> next() = 0;
  /// After the end: false when the part was cut.
  [[nodiscard]] virtual bool ended_in_order() const = 0;
  /// 0–1.
  [[nodiscard]] virtual double progress() const = 0;
};

/// The parts of a recording in order.
struct RecordSources {
  std::size_t count = 0;
  std::function<Result<std::unique_ptr<RecordSource>>(std::size_t part)> open;
};

/// Told how far a job is, 0–1; false: nobody waits for it any more.
using ProgressFunction = std::function<bool(double)>;

/// What a job that nobody waits for ends with.
[[nodiscard]] inline tl::unexpected<Error> abandoned() {
  return fail(ErrorKind::unavailable, "processor.abandoned", "Nobody waits for this job any more.");
}

}  // namespace tw::processing
