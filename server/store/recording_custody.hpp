#pragma once

#include <cstddef>
#include <vector>

#include "store/recordings.hpp"

/// Who may not delete a recording, who did, and which are due.
namespace tw::store::recordings {

/// Sets or lifts the hold as the row says: `held_since`, `held_by`, `held_reason`.
void set_hold(Transaction& transaction, const RecordingRow& recording);

/// Overwrites the recording's key and keeps a tombstone: `deleted_at`, `deleted_by` and `deletion_reason` of the row.
/// Names of people and titles of chapters go; names, sizes and hashes of files stay.
void erase(Transaction& transaction, const RecordingRow& recording);

/// Of all tenants: recordings that retention may delete now, the oldest first. Those that are held or still worked on
/// are left out; `busy_job` is the kind of job that makes files of a recording.
[[nodiscard]] std::vector<Key> expired(Connection& connection, WallTime now, const char* busy_job, std::size_t limit);

}  // namespace tw::store::recordings
