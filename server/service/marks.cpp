#include "service/marks.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service/accounts/rules.hpp"
#include "service/view_builder.hpp"
#include "service/work.hpp"
#include "store/accounts/mark_labels.hpp"

namespace tw::service {
namespace {

/// The words of the mark: of the list, or the agent's own.
Result<std::string> words_of(Work& work, const Caller& caller, const NewMark& mark) {
  if (mark.label.empty()) return mark.text;
  const auto id = MarkLabelId::parse(mark.label);
  const auto label = id ? store::find_mark_label(work.sql(), caller.tenant, *id) : std::nullopt;
  if (!label) return fail(ErrorKind::not_found, "mark_label.unknown", "There is no such mark in the list.");
  return label->text;
}

Result<void> require_talking(const store::InterviewRecord& record, const Caller& caller) {
  if (record.state.status != domain::Status::talking)
    return fail(ErrorKind::conflict, "interview.not_talking", "Marks are set during the conversation.");
  return require_conductor(record, caller);
}

}  // namespace

Result<MarkView> Marks::set(const Caller& caller, const std::string& interview, const NewMark& mark) {
  if (auto allowed = require_user(caller); !allowed) {
    return tl::unexpected(allowed.error());
  }
  if (mark.label.empty() == mark.text.empty()) {
    return fail(ErrorKind::unprocessable, "mark.label_invalid", "Name either a mark of the list or a text.");
  }
  if (!mark.text.empty()) {
    if (auto good = check_text("text", mark.text, 1, kMostCharacters); !good) return tl::unexpected(good.error());
  }
  return transact(core_, [&](Work& work) -> Result<MarkView> {
    auto record = visible_interview(work.sql(), caller, interview);
    if (!record) return tl::unexpected(record.error());
    if (auto talking = require_talking(*record, caller); !talking) return tl::unexpected(talking.error());
    const auto words = words_of(work, caller, mark);
    if (!words) return tl::unexpected(words.error());
    const auto set = store::interviews::timeline_of_kind(work.sql(), caller.tenant, record->state.id, kMarkSet);
    if (set.size() >= static_cast<std::size_t>(kMostPerInterview)) {
      return fail(ErrorKind::conflict, "mark.too_many", "This interview has as many marks as it may have.");
    }
    boost::json::object data{{"label", *words}, {"agentId", caller.id}};
    if (!mark.label.empty()) data["labelId"] = mark.label;
    if (auto noted = work.note(*record, {kMarkSet, boost::json::serialize(data)}); !noted) {
      return tl::unexpected(noted.error());
    }
    return MarkView{record->timeline.number, work.now(), *words};
  });
}

}  // namespace tw::service
