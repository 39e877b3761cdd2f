#pragma once

#include "base/result.hpp"
#include "service/core.hpp"
#include "service/views.hpp"

namespace tw::service {

/// Where the customer stands, with the return address once the interview has ended.
[[nodiscard]] Result<CustomerState> read_customer_state(Core& core, const TenantId& tenant,
                                                        const InterviewId& interview);

}  // namespace tw::service
