#include "service/photo_making.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <memory>
#include <utility>

#include "base/log.hpp"
#include "crypto/digest.hpp"
#include "crypto/sealed_file.hpp"
#include "service/photos.hpp"
#include "service/recording_keys.hpp"
#include "service/view_builder.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/tenants.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

Result<void> seal(Core& core, const store::PhotoRow& photo, ByteView original, ByteView watermarked) {
  const auto key = photo_key(core, photo);
  if (!key) return tl::unexpected(key.error());
  std::error_code error;
  std::filesystem::create_directories(photo_file(core, photo, kPhotoOriginal).parent_path(), error);
  if (error) return fail(ErrorKind::unavailable, "photo.failed", "The folder of the photos cannot be made.");
  auto done =
      write_sealed(photo_file(core, photo, kPhotoOriginal), key->derive(kPhotoOriginal), original, core.random());
  if (!done) return done;
  return write_sealed(photo_file(core, photo, kPhotoWatermarked), key->derive(kPhotoWatermarked), watermarked,
                      core.random());
}

Result<recording::PhotoJob> job_of(Core& core, const PhotoOrder& order) {
  recording::PhotoJob job;
  job.watermark = order.watermark;
  if (!order.still.empty()) {
    job.frame = order.still;
    job.captured_at = order.photo.taken_at;
    job.still = true;
    return job;
  }
  auto frame = core.ports().rooms.capture(order.photo.interview, kCustomerSide, Photos::kPictureWithin);
  if (!frame) return tl::unexpected(frame.error());
  job.codec = frame->codec;
  job.frame = std::move(frame->frame);
  job.rotation = frame->rotation;
  job.captured_at = frame->captured_at;
  return job;
}

Result<store::PhotoRow> make(Core& core, const PhotoOrder& order) {
  const auto job = job_of(core, order);
  if (!job) return tl::unexpected(job.error());
  const auto made = core.ports().processor.photograph(*job);
  if (!made) return tl::unexpected(made.error());
  // What the device sent is the original, byte for byte: its hash is the one that came with it.
  const Bytes& original = job->still ? order.still : made->original;
  store::PhotoRow photo = order.photo;
  photo.taken_at = job->captured_at;
  if (auto sealed = seal(core, photo, original, made->watermarked); !sealed) return tl::unexpected(sealed.error());
  photo.status = "ready";
  photo.width = made->width;
  photo.height = made->height;
  photo.sha256 = to_hex(sha256(original));
  photo.watermarked_sha256 = to_hex(sha256(made->watermarked));
  photo.original_bytes = static_cast<std::int64_t>(original.size());
  photo.watermarked_bytes = static_cast<std::int64_t>(made->watermarked.size());
  return photo;
}

std::string taken_json(const store::PhotoRow& photo) {
  json::object data{
      {"photoId", photo.id.str()},  {"agentId", photo.taken_by.str()}, {"capturedAt", to_rfc3339(photo.taken_at)},
      {"category", photo.category}, {"source", photo.source},          {"width", photo.width},
      {"height", photo.height},     {"sha256", photo.sha256},          {"watermarkedSha256", photo.watermarked_sha256}};
  if (!photo.replaces.empty()) data["replaces"] = photo.replaces;
  return json::serialize(data);
}

/// The photo's row and the timeline learn what became of it.
template <class Note>
void settle(Core& core, const store::PhotoRow& photo, Note note) {
  const auto done = transact(core, [&](Work& work) -> Result<void> {
    auto record = work.interview(photo.tenant, photo.interview);
    if (!record) return tl::unexpected(record.error());
    return note(work, *record);
  });
  if (!done) log::error("a photo could not be stored", {{"photo", photo.id.str()}, {"code", done.error().code}});
}

void settle_failed(Core& core, const store::PhotoRow& photo, const std::string& code) {
  log::warning("photo failed", {{"photo", photo.id.str()}, {"code", code}});
  settle(core, photo,
         [&](Work& work, store::InterviewRecord& record) { return fail_photo(work, record, photo, code); });
}

void execute(Core& core, const PhotoOrder& order) {
  const auto made = make(core, order);
  if (!made) return settle_failed(core, order.photo, made.error().code);
  const std::string text = taken_json(*made);
  settle(core, *made, [&](Work& work, store::InterviewRecord& record) {
    store::photos::update(work.sql(), *made);
    if (auto noted = work.note(record, {"photo_taken", text}); !noted) return noted;
    work.photo_settled(record);
    return Result<void>();
  });
  core.ports().rooms.note(made->interview, "photo", text);
}

}  // namespace

tl::unexpected<Error> photo_unknown() {
  return fail(ErrorKind::not_found, "photo.unknown", "There is no such photo in this interview.");
}

Result<store::PhotoRow> find_photo(store::Connection& connection, const TenantId& tenant, const InterviewId& interview,
                                   const std::string& photo) {
  const auto id = PhotoId::parse(photo);
  auto row = id ? store::photos::find(connection, tenant, interview, *id) : std::nullopt;
  if (!row) return photo_unknown();
  return std::move(*row);
}

Result<recording::Watermark> watermark_of(store::Connection& connection, const store::InterviewRecord& record) {
  const auto tenant = store::find_tenant(connection, record.tenant);
  if (!tenant) return interview_unknown();
  return recording::Watermark{record.company_name, watermark_place(record.place_json), tenant->time_zone};
}

bool post_photo(Core& core, PhotoOrder order) {
  const store::PhotoRow photo = order.photo;
  const auto placed = std::make_shared<const PhotoOrder>(std::move(order));
  if (core.ports().run_job([core = &core, placed] { execute(*core, *placed); })) return true;
  settle_failed(core, photo, "server.overloaded");
  return false;
}

Result<void> fail_photo(Work& work, store::InterviewRecord& record, store::PhotoRow photo, const std::string& code) {
  photo.status = "failed";
  photo.failure = code;
  photo.asked_until.reset();
  store::photos::update(work.sql(), photo);
  auto noted =
      work.note(record, {"photo_failed", json::serialize(json::object{{"photoId", photo.id.str()}, {"code", code}})});
  if (noted) work.photo_settled(record);
  return noted;
}

Result<void> delete_photo(Work& work, store::InterviewRecord& record, const Caller& caller, const std::string& photo) {
  auto row = find_photo(work.sql(), caller.tenant, record.state.id, photo);
  if (!row) return tl::unexpected(row.error());
  if (row->deleted_at) return photo_unknown();
  if (row->status == "pending") return fail(ErrorKind::conflict, "photo.pending", "The photo is still being made.");
  row->deleted_at = work.now();
  row->deleted_by = caller.id;
  store::photos::update(work.sql(), *row);
  store::append_audit(work.sql(),
                      {caller.tenant, work.now(), caller.actor(), "photo.deleted", row->id.str(),
                       json::serialize(json::object{{"interviewId", record.state.id.str()}})},
                      work.core().random());
  return work.note(record,
                   {"photo_deleted", json::serialize(json::object{{"photoId", row->id.str()}, {"by", caller.id}})});
}

Result<Bytes> read_photo(Core& core, const store::PhotoRow& photo, std::string_view variant) {
  if (photo.status == "pending") return fail(ErrorKind::conflict, "photo.pending", "The photo is still being made.");
  if (photo.status != "ready") return fail(ErrorKind::conflict, "photo.failed", "The photo could not be made.");
  const auto key = photo_key(core, photo);
  if (!key) return tl::unexpected(key.error());
  return read_sealed(photo_file(core, photo, variant), key->derive(variant), recording::kMostPhotoBytes);
}

}  // namespace tw::service
