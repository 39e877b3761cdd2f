#include "processing/foreign_media.hpp"

#include <algorithm>
#include <cmath>
#include <new>

extern "C" {
#include <libavutil/display.h>
}

namespace tw::processing {
namespace {

/// Containers of films and sound; no playlists and nothing else that names other files.
constexpr const char* kContainers =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg,wav,mp3,aac,flac,asf";
/// What cameras, editors and phones write.
constexpr const char* kCodecs =
    "h264,hevc,vp8,vp9,libdav1d,av1,mpeg4,mpeg2video,mpeg1video,mjpeg,wmv2,wmv3,aac,aac_latm,mp3float,mp3,mp2float,"
    "mp2,ac3,eac3,opus,libopus,vorbis,flac,alac,wmav2,amrnb,amrwb,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_u8,"
    "pcm_f32le,pcm_alaw,pcm_mulaw";

tl::unexpected<Error> not_media() {
  return fail(ErrorKind::unprocessable, "media_item.not_media",
              "The file is no film and no sound that can be played, or it is damaged.");
}

/// Containers may name other files; this one reads no other.
int refuse_open(AVFormatContext* /*demuxer*/, AVIOContext** out, const char* /*url*/, int /*flags*/,
                AVDictionary** /*options*/) {
  *out = nullptr;
  return AVERROR(EPERM);
}

std::int64_t micros(std::int64_t time, AVRational base) { return av_rescale_q(time, base, {1, 1'000'000}); }

}  // namespace

Result<std::unique_ptr<ForeignMedia>> ForeignMedia::open(const std::filesystem::path& path, SecretKey key) {
  auto input = SealedInput::open(path, std::move(key));
  if (!input) return tl::unexpected(input.error());
  std::unique_ptr<ForeignMedia> media(new ForeignMedia());
  media->input_ = std::move(*input);
  if (auto read = media->read_head(); !read) return tl::unexpected(read.error());
  return media;
}

ForeignMedia::~ForeignMedia() { avformat_close_input(&demuxer_); }

Result<void> ForeignMedia::read_head() {
  demuxer_ = avformat_alloc_context();
  if (demuxer_ == nullptr) throw std::bad_alloc();
  demuxer_->pb = input_->context();
  demuxer_->flags |= AVFMT_FLAG_CUSTOM_IO;
  demuxer_->io_open = refuse_open;
  demuxer_->probesize = kProbeBytes;
  demuxer_->max_streams = kMaxStreams;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "format_whitelist", kContainers, 0);
  av_dict_set(&options, "codec_whitelist", kCodecs, 0);
  av_dict_set(&options, "protocol_whitelist", "none", 0);
  const int opened = avformat_open_input(&demuxer_, nullptr, nullptr, &options);
  av_dict_free(&options);
  if (opened < 0 || avformat_find_stream_info(demuxer_, nullptr) < 0) return not_media();

  const int sound = av_find_best_stream(demuxer_, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
  const int picture = av_find_best_stream(demuxer_, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (sound >= 0) sound_ = demuxer_->streams[sound];
  // The cover of a song is no film.
  if (picture >= 0 && (demuxer_->streams[picture]->disposition & AV_DISPOSITION_ATTACHED_PIC) == 0)
    picture_ = demuxer_->streams[picture];
  for (unsigned i = 0; i < demuxer_->nb_streams; ++i) {
    AVStream* stream = demuxer_->streams[i];
    if (stream != sound_ && stream != picture_) stream->discard = AVDISCARD_ALL;
  }
  if (sound_ == nullptr && picture_ == nullptr) {
    return fail(ErrorKind::unprocessable, "media_item.nothing_to_play", "The file has neither picture nor sound.");
  }
  if (sound_ != nullptr) {
    auto decoder = decoder_of(sound_);
    if (!decoder) return tl::unexpected(decoder.error());
    sound_decoder_ = std::move(*decoder);
  }
  if (picture_ != nullptr) {
    auto decoder = decoder_of(picture_);
    if (!decoder) return tl::unexpected(decoder.error());
    picture_decoder_ = std::move(*decoder);
  }
  if (demuxer_->start_time != AV_NOPTS_VALUE) begin_us_ = demuxer_->start_time;
  return {};
}

Result<CodecPtr> ForeignMedia::decoder_of(const AVStream* stream) {
  const AVCodecParameters& parameters = *stream->codecpar;
  if (std::int64_t{parameters.width} * parameters.height > kMaxPixels) {
    return fail(ErrorKind::unprocessable, "media_item.too_large_picture", "The picture has too many pixels.");
  }
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (codec == nullptr) return not_media();
  const std::string_view list = kCodecs;
  const std::string name = codec->name;
  const bool listed = ("," + std::string(list) + ",").find("," + name + ",") != std::string::npos;
  if (!listed) return not_media();
  CodecPtr context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  if (avcodec_parameters_to_context(context.get(), &parameters) < 0) return not_media();
  context->thread_count = 1;
  context->max_pixels = kMaxPixels;
  context->pkt_timebase = stream->time_base;
  if (avcodec_open2(context.get(), codec, nullptr) < 0) return not_media();
  return context;
}

std::int64_t ForeignMedia::duration_ms() const {
  return demuxer_->duration == AV_NOPTS_VALUE ? 0 : std::max<std::int64_t>(demuxer_->duration / 1'000, 0);
}

double ForeignMedia::frames_per_second() const {
  if (picture_ == nullptr || picture_->avg_frame_rate.den == 0) return 0;
  return av_q2d(picture_->avg_frame_rate);
}

int ForeignMedia::turn_degrees() const {
  if (picture_ == nullptr) return 0;
  const auto* matrix =
      reinterpret_cast<const std::int32_t*>(av_stream_get_side_data(picture_, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
  if (matrix == nullptr) return 0;
  const double degrees = -av_display_rotation_get(matrix);  // it counts against the clock
  if (std::isnan(degrees)) return 0;
  const auto quarter = std::lround(degrees / 90.0);
  return static_cast<int>(((quarter % 4) + 4) % 4) * 90;
}

bool ForeignMedia::take_decoded(Frame& out) {
  for (const bool picture : {true, false}) {
    AVCodecContext* decoder = picture ? picture_decoder_.get() : sound_decoder_.get();
    if (decoder == nullptr) continue;
    while (avcodec_receive_frame(decoder, frame_.get()) >= 0) {
      decoded_something_ = true;
      bad_packets_ = 0;
      if (frame_->best_effort_timestamp == AV_NOPTS_VALUE) continue;
      const AVStream* stream = picture ? picture_ : sound_;
      out = {picture, frame_.get(),
             std::max<std::int64_t>(micros(frame_->best_effort_timestamp, stream->time_base) - begin_us_, 0)};
      return true;
    }
  }
  return false;
}

Result<ForeignMedia::Frame> ForeignMedia::next() {
  Frame out;
  for (;;) {
    if (take_decoded(out)) return out;
    if (draining_) {
      if (!decoded_something_) return not_media();
      return Frame{};
    }
    const int read = av_read_frame(demuxer_, packet_.get());
    if (read < 0) {  // the end, or damage behind which nothing can be read: what was there is played
      draining_ = true;
      if (sound_decoder_) avcodec_send_packet(sound_decoder_.get(), nullptr);
      if (picture_decoder_) avcodec_send_packet(picture_decoder_.get(), nullptr);
      continue;
    }
    AVCodecContext* decoder = packet_->stream_index == (picture_ != nullptr ? picture_->index : -1)
                                  ? picture_decoder_.get()
                              : packet_->stream_index == (sound_ != nullptr ? sound_->index : -1) ? sound_decoder_.get()
                                                                                                  : nullptr;
    if (decoder != nullptr && avcodec_send_packet(decoder, packet_.get()) < 0) ++bad_packets_;
    av_packet_unref(packet_.get());
    if (bad_packets_ > kMaxBadPackets) return not_media();
  }
}

}  // namespace tw::processing
