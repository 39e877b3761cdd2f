#include <gmock/gmock.h>

#include <atomic>
#include <barrier>
#include <thread>
#include <tuple>

#include "service/guest_entry.hpp"
#include "service/guest_steps.hpp"
#include "service/guests.hpp"
#include "service/interviews_test_support.hpp"
#include "service/media_access.hpp"
#include "service/supervision.hpp"
#include "service/transfers.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;
using domain::SupervisionMode;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

/// A conversation between a customer and Ann, with Bob, Cy (another queue) and a supervisor at hand.
class PeopleTest : public InterviewsTest {
 protected:
  PeopleTest() {
    cy_ = add_agent("cy");
    sue_ = add_agent("sue");
    other_queue_ = QueueId::make(clock_.wall_now(), random_);
    execute("INSERT INTO queues (tenant_id, id, number, name, created_at) VALUES (:tenant, :id, 2, 'Experts', 1)",
            {{"tenant", tenant_}, {"id", other_queue_}});
    execute("UPDATE user_queues SET queue_id = :queue WHERE user_id = :cy", {{"queue", other_queue_}, {"cy", cy_}});
    execute("DELETE FROM user_queues WHERE user_id = :sue", {{"sue", sue_}});
    execute("UPDATE users SET can_supervise = 1 WHERE id = :sue", {{"sue", sue_}});
    customer_ = talk(ann_);
    id_ = customer_.interview.str();
  }
  Caller sue() {
    Caller caller = agent(sue_);
    caller.can_supervise = true;
    return caller;
  }
  template <class T>
  static std::string code(const Result<T>& result) {
    return result ? "ok" : result.error().code;
  }
  Transfers transfers() { return Transfers(*core_); }
  Guests guests() { return Guests(*core_); }
  Supervision supervision() { return Supervision(*core_); }
  CustomerState seen_by_customer() { return CustomerSteps(*core_).state(customer_).value(); }
  AgentInterview seen_by(const AgentId& id) { return Calls(*core_).agent_interview(agent(id), id_).value(); }
  std::string media_code(const std::string& token) { return code(MediaAccess(*core_).authorize(token)); }
  void media(const std::string& who, const std::string& stream, const std::string& session,
             media::SessionState state = media::SessionState::connected) {
    if (state == media::SessionState::connected) {
      Connections(*core_).media_published(customer_.interview, who, session, {stream, true, true});
    }
    Connections(*core_).media_session({id_, session, {who, stream}, who, true, state});
  }
  static std::vector<std::string> names(const std::vector<PersonView>& people) {
    std::vector<std::string> names;
    for (const PersonView& person : people) names.push_back(person.participant);
    return names;
  }

  CreatedGuest invite(const std::string& name = "Notary") {
    return guests().invite(agent(ann_), id_, {name, false, 3'600}).value();
  }
  static std::string token_of_guest(const CreatedGuest& created) {
    return created.link.url.substr(created.link.url.find("/g/#") + 4);
  }
  Caller enter_guest(const CreatedGuest& created) {
    GuestEntry entry(*core_);
    const auto session = entry.open(token_of_guest(created), false, {});
    EXPECT_TRUE(session) << session.error().code;
    Caller caller = entry.find_session(session->token).value();
    Connections(*core_).guest_socket_opened(caller);
    return caller;
  }
  Result<GuestState> agree(const Caller& guest, bool accepted = true) {
    const ConsentTextView text = GuestSteps(*core_).state(guest)->consent_texts.at(0);
    return GuestSteps(*core_).consent(guest, {accepted, text.version, text.sha256, text.language, "203.0.113.9", "UA"});
  }

  AgentId cy_;
  AgentId sue_;
  QueueId other_queue_;
  Caller customer_;
  std::string id_;
};

// ------------------------------------------------------------------ networks

TEST_F(PeopleTest, APoorNetworkIsAnEventOnceAndSoIsItsRecovery) {
  Connections connections(*core_);
  const auto measure = [&](const std::string& who, bool publisher, std::uint32_t round_trip_ms) {
    media::SessionQuality quality;
    quality.room = id_;
    quality.session = "ses-" + who;
    quality.participant = who;
    quality.publisher = publisher;
    quality.round_trip_ms = round_trip_ms;
    quality.bitrate_bps = 800'000;
    connections.media_quality(quality);
  };
  const std::string listener = SupervisorId::make(clock_.wall_now(), random_).str();
  const auto seconds_pass = [&](int count, std::uint32_t round_trip_ms) {
    for (int i = 0; i < count; i += 2) {
      measure("customer", true, round_trip_ms);
      measure("agent", false, 20);
      measure(listener, false, 2'000);
      clock_.advance(2s);
    }
  };
  seconds_pass(4, 700);
  seconds_pass(4, 40);
  EXPECT_THAT(kinds(customer_.interview), Not(Contains("network_poor"))) << "four bad seconds are no event";
  seconds_pass(20, 700);
  EXPECT_EQ(std::ranges::count(kinds(customer_.interview), "network_poor"), 1) << "none of a supervisor who listens";
  EXPECT_EQ(std::ranges::count(kinds(customer_.interview), "network_recovered"), 0);
  EXPECT_EQ(quiet_.count("networks"), 14) << "one telling for three measurements";
  const auto networks = quiet_.networks();
  const auto customer = std::ranges::find(networks, "customer", &PersonNetwork::participant);
  ASSERT_NE(customer, networks.end());
  EXPECT_EQ(customer->level, NetworkLevel::poor);
  EXPECT_EQ(customer->round_trip_ms, 700U);
  EXPECT_EQ(customer->up_kbps, 800U);
  seconds_pass(20, 40);
  EXPECT_EQ(std::ranges::count(kinds(customer_.interview), "network_recovered"), 1);
}

TEST_F(PeopleTest, MeasurementsOfUnknownRoomsAndPeopleAreNoNews) {
  Connections connections(*core_);
  media::SessionQuality quality;
  quality.room = "elsewhere";
  quality.participant = "customer";
  connections.media_quality(quality);
  quality.room = id_;
  quality.participant = "nobody";
  connections.media_quality(quality);
  EXPECT_EQ(quiet_.count("networks"), 0);
}

// ------------------------------------------------------------------ transfer

TEST_F(PeopleTest, AColleagueTakesTheCallOverAndTheCustomerStaysConnectedAndRecorded) {
  online(bob_);
  const std::string customers_token = seen_by_customer().media->token;
  const std::string anns_token = seen_by(ann_).media->token;
  ASSERT_EQ(code(transfers().start(agent(ann_), id_, {bob_.str(), "", "speaks Cantonese"})), "ok");
  const auto ring = Desk(*core_).state(agent(bob_))->ring;
  ASSERT_TRUE(ring);
  EXPECT_EQ(ring->from_agent, "Agent ann");
  EXPECT_EQ(ring->note, "speaks Cantonese");
  EXPECT_FALSE(seen_by(bob_).media) << "nothing is heard before the answer";
  EXPECT_EQ(seen_by(ann_).transfer->state, "ringing");
  const int starts = rooms_.starts();

  const auto taken = Desk(*core_).answer(agent(bob_), id_);
  ASSERT_EQ(code(taken), "ok");
  EXPECT_TRUE(taken->media);
  EXPECT_EQ(rooms_.starts(), starts) << "the same part of the recording goes on";
  EXPECT_TRUE(rooms_.is_recording(customer_.interview));
  EXPECT_THAT(rooms_.disconnected(), ElementsAre("agent")) << "the customer's sessions are not touched";
  EXPECT_EQ(media_code(customers_token), "ok");
  EXPECT_EQ(media_code(anns_token), "auth.invalid");
  EXPECT_EQ(media_code(taken->media->token), "ok");
  EXPECT_EQ(seen_by_customer().agent_name, "Agent bob");
  EXPECT_EQ(Desk(*core_).state(agent(ann_))->activity, domain::Activity::wrapping_up);
  EXPECT_EQ(code(Calls(*core_).agent_interview(agent(ann_), id_)), "ok") << "whoever handed it over wraps it up";
  EXPECT_FALSE(seen_by(ann_).media);
  EXPECT_EQ(code(Desk(*core_).hang_up(agent(ann_), id_)), "interview.not_yours");
  EXPECT_THAT(outbox_types(customer_.interview), Contains("interview.transferred"));
  EXPECT_EQ(code(Conclude(*core_).conclude(agent(bob_), id_, {})), "ok");
}

TEST_F(PeopleTest, ATransferNeedsSomebodyWhoCanTakeIt) {
  EXPECT_EQ(code(transfers().start(agent(ann_), id_, {"", "", ""})), "transfer.target_invalid");
  EXPECT_EQ(code(transfers().start(agent(ann_), id_, {bob_.str(), other_queue_.str(), ""})), "transfer.target_invalid");
  EXPECT_EQ(code(transfers().start(agent(ann_), id_, {"agt_x", "", ""})), "transfer.target_unknown");
  EXPECT_EQ(code(transfers().start(agent(ann_), id_, {"", "que_x", ""})), "transfer.target_unknown");
  EXPECT_EQ(code(transfers().start(agent(ann_), id_, {bob_.str(), "", ""})), "transfer.agent_unavailable");
  EXPECT_EQ(code(transfers().start(agent(ann_), id_, {"", other_queue_.str(), ""})), "transfer.nobody_online");
  EXPECT_EQ(code(transfers().start(agent(ann_), id_, {ann_.str(), "", ""})), "transfer.to_self");
  EXPECT_EQ(code(transfers().start(agent(bob_), id_, {cy_.str(), "", ""})), "interview.not_yours");
  EXPECT_EQ(code(transfers().start(agent(cy_), id_, {bob_.str(), "", ""})), "interview.unknown");
  EXPECT_EQ(code(transfers().start(customer_, id_, {bob_.str(), "", ""})), "auth.wrong_role");
  online(bob_);
  core_->start_draining();
  EXPECT_EQ(code(transfers().start(agent(ann_), id_, {bob_.str(), "", ""})), "server.draining");
  EXPECT_THAT(kinds(customer_.interview), Not(Contains("transfer_started")));
  EXPECT_EQ(transfers().targets(agent(ann_))->agents.size(), 1U);
}

TEST_F(PeopleTest, ToAQueueTheCustomerHearsMusicInTheRoomUntilAnAgentOfItAnswers) {
  ASSERT_EQ(code(transfers().start(agent(ann_), id_, {"", other_queue_.str(), ""})), "transfer.nobody_online");
  online(cy_);
  ASSERT_EQ(code(Desk(*core_).set_presence(agent(cy_), domain::Presence::busy)), "ok");
  ASSERT_EQ(code(transfers().start(agent(ann_), id_, {"", other_queue_.str(), ""})), "transfer.nobody_online");
  ASSERT_EQ(code(Desk(*core_).set_presence(agent(cy_), domain::Presence::online)), "ok");
  const std::string anns_token = seen_by(ann_).media->token;
  ASSERT_EQ(code(transfers().start(agent(ann_), id_, {"", other_queue_.str(), ""})), "ok");

  auto seen = seen_by_customer();
  EXPECT_EQ(seen.status, domain::Status::talking) << "for the customer nothing is closed";
  EXPECT_TRUE(seen.transferring && seen.held && seen.media && !seen.reconnecting);
  EXPECT_EQ(media_code(seen.media->token), "ok");
  EXPECT_EQ(media_code(anns_token), "auth.invalid");
  EXPECT_THAT(rooms_.held, ElementsAre("customer"));
  EXPECT_TRUE(rooms_.is_recording(customer_.interview));
  ASSERT_TRUE(Desk(*core_).state(agent(cy_))->ring) << "routed like the queue's callers";
  EXPECT_EQ(media_code(anns_token), "auth.invalid");
  EXPECT_FALSE(seen_by(cy_).media) << "whoever is rung does not hear the room before answering";

  const int starts = rooms_.starts();
  core_->start_draining();
  ASSERT_EQ(code(Desk(*core_).answer(agent(cy_), id_)), "ok") << "a running call may be taken over while draining";
  EXPECT_EQ(rooms_.starts(), starts);
  EXPECT_THAT(rooms_.held, IsEmpty());
  seen = seen_by_customer();
  EXPECT_FALSE(seen.held || seen.transferring);
  EXPECT_EQ(seen.agent_name, "Agent cy");
  EXPECT_EQ(read(customer_.interview).queue, other_queue_);
}

TEST_F(PeopleTest, ManyAnswerAtOnceAndOneHasTheCallWhileTheCustomerStays) {
  online(cy_);
  std::vector<AgentId> others;
  for (int n = 0; n < 6; ++n) {
    others.push_back(add_agent("x" + std::to_string(n)));
    execute("UPDATE user_queues SET queue_id = :queue WHERE user_id = :id",
            {{"queue", other_queue_}, {"id", others.back()}});
    online(others.back());
  }
  others.push_back(cy_);
  ASSERT_EQ(code(transfers().start(agent(ann_), id_, {"", other_queue_.str(), ""})), "ok");
  std::atomic<int> won{0};
  std::barrier gate(static_cast<std::ptrdiff_t>(others.size()));
  std::vector<std::thread> threads;
  for (const AgentId& id : others) {
    threads.emplace_back([&, id] {
      gate.arrive_and_wait();
      if (Desk(*core_).answer(agent(id), id_) || Desk(*core_).take(agent(id), id_)) ++won;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(status(customer_), "talking");
  EXPECT_TRUE(rooms_.is_recording(customer_.interview));
  EXPECT_EQ(std::ranges::count(kinds(customer_.interview), "transfer_completed"), 1);
}

TEST_F(PeopleTest, AColleagueWhosePageDiesWhileItRingsGivesTheCallBack) {
  online(bob_);
  ASSERT_EQ(code(transfers().start(agent(ann_), id_, {bob_.str(), "", ""})), "ok");
  Connections(*core_).agent_socket_closed(agent(bob_));
  EXPECT_THAT(kinds(customer_.interview), Contains("transfer_failed"));
  EXPECT_FALSE(seen_by(ann_).transfer);
  EXPECT_EQ(seen_by_customer().agent_name, "Agent ann");
  EXPECT_EQ(code(transfers().cancel(agent(ann_), id_)), "transfer.not_running");
}

TEST_F(PeopleTest, ARestartGivesATransferredCustomerBackToTheHeadOfTheQueue) {
  online(cy_);
  ASSERT_EQ(code(transfers().start(agent(ann_), id_, {"", other_queue_.str(), ""})), "ok");
  restart();
  ASSERT_TRUE(Recovery(*core_).run());
  const auto seen = seen_by_customer();
  EXPECT_EQ(seen.status, domain::Status::queued);
  EXPECT_TRUE(seen.reconnecting);
  EXPECT_FALSE(seen.held);
}

TEST_F(PeopleTest, HoldingTurnsCustomerAndGuestsToMusicAlsoThoseWhoComeLater) {
  const Caller first = enter_guest(invite());
  ASSERT_TRUE(agree(first));
  ASSERT_EQ(code(transfers().hold(agent(ann_), id_)), "ok");
  EXPECT_THAT(rooms_.held, ElementsAre("customer", first.id));
  const Caller second = enter_guest(invite("Interpreter"));
  ASSERT_TRUE(agree(second));
  EXPECT_THAT(rooms_.held, Contains(second.id));
  EXPECT_TRUE(seen_by_customer().held);
  for (const PersonView& person : seen_by(ann_).people) EXPECT_EQ(person.held, person.participant != "agent");
  const PersonView music = seen_by_customer().people.back();
  EXPECT_EQ(music.participant, "player") << "a page plays only what is in its list";
  ASSERT_EQ(music.streams.size(), 1U);
  EXPECT_TRUE(music.streams[0].audio && !music.streams[0].video);
  EXPECT_THAT(names(GuestSteps(*core_).state(first)->people), Contains("player"));
  EXPECT_THAT(names(seen_by(ann_).people), Not(Contains("player"))) << "the agent is not sent it";
  ASSERT_EQ(code(transfers().resume(agent(ann_), id_)), "ok");
  EXPECT_THAT(rooms_.held, IsEmpty());
  EXPECT_THAT(names(seen_by_customer().people), Not(Contains("player")));
}

// ------------------------------------------------------------------ guests

TEST_F(PeopleTest, AGuestAgreesJoinsAndLeaves) {
  const auto created = invite();
  const Caller guest = enter_guest(created);
  GuestSteps steps(*core_);
  auto state = steps.state(guest).value();
  EXPECT_EQ(state.status, domain::GuestStatus::invited);
  EXPECT_FALSE(state.media) << "no media before the consent";
  EXPECT_THAT(state.people, IsEmpty()) << "nor who is in the room";
  EXPECT_EQ(code(steps.consent(guest, {true, "9", std::string(64, 'a'), "en", "", ""})), "consent.text_unknown");
  state = agree(guest).value();
  EXPECT_EQ(state.status, domain::GuestStatus::joined);
  ASSERT_TRUE(state.media);
  EXPECT_EQ(state.media->participant, guest.id);
  EXPECT_EQ(media_code(state.media->token), "ok");
  EXPECT_THAT(names(state.people), ElementsAre("customer", "agent", guest.id));
  EXPECT_THAT(names(seen_by_customer().people), Contains(guest.id));
  EXPECT_THAT(kinds(customer_.interview), Contains("guest_joined"));

  ASSERT_TRUE(steps.leave(guest));
  EXPECT_THAT(names(seen_by_customer().people), Not(Contains(guest.id)));
  EXPECT_EQ(media_code(state.media->token), "auth.invalid");
  EXPECT_THAT(rooms_.disconnected(), Contains(guest.id));
  EXPECT_EQ(status(customer_), "talking") << "a guest who leaves ends nothing";
}

TEST_F(PeopleTest, WhoeverRefusesOrIsShownOutIsOut) {
  const Caller refuser = enter_guest(invite("A"));
  EXPECT_EQ(agree(refuser, false)->status, domain::GuestStatus::left);
  const auto created = invite("B");
  const Caller guest = enter_guest(created);
  const auto joined = agree(guest).value();
  EXPECT_EQ(code(guests().remove(agent(bob_), id_, guest.id)), "interview.not_yours");
  EXPECT_EQ(code(guests().remove(agent(ann_), id_, "gst_x")), "guest.unknown");
  ASSERT_EQ(code(guests().remove(agent(ann_), id_, guest.id)), "ok");
  EXPECT_EQ(media_code(joined.media->token), "auth.invalid");
  EXPECT_EQ(code(GuestEntry(*core_).open(token_of_guest(created), true, {})), "guest.removed");
  EXPECT_EQ(GuestSteps(*core_).state(guest)->status, domain::GuestStatus::removed);
  EXPECT_EQ(code(guests().remove(agent(ann_), id_, guest.id)), "ok");
}

TEST_F(PeopleTest, AnInvitationIsForOneDeviceAtATime) {
  const auto created = invite();
  const Caller first = enter_guest(created);
  const auto joined = agree(first).value();
  GuestEntry entry(*core_);
  EXPECT_EQ(code(entry.open(token_of_guest(created), false, {})), "guest.other_device");
  const auto second = entry.open(token_of_guest(created), true, {});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->state.status, domain::GuestStatus::joined);
  EXPECT_EQ(quiet_.count("guest taken over"), 1);
  EXPECT_THAT(rooms_.disconnected(), Contains(first.id));
  EXPECT_EQ(media_code(joined.media->token), "auth.invalid") << "the first device is out";
  EXPECT_EQ(media_code(second->state.media->token), "ok");
}

TEST_F(PeopleTest, ALinkIsGoodUntilItExpiresAndNobodyElseLearnsAnythingFromIt) {
  const auto created = invite();
  GuestEntry entry(*core_);
  EXPECT_EQ(code(entry.open("twi_nonsense", false, {})), "link.unknown");
  EXPECT_EQ(code(entry.open(token_of_guest(created) + "x", false, {})), "link.unknown");
  clock_.advance(3'601s);
  EXPECT_EQ(code(entry.open(token_of_guest(created), false, {})), "link.expired");
  const auto late = invite();
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), id_));
  EXPECT_EQ(code(entry.open(token_of_guest(late), false, {})), "interview.ended");
  EXPECT_EQ(code(guests().invite(agent(ann_), id_, {"x", false, 60})), "interview.not_talking");
}

TEST_F(PeopleTest, SomeInvitationsAreForColleaguesOnly) {
  const auto created = guests().invite(agent(ann_), id_, {"Lawyer", true, 600}).value();
  GuestEntry entry(*core_);
  EXPECT_EQ(code(entry.open(token_of_guest(created), false, {})), "guest.sign_in_required");
  Caller stranger = agent(bob_);
  stranger.tenant = TenantId::trusted("ten_other");
  EXPECT_EQ(code(entry.open(token_of_guest(created), false, stranger)), "link.unknown");
  EXPECT_EQ(code(entry.open(token_of_guest(created), false, customer_)), "link.unknown");
  EXPECT_EQ(code(entry.open(token_of_guest(created), false, agent(cy_))), "ok");
}

TEST_F(PeopleTest, TenAreInARoomAndNoMore) {
  for (int n = 0; n < 8; ++n) ASSERT_EQ(code(guests().invite(agent(ann_), id_, {"G", false, 3'600})), "ok") << n;
  EXPECT_EQ(code(guests().invite(agent(ann_), id_, {"G", false, 3'600})), "guest.room_full");
  clock_.advance(3'601s);  // the places of those who never came are free again
  EXPECT_EQ(code(guests().invite(agent(ann_), id_, {"G", false, 3'600})), "ok");
}

TEST_F(PeopleTest, AGuestWhoVanishesHasLeftAfterAWhileAndTheCallGoesOn) {
  const Caller guest = enter_guest(invite());
  ASSERT_TRUE(agree(guest));
  media(guest.id, "camera", "ses-g");
  Connections(*core_).guest_socket_closed(guest);
  media(guest.id, "camera", "ses-g", media::SessionState::closed);
  EXPECT_EQ(seen_by(ann_).guests.at(0).connection, domain::ConnectionState::lost);
  advance(59s);
  EXPECT_THAT(names(seen_by(ann_).people), Contains(guest.id));
  advance(1s);
  EXPECT_THAT(names(seen_by(ann_).people), Not(Contains(guest.id)));
  EXPECT_EQ(seen_by(ann_).guests.at(0).status, domain::GuestStatus::left);
  EXPECT_EQ(status(customer_), "talking");
}

// ------------------------------------------------------------------ supervision

TEST_F(PeopleTest, AListenerIsSeenByNobodyAndAWhispererByTheAgentAlone) {
  const Caller guest = enter_guest(invite());
  ASSERT_TRUE(agree(guest));
  auto session = supervision().start(sue(), id_, SupervisionMode::listen);
  ASSERT_EQ(code(session), "ok");
  const std::string sup = session->session.str();
  const auto everybody_sees = [&](bool agent_sees, bool others_see) {
    EXPECT_EQ(std::ranges::count(names(seen_by(ann_).people), sup), agent_sees ? 1 : 0);
    EXPECT_EQ(std::ranges::count(names(seen_by_customer().people), sup), others_see ? 1 : 0);
    EXPECT_EQ(std::ranges::count(names(GuestSteps(*core_).state(guest)->people), sup), others_see ? 1 : 0);
  };
  everybody_sees(false, false);
  EXPECT_THAT(session->media->publish, IsEmpty());
  ASSERT_EQ(code(supervision().change(sue(), sup, SupervisionMode::whisper)), "ok");
  media(sup, "whisper", "ses-w");
  everybody_sees(true, false);
  ASSERT_EQ(code(supervision().change(sue(), sup, SupervisionMode::join)), "ok");
  EXPECT_THAT(rooms_.disconnected(), Contains(sup + " ses-w")) << "what may be sent no longer is closed by the server";
  everybody_sees(true, true);
  ASSERT_EQ(code(supervision().end(sue(), sup)), "ok");
  everybody_sees(false, false);
  EXPECT_EQ(code(supervision().state(sue(), sup)), "supervisor.session_unknown");
  const auto timeline = kinds(customer_.interview);
  for (const char* kind : {"supervisor_listening", "supervisor_whispering", "supervisor_joined", "supervisor_left"}) {
    EXPECT_THAT(timeline, Contains(kind));
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM audit WHERE action LIKE 'supervision.%' AND subject = :s", {{"s", sup}}), 4);
}

TEST_F(PeopleTest, AFilmKnowsEverybodyByNameAndWhoSatOnTheAgentsSideWhen) {
  const Caller guest = enter_guest(invite("Notary"));
  ASSERT_TRUE(agree(guest));
  const std::string sup = supervision().start(sue(), id_, SupervisionMode::listen)->session.str();
  ASSERT_EQ(code(supervision().change(sue(), sup, SupervisionMode::join)), "ok");
  ASSERT_EQ(code(supervision().end(sue(), sup)), "ok");
  online(bob_);
  advance(20s);
  ASSERT_EQ(code(transfers().start(agent(ann_), id_, {bob_.str(), "", ""})), "ok");
  ASSERT_EQ(code(Desk(*core_).answer(agent(bob_), id_)), "ok");
  const WallTime handed_over = clock_.wall_now();
  advance(20s);
  ASSERT_EQ(code(Conclude(*core_).conclude(agent(bob_), id_, {})), "ok");
  ASSERT_TRUE(ComposeJobs(*core_).run_one());
  ASSERT_EQ(processor_.people.size(), 4U);
  const auto& [customer, seat, third, supervisor] =
      std::tie(processor_.people[0], processor_.people[1], processor_.people[2], processor_.people[3]);
  EXPECT_EQ(customer.participant, "customer");
  EXPECT_TRUE(customer.always);
  EXPECT_EQ(seat.participant, "agent");
  EXPECT_EQ(seat.caption, "Agent ann");
  ASSERT_EQ(seat.successors.size(), 1U);
  EXPECT_EQ(seat.successors[0].caption, "Agent bob");
  EXPECT_EQ(seat.successors[0].from, handed_over);
  EXPECT_EQ(third.participant, guest.id);
  EXPECT_EQ(third.caption, "Notary");
  EXPECT_FALSE(third.always);
  EXPECT_EQ(supervisor.participant, sup);
  EXPECT_EQ(supervisor.caption, "Agent sue");
  EXPECT_FALSE(supervisor.always);
}

TEST_F(PeopleTest, AWhisperIsForTheAgentAloneWhateverATokenAsksFor) {
  const Caller guest = enter_guest(invite());
  const std::string guest_token = agree(guest)->media->token;
  const auto session = supervision().start(sue(), id_, SupervisionMode::whisper).value();
  const std::string sup = session.session.str();
  MediaAccess access(*core_);
  const auto watch = [&](const std::string& token, const char* stream) {
    const auto grant = access.authorize(token);
    return grant ? code(access.may_watch(*grant, sup, stream)) : grant.error().code;
  };
  EXPECT_EQ(watch(seen_by(ann_).media->token, "whisper"), "ok");
  EXPECT_EQ(watch(seen_by_customer().media->token, "whisper"), "media.stream_unknown");
  EXPECT_EQ(watch(guest_token, "whisper"), "media.stream_unknown");
  EXPECT_EQ(watch(session.media->token, "whisper"), "media.stream_unknown");
  EXPECT_EQ(watch(seen_by_customer().media->token, "camera"), "media.stream_unknown");
  const auto grant = access.authorize(session.media->token).value();
  EXPECT_EQ(code(access.may_publish(grant, "whisper")), "ok");
  EXPECT_EQ(code(access.may_publish(grant, "camera")), "media.not_allowed");
  EXPECT_EQ(code(access.may_watch(grant, "customer", "camera")), "ok");
  ASSERT_EQ(code(supervision().end(sue(), sup)), "ok");
  EXPECT_EQ(media_code(session.media->token), "auth.invalid");
}

TEST_F(PeopleTest, SupervisingNeedsTheRightAndRoom) {
  EXPECT_EQ(code(supervision().live(agent(bob_))), "auth.wrong_role");
  EXPECT_EQ(code(supervision().start(agent(bob_), id_, SupervisionMode::listen)), "auth.wrong_role");
  EXPECT_EQ(code(supervision().start(sue(), "itv_x", SupervisionMode::listen)), "interview.unknown");
  Caller ann = agent(ann_);
  ann.can_supervise = true;
  EXPECT_EQ(code(supervision().start(ann, id_, SupervisionMode::listen)), "supervisor.own_call");
  for (const AgentId& id : {bob_, cy_}) {
    Caller other = agent(id);
    other.can_supervise = true;
    ASSERT_EQ(code(supervision().start(other, id_, SupervisionMode::listen)), "ok");
  }
  EXPECT_EQ(code(supervision().start(sue(), id_, SupervisionMode::listen)), "supervisor.too_many");
  EXPECT_EQ(supervision().live(sue())->size(), 1U);
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), id_));
  EXPECT_EQ(code(supervision().start(sue(), id_, SupervisionMode::listen)), "interview.not_talking");
  EXPECT_THAT(supervision().live(sue()).value(), IsEmpty());
}

TEST_F(PeopleTest, ASupervisorIsInOneCallAndLeavesWithTheirPage) {
  const auto first = supervision().start(sue(), id_, SupervisionMode::listen).value();
  const auto second = supervision().start(sue(), id_, SupervisionMode::join).value();
  EXPECT_EQ(code(supervision().state(sue(), first.session.str())), "supervisor.session_unknown");
  EXPECT_EQ(supervision().live(sue())->at(0).supervisors.size(), 1U);
  EXPECT_EQ(Desk(*core_).state(sue())->supervision, second.session);
  advance(30s);  // no page was ever opened
  EXPECT_EQ(code(supervision().state(sue(), second.session.str())), "supervisor.session_unknown");
}

// ------------------------------------------------------------------ streams and pages

TEST_F(PeopleTest, WhoPublishesWhatIsShownAndAScreenIsAnEvent) {
  media("customer", "camera", "ses-1");
  media("customer", "screen", "ses-2");
  const auto people = seen_by(ann_).people;
  ASSERT_EQ(people.at(0).participant, "customer");
  ASSERT_EQ(people.at(0).streams.size(), 2U);
  EXPECT_EQ(people.at(0).streams.at(1).name, "screen");
  EXPECT_TRUE(people.at(0).streams.at(1).video);
  media("customer", "screen", "ses-2", media::SessionState::unstable);
  media("customer", "screen", "ses-2", media::SessionState::closed);
  const auto timeline = kinds(customer_.interview);
  EXPECT_EQ(std::ranges::count(timeline, "screen_started"), 1);
  EXPECT_EQ(std::ranges::count(timeline, "screen_stopped"), 1);
  EXPECT_EQ(seen_by(ann_).people.at(0).streams.size(), 1U);
}

TEST_F(PeopleTest, ACustomerWhoLeavesThePageIsToldAtOnceAndNotedWhenItLasts) {
  Connections connections(*core_);
  EXPECT_FALSE(seen_by(ann_).customer_page);
  connections.customer_page(customer_, true, "live");
  connections.customer_page(customer_, false, "lost");
  EXPECT_EQ(seen_by(ann_).customer_page->camera, "lost");
  connections.customer_page(customer_, true, "live");
  advance(2s);
  EXPECT_THAT(kinds(customer_.interview), Not(Contains("customer_left_page"))) << "a flicker is no event";
  connections.customer_page(customer_, false, "live");
  advance(1s);
  EXPECT_THAT(kinds(customer_.interview), Contains("customer_left_page"));
  connections.customer_page(customer_, true, "live");
  advance(1s);
  EXPECT_EQ(kinds(customer_.interview).back(), "customer_returned");
  for (int n = 0; n < 500; ++n) {
    connections.customer_page(customer_, n % 2 == 1, "live");
    advance(1s);
  }
  EXPECT_LE(std::ranges::count(kinds(customer_.interview), "customer_left_page"), 101) << "bounded";
}

TEST_F(PeopleTest, ACameraLostInFrontOfTheCustomerIsNoLeavingOfThePage) {
  Connections connections(*core_);
  connections.customer_page(customer_, true, "live");
  connections.customer_page(customer_, true, "lost");
  connections.customer_device(customer_, "camera", "lost");
  advance(2s);
  EXPECT_EQ(seen_by(ann_).customer_page->camera, "lost") << "the agent sees it all the same";
  EXPECT_THAT(kinds(customer_.interview), AllOf(Contains("customer_device_lost"), Not(Contains("customer_left_page"))));
  connections.customer_page(customer_, false, "lost");
  advance(1s);
  ASSERT_EQ(kinds(customer_.interview).back(), "customer_left_page");
  connections.customer_page(customer_, true, "lost");
  advance(1s);
  EXPECT_EQ(kinds(customer_.interview).back(), "customer_returned") << "the person is back, whatever the camera does";
}

// ------------------------------------------------------------------ answers that come too late

TEST_F(PeopleTest, AnAnswerThatTookTooLongDoesNotStopTheRecordingOfWhoeverCameAfter) {
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), id_));
  online(bob_);
  ASSERT_EQ(code(Desk(*core_).set_presence(agent(bob_), domain::Presence::busy)), "ok");
  ASSERT_TRUE(Desk(*core_).finish_wrap_up(agent(ann_)));
  const Caller customer = queue();
  const std::string id = customer.interview.str();
  rooms_.before_start = [&, first = true]() mutable {
    if (!std::exchange(first, false)) return;
    // While Ann's recording starts, her claim runs out, and Bob is rung and answers.
    ASSERT_EQ(code(Desk(*core_).set_presence(agent(ann_), domain::Presence::away)), "ok");
    advance(16s);
    ASSERT_EQ(code(Desk(*core_).set_presence(agent(bob_), domain::Presence::online)), "ok");
    advance(31s);
    const auto taken = Desk(*core_).state(agent(bob_))->ring ? Desk(*core_).answer(agent(bob_), id)
                                                             : Desk(*core_).take(agent(bob_), id);
    ASSERT_EQ(code(taken), "ok");
  };
  EXPECT_NE(code(Desk(*core_).answer(agent(ann_), id)), "ok");
  EXPECT_EQ(status(customer), "talking");
  EXPECT_TRUE(rooms_.is_recording(customer.interview)) << "Bob's part runs on";
}

}  // namespace
}  // namespace tw::service
