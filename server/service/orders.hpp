#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/payloads.hpp"
#include "service/views.hpp"
#include "store/interviews.hpp"

namespace tw::service {

class Core;

/// Asks the integrator's system whether this customer may still be interviewed, and with what data. Blocking.
/// `order.unavailable` (503, `cause` is an HTTP status, `malformed` or an outgoing.* code), `interview.not_allowed`
/// (403) with the integrator's message.
[[nodiscard]] Result<OrderAnswer> ask_order_endpoint(Core& core, const store::InterviewRecord& record);

/// The order beside the call, asked for anew.
class Orders {
 public:
  /// An integrator's system is asked no more often for one interview, and never by two at once.
  static constexpr std::chrono::seconds kPause{5};

  explicit Orders(Core& core) : core_(core) {}

  /// Whoever conducts the interview. What came is shown from now on; a refusal or a failure changes nothing and stands
  /// on the timeline. `order.no_endpoint` (409), `order.too_soon` (429), and as ask_order_endpoint.
  [[nodiscard]] Result<AgentInterview> refresh(const Caller& caller, const std::string& interview);

 private:
  Core& core_;
};

}  // namespace tw::service
