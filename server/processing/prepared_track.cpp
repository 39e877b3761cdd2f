#include "processing/prepared_track.hpp"

#include <array>

#include "base/byte_order.hpp"
#include "processing/encoder.hpp"

namespace tw::processing {
namespace {

/// What a player sends to each viewer: with sound below the 1.5 Mbit/s of a camera.
constexpr std::int64_t kPictureBitRate = 1'200'000;
constexpr int kSoundRate = 48'000;
constexpr int kSoundFrame = 960;
constexpr std::int64_t kPictureClock = 90'000;
constexpr std::uint8_t kNalDelimiter = 9;
constexpr std::uint8_t kNalEnhancement = 6;

/// One keyframe a second and none in between; no picture waits for a later one.
constexpr std::array kVp8Options{EncoderOption{"deadline", "good"}, EncoderOption{"cpu-used", "5"},
                                 EncoderOption{"auto-alt-ref", "0"}, EncoderOption{"lag-in-frames", "0"},
                                 EncoderOption{"error-resilient", "0"}};
constexpr std::array kH264Options{EncoderOption{"preset", "veryfast"}, EncoderOption{"tune", "zerolatency"},
                                  EncoderOption{"profile", "baseline"}, EncoderOption{"forced-idr", "1"},
                                  EncoderOption{"x264-params", "scenecut=0:rc-lookahead=0:sliced-threads=0"}};
constexpr std::array kOpusOptions{EncoderOption{"application", "audio"}, EncoderOption{"frame_duration", "20"}};

/// NAL units of an Annex B stream, each behind its length. Delimiters and messages of the encoder are left out.
void append_units(ByteView stream, Bytes& out) {
  std::size_t at = 0;
  const auto start_code = [&](std::size_t from) {
    while (from + 3 <= stream.size() && !(stream[from] == 0 && stream[from + 1] == 0 && stream[from + 2] == 1)) ++from;
    return from + 3 <= stream.size() ? from : stream.size();
  };
  for (at = start_code(0); at < stream.size();) {
    const std::size_t begin = at + 3;
    at = start_code(begin);
    std::size_t end = at;
    while (end > begin && stream[end - 1] == 0) --end;  // the longer start code's first zero
    if (end == begin) continue;
    const std::uint8_t type = stream[begin] & 0x1F;
    if (type == kNalDelimiter || type == kNalEnhancement) continue;
    const std::size_t head = out.size();
    out.resize(head + 4);
    store_be<std::uint32_t>(out.data() + head, static_cast<std::uint32_t>(end - begin));
    out.insert(out.end(), stream.begin() + static_cast<std::ptrdiff_t>(begin),
               stream.begin() + static_cast<std::ptrdiff_t>(end));
  }
}

}  // namespace

std::string PreparedTrack::name_of(media::Codec codec) {
  switch (codec) {
    case media::Codec::opus: return "sound";
    case media::Codec::vp8: return "picture.vp8";
    case media::Codec::h264: return "picture.h264";
  }
  return {};
}

PreparedTrack::PreparedTrack(media::Codec codec, SealedFileWriter file, std::filesystem::path path)
    : codec_(codec),
      file_(std::move(file)),
      path_(std::move(path)),
      writer_(codec, [this](ByteView bytes) { return file_.write(bytes); }) {}

Result<std::unique_ptr<PreparedTrack>> PreparedTrack::sound(const std::filesystem::path& folder, const SecretKey& key,
                                                            Random& random, std::int64_t bits_per_second) {
  const auto path = folder / name_of(media::Codec::opus);
  auto file = fresh_file(path, key, random);
  if (!file) return tl::unexpected(file.error());
  std::unique_ptr<PreparedTrack> track(new PreparedTrack(media::Codec::opus, std::move(*file), path));
  auto encoder = encoder_named("libopus");
  if (!encoder) return tl::unexpected(encoder.error());
  track->encoder_ = std::move(*encoder);
  AVCodecContext& context = *track->encoder_;
  context.sample_rate = kSoundRate;
  context.sample_fmt = AV_SAMPLE_FMT_FLT;
  context.bit_rate = bits_per_second;
  context.time_base = {1, kSoundRate};
  av_channel_layout_default(&context.ch_layout, 2);
  if (auto opened = open_encoder(context, kOpusOptions); !opened) return tl::unexpected(opened.error());
  track->ticks_per_frame_ = kSoundFrame;
  return track;
}

Result<std::unique_ptr<PreparedTrack>> PreparedTrack::picture(media::Codec codec, const Picture& format,
                                                              const std::filesystem::path& folder, const SecretKey& key,
                                                              Random& random) {
  const auto path = folder / name_of(codec);
  auto file = fresh_file(path, key, random);
  if (!file) return tl::unexpected(file.error());
  std::unique_ptr<PreparedTrack> track(new PreparedTrack(codec, std::move(*file), path));
  const bool vp8 = codec == media::Codec::vp8;
  auto encoder = encoder_named(vp8 ? "libvpx" : "libx264");
  if (!encoder) return tl::unexpected(encoder.error());
  track->encoder_ = std::move(*encoder);
  AVCodecContext& context = *track->encoder_;
  context.width = format.width;
  context.height = format.height;
  context.pix_fmt = AV_PIX_FMT_YUV420P;
  context.time_base = {1, format.frames_per_second};
  context.framerate = {format.frames_per_second, 1};
  context.bit_rate = kPictureBitRate;
  context.rc_max_rate = kPictureBitRate;
  context.rc_buffer_size = static_cast<int>(kPictureBitRate);
  context.gop_size = format.frames_per_second;
  context.max_b_frames = 0;
  const auto opened = vp8 ? open_encoder(context, kVp8Options) : open_encoder(context, kH264Options);
  if (!opened) return tl::unexpected(opened.error());
  track->ticks_per_frame_ = kPictureClock / format.frames_per_second;
  track->keyframe_every_ = format.frames_per_second;
  return track;
}

Result<void> PreparedTrack::add(AVFrame* frame) {
  const bool picture = keyframe_every_ > 0;
  frame->pts = picture ? added_ : added_ * kSoundFrame;
  frame->pict_type = picture && added_ % keyframe_every_ == 0 ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  ++added_;
  const int result = avcodec_send_frame(encoder_.get(), frame);
  if (result < 0) return av_fail("Encoding", result, ErrorKind::internal);
  return take_packets();
}

Result<void> PreparedTrack::take_packets() {
  while (avcodec_receive_packet(encoder_.get(), packet_.get()) >= 0) {
    auto kept = keep(*packet_);
    av_packet_unref(packet_.get());
    if (!kept) return kept;
  }
  return {};
}

Result<void> PreparedTrack::keep(const AVPacket& packet) {
  ByteView bytes(packet.data, static_cast<std::size_t>(packet.size));
  const bool keyframe = codec_ == media::Codec::opus || (packet.flags & AV_PKT_FLAG_KEY) != 0;
  if (codec_ == media::Codec::h264) {
    units_.clear();
    append_units(bytes, units_);
    bytes = units_;
  }
  if (bytes.empty()) return {};  // an encoder that skipped a picture to keep its rate
  const bool picture = keyframe_every_ > 0;
  const std::int64_t number = picture ? packet.pts : static_cast<std::int64_t>(writer_.frames());
  const auto time = static_cast<std::uint32_t>(number * ticks_per_frame_);
  return writer_.add(time, keyframe, bytes);
}

Result<bool> PreparedTrack::finish() {
  if (added_ > 0) {
    avcodec_send_frame(encoder_.get(), nullptr);
    if (auto taken = take_packets(); !taken) return tl::unexpected(taken.error());
  }
  size_bytes_ = file_.size();
  if (auto done = file_.finish(); !done) return tl::unexpected(done.error());
  if (writer_.frames() > 0) return true;
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
  return false;
}

}  // namespace tw::processing
