#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/config.hpp"
#include "base/random.hpp"
#include "crypto/secret_key.hpp"
#include "place/gazetteer.hpp"
#include "recording/processor.hpp"
#include "service/ice_servers.hpp"
#include "service/ports.hpp"
#include "service/rooms.hpp"
#include "service/tenant_keys.hpp"

namespace tw::store {
class Database;
class Connection;
}  // namespace tw::store

namespace tw::service {

class PlayedMedia;
class PresenceBook;
class RunningAsks;

/// What the operator configured, as the use cases need it.
struct Settings {
  std::string node = "local";  ///< of rows that name where a room lives
  std::string public_url = "https://localhost:8443";
  std::filesystem::path data_dir = "data";
  std::chrono::seconds ring_timeout{30};
  std::chrono::seconds longest_wait{600};
  std::chrono::seconds agent_absence{30};
  std::chrono::seconds customer_absence{60};
  IceServerSettings ice_servers;
  std::string video_codec = "VP8";
  std::int64_t video_bitrate_bps = 1'500'000;
  std::filesystem::path mirror_folder;  ///< of journals, on another disk; empty: none
  std::uint32_t composition_threads = 1;
  bool picture_in_picture = false;

  [[nodiscard]] static Settings from(const Config& config);
  [[nodiscard]] std::filesystem::path recordings_folder() const { return data_dir / "recordings"; }
  [[nodiscard]] std::filesystem::path photos_folder() const { return data_dir / "photos"; }
};

/// Everything the interview's use cases need from outside; all of it outlives them and is thread-safe.
struct Ports {
  store::Database& database;
  const Clock& clock;
  Random& random;
  Rooms& rooms;
  recording::Processor& processor;
  OutgoingHttp& outgoing;
  Notifier& notifier;
  WakeUps& wake_ups;  ///< must lead to Timekeeper::run_due
  const TenantKeys& tenant_keys;
  const SecretKey& master_key;                   ///< only derived keys of it are kept
  std::function<void()> outbox_written = [] {};  ///< WebhookDelivery::wake
  std::function<void()> jobs_written = [] {};    ///< a job is due: ComposeJobs::run_due on a job thread
  /// Runs something that may take seconds (taking a photo) on a job thread. False when the queue is full.
  std::function<bool(std::function<void()>)> run_job;
  const place::Gazetteer* gazetteer = nullptr;  ///< null: this server has no table of towns
};

/// Shared by the use-case classes: ports, settings, keys of signed tokens, who is connected, whether the server drains.
class Core {
 public:
  Core(Ports ports, Settings settings);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  [[nodiscard]] const Ports& ports() const { return ports_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] store::Database& database() const { return ports_.database; }
  [[nodiscard]] WallTime now() const { return ports_.clock.wall_now(); }
  [[nodiscard]] Random& random() const { return ports_.random; }
  [[nodiscard]] PresenceBook& presence() const { return *presence_; }
  [[nodiscard]] PlayedMedia& played_media() const { return *played_media_; }
  [[nodiscard]] RunningAsks& order_asks() const { return *order_asks_; }

  /// Keys of the signed tokens, by purpose.
  [[nodiscard]] const SecretKey& link_key() const { return link_key_; }
  [[nodiscard]] const SecretKey& guest_key() const { return guest_key_; }
  [[nodiscard]] const SecretKey& media_key() const { return media_key_; }
  [[nodiscard]] const SecretKey& ticket_key() const { return ticket_key_; }

  /// From now on new interviews, entries and answers are refused with `server.draining` (503); calls go on.
  void start_draining();
  [[nodiscard]] bool draining() const { return draining_.load(std::memory_order_relaxed); }
  /// `server.draining` or `recording.disk_full` (503): nothing new may begin now.
  [[nodiscard]] Result<void> may_begin() const;

 private:
  Ports ports_;
  Settings settings_;
  SecretKey link_key_;
  SecretKey guest_key_;
  SecretKey media_key_;
  SecretKey ticket_key_;
  std::unique_ptr<PresenceBook> presence_;
  std::unique_ptr<PlayedMedia> played_media_;
  std::unique_ptr<RunningAsks> order_asks_;
  std::atomic<bool> draining_{false};
};

}  // namespace tw::service
