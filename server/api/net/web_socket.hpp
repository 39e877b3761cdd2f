#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "api/http/message.hpp"

namespace tw::api {

/// One accepted WebSocket, as those see it who talk through it. Thread-safe; does nothing after it was closed.
class SocketPeer {
 public:
  virtual ~SocketPeer() = default;
  /// Queues a text message. A page too slow to take them (kMaxSocketQueue…) is closed with 1013: it comes back and
  /// resumes.
  virtual void send(std::string text) = 0;
  /// Sends what is queued, then closes with this code (RFC 6455 section 7.4).
  virtual void close(std::uint16_t code, std::string reason) = 0;
  /// For the log and rate limits.
  [[nodiscard]] virtual const std::string& address() const = 0;
};

/// Told on I/O threads, for one socket in order and one at a time; must not block.
class SocketEvents {
 public:
  virtual ~SocketEvents() = default;
  virtual void on_open(const std::shared_ptr<SocketPeer>& peer) = 0;
  virtual void on_text(const std::shared_ptr<SocketPeer>& peer, std::string_view text) = 0;
  /// kHelloTimeout after on_open, when the socket is still there.
  virtual void on_hello_due(const std::shared_ptr<SocketPeer>& peer) = 0;
  /// The last word about this socket, however it ended.
  virtual void on_closed(const std::shared_ptr<SocketPeer>& peer) = 0;
};

}  // namespace tw::api
