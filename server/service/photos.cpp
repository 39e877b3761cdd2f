#include "service/photos.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>

#include "base/log.hpp"
#include "crypto/digest.hpp"
#include "crypto/sealed_file.hpp"
#include "service/recording_keys.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/tenants.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

constexpr const char* kOriginal = "original";
constexpr const char* kWatermarked = "watermarked";

tl::unexpected<Error> photo_unknown() {
  return fail(ErrorKind::not_found, "photo.unknown", "There is no such photo in this interview.");
}

struct Order {
  store::PhotoRow photo;
  recording::Watermark watermark;
};

Result<void> seal_photo(Core& core, const store::PhotoRow& photo, const recording::PhotoResult& made) {
  const auto key = photo_key(core, photo);
  if (!key) return tl::unexpected(key.error());
  std::error_code error;
  std::filesystem::create_directories(photo_file(core, photo, kOriginal).parent_path(), error);
  if (error) return fail(ErrorKind::unavailable, "photo.failed", "The folder of the photos cannot be made.");
  if (auto done =
          write_sealed(photo_file(core, photo, kOriginal), key->derive(kOriginal), made.original, core.random());
      !done) {
    return done;
  }
  return write_sealed(photo_file(core, photo, kWatermarked), key->derive(kWatermarked), made.watermarked,
                      core.random());
}

/// Camera, processor, sealed files: what takes too long for the agent's request.
Result<store::PhotoRow> make_photo(Core& core, const Order& order) {
  store::PhotoRow photo = order.photo;
  auto frame = core.ports().rooms.capture(photo.interview, kCustomerSide, Photos::kPictureWithin);
  if (!frame) return tl::unexpected(frame.error());
  photo.taken_at = frame->captured_at;
  const auto made = core.ports().processor.photograph(
      {frame->codec, std::move(frame->frame), frame->rotation, frame->captured_at, order.watermark});
  if (!made) return tl::unexpected(made.error());
  if (auto sealed = seal_photo(core, photo, *made); !sealed) return tl::unexpected(sealed.error());
  photo.status = "ready";
  photo.width = made->width;
  photo.height = made->height;
  photo.sha256 = to_hex(sha256(made->original));
  photo.watermarked_sha256 = to_hex(sha256(made->watermarked));
  photo.original_bytes = static_cast<std::int64_t>(made->original.size());
  photo.watermarked_bytes = static_cast<std::int64_t>(made->watermarked.size());
  return photo;
}

/// The photo's row and the timeline learn what became of it.
void settle(Core& core, const store::PhotoRow& photo, domain::Event event) {
  const auto done = transact(core, [&](Work& work) -> Result<void> {
    auto record = work.interview(photo.tenant, photo.interview);
    if (!record) return tl::unexpected(record.error());
    store::photos::update(work.sql(), photo);
    return work.note(*record, event);
  });
  if (!done) log::error("a photo could not be stored", {{"photo", photo.id.str()}, {"code", done.error().code}});
}

void execute(Core& core, const Order& order) {
  const auto made = make_photo(core, order);
  if (!made) {
    store::PhotoRow failed = order.photo;
    failed.status = "failed";
    failed.failure = made.error().code;
    log::warning("photo failed", {{"photo", failed.id.str()}, {"code", failed.failure}});
    const json::object data{{"photoId", failed.id.str()}, {"code", failed.failure}};
    return settle(core, failed, {"photo_failed", json::serialize(data)});
  }
  const json::object data{{"photoId", made->id.str()},
                          {"agentId", made->taken_by.str()},
                          {"capturedAt", to_rfc3339(made->taken_at)},
                          {"width", made->width},
                          {"height", made->height},
                          {"sha256", made->sha256},
                          {"watermarkedSha256", made->watermarked_sha256}};
  const std::string text = json::serialize(data);
  settle(core, *made, {"photo_taken", text});
  core.ports().rooms.note(made->interview, "photo", text);
}

Result<Order> place_order(Work& work, const Caller& caller, const std::string& interview, const SecretKey& tenant_key) {
  auto record = visible_interview(work.sql(), caller, interview);
  if (!record) return tl::unexpected(record.error());
  if (record->state.status != domain::Status::talking) {
    return fail(ErrorKind::conflict, "interview.not_talking", "Photos are taken during the conversation.");
  }
  if (record->state.agent != caller.user()) {
    return fail(ErrorKind::conflict, "interview.not_yours", "Another agent conducts this interview.");
  }
  const auto taken = store::photos::of_interview(work.sql(), caller.tenant, record->state.id);
  if (static_cast<std::int64_t>(taken.size()) >= Photos::kMostPerInterview) {
    return fail(ErrorKind::conflict, "photo.too_many", "This interview has as many photos as it may have.");
  }
  const auto tenant = store::find_tenant(work.sql(), caller.tenant);
  if (!tenant) return interview_unknown();
  Order order;
  order.photo.tenant = caller.tenant;
  order.photo.id = PhotoId::make(work.now(), work.core().random());
  order.photo.interview = record->state.id;
  order.photo.taken_at = work.now();
  order.photo.taken_by = caller.user();
  order.photo.wrapped_key =
      wrap_photo_key(tenant_key, order.photo.id, SecretKey::make(work.core().random()), work.core().random());
  const auto place = build_place(record->place_json);
  order.watermark = {record->company_name, place ? place->location_information : std::string(), tenant->time_zone};
  store::photos::insert(work.sql(), order.photo);
  work.effects.interviews_changed.emplace(caller.tenant, record->state.id);
  return order;
}

}  // namespace

Result<PhotoView> Photos::take(const Caller& caller, const std::string& interview) {
  if (auto allowed = require(caller, {CallerKind::agent, CallerKind::administrator}); !allowed) {
    return tl::unexpected(allowed.error());
  }
  const auto tenant_key = core_.ports().tenant_keys.of(caller.tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());
  const auto order = transact(core_, [&](Work& work) { return place_order(work, caller, interview, *tenant_key); });
  if (!order) return tl::unexpected(order.error());
  if (!core_.ports().run_job([core = &core_, placed = *order] { execute(*core, placed); })) {
    store::PhotoRow refused = order->photo;
    refused.status = "failed";
    refused.failure = "server.overloaded";
    settle(core_, refused,
           {"photo_failed", "{\"photoId\":\"" + refused.id.str() + "\",\"code\":\"server.overloaded\"}"});
    return fail(ErrorKind::unavailable, "server.overloaded", "Too many photos are being made; try again in a moment.");
  }
  return build_photo(order->photo);
}

Result<void> Photos::remove(const Caller& caller, const std::string& interview, const std::string& photo) {
  if (auto allowed = require(caller, {CallerKind::agent, CallerKind::administrator}); !allowed) return allowed;
  return transact(core_, [&](Work& work) -> Result<void> {
    auto record = visible_interview(work.sql(), caller, interview);
    if (!record) return tl::unexpected(record.error());
    const auto id = PhotoId::parse(photo);
    auto row = id ? store::photos::find(work.sql(), caller.tenant, record->state.id, *id) : std::nullopt;
    if (!row || row->deleted_at) return photo_unknown();
    if (row->status == "pending") return fail(ErrorKind::conflict, "photo.pending", "The photo is still being made.");
    row->deleted_at = work.now();
    row->deleted_by = caller.id;
    store::photos::update(work.sql(), *row);
    const json::object data{{"photoId", row->id.str()}, {"by", caller.id}};
    store::append_audit(work.sql(),
                        {caller.tenant, work.now(), caller.actor(), "photo.deleted", row->id.str(),
                         json::serialize(json::object{{"interviewId", record->state.id.str()}})},
                        core_.random());
    return work.note(*record, {"photo_deleted", json::serialize(data)});
  });
}

Result<std::vector<PhotoView>> Photos::list(const Caller& caller, const std::string& interview) {
  return core_.database().read([&](store::Connection& connection) -> Result<std::vector<PhotoView>> {
    const auto record = visible_interview(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    return build_photos(connection, caller.tenant, record->state.id);
  });
}

Result<Bytes> Photos::content(const Caller& caller, const std::string& interview, const std::string& photo,
                              std::string_view variant) {
  if (variant != kOriginal && variant != kWatermarked) return photo_unknown();
  const auto found = core_.database().read([&](store::Connection& connection) -> Result<store::PhotoRow> {
    const auto record = visible_interview(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    const auto id = PhotoId::parse(photo);
    auto row = id ? store::photos::find(connection, caller.tenant, record->state.id, *id) : std::nullopt;
    if (!row) return photo_unknown();
    if (caller.kind == CallerKind::customer && variant != kWatermarked) return photo_unknown();
    const bool kept_for = caller.kind == CallerKind::api_key && variant == kOriginal;
    if (row->deleted_at && !kept_for) return photo_unknown();
    if (row->status == "pending") return fail(ErrorKind::conflict, "photo.pending", "The photo is still being made.");
    if (row->status != "ready") return fail(ErrorKind::conflict, "photo.failed", "The photo could not be made.");
    return std::move(*row);
  });
  if (!found) return tl::unexpected(found.error());
  const auto key = photo_key(core_, *found);
  if (!key) return tl::unexpected(key.error());
  return read_sealed(photo_file(core_, *found, variant), key->derive(variant), kMostBytes);
}

}  // namespace tw::service
