#include "processing/stream_files.hpp"

#include <memory>
#include <optional>

#include "processing/matroska_writer.hpp"
#include "processing/track_assembler.hpp"

namespace tw::processing {
namespace {

constexpr unsigned kRecordsBetweenReports = 1'000;
/// What comes out of an Opus decoder is this much behind what went into the encoder: its look-ahead of 312 samples at
/// 48 kHz, which every browser's encoder (libopus, RFC 6716 section 2.1) has. RTP timestamps count the input.
constexpr std::int64_t kOpusDelayUs = 6'500;

class StreamFilesWriter {
 public:
  StreamFilesWriter(const recording::ComposeJob& job, const RecordingFacts& facts) : job_(job), facts_(facts) {}

  [[nodiscard]] Result<void> begin(Random& random) {
    for (const auto& [stream, streams] : facts_.streams) {
      Output output;
      output.file.stream = stream;
      output.file.name =
          job_.name + "-" + stream.participant + (stream.name == kCamera ? "" : "-" + stream.name) + ".mkv";
      output.file.by_reports = true;
      auto writer = MatroskaWriter::create(job_.folder / output.file.name, file_key(job_, output.file.name), random,
                                           streams, facts_.start);
      if (!writer) return tl::unexpected(writer.error());
      output.writer = std::move(*writer);
      outputs_.emplace(stream, std::move(output));
    }
    return {};
  }

  [[nodiscard]] Result<void> part(const PartFacts& facts, RecordSource& source, const ProgressFunction& progress) {
    std::map<media::TrackNumber, Track> tracks;
    for (const auto& [number, info] : facts.tracks) {
      const auto time = facts.times.find(number);
      const auto output = outputs_.find(info.stream);
      if (time == facts.times.end() || output == outputs_.end()) continue;
      output->second.file.by_reports = output->second.file.by_reports && time->second.by_reports();
      tracks.emplace(number, Track{&output->second, info.codec, &time->second, {}, TrackAssembler(info.codec)});
    }
    for (unsigned records = 1;; ++records) {
      auto record = source.next();
      if (!record) return tl::unexpected(record.error());
      if (!*record) break;
      if (auto taken = take(tracks, **record); !taken) return taken;
      if (records % kRecordsBetweenReports == 0 && !progress(source.progress())) return abandoned();
    }
    for (auto& [number, track] : tracks) {
      std::vector<MediaFrame> frames;
      track.assembler.finish(frames);
      if (auto written = write(track, frames); !written) return written;
    }
    return {};
  }

  [[nodiscard]] Result<std::vector<StreamFile>> finish() {
    std::vector<StreamFile> files;
    for (auto& [stream, output] : outputs_) {
      const auto duration_ms = output.writer->finish();
      if (!duration_ms) return tl::unexpected(duration_ms.error());
      output.file.duration_ms = *duration_ms;
      if (output.file.by_reports) output.file.av_offset_ms = output.writer->av_offset_ms();
      files.push_back(std::move(output.file));
    }
    return files;
  }

 private:
  struct Output {
    std::unique_ptr<MatroskaWriter> writer;
    StreamFile file;
  };
  struct Track {
    Output* output = nullptr;
    media::Codec codec = media::Codec::opus;
    const TrackTime* time = nullptr;
    TimestampFollower timestamps;
    TrackAssembler assembler;
  };

  [[nodiscard]] Result<void> take(std::map<media::TrackNumber, Track>& tracks, recording::JournalRecord& record) const {
    // Reports move the follower as they did at the first reading, so that both extend alike.
    if (const auto* report = std::get_if<recording::SenderReport>(&record)) {
      const auto found = tracks.find(report->report.track);
      if (found != tracks.end() && report->report.ntp != 0) {
        static_cast<void>(found->second.timestamps.extend(report->report.timestamp));
      }
      return {};
    }
    auto* packet = std::get_if<recording::Packet>(&record);
    if (packet == nullptr) return {};
    const auto found = tracks.find(packet->track);
    const auto head = head_of(*packet);
    if (found == tracks.end() || !head) return {};
    Track& track = found->second;
    const std::int64_t timestamp = track.timestamps.extend(head->timestamp);
    std::vector<MediaFrame> frames;
    track.assembler.push({std::move(*packet), timestamp, head->marker}, frames);
    return write(track, frames);
  }
  [[nodiscard]] Result<void> write(Track& track, const std::vector<MediaFrame>& frames) const {
    for (const MediaFrame& frame : frames) {
      std::int64_t position_us = facts_.position_us(track.time->at(frame.first_sequence, frame.timestamp));
      if (track.codec == media::Codec::opus) {
        position_us -= kOpusDelayUs;
      } else {
        auto& rotations = track.output->file.rotations;
        if (rotations.empty() || rotations.back().rotation != frame.rotation)
          rotations.push_back({position_us, frame.rotation});
      }
      if (auto written = track.output->writer->write(track.codec, position_us, frame); !written) return written;
    }
    return {};
  }

  const recording::ComposeJob& job_;
  const RecordingFacts& facts_;
  std::map<media::StreamKey, Output> outputs_;
};

}  // namespace

Result<std::vector<StreamFile>> write_stream_files(const recording::ComposeJob& job, const RecordSources& sources,
                                                   const RecordingFacts& facts, Random& random,
                                                   const ProgressFunction& progress) {
  StreamFilesWriter writer(job, facts);
  if (auto begun = writer.begin(random); !begun) return tl::unexpected(begun.error());
  for (std::size_t index = 0; index < sources.count; ++index) {
    if (!facts.parts[index].readable) continue;
    auto source = sources.open(index);
    if (!source) return tl::unexpected(source.error());
    const auto overall = [&](double done) {
      return progress((static_cast<double>(index) + done) / static_cast<double>(sources.count));
    };
    if (auto done = writer.part(facts.parts[index], **source, overall); !done) return tl::unexpected(done.error());
  }
  return writer.finish();
}

}  // namespace tw::processing
