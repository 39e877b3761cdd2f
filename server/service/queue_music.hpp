#pragma once

#include <optional>
#include <string>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/media_views.hpp"

namespace tw::store {
class Connection;
}
namespace tw::service {

class Core;

/// Music for customers who wait: the tenant's own piece, or what comes with the server. They are not in a room yet, so
/// their page plays it from a file; what it played, and when, stands on the timeline.
class QueueMusic {
 public:
  explicit QueueMusic(Core& core) : core_(core) {}

  /// The MP3. `media_item.unknown` (404) for what is no music of the customer's tenant.
  [[nodiscard]] Result<Bytes> content(const Caller& caller, const std::string& media);
  /// The page began to play this medium; empty: it plays nothing now. What makes no sense changes nothing.
  void heard(const Caller& caller, const std::string& media);

 private:
  Core& core_;
};

/// What the page of a waiting customer is to play; nullopt while nothing is ready.
[[nodiscard]] std::optional<QueueMusicView> build_queue_music(store::Connection& connection, const TenantId& tenant);

}  // namespace tw::service
