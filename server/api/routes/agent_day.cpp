#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "service/follow_ups.hpp"
#include "service/marks.hpp"
#include "service/notes.hpp"
#include "service/open_outcomes.hpp"
#include "service/orders.hpp"

/// What an agent keeps beside the calls of a day: notes, marks, outcomes for later, the next interview of a business.
namespace tw::api {
namespace {

constexpr std::size_t kMaxIdCharacters = 64;
/// More versions than anybody can type; a number beyond it is none of ours.
constexpr std::int64_t kMaxVersion = 1'000'000'000;

Result<Response> write_notes(service::Notes& notes, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string text = fields.text("text", {0, service::Notes::kMostCharacters});
  const auto version = fields.optional_whole("version", 0, kMaxVersion);
  if (!version) fields.refuse("version", "must be the version that was read, 0 for none");
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(notes.write(*request.caller, request.path_value("interviewId"), text, *version));
}

Result<Response> set_mark(service::Marks& marks, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::NewMark mark;
  mark.label = fields.optional_text("labelId", {0, kMaxIdCharacters}).value_or(std::string());
  mark.text = fields.optional_text("text", {0, service::Marks::kMostCharacters}).value_or(std::string());
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(marks.set(*request.caller, request.path_value("interviewId"), mark), 201);
}

}  // namespace

void add_agent_day_routes(Router& router, const Services& services) {
  auto& notes = services.notes;
  auto& open_outcomes = services.open_outcomes;
  auto& follow_ups = services.follow_ups;
  router.add(Method::get, "/agent/interviews/{interviewId}/notes", Access::user, [&notes](const Request& request) {
    return answer(notes.read(*request.caller, request.path_value("interviewId")));
  });
  router.add(Method::put, "/agent/interviews/{interviewId}/notes", Access::user,
             [&notes](const Request& request) { return write_notes(notes, request); });
  router.add(Method::post, "/agent/interviews/{interviewId}/marks", Access::user,
             [&marks = services.marks](const Request& request) { return set_mark(marks, request); });
  router.add(Method::post, "/agent/interviews/{interviewId}/defer", Access::user,
             [&open_outcomes](const Request& request) {
               return answer(open_outcomes.defer(*request.caller, request.path_value("interviewId")));
             });
  router.add(Method::get, "/agent/open-outcomes", Access::user,
             [&open_outcomes](const Request& request) { return answer_list(open_outcomes.list(*request.caller)); });
  router.add(Method::post, "/agent/interviews/{interviewId}/follow-up", Access::user,
             [&follow_ups](const Request& request) {
               return answer(follow_ups.create(*request.caller, request.path_value("interviewId")), 201);
             });
  router.add(Method::get, "/agent/interviews/{interviewId}/earlier", Access::user,
             [&follow_ups](const Request& request) {
               return answer_list(follow_ups.others(*request.caller, request.path_value("interviewId")));
             });
  router.add(Method::post, "/agent/interviews/{interviewId}/order/refresh", Access::user,
             [&orders = services.orders](const Request& request) {
               return answer(orders.refresh(*request.caller, request.path_value("interviewId")));
             });
}

}  // namespace tw::api
