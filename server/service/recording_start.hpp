#pragma once

#include <string>

#include "base/result.hpp"
#include "service/core.hpp"
#include "service/work.hpp"
#include "store/recordings.hpp"

namespace tw::service {

/// A part of a recording that is being started: its row is there ("starting"), its journal not yet.
struct PlannedPart {
  store::RecordingRow recording;
  store::RecordingPartRow part;
};
/// Inside the transaction of a claim. The first part fixes path and name of the recording. `tenant_key` wraps its key.
[[nodiscard]] PlannedPart plan_part(Work& work, const store::InterviewRecord& record, const SecretKey& tenant_key);
/// Outside of transactions: opens the room and starts the journal. `recording.unavailable`.
[[nodiscard]] Result<WallTime> start_part(Core& core, const PlannedPart& planned);
/// Inside the transaction that lets the talk begin: the part runs; a gap after an earlier part goes to the timeline
/// (`cause`: interrupted or crash).
[[nodiscard]] Result<void> note_part_started(Work& work, store::InterviewRecord& record, const PlannedPart& planned,
                                             WallTime started_at, const std::string& cause);
/// Nothing was recorded in it.
void abandon_part(Work& work, const PlannedPart& planned);

/// Name of the composed file without its ending: what ComposeJob::name takes.
[[nodiscard]] std::string recording_stem(const store::RecordingRow& recording);

}  // namespace tw::service
