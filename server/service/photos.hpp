#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// What the agent wants photographed.
struct NewPhoto {
  std::string category{};        ///< empty: that of the photo replaced, otherwise other
  std::string source = "cloud";  ///< cloud: from what the server receives; local: by the customer's device
  std::string replaces{};        ///< id of a photo of the same interview; empty: none
};

/// Photos of the customer, ordered by the agent: taken by the server from what it received, or by the customer's
/// device, whose part is CustomerPhotos.
class Photos {
 public:
  static constexpr std::int64_t kMostPerInterview = 100;             ///< a slip of the finger must not fill the disk
  static constexpr std::chrono::milliseconds kPictureWithin{3'000};  ///< patience for a keyframe
  static constexpr std::chrono::seconds kAskedFor{30};               ///< the customer's device has until then to answer

  explicit Photos(Core& core) : core_(core) {}

  /// The photo is pending; `interview_changed` tells when it is ready or failed. `interview.not_talking`,
  /// `interview.not_yours`, `photo.too_many`, `photo.already_asked`, `photo.no_camera` (409), `photo.unknown` (404:
  /// what is to be replaced), `server.overloaded` (503).
  [[nodiscard]] Result<PhotoView> take(const Caller& caller, const std::string& interview, const NewPhoto& wanted = {});
  /// No longer shown; logged, the original kept. `photo.unknown` (404), `photo.pending` (409).
  [[nodiscard]] Result<void> remove(const Caller& caller, const std::string& interview, const std::string& photo);
  /// Those that are not deleted, in the order in which they were taken.
  [[nodiscard]] Result<std::vector<PhotoView>> list(const Caller& caller, const std::string& interview);
  /// The JPEG; `variant` is original or watermarked. A customer reads those of their own interview where the tenant
  /// shows them, watermarked only (`photo.unknown` otherwise). A deleted photo's original only for an API key.
  /// `photo.pending` (409).
  [[nodiscard]] Result<Bytes> content(const Caller& caller, const std::string& interview, const std::string& photo,
                                      std::string_view variant);

 private:
  Core& core_;
};

}  // namespace tw::service
