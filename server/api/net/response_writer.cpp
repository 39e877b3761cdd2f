#include "api/net/response_writer.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "api/limits.hpp"
#include "api/net/pool_call.hpp"
#include "base/log.hpp"

namespace tw::api {
namespace asio = boost::asio;
namespace {

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), length};
}

/// A line feed in a value would let data write headers.
void append_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  for (const char c : value) {
    if (c != '\r' && c != '\n') head.push_back(c);
  }
  head.append("\r\n");
}

}  // namespace

std::string response_head(const Response& response, bool keep_alive, const std::string& request_id) {
  std::string head =
      "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason_phrase(response.status)) + "\r\n";
  append_header(head, "Date", http_date());
  for (const auto& [name, value] : response.headers.all()) append_header(head, name, value);
  if (response.status >= 200 && response.status != 204 && response.status != 304) {
    append_header(head, "Content-Length", std::to_string(response.length()));
  }
  if (!request_id.empty()) append_header(head, "X-Request-Id", request_id);
  append_header(head, "Connection", keep_alive ? "keep-alive" : "close");
  return head + "\r\n";
}

asio::awaitable<bool> ResponseWriter::send(const Response& response, const Request& request, bool keep_alive,
                                           BlockingPool& pool) {
  std::string head = response_head(response, keep_alive, request.id);
  if (request.method == Method::head) co_return co_await write(head);
  if (response.source) {
    if (!co_await write(head)) co_return false;
    co_return co_await send_source(response, pool);
  }
  std::string_view body = response.fixed_body.empty() ? std::string_view(response.body) : as_text(response.fixed_body);
  const std::size_t first = std::min(body.size(), kFilePieceBytes);  // with the head: one segment for small answers
  head.append(body.substr(0, first));
  body.remove_prefix(first);
  if (!co_await write(head)) co_return false;
  while (!body.empty()) {
    const std::size_t size = std::min(body.size(), kFilePieceBytes);
    if (!co_await write(body.substr(0, size))) co_return false;
    body.remove_prefix(size);
  }
  co_return true;
}

asio::awaitable<bool> ResponseWriter::send_continue() { co_return co_await write("HTTP/1.1 100 Continue\r\n\r\n"); }

asio::awaitable<bool> ResponseWriter::send_source(const Response& response, BlockingPool& pool) {
  Bytes piece(kFilePieceBytes);
  std::uint64_t offset = response.source_offset;
  const std::uint64_t end = response.source_offset + response.source_length;
  const std::function<Result<std::size_t>()> read = [&] {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(end - offset, piece.size()));
    return response.source->read_at(offset, std::span(piece).first(size));
  };
  while (offset < end) {
    const auto size = co_await on_pool(pool, read);
    if (!size) log::warning("a file could not be read on", {{"code", size.error().code}});
    if (!size || *size == 0 || !co_await write(as_text(ByteView(piece).first(*size)))) co_return false;
    offset += *size;
  }
  co_return true;
}

asio::awaitable<bool> ResponseWriter::write(std::string_view bytes) {
  deadline_.within(kWriteTimeout);
  boost::system::error_code error;
  co_await asio::async_write(stream_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
  deadline_.none();
  co_return !error;
}

}  // namespace tw::api
