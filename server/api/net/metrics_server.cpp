#include "api/net/metrics_server.hpp"

#include <chrono>
#include <thread>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace tw::api {
namespace asio = boost::asio;
using asio::ip::tcp;
namespace {
constexpr std::size_t kMaxRequestBytes = std::size_t{8} * 1024;
constexpr std::chrono::seconds kPatience{5};  // one connection at a time: a silent one must not block the next scrape
}  // namespace

class MetricsServer::Impl {
 public:
  Impl(const std::string& address, std::uint16_t port, std::function<std::string()> page)
      : page_(std::move(page)), acceptor_(io_, {asio::ip::make_address(address), port}) {
    asio::co_spawn(io_, serve(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Impl() {
    io_.stop();
    thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  asio::awaitable<void> serve() {
    for (;;) {
      boost::system::error_code error;
      auto socket = std::make_shared<tcp::socket>(
          co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error)));
      asio::steady_timer deadline(io_, kPatience);
      deadline.async_wait([weak = std::weak_ptr(socket)](const boost::system::error_code& cancelled) {
        const auto late = weak.lock();
        boost::system::error_code ignored;
        if (!cancelled && late) late->close(ignored);
      });
      if (error) {  // out of descriptors: wait instead of spinning
        co_await deadline.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      co_await answer(*socket);
    }
  }

  asio::awaitable<void> answer(tcp::socket& socket) {
    std::string request;
    boost::system::error_code error;
    co_await asio::async_read_until(socket, asio::dynamic_buffer(request, kMaxRequestBytes), "\r\n\r\n",
                                    asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    const std::string body = page_();
    const std::string text =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nConnection: "
        "close\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body;
    co_await asio::async_write(socket, asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
  }

  std::function<std::string()> page_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  std::thread thread_;
};

MetricsServer::MetricsServer(const std::string& address, std::uint16_t port, std::function<std::string()> page)
    : impl_(std::make_unique<Impl>(address, port, std::move(page))) {}
MetricsServer::~MetricsServer() = default;
std::uint16_t MetricsServer::port() const { return impl_->port(); }

}  // namespace tw::api
