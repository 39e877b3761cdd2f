#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/encoding.hpp"

/// Words that the media engine shares with the rooms above it. It knows rooms, participants and streams only as names;
/// who they are is the business of `service`.
namespace tw::media {

enum class Kind { audio, video };
enum class Codec { opus, vp8, h264 };

/// One published stream of a participant: "camera" (sound and picture), later "screen" and "broadcast".
struct StreamKey {
  std::string participant;
  std::string name;
  friend auto operator<=>(const StreamKey&, const StreamKey&) = default;
};

/// Number of a track, unique in its room for the room's life and never reused.
using TrackNumber = std::uint32_t;

/// One medium of a published stream. A participant who publishes again gets new tracks.
struct TrackInfo {
  TrackNumber number = 0;
  StreamKey stream;
  Kind kind = Kind::audio;
  Codec codec = Codec::opus;
  std::uint32_t clock_rate_hz = 48'000;
  std::uint8_t channels = 2;      ///< of sound; 0 for pictures
  std::string format_parameters;  ///< the a=fmtp value agreed on, empty when none
};

/// How far a picture must be turned clockwise to stand upright (3GPP TS 26.114 section 7.4.5, CVO).
enum class Rotation : std::uint16_t { none = 0, clockwise_90 = 90, clockwise_180 = 180, clockwise_270 = 270 };

/// A packet as taps see it: decrypted, authenticated, each sequence number once (a retransmission counts as its
/// original), in order of arrival. Views live only during the call. `payload` is empty where a publisher sent padding
/// only.
struct TapPacket {
  TrackNumber track = 0;
  WallTime arrival;
  std::uint64_t extended_sequence = 0;  ///< sequence number with its roll-overs, so that order and loss can be seen
  std::uint32_t timestamp = 0;          ///< RTP timestamp
  bool marker = false;
  Rotation rotation = Rotation::none;  ///< the newest known of the track
  bool keyframe_start = false;         ///< first packet of a picture that decodes by itself
  ByteView rtp;                        ///< the whole packet: header, extensions, payload, without padding
  ByteView payload;                    ///< its payload, which lies inside `rtp`
};

/// Who keeps packets in memory for a while, whole, so that nobody else has to copy them.
class PacketKeeper {
 public:
  virtual ~PacketKeeper() = default;
  /// The first byte of what was kept at `place`; null once the memory was used again. On the room's worker thread.
  [[nodiscard]] virtual const std::uint8_t* kept(std::uint64_t place) const = 0;
};

/// Where a packet's bytes (`TapPacket::rtp`) can still be read. `keeper` is null where they are not kept.
struct KeptPacket {
  const PacketKeeper* keeper = nullptr;
  std::uint64_t place = 0;
};

/// An RTCP sender report of the publisher: ties RTP timestamps to the publisher's wall clock (RFC 3550 section 6.4.1).
struct TapSenderReport {
  TrackNumber track = 0;
  WallTime arrival;
  std::uint64_t ntp = 0;  ///< 32.32 fixed point, seconds since 1900
  std::uint32_t timestamp = 0;
};

/// Receives what the participants of a room publish. Called on the room's worker thread: an implementation copies what
/// it needs into a buffer of its own and returns; it must not block, lock for long or throw.
class PacketTap {
 public:
  virtual ~PacketTap() = default;
  virtual void on_track_started(const TrackInfo& track, WallTime at) = 0;
  /// A tap that keeps the packet says where; it stays a keeper for as long as it is a tap of the room.
  virtual KeptPacket on_packet(const TapPacket& packet) = 0;
  virtual void on_sender_report(const TapSenderReport& report) = 0;
  virtual void on_track_ended(TrackNumber track, WallTime at) = 0;
};

}  // namespace tw::media
