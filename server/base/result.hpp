#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace tw {

/// What kind of answer an error deserves. The API maps each to an HTTP status; other callers decide by it whether to
/// retry.
enum class ErrorKind {
  invalid,          ///< the caller sent something malformed or out of range (400)
  unauthenticated,  ///< no or unknown credentials (401)
  forbidden,        ///< known caller, wrong role (403)
  not_found,        ///< unknown id, or another tenant's (404)
  not_acceptable,   ///< understood, but nothing offered can be used (406)
  conflict,         ///< the state of the thing does not allow it (409)
  gone,             ///< it was there and has ended or expired (410)
  precondition,     ///< If-Match or similar did not hold (412)
  too_large,        ///< over a named limit (413)
  unsupported,      ///< wrong media type or a feature that is not built (415 or 501)
  unprocessable,    ///< well-formed but against a rule (422)
  rate_limited,     ///< too many of these (429)
  internal,         ///< our fault (500)
  unavailable,      ///< cannot now, may later: disk full, draining, queue at its limit (503)
};

/// A failure that can happen in normal running. `code` is stable and machine-readable ("interview.already_answered");
/// `message` is an English sentence for logs and developers that says what to do; `params` fill the sentences of the
/// user-facing catalogues. Neither may carry secrets or personal data.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string code;
  std::string message;
  std::vector<std::pair<std::string, std::string>> params;
};

template <class T>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorKind::conflict, "queue.in_use", "Queue still has waiting customers; empty it first.");`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string code, std::string message,
                                                std::vector<std::pair<std::string, std::string>> params = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(code), std::move(message), std::move(params)});
}

}  // namespace tw
