#include "net/http_front.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace tw::bench {
namespace {

std::system_error failure(const char* what) { return {errno, std::generic_category(), what}; }

class Connection {
 public:
  explicit Connection(int fd) : fd_(fd) {
    const timeval patience{HttpFront::kPatienceSeconds, 0};
    (void)::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    (void)::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  }
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Reads more of the request; false at its end or an error.
  bool read_into(std::string& text) {
    std::array<char, 8192> piece{};
    const auto bytes = ::recv(fd_, piece.data(), piece.size(), 0);
    if (bytes <= 0) return false;
    text.append(piece.data(), static_cast<std::size_t>(bytes));
    return text.size() <= HttpFront::kMaxRequestBytes;
  }
  void write(std::string_view text) {
    while (!text.empty()) {
      const auto bytes = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (bytes <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(bytes));
    }
  }

 private:
  int fd_;
};

bool same_word(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(left[i])) != std::tolower(static_cast<unsigned char>(right[i]))) {
      return false;
    }
  }
  return true;
}

std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "content-length:";
  for (std::size_t line = head.find("\r\n"); line != std::string_view::npos; line = head.find("\r\n", line + 2)) {
    std::string_view rest = head.substr(line + 2);
    if (!same_word(rest.substr(0, kName.size()), kName)) continue;
    rest.remove_prefix(kName.size());
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    std::size_t length = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), length);
    return length;
  }
  return 0;
}

std::vector<std::string> split_path(std::string_view target) {
  std::vector<std::string> parts;
  for (target = target.substr(0, target.find('?')); !target.empty();) {
    const std::size_t end = target.find('/');
    const std::string_view part = target.substr(0, end);
    if (!part.empty()) parts.emplace_back(part);
    target = end == std::string_view::npos ? std::string_view{} : target.substr(end + 1);
  }
  return parts;
}

std::optional<HttpRequest> read_request(Connection& connection) {
  std::string text;
  std::size_t end = std::string::npos;
  while ((end = text.find("\r\n\r\n")) == std::string::npos) {
    if (!connection.read_into(text)) return std::nullopt;
  }
  const std::string_view head = std::string_view(text).substr(0, end);
  const std::size_t after_method = head.find(' ');
  const std::size_t after_target = head.find(' ', after_method + 1);
  if (after_method == std::string_view::npos || after_target == std::string_view::npos) return std::nullopt;
  HttpRequest request{.method = std::string(head.substr(0, after_method)),
                      .path = split_path(head.substr(after_method + 1, after_target - after_method - 1)),
                      .body = {}};
  const std::size_t length = content_length(head);
  if (length > HttpFront::kMaxRequestBytes) return std::nullopt;
  const std::size_t body = end + 4;
  while (text.size() < body + length) {
    if (!connection.read_into(text)) return std::nullopt;
  }
  request.body = text.substr(body, length);
  return request;
}

}  // namespace

HttpFront::HttpFront(const std::string& address, std::uint16_t port, Handler handler) : handler_(std::move(handler)) {
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &local.sin_addr) != 1) {
    throw std::invalid_argument("Not an IPv4 address to listen on: " + address);
  }
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd_ < 0) throw failure("socket");
  const int yes = 1;
  (void)::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  socklen_t length = sizeof(local);
  if (::bind(fd_, reinterpret_cast<sockaddr*>(&local), length) != 0 || ::listen(fd_, SOMAXCONN) != 0 ||
      ::getsockname(fd_, reinterpret_cast<sockaddr*>(&local), &length) != 0) {
    const auto error = failure("cannot listen for HTTP");
    ::close(fd_);
    throw error;
  }
  port_ = ntohs(local.sin_port);
}

HttpFront::~HttpFront() { ::close(fd_); }

void HttpFront::serve_one() {
  const int accepted = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
  if (accepted < 0) return;
  Connection connection(accepted);
  const auto request = read_request(connection);
  const HttpResponse response = request ? handler_(*request) : HttpResponse{.status = 400, .headers = {}, .body = {}};
  std::string text = "HTTP/1.1 " + std::to_string(response.status) +
                     " -\r\nConnection: close\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n";
  for (const auto& header : response.headers) text += header + "\r\n";
  connection.write(text + "\r\n" + response.body);
}

}  // namespace tw::bench
