#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"

namespace tw::processing {

/// The machine's time-zone data for one IANA name. It sets the process's own zone, so it is for processor processes,
/// which do one job at a time. An unknown name gives UTC: the text of a mark states the offset, so that it stays true.
class LocalTimeZone {
 public:
  explicit LocalTimeZone(const std::string& iana_name);
  [[nodiscard]] std::chrono::seconds offset_at(WallTime at) const;
};

}  // namespace tw::processing
