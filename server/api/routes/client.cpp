#include "service/client_interviews.hpp"

#include "api/http/origins.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/failure_limiter.hpp"
#include "api/routes/routes.hpp"
#include "service/accounts/login_tokens.hpp"

/// What an integrator's page does by a login token, and the token itself.
namespace tw::api {
namespace {

constexpr std::size_t kMaxIdCharacters = 64;
constexpr std::size_t kMaxNameCharacters = 64;
constexpr std::size_t kMaxUrlCharacters = 1024;

Result<Response> create_token(service::LoginTokens& tokens, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::LoginTokens::NewToken wanted;
  const auto optional = [&fields](std::string_view name, std::size_t most) {
    return fields.optional_text(name, {0, most}).value_or(std::string());
  };
  wanted.account = optional("accountId", kMaxIdCharacters);
  wanted.business_id = fields.text("businessId", {1, kMaxIdCharacters});
  wanted.assist_id = optional("assistId", kMaxIdCharacters);
  wanted.company_name = fields.text("companyName", {1, kMaxNameCharacters});
  wanted.nick_name = optional("nickName", kMaxNameCharacters);
  wanted.queue_id = optional("queueId", kMaxIdCharacters);
  wanted.order_endpoint = optional("orderEndpoint", kMaxUrlCharacters);
  wanted.return_url = optional("returnUrl", kMaxUrlCharacters);
  wanted.risk_video_url = optional("riskVideoUrl", kMaxUrlCharacters);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(tokens.create(*request.caller, wanted), 201);
}

service::LoginTokens::Scope read_scope(Fields& fields) {
  service::LoginTokens::Scope scope;
  scope.account = fields.text("accountId", {1, kMaxIdCharacters});
  scope.business_id = fields.text("businessId", {1, kMaxIdCharacters});
  scope.assist_id = fields.optional_text("assistId", {0, kMaxIdCharacters}).value_or(std::string());
  scope.company_name = fields.text("companyName", {1, kMaxNameCharacters});
  return scope;
}

/// The page's origin where it is not our own under whatever name; empty for what is no page of others.
std::string foreign_origin(const Request& request) {
  const std::string_view origin = request.header("Origin");
  if (origin.empty()) return {};
  const std::string normal = normal_origin(origin);
  if (!normal.empty() && normal == normal_origin("https://" + std::string(request.header("Host")))) return {};
  return normal.empty() ? std::string(origin) : normal;
}

/// Runs `work` for a login that was given; whoever tries unknown ones is slowed down.
template <class Work>
Result<Response> with_login(FailureLimiter& limiter, const Request& request, unsigned status, Work work) {
  if (request.bearer().empty())
    return fail(ErrorKind::unauthenticated, "auth.required", "Send the login token as a bearer token.");
  if (auto allowed = limiter.check(request.address); !allowed) return tl::unexpected(allowed.error());
  auto result = work(request.bearer(), foreign_origin(request));
  if (!result && result.error().code == "login_token.unknown") limiter.failed(request.address);
  return answer(result, status);
}

Result<Response> log_in(service::ClientInterviews& interviews, FailureLimiter& limiter, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const auto scope = read_scope(fields);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return with_login(limiter, request, 200, [&](std::string_view token, const std::string& origin) {
    return interviews.login(token, scope, origin);
  });
}

service::ClientInterviews::Wanted read_wanted(Fields& fields) {
  service::ClientInterviews::Wanted wanted;
  wanted.nick_name = fields.text("nickName", {1, kMaxNameCharacters});
  wanted.queue = fields.text("queueId", {1, kMaxIdCharacters});
  wanted.mode = fields.optional_word("mode", {"remote", "self_service", "assistance_customer", "assistance_agent"})
                    .value_or("remote");
  wanted.contract_url = fields.optional_text("contractUrl", {0, kMaxUrlCharacters}).value_or(std::string());
  wanted.risk_video_url = fields.optional_text("riskVideoUrl", {0, kMaxUrlCharacters}).value_or(std::string());
  wanted.voice_only = fields.optional_flag("voiceOnly").value_or(false);
  static_cast<void>(fields.objects("people", service::ClientInterviews::kMostPeople, false, [&](Fields& person) {
    service::ClientInterviews::Person one;
    one.name = person.optional_text("name", {0, kMaxNameCharacters}).value_or(std::string());
    one.id_number = person.optional_text("idNumber", {0, kMaxIdCharacters}).value_or(std::string());
    one.compare_here = person.optional_flag("compareHere").value_or(false);
    one.face_result = person.optional_word("faceResult", {"passed", "failed", "not_done"}).value_or("not_done");
    one.similarity = person.optional_number("similarity", {0, 100});
    if (one.compare_here && (one.name.empty() || one.id_number.empty()))
      person.refuse("name", "and idNumber are needed to compare a face");
    wanted.people.push_back(std::move(one));
  }));
  return wanted;
}

Result<Response> start(service::ClientInterviews& interviews, FailureLimiter& limiter, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const auto scope = read_scope(fields);
  const auto wanted = read_wanted(fields);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return with_login(
      limiter, request, 201,
      [&](std::string_view token, const std::string& origin) -> Result<service::ClientInterviews::Started> {
        return interviews.start(token, scope, origin, wanted);
      });
}

}  // namespace

void add_client_routes(Router& router, const Services& services) {
  auto limiter = std::make_shared<FailureLimiter>(services.clock);
  router.add(Method::post, "/login-tokens", Access::api_key,
             [&tokens = services.login_tokens](const Request& request) { return create_token(tokens, request); });
  auto& interviews = services.client_interviews;
  router.add(Method::post, "/client/login", Access::own_check,
             [&interviews, limiter](const Request& request) { return log_in(interviews, *limiter, request); });
  router.add(Method::post, "/client/interviews", Access::own_check,
             [&interviews, limiter](const Request& request) { return start(interviews, *limiter, request); });
}

}  // namespace tw::api
