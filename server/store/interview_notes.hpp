#pragma once

#include <optional>
#include <string>

#include "store/database.hpp"

namespace tw::store::interview_notes {

/// What agents wrote beside an interview. Version 0 and an empty text: nothing yet.
struct NotesRow {
  std::int64_t version = 0;
  std::string text;
  std::optional<WallTime> updated_at;
  std::optional<AgentId> updated_by;
};
[[nodiscard]] NotesRow find(Connection& connection, const TenantId& tenant, const InterviewId& interview);
/// Inserts or replaces; whoever calls has compared the version in the same transaction.
void put(Transaction& transaction, const TenantId& tenant, const InterviewId& interview, const NotesRow& notes);

}  // namespace tw::store::interview_notes
