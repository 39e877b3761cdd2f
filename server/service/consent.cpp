#include "service/consent.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/utf8.hpp"

namespace tw::service {
namespace {

constexpr std::size_t kMostUserAgentBytes = 512;  // those of browsers have 100 to 300

std::string readable(const std::string& user_agent) {
  std::string text = cut_text(user_agent, kMostUserAgentBytes);
  if (count_characters(text)) return text;
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return text;
}

}  // namespace

bool is_among(const std::vector<store::ConsentTextRow>& texts, const ConsentReport& report) {
  return std::ranges::any_of(texts, [&](const store::ConsentTextRow& text) {
    return text.language == report.language && text.version == report.text_version && text.sha256 == report.text_sha256;
  });
}

std::string consent_evidence(const ConsentReport& report, WallTime at) {
  return boost::json::serialize(boost::json::object{{"accepted", report.accepted},
                                                    {"textVersion", report.text_version},
                                                    {"textSha256", report.text_sha256},
                                                    {"language", report.language},
                                                    {"at", to_rfc3339(at)},
                                                    {"address", report.address},
                                                    {"userAgent", readable(report.user_agent)}});
}

tl::unexpected<Error> consent_text_unknown() {
  return fail(ErrorKind::conflict, "consent.text_unknown",
              "The text that was agreed to is not the one in force; read the state again.");
}

}  // namespace tw::service
