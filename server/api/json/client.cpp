#include "api/json/views.hpp"
#include "api/json/write.hpp"

namespace tw::api {
namespace json = boost::json;

json::object to_json(const service::LoginTokens::Token& token) {
  json::object out;
  put(out, "token", token.token);
  put(out, "expiresAt", token.expires_at);
  return out;
}

json::object to_json(const service::ClientInterviews::LoggedIn& login) {
  json::object out;
  put(out, "companyName", login.company_name);
  put(out, "tenantName", login.tenant_name);
  put_text(out, "nickName", login.nick_name);
  put_text(out, "queueId", login.queue_id);
  put(out, "expiresAt", login.expires_at);
  return out;
}

json::object to_json(const service::ClientInterviews::Started& started) {
  json::object out;
  put(out, "interviewId", started.interview);
  out["customerLink"] = to_json(started.customer_link);
  return out;
}

}  // namespace tw::api
