#include "service/players.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "crypto/digest.hpp"
#include "service/media_jobs.hpp"
#include "service/media_library.hpp"
#include "service/played_media.hpp"
#include "service/work.hpp"
#include "store/supervisors.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;
using media::PlayerCommand;
using media::PlayerState;

constexpr std::size_t kTitleOfText = 40;  ///< bytes of a spoken text that stand for it

tl::unexpected<Error> nothing_plays() {
  return fail(ErrorKind::conflict, "player.nothing_plays", "Nothing is played in this conversation now.");
}

bool has_joined(store::Connection& connection, const Caller& caller, const InterviewId& interview) {
  const auto inside = store::supervisors::in_interview(connection, caller.tenant, interview);
  return std::any_of(inside.begin(), inside.end(), [&](const store::SupervisorRow& session) {
    return session.user == caller.user() && session.mode == domain::SupervisionMode::join;
  });
}

/// Only who talks with the customer plays something: the agent, and supervisors who have joined.
Result<store::InterviewRecord> conducted(store::Connection& connection, const Caller& caller,
                                         const std::string& interview) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  const auto id = InterviewId::parse(interview);
  const bool joined = id && has_joined(connection, caller, *id);
  auto record = visible_interview(connection, caller, interview);
  if (joined && !record) {  // of a queue that the supervisor does not serve
    auto found = store::interviews::find(connection, caller.tenant, *id);
    if (found) record = std::move(*found);
  }
  if (!record) return record;
  if (record->state.status != domain::Status::talking)
    return fail(ErrorKind::conflict, "interview.not_talking", "Media are played during the conversation.");
  if (record->state.agent != caller.user() && !joined)
    return fail(ErrorKind::conflict, "interview.not_yours", "Another agent conducts this interview.");
  return record;
}

PlayerView view_of(const store::PlayerRow& row) {
  return {row.media.str(), row.title, row.kind, row.state, row.position_ms, row.duration_ms, row.at};
}

/// Where a player is now, as far as the row tells.
std::int64_t position_now(const store::PlayerRow& row, WallTime now) {
  if (row.state != "playing") return row.position_ms;
  const auto gone = std::chrono::duration_cast<std::chrono::milliseconds>(now - row.at).count();
  return std::clamp<std::int64_t>(row.position_ms + gone, 0, row.duration_ms);
}

std::string title_of_text(const std::string& text) {
  if (text.size() <= kTitleOfText) return text;
  return cut_text(text, kTitleOfText) + "…";
}

json::object event_data(const store::PlayerRow& row, std::int64_t position_ms) {
  return {{"playerId", row.player}, {"mediaId", row.media.str()}, {"title", row.title}, {"positionMs", position_ms}};
}

Result<void> note_ended(Work& work, store::InterviewRecord& record, const store::PlayerRow& row,
                        std::int64_t position_ms, const char* reason) {
  auto data = event_data(row, position_ms);
  data["reason"] = reason;
  store::players::remove(work.sql(), row.tenant, row.interview);
  return work.note(record, {"player_ended", json::serialize(data)});
}

Result<store::MediaItemRow> find_item(store::Connection& connection, const store::InterviewRecord& record,
                                      const Players::Wanted& wanted) {
  const bool prompt = !wanted.prompt_id.empty();
  const auto id = MediaItemId::parse(prompt ? wanted.prompt_id : wanted.media_id);
  auto item = id ? store::media_items::find(connection, record.tenant, *id) : std::nullopt;
  if (!item) return media_item_unknown();
  if (!item->in_library) {
    const auto own = store::media_items::of_interview(connection, record.tenant, record.state.id);
    if (!own || own->id != item->id) return media_item_unknown();
  }
  if (prompt && item->kind != "prompt") return media_item_unknown();
  if (item->state != "ready")
    return fail(ErrorKind::conflict, "media_item.not_ready", "The medium is not ready to be played.");
  return std::move(*item);
}

/// The spoken text: from the cache, or spoken now.
Result<store::MediaItemRow> spoken_item(Core& core, const Caller& caller, const Players::Wanted& wanted) {
  const std::string sha = to_hex(sha256(as_bytes(wanted.language + "\n" + wanted.text)));
  auto cached = core.database().read([&](store::Connection& connection) -> Result<std::optional<store::MediaItemRow>> {
    return store::media_items::by_text(connection, caller.tenant, sha);
  });
  if (!cached) return tl::unexpected(cached.error());
  if (*cached) return std::move(**cached);
  auto item = new_media_item(core, caller.tenant, caller.actor());
  if (!item) return item;
  item->kind = "prompt";
  item->source = "text";
  item->in_library = false;
  item->title = title_of_text(wanted.text);
  item->language = wanted.language;
  item->body = wanted.text;
  item->sha256 = sha;
  item->state = "working";
  const auto stored = core.database().write([&](store::Transaction& transaction) -> Result<void> {
    store::media_items::insert(transaction, *item);
    return {};
  });
  if (!stored) return tl::unexpected(stored.error());
  return prepare_item(core, std::move(*item));
}

}  // namespace

Result<PlayerView> Players::play(const Caller& caller, const std::string& interview, const Wanted& wanted) {
  auto record = core_.database().read([&](store::Connection& connection) -> Result<store::InterviewRecord> {
    return conducted(connection, caller, interview);
  });
  if (!record) return tl::unexpected(record.error());
  auto item = wanted.text.empty()
                  ? core_.database().read([&](store::Connection& connection) -> Result<store::MediaItemRow> {
                      return find_item(connection, *record, wanted);
                    })
                  : spoken_item(core_, caller, wanted);
  if (!item) return tl::unexpected(item.error());
  auto media = core_.played_media().open(core_, *item);
  if (!media) return tl::unexpected(media.error());

  store::PlayerRow row;
  row.tenant = caller.tenant;
  row.interview = record->state.id;
  row.player = make_ulid(core_.now(), core_.random());
  row.media = item->id;
  row.title = item->title;
  row.kind = item->kind;
  const auto begun = core_.ports().rooms.play(record->state.id, std::move(*media), {.id = row.player});
  if (!begun) return tl::unexpected(begun.error());
  row.position_ms = begun->position.count();
  row.duration_ms = begun->duration.count();
  row.at = core_.now();
  auto noted = transact(core_, [&](Work& work) -> Result<json::object> {
    auto current = work.interview(row.tenant, row.interview);
    if (!current) return tl::unexpected(current.error());
    if (const auto old = store::players::find(work.sql(), row.tenant, row.interview)) {
      auto ended = note_ended(work, *current, *old, position_now(*old, work.now()), "replaced");
      if (!ended) return tl::unexpected(ended.error());
    }
    store::players::put(work.sql(), row);
    auto data = event_data(row, row.position_ms);
    data["durationMs"] = row.duration_ms;
    data["sha256"] = item->sha256;
    data["agentId"] = caller.id;
    const char* kind = row.kind == "prompt" ? "prompt_spoken" : "player_started";
    if (item->source == "text") data["text"] = item->body;
    if (auto done = work.note(*current, {kind, json::serialize(data)}); !done) return tl::unexpected(done.error());
    return data;
  });
  if (!noted) return tl::unexpected(noted.error());
  core_.ports().rooms.note(row.interview, "player", json::serialize(*noted));
  return view_of(row);
}

Result<PlayerView> Players::control(const Caller& caller, const std::string& interview, const PlayerCommand& command) {
  auto row = core_.database().read([&](store::Connection& connection) -> Result<store::PlayerRow> {
    const auto record = conducted(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    auto found = store::players::find(connection, caller.tenant, record->state.id);
    if (!found) return nothing_plays();
    return std::move(*found);
  });
  if (!row) return tl::unexpected(row.error());
  const std::int64_t from_ms = position_now(*row, core_.now());
  const auto event = core_.ports().rooms.control_player(row->interview, command);
  if (!event || event->player != row->player) {
    if (!event && event.error().code != "media.player_unknown") return tl::unexpected(event.error());
    return nothing_plays();
  }
  const std::string before = row->state;
  row->state = event->state == PlayerState::paused ? "paused" : "playing";
  row->position_ms = event->position.count();
  row->at = core_.now();
  const bool sought = command.action == PlayerCommand::Action::seek;
  return transact(core_, [&](Work& work) -> Result<PlayerView> {
    auto record = work.interview(row->tenant, row->interview);
    if (!record) return tl::unexpected(record.error());
    const auto current = store::players::find(work.sql(), row->tenant, row->interview);
    if (!current || current->player != row->player) return nothing_plays();
    store::players::put(work.sql(), *row);
    if (!sought && before == row->state) return view_of(*row);
    auto data = event_data(*row, row->position_ms);
    data["agentId"] = caller.id;
    if (sought) data["fromMs"] = from_ms;
    const char* kind = sought ? "player_sought" : row->state == "paused" ? "player_paused" : "player_resumed";
    if (auto noted = work.note(*record, {kind, json::serialize(data)}); !noted) return tl::unexpected(noted.error());
    return view_of(*row);
  });
}

Result<void> Players::stop(const Caller& caller, const std::string& interview) {
  const auto row = core_.database().read([&](store::Connection& connection) -> Result<store::PlayerRow> {
    const auto record = conducted(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    auto found = store::players::find(connection, caller.tenant, record->state.id);
    if (!found) return nothing_plays();
    return std::move(*found);
  });
  if (!row) return tl::unexpected(row.error());
  const auto event =
      core_.ports().rooms.control_player(row->interview, {.action = PlayerCommand::Action::stop, .position = {}});
  if (!event && event.error().code != "media.player_unknown") return tl::unexpected(event.error());
  return transact(core_, [&](Work& work) -> Result<void> {
    auto record = work.interview(row->tenant, row->interview);
    if (!record) return tl::unexpected(record.error());
    const auto current = store::players::find(work.sql(), row->tenant, row->interview);
    if (!current || current->player != row->player) return {};  // its event came first
    return note_ended(work, *record, *current, event ? event->position.count() : position_now(*current, work.now()),
                      "stopped");
  });
}

void Players::player_event(const media::PlayerEvent& event) {
  if (event.state != PlayerState::finished && event.state != PlayerState::stopped) return;
  const auto interview = InterviewId::parse(event.room);
  if (!interview) return;
  const auto done = transact(core_, [&](Work& work) -> Result<void> {
    const auto tenant = store::interviews::tenant_of(work.sql(), *interview);
    const auto row = tenant ? store::players::find(work.sql(), *tenant, *interview) : std::nullopt;
    if (!row || row->player != event.player) return {};
    auto record = work.interview(*tenant, *interview);
    if (!record) return tl::unexpected(record.error());
    const char* reason = event.state == PlayerState::finished ? "finished" : "stopped";
    return note_ended(work, *record, *row, event.position.count(), reason);
  });
  if (!done) log::error("a player's end could not be stored", {{"code", done.error().code}});
}

void Players::recover() {
  const auto rows = core_.database().read([](store::Connection& connection) -> Result<std::vector<store::PlayerRow>> {
    return store::players::all(connection);
  });
  if (!rows) return;
  for (const auto& row : *rows) {
    const auto done = transact(core_, [&](Work& work) -> Result<void> {
      auto record = work.interview(row.tenant, row.interview);
      if (!record) return tl::unexpected(record.error());
      return note_ended(work, *record, row, row.position_ms, "interrupted");
    });
    if (!done) log::error("a player's end could not be stored", {{"code", done.error().code}});
  }
}

}  // namespace tw::service
