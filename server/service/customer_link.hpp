#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// The customer's link of an interview: good until then, on one device at a time.
[[nodiscard]] LinkView make_customer_link(const Core& core, const TenantId& tenant, const InterviewId& interview,
                                          WallTime expires);

}  // namespace tw::service
