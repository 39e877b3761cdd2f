#include "service/notes.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/utf8.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/interview_notes.hpp"

namespace tw::service {
namespace {

/// That they were written, by whom and how long they are. Neither the text nor a digest of it: API keys read the
/// timeline, and the digest of some words gives them away to whoever tries some words.
Result<void> note_saving(Work& work, store::InterviewRecord& record, const store::interview_notes::NotesRow& notes) {
  if (notes.version > Notes::kMostOnTimeline) return {};
  const boost::json::object data{{"version", notes.version},
                                 {"characters", count_characters(notes.text).value_or(0)},
                                 {"agentId", notes.updated_by ? notes.updated_by->str() : std::string()}};
  return work.note(record, {kNotesSaved, boost::json::serialize(data)});
}

Result<void> check_notes(const std::string& text) {
  const auto count = count_characters(text);
  if (count && *count <= Notes::kMostCharacters) return {};
  return fail(ErrorKind::invalid, "field.invalid", "text must be a text of at most 4000 characters.",
              {{"field", "text"}});
}

}  // namespace

Result<NotesView> Notes::read(const Caller& caller, const std::string& interview) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  return core_.database().read([&](store::Connection& connection) -> Result<NotesView> {
    const auto record = visible_interview(connection, caller, interview);
    if (!record) return tl::unexpected(record.error());
    return build_notes(connection, caller.tenant, record->state.id);
  });
}

Result<NotesView> Notes::write(const Caller& caller, const std::string& interview, const std::string& text,
                               std::int64_t version) {
  if (auto allowed = require_user(caller); !allowed) return tl::unexpected(allowed.error());
  if (auto good = check_notes(text); !good) return tl::unexpected(good.error());
  return transact(core_, [&](Work& work) -> Result<NotesView> {
    auto record = visible_interview(work.sql(), caller, interview);
    if (!record) return tl::unexpected(record.error());
    if (auto conducts = require_conductor(*record, caller); !conducts) return tl::unexpected(conducts.error());
    const InterviewId& id = record->state.id;
    auto notes = store::interview_notes::find(work.sql(), caller.tenant, id);
    if (notes.text == text) return build_notes(work.sql(), caller.tenant, id);
    if (notes.version != version) {
      return fail(ErrorKind::conflict, "notes.conflict", "The notes were changed meanwhile; read them again.",
                  {{"version", std::to_string(notes.version)}});
    }
    notes = {version + 1, text, work.now(), caller.user()};
    store::interview_notes::put(work.sql(), caller.tenant, id, notes);
    if (auto noted = note_saving(work, *record, notes); !noted) return tl::unexpected(noted.error());
    work.effects.desks_changed.emplace(caller.tenant, caller.user());
    return build_notes(work.sql(), caller.tenant, id);
  });
}

}  // namespace tw::service
