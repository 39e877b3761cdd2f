#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"
#include "store/photos.hpp"

namespace tw::service {

class Core;
class PhotoUpload;

/// The customer's part of photos: their device takes what the agent asked for, and they see and delete photos of their
/// own interview as far as the tenant's `customerPhotos` allows. Thread-safe.
class CustomerPhotos {
 public:
  /// An upload that began while the photo was asked for may take so long: 16 MiB over a weak mobile network.
  static constexpr std::chrono::seconds kUploadWithin{120};

  explicit CustomerPhotos(Core& core) : core_(core) {}

  /// Begins to take the JPEG whose SHA-256 is `expected`. `photo.unknown` (404), `photo.not_asked` (409: never asked
  /// for, answered already, or too late), `photo.being_uploaded`, `interview.not_talking` (409).
  [[nodiscard]] Result<std::unique_ptr<PhotoUpload>> begin_upload(const Caller& customer, const std::string& photo,
                                                                  const Sha256Digest& expected);
  /// No picture will come; `code` is refused, no_camera or upload_failed. Nothing happens when it is not asked for any
  /// more. `photo.unknown` (404).
  [[nodiscard]] Result<void> refuse(const Caller& customer, const std::string& photo, const std::string& code);
  /// The ready ones; none where the tenant shows none.
  [[nodiscard]] Result<std::vector<CustomerPhotoView>> list(const Caller& customer);
  /// The JPEG with its mark. `photo.unknown` (404) also for other variants and where the tenant shows none.
  [[nodiscard]] Result<Bytes> content(const Caller& customer, const std::string& photo, std::string_view variant);
  /// During the conversation. `photo.not_allowed` (403), `photo.unknown` (404), `photo.pending`,
  /// `interview.not_talking` (409).
  [[nodiscard]] Result<void> remove(const Caller& customer, const std::string& photo);

  /// The customer's device did not answer in time: the photo has failed. False when that could not be stored.
  [[nodiscard]] static bool expire(Core& core, const store::photos::Key& key);

 private:
  friend class PhotoUpload;
  [[nodiscard]] Result<CustomerPhotoView> take(const Caller& customer, const PhotoId& photo, Bytes jpeg);

  Core& core_;
  std::mutex mutex_;
  std::set<PhotoId> uploading_;  ///< one upload of a photo at a time: each is held in memory
};

/// A photo while it comes. What was not finished is dropped with the object and may be sent again.
class PhotoUpload {
 public:
  PhotoUpload(CustomerPhotos& owner, Caller customer, PhotoId photo, const Sha256Digest& expected)
      : owner_(owner), customer_(std::move(customer)), photo_(std::move(photo)), expected_(expected) {}
  ~PhotoUpload();
  PhotoUpload(const PhotoUpload&) = delete;
  PhotoUpload& operator=(const PhotoUpload&) = delete;

  /// `photo.too_large` (413) above recording::kMostPhotoBytes.
  [[nodiscard]] Result<void> write(ByteView bytes);
  /// It is complete: checked, and made ready by a job. `photo.digest_mismatch` (400), `photo.not_jpeg` (415),
  /// `photo.not_asked` (409), `server.overloaded` (503).
  [[nodiscard]] Result<CustomerPhotoView> finish();

 private:
  CustomerPhotos& owner_;
  Caller customer_;
  PhotoId photo_;
  Sha256Digest expected_;
  Bytes bytes_;
};

}  // namespace tw::service
