#include "service/recordings.hpp"

#include <algorithm>

#include "service/media_tokens.hpp"
#include "service/recording_erasure.hpp"
#include "service/recording_keys.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"

namespace tw::service {
namespace {

tl::unexpected<Error> recording_unknown() {
  return fail(ErrorKind::not_found, "recording.unknown", "There is no such recording or file.");
}

Result<void> not_customers(const Caller& caller) {
  return require(caller, {CallerKind::api_key, CallerKind::agent, CallerKind::administrator});
}

/// A file that is listed: names come from the request and are only compared, never joined to a path before.
Result<OpenedFile> open_listed(Core& core, const store::RecordingRow& recording,
                               const std::vector<store::RecordingFileRow>& files, const std::string& name) {
  const auto file = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.name == name; });
  if (file == files.end()) return recording_unknown();
  const auto key = recording_key(core, recording);
  if (!key) return tl::unexpected(key.error());
  auto reader =
      SealedFileReader::open(recording_folder(core, recording) / file->name, key->derive("file:" + file->name));
  if (!reader) return tl::unexpected(reader.error());
  const std::uint64_t size = reader->size();
  return OpenedFile{file->name, file->name.ends_with(".mp4") ? "video/mp4" : "video/x-matroska", size, file->sha256,
                    std::move(*reader)};
}

Result<OpenedFile> open_file(Core& core, const TenantId& tenant, const InterviewId& interview,
                             const std::string& name) {
  struct Found {
    store::RecordingRow recording;
    std::vector<store::RecordingFileRow> files;
  };
  const auto found = core.database().read([&](store::Connection& connection) -> Result<Found> {
    auto recording = store::recordings::of_interview(connection, tenant, interview);
    if (!recording) return recording_unknown();
    if (recording->deleted_at) return recording_deleted();
    auto files = store::recordings::files(connection, tenant, recording->id);
    return Found{std::move(*recording), std::move(files)};
  });
  if (!found) return tl::unexpected(found.error());
  return open_listed(core, found->recording, found->files, name);
}

Result<InterviewId> visible_id(Core& core, const Caller& caller, const std::string& interview) {
  if (auto allowed = not_customers(caller); !allowed) return tl::unexpected(allowed.error());
  return core.database().read([&](store::Connection& connection) -> Result<InterviewId> {
    const auto record = visible_interview(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    return record->state.id;
  });
}

}  // namespace

Result<RecordingView> Recordings::get(const Caller& caller, const std::string& interview) {
  if (auto allowed = not_customers(caller); !allowed) return tl::unexpected(allowed.error());
  return core_.database().read([&](store::Connection& connection) -> Result<RecordingView> {
    const auto record = visible_interview(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    auto view = record->state.answered_at ? build_recording(connection, *record) : std::nullopt;
    if (!view) return recording_unknown();
    return for_reader(std::move(*view), caller.kind);
  });
}

Result<OpenedFile> Recordings::open(const Caller& caller, const std::string& interview, const std::string& name) {
  const auto id = visible_id(core_, caller, interview);
  if (!id) return tl::unexpected(id.error());
  return open_file(core_, caller.tenant, *id, name);
}

Result<OpenedFile> Recordings::open_by_ticket(std::string_view ticket, const std::string& interview,
                                              const std::string& name) {
  const auto claims = read_interview_token(kTicketPrefix, ticket, core_.now(), core_.ticket_key());
  if (!claims || claims->interview.str() != interview) {
    return fail(ErrorKind::unauthenticated, "ticket.invalid", "The ticket is not valid any longer; ask for another.");
  }
  return open_file(core_, claims->tenant, claims->interview, name);
}

Result<TicketView> Recordings::create_ticket(const Caller& caller, const std::string& interview) {
  const auto id = visible_id(core_, caller, interview);
  if (!id) return tl::unexpected(id.error());
  const auto there = core_.database().read([&](store::Connection& connection) -> Result<void> {
    const auto recording = store::recordings::of_interview(connection, caller.tenant, *id);
    if (recording && recording->deleted_at) return recording_deleted();
    return {};
  });
  if (!there) return tl::unexpected(there.error());
  const WallTime expires = core_.now() + kTicketLife;
  return TicketView{make_interview_token(kTicketPrefix, {caller.tenant, *id}, expires, core_.ticket_key()), expires};
}

}  // namespace tw::service
