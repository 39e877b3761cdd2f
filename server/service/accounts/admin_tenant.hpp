#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/accounts/context.hpp"
#include "service/caller.hpp"
#include "store/accounts/after_rules.hpp"

namespace tw::service {

class EmbedOrigins;

/// What a customer agrees to. A changed text is a new version; old versions stay, because consents name them.
struct ConsentTextVersion {
  std::string version;
  std::string language;
  std::string text;
  std::string sha256;
};

struct Tenant {
  TenantId id;
  std::string account;
  std::string name;
  std::string place_policy;  ///< required, optional, off
  std::vector<std::string> return_origins;
  std::string time_zone;
  std::vector<ConsentTextVersion> consent_texts;           ///< the newest of each language
  std::vector<ConsentTextVersion> guest_consent_texts;     ///< for third parties
  std::optional<std::int64_t> recording_retention_days{};  ///< nullopt: recordings are kept for ever
  std::string return_secret;                               ///< with it the integrator checks `sign` of return addresses
  std::vector<std::string> embed_origins{};   ///< pages that may show ours in a frame and call for a customer
  bool customer_sees_outcome = false;         ///< the decision, at the end
  std::string customer_photos = "view";       ///< none, view, view_and_delete
  std::string call_orientation = "any";       ///< any, landscape
  std::int64_t outcome_deadline_minutes = 0;  ///< how long an outcome may be put off
  std::string brand_colour{};                 ///< #rrggbb; empty: the product's own
  std::string logo_url{};                     ///< empty: left out
  store::AfterRules after{};                  ///< what customers are asked and told at the end
};

class AdminTenant {
 public:
  static constexpr std::size_t kMostReturnOrigins = 50;
  static constexpr std::size_t kMostEmbedOrigins = 20;  ///< all of them stand in a header of each page that is framed
  static constexpr std::size_t kMostConsentCharacters = 4'000;
  static constexpr std::int64_t kLeastDeadlineMinutes = 1;
  static constexpr std::int64_t kMostDeadlineMinutes = 43'200;  ///< thirty days

  /// `embed_origins` are told when they were changed.
  explicit AdminTenant(AccountsContext context, EmbedOrigins* embed_origins = nullptr);

  [[nodiscard]] Result<Tenant> read(const Caller& caller);
  struct Change {
    std::optional<std::string> name;
    std::optional<std::string> place_policy;
    std::optional<std::vector<std::string>> return_origins;
    std::optional<std::string> time_zone;
    struct ConsentText {
      std::string language;
      std::string text;
    };
    std::vector<ConsentText> consent_texts;
    std::vector<ConsentText> guest_consent_texts;
    /// From domain::Retention::kLeastDays to kMostDays; nullopt inside: for ever.
    std::optional<std::optional<std::int64_t>> recording_retention_days;
    std::optional<std::vector<std::string>> embed_origins;
    std::optional<bool> customer_sees_outcome;
    std::optional<std::string> customer_photos;
    std::optional<std::string> call_orientation;
    std::optional<std::int64_t> outcome_deadline_minutes;  ///< from kLeastDeadlineMinutes to kMostDeadlineMinutes
    std::optional<std::string> brand_colour;               ///< #rrggbb, or empty for the product's own
    std::optional<bool> ask_satisfaction;
    std::optional<bool> tell_reason;
  };
  /// `field.invalid` (400), `tenant.time_zone`, `tenant.return_origin`, `tenant.embed_origin`, `tenant.consent_text`
  /// (422).
  [[nodiscard]] Result<Tenant> update(const Caller& caller, const Change& change);

 private:
  AccountsContext context_;
  EmbedOrigins* embed_origins_;
};

}  // namespace tw::service
