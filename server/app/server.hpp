#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/config.hpp"
#include "base/result.hpp"

namespace tw::app {

/// A whole server: made from the configuration, serving from its construction on. wiring.cpp makes everything in order
/// and owns the lifetimes.
class Server {
 public:
  /// Throws std::system_error where an address cannot be bound.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(const Config& config);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::uint16_t media_port() const;
  [[nodiscard]] std::uint16_t metrics_port() const;
  /// Where people reach it, with the real port.
  [[nodiscard]] const std::string& public_url() const;
  /// PEM file of the local authority; empty when the operator gave a certificate.
  [[nodiscard]] const std::string& authority_file() const;

  /// Refuses new interviews and tells the pages.
  void drain();
  /// Conversations that still run.
  [[nodiscard]] std::size_t running_calls();
  /// Seals the journals, closes sockets and sessions, ends every thread. May be called once.
  void stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tw::app
