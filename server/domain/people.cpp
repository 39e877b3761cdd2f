#include "domain/people.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tw::domain {
namespace {

constexpr std::array<std::pair<Part, std::string_view>, 5> kParts{{{Part::customer, "customer"},
                                                                   {Part::agent, "agent"},
                                                                   {Part::guest, "guest"},
                                                                   {Part::supervisor, "supervisor"},
                                                                   {Part::player, "player"}}};
constexpr std::array<std::pair<SupervisionMode, std::string_view>, 3> kModes{
    {{SupervisionMode::listen, "listen"}, {SupervisionMode::whisper, "whisper"}, {SupervisionMode::join, "join"}}};
constexpr std::array<std::pair<GuestStatus, std::string_view>, 4> kGuests{{{GuestStatus::invited, "invited"},
                                                                           {GuestStatus::joined, "joined"},
                                                                           {GuestStatus::left, "left"},
                                                                           {GuestStatus::removed, "removed"}}};

template <class Table, class Word>
std::string_view spell(const Table& table, Word value) {
  for (const auto& [word, text] : table) {
    if (word == value) return text;
  }
  return "unknown";
}
template <class Word, class Table>
std::optional<Word> look_up(const Table& table, std::string_view wanted) {
  for (const auto& [word, text] : table) {
    if (text == wanted) return word;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_text(Part value) { return spell(kParts, value); }
std::string_view to_text(SupervisionMode value) { return spell(kModes, value); }
std::string_view to_text(GuestStatus value) { return spell(kGuests, value); }
std::optional<SupervisionMode> parse_supervision_mode(std::string_view text) {
  return look_up<SupervisionMode>(kModes, text);
}
std::optional<GuestStatus> parse_guest_status(std::string_view text) { return look_up<GuestStatus>(kGuests, text); }

bool is_stream(std::string_view name) {
  return name == kCamera || name == kScreen || name == kWhisper || name == kBroadcast;
}

bool may_see(const Party& viewer, const Party& owner) {
  if (owner.part != Part::supervisor || viewer.part == Part::supervisor) return true;
  if (owner.mode == SupervisionMode::join) return true;
  return owner.mode == SupervisionMode::whisper && viewer.part == Part::agent;
}

bool may_publish(const Party& owner, std::string_view stream) {
  switch (owner.part) {
    case Part::customer:
    case Part::agent:
    case Part::guest: return stream == kCamera || stream == kScreen;
    case Part::supervisor:
      if (owner.mode == SupervisionMode::join) return stream == kCamera;
      return owner.mode == SupervisionMode::whisper && stream == kWhisper;
    case Part::player: return stream == kBroadcast;
  }
  return false;
}

bool may_watch(const Party& viewer, const Party& owner, std::string_view stream) {
  if (viewer.part == Part::player || !may_publish(owner, stream) || !may_see(viewer, owner)) return false;
  return stream != kWhisper || viewer.part == Part::agent;
}

std::optional<Part> part_of(std::string_view participant) {
  if (participant == "customer") return Part::customer;
  if (participant == "agent") return Part::agent;
  if (participant == "player") return Part::player;
  if (GuestId::parse(participant)) return Part::guest;
  if (SupervisorId::parse(participant)) return Part::supervisor;
  return std::nullopt;
}

}  // namespace tw::domain
