#pragma once

#include "api/http/message.hpp"
#include "api/json/fields.hpp"
#include "service/consent.hpp"

namespace tw::api {

/// The body of a consent, customer's or guest's, with the evidence of where it came from.
[[nodiscard]] inline Result<service::ConsentReport> read_consent(const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::ConsentReport report;
  report.accepted = fields.flag("accepted");
  report.text_version = fields.text("textVersion", {0, 32});
  report.text_sha256 = fields.text("textSha256", {64, 64});
  report.language = fields.word("language", {"zh-CN", "en"});
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  report.address = request.address;
  report.user_agent = std::string(request.header("User-Agent"));
  return report;
}

}  // namespace tw::api
