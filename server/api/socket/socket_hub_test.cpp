#include "api/socket/socket_hub.hpp"

#include <condition_variable>

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace tw::api {
namespace {

namespace json = boost::json;
constexpr std::chrono::seconds kPatience{10};

std::string type_of(const json::object& message) { return std::string(message.at("type").as_string()); }

/// A page at the other end of nothing: keeps what it was sent.
class FakePeer final : public SocketPeer {
 public:
  void send(std::string text) override {
    const std::lock_guard lock(mutex_);
    messages_.push_back(json::parse(text).as_object());
    changed_.notify_all();
  }
  void close(std::uint16_t code, std::string reason) override {
    static_cast<void>(reason);
    const std::lock_guard lock(mutex_);
    if (code_ == 0) code_ = code;
    changed_.notify_all();
  }
  [[nodiscard]] const std::string& address() const override { return address_; }

  json::object wait_message(const std::string& type, std::size_t which = 1) {
    std::unique_lock lock(mutex_);
    json::object found;
    const bool came = changed_.wait_for(lock, kPatience, [&] {
      std::size_t seen = 0;
      for (const auto& message : messages_) {
        if (type_of(message) == type && ++seen == which) {
          found = message;
          return true;
        }
      }
      return false;
    });
    EXPECT_TRUE(came) << "no " << type << " number " << which;
    return found;
  }
  std::uint16_t wait_close() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [&] { return code_ != 0; });
    return code_;
  }
  std::size_t count(const std::string& type) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::ranges::count_if(messages_, [&](const auto& m) { return type_of(m) == type; }));
  }

 private:
  std::string address_ = "192.0.2.1";
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<json::object> messages_;
  std::uint16_t code_ = 0;
};

/// Tokens name the caller: "c <session>" a customer of kInterview, "a <agent>" an agent.
class FakeSource final : public SocketSource {
 public:
  Result<service::Caller> authenticate(std::string_view token) override {
    service::Caller caller;
    caller.tenant = TenantId::trusted("ten_1");
    if (token.starts_with("c ")) {
      caller.kind = service::CallerKind::customer;
      caller.session = token.substr(2);
      caller.interview = InterviewId::trusted("itv_1");
      return caller;
    }
    if (token.starts_with("g ")) {
      caller.kind = service::CallerKind::guest;
      caller.id = "gst_1";
      caller.session = token.substr(2);
      caller.interview = InterviewId::trusted("itv_1");
      return caller;
    }
    if (token.starts_with("a ") || token.starts_with("s ")) {
      caller.kind = service::CallerKind::agent;
      caller.id = token.substr(2);
      caller.can_supervise = token.starts_with("s ");
      return caller;
    }
    return fail(ErrorKind::unauthenticated, "auth.invalid", "no");
  }
  Result<CustomerNews> customer_state(const service::Caller&) override {
    const std::lock_guard lock(mutex);
    ++reads;
    json::object state{
        {"interviewId", "itv_1"}, {"value", value}, {"people", people}, {"serverTime", std::to_string(reads)}};
    if (!photo_asked.empty())
      state["photoRequest"] = json::object{{"photoId", photo_asked}, {"category", "portrait"}, {"until", "soon"}};
    return CustomerNews{std::move(state), waiting, ended};
  }
  Result<DeskNews> desk_state(const service::Caller&) override {
    const std::lock_guard lock(mutex);
    DeskNews news;
    news.state = {{"value", value}};
    news.queues = {QueueId::trusted("que_1")};
    news.interview = interview;
    news.supervision = supervision;
    return news;
  }
  Result<json::object> interview_state(const service::Caller&, const InterviewId& id) override {
    const std::lock_guard lock(mutex);
    return json::object{{"id", id.str()}, {"value", value}, {"people", interview_people}};
  }
  Result<GuestNews> guest_state(const service::Caller&) override {
    const std::lock_guard lock(mutex);
    return guest;
  }
  Result<SupervisorNews> supervisor_state(const service::Caller&, const SupervisorId&) override {
    return SupervisorNews{{{"mode", "listen"}}, supervised};
  }
  Result<json::array> live_calls(const service::Caller&) override {
    const std::lock_guard lock(mutex);
    return calls;
  }
  void customer_page(const service::Caller&, bool visible, const std::string& camera) override {
    note((visible ? "front " : "back ") + camera);
  }
  void customer_device(const service::Caller&, const std::string& device, const std::string& state) override {
    note(device + " " + state);
  }
  void customer_music(const service::Caller&, const std::string& media) override { note("music " + media); }
  void opened(const service::Caller& caller) override { note("opened " + caller.session + caller.id); }
  void closed(const service::Caller& caller) override { note("closed " + caller.session + caller.id); }
  void quality(const service::Caller&, const service::QualityView& quality) override {
    note("quality " + std::to_string(quality.round_trip_ms));
  }

  void note(std::string what) {
    const std::lock_guard lock(mutex);
    notes.push_back(std::move(what));
    changed.notify_all();
  }
  bool wait_note(const std::string& what) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, kPatience, [&] { return std::ranges::find(notes, what) != notes.end(); });
  }
  void set(int now) {
    const std::lock_guard lock(mutex);
    value = now;
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> notes;
  int value = 1;
  int reads = 0;
  GuestNews guest;
  InterviewId supervised = InterviewId::trusted("itv_1");
  std::optional<SupervisorId> supervision;
  json::array calls;
  json::array people;
  json::array interview_people;
  std::string photo_asked;
  bool waiting = true;
  bool ended = false;
  std::optional<InterviewId> interview;
};

class SocketHubTest : public ::testing::Test {
 protected:
  std::shared_ptr<FakePeer> connect(const std::string& token, const std::string& more = "") {
    auto peer = std::make_shared<FakePeer>();
    hub.on_open(peer);
    hub.on_text(peer, R"({"v":1,"type":"hello","token":")" + token + "\"" + more + "}");
    return peer;
  }
  const TenantId tenant = TenantId::trusted("ten_1");
  const InterviewId interview = InterviewId::trusted("itv_1");
  const QueueId queue = QueueId::trusted("que_1");
  ManualClock clock;
  FakeSource source;
  SocketHub hub{source, clock, 2};
};

TEST_F(SocketHubTest, AfterHelloComesAWelcomeAndTheState) {
  auto peer = connect("c s1");
  EXPECT_EQ(peer->wait_message("welcome").at("resumed"), false);
  const auto state = peer->wait_message("customer.state");
  EXPECT_EQ(state.at("seq"), 1);
  EXPECT_EQ(state.at("state").at("value"), 1);
  EXPECT_TRUE(source.wait_note("opened s1"));
  hub.on_closed(peer);
  EXPECT_TRUE(source.wait_note("closed s1"));
}

TEST_F(SocketHubTest, WhoSaysSomethingElseFirstIsNotSignedIn) {
  for (const char* text : {R"({"v":1,"type":"ping"})", "{", R"({"v":2,"type":"hello","token":"c s1"})",
                           R"({"v":1,"type":"hello","token":"x"})"}) {
    auto peer = std::make_shared<FakePeer>();
    hub.on_open(peer);
    hub.on_text(peer, text);
    EXPECT_EQ(peer->wait_close(), 4401) << text;
  }
  auto silent = std::make_shared<FakePeer>();
  hub.on_open(silent);
  hub.on_hello_due(silent);
  EXPECT_EQ(silent->wait_close(), 4401);
  auto good = connect("c s1");
  hub.on_hello_due(good);
  good->wait_message("customer.state");
  EXPECT_TRUE(source.notes.empty() || source.notes.front() == "opened s1");
}

TEST_F(SocketHubTest, AChangeOfTheInterviewReachesBothSides) {
  source.interview = interview;
  auto customer = connect("c s1");
  auto agent = connect("a agt_1");
  customer->wait_message("customer.state");
  agent->wait_message("interview.state");
  source.set(2);
  hub.interview_changed(tenant, interview);
  EXPECT_EQ(customer->wait_message("customer.state", 2).at("state").at("value"), 2);
  EXPECT_EQ(agent->wait_message("desk.state", 2).at("state").at("value"), 2);
  EXPECT_EQ(agent->wait_message("interview.state", 2).at("state").at("value"), 2);
}

TEST_F(SocketHubTest, APhotoIsAskedForOnceBesideTheState) {
  auto peer = connect("c s1");
  peer->wait_message("customer.state");
  const auto ask = [&](const std::string& photo, int now) {
    {
      const std::lock_guard lock(source.mutex);
      source.photo_asked = photo;
      source.value = now;
    }
    hub.interview_changed(tenant, interview);
  };
  ask("pho_1", 2);
  const auto asked = peer->wait_message("photo.requested");
  EXPECT_EQ(asked.at("photoId"), "pho_1");
  EXPECT_EQ(asked.at("category"), "portrait");
  ask("pho_1", 3);
  EXPECT_EQ(peer->wait_message("customer.state", 3).at("state").at("photoRequest").at("photoId"), "pho_1");
  ask("pho_2", 4);
  EXPECT_EQ(peer->wait_message("photo.requested", 2).at("photoId"), "pho_2") << "not the first one again";
}

TEST_F(SocketHubTest, WhatAPageSaysOfItsDevicesReachesTheSource) {
  auto peer = connect("c s1");
  peer->wait_message("customer.state");
  hub.on_text(peer, R"({"v":1,"type":"device","device":"microphone","state":"interrupted"})");
  EXPECT_TRUE(source.wait_note("microphone interrupted"));
  hub.on_text(peer, R"({"v":1,"type":"music","mediaId":"med_1"})");
  EXPECT_TRUE(source.wait_note("music med_1"));
  hub.on_text(peer, R"({"v":1,"type":"music"})");
  EXPECT_TRUE(source.wait_note("music "));
  hub.on_text(peer, R"({"v":1,"type":"device","device":"printer","state":"lost"})");
  EXPECT_EQ(peer->wait_message("error").at("code"), "field.invalid");
}

TEST_F(SocketHubTest, AChangeOfAQueueReachesItsDesksAndThoseWhoWait) {
  auto customer = connect("c s1");
  auto agent = connect("a agt_1");
  customer->wait_message("customer.state");
  agent->wait_message("desk.state");
  source.set(2);
  hub.queue_changed(tenant, QueueId::trusted("que_other"));
  hub.queue_changed(TenantId::trusted("ten_2"), queue);
  hub.queue_changed(tenant, queue);
  EXPECT_EQ(customer->wait_message("customer.state", 2).at("state").at("value"), 2);
  EXPECT_EQ(agent->wait_message("desk.state", 2).at("state").at("value"), 2);
}

TEST_F(SocketHubTest, AStateThatSaysNothingNewIsNotSent) {
  auto peer = connect("c s1");
  peer->wait_message("customer.state");
  const int before = [&] {
    const std::lock_guard lock(source.mutex);
    return source.reads;
  }();
  hub.interview_changed(tenant, interview);
  source.note("mark");  // a quality report comes after the read that the change asked for
  hub.on_text(peer, R"({"v":1,"type":"quality","roundTripMs":7,"lossPercent":0.5,"bitrateBps":1})");
  EXPECT_TRUE(source.wait_note("quality 7"));
  source.set(2);
  hub.interview_changed(tenant, interview);
  EXPECT_EQ(peer->wait_message("customer.state", 2).at("state").at("value"), 2);
  const std::lock_guard lock(source.mutex);
  EXPECT_GT(source.reads, before);
}

TEST_F(SocketHubTest, APageThatComesBackGetsWhatItMissed) {
  auto first = connect("c s1");
  first->wait_message("customer.state");
  source.set(2);
  hub.interview_changed(tenant, interview);
  first->wait_message("customer.state", 2);
  hub.on_closed(first);
  EXPECT_TRUE(source.wait_note("closed s1"));

  auto second = connect("c s1", ",\"resumeFrom\":1");
  EXPECT_EQ(second->wait_message("welcome").at("resumed"), true);
  EXPECT_EQ(second->wait_message("customer.state").at("seq"), 2);
  EXPECT_EQ(second->wait_message("customer.state", 2).at("seq"), 3);

  auto stranger = connect("c s2", ",\"resumeFrom\":9");
  EXPECT_EQ(stranger->wait_message("welcome").at("resumed"), false);
  EXPECT_EQ(stranger->wait_message("customer.state").at("seq"), 1);
}

TEST_F(SocketHubTest, ANewerSocketOfTheSamePersonTakesOver) {
  auto old = connect("a agt_1");
  old->wait_message("desk.state");
  auto fresh = connect("a agt_1");
  fresh->wait_message("desk.state");
  EXPECT_EQ(old->wait_message("notice").at("code"), "session.taken_over");
  EXPECT_EQ(old->wait_close(), 4409);
  hub.on_closed(old);
  source.set(2);
  hub.desk_changed(tenant, AgentId::trusted("agt_1"));
  fresh->wait_message("desk.state", 2);
  const std::lock_guard lock(source.mutex);
  EXPECT_EQ(std::ranges::count(source.notes, "closed agt_1"), 0);
}

TEST_F(SocketHubTest, AnotherPageOfTheSamePersonTakesOverOnlyWhenTheySaySo) {
  auto first = connect("a agt_1", R"(,"page":"one")");
  first->wait_message("desk.state");
  auto asking = connect("a agt_1", R"(,"page":"two")");
  EXPECT_EQ(asking->wait_close(), 4409);
  auto still_asking = connect("a agt_1", R"(,"page":"two","takeOver":false)");
  EXPECT_EQ(still_asking->wait_close(), 4409);
  source.set(2);
  hub.desk_changed(tenant, AgentId::trusted("agt_1"));
  first->wait_message("desk.state", 2);  // undisturbed

  auto reloaded = connect("a agt_1", R"(,"page":"one")");
  reloaded->wait_message("desk.state");
  EXPECT_EQ(first->wait_close(), 4409);
  auto second = connect("a agt_1", R"(,"page":"two","takeOver":true)");
  second->wait_message("desk.state");
  EXPECT_EQ(reloaded->wait_close(), 4409);
  hub.on_closed(second);
  EXPECT_TRUE(source.wait_note("closed agt_1"));
  auto third = connect("a agt_1", R"(,"page":"three")");
  third->wait_message("desk.state");  // nobody else is here
}

TEST_F(SocketHubTest, AnotherDeviceClosesTheFirst) {
  auto first = connect("c s1");
  auto second = connect("c s2");
  first->wait_message("customer.state");
  second->wait_message("customer.state");
  hub.customer_taken_over(tenant, interview, "s2");
  EXPECT_EQ(first->wait_close(), 4409);
  source.set(2);
  hub.interview_changed(tenant, interview);
  second->wait_message("customer.state", 2);
}

TEST_F(SocketHubTest, TheEndIsShownBeforeTheSocketCloses) {
  auto peer = connect("c s1");
  peer->wait_message("customer.state");
  {
    const std::lock_guard lock(source.mutex);
    source.ended = true;
    source.value = 2;
  }
  hub.interview_changed(tenant, interview);
  EXPECT_EQ(peer->wait_message("customer.state", 2).at("state").at("value"), 2);
  EXPECT_EQ(peer->wait_close(), 4410);
}

TEST_F(SocketHubTest, WhereOnlyPeopleChangedOnlyTheyAreSent) {
  auto peer = connect("c s1");
  peer->wait_message("customer.state");
  {
    const std::lock_guard lock(source.mutex);
    source.people = {json::object{{"participant", "gst_1"}}};
  }
  hub.interview_changed(tenant, interview);
  const auto message = peer->wait_message("people");
  EXPECT_EQ(message.at("interviewId"), "itv_1");
  EXPECT_EQ(message.at("people").as_array().size(), 1U);
  EXPECT_EQ(peer->count("customer.state"), 1U);
  source.set(2);
  hub.interview_changed(tenant, interview);
  EXPECT_EQ(peer->wait_message("customer.state", 2).at("state").at("people").as_array().size(), 1U);
}

std::vector<std::string> people_told(const json::object& message) {
  std::vector<std::string> people;
  for (const auto& person : message.at("people").as_array()) people.emplace_back(person.at("participant").as_string());
  return people;
}

TEST_F(SocketHubTest, APageIsToldOnlyOfTheNetworksOfThoseWhomItSees) {
  using service::NetworkLevel;
  source.people = {json::object{{"participant", "customer"}}, json::object{{"participant", "agent"}}};
  source.guest.state = {{"interviewId", "itv_1"}, {"people", source.people}};
  source.interview = interview;
  source.interview_people = source.people;
  source.interview_people.push_back(json::object{{"participant", "sup_1"}});
  auto customer = connect("c s1");
  auto guest = connect("g s2");
  auto agent = connect("a usr_1");
  customer->wait_message("customer.state");
  guest->wait_message("guest.state");
  agent->wait_message("interview.state");
  const std::vector<service::PersonNetwork> people{{"agent", NetworkLevel::excellent, 20, 0, 900, 800},
                                                   {"customer", NetworkLevel::poor, 640, 9.46, 300, 90},
                                                   {"sup_1", NetworkLevel::good, 200, 0, 0, 1'700}};
  hub.networks_changed(interview, people);
  const auto seen = customer->wait_message("quality");
  EXPECT_EQ(people_told(seen), (std::vector<std::string>{"agent", "customer"}));
  EXPECT_EQ(seen.at("interviewId"), "itv_1");
  EXPECT_EQ(seen.at("people").as_array().at(1), (json::value{{"participant", "customer"},
                                                             {"level", 1},
                                                             {"roundTripMs", 640},
                                                             {"lossPercent", 9.5},
                                                             {"upKbps", 300},
                                                             {"downKbps", 90}}));
  EXPECT_FALSE(seen.contains("seq")) << "it takes no place among the messages that are kept";
  EXPECT_EQ(people_told(guest->wait_message("quality")), (std::vector<std::string>{"agent", "customer"}));
  EXPECT_EQ(people_told(agent->wait_message("quality")), (std::vector<std::string>{"agent", "customer", "sup_1"}));

  hub.networks_changed(InterviewId::trusted("itv_2"), people);
  EXPECT_EQ(customer->count("quality") + guest->count("quality") + agent->count("quality"), 3U);
}

TEST_F(SocketHubTest, AGuestIsARecipientOfTheirOwn) {
  source.guest.state = {{"interviewId", "itv_1"}, {"status", "joined"}};
  auto customer = connect("c s1");
  auto first = connect("g g1");
  auto second = connect("g g2");
  customer->wait_message("customer.state");
  first->wait_message("guest.state");
  second->wait_message("guest.state");
  hub.customer_taken_over(tenant, interview, "s1");
  hub.guest_taken_over(tenant, interview, GuestId::trusted("gst_1"), "g2");
  EXPECT_EQ(first->wait_close(), 4409);
  {
    const std::lock_guard lock(source.mutex);
    source.guest = {{{"interviewId", "itv_1"}, {"status", "removed"}}, true};
  }
  hub.interview_changed(tenant, interview);
  second->wait_message("guest.state", 2);
  EXPECT_EQ(second->wait_close(), 4410);
  source.set(2);
  hub.interview_changed(tenant, interview);
  customer->wait_message("customer.state", 2);
}

TEST_F(SocketHubTest, CallsAreShownToWhoeverAskedAndMay) {
  auto agent = connect("a agt_1");
  auto supervisor = connect("s agt_2");
  agent->wait_message("desk.state");
  supervisor->wait_message("desk.state");
  for (auto& peer : {agent, supervisor}) hub.on_text(peer, R"({"v":1,"type":"watch_calls","on":true})");
  supervisor->wait_message("calls.state");
  {
    const std::lock_guard lock(source.mutex);
    source.calls = {json::object{{"interviewId", "itv_1"}}};
  }
  hub.interview_changed(tenant, interview);
  EXPECT_EQ(supervisor->wait_message("calls.state", 2).at("items").as_array().size(), 1U);
  EXPECT_EQ(agent->count("calls.state"), 0U);
}

TEST_F(SocketHubTest, ASupervisorsSessionIsShownUntilItEnds) {
  source.supervision = SupervisorId::trusted("sup_1");
  auto peer = connect("s agt_1");
  peer->wait_message("supervisor.state");
  {
    const std::lock_guard lock(source.mutex);
    source.supervision.reset();
  }
  hub.desk_changed(tenant, AgentId::trusted("agt_1"));
  EXPECT_EQ(peer->wait_message("supervisor.ended").at("sessionId"), "sup_1");
}

TEST_F(SocketHubTest, ACustomersPageIsHandedOn) {
  auto peer = connect("c s1");
  peer->wait_message("customer.state");
  hub.on_text(peer, R"({"v":1,"type":"page","visible":false,"camera":"lost"})");
  EXPECT_TRUE(source.wait_note("back lost"));
  hub.on_text(peer, R"({"v":1,"type":"page","visible":false,"camera":"gone"})");
  EXPECT_EQ(peer->wait_message("error").at("code"), "field.invalid");
}

TEST_F(SocketHubTest, SigningOutClosesTheDesk) {
  auto peer = connect("a agt_1");
  peer->wait_message("desk.state");
  hub.user_signed_out(tenant, AgentId::trusted("agt_1"));
  EXPECT_EQ(peer->wait_close(), 4401);
}

TEST_F(SocketHubTest, AStoppingServerTellsItsPages) {
  auto peer = connect("a agt_1");
  peer->wait_message("desk.state");
  hub.notice_all("server.draining");
  EXPECT_EQ(peer->wait_message("notice").at("code"), "server.draining");
  hub.stop();
  EXPECT_EQ(peer->wait_close(), 1012);
  const std::lock_guard lock(source.mutex);
  EXPECT_EQ(std::ranges::count(source.notes, "closed agt_1"), 0);
}

TEST_F(SocketHubTest, PingIsAnsweredAndNonsenseIsNamed) {
  auto peer = connect("c s1");
  peer->wait_message("welcome");
  hub.on_text(peer, R"({"v":1,"type":"ping","id":"7"})");
  EXPECT_EQ(peer->wait_message("pong").at("id"), "7");
  hub.on_text(peer, R"({"v":1,"type":"dance"})");
  EXPECT_EQ(peer->wait_message("error").at("code"), "message.unknown_type");
  hub.on_text(peer, R"({"v":1,"type":"quality","roundTripMs":-1})");
  EXPECT_EQ(peer->wait_message("error", 2).at("code"), "field.invalid");
}

}  // namespace
}  // namespace tw::api
