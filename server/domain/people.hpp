#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"

/// Who is in a room, and what each may send and see there. Pure rules; a table tests every combination.
namespace tw {

struct GuestIdTag {
  static constexpr std::string_view kPrefix = "gst";
};
using GuestId = Id<GuestIdTag>;
struct SupervisorIdTag {
  static constexpr std::string_view kPrefix = "sup";
};
/// Of one session of a supervisor in one conversation, and their name in its room.
using SupervisorId = Id<SupervisorIdTag>;

}  // namespace tw

namespace tw::domain {

/// Customer, agent, guests and supervisors; the player speaks to all of them and is not counted.
inline constexpr std::size_t kMostPeople = 10;
inline constexpr std::size_t kMostSupervisors = 2;

enum class Part { customer, agent, guest, supervisor, player };
enum class SupervisionMode { listen, whisper, join };
enum class GuestStatus { invited, joined, left, removed };

[[nodiscard]] std::string_view to_text(Part value);
[[nodiscard]] std::string_view to_text(SupervisionMode value);
[[nodiscard]] std::string_view to_text(GuestStatus value);
[[nodiscard]] std::optional<SupervisionMode> parse_supervision_mode(std::string_view text);
[[nodiscard]] std::optional<GuestStatus> parse_guest_status(std::string_view text);

inline constexpr std::string_view kCamera = "camera";
inline constexpr std::string_view kScreen = "screen";
inline constexpr std::string_view kWhisper = "whisper";
inline constexpr std::string_view kBroadcast = "broadcast";
[[nodiscard]] bool is_stream(std::string_view name);

/// Somebody in a room as far as rights go; `mode` counts for supervisors only.
struct Party {
  Part part = Part::customer;
  SupervisionMode mode = SupervisionMode::listen;
};

/// Does `viewer` know that `owner` is here? Whoever listens is seen by supervisors alone, whoever whispers by the agent
/// too.
[[nodiscard]] bool may_see(const Party& viewer, const Party& owner);
[[nodiscard]] bool may_publish(const Party& owner, std::string_view stream);
/// A whisper is for the agent alone, so that no mistake of a page can bring it to the customer.
[[nodiscard]] bool may_watch(const Party& viewer, const Party& owner, std::string_view stream);

/// What a participant's name in a room says of their part; nullopt for a name that nobody can have.
[[nodiscard]] std::optional<Part> part_of(std::string_view participant);

}  // namespace tw::domain
