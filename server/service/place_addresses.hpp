#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "place/position.hpp"

namespace tw::service {

class Core;

/// An address in words and who said it.
struct FoundAddress {
  std::string text;    ///< empty: nobody knows one
  std::string source;  ///< provider, offline; empty with no text
};

/// Says a place in words: by the company's own geocoder where it has one, otherwise, or when that fails, by the table
/// of towns in this binary. Coordinates leave the server only for the company's geocoder and stand in no log.
/// Thread-safe.
class PlaceAddresses {
 public:
  /// A geocoder that failed is left alone for so long, so that not every customer waits for its time limit.
  static constexpr std::chrono::seconds kPauseAfterFailure{30};

  explicit PlaceAddresses(Core& core) : core_(core) {}

  /// Blocks for at most the outgoing calls' limit (5 s): never inside a transaction.
  [[nodiscard]] FoundAddress find(const TenantId& tenant, const place::Position& position, double accuracy_m);

 private:
  [[nodiscard]] Result<std::string> ask_provider(const TenantId& tenant, const place::Position& position);
  [[nodiscard]] bool is_paused(const TenantId& tenant);
  void pause(const TenantId& tenant);

  Core& core_;
  std::mutex mutex_;
  std::map<TenantId, WallTime> paused_until_;  ///< at most one a company
};

}  // namespace tw::service
