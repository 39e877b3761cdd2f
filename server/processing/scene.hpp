#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "media/media_types.hpp"
#include "recording/processor.hpp"

namespace tw::processing {

/// A stretch of the recording's own time line, in microseconds.
struct Stretch {
  std::int64_t from_us = 0;
  std::int64_t to_us = 0;
};
/// When somebody's tracks of one stream were there.
struct Activity {
  std::vector<Stretch> sound;
  std::vector<Stretch> picture;
};

/// Why no picture of somebody can be shown.
enum class Missing { unknown, absent, voice_only, camera_off, left_page, on_hold };
/// What the card says, in both languages.
[[nodiscard]] const char* words_for(Missing why);

/// Who is to be seen at one moment.
struct Scene {
  std::optional<std::size_t> large;  ///< a screen or a film: index of the stream
  std::vector<std::size_t> faces;    ///< indices of people, in their order
  friend bool operator==(const Scene&, const Scene&) = default;
};

/// Says from what happened in the room who is seen when. Asked with times that only grow.
class ScenePlan {
 public:
  struct Person {
    std::string participant;
    bool always = true;  ///< also while nothing comes from them
  };
  /// `activity` is that of all streams but `whisper`; `large` lists those that are screens or films, in the order of
  /// preference. `events` carry the recording's own times.
  struct Event {
    std::int64_t at_us = 0;
    std::string kind;
  };
  ScenePlan(std::vector<Person> people, std::map<media::StreamKey, Activity> activity,
            std::vector<media::StreamKey> large, std::vector<Event> events);

  [[nodiscard]] Scene at(std::int64_t at_us);
  /// Of somebody whose picture is missing then.
  [[nodiscard]] Missing why_missing(std::size_t person, std::int64_t at_us) const;

 private:
  void follow_events(std::int64_t at_us);

  std::vector<Person> people_;
  std::map<media::StreamKey, Activity> activity_;
  std::vector<media::StreamKey> large_;
  std::vector<Event> events_;
  std::size_t next_event_ = 0;
  bool customer_left_page_ = false;
  bool on_hold_ = false;
};

/// The customer: whom pages and holds are about.
inline constexpr const char* kCustomer = "customer";
/// Streams whose names mean something here.
inline constexpr const char* kCamera = "camera";
inline constexpr const char* kScreen = "screen";
inline constexpr const char* kBroadcast = "broadcast";
inline constexpr const char* kWhisper = "whisper";

}  // namespace tw::processing
