#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <map>

#include "service/accounts/accounts_test_support.hpp"
#include "service/accounts/webhook_delivery.hpp"
#include "service/accounts/webhook_endpoints.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;

class WebhooksTest : public AccountsTest {
 protected:
  CreatedWebhookEndpoint endpoint(const std::string& url = "https://bank.example/hooks",
                                  std::vector<std::string> events = {}) {
    return endpoints_.create(api_key(), {url, "", std::move(events)}).value();
  }
  void happen(const std::string& type, const std::string& interview = "itv_1") {
    const WallTime now = clock_.wall_now();
    execute(
        "INSERT INTO outbox (tenant_id, id, interview_id, type, payload_json, at) VALUES (:t, :id, :interview, :type, "
        ":payload, :at)",
        {{"t", tenant_},
         {"id", "evt_" + std::to_string(++events_)},
         {"interview", interview},
         {"type", type},
         {"payload", R"({"id":")" + interview + R"("})"},
         {"at", now}});
  }
  std::vector<WebhookMessage> messages() { return endpoints_.messages(api_key(), {}, {}).value().items; }
  void answer_with(unsigned status) {
    http_.answer = [status](const OutgoingRequest&) -> Result<OutgoingResponse> {
      return OutgoingResponse{status, "", ""};
    };
  }
  void answer_nothing() {
    http_.answer = [](const OutgoingRequest&) -> Result<OutgoingResponse> {
      return fail(ErrorKind::unavailable, "outgoing.timeout", "No answer.");
    };
  }

  FakeOutgoing http_;
  WebhookDelivery delivery_{context_, http_, wake_ups_};
  WebhookEndpoints endpoints_{context_, http_, delivery_};
  int events_ = 0;
};

/// Not with the code under test: OpenSSL's one-shot HMAC and base64 over a text put together here.
std::string independent_signature(const std::string& secret, const std::string& id, const std::string& timestamp,
                                  const std::string& body) {
  const std::string coded = secret.substr(std::string("whsec_").size());
  std::vector<unsigned char> key(coded.size());
  const int length =
      EVP_DecodeBlock(key.data(), reinterpret_cast<const unsigned char*>(coded.data()), static_cast<int>(coded.size()));
  const auto padding = static_cast<int>(std::count(coded.begin(), coded.end(), '='));
  const std::string text = id + "." + timestamp + "." + body;
  unsigned char mac[32];
  unsigned int mac_length = 0;
  HMAC(EVP_sha256(), key.data(), length - padding, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       mac, &mac_length);
  unsigned char out[64];
  EVP_EncodeBlock(out, mac, static_cast<int>(mac_length));
  return std::string("v1,") + reinterpret_cast<const char*>(out);
}

TEST(WebhookSignature, MatchesThePublishedVector) {
  // The example of the Standard Webhooks reference libraries.
  const auto signature = webhook_signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                           1614265330, R"({"test": 2432232314})");
  EXPECT_EQ(signature.value(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  EXPECT_EQ(code_of(webhook_signature("secret", "m", 1, "b")), "webhook.bad_secret");
}

TEST_F(WebhooksTest, AnEventReachesEveryEndpointThatWantsItSigned) {
  const auto all = endpoint("https://bank.example/all");
  const auto some = endpoint("https://bank.example/some", {"recording.ready"});
  happen("interview.answered");
  EXPECT_EQ(delivery_.run_due(), std::nullopt);
  ASSERT_EQ(http_.sent.size(), 1u);
  const OutgoingRequest request = http_.sent[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://bank.example/all");
  EXPECT_EQ(header_of(request, "Content-Type"), "application/json");
  EXPECT_EQ(request.body, R"({"type":"interview.answered","timestamp":")" + to_rfc3339(clock_.wall_now()) +
                              R"(","data":{"id":"itv_1"}})");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(clock_.wall_now()).time_since_epoch().count();
  EXPECT_EQ(header_of(request, "webhook-timestamp"), std::to_string(seconds));
  EXPECT_EQ(header_of(request, "webhook-signature"),
            independent_signature(all.secret, header_of(request, "webhook-id"), std::to_string(seconds), request.body));

  clock_.advance(1s);
  happen("recording.ready");
  delivery_.run_due();
  EXPECT_EQ(http_.sent.size(), 3u);
  const auto listed = messages();
  ASSERT_EQ(listed.size(), 3u);
  for (const auto& message : listed) {
    EXPECT_EQ(message.status, "delivered");
    EXPECT_EQ(message.attempts, 1);
    EXPECT_EQ(message.last_result, "204");
    EXPECT_EQ(message.interview_id, InterviewId::trusted("itv_1"));
    EXPECT_FALSE(message.next_attempt_at);
  }
  EXPECT_EQ(header_of(request, "webhook-id"), listed.back().id.str());
}

TEST_F(WebhooksTest, AFailedAttemptIsRepeatedSoonUnderTheSameIdWithAFreshTimestamp) {
  const auto made = endpoint();
  int calls = 0;
  http_.answer = [&calls](const OutgoingRequest&) -> Result<OutgoingResponse> {
    return OutgoingResponse{++calls == 1 ? 500u : 200u, "", ""};
  };
  happen("recording.ready");
  const auto next = delivery_.run_due();
  ASSERT_TRUE(next);
  EXPECT_LE(*next - clock_.wall_now(), 5s);
  EXPECT_EQ(wake_ups_.asked.back(), *next);
  EXPECT_EQ(messages().front().status, "pending");
  EXPECT_EQ(messages().front().last_result, "500");

  clock_.advance(std::chrono::duration_cast<std::chrono::microseconds>(*next - clock_.wall_now()) - 1us);
  delivery_.run_due();
  EXPECT_EQ(http_.sent.size(), 1u) << "not before it is due";
  clock_.advance(1us);
  EXPECT_EQ(delivery_.run_due(), std::nullopt);
  ASSERT_EQ(http_.sent.size(), 2u);
  EXPECT_EQ(header_of(http_.sent[0], "webhook-id"), header_of(http_.sent[1], "webhook-id"));
  EXPECT_NE(header_of(http_.sent[0], "webhook-timestamp"), header_of(http_.sent[1], "webhook-timestamp"));
  EXPECT_EQ(header_of(http_.sent[1], "webhook-signature"),
            independent_signature(made.secret, header_of(http_.sent[1], "webhook-id"),
                                  header_of(http_.sent[1], "webhook-timestamp"), http_.sent[1].body));
  EXPECT_EQ(messages().front().status, "delivered");
  EXPECT_EQ(messages().front().attempts, 2);
}

TEST_F(WebhooksTest, BacksOffAndGivesUpAfterTheLastTry) {
  endpoint();
  answer_with(503);
  happen("interview.ended");
  std::vector<std::chrono::seconds> waits;
  auto next = delivery_.run_due();
  while (next) {
    waits.push_back(std::chrono::duration_cast<std::chrono::seconds>(*next - clock_.wall_now()));
    clock_.advance(*next - clock_.wall_now());
    next = delivery_.run_due();
    ASSERT_LE(waits.size(), WebhookDelivery::kMostAttempts);
  }
  EXPECT_EQ(waits,
            std::vector<std::chrono::seconds>(WebhookDelivery::kBackOff.begin(), WebhookDelivery::kBackOff.end()));
  EXPECT_EQ(http_.sent.size(), WebhookDelivery::kMostAttempts);
  EXPECT_EQ(messages().front().status, "failed");
  EXPECT_EQ(messages().front().attempts, static_cast<std::int64_t>(WebhookDelivery::kMostAttempts));
}

TEST_F(WebhooksTest, AFailedOneIsSentAgainByHandWithAFreshRound) {
  endpoint();
  answer_with(503);
  happen("interview.ended");
  for (auto next = delivery_.run_due(); next; next = delivery_.run_due()) clock_.advance(*next - clock_.wall_now());
  const auto id = messages().front().id.str();
  const auto resent = endpoints_.resend(api_key(), id);
  ASSERT_TRUE(resent);
  EXPECT_EQ(resent->status, "pending");
  EXPECT_EQ(wake_ups_.asked.back(), clock_.wall_now());
  delivery_.run_due();
  EXPECT_EQ(messages().front().status, "pending") << "one more failure is not the end";
  answer_with(200);
  EXPECT_TRUE(endpoints_.resend(administrator(), id));
  delivery_.run_due();
  EXPECT_EQ(messages().front().status, "delivered");
  EXPECT_EQ(messages().front().attempts, static_cast<std::int64_t>(WebhookDelivery::kMostAttempts) + 2);
  EXPECT_TRUE(endpoints_.resend(api_key(), id)) << "a delivered one too";
  delivery_.run_due();
  EXPECT_EQ(messages().front().attempts, static_cast<std::int64_t>(WebhookDelivery::kMostAttempts) + 3);
}

TEST_F(WebhooksTest, ADeletedEndpointTakesItsUndeliveredMessagesAlong) {
  const auto made = endpoint();
  answer_with(500);
  happen("interview.ended");
  delivery_.run_due();
  ASSERT_EQ(messages().size(), 1u);
  ASSERT_TRUE(endpoints_.remove(api_key(), made.endpoint.id.str()));
  EXPECT_TRUE(messages().empty());
  clock_.advance(48h);
  EXPECT_EQ(delivery_.run_due(), std::nullopt);
  EXPECT_EQ(http_.sent.size(), 1u);
  EXPECT_EQ(code_of(endpoints_.remove(api_key(), made.endpoint.id.str())), "webhook.unknown");
}

TEST_F(WebhooksTest, ADisabledEndpointGetsNothingAndGoesOnWhenEnabled) {
  const auto made = endpoint();
  answer_with(500);
  happen("interview.queued");
  delivery_.run_due();
  const WebhookEndpoints::Change disable{.url = {}, .description = {}, .enabled = false, .events = {}};
  ASSERT_TRUE(endpoints_.update(api_key(), made.endpoint.id.str(), disable));
  happen("interview.answered");
  clock_.advance(48h);
  EXPECT_EQ(delivery_.run_due(), std::nullopt) << "nothing to wait for";
  EXPECT_EQ(http_.sent.size(), 1u);
  EXPECT_EQ(messages().size(), 1u) << "what happens meanwhile is not for it";
  EXPECT_EQ(code_of(endpoints_.resend(api_key(), messages().front().id.str())), "webhook.endpoint_disabled");

  answer_with(200);
  const WebhookEndpoints::Change enable{.url = {}, .description = {}, .enabled = true, .events = {}};
  ASSERT_TRUE(endpoints_.update(api_key(), made.endpoint.id.str(), enable));
  delivery_.run_due();
  EXPECT_EQ(http_.sent.size(), 2u);
  EXPECT_EQ(messages().front().status, "delivered");
}

TEST_F(WebhooksTest, AnEndpointDisabledDuringAnAttemptIsNotTriedAgain) {
  const auto made = endpoint();
  http_.answer = [&](const OutgoingRequest&) -> Result<OutgoingResponse> {
    EXPECT_TRUE(endpoints_.update(api_key(), made.endpoint.id.str(),
                                  {.url = {}, .description = {}, .enabled = false, .events = {}}));
    return OutgoingResponse{500, "", ""};
  };
  happen("interview.queued");
  EXPECT_EQ(delivery_.run_due(), std::nullopt);
  EXPECT_EQ(messages().front().status, "pending");
  EXPECT_EQ(messages().front().attempts, 1);
}

TEST_F(WebhooksTest, GoneDisablesTheEndpoint) {
  const auto made = endpoint();
  answer_with(410);
  happen("interview.queued");
  EXPECT_EQ(delivery_.run_due(), std::nullopt);
  EXPECT_EQ(messages().front().status, "failed");
  EXPECT_FALSE(endpoints_.list(api_key())->front().enabled);
  EXPECT_EQ(audit_actions().back(), "webhook_endpoint.disabled");
}

TEST_F(WebhooksTest, AnUnreachableEndpointIsTriedOnceARoundAndKeepsNobodyElseWaiting) {
  const auto dead = endpoint("https://dead.example/");
  const auto alive = endpoint("https://alive.example/");
  http_.answer = [](const OutgoingRequest& request) -> Result<OutgoingResponse> {
    if (request.url == "https://dead.example/") return fail(ErrorKind::unavailable, "outgoing.timeout", "No answer.");
    return OutgoingResponse{200, "", ""};
  };
  for (int i = 0; i < 5; ++i) happen("interview.queued");
  delivery_.run_due();
  const auto sent_to = [&](const std::string& url) {
    return std::count_if(http_.sent.begin(), http_.sent.end(), [&](const auto& request) { return request.url == url; });
  };
  EXPECT_EQ(sent_to("https://dead.example/"), 1);
  EXPECT_EQ(sent_to("https://alive.example/"), 5);
  std::int64_t attempts = 0;
  const auto of_dead =
      endpoints_.messages(api_key(), {.endpoint_id = dead.endpoint.id.str(), .interview_id = ""}, {}).value();
  for (const auto& message : of_dead.items) {
    EXPECT_EQ(message.status, "pending");
    attempts += message.attempts;
  }
  EXPECT_EQ(attempts, 1) << "those that were not tried were not counted";
}

TEST_F(WebhooksTest, AnEventIsHandedOutOnceWhateverHappens) {
  endpoint();
  answer_nothing();
  happen("interview.queued");
  for (int i = 0; i < 3; ++i) delivery_.run_due();
  WebhookDelivery after_restart(context_, http_, wake_ups_);
  after_restart.run_due();
  EXPECT_EQ(messages().size(), 1u);
}

TEST_F(WebhooksTest, MoreThanARoundIsSentInRounds) {
  endpoint();
  for (std::size_t i = 0; i < WebhookDelivery::kMostAtOnce + 3; ++i) happen("interview.queued");
  EXPECT_EQ(delivery_.run_due(), clock_.wall_now()) << "the rest is due at once";
  EXPECT_EQ(http_.sent.size(), WebhookDelivery::kMostAtOnce);
  EXPECT_EQ(delivery_.run_due(), std::nullopt);
  EXPECT_EQ(http_.sent.size(), WebhookDelivery::kMostAtOnce + 3);
}

TEST_F(WebhooksTest, OldMessagesAreDroppedThoseThatWaitAreNot) {
  endpoint();
  happen("interview.queued");
  delivery_.run_due();
  answer_nothing();
  happen("interview.answered");
  delivery_.run_due();
  clock_.advance(WebhookDelivery::kKeptFor + 1s);
  execute("UPDATE webhook_messages SET next_attempt_at = :later WHERE status = 'pending'",
          {{"later", clock_.wall_now() + 1h}});
  delivery_.run_due();
  ASSERT_EQ(messages().size(), 1u);
  EXPECT_EQ(messages().front().type, "interview.answered");
  EXPECT_EQ(number("SELECT COUNT(*) FROM outbox"), 0);
}

TEST_F(WebhooksTest, EndpointsAreForApiKeysAndAdministratorsAndShowTheirSecretOnce) {
  for (const Caller& caller : {agent_caller(), customer()}) {
    EXPECT_EQ(code_of(endpoints_.list(caller)), "auth.wrong_role");
    EXPECT_EQ(code_of(endpoints_.create(caller, {"https://x.example", "", {}})), "auth.wrong_role");
    EXPECT_EQ(code_of(endpoints_.update(caller, "x", {})), "auth.wrong_role");
    EXPECT_EQ(code_of(endpoints_.remove(caller, "x")), "auth.wrong_role");
    EXPECT_EQ(code_of(endpoints_.messages(caller, {}, {})), "auth.wrong_role");
    EXPECT_EQ(code_of(endpoints_.resend(caller, "x")), "auth.wrong_role");
  }
  const auto made = endpoint();
  EXPECT_TRUE(made.secret.starts_with("whsec_"));
  EXPECT_EQ(from_base64(made.secret.substr(6))->size(), 32u);
  EXPECT_EQ(made.endpoint.events, webhook_event_types());
  EXPECT_EQ(number("SELECT COUNT(*) FROM webhook_endpoints WHERE wrapped_secret LIKE :s",
                   {{"s", "%" + made.secret.substr(6, 20) + "%"}}),
            0);
  EXPECT_TRUE(endpoints_.list(administrator()));
}

TEST_F(WebhooksTest, WrongEndpointsAreRefusedByName) {
  const std::pair<WebhookEndpoints::NewEndpoint, const char*> table[] = {
      {{"http://bank.example", "", {}}, "outgoing.not_https"},
      {{"rubbish", "", {}}, "outgoing.malformed"},
      {{"https://" + std::string(1'024, 'x'), "", {}}, "field.invalid"},
      {{"https://bank.example", std::string(201, 'x'), {}}, "field.invalid"},
      {{"https://bank.example", "", {"interview.exploded"}}, "field.invalid"}};
  for (const auto& [wrong, code] : table) EXPECT_EQ(code_of(endpoints_.create(api_key(), wrong)), code);
  EXPECT_EQ(endpoints_.create(api_key(), {"rubbish", "", {}}).error().kind, ErrorKind::unprocessable);
  for (std::int64_t i = 0; i < WebhookEndpoints::kMostEndpoints; ++i) endpoint();
  EXPECT_EQ(code_of(endpoints_.create(api_key(), {"https://bank.example", "", {}})), "webhook.too_many");
}

TEST_F(WebhooksTest, AnotherCompanysEndpointsAndMessagesAreUnknown) {
  const auto made = endpoint();
  happen("interview.queued");
  delivery_.run_due();
  const Caller other = stranger();
  EXPECT_TRUE(endpoints_.list(other)->empty());
  EXPECT_TRUE(endpoints_.messages(other, {}, {})->items.empty());
  EXPECT_TRUE(
      endpoints_.messages(other, {.endpoint_id = made.endpoint.id.str(), .interview_id = ""}, {})->items.empty());
  EXPECT_EQ(code_of(endpoints_.update(other, made.endpoint.id.str(), {})), "webhook.unknown");
  EXPECT_EQ(code_of(endpoints_.remove(other, made.endpoint.id.str())), "webhook.unknown");
  EXPECT_EQ(code_of(endpoints_.resend(other, messages().front().id.str())), "webhook.message_unknown");
}

TEST_F(WebhooksTest, MessagesAreFilteredAndPaged) {
  endpoint();
  for (int i = 0; i < 5; ++i) {
    happen("interview.queued", i % 2 == 0 ? "itv_even" : "itv_odd");
    clock_.advance(1s);
  }
  delivery_.run_due();
  EXPECT_EQ(endpoints_.messages(api_key(), {.endpoint_id = "", .interview_id = "itv_odd"}, {})->items.size(), 2u);
  std::vector<MessageId> paged;
  PageRequest request{.cursor = "", .limit = 2};
  do {
    const auto page = endpoints_.messages(api_key(), {}, request);
    for (const auto& message : page->items) paged.push_back(message.id);
    request.cursor = page->next_cursor;
  } while (!request.cursor.empty());
  EXPECT_EQ(paged.size(), 5u);
  EXPECT_TRUE(std::is_sorted(paged.rbegin(), paged.rend())) << "newest first";
}

}  // namespace
}  // namespace tw::service
