#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tw::bench {

struct HttpAnswer {
  long status = 0;
  std::string location;  ///< absolute where the server's was relative
  std::string body;
};

/// Requests one after the other over kept connections (libcurl).
class HttpClient {
 public:
  static constexpr long kTimeoutSeconds = 15;
  static constexpr std::size_t kMaxBodyBytes = 4 * 1024 * 1024;

  explicit HttpClient(bool insecure);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// `load.unreachable` when no answer came; an answer of any status is one. `type` and `token` may be empty.
  [[nodiscard]] Result<HttpAnswer> request(const char* method, const std::string& url, std::string_view type,
                                           const std::string& body, const std::string& token);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tw::bench
