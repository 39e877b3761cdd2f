#pragma once

#include <string>

#include "api/http/message.hpp"
#include "base/result.hpp"

namespace tw::api {

/// The HTTP status of an error: by its kind, and by its code where one kind has several (405, 415, 428, 501).
[[nodiscard]] unsigned status_of(const Error& error);

/// Problem details (RFC 9457) of an error. The same error gives the same bytes: nothing of the request is in it, so
/// that another tenant's id cannot be told from an unknown one. Carries WWW-Authenticate (401) and Retry-After (429,
/// 503). The message of an internal error stays in the log.
[[nodiscard]] Response problem(const Error& error);

}  // namespace tw::api
