#include "service/after_views.hpp"

#include "service/view_builder.hpp"
#include "store/accounts/after_rules.hpp"
#include "store/satisfaction.hpp"

namespace tw::service {

ExitView build_exit(store::Connection& connection, const store::InterviewRecord& record,
                    const InterviewView& interview) {
  ExitView exit;
  if (interview.place) {
    exit.latitude_longitude = interview.place->latitude_longitude;
    exit.location_information = interview.place->location_information;
  }
  if (interview.recording) {
    exit.recording =
        RecordingReferenceView{interview.recording->status, interview.recording->path, interview.recording->name,
                               "/api/v1/interviews/" + record.state.id.str() + "/recording"};
  }
  exit.photos = build_photos(connection, record.tenant, record.state.id);
  std::erase_if(exit.photos, [](const PhotoView& photo) { return photo.status != "ready"; });
  return exit;
}

std::optional<SatisfactionView> build_satisfaction(store::Connection& connection, const TenantId& tenant,
                                                   const InterviewId& interview) {
  auto row = store::satisfaction::find(connection, tenant, interview);
  if (!row) return std::nullopt;
  return SatisfactionView{row->score, std::move(row->comment), row->given_at};
}

void add_after(store::Connection& connection, const store::InterviewRecord& record, const store::TenantRow& tenant,
               WallTime now, CustomerState& state) {
  const domain::Interview& s = record.state;
  state.receipt_number = record.receipt_number;
  const bool talked = s.status == domain::Status::ended && s.answered_at.has_value();
  const store::AfterRules rules = store::after_rules(connection, record.tenant);
  if (tenant.customer_sees_outcome) {
    state.outcome = s.outcome;
    if (rules.tell_reason) state.outcome_reason = s.outcome_reason;
    state.outcome_pending = talked && !s.outcome;
  }
  if (!talked || !s.ended_at || !rules.ask_satisfaction) return;
  const WallTime until = *s.ended_at + kSatisfactionOpenFor;
  const auto given = store::satisfaction::find(connection, record.tenant, s.id);
  if (given) state.satisfaction = AskedSatisfactionView{until, given->score};
  if (!given && now < until) state.satisfaction = AskedSatisfactionView{until, std::nullopt};
}

}  // namespace tw::service
