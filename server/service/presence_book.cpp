#include "service/presence_book.hpp"

#include <algorithm>

#include "service/rooms.hpp"

namespace tw::service {

using domain::ConnectionState;
using media::SessionState;

bool PresenceBook::Side::media_alive() const {
  return std::any_of(sessions.begin(), sessions.end(), [](const auto& entry) {
    return entry.second.state == SessionState::connected || entry.second.state == SessionState::unstable;
  });
}

bool PresenceBook::Side::shares_screen() const {
  return std::any_of(sessions.begin(), sessions.end(), [](const auto& entry) {
    // One that is lost may come back; it stops when it is closed.
    const Media& media = entry.second;
    return media.stream == kScreenStream &&
           (media.published() || (media.publisher && media.state == SessionState::lost));
  });
}

void PresenceBook::customer_socket(const InterviewId& interview, int change) {
  const std::lock_guard lock(mutex_);
  int& count = customer_sockets_[interview];
  count = std::max(0, count + change);
}

void PresenceBook::agent_socket(const AgentId& agent, int change) {
  const std::lock_guard lock(mutex_);
  int& count = agent_sockets_[agent];
  count = std::max(0, count + change);
  if (count == 0) agent_sockets_.erase(agent);
}

PresenceBook::MediaChange PresenceBook::media_session(const InterviewId& interview, const std::string& side,
                                                      const std::string& session, const std::string& stream,
                                                      bool publisher, SessionState state) {
  const std::lock_guard lock(mutex_);
  const SideKey key{interview, side};
  if (state == SessionState::closed) {
    const auto found = sides_.find(key);
    if (found == sides_.end()) return {};
    const bool screen = found->second.shares_screen();
    const bool known = found->second.sessions.erase(session) > 0;
    return {known, false, screen && !found->second.shares_screen()};
  }
  Side& stored = sides_[key];
  const bool screen = stored.shares_screen();
  Media& media = stored.sessions[session];
  if (media.state == state && media.publisher == publisher) return {};
  media.state = state;
  media.publisher = publisher;
  media.stream = stream;
  if (publisher && state == SessionState::connected) stored.had_media = true;
  const bool shares = stored.shares_screen();
  return {true, shares && !screen, screen && !shares};
}

void PresenceBook::media_published(const InterviewId& interview, const std::string& side, const std::string& session,
                                   const StreamView& stream) {
  const std::lock_guard lock(mutex_);
  Media& media = sides_[{interview, side}].sessions[session];
  media.publisher = true;
  media.stream = stream.name;
  media.audio = stream.audio;
  media.video = stream.video;
}

void PresenceBook::quality(const InterviewId& interview, const std::string& side, const QualityView& quality) {
  const std::lock_guard lock(mutex_);
  sides_[{interview, side}].quality = quality;
}

PresenceBook::NetworkChange PresenceBook::network(const InterviewId& interview, const NetworkSample& sample,
                                                  SteadyTime now) {
  const std::lock_guard lock(mutex_);
  // A report may come after its interview's end: what is silent is forgotten when another room begins.
  if (!networks_.contains(interview)) {
    std::erase_if(networks_,
                  [now](const auto& entry) { return now - entry.second.heard_at > NetworkQuality::kForgotten; });
  }
  Networks& networks = networks_[interview];
  networks.heard_at = now;
  NetworkChange change;
  change.turn = networks.quality.on_sample(sample, now);
  if (networks.told_at && now - *networks.told_at < kTellNetworks) return change;
  networks.told_at = now;
  change.tell = networks.quality.people(now);
  return change;
}

bool PresenceBook::forget_side(const InterviewId& interview, const std::string& side) {
  const std::lock_guard lock(mutex_);
  const auto found = sides_.find({interview, side});
  if (found == sides_.end()) return false;
  const bool screen = found->second.shares_screen();
  sides_.erase(found);
  return screen;
}

void PresenceBook::interview_ended(const InterviewId& interview) {
  const std::lock_guard lock(mutex_);
  const auto first = sides_.lower_bound({interview, std::string()});
  auto last = first;
  while (last != sides_.end() && last->first.first == interview) ++last;
  sides_.erase(first, last);
  pages_.erase(interview);
  networks_.erase(interview);
  devices_.erase(interview);
  const auto sockets = customer_sockets_.find(interview);
  if (sockets != customer_sockets_.end() && sockets->second == 0) customer_sockets_.erase(sockets);
}

const PresenceBook::Side* PresenceBook::find(const InterviewId& interview, const std::string& side) const {
  const auto found = sides_.find({interview, side});
  return found == sides_.end() ? nullptr : &found->second;
}

bool PresenceBook::customer_present(const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  const auto sockets = customer_sockets_.find(interview);
  if (sockets != customer_sockets_.end() && sockets->second > 0) return true;
  const Side* side = find(interview, kCustomerSide);
  return side != nullptr && side->media_alive();
}

bool PresenceBook::agent_present(const AgentId& agent, const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  if (agent_sockets_.contains(agent)) return true;
  const Side* side = find(interview, kAgentSide);
  return side != nullptr && side->media_alive();
}

void PresenceBook::guest_socket(const GuestId& guest, int change) {
  const std::lock_guard lock(mutex_);
  int& count = guest_sockets_[guest];
  count = std::max(0, count + change);
  if (count == 0) guest_sockets_.erase(guest);
}

bool PresenceBook::guest_present(const InterviewId& interview, const GuestId& guest) const {
  const std::lock_guard lock(mutex_);
  if (guest_sockets_.contains(guest)) return true;
  const Side* side = find(interview, guest.str());
  return side != nullptr && side->media_alive();
}

bool PresenceBook::supervisor_present(const InterviewId& interview, const SupervisorId& session,
                                      const AgentId& user) const {
  const std::lock_guard lock(mutex_);
  if (agent_sockets_.contains(user)) return true;
  const Side* side = find(interview, session.str());
  return side != nullptr && side->media_alive();
}

std::vector<StreamView> PresenceBook::streams(const InterviewId& interview, const std::string& side) const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, StreamView> found;
  if (const Side* known = find(interview, side)) {
    for (const auto& [session, media] : known->sessions) {
      if (!media.published()) continue;
      StreamView& stream = found[media.stream];
      stream.name = media.stream;
      stream.audio |= media.audio;
      stream.video |= media.video;
    }
  }
  std::vector<StreamView> streams;
  streams.reserve(found.size());
  for (auto& [name, stream] : found) streams.push_back(std::move(stream));
  return streams;
}

std::vector<std::pair<std::string, std::string>> PresenceBook::publishers(const InterviewId& interview,
                                                                          const std::string& side) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, std::string>> found;
  if (const Side* known = find(interview, side)) {
    for (const auto& [session, media] : known->sessions) {
      if (media.publisher) found.emplace_back(session, media.stream);
    }
  }
  return found;
}

bool PresenceBook::agent_has_page(const AgentId& agent) const {
  const std::lock_guard lock(mutex_);
  return agent_sockets_.contains(agent);
}

/// A page without media is connected while nothing was published yet. A closed page with media that still flow (a
/// reload, a killed browser) is told at once as unstable, and as lost as soon as its media fall silent too.
ConnectionState PresenceBook::judge(const Side* side, bool page, bool was_here) {
  bool connected = false;
  bool unstable = false;
  if (side != nullptr) {
    for (const auto& [session, media] : side->sessions) {
      if (!media.publisher) continue;
      connected |= media.state == SessionState::connected;
      unstable |= media.state == SessionState::unstable;
    }
  }
  if (connected) return page ? ConnectionState::connected : ConnectionState::unstable;
  if (unstable) return page ? ConnectionState::unstable : ConnectionState::lost;
  const bool had_media = side != nullptr && side->had_media;
  if (page && !had_media) return ConnectionState::connected;
  return page || had_media || was_here ? ConnectionState::lost : ConnectionState::absent;
}

ConnectionState PresenceBook::customer(const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  const auto sockets = customer_sockets_.find(interview);
  const bool was_here = sockets != customer_sockets_.end();
  return judge(find(interview, kCustomerSide), was_here && sockets->second > 0, was_here);
}

ConnectionState PresenceBook::agent(const AgentId& agent, const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  // An agent was here: somebody answered.
  return judge(find(interview, kAgentSide), agent_sockets_.contains(agent), true);
}

ConnectionState PresenceBook::guest(const InterviewId& interview, const GuestId& guest) const {
  const std::lock_guard lock(mutex_);
  return judge(find(interview, guest.str()), guest_sockets_.contains(guest), false);
}

std::optional<WallTime> PresenceBook::customer_page(const InterviewId& interview, bool visible,
                                                    const std::string& camera, WallTime now) {
  const std::lock_guard lock(mutex_);
  Page& page = pages_[interview];
  if (page.view.camera == camera && page.view.visible == visible) return page.settles_at;
  page.view = {visible, camera, now};
  if (page.away() == page.away_noted || page.events >= kMostPageEvents) {
    page.settles_at.reset();
  } else if (!page.settles_at) {
    page.settles_at = now + kPageSettles;
  }
  return page.settles_at;
}

std::optional<CustomerPageView> PresenceBook::customer_page(const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  const auto found = pages_.find(interview);
  return found == pages_.end() ? std::nullopt : std::optional(found->second.view);
}

std::vector<PresenceBook::PageChange> PresenceBook::settled_pages(WallTime now) {
  const std::lock_guard lock(mutex_);
  std::vector<PageChange> changes;
  for (auto& [interview, page] : pages_) {
    if (!page.settles_at || *page.settles_at > now) continue;
    page.settles_at.reset();
    page.away_noted = page.away();
    ++page.events;
    changes.push_back({interview, page.away_noted, page.view});
  }
  return changes;
}

std::optional<WallTime> PresenceBook::next_page_settles() const {
  const std::lock_guard lock(mutex_);
  std::optional<WallTime> first;
  for (const auto& [interview, page] : pages_) {
    if (page.settles_at && (!first || *page.settles_at < *first)) first = page.settles_at;
  }
  return first;
}

void PresenceBook::departure_not_noted(const InterviewId& interview) {
  const std::lock_guard lock(mutex_);
  const auto found = pages_.find(interview);
  if (found != pages_.end()) found->second.away_noted = false;
}

PresenceBook::DeviceNews PresenceBook::customer_device(const InterviewId& interview, const std::string& device,
                                                       const std::string& state, WallTime now) {
  const auto away = [](const std::string& word) { return word == "lost" || word == "interrupted"; };
  const std::lock_guard lock(mutex_);
  Devices& devices = devices_[interview];
  const auto known = devices.views.find(device);
  const bool was_away = known != devices.views.end() && away(known->second.state);
  // Another device in the place of one that worked is news; one that works again was away before.
  const bool back = !away(state) && (was_away || state == "replaced");
  const bool lost = away(state) && !was_away;
  if (!back && !away(state)) return DeviceNews::none;
  devices.views[device] = {device, state, away(state) && was_away ? known->second.since : now};
  if (!(back || lost) || devices.events >= kMostDeviceEvents) return DeviceNews::none;
  ++devices.events;
  return back ? DeviceNews::back : DeviceNews::lost;
}

std::vector<CustomerDeviceView> PresenceBook::customer_devices(const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  std::vector<CustomerDeviceView> views;
  const auto found = devices_.find(interview);
  if (found == devices_.end()) return views;
  for (const auto& [device, view] : found->second.views) views.push_back(view);
  return views;
}

std::optional<QualityView> PresenceBook::customer_quality(const InterviewId& interview) const {
  const std::lock_guard lock(mutex_);
  const Side* side = find(interview, kCustomerSide);
  return side == nullptr ? std::nullopt : side->quality;
}

}  // namespace tw::service
