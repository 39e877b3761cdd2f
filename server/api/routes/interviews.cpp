#include "service/interviews.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "base/utf8.hpp"
#include "domain/receipt.hpp"
#include "service/accounts/agent_links.hpp"

namespace tw::api {
namespace {

constexpr std::size_t kMaxSections = 20;
constexpr std::size_t kMaxFields = 60;
constexpr std::size_t kMaxIdCharacters = 64;
constexpr std::size_t kMaxUrlCharacters = 1024;

std::vector<service::OrderSection> read_sections(Fields& body) {
  std::vector<service::OrderSection> sections;
  static_cast<void>(body.objects("sections", kMaxSections, false, [&](Fields& fields) {
    service::OrderSection section;
    section.kind = fields.word("kind", {"order", "product", "borrower", "guarantor", "company", "corporate_guarantor"});
    section.title = fields.optional_text("title", {0, 64}).value_or(std::string());
    static_cast<void>(fields.objects("fields", kMaxFields, true, [&](Fields& field) {
      service::OrderField one;
      one.label = field.text("label", {0, 64});
      one.value = field.text("value", {0, 1000});
      section.fields.push_back(std::move(one));
    }));
    sections.push_back(std::move(section));
  }));
  return sections;
}

Result<Response> create_interview(service::Interviews& interviews, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::NewInterview wanted;
  wanted.business_id = fields.text("businessId", {1, kMaxIdCharacters});
  wanted.assist_id = fields.optional_text("assistId", {0, kMaxIdCharacters}).value_or(std::string());
  wanted.queue = fields.text("queueId", {0, kMaxIdCharacters});
  wanted.company_name = fields.text("companyName", {1, 64});
  wanted.nick_name = fields.text("nickName", {1, 64});
  wanted.sections = read_sections(fields);
  wanted.order_endpoint = fields.optional_text("orderEndpoint", {0, kMaxUrlCharacters}).value_or(std::string());
  wanted.risk_video_url = fields.optional_text("riskVideoUrl", {0, kMaxUrlCharacters}).value_or(std::string());
  wanted.return_url = fields.optional_text("returnUrl", {0, kMaxUrlCharacters}).value_or(std::string());
  wanted.voice_only = fields.optional_flag("voiceOnly").value_or(false);
  wanted.link_valid_seconds =
      fields.optional_whole("linkValidSeconds", 60, 2'592'000).value_or(wanted.link_valid_seconds);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(interviews.create(*request.caller, wanted), 201);
}

std::optional<store::RecordingSelection> recording_selection(std::string_view word) {
  using Selection = store::RecordingSelection;
  constexpr std::array<std::pair<std::string_view, Selection>, 4> kWords{{{"any", Selection::any},
                                                                          {"held", Selection::held},
                                                                          {"expiring", Selection::expiring},
                                                                          {"deleted", Selection::deleted}}};
  for (const auto& [text, selection] : kWords) {
    if (text == word) return selection;
  }
  return std::nullopt;
}

/// Whom and when. False where a time is none.
bool read_whom_and_when(const Request& request, service::InterviewFilter& filter) {
  filter.person = request.query_value("person").value_or(std::string());
  const auto time = [&](std::string_view name, std::optional<WallTime>& into) {
    const auto text = request.query_value(name);
    if (text) into = parse_rfc3339(*text);
    return !text || into.has_value();
  };
  return time("from", filter.created_from) && time("to", filter.created_before);
}

Result<Response> list_interviews(service::Interviews& interviews, const Request& request) {
  service::InterviewFilter filter;
  if (!read_whom_and_when(request, filter)) {
    return bad_parameter("from, to", "must be times such as 2026-01-31T00:00:00Z");
  }
  if (characters(filter.person) > kMaxIdCharacters) return bad_parameter("person", "may have 64 characters");
  filter.business_id = request.query_value("businessId").value_or(std::string());
  filter.queue = request.query_value("queueId").value_or(std::string());
  if (characters(filter.business_id) > kMaxIdCharacters) return bad_parameter("businessId", "may have 64 characters");
  if (const auto status = request.query_value("status")) {
    filter.status = domain::parse<domain::Status>(*status);
    if (!filter.status) return bad_parameter("status", "is no status of an interview");
  }
  if (const auto outcome = request.query_value("outcome")) {
    filter.outcome = domain::parse<domain::OutcomeKind>(*outcome);
    if (!filter.outcome) return bad_parameter("outcome", "is no outcome");
  }
  if (const auto recording = request.query_value("recording")) {
    filter.recording = recording_selection(*recording);
    if (!filter.recording) return bad_parameter("recording", "is any, held, expiring or deleted");
  }
  if (const auto receipt = request.query_value("receipt")) {
    auto number = domain::parse_receipt_number(*receipt);
    if (!number) return bad_parameter("receipt", "is no receipt number; one of its characters may be wrong");
    filter.receipt_number = std::move(*number);
  }
  const auto page = page_request(request);
  if (!page) return tl::unexpected(page.error());
  return answer_page(interviews.list(*request.caller, filter, *page));
}

Result<Response> create_agent_link(service::AgentLinks& links, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::AgentLinks::NewLink link;
  link.user_name = fields.text("userName", {0, 64});
  link.queue_id = fields.text("queueId", {0, kMaxIdCharacters});
  link.return_url = fields.optional_text("returnUrl", {0, kMaxUrlCharacters}).value_or(std::string());
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(links.create(*request.caller, link), 201);
}

}  // namespace

void add_interview_routes(Router& router, const Services& services) {
  auto& interviews = services.interviews;
  constexpr Access kReaders = Access::api_key | Access::user;
  router.add(Method::post, "/interviews", Access::api_key,
             [&interviews](const Request& request) { return create_interview(interviews, request); });
  router.add(Method::get, "/interviews", kReaders,
             [&interviews](const Request& request) { return list_interviews(interviews, request); });
  router.add(Method::get, "/interviews/{interviewId}", kReaders, [&interviews](const Request& request) {
    return answer(interviews.get(*request.caller, request.path_value("interviewId")));
  });
  router.add(Method::post, "/interviews/{interviewId}/customer-link", Access::api_key,
             [&interviews](const Request& request) {
               return answer(interviews.customer_link(*request.caller, request.path_value("interviewId")), 201);
             });
  router.add(Method::get, "/interviews/{interviewId}/timeline", kReaders, [&interviews](const Request& request) {
    return answer_list(interviews.timeline(*request.caller, request.path_value("interviewId")));
  });
  router.add(Method::post, "/agent-links", Access::api_key,
             [&links = services.agent_links](const Request& request) { return create_agent_link(links, request); });
}

}  // namespace tw::api
