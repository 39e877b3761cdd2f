#include "processing/page_music.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <vector>

#include "processing/encoder.hpp"
#include "recording/processor.hpp"

namespace tw::processing {
namespace {

constexpr int kRate = 48'000;
constexpr int kChannels = 2;
constexpr std::int64_t kBitRate = 80'000;
/// Of the soft end, in samples.
constexpr std::int64_t kFade = std::int64_t{kRate} * 3;

/// 1 until the soft end begins, then falling to 0.
float volume_at(std::int64_t sample) {
  return std::min(1.0F, static_cast<float>(PageMusic::kMostSamples - sample) / static_cast<float>(kFade));
}

}  // namespace

Result<std::unique_ptr<PageMusic>> PageMusic::make(const std::filesystem::path& folder, const SecretKey& key,
                                                   Random& random) {
  auto file = fresh_file(folder / recording::kPageMusicFile, key, random);
  if (!file) return tl::unexpected(file.error());
  auto encoder = encoder_named("libmp3lame");
  if (!encoder) return tl::unexpected(encoder.error());
  std::unique_ptr<PageMusic> music(new PageMusic(std::move(*file)));
  music->encoder_ = std::move(*encoder);
  AVCodecContext& context = *music->encoder_;
  context.sample_rate = kRate;
  context.sample_fmt = AV_SAMPLE_FMT_FLTP;
  context.bit_rate = kBitRate;
  context.time_base = {1, kRate};
  av_channel_layout_default(&context.ch_layout, kChannels);
  if (auto opened = open_encoder(context, {}); !opened) return tl::unexpected(opened.error());
  music->waiting_.reset(av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, kChannels, context.frame_size));
  if (!music->waiting_) throw std::bad_alloc();
  return music;
}

Result<void> PageMusic::add(const AVFrame& frame) {
  const auto count = static_cast<std::size_t>(std::min<std::int64_t>(frame.nb_samples, kMostSamples - added_));
  if (count == 0) return {};
  std::array<std::vector<float>, kChannels> channels{std::vector<float>(count), std::vector<float>(count)};
  const auto* samples = reinterpret_cast<const float*>(frame.data[0]);
  for (std::size_t i = 0; i < count; ++i) {
    const float volume = volume_at(added_ + static_cast<std::int64_t>(i));
    for (std::size_t c = 0; c < kChannels; ++c) channels[c][i] = samples[i * kChannels + c] * volume;
  }
  added_ += static_cast<std::int64_t>(count);
  std::array<void*, kChannels> planes{channels[0].data(), channels[1].data()};
  if (av_audio_fifo_write(waiting_.get(), planes.data(), static_cast<int>(count)) < 0) throw std::bad_alloc();
  while (av_audio_fifo_size(waiting_.get()) >= encoder_->frame_size) {
    if (auto done = encode(encoder_->frame_size); !done) return done;
  }
  return {};
}

Result<void> PageMusic::encode(int samples) {
  FramePtr frame = make_frame();
  frame->format = AV_SAMPLE_FMT_FLTP;
  frame->sample_rate = kRate;
  frame->nb_samples = samples;
  av_channel_layout_default(&frame->ch_layout, kChannels);
  if (av_frame_get_buffer(frame.get(), 0) < 0) throw std::bad_alloc();
  std::array<void*, kChannels> planes{frame->data[0], frame->data[1]};
  av_audio_fifo_read(waiting_.get(), planes.data(), samples);
  frame->pts = encoded_;
  encoded_ += samples;
  return send(frame.get());
}

Result<void> PageMusic::send(const AVFrame* frame) {
  const int result = avcodec_send_frame(encoder_.get(), frame);
  if (result < 0) return av_fail("Encoding", result, ErrorKind::internal);
  while (avcodec_receive_packet(encoder_.get(), packet_.get()) >= 0) {
    // Frames of MP3 carry all that a player needs; they make a file by standing one after the other.
    auto written = file_.write(ByteView(packet_->data, static_cast<std::size_t>(packet_->size)));
    av_packet_unref(packet_.get());
    if (!written) return written;
  }
  return {};
}

Result<void> PageMusic::finish() {
  if (const int rest = av_audio_fifo_size(waiting_.get()); rest > 0) {
    if (auto done = encode(rest); !done) return done;
  }
  if (auto done = send(nullptr); !done) return done;
  size_bytes_ = file_.size();
  return file_.finish();
}

}  // namespace tw::processing
