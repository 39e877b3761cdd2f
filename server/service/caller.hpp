#pragma once

#include <initializer_list>
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace tw::service {

enum class CallerKind { api_key, agent, administrator, customer, guest };

/// Who asks. Made by `Authenticator` from the bearer token; every use case decides by it who may and whose data is
/// meant.
struct Caller {
  TenantId tenant;
  CallerKind kind = CallerKind::customer;
  std::string id;         ///< key_… of an API key, agt_… of a user, cus_… of a customer, gst_… of a guest
  std::string session;    ///< sig_… of a user's sign-in, or the customer's or guest's session; empty for an API key
  InterviewId interview;  ///< customers and guests only: the one interview that the session is for
  bool can_supervise = false;  ///< users only

  [[nodiscard]] bool is_user() const { return kind == CallerKind::agent || kind == CallerKind::administrator; }
  [[nodiscard]] bool is_administrator() const { return kind == CallerKind::administrator; }
  /// Users only.
  [[nodiscard]] AgentId user() const { return AgentId::trusted(id); }
  /// As it stands in the audit log and the timeline: "agent agt_…".
  [[nodiscard]] std::string actor() const;
};

/// `auth.wrong_role` (403) unless the caller is of one of these kinds.
[[nodiscard]] Result<void> require(const Caller& caller, std::initializer_list<CallerKind> kinds);
/// The same for the company's own people.
[[nodiscard]] Result<void> require_user(const Caller& caller);

}  // namespace tw::service
