#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "service/work.hpp"
#include "store/jobs.hpp"

namespace tw::service {

/// Who deletes a recording, and why.
struct Erasure {
  std::string actor;   ///< as in the audit log
  std::string by;      ///< a user's id, or store::kRetention
  std::string reason;  ///< what they gave; empty for retention
};

/// 410, for everything that needs what was recorded.
[[nodiscard]] tl::unexpected<Error> recording_deleted();

/// Erases the key of the interview's recording and leaves a tombstone, with the audit log's entry, the timeline's and
/// the job that removes the files, all in the transaction of `work`. `recording.unknown` (404), `recording.deleted`
/// (410), `recording.legal_hold` and `recording.in_progress` (409) change nothing.
[[nodiscard]] Result<void> erase_recording(Work& work, store::InterviewRecord& record, const Erasure& erasure);

/// Makes the rest of a deleted recording go, once its key is erased: the database's log, in which the key may still
/// stand, and the files, which nobody can read any more. A job is a row: it survives a restart and is tried again.
class RecordingRemovals {
 public:
  /// Pauses between attempts; the last one again and again. A disk that is read-only or away may come back.
  static constexpr std::array<std::chrono::minutes, 5> kBackOff{std::chrono::minutes{1}, std::chrono::minutes{10},
                                                                std::chrono::hours{1}, std::chrono::hours{6},
                                                                std::chrono::hours{24}};
  /// About a month; the gauge telewitness_recording_removals_open stays up after that.
  static constexpr std::int64_t kMostAttempts = 34;

  explicit RecordingRemovals(Core& core) : core_(core) {}

  /// Runs one job that is due, to its end. False when none was.
  bool run_one();
  [[nodiscard]] std::optional<WallTime> next_at();
  /// Deleted recordings of which something is left: waiting, or given up.
  [[nodiscard]] std::int64_t open();

 private:
  Core& core_;
};

}  // namespace tw::service
