#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/http/message.hpp"
#include "base/embedded_file.hpp"

namespace tw::api {

/// The pages that live in the binary: /i (customers), /g (third parties), /workbench/, /console/, /design/ (what the
/// others are made of), the contract, the client for integrators (/sdk/), and a small front page.
class Pages {
 public:
  /// Empty `web` (built with TW_WEB=OFF): the applications' addresses show a page that says so.
  Pages(std::span<const EmbeddedFile> web, std::span<const EmbeddedFile> contract);
  /// The embedded ones.
  [[nodiscard]] static Pages embedded();

  /// nullopt for an address that is no page. GET and HEAD only. `framed_by`: origins that may show the customers' and
  /// the agents' pages in a frame, besides ourselves.
  [[nodiscard]] std::optional<Response> find(const Request& request,
                                             const std::vector<std::string>& framed_by = {}) const;

 private:
  [[nodiscard]] std::optional<Response> app_file(const Request& request, std::string_view app,
                                                 std::string_view rest) const;
  [[nodiscard]] const EmbeddedFile* file(const std::string& path) const;

  std::unordered_map<std::string, EmbeddedFile> files_;
  bool has_apps_ = false;
};

/// Headers that keep a page to itself and to `framed_by`: CSP, Referrer-Policy, Permissions-Policy, and HSTS where the
/// host is a real name.
void secure_page(const Request& request, Response& response, const std::vector<std::string>& framed_by = {});

}  // namespace tw::api
