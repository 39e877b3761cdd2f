#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "media/media_engine.hpp"
#include "recording/file_system.hpp"
#include "recording/recording_thread.hpp"
#include "service/rooms.hpp"

namespace tw::recording {
class KeyframeKeeper;
}

namespace tw::service {

/// Rooms of this process: the media engine with a recorder and a keyframe keeper as taps.
class LiveRooms final : public Rooms {
 public:
  struct Limits {
    std::filesystem::path recordings;           ///< the folder whose free space counts
    std::uint64_t reserve_bytes = 0;            ///< below it `can_record` is false
    std::chrono::milliseconds patience{5'000};  ///< with the media worker, before a command counts as failed
    /// Where every journal is written too: the same folders as below `recordings`. Empty: nowhere.
    std::filesystem::path mirror{};
    /// Told, on the thread that writes, when one place of a recording fails or recovers. Must not block.
    std::function<void(const InterviewId&, const recording::CopyNews&)> on_copy{};
  };
  LiveRooms(media::MediaEngine& engine, recording::FileSystem& files, const Clock& clock, Random& random,
            Limits limits);
  ~LiveRooms() override;

  Result<void> open(const InterviewId& interview) override;
  Result<WallTime> start_recording(RecordingPart part) override;
  WallTime stop_recording(const InterviewId& interview) override;
  void stop_part(const InterviewId& interview, std::uint32_t part) override;
  void note(const InterviewId& interview, const std::string& kind, const std::string& data_json) override;
  Result<CapturedFrame> capture(const InterviewId& interview, const std::string& side,
                                std::chrono::milliseconds patience) override;
  void disconnect(const InterviewId& interview, const std::string& side) override;
  Result<media::PlayerEvent> play(const InterviewId& interview, std::shared_ptr<const media::PlayerMedia> media,
                                  const media::PlayOptions& options) override;
  Result<media::PlayerEvent> control_player(const InterviewId& interview, const media::PlayerCommand& command) override;
  void disconnect_session(const InterviewId& interview, const std::string& side, const std::string& session) override;
  Result<void> hold(const InterviewId& interview, const std::string& side) override;
  Result<void> resume(const InterviewId& interview, const std::string& side) override;
  void close(const InterviewId& interview) override;
  bool can_record() const override;
  [[nodiscard]] bool lacks_copy() const { return thread_.degraded(); }
  std::optional<WallTime> last_recorded(const std::filesystem::path& folder, std::uint32_t part,
                                        const SecretKey& key) override;
  /// Where the music for who is on hold comes from; nullptr where there is none. Before the first call.
  using Music = std::function<std::shared_ptr<const media::PlayerMedia>(const InterviewId&)>;
  void set_music(Music music) { music_ = std::move(music); }
  /// Seals every journal that still runs: for a server that stops.
  void close_all();

 private:
  struct Room {
    std::mutex mutex;  ///< one command a room at a time
    std::shared_ptr<recording::KeyframeKeeper> keeper;
    std::shared_ptr<recording::Recorder> recorder;
    std::set<std::string> held;
    std::uint32_t part = 0;  ///< of the recorder
  };
  [[nodiscard]] std::filesystem::path mirror_of(const std::filesystem::path& folder) const;
  std::shared_ptr<Room> find(const InterviewId& interview) const;
  std::shared_ptr<Room> find_or_make(const InterviewId& interview);
  Result<void> open_locked(const std::string& name, Room& room);
  WallTime stop_locked(const std::string& name, Room& room);

  media::MediaEngine& engine_;
  recording::FileSystem& files_;
  const Clock& clock_;
  Random& random_;
  const Limits limits_;
  recording::RecordingThread thread_;
  Music music_;
  mutable std::mutex mutex_;
  std::map<InterviewId, std::shared_ptr<Room>> rooms_;
};

}  // namespace tw::service
