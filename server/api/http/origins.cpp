#include "api/http/origins.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tw::api {
namespace {

constexpr const char* kPreflightSeconds = "600";  // Chromium caps at 7200; a changed configuration should show soon
constexpr const char* kAllowedHeaders =
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Range, X-Request-Id";
constexpr const char* kExposedHeaders =
    "Location, ETag, Link, Accept-Post, Accept-Ranges, Content-Range, Content-Disposition, Retry-After, X-Request-Id";

/// What an integrator's page needs for its customer: to log in, to take the steps of an interview, media, news.
constexpr std::array<std::string_view, 3> kCustomerPaths{"/api/v1/client/", "/api/v1/customer/", "/api/v1/media/"};
constexpr std::string_view kSocketPath = "/api/v1/ws";

}  // namespace

std::string normal_origin(std::string_view url) {
  std::string text(url);
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool secure = text.starts_with("https://");
  if (!secure && !text.starts_with("http://")) return {};
  const std::size_t start = secure ? 8 : 7;
  text = text.substr(0, text.find_first_of("/?#", start));
  if (text.size() == start || text.find('@') != std::string::npos) return {};
  const std::string default_port = secure ? ":443" : ":80";
  if (text.ends_with(default_port)) text.resize(text.size() - default_port.size());
  return text;
}

Origins::Origins(std::string_view public_url, const std::vector<std::string>& allowed,
                 std::function<bool(const std::string&)> embedding)
    : embedding_(std::move(embedding)) {
  origins_.push_back(normal_origin(public_url));
  for (const auto& origin : allowed) origins_.push_back(normal_origin(origin));
  std::erase(origins_, std::string());
}

bool Origins::allows(std::string_view origin, std::string_view host) const {
  if (origin.empty()) return true;
  const std::string asked = normal_origin(origin);
  if (asked.empty()) return false;
  if (!host.empty() && asked == normal_origin("https://" + std::string(host))) return true;
  return std::ranges::find(origins_, asked) != origins_.end();
}

bool Origins::allows(std::string_view origin, std::string_view host, std::string_view path) const {
  if (allows(origin, host)) return true;
  if (!embedding_) return false;
  const bool for_customers =
      path == kSocketPath ||
      std::ranges::any_of(kCustomerPaths, [path](std::string_view prefix) { return path.starts_with(prefix); });
  return for_customers && embedding_(normal_origin(origin));
}

void Origins::allow_in(const Request& request, Response& response) const {
  response.headers.add("Vary", "Origin");
  const std::string_view origin = request.header("Origin");
  if (origin.empty() || !allows(origin, request.header("Host"), request.path)) return;
  response.headers.set("Access-Control-Allow-Origin", std::string(origin));
  response.headers.set("Access-Control-Expose-Headers", kExposedHeaders);
}

Response Origins::preflight(const Request& request, std::string_view allow) const {
  Response response;
  response.status = 204;
  response.headers.add("Allow", std::string(allow));
  allow_in(request, response);
  if (response.headers.find("Access-Control-Allow-Origin")) {
    response.headers.add("Access-Control-Allow-Methods", std::string(allow));
    response.headers.add("Access-Control-Allow-Headers", kAllowedHeaders);
    response.headers.add("Access-Control-Max-Age", kPreflightSeconds);
  }
  return response;
}

}  // namespace tw::api
