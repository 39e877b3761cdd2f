#pragma once

#include <chrono>
#include <optional>

#include "service/views.hpp"
#include "store/accounts/tenants.hpp"
#include "store/interviews.hpp"

namespace tw::service {

/// How long after the end a customer may say how content they were: the page is open, or is opened once more.
inline constexpr std::chrono::hours kSatisfactionOpenFor{24};

/// A23: what an integrator gets of an interview that has ended. `interview` is the view of the same record.
[[nodiscard]] ExitView build_exit(store::Connection& connection, const store::InterviewRecord& record,
                                  const InterviewView& interview);
/// nullopt until the customer has said it.
[[nodiscard]] std::optional<SatisfactionView> build_satisfaction(store::Connection& connection, const TenantId& tenant,
                                                                 const InterviewId& interview);
/// What the customer's page is told of the end: never of the decision where the company does not tell it, and never its
/// reason where it does not tell that.
void add_after(store::Connection& connection, const store::InterviewRecord& record, const store::TenantRow& tenant,
               WallTime now, CustomerState& state);

}  // namespace tw::service
