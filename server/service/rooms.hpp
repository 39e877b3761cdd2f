#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/secret_key.hpp"
#include "media/media_engine.hpp"
#include "media/media_types.hpp"

namespace tw::service {

/// Names of the two sides in a room, as media knows them.
inline constexpr const char* kCustomerSide = "customer";
inline constexpr const char* kAgentSide = "agent";
inline constexpr const char* kCameraStream = "camera";
/// The server's own participant, and the stream in which everybody sees and hears what it plays.
inline constexpr const char* kPlayerSide = "player";
inline constexpr const char* kBroadcastStream = "broadcast";
/// Id of the player that plays to who is on hold (media::PlayerEvent::player).
inline constexpr const char* kHoldMusicPlayer = "hold";
inline constexpr const char* kScreenStream = "screen";

/// Where a part of a recording goes. The journal's name is journal_name(part); it is sealed under key.derive("file:" +
/// name).
struct RecordingPart {
  InterviewId interview;
  RecordingId recording;
  std::uint32_t part = 1;        ///< counts from 1; a new one after an interruption or a crash
  std::filesystem::path folder;  ///< of this recording; made when missing
  SecretKey key;
};
[[nodiscard]] std::string journal_name(std::uint32_t part);

/// A keyframe of somebody's camera, taken from what the server received.
struct CapturedFrame {
  media::Codec codec = media::Codec::vp8;
  Bytes frame;
  media::Rotation rotation = media::Rotation::none;
  WallTime captured_at;
};

/// The rooms of this node as use cases see them; a room is named by its interview. Blocking (milliseconds);
/// thread-safe.
class Rooms {
 public:
  virtual ~Rooms() = default;
  /// Opens the room with its gate closed, so that both sides can connect while the agent is rung. Repeating changes
  /// nothing.
  [[nodiscard]] virtual Result<void> open(const InterviewId& interview) = 0;
  /// Starts the journal durably, then opens the gate. `recording.unavailable` (unavailable) leaves the gate closed and
  /// no file. An earlier part that still runs is sealed first; a later one that runs makes this one late, and it fails.
  [[nodiscard]] virtual Result<WallTime> start_recording(RecordingPart part) = 0;
  /// Closes the gate and seals the part. Nothing happens when none is running. The time of the end.
  virtual WallTime stop_recording(const InterviewId& interview) = 0;
  /// The same for this part only: one that another has followed meanwhile is left alone.
  virtual void stop_part(const InterviewId& interview, std::uint32_t part) = 0;
  /// A line in the journal. Nothing happens when none is running.
  virtual void note(const InterviewId& interview, const std::string& kind, const std::string& data_json) = 0;
  /// Asks for a keyframe and waits for it. `photo.no_picture` (conflict) when none comes within `patience`.
  [[nodiscard]] virtual Result<CapturedFrame> capture(const InterviewId& interview, const std::string& side,
                                                      std::chrono::milliseconds patience) = 0;
  /// Ends the media sessions of one side.
  virtual void disconnect(const InterviewId& interview, const std::string& side) = 0;
  /// Plays to everybody in the room, and into the recording; what was played before is stopped. One player a room. The
  /// errors of media::MediaEngine::play.
  [[nodiscard]] virtual Result<media::PlayerEvent> play(const InterviewId& interview,
                                                        std::shared_ptr<const media::PlayerMedia> media,
                                                        const media::PlayOptions& options) = 0;
  /// `media.player_unknown` (not_found) when nothing plays.
  [[nodiscard]] virtual Result<media::PlayerEvent> control_player(const InterviewId& interview,
                                                                  const media::PlayerCommand& command) = 0;
  /// Ends one session of this side. Nothing happens when it is over already.
  virtual void disconnect_session(const InterviewId& interview, const std::string& side,
                                  const std::string& session) = 0;
  /// This side hears music and neither sees nor hears anybody, and nobody sees or hears it, until `resume`; its media
  /// sessions stay connected. It is recorded on. A player that runs is stopped: its event tells. Repeating changes
  /// nothing. `media.room_unknown` (not_found).
  [[nodiscard]] virtual Result<void> hold(const InterviewId& interview, const std::string& side) = 0;
  /// The music ends with the last who is on hold. Nothing happens when they are not on hold.
  [[nodiscard]] virtual Result<void> resume(const InterviewId& interview, const std::string& side) = 0;
  /// Stops the recording and ends every session.
  virtual void close(const InterviewId& interview) = 0;
  /// False below the disk's reserve, or after a write failed until writes succeed again.
  [[nodiscard]] virtual bool can_record() const = 0;
  /// Time of the last record of a part that a crash cut; nullopt where nothing was recorded in it.
  [[nodiscard]] virtual std::optional<WallTime> last_recorded(const std::filesystem::path& folder, std::uint32_t part,
                                                              const SecretKey& key) = 0;
};

}  // namespace tw::service
