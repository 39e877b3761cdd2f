#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "processing/recording_facts.hpp"
#include "recording/processor.hpp"

namespace tw::processing {

/// From when on a participant's picture is turned how.
struct RotationChange {
  std::int64_t from_us = 0;
  media::Rotation rotation = media::Rotation::none;
};

/// One Matroska file that holds one stream of a participant, untouched, on the recording's time line.
struct StreamFile {
  media::StreamKey stream;
  std::string name;
  std::int64_t duration_ms = 0;
  bool by_reports = false;  ///< sound and picture lie where sender reports say, all the way
  std::vector<RotationChange> rotations;
  /// Sound against picture in the file by sender reports, milliseconds; positive: sound late. nullopt without reports.
  std::optional<double> av_offset_ms;
};

/// Writes NAME-PARTICIPANT.mkv for everybody's camera and NAME-PARTICIPANT-STREAM.mkv for their other streams, sealed.
[[nodiscard]] Result<std::vector<StreamFile>> write_stream_files(const recording::ComposeJob& job,
                                                                 const RecordSources& sources,
                                                                 const RecordingFacts& facts, Random& random,
                                                                 const ProgressFunction& progress);

/// The key of a file of a recording.
[[nodiscard]] inline SecretKey file_key(const recording::ComposeJob& job, const std::string& name) {
  return job.key.derive("file:" + name);
}

}  // namespace tw::processing
