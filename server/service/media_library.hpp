#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "crypto/sealed_file.hpp"
#include "service/caller.hpp"
#include "service/media_views.hpp"
#include "store/media_items.hpp"

namespace tw::service {

class Core;
class Work;

/// A file on its way in: sealed piece by piece, so that no plain byte of it reaches the disk. What is not finished is
/// gone with the object.
class MediaUpload {
 public:
  /// `running` is counted down at the end.
  MediaUpload(Core& core, store::MediaItemRow item, std::filesystem::path path, SealedFileWriter file,
              std::shared_ptr<std::atomic<int>> running);
  ~MediaUpload();
  MediaUpload(const MediaUpload&) = delete;
  MediaUpload& operator=(const MediaUpload&) = delete;

  /// `media_item.file_too_large` (413) beyond MediaLibrary::kMaxFileBytes.
  [[nodiscard]] Result<void> write(ByteView bytes);
  /// The item is in the library now and waits to be prepared. `media_item.empty` (400).
  [[nodiscard]] Result<MediaItemView> finish();

 private:
  Core& core_;
  store::MediaItemRow item_;
  std::filesystem::path path_;
  SealedFileWriter file_;
  std::shared_ptr<std::atomic<int>> running_;
  bool finished_ = false;
};

/// Films, prompts and music of a tenant. Administrators fill it, agents play from it.
class MediaLibrary {
 public:
  static constexpr std::uint64_t kMaxFileBytes = std::uint64_t{512} * 1024 * 1024;
  /// A company's films and prompts are dozens; it keeps a list that is shown whole.
  static constexpr std::int64_t kMaxItems = 200;
  static constexpr std::size_t kMaxTitleCharacters = 100;
  /// At the same time: each keeps a connection and a share of the disk busy.
  static constexpr int kMaxUploads = 4;
  /// A film at the same address is taken for the same one for so long.
  static constexpr std::chrono::hours kFetchedOnceIn{24};

  explicit MediaLibrary(Core& core) : core_(core) {}

  [[nodiscard]] Result<std::vector<MediaItemView>> list(const Caller& caller);
  /// What can be played now.
  [[nodiscard]] Result<std::vector<MediaItemView>> playable(const Caller& caller);
  /// `kind` is video, prompt or music. `media_item.too_many` (409), `recording.disk_full`, `server.overloaded` (503).
  [[nodiscard]] Result<std::unique_ptr<MediaUpload>> begin_upload(const Caller& caller, const std::string& title,
                                                                  const std::string& kind);
  /// The download begins at once; the errors of OutgoingHttp::check_url as 422.
  [[nodiscard]] Result<MediaItemView> add_from_url(const Caller& caller, const std::string& url,
                                                   const std::string& title, const std::string& kind);
  /// Erases its key and files. `media_item.unknown` (404), `media_item.built_in` (409), `media_item.in_use` (409) while
  /// it is played.
  [[nodiscard]] Result<void> remove(const Caller& caller, const std::string& id);

 private:
  Core& core_;
  std::shared_ptr<std::atomic<int>> uploads_ = std::make_shared<std::atomic<int>>(0);
};

/// What people read of a film that has only an address: the file's name. Never the query, where addresses that are
/// good for a while carry what opens them; the title goes to everybody in the call and onto the timeline.
[[nodiscard]] std::string title_of_address(const std::string& url);
/// For use cases that make items of their own.
[[nodiscard]] Result<store::MediaItemRow> new_media_item(const Core& core, const TenantId& tenant,
                                                         const std::string& created_by);
[[nodiscard]] Result<SecretKey> media_item_key(const Core& core, const store::MediaItemRow& item);
[[nodiscard]] std::filesystem::path media_item_folder(const Core& core, const store::MediaItemRow& item);
[[nodiscard]] MediaItemView build_media_item(const store::MediaItemRow& item);
/// The risk video of a new interview: the tenant's earlier download of the address where there is one. Inside the
/// transaction that makes the interview; `core.ports().jobs_written` follows.
[[nodiscard]] Result<void> attach_risk_video(Work& work, const TenantId& tenant, const InterviewId& interview,
                                             const std::string& url, const std::string& created_by);
[[nodiscard]] tl::unexpected<Error> media_item_unknown();

/// File name of a source inside the item's folder, sealed under the item's key derived for "file:source".
inline constexpr const char* kMediaSourceFile = "source";

}  // namespace tw::service
