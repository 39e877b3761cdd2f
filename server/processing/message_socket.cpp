#include <openssl/crypto.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "base/byte_order.hpp"
#include "processing/message.hpp"

namespace tw::processing {
namespace {

tl::unexpected<Error> disconnected() {
  return fail(ErrorKind::internal, "processor.disconnected", "The other end of the processor's socket is gone.");
}

void append_block(Bytes& out, ByteView block) {
  std::array<std::uint8_t, 4> length{};
  store_be(length.data(), static_cast<std::uint32_t>(block.size()));
  out.insert(out.end(), length.begin(), length.end());
  out.insert(out.end(), block.begin(), block.end());
}

std::optional<ByteView> take_block(ByteView& rest) {
  if (rest.size() < 4) return std::nullopt;
  const std::size_t length = load_be<std::uint32_t>(rest.data());
  if (rest.size() - 4 < length) return std::nullopt;
  const ByteView block = rest.subspan(4, length);
  rest = rest.subspan(4 + length);
  return block;
}

/// Milliseconds for poll(2), rounded up so that a deadline is never met too early.
int patience(SteadyTime until) {
  if (until == SteadyTime::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

}  // namespace

MessageSocket::~MessageSocket() { ::close(fd_); }

void MessageSocket::shut() { ::shutdown(fd_, SHUT_RDWR); }

bool MessageSocket::hung_up() const {
  pollfd waiting{.fd = fd_, .events = 0, .revents = 0};
  return ::poll(&waiting, 1, 0) > 0 && (waiting.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

void MessageSocket::wait_for_hang_up() const {
  pollfd waiting{.fd = fd_, .events = 0, .revents = 0};
  while (::poll(&waiting, 1, -1) <= 0 && errno == EINTR) {
  }
}

Result<void> MessageSocket::wait_for(short events, SteadyTime until) const {
  pollfd waiting{.fd = fd_, .events = events, .revents = 0};
  for (;;) {
    const int ready = ::poll(&waiting, 1, patience(until));
    if (ready > 0) return {};
    if (ready == 0)
      return fail(ErrorKind::unavailable, "processor.timeout", "The processor took longer than its limit.");
    if (errno != EINTR) return disconnected();
  }
}

Result<void> MessageSocket::send(const Message& message, SteadyTime until) {
  Bytes out(4);
  out.push_back(static_cast<std::uint8_t>(message.kind));
  append_block(out, as_bytes(message.json));
  for (const Bytes& blob : message.blobs) append_block(out, blob);
  if (out.size() - 4 > kMaxMessageBytes)
    return fail(ErrorKind::too_large, "processor.failed", "A processor's message is too long.");
  store_be(out.data(), static_cast<std::uint32_t>(out.size() - 4));
  Result<void> result;
  for (std::size_t sent = 0; sent < out.size();) {
    const ssize_t count = ::send(fd_, out.data() + sent, out.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      if (result = wait_for(POLLOUT, until); !result) break;
    } else if (errno != EINTR) {
      result = disconnected();
      break;
    }
  }
  OPENSSL_cleanse(out.data(), out.size());
  return result;
}

Result<void> MessageSocket::read_all(std::span<std::uint8_t> out, SteadyTime until) {
  while (!out.empty()) {
    const ssize_t count = ::recv(fd_, out.data(), out.size(), MSG_DONTWAIT);
    if (count > 0) {
      out = out.subspan(static_cast<std::size_t>(count));
    } else if (count < 0 && errno == EAGAIN) {
      if (auto ready = wait_for(POLLIN, until); !ready) return ready;
    } else if (count == 0 || errno != EINTR) {
      return disconnected();
    }
  }
  return {};
}

Result<Message> MessageSocket::receive(SteadyTime until) {
  std::array<std::uint8_t, 4> head{};
  if (auto read = read_all(head, until); !read) return tl::unexpected(read.error());
  const std::size_t length = load_be<std::uint32_t>(head.data());
  if (length < 1 || length > kMaxMessageBytes) return disconnected();
  Bytes body(length);
  if (auto read = read_all(body, until); !read) return tl::unexpected(read.error());
  Message message;
  message.kind = static_cast<MessageKind>(body[0]);
  ByteView rest = ByteView(body).subspan(1);
  const auto text = take_block(rest);
  if (!text) return disconnected();
  message.json = as_text(*text);
  while (!rest.empty()) {
    const auto blob = take_block(rest);
    if (!blob) return disconnected();
    message.blobs.emplace_back(blob->begin(), blob->end());
  }
  OPENSSL_cleanse(body.data(), body.size());
  return message;
}

}  // namespace tw::processing
