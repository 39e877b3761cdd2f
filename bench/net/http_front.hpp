#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tw::bench {

struct HttpRequest {
  std::string method;
  std::vector<std::string> path;  ///< between the slashes: "/whip/r1/p1" is {whip, r1, p1}
  std::string body;
};

struct HttpResponse {
  int status = 200;
  std::vector<std::string> headers;  ///< "Name: value"
  std::string body;
};

/// The smallest HTTP/1.1 server that a WHIP client can talk to: one request a connection, one connection at a time, no
/// TLS. Signalling is not what is measured here, and whoever shares a loop with it can poll `fd`.
class HttpFront {
 public:
  /// An SDP offer is far below; a longer request is cut off.
  static constexpr std::size_t kMaxRequestBytes = 128 * 1024;
  /// A client that stalls is given up, since others wait behind it.
  static constexpr int kPatienceSeconds = 5;

  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  /// Listens on `address` (IPv4) and `port`, 0 for any. Throws std::system_error.
  HttpFront(const std::string& address, std::uint16_t port, Handler handler);
  ~HttpFront();
  HttpFront(const HttpFront&) = delete;
  HttpFront& operator=(const HttpFront&) = delete;

  [[nodiscard]] int fd() const { return fd_; }  ///< readable when somebody waits
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Serves one waiting connection, if there is one.
  void serve_one();

 private:
  int fd_ = -1;
  std::uint16_t port_ = 0;
  Handler handler_;
};

}  // namespace tw::bench
