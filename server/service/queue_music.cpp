#include "service/queue_music.hpp"

#include "base/log.hpp"
#include "crypto/sealed_file.hpp"
#include "recording/processor.hpp"
#include "service/core.hpp"
#include "service/media_library.hpp"
#include "service/work.hpp"

namespace tw::service {
namespace {

/// Any piece that pages can play, also one that another has replaced meanwhile.
Result<store::MediaItemRow> find_music(store::Connection& connection, const TenantId& tenant,
                                       const std::string& media) {
  const auto id = MediaItemId::parse(media);
  auto item = id ? store::media_items::find(connection, tenant, *id) : std::nullopt;
  if (!item || item->kind != "music" || item->state != "ready" || item->page_bytes == 0) return media_item_unknown();
  return std::move(*item);
}

}  // namespace

Result<Bytes> QueueMusic::content(const Caller& caller, const std::string& media) {
  if (auto allowed = require(caller, {CallerKind::customer}); !allowed) return tl::unexpected(allowed.error());
  const auto item = core_.database().read([&](store::Connection& connection) -> Result<store::MediaItemRow> {
    return find_music(connection, caller.tenant, media);
  });
  if (!item) return tl::unexpected(item.error());
  const auto key = media_item_key(core_, *item);
  if (!key) return tl::unexpected(key.error());
  const std::string name = recording::kPageMusicFile;
  return read_sealed(media_item_folder(core_, *item) / name, key->derive("file:" + name),
                     recording::kMostPageMusicBytes);
}

void QueueMusic::heard(const Caller& caller, const std::string& media) {
  if (caller.kind != CallerKind::customer) return;
  const auto done = transact(core_, [&](Work& work) -> Result<void> {
    auto record = work.interview(caller.tenant, caller.interview);
    if (!record) return tl::unexpected(record.error());
    domain::Command command = domain::command::StopQueueMusic{};
    if (!media.empty()) {
      const auto item = find_music(work.sql(), caller.tenant, media);
      if (!item) return tl::unexpected(item.error());
      command = domain::command::HearQueueMusic{item->id.str(), item->title};
    }
    const auto applied = work.apply(*record, command);
    return applied ? Result<void>{} : tl::unexpected(applied.error());
  });
  if (!done) log::warning("what a waiting customer hears could not be noted", {{"code", done.error().code}});
}

std::optional<QueueMusicView> build_queue_music(store::Connection& connection, const TenantId& tenant) {
  const auto item = store::media_items::queue_music(connection, tenant);
  if (!item) return std::nullopt;
  return QueueMusicView{item->id.str(), item->title};
}

}  // namespace tw::service
