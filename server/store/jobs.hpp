#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/random.hpp"
#include "store/database.hpp"

namespace tw::store {

struct JobRow {
  TenantId tenant;
  JobId id;
  std::string kind;
  InterviewId interview;
  std::int64_t attempts = 0;  ///< that failed
};

/// Work that survives a restart. A running job is a row in state "running"; at start those are pending again.
namespace jobs {

void add(Transaction& transaction, const TenantId& tenant, const std::string& kind, const InterviewId& interview,
         WallTime now, Random& random);
/// The job due longest, now running; nullopt when none is due.
[[nodiscard]] std::optional<JobRow> claim(Transaction& transaction, const std::string& kind, WallTime now);
void finish(Transaction& transaction, const JobRow& job, WallTime now);
/// Tries again at `next_at`; never when it is nullopt.
void fail(Transaction& transaction, const JobRow& job, const std::string& error, std::optional<WallTime> next_at,
          WallTime now);
/// It could not even begin: this attempt does not count.
void postpone(Transaction& transaction, const JobRow& job, const std::string& reason, WallTime next_at, WallTime now);
[[nodiscard]] std::optional<WallTime> next_at(Connection& connection, const std::string& kind);
/// How many were running when the process died.
std::int64_t reset_running(Transaction& transaction, WallTime now);
/// One that is neither done nor failed.
[[nodiscard]] bool is_open(Connection& connection, const TenantId& tenant, const std::string& kind,
                           const InterviewId& interview);

}  // namespace jobs
}  // namespace tw::store
