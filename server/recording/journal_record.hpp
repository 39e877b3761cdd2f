#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "media/media_types.hpp"

/// What a journal holds, in the order in which it happened. One journal file is one part of a recording: a part begins
/// when the gate opens at an answer and ends with the call, a lost agent or a crash.
namespace tw::recording {

/// First record of a part.
struct Opening {
  std::string recording;
  std::uint32_t part = 1;
  WallTime at;
};
struct TrackStarted {
  media::TrackInfo track;
  WallTime at;
};
/// One RTP packet as media::TapPacket describes it; `rtp` is the whole packet.
struct Packet {
  media::TrackNumber track = 0;
  WallTime arrival;
  std::uint64_t extended_sequence = 0;
  media::Rotation rotation = media::Rotation::none;
  bool keyframe_start = false;
  std::uint16_t payload_offset = 0;  ///< where the payload begins inside `rtp`
  Bytes rtp;
};
struct SenderReport {
  media::TapSenderReport report;
};
struct TrackEnded {
  media::TrackNumber track = 0;
  WallTime at;
};
/// Something the room's people did: photo, mute … `data_json` is an object.
struct Event {
  WallTime at;
  std::string kind;
  std::string data_json;
};
/// Last record of a part that was ended in order. A part without it was cut by a crash.
struct Closing {
  WallTime at;
};

using JournalRecord = std::variant<Opening, TrackStarted, Packet, SenderReport, TrackEnded, Event, Closing>;

/// Longest encoded record; longer ones are refused when written and end the journal when read.
constexpr std::size_t kMaxRecordBytes = std::size_t{16} * 1024;

}  // namespace tw::recording
