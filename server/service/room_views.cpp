#include "service/ice_servers.hpp"
#include "service/media_tokens.hpp"
#include "service/presence_book.hpp"
#include "service/view_builder.hpp"
#include "store/agents.hpp"
#include "store/customers.hpp"
#include "store/guests.hpp"
#include "store/supervisors.hpp"

/// The part of view_builder.hpp that is about the room: who is in it and what each may send and see.
namespace tw::service {
namespace {

using domain::Part;
using domain::Status;

constexpr const char* kApi = "/api/v1";

}  // namespace

std::string queue_name(store::Connection& connection, const TenantId& tenant, const QueueId& queue) {
  const auto row = connection.first("SELECT name FROM queues WHERE tenant_id = :tenant AND id = :id",
                                    {{"tenant", tenant}, {"id", queue}});
  return row ? row->text(0) : std::string();
}

bool has_media(const domain::Interview& state) { return state.status == Status::ringing || state.in_room(); }

MediaAccessView build_media_access(const Core& core, const store::InterviewRecord& record, const Member& member) {
  MediaAccessView view;
  const std::string base = std::string(kApi) + "/media/" + record.state.id.str();
  view.expires_at = media_token_expiry(core.now());
  view.token = make_media_token({record.tenant, record.state.id, member.participant, member.bound_to}, view.expires_at,
                                core.media_key());
  view.participant = member.participant;
  view.publish_url = base + "/whip/" + kCameraStream;
  view.watch_url =
      base + "/whep/" + (member.party.part == Part::customer ? kAgentSide : kCustomerSide) + "/" + kCameraStream;
  for (const std::string_view stream : {domain::kCamera, domain::kScreen, domain::kWhisper}) {
    if (domain::may_publish(member.party, stream)) {
      view.publish.emplace_back(std::string(stream), base + "/whip/" + std::string(stream));
    }
  }
  view.watch_template = base + "/whep/{participant}/{stream}";
  view.ice_servers = ice_servers_for(core.settings().ice_servers, member.participant, core.now());
  view.video_codec = core.settings().video_codec;
  view.video_bitrate_bps = core.settings().video_bitrate_bps;
  return view;
}

std::vector<PersonView> build_people(Core& core, store::Connection& connection, const store::InterviewRecord& record,
                                     const domain::Party& viewer) {
  std::vector<PersonView> people;
  const domain::Interview& s = record.state;
  if (!has_media(s)) return people;
  const auto add = [&](std::string participant, const domain::Party& party, std::string name, bool held) {
    if (!domain::may_see(viewer, party)) return;
    auto streams = core.presence().streams(s.id, participant);
    people.push_back({std::move(participant), party.part, std::move(name), std::move(streams), held});
  };
  const auto customer = store::customers::find(connection, record.tenant, record.customer);
  add(kCustomerSide, {Part::customer, {}}, customer ? customer->nick_name : std::string(), s.held);
  if (s.agent && s.status == Status::talking) {
    add(kAgentSide, {Part::agent, {}}, store::agents::display_name(connection, record.tenant, *s.agent), false);
  }
  for (const store::GuestRow& guest : store::guests::of_interview(connection, record.tenant, s.id)) {
    if (guest.status != domain::GuestStatus::joined) continue;
    add(guest.id.str(), {Part::guest, {}}, guest.display_name, s.held);
  }
  for (const store::SupervisorRow& supervisor : store::supervisors::in_interview(connection, record.tenant, s.id)) {
    add(supervisor.id.str(), {Part::supervisor, supervisor.mode},
        store::agents::display_name(connection, record.tenant, supervisor.user), false);
  }
  const auto player = build_player(connection, record.tenant, s.id);
  if (player && s.status == Status::talking) {
    people.push_back(
        {kPlayerSide, Part::player, player->title, {{kBroadcastStream, true, player->kind == "video"}}, false});
  } else if (s.held && (viewer.part == Part::customer || viewer.part == Part::guest)) {
    // The music is nobody's playing: it has no row, and only who is on hold is sent it.
    people.push_back({kPlayerSide, Part::player, {}, {{kBroadcastStream, true, false}}, false});
  }
  return people;
}

std::vector<GuestView> build_guests(Core& core, store::Connection& connection, const store::InterviewRecord& record) {
  std::vector<GuestView> views;
  for (const store::GuestRow& guest : store::guests::of_interview(connection, record.tenant, record.state.id)) {
    views.push_back({guest.id, guest.display_name, guest.status, guest.sign_in_required, guest.invited_at,
                     guest.expires_at, guest.joined_at, guest.left_at, guest.consent_given,
                     guest.status == domain::GuestStatus::joined ? core.presence().guest(record.state.id, guest.id)
                                                                 : domain::ConnectionState::absent});
  }
  return views;
}

std::optional<TransferView> build_transfer(store::Connection& connection, const store::InterviewRecord& record) {
  const domain::Interview& s = record.state;
  if (!s.transfer) return std::nullopt;
  TransferView view;
  view.note = s.transfer->note;
  view.since = s.transfer->since;
  view.agent = s.kept() ? s.agent : s.transfer->target;
  view.until = s.kept() ? s.ring_until : s.transfer->until;
  view.state = view.agent ? "ringing" : "waiting";
  if (view.agent) view.agent_name = store::agents::display_name(connection, record.tenant, *view.agent);
  if (s.kept()) {
    view.queue = s.queue;
    view.queue_name = queue_name(connection, record.tenant, s.queue);
  }
  return view;
}

}  // namespace tw::service
