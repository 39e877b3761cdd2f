#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tw::media {

/// What one transport sent under which transport-wide sequence number
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01), until feedback tells what became of it.
class SentPackets {
 public:
  /// 2 s of a 1.5 Mb/s picture and its sound, 0.9 s of 5 Mb/s; feedback that comes later than that is of no use.
  static constexpr std::size_t kPackets = 512;

  struct Packet {
    std::int64_t sent_micros = 0;
    std::uint16_t bytes = 0;
    std::uint16_t sequence = 0;
    std::uint8_t probe = 0;  ///< number of the probe it belongs to, 0 for media
    bool waits = false;      ///< feedback has not told of it yet
  };

  /// Notes a packet that goes out now and gives its number.
  std::uint16_t add(std::int64_t micros, std::size_t bytes, std::uint8_t probe) {
    if (slots_.empty()) slots_.resize(kPackets);
    slots_[next_ % kPackets] = {micros, static_cast<std::uint16_t>(bytes), next_, probe, true};
    return next_++;
  }
  /// The packet that feedback tells of; nullptr when it was told of before or is forgotten.
  [[nodiscard]] Packet* find(std::uint16_t sequence) {
    if (slots_.empty()) return nullptr;
    Packet& packet = slots_[sequence % kPackets];
    return packet.waits && packet.sequence == sequence ? &packet : nullptr;
  }

 private:
  std::vector<Packet> slots_;  // taken at the first packet
  std::uint16_t next_ = 1;
};

}  // namespace tw::media
