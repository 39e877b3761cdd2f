#include "service/caller.hpp"

#include <algorithm>

namespace tw::service {

std::string Caller::actor() const {
  switch (kind) {
    case CallerKind::api_key: return "api_key " + id;
    case CallerKind::agent: return "agent " + id;
    case CallerKind::administrator: return "administrator " + id;
    case CallerKind::guest: return "guest " + id;
    case CallerKind::customer: break;
  }
  return "customer " + id;
}

Result<void> require(const Caller& caller, std::initializer_list<CallerKind> kinds) {
  if (std::find(kinds.begin(), kinds.end(), caller.kind) != kinds.end()) return {};
  return fail(ErrorKind::forbidden, "auth.wrong_role",
              "These credentials are not for this; use those of the right role.");
}

Result<void> require_user(const Caller& caller) {
  return require(caller, {CallerKind::agent, CallerKind::administrator});
}

}  // namespace tw::service
