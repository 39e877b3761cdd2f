#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/accounts/context.hpp"
#include "service/caller.hpp"

namespace tw::service {

enum class ReasonKind { rejected, needs_supplement };
[[nodiscard]] const char* to_string(ReasonKind kind);
[[nodiscard]] std::optional<ReasonKind> parse_reason_kind(std::string_view text);

/// A sentence that agents choose from when they do not pass a customer.
struct Reason {
  ReasonId id;
  ReasonKind kind = ReasonKind::rejected;
  std::string text;
  bool enabled = true;
};

class AdminReasons {
 public:
  static constexpr std::int64_t kMostReasons = 200;  ///< of a tenant

  explicit AdminReasons(AccountsContext context);

  [[nodiscard]] Result<std::vector<Reason>> list(const Caller& caller);
  /// `reason.duplicate`, `reason.too_many` (409).
  [[nodiscard]] Result<Reason> create(const Caller& caller, ReasonKind kind, const std::string& text);
  struct Change {
    std::optional<std::string> text;
    std::optional<bool> enabled;
  };
  [[nodiscard]] Result<Reason> update(const Caller& caller, const std::string& id, const Change& change);

 private:
  AccountsContext context_;
};

}  // namespace tw::service
