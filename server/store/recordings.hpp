#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace tw::store {

struct RecordingRow {
  TenantId tenant;
  RecordingId id;
  InterviewId interview;
  std::string path;
  std::string name;
  std::string status = "recording";
  WallTime started_at;
  std::int64_t duration_ms = 0;
  std::int64_t progress = 0;
  bool recovered = false;
  std::string gaps_json = "[]";
  std::optional<double> av_offset_ms;
  std::string failure;
  std::string wrapped_key;
  std::string chapters_json = "[]";
  std::optional<WallTime> held_since{};
  std::string held_by{};  ///< a user's id
  std::string held_reason{};
  std::optional<WallTime> deleted_at{};
  std::string deleted_by{};  ///< a user's id, or kRetention
  std::string deletion_reason{};
};
/// Who deleted a recording when nobody did.
inline constexpr const char* kRetention = "retention";
struct RecordingPartRow {
  std::uint32_t part = 1;
  std::string status = "starting";  ///< starting, running, ended, cut, abandoned
  WallTime started_at;
  std::optional<WallTime> ended_at;
};
struct RecordingFileRow {
  std::string name;
  std::string kind;
  std::string participant;
  std::int64_t size_bytes = 0;
  std::string sha256;
  std::int64_t duration_ms = 0;
  std::string stream{};
  std::optional<double> av_offset_ms{};
  std::string display_name{};  ///< of the person whose stream it is
};

namespace recordings {

void insert(Transaction& transaction, const RecordingRow& recording);
/// Status, durations, gaps, chapters, offset, failure. Holds and deletions: store/recording_custody.hpp.
void update(Transaction& transaction, const RecordingRow& recording);
/// Progress alone, while a job runs.
void set_progress(Transaction& transaction, const TenantId& tenant, const RecordingId& recording,
                  std::int64_t progress);
/// Of all tenants: films that were being made when the process died begin anew.
void forget_progress(Transaction& transaction);
[[nodiscard]] std::optional<RecordingRow> of_interview(Connection& connection, const TenantId& tenant,
                                                       const InterviewId& interview);
/// In order.
[[nodiscard]] std::vector<RecordingPartRow> parts(Connection& connection, const TenantId& tenant,
                                                  const RecordingId& recording);
/// Inserts it or changes its status and end.
void put_part(Transaction& transaction, const TenantId& tenant, const RecordingId& recording,
              const RecordingPartRow& part);
/// The composed file first.
[[nodiscard]] std::vector<RecordingFileRow> files(Connection& connection, const TenantId& tenant,
                                                  const RecordingId& recording);
void replace_files(Transaction& transaction, const TenantId& tenant, const RecordingId& recording,
                   const std::vector<RecordingFileRow>& files);

struct Key {
  TenantId tenant;
  InterviewId interview;
};
/// Of all tenants: recordings that have not become files, of interviews that have ended.
[[nodiscard]] std::vector<Key> unfinished_of_ended(Connection& connection);

}  // namespace recordings
}  // namespace tw::store
