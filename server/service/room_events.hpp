#pragma once

#include <functional>
#include <string>
#include <vector>

#include "domain/timeline.hpp"
#include "recording/processor.hpp"

namespace tw::service {

/// What of an interview's timeline matters for its film: everything that changes who is seen, and the chapters.
[[nodiscard]] std::vector<recording::RoomEvent> room_events(const std::vector<domain::TimelineEntry>& timeline);

/// Whose display name is asked for, by the id of the user.
using NameOfUser = std::function<std::string(const std::string& user)>;
/// Names of supervisors by their participant: those who joined (they are in the film), or all of them, with whoever
/// only whispered.
[[nodiscard]] std::vector<recording::ComposeJob::Person> supervisors_in(
    const std::vector<domain::TimelineEntry>& timeline, bool joined_only, const NameOfUser& name_of);

/// Third parties that joined, in that order, with the names they gave.
[[nodiscard]] std::vector<recording::ComposeJob::Person> guests_in(const std::vector<domain::TimelineEntry>& timeline);

}  // namespace tw::service
