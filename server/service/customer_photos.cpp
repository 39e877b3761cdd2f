#include "service/customer_photos.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "service/photo_making.hpp"
#include "service/photos.hpp"
#include "service/view_builder.hpp"
#include "store/accounts/tenants.hpp"

namespace tw::service {
namespace {

/// SOI and the first byte of the marker that must follow it (ITU-T T.81 section B.2.1).
constexpr std::array<std::uint8_t, 3> kJpegBegins{0xFF, 0xD8, 0xFF};

tl::unexpected<Error> not_asked() {
  return fail(ErrorKind::conflict, "photo.not_asked", "This photo is not asked for, or not any more.");
}

/// The customer's interview and the photo in it that their device is asked for.
struct Asked {
  store::InterviewRecord record;
  store::PhotoRow photo;
};
Result<Asked> asked_photo(Work& work, const Caller& customer, const std::string& photo) {
  auto record = visible_interview(work.sql(), customer, customer.interview.str());
  if (!record) return tl::unexpected(record.error());
  auto row = find_photo(work.sql(), customer.tenant, customer.interview, photo);
  if (!row) return tl::unexpected(row.error());
  if (!record->state.in_room()) {
    return fail(ErrorKind::conflict, "interview.not_talking", "Photos are taken during the conversation.");
  }
  if (!row->asked_until || *row->asked_until <= work.now()) return not_asked();
  return Asked{std::move(*record), std::move(*row)};
}

/// What the tenant lets customers do with photos.
std::string allowance(store::Connection& connection, const TenantId& tenant) {
  const auto row = store::find_tenant(connection, tenant);
  return row ? row->customer_photos : "none";
}

}  // namespace

Result<std::unique_ptr<PhotoUpload>> CustomerPhotos::begin_upload(const Caller& customer, const std::string& photo,
                                                                  const Sha256Digest& expected) {
  if (auto allowed = require(customer, {CallerKind::customer}); !allowed) return tl::unexpected(allowed.error());
  const auto id = transact(core_, [&](Work& work) -> Result<PhotoId> {
    auto asked = asked_photo(work, customer, photo);
    if (!asked) return tl::unexpected(asked.error());
    // Counted from the request, so that beginning again and again prolongs nothing.
    asked->photo.asked_until = asked->photo.taken_at + Photos::kAskedFor + kUploadWithin;
    store::photos::update(work.sql(), asked->photo);
    return asked->photo.id;
  });
  if (!id) return tl::unexpected(id.error());
  const std::lock_guard lock(mutex_);
  if (!uploading_.insert(*id).second) {
    return fail(ErrorKind::conflict, "photo.being_uploaded", "This photo is being uploaded already.");
  }
  return std::make_unique<PhotoUpload>(*this, customer, *id, expected);
}

PhotoUpload::~PhotoUpload() {
  const std::lock_guard lock(owner_.mutex_);
  owner_.uploading_.erase(photo_);
}

Result<void> PhotoUpload::write(ByteView bytes) {
  if (bytes.size() > recording::kMostPhotoBytes - bytes_.size()) {
    return fail(ErrorKind::too_large, "photo.too_large", "A photo may have 16 MiB.");
  }
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return {};
}

Result<CustomerPhotoView> PhotoUpload::finish() {
  if (!equal_in_constant_time(sha256(bytes_), expected_)) {
    return fail(ErrorKind::invalid, "photo.digest_mismatch", "The photo is not what its Content-Digest says.");
  }
  if (bytes_.size() < kJpegBegins.size() || !std::equal(kJpegBegins.begin(), kJpegBegins.end(), bytes_.begin())) {
    return fail(ErrorKind::unsupported, "photo.not_jpeg", "A photo is uploaded as JPEG.");
  }
  return owner_.take(customer_, photo_, std::move(bytes_));
}

Result<CustomerPhotoView> CustomerPhotos::take(const Caller& customer, const PhotoId& photo, Bytes jpeg) {
  auto order = transact(core_, [&](Work& work) -> Result<PhotoOrder> {
    auto asked = asked_photo(work, customer, photo.str());
    if (!asked) return tl::unexpected(asked.error());
    auto watermark = watermark_of(work.sql(), asked->record);
    if (!watermark) return tl::unexpected(watermark.error());
    asked->photo.asked_until.reset();
    asked->photo.taken_at = work.now();
    store::photos::update(work.sql(), asked->photo);
    work.effects.interviews_changed.emplace(customer.tenant, customer.interview);
    return PhotoOrder{.photo = std::move(asked->photo), .watermark = std::move(*watermark)};
  });
  if (!order) return tl::unexpected(order.error());
  order->still = std::move(jpeg);
  CustomerPhotoView view = build_customer_photo(order->photo);
  if (!post_photo(core_, std::move(*order))) {
    return fail(ErrorKind::unavailable, "server.overloaded", "Too many photos are being made; try again in a moment.");
  }
  return view;
}

Result<void> CustomerPhotos::refuse(const Caller& customer, const std::string& photo, const std::string& code) {
  if (auto allowed = require(customer, {CallerKind::customer}); !allowed) return allowed;
  return transact(core_, [&](Work& work) -> Result<void> {
    auto record = visible_interview(work.sql(), customer, customer.interview.str());
    if (!record) return tl::unexpected(record.error());
    auto row = find_photo(work.sql(), customer.tenant, customer.interview, photo);
    if (!row) return tl::unexpected(row.error());
    if (!row->asked_until) return {};
    return fail_photo(work, *record, std::move(*row), "photo." + code);
  });
}

Result<std::vector<CustomerPhotoView>> CustomerPhotos::list(const Caller& customer) {
  if (auto allowed = require(customer, {CallerKind::customer}); !allowed) return tl::unexpected(allowed.error());
  return core_.database().read([&](store::Connection& connection) -> Result<std::vector<CustomerPhotoView>> {
    if (allowance(connection, customer.tenant) == "none") return std::vector<CustomerPhotoView>();
    return build_customer_photos(connection, customer.tenant, customer.interview);
  });
}

Result<Bytes> CustomerPhotos::content(const Caller& customer, const std::string& photo, std::string_view variant) {
  if (auto allowed = require(customer, {CallerKind::customer}); !allowed) return tl::unexpected(allowed.error());
  if (variant != kPhotoWatermarked) return photo_unknown();
  const auto found = core_.database().read([&](store::Connection& connection) -> Result<store::PhotoRow> {
    auto row = find_photo(connection, customer.tenant, customer.interview, photo);
    if (!row) return row;
    if (row->deleted_at || allowance(connection, customer.tenant) == "none") return photo_unknown();
    return row;
  });
  if (!found) return tl::unexpected(found.error());
  return read_photo(core_, *found, variant);
}

Result<void> CustomerPhotos::remove(const Caller& customer, const std::string& photo) {
  if (auto allowed = require(customer, {CallerKind::customer}); !allowed) return allowed;
  return transact(core_, [&](Work& work) -> Result<void> {
    auto record = visible_interview(work.sql(), customer, customer.interview.str());
    if (!record) return tl::unexpected(record.error());
    if (allowance(work.sql(), customer.tenant) != "view_and_delete") {
      return fail(ErrorKind::forbidden, "photo.not_allowed", "Customers may not delete photos here.");
    }
    if (!record->state.in_room()) {
      return fail(ErrorKind::conflict, "interview.not_talking", "Photos are deleted during the conversation.");
    }
    return delete_photo(work, *record, customer, photo);
  });
}

bool CustomerPhotos::expire(Core& core, const store::photos::Key& key) {
  const auto done = transact(core, [&](Work& work) -> Result<void> {
    auto row = store::photos::find(work.sql(), key.tenant, key.interview, key.photo);
    if (!row || !row->asked_until || *row->asked_until > work.now()) return {};
    auto record = work.interview(key.tenant, key.interview);
    if (!record) return tl::unexpected(record.error());
    return fail_photo(work, *record, std::move(*row), "photo.timed_out");
  });
  if (!done) log::error("a photo's deadline could not be executed", {{"code", done.error().code}});
  return done.has_value();
}

}  // namespace tw::service
