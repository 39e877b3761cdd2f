#include "domain/words.hpp"

#include <array>
#include <utility>

namespace tw::domain {
namespace {

template <class Word, std::size_t N>
using Table = std::array<std::pair<Word, std::string_view>, N>;

constexpr Table<Status, 6> kStatuses{{{Status::created, "created"},
                                      {Status::entered, "entered"},
                                      {Status::queued, "queued"},
                                      {Status::ringing, "ringing"},
                                      {Status::talking, "talking"},
                                      {Status::ended, "ended"}}};
constexpr Table<EndReason, 8> kEndReasons{{{EndReason::concluded, "concluded"},
                                           {EndReason::left_queue, "left_queue"},
                                           {EndReason::queue_timeout, "queue_timeout"},
                                           {EndReason::no_answer, "no_answer"},
                                           {EndReason::hung_up, "hung_up"},
                                           {EndReason::connection_lost, "connection_lost"},
                                           {EndReason::consent_refused, "consent_refused"},
                                           {EndReason::expired, "expired"}}};
constexpr Table<OutcomeKind, 3> kOutcomes{{{OutcomeKind::passed, "passed"},
                                           {OutcomeKind::rejected, "rejected"},
                                           {OutcomeKind::needs_supplement, "needs_supplement"}}};
constexpr Table<Presence, 4> kPresences{
    {{Presence::online, "online"}, {Presence::busy, "busy"}, {Presence::away, "away"}, {Presence::offline, "offline"}}};
constexpr Table<Activity, 4> kActivities{{{Activity::idle, "idle"},
                                          {Activity::ringing, "ringing"},
                                          {Activity::talking, "talking"},
                                          {Activity::wrapping_up, "wrapping_up"}}};
constexpr Table<ConnectionState, 4> kConnections{{{ConnectionState::absent, "absent"},
                                                  {ConnectionState::connected, "connected"},
                                                  {ConnectionState::unstable, "unstable"},
                                                  {ConnectionState::lost, "lost"}}};
constexpr Table<PlaceStatus, 3> kPlaces{
    {{PlaceStatus::given, "given"}, {PlaceStatus::refused, "refused"}, {PlaceStatus::unavailable, "unavailable"}}};
constexpr Table<PlacePolicy, 3> kPolicies{
    {{PlacePolicy::required, "required"}, {PlacePolicy::optional, "optional"}, {PlacePolicy::off, "off"}}};

template <class Word, std::size_t N>
std::string_view spell(const Table<Word, N>& table, Word value) {
  for (const auto& [word, text] : table) {
    if (word == value) return text;
  }
  return "unknown";
}
template <class Word, std::size_t N>
std::optional<Word> look_up(const Table<Word, N>& table, std::string_view wanted) {
  for (const auto& [word, text] : table) {
    if (text == wanted) return word;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_text(Status value) { return spell(kStatuses, value); }
std::string_view to_text(EndReason value) { return spell(kEndReasons, value); }
std::string_view to_text(OutcomeKind value) { return spell(kOutcomes, value); }
std::string_view to_text(Presence value) { return spell(kPresences, value); }
std::string_view to_text(Activity value) { return spell(kActivities, value); }
std::string_view to_text(ConnectionState value) { return spell(kConnections, value); }
std::string_view to_text(PlaceStatus value) { return spell(kPlaces, value); }
std::string_view to_text(PlacePolicy value) { return spell(kPolicies, value); }

template <>
std::optional<Status> parse<Status>(std::string_view text) {
  return look_up(kStatuses, text);
}
template <>
std::optional<EndReason> parse<EndReason>(std::string_view text) {
  return look_up(kEndReasons, text);
}
template <>
std::optional<OutcomeKind> parse<OutcomeKind>(std::string_view text) {
  return look_up(kOutcomes, text);
}
template <>
std::optional<Presence> parse<Presence>(std::string_view text) {
  return look_up(kPresences, text);
}
template <>
std::optional<Activity> parse<Activity>(std::string_view text) {
  return look_up(kActivities, text);
}
template <>
std::optional<PlaceStatus> parse<PlaceStatus>(std::string_view text) {
  return look_up(kPlaces, text);
}
template <>
std::optional<PlacePolicy> parse<PlacePolicy>(std::string_view text) {
  return look_up(kPolicies, text);
}

}  // namespace tw::domain
