#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "chaos/relay/link.hpp"

namespace tw::chaos {

/// Which flows and directions a command is about. Nothing named: all flows, those that are still to come included.
struct Selector {
  std::optional<std::uint32_t> flow;
  std::string client;  ///< "127.0.0.1:40000"
  std::string ufrag;   ///< of either side, as the first connectivity check names them (RFC 8445 section 7.2.2)
  bool up = true;      ///< towards the server
  bool down = true;    ///< towards the client

  [[nodiscard]] bool all() const { return !flow && client.empty() && ufrag.empty(); }
};

/// A line of the control socket, understood.
struct Command {
  enum class Verb { set, clear, blackout, rebind, flows, stats };
  Verb verb = Verb::stats;
  Selector selector;
  std::vector<std::pair<std::string, double>> settings;  ///< of `set`: names as in the line
  std::chrono::milliseconds duration{0};                 ///< of `blackout`
};

/// "set loss=0.05 delay_ms=40 direction=up flow=3". A word that is unknown or out of range is an error that names it.
[[nodiscard]] Result<Command> parse_command(std::string_view line);
/// Changes what the command names and leaves the rest.
void apply(const Command& command, Impairment& impairment);

}  // namespace tw::chaos
