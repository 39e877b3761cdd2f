#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "media/transport/network_path.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {

/// A sink that lends the memory from which it sends: a media packet is written and encrypted once, where it leaves
/// from.
class PacketSink : public DatagramSink {
 public:
  /// Room for a packet, its SRTP trailer and RTX's two bytes.
  static constexpr std::size_t kRoomBytes = kMaxPacketBytes + 64;

  /// kRoomBytes for the next datagram; the same ones until `commit` or `send`. Who writes commits before anybody else
  /// writes: a worker's sessions share the place.
  [[nodiscard]] virtual std::span<std::uint8_t> reserve() = 0;
  /// Sends the first `bytes` of what `reserve` lent.
  virtual void commit(const NetworkPath& path, std::size_t bytes) = 0;
};

}  // namespace tw::media
