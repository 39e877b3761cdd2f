#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include "api/http/message.hpp"
#include "api/net/web_socket.hpp"

/// What the two halves of a connection (HTTP, then perhaps WebSocket) share; for the files of this folder only.
namespace tw::api {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

/// Closes a socket that takes longer than it may. Lives on the connection's strand, as everything of it.
class Deadline {
 public:
  explicit Deadline(boost::asio::ip::tcp::socket& socket)
      : timer_(socket.get_executor()), state_(std::make_shared<State>(State{&socket, 0})) {}
  ~Deadline() { none(); }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void within(std::chrono::milliseconds patience) {
    const std::uint64_t mine = ++state_->generation;
    timer_.expires_after(patience);
    timer_.async_wait([state = state_, mine](const boost::system::error_code& error) {
      // A handler that was already queued when the deadline moved or went away must not act.
      if (error || state->generation != mine) return;
      boost::system::error_code ignored;
      state->socket->close(ignored);
    });
  }
  void none() {
    ++state_->generation;
    timer_.cancel();
  }

 private:
  struct State {
    boost::asio::ip::tcp::socket* socket;
    std::uint64_t generation;
  };
  boost::asio::steady_timer timer_;
  std::shared_ptr<State> state_;
};

/// Goes on as a WebSocket after an accepted upgrade request, until it ends. `closer` is where the server reaches it to
/// end it when it stops.
class SocketCloser {
 public:
  virtual ~SocketCloser() = default;
  virtual void set_peer(std::weak_ptr<SocketPeer> peer) = 0;
};
boost::asio::awaitable<void> run_web_socket(TlsStream stream, Request upgrade, SocketEvents& events,
                                            SocketCloser& closer);

}  // namespace tw::api
