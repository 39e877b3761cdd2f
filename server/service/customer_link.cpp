#include "service/customer_link.hpp"

#include "service/core.hpp"
#include "service/media_tokens.hpp"

namespace tw::service {

LinkView make_customer_link(const Core& core, const TenantId& tenant, const InterviewId& interview, WallTime expires) {
  const std::string token = make_interview_token(kLinkPrefix, {tenant, interview}, expires, core.link_key());
  return {core.settings().public_url + "/i#t=" + token, expires};
}

}  // namespace tw::service
