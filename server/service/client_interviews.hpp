#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/accounts/login_tokens.hpp"
#include "service/interviews.hpp"

namespace tw::service {

/// `startInterview({nickName, queueId, signatureUrl, userInfoList, remotelyRiskVoideUrl, mode})` of an integrator's
/// page, which acts by a login token.
class ClientInterviews {
 public:
  static constexpr std::size_t kMostPeople = 10;  ///< who can be in the conversation at all

  /// A person of `userInfoList`: either faces are to be compared here, or the integrator brings its own result.
  struct Person {
    std::string name;
    std::string id_number;
    bool compare_here = false;           ///< useFaceIdentification
    std::string face_result{};           ///< passed, failed, not_done; of the integrator
    std::optional<double> similarity{};  ///< 0.0 to 100.0
  };
  struct Wanted {
    std::string nick_name;
    std::string queue;
    std::string mode = "remote";
    std::string contract_url;
    std::string risk_video_url;
    std::vector<Person> people;
    bool voice_only = false;
  };

  ClientInterviews(LoginTokens& tokens, Interviews& interviews, const std::string& public_url);

  struct LoggedIn {
    std::string company_name;
    std::string tenant_name;
    std::string nick_name;  ///< empty: the page says it
    std::string queue_id;   ///< empty: the page says it
    WallTime expires_at;
  };
  /// Errors of LoginTokens::check, and `origin.not_allowed` (403) for a page that the tenant does not list: `origin` is
  /// the page's, empty for our own and for what is no page.
  [[nodiscard]] Result<LoggedIn> login(std::string_view token, const LoginTokens::Scope& scope,
                                       const std::string& origin) const;
  /// What the page needs of the new interview; the rest is its integrator's.
  struct Started {
    InterviewId interview;
    LinkView customer_link;
  };
  /// Creates the interview and uses the token up; a refusal leaves it as it was. `client.not_built` (501,
  /// params.features) names everything asked for that this server does not have, `login_token.scope` a nick name or
  /// queue that is not the granted one, `risk_video.origin` (422) a film from elsewhere than our own or the tenant's
  /// pages; and the errors of Interviews::create.
  [[nodiscard]] Result<Started> start(std::string_view token, const LoginTokens::Scope& scope,
                                      const std::string& origin, const Wanted& wanted);

 private:
  LoginTokens& tokens_;
  Interviews& interviews_;
  std::string public_origin_;
};

}  // namespace tw::service
