#include "processing/stream_demuxer.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace tw::processing {

Result<std::unique_ptr<StreamDemuxer>> StreamDemuxer::open(const std::filesystem::path& path, SecretKey key,
                                                           AVMediaType type) {
  auto input = SealedInput::open(path, std::move(key));
  if (!input) return tl::unexpected(input.error());
  std::unique_ptr<StreamDemuxer> demuxer(new StreamDemuxer());
  demuxer->input_ = std::move(*input);
  demuxer->packet_ = make_packet();
  if (auto read = demuxer->read_head(type); !read) return tl::unexpected(read.error());
  return demuxer;
}

Result<void> StreamDemuxer::read_head(AVMediaType type) {
  demuxer_ = avformat_alloc_context();
  if (demuxer_ == nullptr) throw std::bad_alloc();
  demuxer_->pb = input_->context();
  demuxer_->flags |= AVFMT_FLAG_CUSTOM_IO;
  const int opened = avformat_open_input(&demuxer_, nullptr, av_find_input_format("matroska"), nullptr);
  if (opened < 0) return av_fail("Reading a stream file", opened);
  for (unsigned i = 0; i < demuxer_->nb_streams; ++i) {
    AVStream* stream = demuxer_->streams[i];
    if (stream->codecpar->codec_type == type) {
      streams_.push_back(stream);
    } else {
      stream->discard = AVDISCARD_ALL;
    }
  }
  return {};
}

StreamDemuxer::~StreamDemuxer() { avformat_close_input(&demuxer_); }

Result<AVPacket*> StreamDemuxer::next() {
  for (;;) {
    av_packet_unref(packet_.get());
    const int read = av_read_frame(demuxer_, packet_.get());
    if (read == AVERROR_EOF) return nullptr;
    if (read < 0) return av_fail("Reading a stream file", read);
    const bool wanted = std::any_of(streams_.begin(), streams_.end(),
                                    [this](const AVStream* stream) { return stream->index == packet_->stream_index; });
    if (wanted) return packet_.get();
  }
}

}  // namespace tw::processing
