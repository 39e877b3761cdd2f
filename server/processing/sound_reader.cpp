#include "processing/sound_reader.hpp"

#include <opus/opus.h>

#include <algorithm>
#include <new>
#include <utility>

namespace tw::processing {
namespace {

constexpr int kRate = 48'000;
constexpr int kLongestPacket = kRate * 120 / 1000;  // RFC 6716 section 2.1.4
constexpr int kShortestFrame = kRate / 400;         // 2.5 ms: the decoder makes up multiples of it
/// Times in a stream file are whole milliseconds; a smaller hole is rounding.
constexpr std::int64_t kHoleUs = 5'000;

std::int64_t to_us(std::int64_t samples) { return samples * 1'000'000 / kRate; }

}  // namespace

void SoundReader::DecoderFree::operator()(OpusDecoder* decoder) const { opus_decoder_destroy(decoder); }
SoundReader::~SoundReader() = default;

Result<std::unique_ptr<SoundReader>> SoundReader::open(const std::filesystem::path& path, SecretKey key) {
  auto demuxer = StreamDemuxer::open(path, std::move(key), AVMEDIA_TYPE_AUDIO);
  if (!demuxer) return tl::unexpected(demuxer.error());
  std::unique_ptr<SoundReader> reader(new SoundReader());
  reader->demuxer_ = std::move(*demuxer);
  int error = OPUS_OK;
  reader->decoder_.reset(opus_decoder_create(kRate, 1, &error));
  if (!reader->decoder_) throw std::bad_alloc();
  return reader;
}

/// What is missing before the packet that is held.
bool SoundReader::conceal(std::vector<float>& samples) {
  const std::int64_t hole_us = held_us_ - end_us_;
  if (end_us_ < 0 || hole_us < kHoleUs) return false;
  if (hole_us > kConcealUpToUs) {
    opus_decoder_ctl(decoder_.get(), OPUS_RESET_STATE);  // what comes has nothing to do with what was
    return false;
  }
  const int missing =
      static_cast<int>((hole_us * kRate / 1'000'000 + kShortestFrame / 2) / kShortestFrame) * kShortestFrame;
  const int length = opus_packet_get_nb_samples(held_->data, held_->size, kRate);
  const int carried = std::min(missing, std::max(length, 0));
  samples.resize(static_cast<std::size_t>(missing));
  int done = 0;
  if (missing > carried) done = opus_decode_float(decoder_.get(), nullptr, 0, samples.data(), missing - carried, 0);
  if (done >= 0 && carried > 0) {
    const int more = opus_decode_float(decoder_.get(), held_->data, held_->size, samples.data() + done, carried, 1);
    done = more < 0 ? more : done + more;
  }
  if (done <= 0) return false;
  samples.resize(static_cast<std::size_t>(done));
  return true;
}

bool SoundReader::decode(std::vector<float>& samples) {
  samples.resize(kLongestPacket);
  const int count = opus_decode_float(decoder_.get(), held_->data, held_->size, samples.data(), kLongestPacket, 0);
  samples.resize(static_cast<std::size_t>(std::max(count, 0)));
  return count > 0;
}

Result<bool> SoundReader::next(std::vector<float>& samples, std::int64_t& position_us) {
  for (;;) {
    if (held_ == nullptr) {
      const auto packet = demuxer_->next();
      if (!packet) return tl::unexpected(packet.error());
      if (*packet == nullptr) return false;
      held_ = *packet;
      for (const AVStream* stream : demuxer_->streams()) {
        if (stream->index == held_->stream_index)
          held_us_ = av_rescale_q(held_->pts, stream->time_base, {1, 1'000'000});
      }
      if (conceal(samples)) {
        position_us = end_us_;
        end_us_ += to_us(static_cast<std::int64_t>(samples.size()));
        concealed_us_ += to_us(static_cast<std::int64_t>(samples.size()));
        return true;
      }
    }
    const bool decoded = decode(samples);
    held_ = nullptr;
    if (!decoded) continue;
    position_us = held_us_;
    end_us_ = held_us_ + to_us(static_cast<std::int64_t>(samples.size()));
    return true;
  }
}

}  // namespace tw::processing
