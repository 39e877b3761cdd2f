#include "processing/stream_reader.hpp"

#include <new>

namespace tw::processing {
namespace {

/// libopus itself where it is there: its decoder gives exactly the samples that a packet stands for.
Result<CodecPtr> decoder_for(const AVCodecParameters& parameters) {
  if (parameters.codec_id != AV_CODEC_ID_OPUS) return open_decoder(&parameters, parameters.codec_id);
  const AVCodec* codec = avcodec_find_decoder_by_name("libopus");
  if (codec == nullptr) return open_decoder(&parameters, parameters.codec_id);
  CodecPtr context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  int result = avcodec_parameters_to_context(context.get(), &parameters);
  context->request_sample_fmt = AV_SAMPLE_FMT_FLT;
  if (result >= 0) result = avcodec_open2(context.get(), codec, nullptr);
  if (result < 0) return av_fail("Opening the sound decoder", result);
  return context;
}

}  // namespace

Result<std::unique_ptr<StreamReader>> StreamReader::open(const std::filesystem::path& path, SecretKey key,
                                                         AVMediaType type) {
  auto input = SealedInput::open(path, std::move(key));
  if (!input) return tl::unexpected(input.error());
  std::unique_ptr<StreamReader> reader(new StreamReader());
  reader->input_ = std::move(*input);
  reader->packet_ = make_packet();
  if (auto read = reader->read_head(type); !read) return tl::unexpected(read.error());
  return reader;
}

Result<void> StreamReader::read_head(AVMediaType type) {
  demuxer_ = avformat_alloc_context();
  if (demuxer_ == nullptr) throw std::bad_alloc();
  demuxer_->pb = input_->context();
  demuxer_->flags |= AVFMT_FLAG_CUSTOM_IO;
  const int opened = avformat_open_input(&demuxer_, nullptr, av_find_input_format("matroska"), nullptr);
  if (opened < 0) return av_fail("Reading a stream file", opened);
  for (unsigned i = 0; i < demuxer_->nb_streams; ++i) {
    AVStream* stream = demuxer_->streams[i];
    if (stream->codecpar->codec_type != type) {
      stream->discard = AVDISCARD_ALL;
      continue;
    }
    auto decoder = decoder_for(*stream->codecpar);
    if (!decoder) return tl::unexpected(decoder.error());
    (*decoder)->pkt_timebase = stream->time_base;
    decoders_.emplace(static_cast<int>(i), std::move(*decoder));
  }
  return {};
}

StreamReader::~StreamReader() { avformat_close_input(&demuxer_); }

bool StreamReader::take_decoded(AVFrame* frame, std::int64_t& position_us) {
  for (auto& [index, decoder] : decoders_) {
    if (avcodec_receive_frame(decoder.get(), frame) < 0) continue;
    if (frame->best_effort_timestamp == AV_NOPTS_VALUE) continue;
    position_us = av_rescale_q(frame->best_effort_timestamp, demuxer_->streams[index]->time_base, {1, 1'000'000});
    return true;
  }
  return false;
}

Result<bool> StreamReader::next(AVFrame* frame, std::int64_t& position_us) {
  for (;;) {
    if (take_decoded(frame, position_us)) return true;
    const int read = av_read_frame(demuxer_, packet_.get());
    if (read == AVERROR_EOF) return false;
    if (read < 0) return av_fail("Reading a stream file", read);
    const auto decoder = decoders_.find(packet_->stream_index);
    // A frame that the decoder refuses is passed over.
    if (decoder != decoders_.end()) avcodec_send_packet(decoder->second.get(), packet_.get());
    av_packet_unref(packet_.get());
  }
}

}  // namespace tw::processing
