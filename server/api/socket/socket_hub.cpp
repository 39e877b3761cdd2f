#include "api/socket/socket_hub.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <boost/json.hpp>

#include "api/limits.hpp"
#include "base/log.hpp"

namespace tw::api {
namespace json = boost::json;
namespace {

constexpr std::uint16_t kNotSignedIn = 4401;
constexpr std::uint16_t kTakenOver = 4409;
constexpr std::uint16_t kInterviewOver = 4410;
constexpr std::uint16_t kServiceRestart = 1012;
constexpr std::uint16_t kTryAgainLater = 1013;
constexpr std::chrono::seconds kSweepEvery{30};

std::string error_message(const Error& error) {
  return json::serialize(json::object{{"v", 1}, {"type", "error"}, {"code", error.code}, {"detail", error.message}});
}

std::string customer_key(const InterviewId& interview, const std::string& session) {
  return interview.str() + " " + session;
}

std::size_t hash_of(const json::value& value) { return std::hash<std::string>{}(json::serialize(value)); }

/// Tells whether a state says anything new: the time of the server does not count, and people are looked at apart.
std::size_t content_hash(json::object state) {
  state.erase("serverTime");
  state.erase("people");
  return hash_of(state);
}

/// Whom a state shows; a supervisor's has them within its call.
std::vector<std::string> participants_of(const json::object& state) {
  std::vector<std::string> participants;
  if (const auto* call = state.if_contains("call")) return participants_of(call->as_object());
  const auto* people = state.if_contains("people");
  if (people == nullptr) return participants;
  for (const auto& person : people->as_array()) participants.emplace_back(person.at("participant").as_string());
  return participants;
}

/// Of which interview a state is: customers' and guests' name it, agents' carry it.
json::value interview_of(const json::object& state) {
  if (const auto* id = state.if_contains("interviewId")) return *id;
  const auto* interview = state.if_contains("interview");
  return interview != nullptr && interview->is_object() ? interview->get_object().at("id") : json::value();
}

}  // namespace

struct SocketHub::Recipient {
  service::Caller caller;  ///< as of the newest hello
  std::shared_ptr<SocketPeer> peer;
  std::string page_id;  ///< that said the newest hello; empty: it did not say which it is
  ReplayBuffer replay{kReplayMessages, kReplayBytes};
  SteadyTime left_at{};

  bool state_dirty = false;
  bool interview_dirty = false;
  bool job_running = false;
  std::optional<service::Caller> told_open;  ///< as whom the source was told that this one is here
  std::optional<service::QualityView> quality;

  bool waiting = false;         ///< customers
  std::vector<QueueId> queues;  ///< agents, from here on
  std::optional<InterviewId> interview;
  Sent state_sent;
  Sent interview_sent;
  std::optional<SupervisorId> supervision;
  std::optional<InterviewId> supervised;
  Sent supervision_sent;
  bool watches_calls = false;
  bool calls_dirty = false;
  std::size_t calls_hash = 0;
  std::optional<PageMessage> page;
  std::map<std::string, std::string> devices;  ///< the newest word about each
  std::optional<MusicMessage> music;
  std::string photo_asked;  ///< the request that was told last
};

SocketHub::SocketHub(SocketSource& source, const Clock& clock, std::size_t threads)
    : source_(source), clock_(clock), pool_(threads, kMaxRecipients) {}

SocketHub::~SocketHub() { stop(); }

void SocketHub::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto* map : {&customers_, &users_}) {
      for (auto& [key, recipient] : *map) {
        if (recipient->peer) recipient->peer->close(kServiceRestart, "the server restarts");
      }
    }
  }
  pool_.stop();
}

std::size_t SocketHub::connected() const {
  const std::lock_guard lock(mutex_);
  return sockets_.size();
}

// ------------------------------------------------------------------ sockets

void SocketHub::on_open(const std::shared_ptr<SocketPeer>& peer) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return peer->close(kServiceRestart, "the server restarts");
  sockets_.emplace(peer.get(), Socket{});
}

void SocketHub::on_hello_due(const std::shared_ptr<SocketPeer>& peer) {
  const std::lock_guard lock(mutex_);
  const auto found = sockets_.find(peer.get());
  if (found != sockets_.end() && !found->second.said_hello) peer->close(kNotSignedIn, "no hello");
}

void SocketHub::on_text(const std::shared_ptr<SocketPeer>& peer, std::string_view text) {
  const auto message = parse_client_message(text);
  const std::lock_guard lock(mutex_);
  const auto found = sockets_.find(peer.get());
  if (found == sockets_.end()) return;
  Socket& socket = found->second;
  if (!message) {
    peer->send(error_message(message.error()));
    if (!socket.said_hello) peer->close(kNotSignedIn, "no hello");
    return;
  }
  if (const auto* hello = std::get_if<HelloMessage>(&*message)) return say_hello(peer, socket, *hello);
  if (!socket.said_hello) return peer->close(kNotSignedIn, "no hello");
  if (const auto* ping = std::get_if<PingMessage>(&*message)) {
    json::object pong{{"v", 1}, {"type", "pong"}};
    if (!ping->id.empty()) pong["id"] = ping->id;
    return peer->send(json::serialize(pong));
  }
  if (!socket.recipient || socket.recipient->peer != peer) return;  // still being authenticated, or taken over
  const RecipientPtr& recipient = socket.recipient;
  if (const auto* quality = std::get_if<QualityMessage>(&*message)) recipient->quality = quality->quality;
  if (const auto* page = std::get_if<PageMessage>(&*message)) recipient->page = *page;
  if (const auto* device = std::get_if<DeviceMessage>(&*message)) recipient->devices[device->device] = device->state;
  if (const auto* music = std::get_if<MusicMessage>(&*message)) recipient->music = *music;
  if (const auto* watch = std::get_if<WatchCallsMessage>(&*message)) {
    recipient->watches_calls = watch->on && recipient->caller.can_supervise;
    recipient->calls_dirty = recipient->watches_calls;
    recipient->calls_hash = 0;
  }
  start_job(recipient);
}

void SocketHub::say_hello(const std::shared_ptr<SocketPeer>& peer, Socket& socket, const HelloMessage& hello) {
  if (socket.said_hello) return peer->close(kNotSignedIn, "said hello twice");
  socket.said_hello = true;
  if (!pool_.try_post([this, peer, hello] { authenticate(peer, hello); })) peer->close(kTryAgainLater, "busy");
}

void SocketHub::authenticate(const std::shared_ptr<SocketPeer>& peer, const HelloMessage& hello) {
  const auto caller = source_.authenticate(hello.token);
  const bool usable = caller && caller->kind != service::CallerKind::api_key;
  const std::lock_guard lock(mutex_);
  if (usable) return attach(peer, *caller, hello);
  const Error error =
      caller ? Error{ErrorKind::forbidden, "auth.wrong_role", "The socket is for pages.", {}} : caller.error();
  peer->send(error_message(error));
  // A page gives up after 4401: only for what will not become right by itself.
  const bool refused = error.kind == ErrorKind::unauthenticated || error.kind == ErrorKind::forbidden;
  peer->close(refused ? kNotSignedIn : kTryAgainLater, refused ? "not signed in" : "busy");
}

void SocketHub::attach(const std::shared_ptr<SocketPeer>& peer, const service::Caller& caller,
                       const HelloMessage& hello) {
  const auto found = sockets_.find(peer.get());
  if (found == sockets_.end() || stopped_) return;  // it has gone meanwhile
  forget_old();
  if (customers_.size() + users_.size() >= kMaxRecipients) return peer->close(kTryAgainLater, "too many pages");
  const RecipientPtr recipient = find_or_make(caller);
  const bool another = recipient->peer && recipient->peer != peer;
  if (another && !hello.page.empty() && hello.page != recipient->page_id && !hello.take_over) {
    // Whoever is at work goes on; the newcomer may ask again with takeOver once the person has said so.
    return peer->close(kTakenOver, "open in another page");
  }
  recipient->page_id = hello.page;
  if (another) {
    send_numbered(*recipient, {{"type", "notice"}, {"code", "session.taken_over"}});
    recipient->peer->close(kTakenOver, "taken over by another tab");
  }
  recipient->caller = caller;
  recipient->peer = peer;
  recipient->state_sent = {};
  recipient->interview_sent = {};
  recipient->supervision_sent = {};
  recipient->watches_calls = false;
  found->second.recipient = recipient;

  const auto missed = hello.resume_from ? recipient->replay.after(*hello.resume_from) : std::nullopt;
  peer->send(json::serialize(json::object{{"v", 1},
                                          {"type", "welcome"},
                                          {"seq", missed ? *hello.resume_from : recipient->replay.last()},
                                          {"resumed", missed.has_value()},
                                          {"serverTime", to_rfc3339(clock_.wall_now())}}));
  for (const auto& message : missed.value_or(std::vector<std::string>())) peer->send(message);
  mark(recipient, true, true);
}

SocketHub::RecipientPtr SocketHub::find_or_make(const service::Caller& caller) {
  const bool visitor = caller.kind == service::CallerKind::customer || caller.kind == service::CallerKind::guest;
  auto& entry = visitor ? customers_[customer_key(caller.interview, caller.session)] : users_[caller.id];
  if (!entry) entry = std::make_shared<Recipient>();
  return entry;
}

void SocketHub::forget_old() {
  const auto now = clock_.steady_now();
  if (now - swept_at_ < kSweepEvery) return;
  swept_at_ = now;
  for (auto* map : {&customers_, &users_}) {
    std::erase_if(*map, [&](const auto& entry) {
      const auto& recipient = *entry.second;
      return !recipient.peer && !recipient.job_running && now - recipient.left_at > kReplayKept;
    });
  }
}

void SocketHub::on_closed(const std::shared_ptr<SocketPeer>& peer) {
  const std::lock_guard lock(mutex_);
  const auto found = sockets_.find(peer.get());
  if (found == sockets_.end()) return;
  const RecipientPtr recipient = found->second.recipient;
  sockets_.erase(found);
  if (!recipient || recipient->peer != peer) return;
  recipient->peer = nullptr;
  recipient->left_at = clock_.steady_now();
  start_job(recipient);
}

// ------------------------------------------------------------------ news

void SocketHub::notice_all(const std::string& code) {
  const std::lock_guard lock(mutex_);
  for (auto* map : {&customers_, &users_}) {
    for (auto& [key, recipient] : *map) {
      if (recipient->peer) send_numbered(*recipient, {{"type", "notice"}, {"code", code}});
      mark(recipient, true, false);
    }
  }
}

void SocketHub::interview_changed(const TenantId& tenant, const InterviewId& interview) {
  const std::lock_guard lock(mutex_);
  const std::string first = customer_key(interview, "");
  for (auto entry = customers_.lower_bound(first); entry != customers_.end() && entry->first.starts_with(first);
       ++entry) {
    mark(entry->second, true, false);
  }
  for (auto& [key, recipient] : users_) {
    if (recipient->caller.tenant != tenant) continue;
    if (recipient->watches_calls && recipient->peer) {
      recipient->calls_dirty = true;
      start_job(recipient);
    }
    if (recipient->interview == interview || recipient->supervised == interview) mark(recipient, true, true);
  }
}

void SocketHub::queue_changed(const TenantId& tenant, const QueueId& queue) {
  const std::lock_guard lock(mutex_);
  for (auto& [key, recipient] : customers_) {
    if (recipient->waiting && recipient->caller.tenant == tenant) mark(recipient, true, false);
  }
  for (auto& [key, recipient] : users_) {
    if (recipient->caller.tenant != tenant) continue;
    if (std::ranges::find(recipient->queues, queue) != recipient->queues.end()) mark(recipient, true, false);
  }
}

void SocketHub::desk_changed(const TenantId& tenant, const AgentId& agent) {
  const std::lock_guard lock(mutex_);
  const auto found = users_.find(agent.str());
  if (found != users_.end() && found->second->caller.tenant == tenant) mark(found->second, true, true);
}

void SocketHub::customer_taken_over(const TenantId& tenant, const InterviewId& interview, const std::string& session) {
  const std::lock_guard lock(mutex_);
  take_over(customer_key(interview, ""), tenant, session, {});
}

void SocketHub::guest_taken_over(const TenantId& tenant, const InterviewId& interview, const GuestId& guest,
                                 const std::string& session) {
  const std::lock_guard lock(mutex_);
  take_over(customer_key(interview, ""), tenant, session, guest.str());
}

/// `who` is a guest's id; empty for the customer.
void SocketHub::take_over(const std::string& first, const TenantId& tenant, const std::string& session,
                          const std::string& who) {
  for (auto entry = customers_.lower_bound(first); entry != customers_.end() && entry->first.starts_with(first);
       ++entry) {
    Recipient& recipient = *entry->second;
    if (!recipient.peer || recipient.caller.session == session || recipient.caller.tenant != tenant) continue;
    const bool guest = recipient.caller.kind == service::CallerKind::guest;
    if (guest ? recipient.caller.id != who : !who.empty()) continue;
    send_numbered(recipient, {{"type", "notice"}, {"code", "session.taken_over"}});
    recipient.peer->close(kTakenOver, "taken over by another device");
  }
}

void SocketHub::user_signed_out(const TenantId& tenant, const AgentId& agent) {
  const std::lock_guard lock(mutex_);
  const auto found = users_.find(agent.str());
  if (found == users_.end() || found->second->caller.tenant != tenant || !found->second->peer) return;
  found->second->peer->close(kNotSignedIn, "signed out");
}

/// Not numbered and not kept: the next one is two seconds away, and would push what matters out of the replay.
void SocketHub::networks_changed(const InterviewId& interview, const std::vector<service::PersonNetwork>& people) {
  const std::lock_guard lock(mutex_);
  const std::string first = customer_key(interview, "");
  for (auto entry = customers_.lower_bound(first); entry != customers_.end() && entry->first.starts_with(first);
       ++entry) {
    send_quality(*entry->second, entry->second->state_sent, interview, people);
  }
  for (const auto& [key, recipient] : users_) {
    if (recipient->interview == interview)
      send_quality(*recipient, recipient->interview_sent, interview, people);
    else if (recipient->supervised == interview)
      send_quality(*recipient, recipient->supervision_sent, interview, people);
  }
}

/// Only those whom the page has been shown: a supervisor who listens must not be betrayed by their network.
void SocketHub::send_quality(const Recipient& recipient, const Sent& shown, const InterviewId& interview,
                             const std::vector<service::PersonNetwork>& people) {
  if (!recipient.peer) return;
  json::array visible;
  for (const auto& person : people) {
    if (std::ranges::find(shown.participants, person.participant) == shown.participants.end()) continue;
    visible.push_back(json::object{{"participant", person.participant},
                                   {"level", static_cast<int>(person.level)},
                                   {"roundTripMs", person.round_trip_ms},
                                   {"lossPercent", std::round(person.loss_percent * 10) / 10},
                                   {"upKbps", person.up_kbps},
                                   {"downKbps", person.down_kbps}});
  }
  if (visible.empty()) return;
  recipient.peer->send(json::serialize(
      json::object{{"v", 1}, {"type", "quality"}, {"interviewId", interview.str()}, {"people", std::move(visible)}}));
}

void SocketHub::mark(const RecipientPtr& recipient, bool state, bool interview) {
  if (!recipient->peer) return;  // a page that comes back reads everything anew
  recipient->state_dirty = recipient->state_dirty || state;
  recipient->interview_dirty = recipient->interview_dirty || interview;
  start_job(recipient);
}

void SocketHub::start_job(const RecipientPtr& recipient) {
  if (recipient->job_running || stopped_) return;
  recipient->job_running = pool_.try_post([this, recipient] { run_job(recipient); });
}

void SocketHub::run_job(const RecipientPtr& recipient) {
  for (;;) {
    std::unique_lock lock(mutex_);
    const bool here = recipient->peer != nullptr;
    const service::Caller caller = recipient->caller;
    const auto quality = std::exchange(recipient->quality, std::nullopt);
    const auto page = std::exchange(recipient->page, std::nullopt);
    const auto devices = std::exchange(recipient->devices, {});
    const auto music = std::exchange(recipient->music, std::nullopt);
    const bool calls = std::exchange(recipient->calls_dirty, false) && here;
    const bool state = std::exchange(recipient->state_dirty, false) && here;
    const bool interview = std::exchange(recipient->interview_dirty, false) && here;
    const auto told = recipient->told_open;
    const bool opens = here && !told;
    const bool closes = !here && told;
    if (!opens && !closes && !quality && !page && !music && devices.empty() && !calls && !state && !interview) {
      recipient->job_running = false;
      return;
    }
    if (opens) recipient->told_open = caller;
    if (closes) recipient->told_open.reset();
    lock.unlock();

    if (opens) source_.opened(caller);
    if (closes) source_.closed(*told);
    if (quality) source_.quality(caller, *quality);
    if (page) source_.customer_page(caller, page->visible, page->camera);
    for (const auto& [device, became] : devices) source_.customer_device(caller, device, became);
    if (music) source_.customer_music(caller, music->media);
    if (calls) read_calls(recipient, caller);
    if (!state && !interview) continue;
    if (caller.kind == service::CallerKind::customer) {
      read_customer(recipient, caller);
    } else if (caller.kind == service::CallerKind::guest) {
      read_guest(recipient, caller);
    } else {
      read_desk(recipient, caller, interview);
    }
  }
}

void SocketHub::read_customer(const RecipientPtr& recipient, const service::Caller& caller) {
  auto news = source_.customer_state(caller);
  const std::lock_guard lock(mutex_);
  if (!recipient->peer) return;
  if (!news) {
    recipient->peer->send(error_message(news.error()));
    if (news.error().kind == ErrorKind::unauthenticated) recipient->peer->close(kNotSignedIn, "not signed in");
    return;
  }
  recipient->waiting = news->waiting;
  tell_photo_request(*recipient, news->state);
  send_state(*recipient, "customer.state", std::move(news->state), recipient->state_sent);
  if (news->ended) recipient->peer->close(kInterviewOver, "the interview is over");
}

/// Each request once: a page that comes later finds it in its state.
void SocketHub::tell_photo_request(Recipient& recipient, const json::object& state) {
  const auto* request = state.if_contains("photoRequest");
  if (request == nullptr) return;
  json::object message = request->as_object();
  const std::string photo(message.at("photoId").as_string());
  if (std::exchange(recipient.photo_asked, photo) == photo) return;
  message["type"] = "photo.requested";
  send_numbered(recipient, std::move(message));
}

void SocketHub::read_desk(const RecipientPtr& recipient, const service::Caller& caller, bool interview_too) {
  auto desk = source_.desk_state(caller);
  std::optional<InterviewId> interview;
  {
    const std::lock_guard lock(mutex_);
    if (!recipient->peer) return;
    if (!desk) return recipient->peer->send(error_message(desk.error()));
    interview_too = interview_too || desk->interview != recipient->interview;
    recipient->queues = std::move(desk->queues);
    recipient->interview = interview = desk->interview;
    send_state(*recipient, "desk.state", std::move(desk->state), recipient->state_sent);
    if (recipient->supervision != desk->supervision) {
      forget_supervision(*recipient);
      recipient->supervision = desk->supervision;
    }
  }
  if (desk->supervision) read_supervision(recipient, caller, *desk->supervision);
  if (!interview || !interview_too) return;
  auto state = source_.interview_state(caller, *interview);
  const std::lock_guard lock(mutex_);
  if (!recipient->peer) return;
  if (!state) {
    log::warning("an interview could not be shown", {{"interview", interview->str()}, {"code", state.error().code}});
    return;
  }
  send_state(*recipient, "interview.state", std::move(*state), recipient->interview_sent);
}

void SocketHub::forget_supervision(Recipient& recipient) {
  if (!recipient.supervision) return;
  send_numbered(recipient, {{"type", "supervisor.ended"}, {"sessionId", recipient.supervision->str()}});
  recipient.supervision.reset();
  recipient.supervised.reset();
  recipient.supervision_sent = {};
}

void SocketHub::read_supervision(const RecipientPtr& recipient, const service::Caller& caller,
                                 const SupervisorId& session) {
  auto news = source_.supervisor_state(caller, session);
  const std::lock_guard lock(mutex_);
  // One that has ended meanwhile is told of by the desk's next state.
  if (!recipient->peer || !news || recipient->supervision != session) return;
  recipient->supervised = news->interview;
  send_state(*recipient, "supervisor.state", std::move(news->state), recipient->supervision_sent);
}

void SocketHub::read_calls(const RecipientPtr& recipient, const service::Caller& caller) {
  auto calls = source_.live_calls(caller);
  const std::lock_guard lock(mutex_);
  if (!recipient->peer || !calls || !recipient->watches_calls) return;
  const std::size_t hash = hash_of(*calls);
  if (hash == recipient->calls_hash) return;
  recipient->calls_hash = hash;
  send_numbered(*recipient, {{"type", "calls.state"}, {"items", std::move(*calls)}});
}

void SocketHub::read_guest(const RecipientPtr& recipient, const service::Caller& caller) {
  auto news = source_.guest_state(caller);
  const std::lock_guard lock(mutex_);
  if (!recipient->peer) return;
  if (!news) return recipient->peer->send(error_message(news.error()));
  send_state(*recipient, "guest.state", std::move(news->state), recipient->state_sent);
  if (news->ended) recipient->peer->close(kInterviewOver, "the conversation is over");
}

void SocketHub::send_state(Recipient& recipient, const char* type, json::object state, Sent& last) {
  const std::size_t hash = content_hash(state);
  const auto* people = state.if_contains("people");
  const std::size_t people_hash = people == nullptr ? 0 : hash_of(*people);
  if (hash != last.state) {
    last = {hash, people_hash, participants_of(state)};
    return send_numbered(recipient, {{"type", type}, {"state", std::move(state)}});
  }
  if (people_hash == last.people) return;
  last.people = people_hash;
  last.participants = participants_of(state);
  send_numbered(recipient, {{"type", "people"}, {"interviewId", interview_of(state)}, {"people", *people}});
}

void SocketHub::send_numbered(Recipient& recipient, json::object message) {
  message["v"] = 1;
  message["seq"] = recipient.replay.next();
  std::string text = json::serialize(message);
  recipient.replay.keep(text);
  if (recipient.peer) recipient.peer->send(std::move(text));
}

}  // namespace tw::api
