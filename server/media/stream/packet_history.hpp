#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "media/media_types.hpp"

namespace tw::media {

/// The last packets of one track in the clear, so that they can be sent again. Where a tap keeps them anyway (a
/// recording's ring), only their place is noted; the others are copied, one behind the other, into a ring of bytes that
/// is taken at the first of them.
class PacketHistory {
 public:
  /// 0.7 s of a 1.5 Mb/s picture: a request that waits out reordering and is repeated once over a round trip of 300 ms
  /// comes 0.6 s late. A player rather asks for a keyframe than wait for longer.
  static constexpr std::size_t kBytes = std::size_t{128} * 1024;
  /// Packets of 512 bytes on average. Small pictures make small packets, but few of them.
  static constexpr std::size_t kPackets = 256;
  /// Where the ring lasts for longer: what is older would not be played.
  static constexpr std::chrono::milliseconds kMaxAge{3'000};

  /// Copies a packet; one longer than kMaxPacketBytes is left out.
  void store(std::uint64_t sequence, ByteView packet, SteadyTime now);
  /// Notes a packet of `bytes` that somebody keeps, for as long as they do.
  void refer(std::uint64_t sequence, const KeptPacket& kept, std::size_t bytes, SteadyTime now);
  /// The packet, or an empty view when it is gone or too old.
  [[nodiscard]] ByteView find(std::uint64_t sequence, SteadyTime now) const;
  /// Nothing that others keep is to be read any more.
  void forget_kept();

 private:
  struct Slot {
    const PacketKeeper* keeper = nullptr;  ///< null: in the ring
    std::uint64_t place = 0;               ///< the keeper's, or of the first byte, counted from the beginning
    std::uint64_t sequence = 0;
    SteadyTime stored;
    std::uint16_t bytes = 0;  ///< 0: empty
  };
  Slot& slot(std::uint64_t sequence);

  std::vector<std::uint8_t> bytes_;
  std::vector<Slot> slots_;
  std::uint64_t next_ = 0;  ///< where the next copy goes
};

}  // namespace tw::media
