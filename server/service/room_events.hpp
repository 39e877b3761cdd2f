#pragma once

#include <string>
#include <vector>

#include "domain/timeline.hpp"
#include "recording/processor.hpp"

namespace tw::service {

/// What of an interview's timeline matters for its film: everything that changes who is seen, and the chapters.
[[nodiscard]] std::vector<recording::RoomEvent> room_events(const std::vector<domain::TimelineEntry>& timeline);

/// Third parties that joined, in that order, with the names they gave.
[[nodiscard]] std::vector<recording::ComposeJob::Person> guests_in(const std::vector<domain::TimelineEntry>& timeline);

/// Supervisors who were heard, in that order: participant and user. `joined_only`: where everybody saw them; else those
/// who only whispered, too.
struct HeardSupervisor {
  std::string participant;
  std::string user;
};
[[nodiscard]] std::vector<HeardSupervisor> supervisors_in(const std::vector<domain::TimelineEntry>& timeline,
                                                          bool joined_only);

/// Who sat on the agent's side, and from when: one, and another after each transfer.
struct SeatedAgent {
  WallTime from;
  std::string user;
};
[[nodiscard]] std::vector<SeatedAgent> agents_in(const std::vector<domain::TimelineEntry>& timeline);

}  // namespace tw::service
