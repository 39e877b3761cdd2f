#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "base/result.hpp"
#include "media/player/player_media.hpp"
#include "store/media_items.hpp"

namespace tw::service {

class Core;

/// Media that players hold in memory, opened once however many rooms play them. Thread-safe.
class PlayedMedia {
 public:
  /// Of all rooms together: three of the longest films, or hundreds of prompts.
  static constexpr std::size_t kMaxBytes = std::size_t{512} * 1024 * 1024;

  /// Unseals and checks the tracks of a ready item that a room of this server's codec plays. `media_item.not_ready`
  /// (409), `player.too_much` (503) when kMaxBytes would be passed, `player_media.malformed`.
  [[nodiscard]] Result<std::shared_ptr<const media::PlayerMedia>> open(const Core& core,
                                                                       const store::MediaItemRow& item);

 private:
  std::mutex mutex_;
  std::map<MediaItemId, std::weak_ptr<const media::PlayerMedia>> open_;
};

/// What somebody on hold hears: the tenant's own music or what comes with the server; nullptr while neither is ready.
[[nodiscard]] std::shared_ptr<const media::PlayerMedia> hold_music(Core& core, const TenantId& tenant);

}  // namespace tw::service
