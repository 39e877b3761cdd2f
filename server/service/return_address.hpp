#pragma once

#include <string>

#include "base/result.hpp"
#include "crypto/secret_key.hpp"
#include "store/interviews.hpp"

namespace tw::service {

/// With what integrators check the return address: base64url of a key derived from the tenant's. The same for ever.
[[nodiscard]] std::string return_secret(const SecretKey& tenant_key);

/// How the interview ended, signed so that an integrator's server may believe a page that brings it: interview,
/// endReason, time (RFC 3339), place ("latitude,longitude", or refused, unavailable, or empty), receipt (empty for
/// interviews of before there were any) and sign: base64url of HMAC-SHA256 over the text before "&sign=", keyed with
/// the text of return_secret. Never the outcome or its reason, and nothing of photos. Empty until the interview has
/// ended.
[[nodiscard]] std::string signed_exit(const store::InterviewRecord& record, const std::string& secret);

/// Where the customer goes at the end: the integrator's address with signed_exit at the end of its query. Empty where
/// no address was given or the interview has not ended.
[[nodiscard]] std::string return_address(const store::InterviewRecord& record, const std::string& secret);

/// "https://bank.example:8443" of an address; `return_url.malformed` when there is none. http only for localhost.
[[nodiscard]] Result<std::string> origin_of(const std::string& url);

}  // namespace tw::service
