#include "service/media_library.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <utility>

#include "base/log.hpp"
#include "evidence/watermark_text.hpp"
#include "service/core.hpp"
#include "service/tenant_keys.hpp"
#include "service/work.hpp"
#include "store/accounts/audit.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

std::string context_of(const MediaItemId& id) { return "media:" + id.str(); }

Result<void> write_audit(Core& core, store::Transaction& transaction, const Caller& caller, const char* action,
                         const store::MediaItemRow& item) {
  store::append_audit(transaction,
                      {caller.tenant, core.now(), caller.actor(), action, item.id.str(),
                       json::serialize(json::object{{"title", item.title}, {"kind", item.kind}})},
                      core.random());
  return {};
}

Result<void> room_for_one_more(store::Connection& connection, const TenantId& tenant) {
  if (store::media_items::count(connection, tenant) < MediaLibrary::kMaxItems) return {};
  return fail(ErrorKind::conflict, "media_item.too_many", "The library is full; delete something first.");
}

void remove_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (error) log::warning("a media folder could not be removed", {{"what", error.message()}});
}

}  // namespace

tl::unexpected<Error> media_item_unknown() {
  return fail(ErrorKind::not_found, "media_item.unknown", "There is no such medium in the library.");
}

Result<store::MediaItemRow> new_media_item(const Core& core, const TenantId& tenant, const std::string& created_by) {
  const auto tenant_key = core.ports().tenant_keys.of(tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());
  store::MediaItemRow item;
  item.tenant = tenant;
  item.id = MediaItemId::make(core.now(), core.random());
  item.wrapped_key = to_base64(tenant_key->wrap(SecretKey::make(core.random()), context_of(item.id), core.random()));
  item.created_at = core.now();
  item.created_by = created_by;
  return item;
}

Result<SecretKey> media_item_key(const Core& core, const store::MediaItemRow& item) {
  const auto tenant_key = core.ports().tenant_keys.of(item.tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());
  const auto bytes = from_base64(item.wrapped_key);
  if (!bytes) return fail(ErrorKind::internal, "key.unwrap_failed", "The stored key of a medium is damaged.");
  return tenant_key->unwrap(*bytes, context_of(item.id));
}

std::filesystem::path media_item_folder(const Core& core, const store::MediaItemRow& item) {
  return core.settings().data_dir / "media" / item.tenant.str() / item.id.str();
}

MediaItemView build_media_item(const store::MediaItemRow& item) {
  return {item.id.str(),    item.kind,      item.source, item.title,  item.state,      item.progress, item.failure,
          item.duration_ms, item.has_sound, item.width,  item.height, item.size_bytes, item.sha256,   item.created_at};
}

std::string title_of_address(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return "video";
  std::string name;
  for (const std::string segment : parsed->segments()) {
    if (!segment.empty()) name = segment;
  }
  name = evidence::clean_line(name, MediaLibrary::kMaxTitleCharacters);
  return name.empty() ? std::string(parsed->encoded_host()) : name;
}

Result<void> attach_risk_video(Work& work, const TenantId& tenant, const InterviewId& interview, const std::string& url,
                               const std::string& created_by) {
  auto item = store::media_items::by_url(work.sql(), tenant, url);
  if (!item || item->created_at + MediaLibrary::kFetchedOnceIn < work.now()) {
    auto made = new_media_item(work.core(), tenant, created_by);
    if (!made) return tl::unexpected(made.error());
    made->source = "url";
    made->in_library = false;
    made->url = url;
    made->title = title_of_address(url);
    store::media_items::insert(work.sql(), *made);
    work.effects.jobs_written = true;
    item = std::move(*made);
  }
  store::media_items::set_of_interview(work.sql(), tenant, interview, item->id);
  return {};
}

MediaUpload::MediaUpload(Core& core, store::MediaItemRow item, std::filesystem::path path, SealedFileWriter file,
                         std::shared_ptr<std::atomic<int>> running)
    : core_(core),
      item_(std::move(item)),
      path_(std::move(path)),
      file_(std::move(file)),
      running_(std::move(running)) {}

MediaUpload::~MediaUpload() {
  running_->fetch_sub(1);
  if (!finished_) remove_folder(path_.parent_path());
}

Result<void> MediaUpload::write(ByteView bytes) {
  if (file_.size() + bytes.size() > MediaLibrary::kMaxFileBytes) {
    return fail(ErrorKind::too_large, "media_item.file_too_large", "A medium may have 512 MiB.");
  }
  return file_.write(bytes);
}

Result<MediaItemView> MediaUpload::finish() {
  if (file_.size() == 0) return fail(ErrorKind::invalid, "media_item.empty", "The body is empty; send the file.");
  if (auto sealed = file_.finish(); !sealed) return tl::unexpected(sealed.error());
  const auto stored = core_.database().write([&](store::Transaction& transaction) -> Result<void> {
    if (auto room = room_for_one_more(transaction, item_.tenant); !room) return room;
    store::media_items::insert(transaction, item_);
    store::append_audit(transaction,
                        {item_.tenant, core_.now(), item_.created_by, "media.uploaded", item_.id.str(),
                         json::serialize(json::object{{"title", item_.title}, {"kind", item_.kind}})},
                        core_.random());
    return {};
  });
  if (!stored) return tl::unexpected(stored.error());
  finished_ = true;
  core_.ports().jobs_written();
  return build_media_item(item_);
}

Result<std::vector<MediaItemView>> MediaLibrary::list(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  bool music = false;
  auto listed = core_.database().read([&](store::Connection& connection) -> Result<std::vector<MediaItemView>> {
    std::vector<MediaItemView> views;
    for (const auto& item : store::media_items::library(connection, caller.tenant)) {
      music = music || item.source == "built_in";
      views.push_back(build_media_item(item));
    }
    return views;
  });
  if (!music) core_.ports().jobs_written();  // a tenant made since the start: its music is on its way
  return listed;
}

Result<std::vector<MediaItemView>> MediaLibrary::playable(const Caller& caller) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  return core_.database().read([&](store::Connection& connection) -> Result<std::vector<MediaItemView>> {
    std::vector<MediaItemView> views;
    for (const auto& item : store::media_items::library(connection, caller.tenant)) {
      if (item.state == "ready") views.push_back(build_media_item(item));
    }
    return views;
  });
}

Result<std::unique_ptr<MediaUpload>> MediaLibrary::begin_upload(const Caller& caller, const std::string& title,
                                                                const std::string& kind) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (!core_.ports().rooms.can_record()) {
    return fail(ErrorKind::unavailable, "recording.disk_full",
                "The disk's reserve is for conversations; nothing is kept now.");
  }
  const auto room = core_.database().read(
      [&](store::Connection& connection) -> Result<void> { return room_for_one_more(connection, caller.tenant); });
  if (!room) return tl::unexpected(room.error());
  auto item = new_media_item(core_, caller.tenant, caller.actor());
  if (!item) return tl::unexpected(item.error());
  item->kind = kind;
  item->title = title;
  const auto key = media_item_key(core_, *item);
  if (!key) return tl::unexpected(key.error());
  const auto folder = media_item_folder(core_, *item);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(ErrorKind::unavailable, "media_item.io", "The folder of the media cannot be made.");
  auto file = SealedFileWriter::create(folder / kMediaSourceFile, key->derive("file:source"), core_.random());
  if (!file) return tl::unexpected(file.error());
  if (uploads_->fetch_add(1) >= kMaxUploads) {
    uploads_->fetch_sub(1);
    remove_folder(folder);
    return fail(ErrorKind::unavailable, "server.overloaded", "Other files are being uploaded; try again in a moment.");
  }
  return std::make_unique<MediaUpload>(core_, std::move(*item), folder / kMediaSourceFile, std::move(*file), uploads_);
}

Result<MediaItemView> MediaLibrary::add_from_url(const Caller& caller, const std::string& url, const std::string& title,
                                                 const std::string& kind) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (auto checked = core_.ports().outgoing.check_url(url); !checked) {
    Error error = checked.error();
    error.kind = ErrorKind::unprocessable;
    return tl::unexpected(std::move(error));
  }
  auto item = new_media_item(core_, caller.tenant, caller.actor());
  if (!item) return tl::unexpected(item.error());
  item->kind = kind;
  item->title = title;
  item->source = "url";
  item->url = url;
  const auto stored = core_.database().write([&](store::Transaction& transaction) -> Result<void> {
    if (auto room = room_for_one_more(transaction, caller.tenant); !room) return room;
    store::media_items::insert(transaction, *item);
    return write_audit(core_, transaction, caller, "media.added_from_url", *item);
  });
  if (!stored) return tl::unexpected(stored.error());
  core_.ports().jobs_written();
  return build_media_item(*item);
}

Result<void> MediaLibrary::remove(const Caller& caller, const std::string& text) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return allowed;
  const auto id = MediaItemId::parse(text);
  if (!id) return media_item_unknown();
  std::filesystem::path folder;
  auto removed = core_.database().write([&](store::Transaction& transaction) -> Result<void> {
    auto item = store::media_items::find(transaction, caller.tenant, *id);
    if (!item || !item->in_library) return media_item_unknown();
    if (item->source == "built_in")
      return fail(ErrorKind::conflict, "media_item.built_in", "The music that comes with the server stays.");
    if (store::players::plays(transaction, caller.tenant, *id))
      return fail(ErrorKind::conflict, "media_item.in_use", "It is being played in a conversation now.");
    item->deleted_at = core_.now();
    item->wrapped_key.clear();  // erasing the key erases the object
    store::media_items::update(transaction, *item);
    folder = media_item_folder(core_, *item);
    return write_audit(core_, transaction, caller, "media.deleted", *item);
  });
  if (removed) remove_folder(folder);
  return removed;
}

}  // namespace tw::service
