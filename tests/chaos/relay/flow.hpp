#pragma once

#include <cstdint>
#include <string>

#include "base/encoding.hpp"
#include "chaos/relay/command.hpp"
#include "chaos/relay/link.hpp"
#include "media/wire/socket_address.hpp"
#include "media/worker/file_descriptor.hpp"

namespace tw::chaos {

/// What one client's port sends to one listening address, and what comes back: as a NAT's binding, with a socket of its
/// own towards the server.
struct Flow {
  Flow(std::uint32_t its_number, std::uint64_t seed)
      : number(its_number),
        up(seed * 2 + 2 * std::uint64_t{its_number}),
        down(seed * 2 + 2 * std::uint64_t{its_number} + 1) {}

  std::uint32_t number;
  std::uint32_t pair = 0;  ///< index of the listening address
  media::SocketAddress client;
  media::FileDescriptor socket;  ///< connected to the server
  std::string server_ufrag;      ///< of the first connectivity check
  std::string client_ufrag;
  SteadyTime used{};
  Link up;
  Link down;

  [[nodiscard]] Link& link(bool to_server) { return to_server ? up : down; }
  /// Remembers the ufrags of the first STUN request that is seen.
  void learn_names(ByteView datagram);
  [[nodiscard]] bool is_meant(const Selector& selector) const;
  [[nodiscard]] std::string client_text() const;
};

/// Counters and settings as JSON objects.
[[nodiscard]] std::string to_json(const LinkCounters& counters);
[[nodiscard]] std::string to_json(const Flow& flow);

}  // namespace tw::chaos
