#include "api/net/outgoing_http_client.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <netdb.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/src.hpp>  // the library part of Beast, compiled once
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "api/net/address_class.hpp"
#include "base/log.hpp"

namespace tw::api {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
namespace {

constexpr std::chrono::seconds kAllInAll{5};
constexpr std::uint64_t kMaxAnswerBytes = std::uint64_t{256} * 1024;
constexpr std::uint32_t kMaxAnswerHeaderBytes = 16 * 1024;
constexpr std::size_t kMaxUrlBytes = 1024;
/// A download is handed on in pieces of a sealed file's chunk.
constexpr std::size_t kDownloadPieceBytes = std::size_t{64} * 1024;
/// A sender that is silent for longer has hung.
constexpr std::chrono::seconds kDownloadSilence{30};
/// Look-ups that the system has not answered; beyond it the name service is down and more threads would not help.
constexpr int kMaxLookUps = 16;

tl::unexpected<Error> refused(std::string code, std::string message) {
  return fail(ErrorKind::unprocessable, std::move(code), std::move(message));
}
tl::unexpected<Error> failed(std::string code, std::string message) {
  return fail(ErrorKind::unavailable, std::move(code), std::move(message));
}

tl::unexpected<Error> private_address() {
  return refused("outgoing.private_address",
                 "The address lies in a private network; list its host:port in outgoing.allow_private if it is meant.");
}

/// getaddrinfo(3) cannot be cancelled: it runs on a thread that may outlast its caller and shares only this with it.
struct LookUp {
  std::mutex mutex;
  std::condition_variable done;
  bool finished = false;
  std::vector<asio::ip::address> addresses;
};
std::atomic<int> look_ups_running{0};

std::vector<asio::ip::address> addresses_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);
  std::vector<asio::ip::address> found;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family == AF_INET) {
      const auto* v4 = reinterpret_cast<const sockaddr_in*>(entry->ai_addr);
      found.emplace_back(asio::ip::address_v4(ntohl(v4->sin_addr.s_addr)));
    } else if (entry->ai_family == AF_INET6) {
      const auto* v6 = reinterpret_cast<const sockaddr_in6*>(entry->ai_addr);
      asio::ip::address_v6::bytes_type bytes{};
      std::copy_n(reinterpret_cast<const std::uint8_t*>(&v6->sin6_addr), bytes.size(), bytes.begin());
      found.emplace_back(asio::ip::address_v6(bytes, v6->sin6_scope_id));
    }
  }
  return found;
}

Result<std::vector<asio::ip::address>> resolve(const std::string& host, Clock::time_point until) {
  boost::system::error_code no_address;
  if (const auto address = asio::ip::make_address(host, no_address); !no_address) return std::vector{address};
  if (look_ups_running.fetch_add(1) >= kMaxLookUps) {
    look_ups_running.fetch_sub(1);
    return failed("outgoing.timeout", "Host names are not being resolved; the system's name service does not answer.");
  }
  auto look_up = std::make_shared<LookUp>();
  std::thread([look_up, host] {
    auto found = addresses_of(host);
    {
      const std::lock_guard lock(look_up->mutex);
      look_up->addresses = std::move(found);
      look_up->finished = true;
    }
    look_up->done.notify_all();
    look_ups_running.fetch_sub(1);
  }).detach();
  std::unique_lock lock(look_up->mutex);
  if (!look_up->done.wait_until(lock, until, [&] { return look_up->finished; })) {
    return failed("outgoing.timeout", "The host name was not resolved in time.");
  }
  if (look_up->addresses.empty()) return failed("outgoing.refused", "The host name has no address.");
  return look_up->addresses;
}

bool has_line_break(std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; }

Result<std::string> request_text(const service::OutgoingRequest& request, const OutgoingUrl& url) {
  std::string text = request.method + " " + url.target + " HTTP/1.1\r\nHost: " + url.authority +
                     "\r\nUser-Agent: telewitness\r\nAccept-Encoding: identity\r\nConnection: close\r\n";
  if (!request.body.empty() || request.method != "GET")
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  for (const auto& [name, value] : request.headers) {
    if (has_line_break(name) || has_line_break(value))
      return refused("outgoing.malformed", "A header has a line break.");
    text.append(name).append(": ").append(value).append("\r\n");
  }
  return text + "\r\n" + request.body;
}

/// One request to one host, on an event loop of its own that ends with it. What is done with the answer is up to who
/// inherits.
template <class Answer>
class Exchange {
 public:
  Exchange(const OutgoingUrl& url, std::string text, asio::ssl::context& tls)
      : url_(url), text_(std::move(text)), stream_(io_, tls) {}
  virtual ~Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  Result<Answer> run(const std::vector<asio::ip::address>& addresses, Clock::time_point until) {
    asio::co_spawn(io_, talk(addresses), [this](const std::exception_ptr& error, Result<Answer> result) {
      if (!error) result_ = std::move(result);
    });
    io_.run_until(until);
    return std::move(result_);
  }

 protected:
  using Plain = tcp::socket;
  using Secure = asio::ssl::stream<tcp::socket>;
  virtual asio::awaitable<Result<Answer>> read_answer(Plain& stream) = 0;
  virtual asio::awaitable<Result<Answer>> read_answer(Secure& stream) = 0;
  asio::io_context& io() { return io_; }

 private:
  asio::awaitable<Result<Answer>> talk(const std::vector<asio::ip::address>& addresses) {
    boost::system::error_code error = asio::error::host_not_found;
    for (const auto& address : addresses) {
      boost::system::error_code ignored;
      stream_.next_layer().close(ignored);
      co_await stream_.next_layer().async_connect({address, url_.port},
                                                  asio::redirect_error(asio::use_awaitable, error));
      if (!error) break;
    }
    if (error) co_return failed("outgoing.refused", "No connection could be made: " + error.message() + ".");
    if (!url_.secure) co_return co_await exchange(stream_.next_layer());

    stream_.set_verify_mode(asio::ssl::verify_peer);
    stream_.set_verify_callback(asio::ssl::host_name_verification(url_.host));
    boost::system::error_code no_address;
    static_cast<void>(asio::ip::make_address(url_.host, no_address));
    if (no_address) {  // RFC 6066 section 3: names only
      SSL_ctrl(stream_.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(url_.host.c_str()));
    }
    co_await stream_.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return failed("outgoing.tls", "No trusted TLS connection: " + error.message() + ".");
    co_return co_await exchange(stream_);
  }

  template <class Stream>
  asio::awaitable<Result<Answer>> exchange(Stream& stream) {
    boost::system::error_code error;
    co_await asio::async_write(stream, asio::buffer(text_), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return failed("outgoing.refused", "The connection broke: " + error.message() + ".");
    co_return co_await read_answer(stream);
  }

  const OutgoingUrl& url_;
  std::string text_;
  Result<Answer> result_ = failed("outgoing.timeout", "No complete answer in time.");
  asio::io_context io_{1};
  Secure stream_;
};

/// A small answer, held whole.
class SmallExchange final : public Exchange<service::OutgoingResponse> {
 public:
  using Exchange::Exchange;

 private:
  asio::awaitable<Result<service::OutgoingResponse>> read_answer(Plain& stream) override { return read(stream); }
  asio::awaitable<Result<service::OutgoingResponse>> read_answer(Secure& stream) override { return read(stream); }

  template <class Stream>
  static asio::awaitable<Result<service::OutgoingResponse>> read(Stream& stream) {
    boost::system::error_code error;
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(kMaxAnswerBytes);
    parser.header_limit(kMaxAnswerHeaderBytes);
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    if (error == http::error::body_limit || error == http::error::header_limit ||
        error == http::error::buffer_overflow) {
      co_return failed("outgoing.too_large", "The answer is larger than 256 KiB.");
    }
    if (error) co_return failed("outgoing.malformed", "The answer is no HTTP answer: " + error.message() + ".");
    auto message = parser.release();
    service::OutgoingResponse response;
    response.status = message.result_int();
    const auto type = message[http::field::content_type];
    response.content_type = std::string(type.data(), type.size());
    response.body = std::move(message.body());
    co_return response;
  }
};

/// A large one, handed on piece by piece.
class DownloadExchange final : public Exchange<service::OutgoingDownloadAnswer> {
 public:
  DownloadExchange(const OutgoingUrl& url, std::string text, asio::ssl::context& tls,
                   const service::OutgoingDownload& request)
      : Exchange(url, std::move(text), tls), request_(request) {}

 private:
  using Answer = service::OutgoingDownloadAnswer;
  asio::awaitable<Result<Answer>> read_answer(Plain& stream) override { return read(stream, stream); }
  asio::awaitable<Result<Answer>> read_answer(Secure& stream) override { return read(stream, stream.next_layer()); }

  template <class Stream>
  asio::awaitable<Result<Answer>> read(Stream& stream, tcp::socket& socket) {
    asio::steady_timer silence(io());
    boost::system::error_code error;
    boost::beast::flat_buffer buffer;
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(request_.most_bytes);
    parser.header_limit(kMaxAnswerHeaderBytes);
    watch(silence, socket);
    co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return complaint(error);
    Answer answer;
    answer.status = parser.get().result_int();
    const auto type = parser.get()[http::field::content_type];
    answer.content_type = std::string(type.data(), type.size());
    const auto etag = parser.get()[http::field::etag];
    answer.etag = std::string(etag.data(), etag.size());
    if (answer.status != 200) {
      silence.cancel();
      co_return answer;
    }
    std::vector<std::uint8_t> piece(kDownloadPieceBytes);
    while (!parser.is_done()) {
      parser.get().body().data = piece.data();
      parser.get().body().size = piece.size();
      watch(silence, socket);
      co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
      if (error == http::error::need_buffer) error = {};
      if (error) co_return complaint(error);
      const std::size_t bytes = piece.size() - parser.get().body().size;
      if (auto taken = request_.take(ByteView(piece).first(bytes)); !taken) co_return tl::unexpected(taken.error());
    }
    silence.cancel();
    co_return answer;
  }
  /// Closes the connection when nothing comes for too long; called again with each piece.
  static void watch(asio::steady_timer& timer, tcp::socket& socket) {
    timer.expires_after(kDownloadSilence);
    timer.async_wait([&socket](const boost::system::error_code& error) {
      boost::system::error_code ignored;
      if (!error) socket.close(ignored);
    });
  }
  static tl::unexpected<Error> complaint(const boost::system::error_code& error) {
    if (error == http::error::body_limit) return failed("outgoing.too_large", "The file is too large.");
    if (error == asio::error::operation_aborted) return failed("outgoing.timeout", "The sender fell silent.");
    return failed("outgoing.malformed", "The file did not come whole: " + error.message() + ".");
  }

  const service::OutgoingDownload& request_;
};

std::string lowered(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

}  // namespace

Result<OutgoingUrl> parse_outgoing_url(const std::string& text, bool allow_plain_http) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || text.size() > kMaxUrlBytes || parsed->encoded_host().empty() || parsed->has_userinfo()) {
    return refused("outgoing.malformed", "This is no http address with a host and without a user name.");
  }
  OutgoingUrl url;
  const std::string scheme = lowered({parsed->scheme().data(), parsed->scheme().size()});
  url.secure = scheme == "https";
  if (scheme != "https" && !(scheme == "http" && allow_plain_http)) {
    return refused("outgoing.not_https", "The address must begin with https://.");
  }
  url.port = url.secure ? 443 : 80;
  if (parsed->has_port()) {
    const auto digits = parsed->port();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (error != std::errc() || end != digits.data() + digits.size() || url.port == 0) {
      return refused("outgoing.malformed", "The address has a port that is none.");
    }
  }
  url.host = lowered({parsed->encoded_host().data(), parsed->encoded_host().size()});
  const bool bracketed = url.host.size() > 2 && url.host.front() == '[' && url.host.back() == ']';
  url.authority = url.host + (parsed->has_port() ? ":" + std::to_string(url.port) : "");
  if (bracketed) url.host = url.host.substr(1, url.host.size() - 2);
  if (url.host.find('%') != std::string::npos) return refused("outgoing.malformed", "The host name is escaped.");
  const auto path = parsed->encoded_path();
  url.target = path.empty() ? "/" : std::string(path.data(), path.size());
  if (parsed->has_query())
    url.target += "?" + std::string(parsed->encoded_query().data(), parsed->encoded_query().size());
  return url;
}

OutgoingHttpClient::OutgoingHttpClient(Settings settings) : settings_(std::move(settings)) {}

bool OutgoingHttpClient::may_be_private(const OutgoingUrl& url) const {
  const std::string place =
      (url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]") + ":" + std::to_string(url.port);
  return std::ranges::any_of(settings_.allow_private,
                             [&](const std::string& allowed) { return lowered(allowed) == place; });
}

Result<void> OutgoingHttpClient::check_url(const std::string& text) {
  const auto url = parse_outgoing_url(text, settings_.allow_plain_http);
  if (!url) return tl::unexpected(url.error());
  if (may_be_private(*url)) return {};
  if (is_private_host_name(url->host)) return private_address();
  // inet_aton's spellings ("127.1", "0x7f000001", "2130706433") are addresses for the system's resolver too.
  in_addr loose{};
  if (::inet_aton(url->host.c_str(), &loose) != 0) {
    return is_private_address(asio::ip::address_v4(ntohl(loose.s_addr))) ? Result<void>(private_address())
                                                                         : Result<void>();
  }
  boost::system::error_code no_address;
  const auto address = asio::ip::make_address(url->host, no_address);
  if (!no_address && is_private_address(address)) return private_address();
  return {};
}

/// Where a request goes: only addresses that it may reach, and the trusted authorities.
struct OutgoingHttpClient::Target {
  OutgoingUrl url;
  std::vector<asio::ip::address> addresses;
  asio::ssl::context tls{asio::ssl::context::tls_client};
};

Result<std::unique_ptr<OutgoingHttpClient::Target>> OutgoingHttpClient::target_of(
    const std::string& address, std::chrono::steady_clock::time_point until) const {
  auto url = parse_outgoing_url(address, settings_.allow_plain_http);
  if (!url) return tl::unexpected(url.error());
  auto addresses = resolve(url->host, until);
  if (!addresses) return tl::unexpected(addresses.error());
  if (!may_be_private(*url)) {
    std::erase_if(*addresses, is_private_address);
    if (addresses->empty()) return private_address();
  }
  try {
    auto target = std::make_unique<Target>();
    target->url = std::move(*url);
    target->addresses = std::move(*addresses);
    SSL_CTX_set_min_proto_version(target->tls.native_handle(), TLS1_2_VERSION);
    target->tls.set_default_verify_paths();
    if (!settings_.extra_ca_file.empty()) target->tls.load_verify_file(settings_.extra_ca_file);
    return target;
  } catch (const boost::system::system_error& error) {
    log::error("outgoing call could not be set up", {{"what", error.what()}});
    return failed("outgoing.tls", "The trusted authorities cannot be read; see outgoing.extra_ca_file.");
  }
}

Result<service::OutgoingResponse> OutgoingHttpClient::send(const service::OutgoingRequest& request) {
  const auto until = Clock::now() + kAllInAll;
  auto target = target_of(request.url, until);
  if (!target) return tl::unexpected(target.error());
  auto text = request_text(request, (*target)->url);
  if (!text) return tl::unexpected(text.error());
  return SmallExchange((*target)->url, std::move(*text), (*target)->tls).run((*target)->addresses, until);
}

Result<service::OutgoingDownloadAnswer> OutgoingHttpClient::download(const service::OutgoingDownload& request) {
  const auto until = Clock::now() + request.within;
  auto target = target_of(request.url, Clock::now() + kAllInAll);
  if (!target) return tl::unexpected(target.error());
  auto text = request_text({.method = "GET", .url = request.url, .headers = {}, .body = {}}, (*target)->url);
  if (!text) return tl::unexpected(text.error());
  return DownloadExchange((*target)->url, std::move(*text), (*target)->tls, request).run((*target)->addresses, until);
}

}  // namespace tw::api
