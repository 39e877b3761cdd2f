#include "service/core.hpp"

#include "service/played_media.hpp"
#include "service/presence_book.hpp"
#include "service/running_asks.hpp"

namespace tw::service {

Settings Settings::from(const Config& config) {
  Settings settings;
  settings.public_url = config.server.public_url;
  while (settings.public_url.ends_with('/')) settings.public_url.pop_back();
  settings.data_dir = config.server.data_dir;
  settings.ring_timeout = std::chrono::seconds(config.desk.ring_timeout_s);
  settings.longest_wait = std::chrono::seconds(config.desk.longest_wait_s);
  settings.agent_absence = std::chrono::seconds(config.desk.agent_absence_s);
  settings.customer_absence = std::chrono::seconds(config.desk.customer_absence_s);
  settings.ice_servers = {config.media.ice_servers, config.media.turn_servers,
                          read_turn_secret(config.media.turn_secret_file)};
  settings.video_codec = config.media.video_codec;
  settings.video_bitrate_bps = config.media.video_kbps * 1'000;
  settings.mirror_folder = config.recording.mirror_dir;
  settings.composition_threads = static_cast<std::uint32_t>(config.recording.threads);
  settings.picture_in_picture = config.recording.layout == "picture_in_picture";
  return settings;
}

Core::Core(Ports ports, Settings settings)
    : ports_(std::move(ports)),
      settings_(std::move(settings)),
      link_key_(ports_.master_key.derive("token:customer-link")),
      guest_key_(ports_.master_key.derive("token:guest-link")),
      media_key_(ports_.master_key.derive("token:media")),
      ticket_key_(ports_.master_key.derive("token:file-ticket")),
      presence_(std::make_unique<PresenceBook>()),
      played_media_(std::make_unique<PlayedMedia>()),
      order_asks_(std::make_unique<RunningAsks>()) {}

Core::~Core() = default;

void Core::start_draining() { draining_.store(true, std::memory_order_relaxed); }

Result<void> Core::may_begin() const {
  if (draining()) {
    return fail(ErrorKind::unavailable, "server.draining", "The server is about to stop; try again in a minute.");
  }
  if (!ports_.rooms.can_record()) {
    return fail(ErrorKind::unavailable, "recording.disk_full", "The disk for recordings is full; free space on it.");
  }
  return {};
}

}  // namespace tw::service
