#include "service/client_interviews.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "service/accounts/agent_links.hpp"
#include "service/return_address.hpp"

namespace tw::service {
namespace {

/// A page that is open now follows the link now.
constexpr std::int64_t kLinkValidSeconds = 3'600;
constexpr const char* kRemote = "remote";

/// Everything asked for that is not built, separated by commas: said, never left out silently.
std::string unbuilt_features(const ClientInterviews::Wanted& wanted) {
  std::vector<std::string> features;
  if (wanted.mode != kRemote) features.push_back(wanted.mode);
  if (!wanted.contract_url.empty()) features.emplace_back("contract");
  if (std::any_of(wanted.people.begin(), wanted.people.end(), [](const auto& person) { return person.compare_here; }))
    features.emplace_back("faces");
  std::string text;
  for (const auto& feature : features) text += (text.empty() ? "" : ",") + feature;
  return text;
}

std::string result_text(const std::string& result) {
  if (result == "passed") return "通过 passed";
  if (result == "failed") return "未通过 failed";
  return "未识别 not done";
}

std::string similarity_text(double similarity) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.1f", similarity);
  return text.data();
}

/// What the page said of people, for the agent's order panel; the titles say whose word it is.
std::vector<OrderSection> sections_of(const std::vector<ClientInterviews::Person>& people) {
  std::vector<OrderSection> sections;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto& person = people[i];
    OrderSection section{"borrower", "客户端上报 · 人员 " + std::to_string(i + 1), {}};
    if (!person.name.empty()) section.fields.push_back({"姓名 Name", person.name});
    if (!person.id_number.empty()) section.fields.push_back({"证件号 Id number", person.id_number});
    section.fields.push_back({"人脸结果 Face result", result_text(person.face_result)});
    if (person.similarity) section.fields.push_back({"相似度 Similarity", similarity_text(*person.similarity)});
    sections.push_back(std::move(section));
  }
  return sections;
}

Result<void> check_origin(const LoginTokens::Login& login, const std::string& origin) {
  if (origin.empty() || has_registered_origin(origin, login.embed_origins)) return {};
  return fail(ErrorKind::forbidden, "origin.not_allowed", "The company does not list this page's origin.");
}

/// Names that the integrator's server fixed are not the page's to choose.
Result<void> check_granted(const LoginTokens::NewToken& granted, const ClientInterviews::Wanted& wanted) {
  if ((granted.nick_name.empty() || granted.nick_name == wanted.nick_name) &&
      (granted.queue_id.empty() || granted.queue_id == wanted.queue))
    return {};
  return fail(ErrorKind::forbidden, "login_token.scope", "The login is for another nick name or queue.");
}

}  // namespace

ClientInterviews::ClientInterviews(LoginTokens& tokens, Interviews& interviews, const std::string& public_url)
    : tokens_(tokens), interviews_(interviews), public_origin_(origin_of(public_url).value_or(std::string())) {}

Result<ClientInterviews::LoggedIn> ClientInterviews::login(std::string_view token, const LoginTokens::Scope& scope,
                                                           const std::string& origin) const {
  const auto login = tokens_.check(token, scope);
  if (!login) return tl::unexpected(login.error());
  if (auto allowed = check_origin(*login, origin); !allowed) return tl::unexpected(allowed.error());
  return LoggedIn{login->granted.company_name, login->tenant_name, login->granted.nick_name, login->granted.queue_id,
                  login->expires_at};
}

Result<ClientInterviews::Started> ClientInterviews::start(std::string_view token, const LoginTokens::Scope& scope,
                                                          const std::string& origin, const Wanted& wanted) {
  const auto login = tokens_.check(token, scope);
  if (!login) return tl::unexpected(login.error());
  if (auto allowed = check_origin(*login, origin); !allowed) return tl::unexpected(allowed.error());
  if (auto granted = check_granted(login->granted, wanted); !granted) return tl::unexpected(granted.error());
  if (const std::string features = unbuilt_features(wanted); !features.empty()) {
    tokens_.refused(token, *login, features);
    return fail(ErrorKind::unsupported, "client.not_built", "This server does not have everything that was asked for.",
                {{"features", features}});
  }
  // A page runs at the customer's: a film of their choosing would be played to the agent and stand in the recording.
  std::vector<std::string> film_origins = login->embed_origins;
  film_origins.push_back(public_origin_);
  if (!wanted.risk_video_url.empty() && wanted.risk_video_url != login->granted.risk_video_url &&
      !has_registered_origin(wanted.risk_video_url, film_origins)) {
    return fail(ErrorKind::unprocessable, "risk_video.origin",
                "A page may name only films of this server or of the company's own pages.");
  }
  const auto used = tokens_.use(token, scope);
  if (!used) return tl::unexpected(used.error());
  NewInterview interview;
  interview.business_id = used->granted.business_id;
  interview.assist_id = used->granted.assist_id;
  interview.company_name = used->granted.company_name;
  interview.nick_name = wanted.nick_name;
  interview.queue = wanted.queue;
  interview.order_endpoint = used->granted.order_endpoint;
  interview.return_url = used->granted.return_url;
  interview.risk_video_url = wanted.risk_video_url.empty() ? used->granted.risk_video_url : wanted.risk_video_url;
  interview.voice_only = wanted.voice_only;
  interview.link_valid_seconds = kLinkValidSeconds;
  interview.supplied = sections_of(wanted.people);
  auto created = interviews_.create(used->integrator, interview);
  if (!created) {
    tokens_.release(token);
    return tl::unexpected(created.error());
  }
  tokens_.became(token, created->interview.id);
  return Started{created->interview.id, created->customer_link};
}

}  // namespace tw::service
