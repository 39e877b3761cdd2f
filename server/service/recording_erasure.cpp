#include "service/recording_erasure.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>

#include "base/log.hpp"
#include "service/payloads.hpp"
#include "service/recording_keys.hpp"
#include "store/accounts/audit.hpp"
#include "store/recording_custody.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

constexpr const char* kEraseJob = "erase_recording";

/// Its files may still be written, or read to make others.
bool in_progress(Work& work, const store::InterviewRecord& record) {
  return record.state.status != domain::Status::ended ||
         store::jobs::is_open(work.sql(), record.tenant, kComposeJob, record.state.id);
}

Result<void> removable(Work& work, const store::InterviewRecord& record, const store::RecordingRow& recording) {
  if (recording.deleted_at) return recording_deleted();
  if (recording.held_since) {
    return fail(ErrorKind::conflict, "recording.legal_hold", "The recording is under legal hold; lift it first.");
  }
  if (in_progress(work, record)) {
    return fail(ErrorKind::conflict, "recording.in_progress",
                "The recording is still being made; delete it when its files are ready.");
  }
  return {};
}

/// Hashes and names are in the tombstone and in the timeline; here it is told how much it was.
json::object audit_data(Work& work, const store::RecordingRow& recording, const Erasure& erasure) {
  std::int64_t bytes = 0;
  const auto files = store::recordings::files(work.sql(), recording.tenant, recording.id);
  for (const auto& file : files) bytes += file.size_bytes;
  json::object data{{"interviewId", recording.interview.str()}, {"files", files.size()}, {"bytes", bytes}};
  if (!erasure.reason.empty()) data["reason"] = erasure.reason;
  return data;
}

/// A folder of one recording alone. The path is ours, but nothing else than such a folder may ever be removed.
bool is_recording_path(const std::filesystem::path& path) {
  return path.is_relative() && std::distance(path.begin(), path.end()) >= 3 &&
         std::none_of(path.begin(), path.end(), [](const auto& part) { return part == ".." || part == "."; });
}

bool remove_folder(const std::filesystem::path& folder, const store::RecordingRow& recording) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (!error) return true;
  log::warning("files of a deleted recording could not be removed",
               {{"interview", recording.interview.str()}, {"error", error.message()}});
  return false;
}

Result<void> remove_rest(Core& core, const store::JobRow& job) {
  const auto recording = core.database().read([&](store::Connection& connection) -> Result<store::RecordingRow> {
    auto row = store::recordings::of_interview(connection, job.tenant, job.interview);
    if (!row || !row->deleted_at || !is_recording_path(row->path)) {
      return fail(ErrorKind::internal, "recording.not_deleted", "This recording was not deleted.");
    }
    return std::move(*row);
  });
  if (!recording) return tl::unexpected(recording.error());
  const bool forgotten = core.database().empty_log();
  bool removed = remove_folder(recording_folder(core, *recording), *recording);
  if (const auto mirror = recording_mirror(core, *recording); !mirror.empty()) {
    removed = remove_folder(mirror, *recording) && removed;
  }
  if (!forgotten) return fail(ErrorKind::unavailable, "store.log_busy", "The database's log is being read.");
  if (!removed)
    return fail(ErrorKind::internal, "recording.files_left", "Files of the recording could not be removed.");
  return {};
}

void settle(Core& core, const store::JobRow& job, const Result<void>& done) {
  const auto stored = transact(core, [&](Work& work) -> Result<void> {
    if (done) {
      store::jobs::finish(work.sql(), job, work.now());
      return {};
    }
    const auto attempt =
        std::min<std::size_t>(static_cast<std::size_t>(job.attempts), RecordingRemovals::kBackOff.size() - 1);
    const bool last = job.attempts + 1 >= RecordingRemovals::kMostAttempts;
    const auto next =
        last ? std::nullopt : std::optional<WallTime>(work.now() + RecordingRemovals::kBackOff.at(attempt));
    store::jobs::fail(work.sql(), job, done.error().code, next, work.now());
    if (last) log::error("a deleted recording left files that cannot be removed", {{"interview", job.interview.str()}});
    return {};
  });
  if (!stored) log::error("a removal could not be stored", {{"job", job.id.str()}, {"code", stored.error().code}});
}

}  // namespace

tl::unexpected<Error> recording_deleted() {
  return fail(ErrorKind::gone, "recording.deleted", "The recording was deleted; nothing brings it back.");
}

Result<void> erase_recording(Work& work, store::InterviewRecord& record, const Erasure& erasure) {
  auto recording = store::recordings::of_interview(work.sql(), record.tenant, record.state.id);
  if (!recording) return fail(ErrorKind::not_found, "recording.unknown", "There is no such recording or file.");
  if (auto may = removable(work, record, *recording); !may) return may;
  store::append_audit(work.sql(),
                      {record.tenant, work.now(), erasure.actor, "recording.deleted", recording->id.str(),
                       json::serialize(audit_data(work, *recording, erasure))},
                      work.core().random());
  recording->deleted_at = work.now();
  recording->deleted_by = erasure.by;
  recording->deletion_reason = erasure.reason;
  store::recordings::erase(work.sql(), *recording);
  store::jobs::add(work.sql(), record.tenant, kEraseJob, record.state.id, work.now(), work.core().random());
  work.effects.jobs_written = true;
  return work.note(record, {"recording_deleted", json::serialize(json::object{{"by", erasure.by}})});
}

bool RecordingRemovals::run_one() {
  const auto job = core_.database().write([&](store::Transaction& transaction) -> Result<std::optional<store::JobRow>> {
    return store::jobs::claim(transaction, kEraseJob, core_.now());
  });
  if (!job || !*job) return false;
  settle(core_, **job, remove_rest(core_, **job));
  return true;
}

std::optional<WallTime> RecordingRemovals::next_at() {
  const auto next = core_.database().read([&](store::Connection& connection) -> Result<std::optional<WallTime>> {
    return store::jobs::next_at(connection, kEraseJob);
  });
  return next ? *next : std::nullopt;
}

std::int64_t RecordingRemovals::open() {
  const auto count = core_.database().read([&](store::Connection& connection) -> Result<std::int64_t> {
    const auto row =
        connection.first("SELECT COUNT(*) FROM jobs WHERE state IN ('pending', 'running', 'failed') AND kind = :kind",
                         {{"kind", kEraseJob}});
    return row ? row->i64(0) : 0;
  });
  return count.value_or(0);
}

}  // namespace tw::service
