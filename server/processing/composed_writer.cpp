#include "processing/composed_writer.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "processing/sound_mixer.hpp"

namespace tw::processing {
namespace {

constexpr int kSoundBitRate = 64'000;
/// Half an hour is to stay below 150 MB: 667 kb/s in all, the index included. Quality is constant below that rate; what
/// moves much for longer than the buffer lasts is coded coarser.
constexpr int kMostVideoBitRate = 560'000;
constexpr int kRateBufferBits = kMostVideoBitRate * 20;
constexpr int kSecondsBetweenKeyframes = 2;  // how exactly a player can be set to a moment
constexpr const char* kPreset = "superfast";
constexpr const char* kQuality = "23";  // x264's constant rate factor

CodecPtr make_encoder(const AVCodec* codec) {
  CodecPtr context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  return context;
}

tl::unexpected<Error> no_encoder() {
  return fail(ErrorKind::internal, "processor.failed", "FFmpeg lacks libx264 or AAC; install Debian's build.");
}

}  // namespace

ComposedWriter::ComposedWriter() : packet_(make_packet()) {}

Result<std::unique_ptr<ComposedWriter>> ComposedWriter::create(const std::filesystem::path& path, SecretKey key,
                                                               Random& random, WallTime start, unsigned threads,
                                                               const std::vector<recording::Chapter>& chapters,
                                                               std::int64_t length_ms) {
  std::unique_ptr<ComposedWriter> writer(new ComposedWriter());
  auto output = SealedOutput::create(path, std::move(key), random);
  if (!output) return tl::unexpected(output.error());
  writer->output_ = std::move(*output);
  int result = avformat_alloc_output_context2(&writer->muxer_, nullptr, "mp4", nullptr);
  if (result < 0) return av_fail("Making an MP4 file", result, ErrorKind::internal);
  writer->output_->attach(writer->muxer_);
  if (auto opened = writer->open_video(threads); !opened) return tl::unexpected(opened.error());
  if (auto opened = writer->open_audio(); !opened) return tl::unexpected(opened.error());
  av_dict_set(&writer->muxer_->metadata, "creation_time", to_rfc3339(start).c_str(), 0);
  writer->add_chapters(chapters, length_ms);
  AVDictionary* options = nullptr;
  av_dict_set(&options, "movflags", "+faststart", 0);
  result = avformat_write_header(writer->muxer_, &options);
  av_dict_free(&options);
  if (result < 0) return av_fail("Beginning an MP4 file", result, ErrorKind::internal);
  return writer;
}

ComposedWriter::~ComposedWriter() { avformat_free_context(muxer_); }

Result<void> ComposedWriter::open_video(unsigned threads) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  if (codec == nullptr) return no_encoder();
  video_ = make_encoder(codec);
  video_->width = kComposedWidth;
  video_->height = kComposedHeight;
  video_->pix_fmt = AV_PIX_FMT_YUV420P;
  video_->time_base = {1, kComposedRate};
  video_->framerate = {kComposedRate, 1};
  video_->gop_size = kComposedRate * kSecondsBetweenKeyframes;
  video_->max_b_frames = 0;  // order of decoding is order of showing: no edit list, no delay at the start
  video_->color_range = AVCOL_RANGE_MPEG;
  video_->colorspace = AVCOL_SPC_SMPTE170M;
  video_->color_primaries = AVCOL_PRI_SMPTE170M;
  video_->color_trc = AVCOL_TRC_SMPTE170M;
  video_->thread_count = static_cast<int>(std::clamp(threads, 1U, 16U));
  video_->rc_max_rate = kMostVideoBitRate;
  video_->rc_buffer_size = kRateBufferBits;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "preset", kPreset, 0);
  av_dict_set(&options, "crf", kQuality, 0);
  av_dict_set(&options, "profile", "high", 0);
  const bool global_header = (muxer_->oformat->flags & AVFMT_GLOBALHEADER) != 0;
  if (global_header) video_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  const int result = avcodec_open2(video_.get(), codec, &options);
  av_dict_free(&options);
  if (result < 0) return av_fail("Opening x264", result, ErrorKind::internal);
  return add_stream(*video_, video_stream_);
}

Result<void> ComposedWriter::open_audio() {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
  if (codec == nullptr) return no_encoder();
  audio_ = make_encoder(codec);
  audio_->sample_fmt = AV_SAMPLE_FMT_FLTP;
  audio_->sample_rate = kSampleRate;
  audio_->bit_rate = kSoundBitRate;
  audio_->time_base = {1, kSampleRate};
  av_channel_layout_default(&audio_->ch_layout, 1);
  audio_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  const int result = avcodec_open2(audio_.get(), codec, nullptr);
  if (result < 0) return av_fail("Opening the AAC encoder", result, ErrorKind::internal);
  sound_frame_ = make_frame();
  sound_frame_->format = audio_->sample_fmt;
  sound_frame_->sample_rate = kSampleRate;
  sound_frame_->nb_samples = audio_->frame_size;
  av_channel_layout_copy(&sound_frame_->ch_layout, &audio_->ch_layout);
  if (av_frame_get_buffer(sound_frame_.get(), 0) < 0) throw std::bad_alloc();
  return add_stream(*audio_, audio_stream_);
}

/// FFmpeg frees them with the muxer.
void ComposedWriter::add_chapters(const std::vector<recording::Chapter>& chapters, std::int64_t length_ms) {
  if (chapters.empty()) return;
  auto** list = static_cast<AVChapter**>(av_calloc(chapters.size(), sizeof(AVChapter*)));
  if (list == nullptr) throw std::bad_alloc();
  muxer_->chapters = list;
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    auto* chapter = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
    if (chapter == nullptr) throw std::bad_alloc();
    chapter->id = static_cast<std::int64_t>(i) + 1;
    chapter->time_base = {1, 1000};
    chapter->start = chapters[i].at_ms;
    chapter->end = std::max(chapter->start, i + 1 < chapters.size() ? chapters[i + 1].at_ms : length_ms);
    av_dict_set(&chapter->metadata, "title", chapters[i].title.c_str(), 0);
    list[i] = chapter;
    muxer_->nb_chapters = static_cast<unsigned>(i) + 1;
  }
}

Result<void> ComposedWriter::add_stream(AVCodecContext& codec, int& index) {
  AVStream* stream = avformat_new_stream(muxer_, nullptr);
  if (stream == nullptr) throw std::bad_alloc();
  stream->time_base = codec.time_base;
  stream->avg_frame_rate = codec.framerate;
  index = stream->index;
  const int result = avcodec_parameters_from_context(stream->codecpar, &codec);
  if (result < 0) return av_fail("Describing a stream", result, ErrorKind::internal);
  return {};
}

Result<void> ComposedWriter::encode(AVCodecContext& codec, AVFrame* frame, int stream) {
  int result = avcodec_send_frame(&codec, frame);
  if (result < 0) return av_fail("Encoding", result, ErrorKind::internal);
  for (;;) {
    result = avcodec_receive_packet(&codec, packet_.get());
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return {};
    if (result < 0) return av_fail("Encoding", result, ErrorKind::internal);
    packet_->stream_index = stream;
    av_packet_rescale_ts(packet_.get(), codec.time_base, muxer_->streams[stream]->time_base);
    if (packet_->duration == 0 && &codec == video_.get()) {
      packet_->duration = av_rescale_q(1, codec.time_base, muxer_->streams[stream]->time_base);
    }
    result = av_interleaved_write_frame(muxer_, packet_.get());
    if (result < 0) return av_fail("Writing an MP4 file", result, ErrorKind::internal);
  }
}

Result<void> ComposedWriter::picture(AVFrame& frame) {
  frame.pts = pictures_++;
  return encode(*video_, &frame, video_stream_);
}

Result<void> ComposedWriter::sound(std::span<const float> samples) {
  waiting_.insert(waiting_.end(), samples.begin(), samples.end());
  const auto frame = static_cast<std::size_t>(audio_->frame_size);
  while (waiting_.size() >= frame) {
    if (auto encoded = encode_sound(frame); !encoded) return encoded;
  }
  return {};
}

Result<void> ComposedWriter::encode_sound(std::size_t count) {
  if (av_frame_make_writable(sound_frame_.get()) < 0) throw std::bad_alloc();
  std::memcpy(sound_frame_->data[0], waiting_.data(), count * sizeof(float));
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  sound_frame_->nb_samples = static_cast<int>(count);
  sound_frame_->pts = samples_;
  samples_ += static_cast<std::int64_t>(count);
  return encode(*audio_, sound_frame_.get(), audio_stream_);
}

Result<std::int64_t> ComposedWriter::finish() {
  if (!waiting_.empty()) {
    if (auto encoded = encode_sound(waiting_.size()); !encoded) return tl::unexpected(encoded.error());
  }
  if (auto flushed = encode(*video_, nullptr, video_stream_); !flushed) return tl::unexpected(flushed.error());
  if (auto flushed = encode(*audio_, nullptr, audio_stream_); !flushed) return tl::unexpected(flushed.error());
  const int result = av_write_trailer(muxer_);
  if (result < 0) return av_fail("Ending an MP4 file", result, ErrorKind::internal);
  if (auto finished = output_->finish(); !finished) return tl::unexpected(finished.error());
  return pictures_ * 1000 / kComposedRate;
}

}  // namespace tw::processing
