#pragma once

#include <cstdint>
#include <optional>

#include "media/media_types.hpp"
#include "media/session/incoming_track.hpp"
#include "media/stream/packet_history.hpp"

namespace tw::media {

/// Keeps a picture's packet so that viewers can get it again: where `kept` says that somebody has it anyway only its
/// place, else a copy.
void remember(PacketHistory& history, const MediaPacket& packet, const KeptPacket& kept, SteadyTime now);

/// What `remember` kept, read anew; nullopt when it is gone. `rotation_id` is that of the rotation's header extension,
/// 0 without one. Views live until the history takes the next packet.
[[nodiscard]] std::optional<MediaPacket> recall(const PacketHistory& history, std::uint64_t sequence, Codec codec,
                                                std::uint8_t rotation_id, SteadyTime now);

}  // namespace tw::media
