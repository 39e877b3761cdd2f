#include "api/pages/pages.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/ip/address.hpp>

#include "embedded/contract.hpp"
#include "embedded/web_pages.hpp"

namespace tw::api {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kTypes{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".mp3", "audio/mpeg"},
    {".wav", "audio/wav"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
}};

std::string_view type_of(std::string_view path) {
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

bool accepts_gzip(const Request& request) {
  return request.header("Accept-Encoding").find("gzip") != std::string_view::npos;
}

/// Vite puts a hash of the content into the names of what lies in assets/: such a file never changes.
bool is_hashed(std::string_view path) { return path.find("/assets/") != std::string_view::npos; }

Response html(unsigned status, std::string body) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "text/html; charset=utf-8");
  response.headers.add("Cache-Control", "no-cache");
  response.body = std::move(body);
  return response;
}

std::string simple_page(std::string_view title, std::string_view body) {
  return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width\">"
         "<title>" +
         std::string(title) +
         "</title><style>body{font:16px/1.6 system-ui,sans-serif;margin:10vh auto;max-width:36rem;"
         "padding:0 1rem;color-scheme:light dark}a{display:block;padding:.4rem 0}</style></head><body><h1>" +
         std::string(title) + "</h1>" + std::string(body) + "</body></html>";
}

Response moved_to(std::string address) {
  Response response;
  response.status = 302;
  response.headers.add("Location", std::move(address));
  return response;
}

Response front_page() {
  return html(
      200,
      simple_page("Telewitness",
                  "<a href=\"/workbench/\">Workbench · 坐席工作台</a><a href=\"/console/\">Console · 管理控制台</a>"
                  "<a href=\"/docs\">API</a><p>Customers come by the link that they were sent. "
                  "客户请使用收到的链接进入。</p>"));
}

struct App {
  std::string_view prefix;
  std::string_view name;
  bool framed = false;  ///< may stand in the frame of a page that the tenant lists
};
/// Third parties (/g) get the customer's application, which knows by the address whom it serves.
constexpr std::array kApps{App{"/i", "customer", true}, App{"/g", "customer"},    App{"/workbench", "workbench", true},
                           App{"/console", "console"},  App{"/design", "design"}, App{"/sdk", "sdk"}};
constexpr std::string_view kClientFiles = "/sdk/";

}  // namespace

void secure_page(const Request& request, Response& response, const std::vector<std::string>& framed_by) {
  const std::string_view host = request.header("Host");
  const bool plain_host = host.find_first_of("\"'; ,\r\n") == std::string_view::npos;
  const std::string sockets = plain_host && !host.empty() ? " wss://" + std::string(host) : std::string();
  std::string ancestors = "frame-ancestors 'self'";
  for (const auto& origin : framed_by) ancestors += ' ' + origin;
  response.headers.set(
      "Content-Security-Policy",
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
      "media-src 'self' blob:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'" +
          sockets + "; object-src 'none'; base-uri 'none'; form-action 'self'; " + ancestors);
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set(
      "Permissions-Policy",
      "camera=(self), microphone=(self), geolocation=(self), display-capture=(self), fullscreen=(self)");
  response.headers.set("X-Content-Type-Options", "nosniff");
  std::string_view name = host.substr(0, host.rfind(':'));
  boost::system::error_code no_address;
  static_cast<void>(boost::asio::ip::make_address(std::string(name), no_address));
  // Browsers keep HSTS for a name whatever the port: on localhost it would break other people's servers.
  const bool real_name =
      no_address && name != "localhost" && !name.starts_with('[') && name.find('.') != std::string_view::npos;
  if (real_name) response.headers.set("Strict-Transport-Security", "max-age=31536000");
}

Pages::Pages(std::span<const EmbeddedFile> web, std::span<const EmbeddedFile> contract) : has_apps_(!web.empty()) {
  for (const auto& file : web) files_.emplace(std::string(file.path), file);
  for (const auto& file : contract) files_.emplace("contract/" + std::string(file.path), file);
}

Pages Pages::embedded() { return {embedded::web_pages(), embedded::contract()}; }

const EmbeddedFile* Pages::file(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

std::optional<Response> Pages::find(const Request& request, const std::vector<std::string>& framed_by) const {
  if (request.method != Method::get && request.method != Method::head) return std::nullopt;
  std::optional<Response> response;
  bool framed = false;
  if (request.path == "/" || request.path == "/index.html") response = front_page();
  if (request.path == "/docs") response = app_file(request, "contract", "docs.html");
  if (request.path == "/openapi.json") response = app_file(request, "contract", "openapi.json");
  for (const auto& app : kApps) {
    if (!request.path.starts_with(app.prefix)) continue;
    const std::string_view rest = std::string_view(request.path).substr(app.prefix.size());
    if (!rest.empty() && rest.front() != '/') continue;
    // The fragment, where links carry their token, survives a redirect (RFC 9110 section 10.2.2).
    response = rest.empty() ? moved_to(request.path + "/" + (request.query.empty() ? "" : "?" + request.query))
                            : app_file(request, app.name, rest.substr(1));
    framed = app.framed;
  }
  if (!response) return response;
  secure_page(request, *response, framed ? framed_by : std::vector<std::string>());
  // The client is there for pages of others: neither what it says nor that it was loaded is anybody's secret.
  if (request.path.starts_with(kClientFiles)) {
    response->headers.set("Access-Control-Allow-Origin", "*");
    response->headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  }
  return response;
}

std::optional<Response> Pages::app_file(const Request& request, std::string_view app, std::string_view rest) const {
  if (!has_apps_ && app != "contract") {
    return html(503, simple_page("Not built in",
                                 "<p>This server was built without its pages (TW_WEB=OFF). "
                                 "<code>make run</code> builds them.</p>"));
  }
  std::string path = std::string(app) + "/" + std::string(rest);
  const auto* found = file(path);
  if (found == nullptr) {
    // An address inside the application: its own router shows it. A missing file is missing.
    const bool looks_like_file = rest.substr(rest.rfind('/') + 1).find('.') != std::string_view::npos;
    if (looks_like_file || app == "contract") return std::nullopt;
    path = std::string(app) + "/index.html";
    found = file(path);
    if (found == nullptr) return std::nullopt;
  }
  Response response;
  response.headers.add("Content-Type", std::string(type_of(path)));
  response.headers.add("Cache-Control", is_hashed(path) ? "public, max-age=31536000, immutable" : "no-cache");
  response.fixed_body = found->content;
  if (const auto* packed = file(path + ".gz")) {
    response.headers.add("Vary", "Accept-Encoding");
    if (accepts_gzip(request)) {
      response.headers.add("Content-Encoding", "gzip");
      response.fixed_body = packed->content;
    }
  }
  return response;
}

}  // namespace tw::api
