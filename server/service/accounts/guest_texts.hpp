#pragma once

#include <vector>

#include "base/ids.hpp"
#include "store/accounts/tenants.hpp"

namespace tw::service {

/// What guests of this tenant agree to, in both languages: its own texts, or those that the program comes with.
[[nodiscard]] std::vector<store::ConsentTextRow> guest_consent_texts(store::Connection& connection,
                                                                     const TenantId& tenant);

}  // namespace tw::service
