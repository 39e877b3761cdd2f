#include "service/media_jobs.hpp"

#include <filesystem>
#include <utility>

#include "base/log.hpp"
#include "crypto/sealed_file.hpp"
#include "service/core.hpp"
#include "service/media_library.hpp"

namespace tw::service {
namespace {

using recording::PrepareMediaJob;

Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(ErrorKind::unavailable, "media_item.io", "The folder of the media cannot be made.");
  return {};
}

/// An answer that is no film: the address is wrong or wants somebody signed in.
tl::unexpected<Error> download_refused(unsigned status) {
  return fail(ErrorKind::unprocessable, "media_item.download_refused",
              "The address answered with status " + std::to_string(status) + ".");
}

Result<void> download(Core& core, store::MediaItemRow& item) {
  if (!core.ports().rooms.can_record())
    return fail(ErrorKind::unavailable, "recording.disk_full", "The disk's reserve is for conversations.");
  const auto key = media_item_key(core, item);
  if (!key) return tl::unexpected(key.error());
  const auto path = media_item_folder(core, item) / kMediaSourceFile;
  std::error_code ignored;
  std::filesystem::remove(path, ignored);  // of an attempt that was cut
  auto file = SealedFileWriter::create(path, key->derive("file:source"), core.random());
  if (!file) return tl::unexpected(file.error());
  OutgoingDownload wanted;
  wanted.url = item.url;
  wanted.most_bytes = MediaLibrary::kMaxFileBytes;
  wanted.within = MediaJobs::kDownloadWithin;
  wanted.take = [&](ByteView bytes) -> Result<void> {
    // A server that stops waits for no film; it is fetched after the next start.
    if (core.draining()) return fail(ErrorKind::unavailable, "processor.unavailable", "The server is stopping.");
    return file->write(bytes);
  };
  auto answer = core.ports().outgoing.download(wanted);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status != 200) return download_refused(answer->status);
  item.etag = answer->etag.substr(0, 256);
  return file->finish();
}

void tell_interviews(Core& core, const store::MediaItemRow& item) {
  const auto shown = core.database().read([&](store::Connection& connection) -> Result<std::vector<InterviewId>> {
    std::vector<InterviewId> interviews;
    for (const auto& row :
         connection.query("SELECT interview_id FROM interview_media WHERE tenant_id = :tenant AND media_id = :media",
                          {{"tenant", item.tenant}, {"media", item.id}})) {
      interviews.push_back(row.id<InterviewId>(0));
    }
    return interviews;
  });
  if (!shown) return;
  for (const auto& interview : *shown) core.ports().notifier.interview_changed(item.tenant, interview);
}

/// Whoever waits already hears it from now on.
void tell_waiting(Core& core, const TenantId& tenant) {
  const auto queues = core.database().read([&](store::Connection& connection) -> Result<std::vector<QueueId>> {
    std::vector<QueueId> found;
    for (const auto& row :
         connection.query("SELECT DISTINCT queue_id FROM interviews WHERE tenant_id = :tenant AND status = 'queued'",
                          {{"tenant", tenant}})) {
      found.push_back(row.id<QueueId>(0));
    }
    return found;
  });
  if (!queues) return;
  for (const auto& queue : *queues) core.ports().notifier.queue_changed(tenant, queue);
}

/// Only where it was not deleted meanwhile.
Result<void> store_item(Core& core, const store::MediaItemRow& item) {
  auto stored = core.database().write([&](store::Transaction& transaction) -> Result<void> {
    if (!store::media_items::find(transaction, item.tenant, item.id)) return media_item_unknown();
    store::media_items::update(transaction, item);
    return {};
  });
  if (!stored && stored.error().code == "media_item.unknown") {
    std::error_code ignored;
    std::filesystem::remove_all(media_item_folder(core, item), ignored);
  }
  tell_interviews(core, item);
  if (item.kind == "music" && item.state == "ready") tell_waiting(core, item.tenant);
  return stored;
}

Result<PrepareMediaJob> job_of(Core& core, const store::MediaItemRow& item) {
  auto key = media_item_key(core, item);
  if (!key) return tl::unexpected(key.error());
  const auto folder = media_item_folder(core, item);
  if (auto made = make_folder(folder); !made) return tl::unexpected(made.error());
  PrepareMediaJob job{.source = PrepareMediaJob::Source::file,
                      .file = folder / kMediaSourceFile,
                      .text = item.body,
                      .language = item.language,
                      .folder = folder,
                      .key = std::move(*key),
                      .for_pages = item.kind == "music"};
  if (item.source == "text") job.source = PrepareMediaJob::Source::text;
  if (item.source == "built_in") job.source = PrepareMediaJob::Source::music;
  return job;
}

Result<store::MediaItemRow> prepared(Core& core, store::MediaItemRow item) {
  auto job = job_of(core, item);
  if (!job) return tl::unexpected(job.error());
  if (item.source == "url") {
    if (auto fetched = download(core, item); !fetched) return tl::unexpected(fetched.error());
  }
  int told = 0;
  const auto result = core.ports().processor.prepare_media(*job, [&](int percent) {
    if (percent < told + MediaJobs::kProgressStep) return;
    told = percent;
    static_cast<void>(core.database().write([&](store::Transaction& transaction) -> Result<void> {
      store::media_items::set_progress(transaction, item.tenant, item.id, percent);
      return {};
    }));
  });
  std::error_code ignored;
  std::filesystem::remove(job->file, ignored);  // what is played is kept; the source has served
  if (!result) return tl::unexpected(result.error());
  item.state = "ready";
  item.progress = 100;
  item.failure.clear();
  item.duration_ms = result->duration_ms;
  item.has_sound = result->has_sound;
  item.width = result->width;
  item.height = result->height;
  item.size_bytes = static_cast<std::int64_t>(result->size_bytes);
  item.page_bytes = static_cast<std::int64_t>(result->page_bytes);
  if (item.source != "text") item.sha256 = result->sha256;  // of a text it is what the cache looks for
  return item;
}

Result<void> add_built_in_music(Core& core, const TenantId& tenant) {
  auto item = new_media_item(core, tenant, "server");
  if (!item) return tl::unexpected(item.error());
  item->kind = "music";
  item->source = "built_in";
  item->title = "Telewitness";
  return core.database().write([&](store::Transaction& transaction) -> Result<void> {
    store::media_items::insert(transaction, *item);
    return {};
  });
}

void add_missing_music(Core& core) {
  const auto tenants = core.database().read([](store::Connection& connection) -> Result<std::vector<TenantId>> {
    return store::media_items::tenants_without_music(connection);
  });
  if (!tenants) return;
  for (const TenantId& tenant : *tenants) {
    if (const auto added = add_built_in_music(core, tenant); !added)
      log::error("a tenant has no music", {{"tenant", tenant.str()}, {"code", added.error().code}});
  }
}

}  // namespace

Result<store::MediaItemRow> prepare_item(Core& core, store::MediaItemRow item) {
  auto done = prepared(core, item);
  // A server that stops: the item is found working at the next start.
  if (!done && done.error().code == "processor.unavailable") return done;
  if (!done) {
    item.state = "failed";
    item.failure = done.error().code;
    std::error_code ignored;
    std::filesystem::remove_all(media_item_folder(core, item), ignored);
    log::warning("a medium could not be prepared", {{"media", item.id.str()}, {"code", item.failure}});
    if (auto stored = store_item(core, item); !stored) return tl::unexpected(stored.error());
    return done;
  }
  if (auto stored = store_item(core, *done); !stored) return tl::unexpected(stored.error());
  return done;
}

void MediaJobs::start() {
  static_cast<void>(core_.database().write([](store::Transaction& transaction) -> Result<void> {
    store::media_items::reset_working(transaction);
    return {};
  }));
  add_missing_music(core_);
}

bool MediaJobs::run_one() {
  add_missing_music(core_);  // of tenants that were made since
  auto item = core_.database().write([](store::Transaction& transaction) -> Result<std::optional<store::MediaItemRow>> {
    return store::media_items::claim(transaction);
  });
  if (!item || !*item) return false;
  static_cast<void>(prepare_item(core_, std::move(**item)));
  return true;
}

}  // namespace tw::service
