#pragma once

#include <optional>
#include <string_view>

/// The words of the business, each with its spelling on the wire and in the database.
namespace tw::domain {

enum class Status { created, entered, queued, ringing, talking, ended };
/// How an interview ended; not the same as its outcome.
enum class EndReason {
  concluded,
  left_queue,
  queue_timeout,
  no_answer,
  hung_up,
  connection_lost,
  consent_refused,
  expired,
};
/// What the agent decided.
enum class OutcomeKind { passed, rejected, needs_supplement };
enum class Presence { online, busy, away, offline };
enum class Activity { idle, ringing, talking, wrapping_up };
/// How the server sees a side of an interview.
enum class ConnectionState { absent, connected, unstable, lost };
enum class PlaceStatus { given, refused, unavailable };
enum class PlacePolicy { required, optional, off };

[[nodiscard]] std::string_view to_text(Status value);
[[nodiscard]] std::string_view to_text(EndReason value);
[[nodiscard]] std::string_view to_text(OutcomeKind value);
[[nodiscard]] std::string_view to_text(Presence value);
[[nodiscard]] std::string_view to_text(Activity value);
[[nodiscard]] std::string_view to_text(ConnectionState value);
[[nodiscard]] std::string_view to_text(PlaceStatus value);
[[nodiscard]] std::string_view to_text(PlacePolicy value);

/// nullopt for a word that is none of them. `parse<Status>("queued")`.
template <class Word>
[[nodiscard]] std::optional<Word> parse(std::string_view text);
template <>
std::optional<Status> parse<Status>(std::string_view text);
template <>
std::optional<EndReason> parse<EndReason>(std::string_view text);
template <>
std::optional<OutcomeKind> parse<OutcomeKind>(std::string_view text);
template <>
std::optional<Presence> parse<Presence>(std::string_view text);
template <>
std::optional<Activity> parse<Activity>(std::string_view text);
template <>
std::optional<PlaceStatus> parse<PlaceStatus>(std::string_view text);
template <>
std::optional<PlacePolicy> parse<PlacePolicy>(std::string_view text);

}  // namespace tw::domain
