#include "service/photos.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service/photo_making.hpp"
#include "service/recording_keys.hpp"
#include "service/view_builder.hpp"
#include "store/accounts/tenants.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

constexpr const char* kLocal = "local";
constexpr const char* kOther = "other";

Result<void> may_photograph(const store::InterviewRecord& record, const Caller& caller) {
  if (record.state.status != domain::Status::talking) {
    return fail(ErrorKind::conflict, "interview.not_talking", "Photos are taken during the conversation.");
  }
  if (record.state.agent != caller.user()) {
    return fail(ErrorKind::conflict, "interview.not_yours", "Another agent conducts this interview.");
  }
  return {};
}

/// What it shows, and instead of which it is taken.
Result<void> describe(Work& work, const store::InterviewRecord& record, const NewPhoto& wanted,
                      store::PhotoRow& photo) {
  photo.category = wanted.category.empty() ? kOther : wanted.category;
  if (wanted.replaces.empty()) return {};
  const auto before = find_photo(work.sql(), record.tenant, record.state.id, wanted.replaces);
  if (!before) return tl::unexpected(before.error());
  if (before->deleted_at) return photo_unknown();
  if (before->status == "pending") return fail(ErrorKind::conflict, "photo.pending", "The photo is still being made.");
  photo.replaces = before->id.str();
  if (wanted.category.empty()) photo.category = before->category;
  return {};
}

/// The customer's device hears of it from the customer's state, and has so long to answer.
Result<void> ask(Work& work, store::InterviewRecord& record, const std::vector<store::PhotoRow>& others,
                 store::PhotoRow& photo) {
  if (record.voice_only) {
    return fail(ErrorKind::conflict, "photo.no_camera", "This interview has no camera to take a photo with.");
  }
  if (std::ranges::any_of(others, [](const auto& other) { return other.asked_until.has_value(); })) {
    return fail(ErrorKind::conflict, "photo.already_asked", "The customer is asked for a photo already.");
  }
  photo.source = kLocal;
  photo.asked_until = work.now() + Photos::kAskedFor;
  if (!work.effects.wake_at || *photo.asked_until < *work.effects.wake_at) work.effects.wake_at = photo.asked_until;
  return work.note(record,
                   {"photo_requested", json::serialize(json::object{{"photoId", photo.id.str()},
                                                                    {"agentId", photo.taken_by.str()},
                                                                    {"category", photo.category},
                                                                    {"until", to_rfc3339(*photo.asked_until)}})});
}

Result<PhotoOrder> place_order(Work& work, const Caller& caller, const std::string& interview, const NewPhoto& wanted,
                               const SecretKey& tenant_key) {
  auto record = visible_interview(work.sql(), caller, interview);
  if (!record) return tl::unexpected(record.error());
  if (auto may = may_photograph(*record, caller); !may) return tl::unexpected(may.error());
  const auto taken = store::photos::of_interview(work.sql(), caller.tenant, record->state.id);
  if (static_cast<std::int64_t>(taken.size()) >= Photos::kMostPerInterview) {
    return fail(ErrorKind::conflict, "photo.too_many", "This interview has as many photos as it may have.");
  }
  auto watermark = watermark_of(work.sql(), *record);
  if (!watermark) return tl::unexpected(watermark.error());
  PhotoOrder order{.photo = {}, .watermark = std::move(*watermark)};
  order.photo.tenant = caller.tenant;
  order.photo.id = PhotoId::make(work.now(), work.core().random());
  order.photo.interview = record->state.id;
  order.photo.taken_at = work.now();
  order.photo.taken_by = caller.user();
  order.photo.wrapped_key =
      wrap_photo_key(tenant_key, order.photo.id, SecretKey::make(work.core().random()), work.core().random());
  if (auto described = describe(work, *record, wanted, order.photo); !described) {
    return tl::unexpected(described.error());
  }
  if (wanted.source == kLocal) {
    if (auto asked = ask(work, *record, taken, order.photo); !asked) return tl::unexpected(asked.error());
  }
  store::photos::insert(work.sql(), order.photo);
  work.effects.interviews_changed.emplace(caller.tenant, record->state.id);
  return order;
}

}  // namespace

Result<PhotoView> Photos::take(const Caller& caller, const std::string& interview, const NewPhoto& wanted) {
  if (auto allowed = require_user(caller); !allowed) {
    return tl::unexpected(allowed.error());
  }
  const auto tenant_key = core_.ports().tenant_keys.of(caller.tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());
  const auto order =
      transact(core_, [&](Work& work) { return place_order(work, caller, interview, wanted, *tenant_key); });
  if (!order) return tl::unexpected(order.error());
  if (!order->photo.asked_until && !post_photo(core_, *order)) {
    return fail(ErrorKind::unavailable, "server.overloaded", "Too many photos are being made; try again in a moment.");
  }
  return build_photo(order->photo);
}

Result<void> Photos::remove(const Caller& caller, const std::string& interview, const std::string& photo) {
  if (auto allowed = require_user(caller); !allowed) return allowed;
  return transact(core_, [&](Work& work) -> Result<void> {
    auto record = visible_interview(work.sql(), caller, interview);
    if (!record) return tl::unexpected(record.error());
    return delete_photo(work, *record, caller, photo);
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
  if (variant != kPhotoOriginal && variant != kPhotoWatermarked) return photo_unknown();
  const auto found = core_.database().read([&](store::Connection& connection) -> Result<store::PhotoRow> {
    const auto record = visible_interview(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    auto row = find_photo(connection, caller.tenant, record->state.id, photo);
    if (!row) return row;
    if (caller.kind == CallerKind::customer) {
      const auto tenant = store::find_tenant(connection, caller.tenant);
      if (variant != kPhotoWatermarked || !tenant || tenant->customer_photos == "none") return photo_unknown();
    }
    const bool kept_for = caller.kind == CallerKind::api_key && variant == kPhotoOriginal;
    if (row->deleted_at && !kept_for) return photo_unknown();
    return row;
  });
  if (!found) return tl::unexpected(found.error());
  return read_photo(core_, *found, variant);
}

}  // namespace tw::service
