#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/http/message.hpp"
#include "api/http/upload.hpp"
#include "api/net/blocking_pool.hpp"
#include "api/net/web_socket.hpp"

namespace tw::api {

/// What the server asks about a request. Everything but `answer` is called on an I/O thread and must not block.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  /// An answer that needs no worker thread (pages, health, refusals); nullopt: call `answer` on one.
  [[nodiscard]] virtual std::optional<Response> answer_at_once(const Request& request) = 0;
  /// Blocking, on a worker thread.
  [[nodiscard]] virtual Response answer(Request request) = 0;
  /// Is this the head of a request whose body is a file?
  [[nodiscard]] virtual bool takes_upload(const Request& head) const = 0;
  /// Blocking, on a worker thread: checks who sends it and makes room.
  [[nodiscard]] virtual Result<std::unique_ptr<BodySink>> begin_upload(Request head) = 0;
  /// The answer for what became of an upload.
  [[nodiscard]] virtual Response upload_answer(const Request& head, Result<Response> result) = 0;
  /// What is sent for a request that could not be read: too large, malformed, no worker thread free.
  [[nodiscard]] virtual Response refuse(const Error& error) = 0;
  /// A WebSocket handshake: nullopt when it may go on.
  [[nodiscard]] virtual std::optional<Response> refuse_socket(const Request& request) = 0;
  /// Who is told about sockets that were accepted.
  [[nodiscard]] virtual SocketEvents& socket_events() = 0;
  /// After each answer, for log and metrics.
  virtual void answered(const Request& request, unsigned status, std::chrono::microseconds took) = 0;
};

struct HttpsConfig {
  std::vector<std::string> addresses;  ///< numeric, IPv4 and IPv6
  std::uint16_t port = 0;              ///< 0: chosen by the system, the same for every address
  std::filesystem::path certificate_chain;
  std::filesystem::path private_key;
  bool trust_forwarded_for = false;
};

/// HTTPS and WebSockets on Asio coroutines; blocking work goes to a pool.
class HttpsServer {
 public:
  /// Binds the addresses, so that the port is known; connections wait until `start`. Throws std::system_error where an
  /// address cannot be bound or the certificate cannot be read.
  explicit HttpsServer(const HttpsConfig& config);
  /// As `stop` without patience. The pool must have been stopped before.
  ~HttpsServer();
  HttpsServer(const HttpsServer&) = delete;
  HttpsServer& operator=(const HttpsServer&) = delete;

  /// Both outlive `stop`.
  void start(RequestHandler& handler, BlockingPool& pool);

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;
  /// Accepts nothing more, ends idle connections, lets requests that run finish within `patience`, then closes the
  /// rest. The handler is not called after it.
  void stop(std::chrono::milliseconds patience);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tw::api
