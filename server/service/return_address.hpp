#pragma once

#include <string>

#include "base/result.hpp"
#include "crypto/secret_key.hpp"
#include "store/interviews.hpp"

namespace tw::service {

/// With what integrators check the return address: base64url of a key derived from the tenant's. The same for ever.
[[nodiscard]] std::string return_secret(const SecretKey& tenant_key);

/// Where the customer goes at the end, with a signed query: interview, endReason, time (RFC 3339), place
/// ("latitude,longitude", or refused, unavailable, or empty) and sign: base64url of HMAC-SHA256 over the query text
/// before "&sign=", from "interview=" on, keyed with the text of return_secret. Never the outcome or its reason. Empty
/// where no address was given or the interview has not ended.
[[nodiscard]] std::string return_address(const store::InterviewRecord& record, const std::string& secret);

/// "https://bank.example:8443" of an address; `return_url.malformed` when there is none. http only for localhost.
[[nodiscard]] Result<std::string> origin_of(const std::string& url);

}  // namespace tw::service
