#include "processing/picture_reader.hpp"

#include <utility>

namespace tw::processing {

Result<std::unique_ptr<PictureReader>> PictureReader::open(const std::filesystem::path& path, SecretKey key) {
  auto demuxer = StreamDemuxer::open(path, std::move(key), AVMEDIA_TYPE_VIDEO);
  if (!demuxer) return tl::unexpected(demuxer.error());
  std::unique_ptr<PictureReader> reader(new PictureReader());
  reader->demuxer_ = std::move(*demuxer);
  for (const AVStream* stream : reader->demuxer_->streams()) {
    auto decoder = open_decoder(stream->codecpar, stream->codecpar->codec_id);
    if (!decoder) return tl::unexpected(decoder.error());
    (*decoder)->pkt_timebase = stream->time_base;
    reader->decoders_.emplace(stream->index, Decoder{std::move(*decoder), stream->time_base});
  }
  return reader;
}

bool PictureReader::take_decoded(AVFrame* frame, std::int64_t& position_us) {
  for (auto& [index, decoder] : decoders_) {
    if (avcodec_receive_frame(decoder.codec.get(), frame) < 0) continue;
    if (frame->best_effort_timestamp == AV_NOPTS_VALUE) continue;
    position_us = av_rescale_q(frame->best_effort_timestamp, decoder.time_base, {1, 1'000'000});
    return true;
  }
  return false;
}

Result<bool> PictureReader::next(AVFrame* frame, std::int64_t& position_us) {
  for (;;) {
    if (take_decoded(frame, position_us)) return true;
    const auto packet = demuxer_->next();
    if (!packet) return tl::unexpected(packet.error());
    if (*packet == nullptr) return false;
    // A frame that the decoder refuses is passed over.
    avcodec_send_packet(decoders_.at((*packet)->stream_index).codec.get(), *packet);
  }
}

}  // namespace tw::processing
