#include <deque>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "api/limits.hpp"
#include "api/net/connection.hpp"

namespace tw::api {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
namespace {

constexpr std::uint16_t kPolicyViolation = 1008;
constexpr std::uint16_t kTryAgainLater = 1013;

/// At most so many messages within a second; a page that says more is broken.
class MessageRate {
 public:
  bool allow(std::chrono::steady_clock::time_point now) {
    if (now - since_ >= std::chrono::seconds{1}) {
      since_ = now;
      count_ = 0;
    }
    return ++count_ <= kMaxSocketMessagesPerSecond;
  }

 private:
  std::chrono::steady_clock::time_point since_{};
  std::size_t count_ = 0;
};

class WebSocket final : public SocketPeer, public std::enable_shared_from_this<WebSocket> {
 public:
  WebSocket(TlsStream stream, std::string address)
      : stream_(std::move(stream)),
        hello_due_(stream_.get_executor()),
        goodbye_due_(stream_.get_executor()),
        address_(std::move(address)) {}

  [[nodiscard]] const std::string& address() const override { return address_; }

  void send(std::string text) override {
    asio::post(stream_.get_executor(),
               [self = shared_from_this(), text = std::move(text)]() mutable { self->enqueue(std::move(text)); });
  }

  void close(std::uint16_t code, std::string reason) override {
    asio::post(stream_.get_executor(),
               [self = shared_from_this(), code, reason = std::move(reason)] { self->end(code, reason); });
  }

  asio::awaitable<void> run(Request upgrade, SocketEvents& events, SocketCloser& closer) {
    auto self = shared_from_this();
    if (!co_await accept(upgrade)) co_return;
    closer.set_peer(self);
    events.on_open(self);
    hello_due_.expires_after(kHelloTimeout);
    hello_due_.async_wait([weak = weak_from_this(), &events](const boost::system::error_code& error) {
      const auto socket = weak.lock();
      if (!error && socket && socket->open_) events.on_hello_due(socket);
    });
    co_await read_all(events);
    open_ = false;
    hello_due_.cancel();
    goodbye_due_.cancel();
    queue_.clear();
    events.on_closed(self);
  }

 private:
  asio::awaitable<bool> accept(const Request& upgrade) {
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = kHandshakeTimeout;
    timeout.idle_timeout = kSocketSilence;
    timeout.keep_alive_pings = true;
    stream_.set_option(timeout);
    stream_.read_message_max(kMaxSocketMessageBytes);
    beast::http::request<beast::http::empty_body> request{beast::http::verb::get, upgrade.path, 11};
    for (const auto& [name, value] : upgrade.headers.all()) request.insert(name, value);
    boost::system::error_code error;
    co_await stream_.async_accept(request, asio::redirect_error(asio::use_awaitable, error));
    stream_.text(true);
    co_return !error;
  }

  asio::awaitable<void> read_all(SocketEvents& events) {
    beast::flat_buffer buffer;
    MessageRate rate;
    for (;;) {
      boost::system::error_code error;
      const std::size_t size = co_await stream_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      if (!stream_.got_text() || !rate.allow(std::chrono::steady_clock::now())) {
        end(kPolicyViolation, "text messages only, and not so many");
        buffer.clear();
        continue;  // until the peer has answered the close
      }
      if (!closing_) events.on_text(shared_from_this(), {static_cast<const char*>(buffer.data().data()), size});
      buffer.clear();
    }
  }

  void enqueue(std::string text) {
    if (!open_ || closing_) return;
    if (queue_.size() >= kMaxSocketQueueMessages || queued_bytes_ + text.size() > kMaxSocketQueueBytes) {
      queue_.clear();
      queued_bytes_ = 0;
      end(kTryAgainLater, "too slow");
      return;
    }
    queued_bytes_ += text.size();
    queue_.push_back(std::move(text));
    start_writing();
  }

  void end(std::uint16_t code, const std::string& reason) {
    if (!open_ || closing_) return;
    closing_ = websocket::close_reason(static_cast<websocket::close_code>(code), reason.substr(0, 100));
    // A peer that does not answer the close, or does not even take what is being written, is not waited for.
    goodbye_due_.expires_after(kGoodbyeTimeout);
    goodbye_due_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto socket = weak.lock();
      if (error || !socket || !socket->open_) return;
      boost::system::error_code ignored;
      beast::get_lowest_layer(socket->stream_).close(ignored);
    });
    start_writing();
  }

  void start_writing() {
    if (writing_) return;
    writing_ = true;
    asio::co_spawn(
        stream_.get_executor(), [self = shared_from_this()] { return self->write_all(); }, asio::detached);
  }

  asio::awaitable<void> write_all() {
    auto self = shared_from_this();
    boost::system::error_code error;
    while (open_ && !error && !queue_.empty()) {
      const std::string text = std::move(queue_.front());  // the queue may be cleared while this one is on its way
      queue_.pop_front();
      queued_bytes_ -= text.size();
      co_await stream_.async_write(asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
    }
    if (open_ && !error && closing_)
      co_await stream_.async_close(*closing_, asio::redirect_error(asio::use_awaitable, error));
    writing_ = false;
  }

  websocket::stream<TlsStream> stream_;
  asio::steady_timer hello_due_;
  asio::steady_timer goodbye_due_;
  const std::string address_;
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
  std::optional<websocket::close_reason> closing_;
  bool writing_ = false;
  bool open_ = true;
};

}  // namespace

boost::asio::awaitable<void> run_web_socket(TlsStream stream, Request upgrade, SocketEvents& events,
                                            SocketCloser& closer) {
  std::string address = upgrade.address;
  auto socket = std::make_shared<WebSocket>(std::move(stream), std::move(address));
  co_await socket->run(std::move(upgrade), events, closer);
}

}  // namespace tw::api
