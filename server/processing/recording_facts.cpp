#include "processing/recording_facts.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/byte_order.hpp"
#include "base/log.hpp"
#include "media/wire/rtp_packet.hpp"
#include "media/wire/vp8_payload.hpp"
#include "processing/ffmpeg_handles.hpp"
#include "processing/track_assembler.hpp"

namespace tw::processing {
namespace {

/// Points kept of one track: ten hours of sound. Later timestamps follow the line that these give.
constexpr std::size_t kMostPoints = 2'000'000;
/// Records between two looks at the progress.
constexpr unsigned kRecordsBetweenReports = 2'000;

struct NalUnit {
  std::uint8_t type = 0;
  ByteView bytes;  ///< with its start code
};

/// The NAL units of an Annex B stream whose start codes have four bytes, as the assembler writes them.
std::vector<NalUnit> nal_units(ByteView stream) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i + 4 < stream.size(); ++i) {
    if (load_be<std::uint32_t>(stream.data() + i) == 1) starts.push_back(i);
  }
  std::vector<NalUnit> units;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : stream.size();
    units.push_back(
        {static_cast<std::uint8_t>(stream[starts[i] + 4] & 0x1FU), stream.subspan(starts[i], end - starts[i])});
  }
  return units;
}

struct ParserFree {
  void operator()(AVCodecParserContext* parser) const { av_parser_close(parser); }
};

/// Fills in what the head of a file needs; false when the picture does not tell it.
bool describe_h264(const Bytes& keyframe, StreamFacts& facts) {
  constexpr std::uint8_t kSps = 7;
  constexpr std::uint8_t kPps = 8;
  for (const NalUnit& unit : nal_units(keyframe)) {
    if (unit.type == kSps || unit.type == kPps)
      facts.parameter_sets.insert(facts.parameter_sets.end(), unit.bytes.begin(), unit.bytes.end());
  }
  if (facts.parameter_sets.empty()) return false;
  const std::unique_ptr<AVCodecParserContext, ParserFree> parser(av_parser_init(AV_CODEC_ID_H264));
  const CodecPtr context(avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264)));
  if (!parser || !context) return false;
  parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
  Bytes padded = keyframe;
  padded.resize(padded.size() + AV_INPUT_BUFFER_PADDING_SIZE);
  std::uint8_t* out = nullptr;
  int out_size = 0;
  av_parser_parse2(parser.get(), context.get(), &out, &out_size, padded.data(), static_cast<int>(keyframe.size()),
                   AV_NOPTS_VALUE, AV_NOPTS_VALUE, 0);
  facts.width = parser->width;
  facts.height = parser->height;
  return facts.width > 0 && facts.height > 0;
}

bool describe_vp8(const Bytes& keyframe, StreamFacts& facts) {
  constexpr std::size_t kHeaderBytes = 10;  // RFC 6386 section 9.1
  if (keyframe.size() < kHeaderBytes) return false;
  facts.width = keyframe[6] | (keyframe[7] & 0x3F) << 8;
  facts.height = keyframe[8] | (keyframe[9] & 0x3F) << 8;
  return facts.width > 0 && facts.height > 0;
}

class PartReader {
 public:
  /// `start` of the whole recording, where it is known already.
  PartReader(PartFacts& part, RecordingFacts& all, std::optional<WallTime> start)
      : part_(part), all_(all), start_(start) {}

  void take(const recording::JournalRecord& record) {
    std::visit([this](const auto& value) { on(value); }, record);
  }
  void finish() {
    part_.to = std::max(part_.to, part_.from);
    for (const auto& [number, since] : open_) end_activity(number, since, part_.to);
    for (auto& [number, track] : tracks_) {
      std::vector<MediaFrame> frames;
      if (track.assembler) track.assembler->finish(frames);
      describe(number, frames);
    }
    map_publications();
  }

 private:
  struct Track {
    TrackClock clock;
    TimestampFollower timestamps;
    std::optional<TrackAssembler> assembler;  ///< until the first keyframe
    int publication = 0;
  };

  void reach(WallTime at) { part_.to = std::max(part_.to, at); }

  void on(const recording::Opening& opening) {
    part_.readable = true;
    part_.from = part_.to = opening.at;
  }
  void on(const recording::TrackStarted& started) {
    reach(started.at);
    const media::TrackInfo& info = started.track;
    if (!part_.tracks.try_emplace(info.number, info).second || info.clock_rate_hz == 0) return;
    Track track;
    track.clock.rate_hz = info.clock_rate_hz;
    track.clock.sound = info.kind == media::Kind::audio;
    if (info.kind == media::Kind::video) track.assembler.emplace(info.codec);
    // A second track of a kind begins another publication: another device perhaps, with another clock.
    auto& [publication, kinds] = publications_[info.stream];
    if (publication == 0 || !kinds.insert(info.kind).second) {
      publication = ++last_publication_;
      kinds = {info.kind};
    }
    track.publication = publication;
    tracks_.emplace(info.number, std::move(track));
    open_.emplace(info.number, started.at);
  }
  void on(const recording::Packet& packet) {
    reach(packet.arrival);
    const auto found = tracks_.find(packet.track);
    const auto head = head_of(packet);
    if (found == tracks_.end() || !head) return;
    Track& track = found->second;
    const std::int64_t timestamp = track.timestamps.extend(head->timestamp);
    auto& points = track.clock.points;
    const bool newer =
        points.empty() || (packet.extended_sequence > points.back().sequence && timestamp != points.back().timestamp);
    if (newer && points.size() < kMostPoints)
      points.push_back({packet.extended_sequence, timestamp, to_micros(packet.arrival)});
    if (part_.tracks.at(packet.track).kind == media::Kind::audio && points.size() == 1) add_stream(packet.track, {});
    if (!track.assembler) return;
    std::vector<MediaFrame> frames;
    track.assembler->push({packet, timestamp, head->marker}, frames);
    describe(packet.track, frames);
  }
  void on(const recording::SenderReport& report) {
    const auto found = tracks_.find(report.report.track);
    if (found == tracks_.end() || report.report.ntp == 0) return;
    Track& track = found->second;
    track.clock.reports.push_back({track.timestamps.extend(report.report.timestamp), ntp_to_micros(report.report.ntp),
                                   to_micros(report.report.arrival)});
  }
  void on(const recording::TrackEnded& ended) {
    reach(ended.at);
    const auto found = open_.find(ended.track);
    if (found == open_.end()) return;
    end_activity(ended.track, found->second, ended.at);
    open_.erase(found);
  }
  void on(const recording::Event& event) { reach(event.at); }
  void on(const recording::Closing& closing) {
    part_.closed = true;
    reach(closing.at);
  }

  /// On the recording's time line, which begins with the first part that can be read.
  void end_activity(media::TrackNumber number, WallTime from, WallTime to) {
    const media::TrackInfo& info = part_.tracks.at(number);
    Activity& activity = all_.activity[info.stream];
    auto& stretches = info.kind == media::Kind::audio ? activity.sound : activity.picture;
    const WallTime start = start_ ? *start_ : part_.from;
    stretches.push_back({(from - start).count(), (to - start).count()});
  }
  void describe(media::TrackNumber number, const std::vector<MediaFrame>& frames) {
    Track& track = tracks_.at(number);
    for (const MediaFrame& frame : frames) {
      if (!track.assembler || !frame.keyframe) continue;
      StreamFacts facts;
      facts.rotation = frame.rotation;
      const bool h264 = part_.tracks.at(number).codec == media::Codec::h264;
      if (h264 ? describe_h264(frame.data, facts) : describe_vp8(frame.data, facts)) {
        track.assembler.reset();
        add_stream(number, std::move(facts));
      }
    }
  }
  void add_stream(media::TrackNumber number, StreamFacts facts) {
    const media::TrackInfo& info = part_.tracks.at(number);
    facts.codec = info.codec;
    auto& streams = all_.streams[info.stream];
    const bool known =
        std::any_of(streams.begin(), streams.end(), [&](const StreamFacts& s) { return s.codec == facts.codec; });
    if (!known) streams.push_back(std::move(facts));
  }
  void map_publications() {
    for (int publication = 1; publication <= last_publication_; ++publication) {
      std::vector<TrackClock> clocks;
      std::vector<media::TrackNumber> numbers;
      for (auto& [number, track] : tracks_) {
        if (track.publication != publication || track.clock.points.empty()) continue;
        clocks.push_back(std::move(track.clock));
        numbers.push_back(number);
      }
      std::vector<TrackTime> times = map_clocks(clocks);
      for (std::size_t i = 0; i < numbers.size(); ++i) part_.times.emplace(numbers[i], std::move(times[i]));
    }
  }

  PartFacts& part_;
  RecordingFacts& all_;
  std::optional<WallTime> start_;
  std::map<media::TrackNumber, Track> tracks_;
  std::map<media::TrackNumber, WallTime> open_;  ///< tracks that have not ended
  std::map<media::StreamKey, std::pair<int, std::set<media::Kind>>> publications_;
  int last_publication_ = 0;
};

Result<PartFacts> read_part(const RecordSources& sources, std::size_t index, RecordingFacts& all,
                            const ProgressFunction& progress) {
  PartFacts part;
  auto source = sources.open(index);
  if (!source) {
    // A crash right after a part was made leaves nothing that could be read.
    log::warning("a part of a recording cannot be read", {{"part", index + 1}, {"code", source.error().code}});
    return part;
  }
  const auto first =
      std::find_if(all.parts.begin(), all.parts.end(), [](const PartFacts& earlier) { return earlier.readable; });
  PartReader reader(part, all, first == all.parts.end() ? std::nullopt : std::optional(first->from));
  for (unsigned records = 1;; ++records) {
    auto record = (*source)->next();
    if (!record) return tl::unexpected(record.error());
    if (!*record) break;
    reader.take(**record);
    if (records % kRecordsBetweenReports != 0) continue;
    const double done = (static_cast<double>(index) + (*source)->progress()) / static_cast<double>(sources.count);
    if (!progress(done)) return abandoned();
  }
  part.closed = part.closed && (*source)->ended_in_order();
  if (part.readable) reader.finish();
  return part;
}

void find_bounds_and_gaps(RecordingFacts& facts) {
  const PartFacts* before = nullptr;
  for (const PartFacts& part : facts.parts) {
    facts.recovered = facts.recovered || !part.closed;
    if (!part.readable) continue;
    if (before == nullptr) {
      facts.start = part.from;
    } else if (part.from > before->to) {
      facts.gaps.push_back({.from_ms = facts.position_us(to_micros(before->to)) / 1000,
                            .to_ms = facts.position_us(to_micros(part.from)) / 1000,
                            .cause = before->closed ? "interrupted" : "crash"});
    }
    facts.end = before == nullptr ? part.to : std::max(facts.end, part.to);
    before = &part;
  }
}

}  // namespace

std::optional<PacketHead> head_of(const recording::Packet& packet) {
  if (packet.rtp.size() < media::kRtpHeaderBytes || packet.payload_offset < media::kRtpHeaderBytes ||
      packet.payload_offset > packet.rtp.size()) {
    return std::nullopt;
  }
  return PacketHead{.timestamp = load_be<std::uint32_t>(packet.rtp.data() + 4), .marker = (packet.rtp[1] & 0x80U) != 0};
}

Result<RecordingFacts> learn_facts(const RecordSources& sources, const ProgressFunction& progress) {
  RecordingFacts facts;
  for (std::size_t index = 0; index < sources.count; ++index) {
    auto part = read_part(sources, index, facts, progress);
    if (!part) return tl::unexpected(part.error());
    facts.parts.push_back(std::move(*part));
  }
  if (std::none_of(facts.parts.begin(), facts.parts.end(), [](const PartFacts& part) { return part.readable; })) {
    return fail(ErrorKind::unprocessable, "processor.nothing_recorded", "No part of this recording can be read.");
  }
  find_bounds_and_gaps(facts);
  return facts;
}

}  // namespace tw::processing
