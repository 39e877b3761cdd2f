#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace tw {
struct MediaItemIdTag {
  static constexpr std::string_view kPrefix = "med";
};
using MediaItemId = Id<MediaItemIdTag>;
}  // namespace tw

namespace tw::store {

/// Something that can be played in calls, or is on the way to it.
struct MediaItemRow {
  TenantId tenant;
  MediaItemId id;
  std::string kind = "video";     ///< video, prompt, music
  std::string source = "upload";  ///< upload, url, text, built_in
  bool in_library = true;
  std::string title;
  std::string url;
  std::string etag;
  std::string language;
  std::string body;
  std::string state = "waiting";  ///< waiting, working, ready, failed
  std::int64_t progress = 0;
  std::string failure;
  std::int64_t duration_ms = 0;
  bool has_sound = false;
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t size_bytes = 0;
  std::int64_t page_bytes = 0;  ///< of music: of the form for pages; 0: none
  std::string sha256;
  std::string wrapped_key;
  WallTime created_at;
  std::string created_by;
  std::optional<WallTime> deleted_at;
};

/// What is played in a room.
struct PlayerRow {
  TenantId tenant;
  InterviewId interview;
  std::string player;
  MediaItemId media;
  std::string title;
  std::string kind;
  std::string state = "playing";
  std::int64_t position_ms = 0;
  std::int64_t duration_ms = 0;
  WallTime at;
};

namespace media_items {

void insert(Transaction& transaction, const MediaItemRow& item);
/// Everything that changes after the insert.
void update(Transaction& transaction, const MediaItemRow& item);
void set_progress(Transaction& transaction, const TenantId& tenant, const MediaItemId& id, std::int64_t progress);
/// Deleted ones are not found.
[[nodiscard]] std::optional<MediaItemRow> find(Connection& connection, const TenantId& tenant, const MediaItemId& id);
/// The library, newest first.
[[nodiscard]] std::vector<MediaItemRow> library(Connection& connection, const TenantId& tenant);
[[nodiscard]] std::int64_t count(Connection& connection, const TenantId& tenant);
/// The newest download of this address that did not fail.
[[nodiscard]] std::optional<MediaItemRow> by_url(Connection& connection, const TenantId& tenant,
                                                 const std::string& url);
/// A spoken text that is ready.
[[nodiscard]] std::optional<MediaItemRow> by_text(Connection& connection, const TenantId& tenant,
                                                  const std::string& sha256);
/// The music for who is on hold: the newest that is ready, the tenant's own before the built-in one.
[[nodiscard]] std::optional<MediaItemRow> music(Connection& connection, const TenantId& tenant);
/// The same for the pages of who waits, of those that have the form for it.
[[nodiscard]] std::optional<MediaItemRow> queue_music(Connection& connection, const TenantId& tenant);
[[nodiscard]] std::vector<TenantId> tenants_without_music(Connection& connection);
/// The one that waits longest, now working; nullopt when none waits.
[[nodiscard]] std::optional<MediaItemRow> claim(Transaction& transaction);
/// Those that were being worked on when the process died wait again, and music of the server's own that failed.
void reset_working(Transaction& transaction);

void set_of_interview(Transaction& transaction, const TenantId& tenant, const InterviewId& interview,
                      const MediaItemId& media);
[[nodiscard]] std::optional<MediaItemRow> of_interview(Connection& connection, const TenantId& tenant,
                                                       const InterviewId& interview);

}  // namespace media_items

namespace players {

void put(Transaction& transaction, const PlayerRow& player);
void remove(Transaction& transaction, const TenantId& tenant, const InterviewId& interview);
[[nodiscard]] std::optional<PlayerRow> find(Connection& connection, const TenantId& tenant,
                                            const InterviewId& interview);
/// Of all tenants.
[[nodiscard]] std::vector<PlayerRow> all(Connection& connection);
[[nodiscard]] bool plays(Connection& connection, const TenantId& tenant, const MediaItemId& media);

}  // namespace players
}  // namespace tw::store
