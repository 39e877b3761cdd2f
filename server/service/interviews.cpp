#include "service/interviews.hpp"

#include <algorithm>

#include "service/after_views.hpp"
#include "service/customer_link.hpp"
#include "service/media_library.hpp"
#include "service/payloads.hpp"
#include "service/return_address.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/accounts/queues.hpp"
#include "store/accounts/tenants.hpp"
#include "store/customers.hpp"

namespace tw::service {
namespace {

/// A link made anew for an interview lives as long as one made with it by default.
constexpr std::chrono::seconds kFreshLinkLife{86'400};

tl::unexpected<Error> queue_unknown(ErrorKind kind) {
  return fail(kind, "queue.unknown", "There is no such queue, or it is disabled.");
}

/// Errors of an address that came in a field: the request is well-formed, the address is not acceptable.
Result<void> check_order_endpoint(Core& core, const std::string& url) {
  if (url.empty()) return {};
  auto checked = core.ports().outgoing.check_url(url);
  if (!checked) {
    Error error = checked.error();
    error.kind = ErrorKind::unprocessable;
    return tl::unexpected(std::move(error));
  }
  return {};
}

Result<void> check_return_url(const store::TenantRow& tenant, const std::string& url) {
  if (url.empty()) return {};
  const auto origin = origin_of(url);
  if (!origin) return tl::unexpected(origin.error());
  const auto& origins = tenant.return_origins;
  if (std::find(origins.begin(), origins.end(), *origin) == origins.end()) {
    return fail(ErrorKind::unprocessable, "return_url.not_registered",
                "The origin of the return address is not registered with this company.", {{"origin", *origin}});
  }
  return {};
}

InterviewView view_for(const Caller& caller, store::Connection& connection, const store::InterviewRecord& record,
                       WallTime now) {
  auto view = build_interview(connection, record, now);
  if (view.recording) view.recording = for_reader(std::move(*view.recording), caller.kind);
  return view;
}

QueueView queue_view(const store::AdminQueueRow& row) {
  return {row.id, row.number, row.name, row.enabled, row.waiting, row.agents_online, row.created_at};
}

}  // namespace

Result<CreatedInterview> Interviews::create(const Caller& caller, const NewInterview& wanted) {
  if (auto allowed = require(caller, {CallerKind::api_key}); !allowed) return tl::unexpected(allowed.error());
  if (auto may = core_.may_begin(); !may) return tl::unexpected(may.error());
  if (auto checked = check_order_endpoint(core_, wanted.order_endpoint); !checked) {
    return tl::unexpected(checked.error());
  }
  if (auto checked = check_order_endpoint(core_, wanted.risk_video_url); !checked) {
    return tl::unexpected(checked.error());
  }
  return transact(core_, [&](Work& work) -> Result<CreatedInterview> {
    const auto tenant = store::find_tenant(work.sql(), caller.tenant);
    const auto queue_id = QueueId::parse(wanted.queue);
    const auto queue = tenant && queue_id ? store::admin_queue(work.sql(), caller.tenant, *queue_id) : std::nullopt;
    if (!queue || !queue->enabled) return queue_unknown(ErrorKind::unprocessable);
    if (auto checked = check_return_url(*tenant, wanted.return_url); !checked) return tl::unexpected(checked.error());

    store::InterviewRecord record;
    record.tenant = caller.tenant;
    record.node = core_.settings().node;
    record.customer =
        store::customers::called(work.sql(), caller.tenant, wanted.nick_name, work.now(), core_.random()).id;
    record.business_id = wanted.business_id;
    record.assist_id = wanted.assist_id;
    record.company_name = wanted.company_name;
    record.sections_json = sections_to_json(wanted.sections);
    record.order_endpoint = wanted.order_endpoint;
    record.return_url = wanted.return_url;
    record.voice_only = wanted.voice_only;
    record.supplied_json = sections_to_json(wanted.supplied);
    record.state.id = InterviewId::make(work.now(), core_.random());
    record.state.queue = queue->id;
    record.state.created_at = work.now();
    record.state.expires_at = work.now() + std::chrono::seconds(wanted.link_valid_seconds);
    store::interviews::insert(work.sql(), record);
    if (auto noted = work.note(record, {"created", "{\"by\":\"" + caller.id + "\"}"}); !noted) {
      return tl::unexpected(noted.error());
    }
    if (!wanted.risk_video_url.empty()) {
      auto attached = attach_risk_video(work, caller.tenant, record.state.id, wanted.risk_video_url, caller.id);
      if (!attached) return tl::unexpected(attached.error());
    }
    work.effects.wake_at = record.state.expires_at;
    return CreatedInterview{build_interview(work.sql(), record, work.now()),
                            make_customer_link(core_, caller.tenant, record.state.id, record.state.expires_at)};
  });
}

Result<InterviewView> Interviews::get(const Caller& caller, const std::string& id) {
  return core_.database().read([&](store::Connection& connection) -> Result<InterviewView> {
    const auto record = visible_interview(connection, caller, id);
    if (!record) return tl::unexpected(record.error());
    InterviewView view = view_for(caller, connection, *record, core_.now());
    if (view.status == domain::Status::ended) view.exit = build_exit(connection, *record, view);
    if (caller.kind == CallerKind::api_key || caller.kind == CallerKind::administrator) {
      view.satisfaction = build_satisfaction(connection, caller.tenant, view.id);
    }
    return view;
  });
}

Result<Page<InterviewView>> Interviews::list(const Caller& caller, const InterviewFilter& filter,
                                             const PageRequest& page) {
  if (auto allowed = require(caller, {CallerKind::api_key, CallerKind::agent, CallerKind::administrator}); !allowed) {
    return tl::unexpected(allowed.error());
  }
  const auto before = decode_cursor(page);
  if (!before) return tl::unexpected(before.error());
  return core_.database().read([&](store::Connection& connection) -> Result<Page<InterviewView>> {
    store::InterviewSelection selection{filter.business_id, filter.queue, filter.status, filter.outcome,
                                        std::nullopt,       *before,      page.limit + 1};
    if (caller.kind == CallerKind::agent) selection.queues_of = caller.user();
    selection.recording = filter.recording;
    selection.person = filter.person;
    selection.created_from = filter.created_from;
    selection.created_before = filter.created_before;
    selection.receipt_number = filter.receipt_number;
    if (filter.recording == store::RecordingSelection::expiring) {
      const auto tenant = store::find_tenant(connection, caller.tenant);
      if (!tenant || !tenant->retention.days) return Page<InterviewView>{};
      // A rule that was changed just now waits a day (domain::Retention::kGrace), which is sooner than soon.
      selection.ended_by = core_.now() + kExpiringSoon - std::chrono::days(*tenant->retention.days);
    }
    auto records = store::interviews::select(connection, caller.tenant, selection);
    Page<InterviewView> result;
    if (records.size() > page.limit) {
      records.resize(page.limit);
      result.next_cursor = encode_cursor(records.back().state.id.str());
    }
    for (const auto& record : records) result.items.push_back(view_for(caller, connection, record, core_.now()));
    return result;
  });
}

Result<LinkView> Interviews::customer_link(const Caller& caller, const std::string& id) {
  if (auto allowed = require(caller, {CallerKind::api_key}); !allowed) return tl::unexpected(allowed.error());
  return transact(core_, [&](Work& work) -> Result<LinkView> {
    auto record = visible_interview(work.sql(), caller, id);
    if (!record) return tl::unexpected(record.error());
    if (record->state.status == domain::Status::ended) {
      return fail(ErrorKind::conflict, "interview.ended", "The interview has ended.");
    }
    const WallTime expires = work.now() + kFreshLinkLife;
    record->state.expires_at = std::max(record->state.expires_at, expires);
    if (auto noted = work.note(*record, {"link_created", "{\"by\":\"" + caller.id + "\"}"}); !noted) {
      return tl::unexpected(noted.error());
    }
    return make_customer_link(core_, caller.tenant, record->state.id, expires);
  });
}

Result<std::vector<TimelineEntryView>> Interviews::timeline(const Caller& caller, const std::string& id) {
  return core_.database().read([&](store::Connection& connection) -> Result<std::vector<TimelineEntryView>> {
    const auto record = visible_interview(connection, caller, id);
    if (!record) return tl::unexpected(record.error());
    std::vector<TimelineEntryView> views;
    for (auto& entry : store::interviews::timeline(connection, caller.tenant, record->state.id)) {
      views.push_back({entry.number, entry.at, std::move(entry.kind), std::move(entry.data_json),
                       std::move(entry.previous_hash), std::move(entry.hash)});
    }
    return views;
  });
}

Result<std::vector<QueueView>> Queues::list(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::api_key, CallerKind::agent, CallerKind::administrator}); !allowed) {
    return tl::unexpected(allowed.error());
  }
  return core_.database().read([&](store::Connection& connection) -> Result<std::vector<QueueView>> {
    std::vector<QueueView> views;
    for (const auto& row : store::admin_queues(connection, caller.tenant)) {
      if (row.enabled) views.push_back(queue_view(row));
    }
    return views;
  });
}

Result<QueueView> Queues::get(const Caller& caller, const std::string& id) {
  if (auto allowed = require(caller, {CallerKind::api_key, CallerKind::agent, CallerKind::administrator}); !allowed) {
    return tl::unexpected(allowed.error());
  }
  const auto queue = QueueId::parse(id);
  if (!queue) return queue_unknown(ErrorKind::not_found);
  return core_.database().read([&](store::Connection& connection) -> Result<QueueView> {
    const auto row = store::admin_queue(connection, caller.tenant, *queue);
    if (!row || !row->enabled) return queue_unknown(ErrorKind::not_found);
    return queue_view(*row);
  });
}

}  // namespace tw::service
