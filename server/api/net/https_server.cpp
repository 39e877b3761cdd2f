#include "api/net/https_server.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "api/limits.hpp"
#include "api/net/connection.hpp"
#include "api/net/pool_call.hpp"
#include "api/net/response_writer.hpp"
#include "base/log.hpp"
#include "base/random.hpp"

namespace tw::api {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
namespace {

constexpr unsigned kIoThreads = 2;  // they only move bytes and encrypt; everything that blocks is elsewhere
constexpr int kBacklog = 512;
constexpr std::chrono::milliseconds kPauseWithoutDescriptors{100};
constexpr std::chrono::seconds kLastWait{5};
constexpr std::uint16_t kServiceRestart = 1012;
constexpr int kPortAttempts = 16;

/// Everything but the body.
template <class Body>
Request head_of_request(const http::request<Body>& message, const std::string& address, bool trust_forwarded_for) {
  Request request;
  request.method = method_of({message.method_string().data(), message.method_string().size()});
  std::string_view target{message.target().data(), message.target().size()};
  target = target.substr(0, target.find('#'));
  const auto question = target.find('?');
  request.path = std::string(target.substr(0, question));
  if (question != std::string_view::npos) request.query = std::string(target.substr(question + 1));
  for (const auto& field : message) {
    request.headers.add({field.name_string().data(), field.name_string().size()},
                        {field.value().data(), field.value().size()});
  }
  request.address = address;
  if (trust_forwarded_for) {
    // The proxy in front appends the peer that it saw; what stands before it was said by the client.
    std::string_view last = request.header("X-Forwarded-For");
    if (const auto comma = last.rfind(','); comma != std::string_view::npos) last.remove_prefix(comma + 1);
    while (!last.empty() && last.front() == ' ') last.remove_prefix(1);
    if (!last.empty() && last.size() <= 45) request.address = std::string(last);
  }
  return request;
}

bool wants_web_socket(const Request& request) {
  return request.method == Method::get && equal_ignoring_case(request.header("Upgrade"), "websocket");
}

int choose_http_1_1(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* in,
                    unsigned in_length, void*) {
  static constexpr unsigned char kHttp[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_length, kHttp, sizeof kHttp - 1, in, in_length) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

asio::ssl::context make_tls(const HttpsConfig& config) {
  asio::ssl::context tls(asio::ssl::context::tls_server);
  tls.use_certificate_chain_file(config.certificate_chain.string());
  tls.use_private_key_file(config.private_key.string(), asio::ssl::context::pem);
  SSL_CTX* native = tls.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);  // 34 KiB less for each idle page
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(native, choose_http_1_1, nullptr);
  return tls;
}

}  // namespace

class HttpsServer::Impl {
 public:
  class Connection;

  explicit Impl(const HttpsConfig& config);
  void start(RequestHandler& handler, BlockingPool& pool);
  void stop(std::chrono::milliseconds patience);
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
  }

 private:
  void listen(const std::vector<std::string>& addresses, std::uint16_t port);
  bool try_listen(const std::vector<std::string>& addresses, std::uint16_t port);
  asio::awaitable<void> accept_all(tcp::acceptor& acceptor);
  bool admit(Connection* connection, const std::string& address);
  void forget(Connection* connection, const std::string& address);

  RequestHandler* handler_ = nullptr;
  BlockingPool* pool_ = nullptr;
  const bool trust_forwarded_for_;
  asio::ssl::context tls_;
  OsRandom random_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_set<Connection*> connections_;
  std::unordered_map<std::string, std::size_t> by_address_;
  asio::io_context io_{kIoThreads};  // goes before what its coroutines refer to
  std::vector<tcp::acceptor> acceptors_;
  asio::executor_work_guard<asio::io_context::executor_type> keep_running_{io_.get_executor()};
  std::vector<std::thread> threads_;
};

/// One TCP connection from its handshake to its end. Everything of it runs on its strand.
class HttpsServer::Impl::Connection final : public SocketCloser, public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, std::string address, Impl& server)
      : server_(server),
        stream_(std::move(socket), server.tls_),
        address_(std::move(address)),
        deadline_(stream_.next_layer()) {
    admitted_ = server_.admit(this, address_);
  }
  ~Connection() override {
    if (admitted_) server_.forget(this, address_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] bool admitted() const { return admitted_; }

  asio::awaitable<void> run() {
    auto self = shared_from_this();
    deadline_.within(kHandshakeTimeout);
    boost::system::error_code error;
    co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    bool more = true;
    while (more) more = co_await serve_one();
    if (upgraded_) co_return;
    deadline_.within(kGoodbyeTimeout);
    co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
    deadline_.none();
  }

  /// Thread-safe: ends it where it is idle, after the answer where one is being made.
  void finish() {
    asio::post(executor(), [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self) return;
      if (const auto peer = self->peer_.lock()) peer->close(kServiceRestart, "the server restarts");
      if (self->idle_ && !self->upgraded_) self->close();
    });
  }
  /// Thread-safe: ends it at once.
  void abort() {
    asio::post(executor(), [weak = weak_from_this()] {
      if (const auto self = weak.lock(); self && !self->upgraded_) self->close();
    });
  }
  void set_peer(std::weak_ptr<SocketPeer> peer) override {
    peer_ = std::move(peer);
    if (server_.stopping_) finish();
  }

 private:
  asio::any_io_executor executor() { return executor_; }
  void close() {
    boost::system::error_code ignored;
    stream_.next_layer().close(ignored);
  }

  /// One request and its answer; false when the connection is to end.
  asio::awaitable<bool> serve_one() {
    http::request_parser<http::string_body> parser;
    parser.header_limit(kMaxHeaderBytes);
    parser.body_limit(kMaxUploadBytes);  // until the head tells what it is
    boost::system::error_code error;
    idle_ = true;
    if (server_.stopping_) co_return false;
    deadline_.within(kIdleTimeout);
    co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
    idle_ = false;
    if (!error) {
      Request head = head_of_request(parser.get(), address_, server_.trust_forwarded_for_);
      if (server_.handler_->takes_upload(head)) co_return co_await take_upload(parser, std::move(head));
      parser.body_limit(kMaxBodyBytes);
      if (parser.content_length().value_or(0) > kMaxBodyBytes) error = http::error::body_limit;
    }
    if (!error) {
      deadline_.within(kBodyTimeout);
      if (equal_ignoring_case(as_view(parser.get()[http::field::expect]), "100-continue"))
        co_await writer_.send_continue();
      co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
    }
    deadline_.none();
    if (error) {
      co_await refuse(error);
      co_return false;
    }
    const bool keep_alive = parser.get().keep_alive() && !server_.stopping_;
    Request request = head_of_request(parser.get(), address_, server_.trust_forwarded_for_);
    request.body = std::move(parser.get().body());
    request.id = to_hex(random_bytes());
    co_return co_await handle(std::move(request), keep_alive);
  }

  /// A file: each piece is written on a worker thread before the next one is read.
  asio::awaitable<bool> take_upload(http::request_parser<http::string_body>& parser_of_head, Request head) {
    const auto began = std::chrono::steady_clock::now();
    head.id = to_hex(random_bytes());
    deadline_.none();
    auto result = co_await receive_upload(parser_of_head, head);
    const bool whole = result.has_value();
    const Response response = server_.handler_->upload_answer(head, std::move(result));
    Request facts = head;
    facts.headers = {};
    const bool written = co_await writer_.send(response, facts, whole && !server_.stopping_, *server_.pool_);
    if (written && !whole) co_await discard_rest();
    server_.handler_->answered(
        facts, response.status,
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began));
    co_return written&& whole && !server_.stopping_;
  }

  asio::awaitable<Result<Response>> receive_upload(http::request_parser<http::string_body>& parser_of_head,
                                                   const Request& head) {
    using Sink = std::shared_ptr<BodySink>;
    const bool waits = equal_ignoring_case(as_view(parser_of_head.get()[http::field::expect]), "100-continue");
    http::request_parser<http::buffer_body> parser(std::move(parser_of_head));
    parser.body_limit(kMaxUploadBytes);
    const std::function<Result<Sink>()> begin = [this, &head]() -> Result<Sink> {
      auto sink = server_.handler_->begin_upload(head);
      if (!sink) return tl::unexpected(sink.error());
      return Sink(std::move(*sink));
    };
    auto begun = co_await on_pool(*server_.pool_, begin);
    if (!begun) co_return tl::unexpected(begun.error());
    if (waits && !co_await writer_.send_continue()) co_return upload_broke();
    const Sink sink = *begun;
    Bytes piece(kUploadPieceBytes);
    std::size_t bytes = 0;
    const std::function<Result<void>()> keep = [&] { return sink->write(ByteView(piece).first(bytes)); };
    const std::function<Result<Response>()> finish = [&] { return sink->finish(); };
    while (!parser.is_done()) {
      parser.get().body().data = piece.data();
      parser.get().body().size = piece.size();
      parser.get().body().more = true;
      boost::system::error_code error;
      deadline_.within(kUploadPieceTimeout);
      co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
      deadline_.none();
      if (error == http::error::body_limit)
        co_return fail(ErrorKind::too_large, "media_item.file_too_large", "A file may have 512 MiB.");
      if (error && error != http::error::need_buffer) co_return upload_broke();
      bytes = piece.size() - parser.get().body().size;
      auto kept = co_await on_pool(*server_.pool_, keep);
      if (!kept) co_return tl::unexpected(kept.error());
    }
    co_return co_await on_pool(*server_.pool_, finish);
  }
  static tl::unexpected<Error> upload_broke() {
    return fail(ErrorKind::invalid, "http.malformed", "The file did not come whole.");
  }

  asio::awaitable<bool> handle(Request request, bool keep_alive) {
    const auto began = std::chrono::steady_clock::now();
    std::optional<Response> response;
    const bool upgrade = wants_web_socket(request);
    if (upgrade) response = server_.handler_->refuse_socket(request);
    if (upgrade && !response) {
      upgraded_ = true;
      co_await run_web_socket(std::move(stream_), std::move(request), server_.handler_->socket_events(), *this);
      co_return false;
    }
    // What is left of the request when it has gone to a worker thread: enough to write the answer and the log line.
    Request facts;
    facts.method = request.method;
    facts.path = request.path;
    facts.id = request.id;
    facts.address = request.address;
    if (!response) response = server_.handler_->answer_at_once(request);
    if (!response) response = co_await on_worker(std::move(request));
    const unsigned status = response->status;
    const bool written = co_await writer_.send(*response, facts, keep_alive, *server_.pool_);
    const auto took = std::chrono::steady_clock::now() - began;
    server_.handler_->answered(facts, status, std::chrono::duration_cast<std::chrono::microseconds>(took));
    co_return written&& keep_alive;
  }

  /// A request that cannot be read gets its own answer; the rest of what the peer sends is thrown away, because closing
  /// with unread bytes resets the connection and takes the answer with it.
  asio::awaitable<void> refuse(boost::system::error_code error) {
    Response response;
    if (error == http::error::body_limit) {
      response = server_.handler_->refuse({ErrorKind::too_large, "body.too_large", "The body may have 256 KiB.", {}});
    } else if (error == http::error::header_limit) {
      response =
          server_.handler_->refuse({ErrorKind::too_large, "header.too_large", "The headers may have 16 KiB.", {}});
    } else if (error.category() == http::make_error_code(http::error::bad_method).category() &&
               error != http::error::end_of_stream && error != http::error::partial_message) {
      response = server_.handler_->refuse({ErrorKind::invalid, "http.malformed", "This is no HTTP/1.1 request.", {}});
    } else {
      co_return;
    }
    Request facts;
    if (co_await writer_.send(response, facts, false, *server_.pool_)) co_await discard_rest();
  }

  asio::awaitable<void> discard_rest() {
    deadline_.within(kGoodbyeTimeout);
    std::array<char, std::size_t{16} * 1024> scratch{};
    for (std::size_t discarded = 0; discarded < kMaxDiscardedBytes;) {
      boost::system::error_code end;
      const std::size_t size =
          co_await stream_.async_read_some(asio::buffer(scratch), asio::redirect_error(asio::use_awaitable, end));
      if (end) break;
      discarded += size;
    }
    deadline_.none();
  }

  asio::awaitable<Response> on_worker(Request request) {
    const std::function<Result<Response>()> work = [&]() -> Result<Response> {
      return server_.handler_->answer(std::move(request));
    };
    auto answered = co_await on_pool(*server_.pool_, work);
    co_return answered ? std::move(*answered) : server_.handler_->refuse(answered.error());
  }

  static std::string_view as_view(boost::beast::string_view text) { return {text.data(), text.size()}; }
  Bytes random_bytes() {
    Bytes bytes(8);
    server_.random_.fill(bytes);
    return bytes;
  }

  Impl& server_;
  TlsStream stream_;
  const asio::any_io_executor executor_{stream_.get_executor()};
  const std::string address_;
  Deadline deadline_;
  ResponseWriter writer_{stream_, deadline_};
  boost::beast::flat_buffer buffer_{kMaxHeaderBytes + kFilePieceBytes};
  std::weak_ptr<SocketPeer> peer_;
  bool admitted_ = false;
  bool idle_ = false;
  bool upgraded_ = false;
};

HttpsServer::Impl::Impl(const HttpsConfig& config)
    : trust_forwarded_for_(config.trust_forwarded_for), tls_(make_tls(config)) {
  listen(config.addresses, config.port);
}

void HttpsServer::Impl::start(RequestHandler& handler, BlockingPool& pool) {
  handler_ = &handler;
  pool_ = &pool;
  for (auto& acceptor : acceptors_) asio::co_spawn(io_, accept_all(acceptor), asio::detached);
  for (unsigned i = 0; i < kIoThreads; ++i) {
    threads_.emplace_back([this] { io_.run(); });
  }
}

void HttpsServer::Impl::listen(const std::vector<std::string>& addresses, std::uint16_t port) {
  for (int attempt = 0; attempt < kPortAttempts; ++attempt) {
    if (try_listen(addresses, port)) return;
  }
  throw std::system_error(EADDRINUSE, std::generic_category(), "no port is free on every address of server.listen");
}

/// False when a port that the system chose for the first address is taken on another one.
bool HttpsServer::Impl::try_listen(const std::vector<std::string>& addresses, std::uint16_t port) {
  acceptors_.clear();
  port_ = port;
  for (const auto& text : addresses) {
    const auto address = asio::ip::make_address(text);
    tcp::acceptor acceptor(io_);
    boost::system::error_code error;
    acceptor.open(address.is_v6() ? tcp::v6() : tcp::v4(), error);
    if (error && address.is_v6()) {
      log::warning("this machine has no IPv6", {{"address", text}});
      continue;
    }
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
    if (!error) acceptor.bind({address, port_}, error);
    if (!error) acceptor.listen(kBacklog, error);
    if (error == asio::error::address_in_use && port == 0) return false;
    if (error) throw std::system_error(error, "HTTPS on " + text + " port " + std::to_string(port_));
    port_ = acceptor.local_endpoint().port();
    acceptors_.push_back(std::move(acceptor));
  }
  if (acceptors_.empty())
    throw std::system_error(EADDRNOTAVAIL, std::generic_category(), "server.listen has no usable address");
  return true;
}

asio::awaitable<void> HttpsServer::Impl::accept_all(tcp::acceptor& acceptor) {
  while (acceptor.is_open()) {
    boost::system::error_code error;
    tcp::socket socket = co_await acceptor.async_accept(asio::any_io_executor(asio::make_strand(io_)),
                                                        asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted || stopping_) co_return;
    if (error) {  // out of descriptors or a peer that is already gone
      asio::steady_timer pause(io_, kPauseWithoutDescriptors);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    const auto peer = socket.remote_endpoint(error);
    if (error) continue;
    socket.set_option(tcp::no_delay(true), error);
    const auto executor = socket.get_executor();
    auto connection = std::make_shared<Connection>(std::move(socket), peer.address().to_string(), *this);
    if (connection->admitted())
      asio::co_spawn(
          executor, [connection] { return connection->run(); }, asio::detached);
  }
}

bool HttpsServer::Impl::admit(Connection* connection, const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || connections_.size() >= kMaxConnections) return false;
  auto& count = by_address_[address];
  if (count >= kMaxConnectionsPerAddress) return false;
  ++count;
  connections_.insert(connection);
  return true;
}

void HttpsServer::Impl::forget(Connection* connection, const std::string& address) {
  {
    const std::lock_guard lock(mutex_);
    connections_.erase(connection);
    const auto found = by_address_.find(address);
    if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
  }
  changed_.notify_all();
}

void HttpsServer::Impl::stop(std::chrono::milliseconds patience) {
  if (stopping_.exchange(true)) return;
  asio::post(io_, [this] {
    boost::system::error_code ignored;
    for (auto& acceptor : acceptors_) acceptor.close(ignored);
  });
  {
    std::unique_lock lock(mutex_);
    // A connection that is being destroyed waits for the lock in `forget`; its weak pointer then finds nothing.
    for (auto* connection : connections_) connection->finish();
    if (!changed_.wait_for(lock, patience, [this] { return connections_.empty(); })) {
      for (auto* connection : connections_) connection->abort();
      changed_.wait_for(lock, kLastWait, [this] { return connections_.empty(); });
    }
  }
  keep_running_.reset();
  io_.stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

HttpsServer::HttpsServer(const HttpsConfig& config) : impl_(std::make_unique<Impl>(config)) {}
void HttpsServer::start(RequestHandler& handler, BlockingPool& pool) { impl_->start(handler, pool); }
HttpsServer::~HttpsServer() { impl_->stop(std::chrono::milliseconds{0}); }
std::uint16_t HttpsServer::port() const { return impl_->port(); }
std::size_t HttpsServer::connections() const { return impl_->connections(); }
void HttpsServer::stop(std::chrono::milliseconds patience) { impl_->stop(patience); }

}  // namespace tw::api
