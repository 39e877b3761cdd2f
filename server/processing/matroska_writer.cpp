#include "processing/matroska_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "media/wire/opus_payload.hpp"
#include "processing/median.hpp"

namespace tw::processing {
namespace {

/// The identification header of an Opus stream (RFC 7845 section 5.1): two channels, no pre-skip.
constexpr std::array<std::uint8_t, 19> kOpusHead{'O', 'p', 'u',  's',  'H', 'e', 'a', 'd', 1, 2,
                                                 0,   0,   0x80, 0xBB, 0,   0,   0,   0,   0};

constexpr std::size_t kMostLateness = 2'000'000;  // ten hours of sound

AVCodecID codec_id(media::Codec codec) {
  switch (codec) {
    case media::Codec::vp8: return AV_CODEC_ID_VP8;
    case media::Codec::h264: return AV_CODEC_ID_H264;
    case media::Codec::opus: break;
  }
  return AV_CODEC_ID_OPUS;
}

void set_extradata(AVCodecParameters& parameters, ByteView bytes) {
  if (bytes.empty()) return;
  parameters.extradata = static_cast<std::uint8_t*>(av_mallocz(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (parameters.extradata == nullptr) throw std::bad_alloc();
  std::memcpy(parameters.extradata, bytes.data(), bytes.size());
  parameters.extradata_size = static_cast<int>(bytes.size());
}

}  // namespace

Result<std::unique_ptr<MatroskaWriter>> MatroskaWriter::create(const std::filesystem::path& path, SecretKey key,
                                                               Random& random, const std::vector<StreamFacts>& streams,
                                                               WallTime start) {
  std::unique_ptr<MatroskaWriter> writer(new MatroskaWriter());
  auto output = SealedOutput::create(path, std::move(key), random);
  if (!output) return tl::unexpected(output.error());
  writer->output_ = std::move(*output);
  writer->packet_ = make_packet();
  int result = avformat_alloc_output_context2(&writer->muxer_, nullptr, "matroska", nullptr);
  if (result < 0) return av_fail("Making a Matroska file", result, ErrorKind::internal);
  writer->output_->attach(writer->muxer_);
  av_dict_set(&writer->muxer_->metadata, "creation_time", to_rfc3339(start).c_str(), 0);
  for (const StreamFacts& facts : streams) {
    if (auto added = writer->add_stream(facts); !added) return tl::unexpected(added.error());
  }
  result = avformat_write_header(writer->muxer_, nullptr);
  if (result < 0) return av_fail("Beginning a Matroska file", result, ErrorKind::internal);
  return writer;
}

MatroskaWriter::~MatroskaWriter() { avformat_free_context(muxer_); }

Result<void> MatroskaWriter::add_stream(const StreamFacts& facts) {
  AVStream* stream = avformat_new_stream(muxer_, nullptr);
  if (stream == nullptr) throw std::bad_alloc();
  stream->time_base = {1, 1000};
  AVCodecParameters& parameters = *stream->codecpar;
  parameters.codec_id = codec_id(facts.codec);
  if (facts.codec == media::Codec::opus) {
    parameters.codec_type = AVMEDIA_TYPE_AUDIO;
    parameters.sample_rate = 48'000;
    av_channel_layout_default(&parameters.ch_layout, 2);
    set_extradata(parameters, kOpusHead);
  } else {
    parameters.codec_type = AVMEDIA_TYPE_VIDEO;
    parameters.width = facts.width;
    parameters.height = facts.height;
    set_extradata(parameters, facts.parameter_sets);
    if (facts.rotation != media::Rotation::none) {
      av_dict_set_int(&stream->metadata, "rotate", static_cast<int>(facts.rotation), 0);
    }
  }
  streams_.push_back({facts.codec, stream->index, -1, {}});
  return {};
}

Result<void> MatroskaWriter::write(media::Codec codec, std::int64_t position_us, const MediaFrame& frame) {
  const auto stream = std::find_if(streams_.begin(), streams_.end(), [&](const Stream& s) { return s.codec == codec; });
  if (stream == streams_.end()) return {};
  std::int64_t position_ms = (position_us + 500) / 1000;
  std::int64_t length_ms = 0;
  if (codec == media::Codec::opus) {
    if (position_us < 0 || position_ms <= stream->last_ms) return {};
    length_ms = media::opus_samples(frame.data).value_or(0) / 48;
  } else {
    position_ms =
        std::max(position_ms, stream->last_ms + 1);  // later pictures need this one, also from before the start
  }
  stream->last_ms = position_ms;
  if (stream->lateness_ms.size() < kMostLateness)
    stream->lateness_ms.push_back(static_cast<float>(position_ms * 1000 - position_us) / 1000);
  end_ms_ = std::max(end_ms_, position_ms + length_ms);

  int result = av_new_packet(packet_.get(), static_cast<int>(frame.data.size()));
  if (result < 0) throw std::bad_alloc();
  std::memcpy(packet_->data, frame.data.data(), frame.data.size());
  packet_->stream_index = stream->index;
  const AVRational milliseconds{1, 1000};
  packet_->pts = packet_->dts = av_rescale_q(position_ms, milliseconds, muxer_->streams[stream->index]->time_base);
  packet_->duration = av_rescale_q(length_ms, milliseconds, muxer_->streams[stream->index]->time_base);
  if (frame.keyframe) packet_->flags |= AV_PKT_FLAG_KEY;
  result = av_interleaved_write_frame(muxer_, packet_.get());
  if (result < 0) return av_fail("Writing a Matroska file", result, ErrorKind::internal);
  return {};
}

std::optional<double> MatroskaWriter::av_offset_ms() const {
  std::vector<float> sound;
  std::vector<float> picture;
  for (const Stream& stream : streams_) {
    auto& all = stream.codec == media::Codec::opus ? sound : picture;
    all.insert(all.end(), stream.lateness_ms.begin(), stream.lateness_ms.end());
  }
  if (sound.empty() || picture.empty()) return std::nullopt;
  return median_of_values(std::move(sound)) - median_of_values(std::move(picture));
}

Result<std::int64_t> MatroskaWriter::finish() {
  const int result = av_write_trailer(muxer_);
  if (result < 0) return av_fail("Ending a Matroska file", result, ErrorKind::internal);
  if (auto finished = output_->finish(); !finished) return tl::unexpected(finished.error());
  return end_ms_;
}

}  // namespace tw::processing
