#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "service/ports.hpp"

namespace tw::api {

/// An http(s) address in its parts.
struct OutgoingUrl {
  bool secure = true;
  std::string host;  ///< in small letters; an IPv6 address without brackets
  std::uint16_t port = 443;
  std::string target;     ///< path and query, at least "/"
  std::string authority;  ///< for the Host header
};
/// `outgoing.malformed`, `outgoing.not_https` (422).
[[nodiscard]] Result<OutgoingUrl> parse_outgoing_url(const std::string& url, bool allow_plain_http);

/// The one way out (see service::OutgoingHttp). Connects to the very address that it has checked, so that a name which
/// resolves differently a moment later gains nothing.
class OutgoingHttpClient final : public service::OutgoingHttp {
 public:
  struct Settings {
    std::vector<std::string> allow_private;  ///< "host:port"
    std::string extra_ca_file;
    bool allow_plain_http = false;
  };
  explicit OutgoingHttpClient(Settings settings);

  [[nodiscard]] Result<service::OutgoingResponse> send(const service::OutgoingRequest& request) override;
  [[nodiscard]] Result<service::OutgoingDownloadAnswer> download(const service::OutgoingDownload& request) override;
  [[nodiscard]] Result<void> check_url(const std::string& url) override;

 private:
  struct Target;
  [[nodiscard]] Result<std::unique_ptr<Target>> target_of(const std::string& address,
                                                          std::chrono::steady_clock::time_point until) const;
  [[nodiscard]] bool may_be_private(const OutgoingUrl& url) const;
  Settings settings_;
};

}  // namespace tw::api
