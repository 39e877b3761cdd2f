#include "service/played_media.hpp"

#include <utility>

#include "base/log.hpp"
#include "crypto/sealed_file.hpp"
#include "media/player/track_file.hpp"
#include "service/core.hpp"
#include "service/media_library.hpp"

namespace tw::service {
namespace {

Result<media::PlayerTrack> read_track(const Core& core, const store::MediaItemRow& item, const SecretKey& key,
                                      const std::string& name, media::Codec codec) {
  auto file =
      read_sealed(media_item_folder(core, item) / name, key.derive("file:" + name), media::PlayerMedia::kMaxBytes);
  if (!file) return tl::unexpected(file.error());
  return media::read_track_file(std::move(*file), codec);
}

Result<media::PlayerMedia> read_media(const Core& core, const store::MediaItemRow& item) {
  const auto key = media_item_key(core, item);
  if (!key) return tl::unexpected(key.error());
  std::optional<media::PlayerTrack> sound;
  std::optional<media::PlayerTrack> picture;
  if (item.has_sound) {
    auto track = read_track(core, item, *key, "sound", media::Codec::opus);
    if (!track) return tl::unexpected(track.error());
    sound = std::move(*track);
  }
  if (item.width > 0) {
    const bool h264 = core.settings().video_codec == "H264";
    auto track = read_track(core, item, *key, h264 ? "picture.h264" : "picture.vp8",
                            h264 ? media::Codec::h264 : media::Codec::vp8);
    if (!track) return tl::unexpected(track.error());
    picture = std::move(*track);
  }
  return media::PlayerMedia::make(std::move(sound), std::move(picture));
}

}  // namespace

Result<std::shared_ptr<const media::PlayerMedia>> PlayedMedia::open(const Core& core, const store::MediaItemRow& item) {
  if (item.state != "ready")
    return fail(ErrorKind::conflict, "media_item.not_ready", "The medium is not ready to be played.");
  // One at a time: two agents who press play together read the file once.
  const std::lock_guard lock(mutex_);
  std::size_t bytes = 0;
  for (auto entry = open_.begin(); entry != open_.end();) {
    const auto held = entry->second.lock();
    if (held && entry->first == item.id) return held;
    bytes += held ? held->bytes() : 0;
    entry = held ? std::next(entry) : open_.erase(entry);
  }
  // Both pictures lie on the disk, one is held: the files' size is more than enough.
  if (bytes + static_cast<std::size_t>(item.size_bytes) > kMaxBytes) {
    return fail(ErrorKind::unavailable, "player.too_much", "Too much is played in other conversations now; try later.");
  }
  auto media = read_media(core, item);
  if (!media) return tl::unexpected(media.error());
  auto shared = std::make_shared<const media::PlayerMedia>(std::move(*media));
  open_[item.id] = shared;
  return shared;
}

std::shared_ptr<const media::PlayerMedia> hold_music(Core& core, const TenantId& tenant) {
  const auto item = core.database().read([&](store::Connection& connection) -> Result<store::MediaItemRow> {
    auto music = store::media_items::music(connection, tenant);
    if (!music) return media_item_unknown();
    return std::move(*music);
  });
  if (!item) return nullptr;
  auto media = core.played_media().open(core, *item);
  if (media) return *media;
  log::warning("no music on hold", {{"code", media.error().code}});
  return nullptr;
}

}  // namespace tw::service
