#pragma once

#include <string>
#include <string_view>

#include "api/net/blocking_pool.hpp"
#include "api/net/connection.hpp"

namespace tw::api {

/// Status line and header fields as they are sent. What would let a value write fields of its own is left out.
[[nodiscard]] std::string response_head(const Response& response, bool keep_alive, const std::string& request_id);

/// Writes answers to a connection; lives with it, on its strand. A reader that takes nothing for kWriteTimeout loses
/// it.
class ResponseWriter {
 public:
  ResponseWriter(TlsStream& stream, Deadline& deadline) : stream_(stream), deadline_(deadline) {}

  /// Bodies that are files are read on `pool`. False when the connection broke.
  boost::asio::awaitable<bool> send(const Response& response, const Request& request, bool keep_alive,
                                    BlockingPool& pool);
  /// The client waits until it is told to send the body (RFC 9110 section 10.1.1).
  boost::asio::awaitable<bool> send_continue();

 private:
  boost::asio::awaitable<bool> send_source(const Response& response, BlockingPool& pool);
  boost::asio::awaitable<bool> write(std::string_view bytes);

  TlsStream& stream_;
  Deadline& deadline_;
};

}  // namespace tw::api
