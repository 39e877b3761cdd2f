#include <boost/json.hpp>

#include "domain/outcome_rules.hpp"
#include "service/view_builder.hpp"
#include "store/accounts/outcome_rules.hpp"
#include "store/agents.hpp"
#include "store/interview_notes.hpp"

/// What only agents see of an interview: notes, marks, the consent; and what they owe.
namespace tw::service {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// Empty where a text is no object; ours always are.
json::object object_of(const std::string& text) {
  boost::system::error_code error;
  const auto value = json::parse(text, error);
  return error || !value.is_object() ? json::object() : value.get_object();
}

}  // namespace

NotesView build_notes(store::Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  auto row = store::interview_notes::find(connection, tenant, interview);
  return {row.version, std::move(row.text), row.updated_at,
          row.updated_by ? store::agents::display_name(connection, tenant, *row.updated_by) : std::string()};
}

std::vector<MarkView> build_marks(store::Connection& connection, const TenantId& tenant, const InterviewId& interview) {
  std::vector<MarkView> marks;
  for (const auto& entry : store::interviews::timeline_of_kind(connection, tenant, interview, kMarkSet)) {
    marks.push_back({entry.number, entry.at, text_of(object_of(entry.data_json), "label")});
  }
  return marks;
}

std::optional<GivenConsent> build_consent(const std::string& consent_json) {
  if (consent_json.empty()) return std::nullopt;
  const json::object consent = object_of(consent_json);
  const auto* accepted = consent.if_contains("accepted");
  const auto at = parse_rfc3339(text_of(consent, "at"));
  if (accepted == nullptr || !accepted->is_bool() || !accepted->get_bool() || !at) return std::nullopt;
  return GivenConsent{*at, text_of(consent, "language"), text_of(consent, "textVersion"),
                      text_of(consent, "userAgent")};
}

OwedOutcomes build_owed_outcomes(store::Connection& connection, const TenantId& tenant, const AgentId& agent) {
  const auto allowed = store::outcome_deadline(connection, tenant);
  OwedOutcomes owed;
  owed.deadline_minutes = allowed.count();
  for (const auto& outcome : store::interviews::deferred_outcomes(connection, tenant, agent)) {
    ++owed.count;
    if (outcome.overdue) ++owed.overdue;
    if (outcome.overdue || owed.next_until) continue;
    owed.next_until = outcome.until;
    owed.next_remind_at = outcome.until - domain::reminder_lead(allowed);
  }
  return owed;
}

}  // namespace tw::service
