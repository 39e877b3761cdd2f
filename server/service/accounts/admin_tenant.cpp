#include "service/accounts/admin_tenant.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "base/utf8.hpp"
#include "service/accounts/brands.hpp"
#include "service/accounts/embed_origins.hpp"
#include "service/accounts/guest_texts.hpp"
#include "service/accounts/rules.hpp"
#include "service/return_address.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/brands.hpp"
#include "store/accounts/outcome_rules.hpp"
#include "store/accounts/tenants.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

constexpr const char* kZoneFolder = "/usr/share/zoneinfo";
constexpr std::size_t kMostZoneBytes = 64;
constexpr std::size_t kMostOriginBytes = 256;
/// A URL may have more in its host, but origins stand in headers, where "*", ";" and "'" mean something.
constexpr std::string_view kOriginCharacters = "abcdefghijklmnopqrstuvwxyz0123456789.-:/[]";

/// A name of the time zone database, which the machine knows where it has that database.
bool is_time_zone(const std::string& zone) {
  if (zone.empty() || zone.size() > kMostZoneBytes || zone.front() == '/' || zone.back() == '/') return false;
  const bool plain = std::all_of(zone.begin(), zone.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '+';
  });
  if (!plain) return false;
  std::error_code ignored;
  const std::filesystem::path folder(kZoneFolder);
  return !std::filesystem::is_directory(folder, ignored) || std::filesystem::is_regular_file(folder / zone, ignored);
}

/// The origins in their one form, each once. `field` is the contract's name, `code` what a wrong one answers.
Result<std::vector<std::string>> normalise_origins(const std::vector<std::string>& origins, const char* field,
                                                   const char* code, std::size_t most) {
  if (origins.size() > most) return field_invalid(field, "There can be at most " + std::to_string(most) + " origins.");
  std::vector<std::string> normalised;
  for (const std::string& text : origins) {
    const auto origin =
        text.size() <= kMostOriginBytes ? origin_of(text) : field_invalid(field, "An origin is shorter.");
    // Nothing may stand behind the origin: somebody who writes a path expects it to be checked.
    const std::size_t end = text.find("://");
    const bool bare = end != std::string::npos && text.find_first_of("/?#", end + 3) == std::string::npos;
    if (!origin || !bare || origin->find_first_not_of(kOriginCharacters) != std::string::npos) {
      return fail(ErrorKind::unprocessable, code, "An origin looks like https://example.com, without a path.",
                  {{"field", field}});
    }
    if (std::find(normalised.begin(), normalised.end(), *origin) == normalised.end()) normalised.push_back(*origin);
  }
  return normalised;
}

Result<void> check_consent_text(const AdminTenant::Change::ConsentText& text) {
  if (text.language != "zh-CN" && text.language != "en")
    return field_invalid("consentTexts", "A consent text is in zh-CN or en.");
  const auto characters = count_characters(text.text);
  const bool blank = text.text.find_first_not_of(" \t\r\n") == std::string::npos;
  if (!characters || blank || *characters > AdminTenant::kMostConsentCharacters) {
    return fail(ErrorKind::unprocessable, "tenant.consent_text",
                "A consent text cannot be empty or longer than 4000 characters.");
  }
  return {};
}

Result<void> check(const AdminTenant::Change& change) {
  if (change.name) {
    if (auto good = check_name("name", *change.name); !good) return good;
  }
  if (change.place_policy && *change.place_policy != "required" && *change.place_policy != "optional" &&
      *change.place_policy != "off") {
    return field_invalid("placePolicy", "placePolicy is required, optional or off.");
  }
  if (change.customer_photos && *change.customer_photos != "none" && *change.customer_photos != "view" &&
      *change.customer_photos != "view_and_delete") {
    return field_invalid("customerPhotos", "customerPhotos is none, view or view_and_delete.");
  }
  if (change.call_orientation && *change.call_orientation != "any" && *change.call_orientation != "landscape") {
    return field_invalid("callOrientation", "callOrientation is any or landscape.");
  }
  if (change.time_zone && !is_time_zone(*change.time_zone)) {
    return fail(ErrorKind::unprocessable, "tenant.time_zone",
                "This time zone is not known; use a name such as Asia/Shanghai.");
  }
  if (change.recording_retention_days && *change.recording_retention_days) {
    const std::int64_t days = **change.recording_retention_days;
    if (days < domain::Retention::kLeastDays || days > domain::Retention::kMostDays) {
      return field_invalid("recordingRetentionDays", "Recordings are kept for 1 to 36500 days, or for ever (null).");
    }
  }
  const auto& minutes = change.outcome_deadline_minutes;
  if (minutes && (*minutes < AdminTenant::kLeastDeadlineMinutes || *minutes > AdminTenant::kMostDeadlineMinutes)) {
    return field_invalid("outcomeDeadlineMinutes", "An outcome may be put off for 1 to 43200 minutes.");
  }
  if (change.brand_colour && !change.brand_colour->empty() && !normalised_colour(*change.brand_colour)) {
    return field_invalid("brandColour", "A colour looks like #1f5fbf.");
  }
  for (const auto* texts : {&change.consent_texts, &change.guest_consent_texts}) {
    for (const auto& text : *texts) {
      if (auto good = check_consent_text(text); !good) return good;
    }
  }
  return {};
}

Result<Tenant> view(store::Connection& connection, const TenantId& id) {
  const auto row = store::find_tenant(connection, id);
  if (!row) return not_found();
  Tenant tenant{row->id,        row->account, row->name, row->place_policy,   row->return_origins,
                row->time_zone, {},           {},        row->retention.days, {}};
  tenant.embed_origins = row->embed_origins;
  tenant.customer_sees_outcome = row->customer_sees_outcome;
  tenant.customer_photos = row->customer_photos;
  tenant.call_orientation = row->call_orientation;
  for (const auto& text : store::current_consent_texts(connection, id)) {
    tenant.consent_texts.push_back({text.version, text.language, text.body, text.sha256});
  }
  for (const auto& text : guest_consent_texts(connection, id)) {
    tenant.guest_consent_texts.push_back({text.version, text.language, text.body, text.sha256});
  }
  tenant.after = store::after_rules(connection, id);
  tenant.outcome_deadline_minutes = store::outcome_deadline(connection, id).count();
  BrandView brand = build_brand(connection, id, row->name);
  tenant.brand_colour = std::move(brand.colour);
  tenant.logo_url = std::move(brand.logo_url);
  return tenant;
}

/// Derived, not stored; outside of transactions, because finding the tenant's key is a read of its own.
Result<Tenant> with_secret(const AccountsContext& context, Result<Tenant> tenant) {
  if (!tenant) return tenant;
  const auto key = context.tenant_keys.of(tenant->id);
  if (!key) return tl::unexpected(key.error());
  tenant->return_secret = return_secret(*key);
  return tenant;
}

}  // namespace

AdminTenant::AdminTenant(AccountsContext context, EmbedOrigins* embed_origins)
    : context_(context), embed_origins_(embed_origins) {}

Result<Tenant> AdminTenant::read(const Caller& caller) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  return with_secret(
      context_, context_.database.read([&](store::Connection& connection) { return view(connection, caller.tenant); }));
}

Result<Tenant> AdminTenant::update(const Caller& caller, const Change& change) {
  if (auto allowed = require(caller, {CallerKind::administrator}); !allowed) return tl::unexpected(allowed.error());
  if (auto good = check(change); !good) return tl::unexpected(good.error());
  std::vector<std::string> origins;
  if (change.return_origins) {
    auto normalised =
        normalise_origins(*change.return_origins, "returnOrigins", "tenant.return_origin", kMostReturnOrigins);
    if (!normalised) return tl::unexpected(normalised.error());
    origins = std::move(*normalised);
  }
  std::vector<std::string> embedding;
  if (change.embed_origins) {
    auto normalised =
        normalise_origins(*change.embed_origins, "embedOrigins", "tenant.embed_origin", kMostEmbedOrigins);
    if (!normalised) return tl::unexpected(normalised.error());
    embedding = std::move(*normalised);
  }
  const WallTime now = context_.clock.wall_now();
  auto changed = context_.database.write([&](store::Transaction& transaction) -> Result<Tenant> {
    auto row = store::find_tenant(transaction, caller.tenant);
    if (!row) return not_found();
    row->name = change.name.value_or(row->name);
    row->place_policy = change.place_policy.value_or(row->place_policy);
    row->time_zone = change.time_zone.value_or(row->time_zone);
    row->customer_photos = change.customer_photos.value_or(row->customer_photos);
    row->call_orientation = change.call_orientation.value_or(row->call_orientation);
    if (change.return_origins) row->return_origins = origins;
    if (change.embed_origins) row->embed_origins = embedding;
    row->customer_sees_outcome = change.customer_sees_outcome.value_or(row->customer_sees_outcome);
    if (change.recording_retention_days && *change.recording_retention_days != row->retention.days) {
      row->retention = {*change.recording_retention_days, now};
    }
    store::change_tenant(transaction, *row);
    if (change.outcome_deadline_minutes) {
      store::set_outcome_deadline(transaction, caller.tenant, std::chrono::minutes(*change.outcome_deadline_minutes));
    }
    if (change.brand_colour) {
      store::set_brand_colour(transaction, caller.tenant,
                              normalised_colour(*change.brand_colour).value_or(std::string()), now);
    }
    store::AfterRules after = store::after_rules(transaction, caller.tenant);
    after.ask_satisfaction = change.ask_satisfaction.value_or(after.ask_satisfaction);
    after.tell_reason = change.tell_reason.value_or(after.tell_reason);
    store::set_after_rules(transaction, caller.tenant, after);
    std::string languages;
    for (const auto& [language, text] : change.consent_texts) {
      if (store::put_consent_text(transaction, caller.tenant, language, text, now))
        languages += (languages.empty() ? "" : ",") + language;
    }
    for (const auto& [language, text] : change.guest_consent_texts) {
      if (store::put_guest_consent_text(transaction, caller.tenant, language, text, now))
        languages += (languages.empty() ? "guest " : ",guest ") + language;
    }
    store::append_audit(
        transaction,
        {caller.tenant, now, caller.actor(), "tenant.changed", caller.tenant.str(),
         json_of({{"placePolicy", row->place_policy},
                  {"timeZone", row->time_zone},
                  {"newConsentTexts", languages},
                  {"embedOrigins", std::to_string(row->embed_origins.size())},
                  {"customerSeesOutcome", row->customer_sees_outcome ? "yes" : "no"},
                  {"tellReason", after.tell_reason ? "yes" : "no"},
                  {"askSatisfaction", after.ask_satisfaction ? "yes" : "no"},
                  {"customerPhotos", row->customer_photos},
                  {"callOrientation", row->call_orientation},
                  {"brandColour", store::brand_of(transaction, caller.tenant).colour},
                  {"recordingRetentionDays", row->retention.days ? std::to_string(*row->retention.days) : "never"},
                  {"outcomeDeadlineMinutes",
                   std::to_string(store::outcome_deadline(transaction, caller.tenant).count())}})},
        context_.random);
    return view(transaction, caller.tenant);
  });
  if (changed && change.embed_origins && embed_origins_ != nullptr) {
    if (auto reloaded = embed_origins_->reload(); !reloaded) return tl::unexpected(reloaded.error());
  }
  return with_secret(context_, std::move(changed));
}

}  // namespace tw::service
