#pragma once

#include <vector>

#include "domain/timeline.hpp"
#include "recording/processor.hpp"

namespace tw::service {

/// What of an interview's timeline matters for its film: everything that changes who is seen, and the chapters.
[[nodiscard]] std::vector<recording::RoomEvent> room_events(const std::vector<domain::TimelineEntry>& timeline);

/// Third parties and supervisors that joined, in that order, with their names.
[[nodiscard]] std::vector<recording::ComposeJob::Person> others_in(const std::vector<domain::TimelineEntry>& timeline);

}  // namespace tw::service
