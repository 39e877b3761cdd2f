#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "service/guests.hpp"
#include "service/transfers.hpp"

/// What an agent does with a running conversation beside talking: hand it over, hold it, bring somebody in.
namespace tw::api {
namespace {

constexpr std::size_t kMaxIdCharacters = 64;
constexpr std::size_t kMaxNoteCharacters = 200;
constexpr std::int64_t kShortestLink = 60;
constexpr std::int64_t kLongestLink = 86'400;

Result<Response> start_transfer(service::Transfers& transfers, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::NewTransfer wanted;
  wanted.agent = fields.optional_text("agentId", {0, kMaxIdCharacters}).value_or(std::string());
  wanted.queue = fields.optional_text("queueId", {0, kMaxIdCharacters}).value_or(std::string());
  wanted.note = fields.optional_text("note", {0, kMaxNoteCharacters}).value_or(std::string());
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(transfers.start(*request.caller, request.path_value("interviewId"), wanted));
}

Result<Response> invite_guest(service::Guests& guests, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::NewGuest wanted;
  wanted.display_name = fields.text("displayName", {1, 64});
  wanted.sign_in_required = fields.optional_flag("signInRequired").value_or(false);
  wanted.valid_seconds =
      fields.optional_whole("validSeconds", kShortestLink, kLongestLink).value_or(wanted.valid_seconds);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(guests.invite(*request.caller, request.path_value("interviewId"), wanted), 201);
}

}  // namespace

void add_call_routes(Router& router, const Services& services) {
  auto& transfers = services.transfers;
  auto& guests = services.guests;
  router.add(Method::get, "/agent/transfer-targets", Access::user,
             [&transfers](const Request& request) { return answer(transfers.targets(*request.caller)); });
  router.add(Method::post, "/agent/interviews/{interviewId}/transfer", Access::user,
             [&transfers](const Request& request) { return start_transfer(transfers, request); });
  router.add(Method::post, "/agent/interviews/{interviewId}/transfer/cancel", Access::user,
             [&transfers](const Request& request) {
               return answer(transfers.cancel(*request.caller, request.path_value("interviewId")));
             });
  router.add(Method::post, "/agent/interviews/{interviewId}/hold", Access::user, [&transfers](const Request& request) {
    return answer(transfers.hold(*request.caller, request.path_value("interviewId")));
  });
  router.add(Method::post, "/agent/interviews/{interviewId}/resume", Access::user,
             [&transfers](const Request& request) {
               return answer(transfers.resume(*request.caller, request.path_value("interviewId")));
             });
  router.add(Method::get, "/agent/interviews/{interviewId}/guests", Access::user, [&guests](const Request& request) {
    return answer_list(guests.list(*request.caller, request.path_value("interviewId")));
  });
  router.add(Method::post, "/agent/interviews/{interviewId}/guests", Access::user,
             [&guests](const Request& request) { return invite_guest(guests, request); });
  router.add(
      Method::del, "/agent/interviews/{interviewId}/guests/{guestId}", Access::user, [&guests](const Request& request) {
        return answer(guests.remove(*request.caller, request.path_value("interviewId"), request.path_value("guestId")));
      });
}

}  // namespace tw::api
