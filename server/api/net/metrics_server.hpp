#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace tw::api {

/// The metrics page: plain HTTP on an address of its own, which is meant to be local. One connection at a time; every
/// request gets the same page. Throws std::system_error where the address cannot be bound.
class MetricsServer {
 public:
  MetricsServer(const std::string& address, std::uint16_t port, std::function<std::string()> page);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;
  [[nodiscard]] std::uint16_t port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tw::api
