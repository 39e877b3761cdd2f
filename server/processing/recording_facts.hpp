#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "media/media_types.hpp"
#include "processing/record_source.hpp"
#include "processing/scene.hpp"
#include "processing/track_time.hpp"
#include "recording/processor.hpp"

namespace tw::processing {

/// How one kind of media of a participant is described at the head of a stream file.
struct StreamFacts {
  media::Codec codec = media::Codec::opus;
  int width = 0;
  int height = 0;
  media::Rotation rotation = media::Rotation::none;  ///< of the first picture
  Bytes parameter_sets;                              ///< H264: SPS and PPS in Annex B
};

struct PartFacts {
  bool readable = false;
  bool closed = false;
  WallTime from;
  WallTime to;
  std::map<media::TrackNumber, media::TrackInfo> tracks;
  std::map<media::TrackNumber, TrackTime> times;
};

/// What a first reading of the journals says: enough to place every later frame.
struct RecordingFacts {
  std::vector<PartFacts> parts;
  std::map<media::StreamKey, std::vector<StreamFacts>> streams;  ///< what can be decoded of each
  std::map<media::StreamKey, Activity> activity;
  WallTime start;
  WallTime end;
  bool recovered = false;
  std::vector<recording::RecordingGap> gaps;

  [[nodiscard]] std::int64_t duration_us() const { return (end - start).count(); }
  /// On the recording's own time line, microseconds from its start.
  [[nodiscard]] std::int64_t position_us(std::int64_t at_us) const { return at_us - to_micros(start); }
};

/// `processor.nothing_recorded` where no part can be read.
[[nodiscard]] Result<RecordingFacts> learn_facts(const RecordSources& sources, const ProgressFunction& progress);

/// Extended RTP timestamp, marker and payload of a journal's packet; nullopt when it is no RTP.
struct PacketHead {
  std::uint32_t timestamp = 0;
  bool marker = false;
};
[[nodiscard]] std::optional<PacketHead> head_of(const recording::Packet& packet);

/// Extends 32-bit timestamps, following the last one: a sender that takes another base is followed there.
class TimestampFollower {
 public:
  [[nodiscard]] std::int64_t extend(std::uint32_t timestamp) {
    last_ = last_ ? *last_ + static_cast<std::int32_t>(timestamp - static_cast<std::uint32_t>(*last_))
                  : std::int64_t{timestamp};
    return *last_;
  }

 private:
  std::optional<std::int64_t> last_;
};

}  // namespace tw::processing
