#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/mark_label.hpp"
#include "service/accounts/context.hpp"
#include "service/caller.hpp"

namespace tw::service {

/// A word that agents set on the timeline of a conversation ("risk read"), by one key where it has one.
struct MarkLabel {
  MarkLabelId id;
  std::string text;
  std::optional<std::int64_t> key;  ///< 1 to 9
  std::int64_t order = 0;
};

/// The company's list of them. Marks that were set keep their text, whatever becomes of the list.
class AdminMarkLabels {
 public:
  static constexpr std::int64_t kMostLabels = 50;     ///< of a company: a list beside the call, not a catalogue
  static constexpr std::size_t kMostCharacters = 60;  ///< a chapter's title
  static constexpr std::int64_t kFirstKey = 1;        ///< 0 is a tenth of the film in players; not used here
  static constexpr std::int64_t kLastKey = 9;
  static constexpr std::int64_t kMostOrder = 1'000'000;

  explicit AdminMarkLabels(AccountsContext context);

  [[nodiscard]] Result<std::vector<MarkLabel>> list(const Caller& caller);
  struct NewLabel {
    std::string text;
    std::optional<std::int64_t> key;
    std::optional<std::int64_t> order;  ///< at the end of the list when left out
  };
  /// `mark_label.duplicate`, `mark_label.key_taken`, `mark_label.too_many` (409).
  [[nodiscard]] Result<MarkLabel> create(const Caller& caller, const NewLabel& label);
  struct Change {
    std::optional<std::string> text;
    std::optional<std::optional<std::int64_t>> key;  ///< nullopt inside: no key any more
    std::optional<std::int64_t> order;
  };
  /// As create(), and `not_found`.
  [[nodiscard]] Result<MarkLabel> update(const Caller& caller, const std::string& id, const Change& change);
  [[nodiscard]] Result<void> remove(const Caller& caller, const std::string& id);

 private:
  AccountsContext context_;
};

}  // namespace tw::service
