#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// Kind of the timeline's entry: `version`, `characters`, `agentId`; never the text.
inline constexpr const char* kNotesSaved = "notes_saved";

/// What an agent writes down beside an interview. For the company's own people: no customer, third party, webhook or
/// log line ever carries it.
class Notes {
 public:
  static constexpr std::size_t kMostCharacters = 4'000;
  /// Savings of an interview that are told on its timeline: a page that writes for ever cannot fill it.
  static constexpr std::int64_t kMostOnTimeline = 200;

  explicit Notes(Core& core) : core_(core) {}

  /// Users who may see the interview. `interview.unknown` (404).
  [[nodiscard]] Result<NotesView> read(const Caller& caller, const std::string& interview);
  /// Whoever conducts the interview or did last, on top of the version they have read (0: none). `notes.conflict` (409,
  /// with the version there is) when somebody wrote meanwhile; the same text again is no conflict, so that a request
  /// may be repeated. `field.invalid` for one too long; `interview.not_talking`, `interview.not_yours` (409).
  [[nodiscard]] Result<NotesView> write(const Caller& caller, const std::string& interview, const std::string& text,
                                        std::int64_t version);

 private:
  Core& core_;
};

}  // namespace tw::service
