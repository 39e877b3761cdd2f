#include "processing/media_preparation.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>

#include "crypto/digest.hpp"
#include "processing/foreign_media.hpp"
#include "processing/page_music.hpp"
#include "processing/picture_fitter.hpp"
#include "processing/prepared_track.hpp"
#include "processing/sound_filter.hpp"
#include "speech/hold_music.hpp"
#include "speech/voice.hpp"

namespace tw::processing {
namespace {

using recording::PrepareMediaJob;
using recording::PrepareMediaResult;

constexpr std::int64_t kFilmSoundBitRate = 64'000;
constexpr std::int64_t kSpeechBitRate = 32'000;
constexpr int kUsualFrames = 25;
constexpr int kManyFrames = 30;
/// Films above it are played with 30 frames/s.
constexpr double kMoreThanUsual = 26.0;
constexpr std::chrono::milliseconds kProgressEvery{500};
constexpr const char* kSourceKey = "file:source";

tl::unexpected<Error> too_long() {
  return fail(ErrorKind::unprocessable, "media_item.too_long",
              "Media longer than ten minutes are not played in calls.");
}

/// Both pictures of a room's possible codecs, on a grid of equal steps: the newest picture that has come fills each.
class PictureTracks {
 public:
  PictureTracks(const PrepareMediaJob& job, Random& random, int frames_per_second, int turn)
      : job_(job), random_(random), frames_per_second_(frames_per_second), fitter_(turn) {}

  Result<void> add(const AVFrame& frame, std::int64_t time_us) {
    if (time_us > kMaxMediaMs * 1'000) return too_long();
    auto fitted = fitter_.fit(frame);
    if (!fitted) return tl::unexpected(fitted.error());
    if (!vp8_) {
      if (auto opened = open(); !opened) return opened;
    }
    if (latest_) {
      if (auto filled = fill_until(time_us); !filled) return filled;
    }
    latest_ = std::move(*fitted);
    latest_at_ = time_us;
    return {};
  }
  /// The last picture is shown until the sound has ended, and as long as each of them at least.
  Result<void> finish(std::int64_t sound_end_us, double source_frames_per_second) {
    if (!latest_) return {};
    const double rate = std::clamp(source_frames_per_second, 1.0, 120.0);
    const auto last_end = latest_at_ + static_cast<std::int64_t>(1'000'000 / rate);
    if (auto filled = fill_until(std::max({sound_end_us, last_end, std::int64_t{1}})); !filled) return filled;
    for (auto* track : {&vp8_, &h264_}) {
      auto done = (*track)->finish();
      if (!done) return tl::unexpected(done.error());
      bytes_ += (*track)->size_bytes();
    }
    return {};
  }
  [[nodiscard]] bool any() const { return latest_ != nullptr; }
  [[nodiscard]] const PictureFitter& fitter() const { return fitter_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::int64_t duration_ms() const { return vp8_ ? vp8_->frames() * 1'000 / frames_per_second_ : 0; }

 private:
  Result<void> open() {
    const PreparedTrack::Picture format{fitter_.width(), fitter_.height(), frames_per_second_};
    for (const auto codec : {media::Codec::vp8, media::Codec::h264}) {
      auto track = PreparedTrack::picture(codec, format, job_.folder, job_.key, random_);
      if (!track) return tl::unexpected(track.error());
      (codec == media::Codec::vp8 ? vp8_ : h264_) = std::move(*track);
    }
    return {};
  }
  [[nodiscard]] std::int64_t slot_time() const { return vp8_->frames() * 1'000'000 / frames_per_second_; }
  Result<void> fill_until(std::int64_t time_us) {
    while (slot_time() < time_us) {
      if (auto added = vp8_->add(latest_.get()); !added) return added;
      if (auto added = h264_->add(latest_.get()); !added) return added;
    }
    return {};
  }

  const PrepareMediaJob& job_;
  Random& random_;
  const int frames_per_second_;
  PictureFitter fitter_;
  FramePtr latest_;
  std::int64_t latest_at_ = 0;
  std::unique_ptr<PreparedTrack> vp8_;
  std::unique_ptr<PreparedTrack> h264_;
  std::uint64_t bytes_ = 0;
};

/// Sound of any form into one track, and into the form for pages where it is wanted.
class SoundTrack {
 public:
  static Result<std::unique_ptr<SoundTrack>> make(const PrepareMediaJob& job, Random& random, std::int64_t bit_rate) {
    auto track = PreparedTrack::sound(job.folder, job.key, random, bit_rate);
    if (!track) return tl::unexpected(track.error());
    std::unique_ptr<PageMusic> page;
    if (job.for_pages) {
      auto made = PageMusic::make(job.folder, job.key, random);
      if (!made) return tl::unexpected(made.error());
      page = std::move(*made);
    }
    return std::unique_ptr<SoundTrack>(new SoundTrack(std::move(*track), std::move(page)));
  }
  Result<void> add(AVFrame* frame) { return filter_.add(frame); }
  Result<bool> finish() {
    if (auto done = filter_.finish(); !done) return tl::unexpected(done.error());
    auto kept = track_->finish();
    if (!kept || !*kept || !page_) return kept;
    if (auto done = page_->finish(); !done) return tl::unexpected(done.error());
    return true;
  }
  [[nodiscard]] std::int64_t duration_ms() const { return track_->written() * 20; }
  [[nodiscard]] std::uint64_t bytes() const { return track_->size_bytes(); }
  [[nodiscard]] std::uint64_t page_bytes() const { return page_ ? page_->size_bytes() : 0; }

 private:
  SoundTrack(std::unique_ptr<PreparedTrack> track, std::unique_ptr<PageMusic> page)
      : track_(std::move(track)), page_(std::move(page)), filter_([this](AVFrame* frame) -> Result<void> {
          if (duration_ms() > kMaxMediaMs) return too_long();
          if (page_) {
            if (auto added = page_->add(*frame); !added) return added;
          }
          return track_->add(frame);
        }) {}

  std::unique_ptr<PreparedTrack> track_;
  std::unique_ptr<PageMusic> page_;
  SoundFilter filter_;
};

/// Mono or stereo samples as the filter takes them, a second at a time.
Result<void> add_samples(SoundTrack& track, const speech::Samples& sound) {
  const auto channels = static_cast<std::size_t>(sound.channels);
  const std::size_t count = sound.samples.size() / channels;
  for (std::size_t at = 0; at < count;) {
    const std::size_t part = std::min<std::size_t>(count - at, static_cast<std::size_t>(sound.rate_hz));
    FramePtr frame = make_frame();
    frame->format = AV_SAMPLE_FMT_FLT;
    frame->sample_rate = sound.rate_hz;
    frame->nb_samples = static_cast<int>(part);
    av_channel_layout_default(&frame->ch_layout, sound.channels);
    if (av_frame_get_buffer(frame.get(), 0) < 0) throw std::bad_alloc();
    std::memcpy(frame->data[0], sound.samples.data() + at * channels, part * channels * sizeof(float));
    frame->pts = static_cast<std::int64_t>(at);
    if (auto added = track.add(frame.get()); !added) return added;
    at += part;
  }
  return {};
}

Result<PrepareMediaResult> prepare_sound(const PrepareMediaJob& job, Random& random, const speech::Samples& sound,
                                         std::int64_t bit_rate) {
  auto track = SoundTrack::make(job, random, bit_rate);
  if (!track) return tl::unexpected(track.error());
  if (auto added = add_samples(**track, sound); !added) return tl::unexpected(added.error());
  auto kept = (*track)->finish();
  if (!kept) return tl::unexpected(kept.error());
  if (!*kept) return fail(ErrorKind::unprocessable, "media_item.nothing_to_play", "There is nothing to hear.");
  PrepareMediaResult result;
  result.duration_ms = (*track)->duration_ms();
  result.has_sound = true;
  result.size_bytes = (*track)->bytes();
  result.page_bytes = (*track)->page_bytes();
  result.sha256 = to_hex(sha256(as_bytes(job.language + "\n" + job.text)));
  return result;
}

/// Tells how far it is, not too often.
class Progress {
 public:
  Progress(const std::function<bool(int)>& tell, std::int64_t duration_ms) : tell_(tell), duration_(duration_ms) {}
  bool at(std::int64_t time_us) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return true;
    next_ = now + kProgressEvery;
    const std::int64_t percent = duration_ > 0 ? time_us / 10 / duration_ : 0;
    return tell_(static_cast<int>(std::clamp<std::int64_t>(percent, 0, 99)));
  }

 private:
  const std::function<bool(int)>& tell_;
  const std::int64_t duration_;
  std::chrono::steady_clock::time_point next_{};
};

Result<PrepareMediaResult> prepare_file(const PrepareMediaJob& job, Random& random,
                                        const std::function<bool(int)>& tell) {
  auto media = ForeignMedia::open(job.file, job.key.derive(kSourceKey));
  if (!media) return tl::unexpected(media.error());
  if ((*media)->duration_ms() > kMaxMediaMs) return too_long();
  const int rate = (*media)->frames_per_second() > kMoreThanUsual ? kManyFrames : kUsualFrames;
  PictureTracks pictures(job, random, rate, (*media)->turn_degrees());
  std::unique_ptr<SoundTrack> sound;
  Progress progress(tell, (*media)->duration_ms());
  for (;;) {
    const auto got = (*media)->next();
    if (!got) return tl::unexpected(got.error());
    if (got->frame == nullptr) break;
    if (!progress.at(got->time_us)) return fail(ErrorKind::unavailable, "processor.unavailable", "Nobody waits.");
    if (got->picture) {
      if (auto added = pictures.add(*got->frame, got->time_us); !added) return tl::unexpected(added.error());
      continue;
    }
    if (!sound) {
      auto made = SoundTrack::make(job, random, kFilmSoundBitRate);
      if (!made) return tl::unexpected(made.error());
      sound = std::move(*made);
    }
    got->frame->pts = got->time_us * got->frame->sample_rate / 1'000'000;
    if (auto added = sound->add(got->frame); !added) return tl::unexpected(added.error());
  }
  PrepareMediaResult result;
  if (sound) {
    auto kept = sound->finish();
    if (!kept) return tl::unexpected(kept.error());
    result.has_sound = *kept;
    result.size_bytes += sound->bytes();
    result.page_bytes = sound->page_bytes();
    result.duration_ms = sound->duration_ms();
  }
  auto shown = pictures.finish(result.duration_ms * 1'000, (*media)->frames_per_second());
  if (!shown) return tl::unexpected(shown.error());
  if (pictures.any()) {
    result.width = static_cast<std::uint32_t>(pictures.fitter().width());
    result.height = static_cast<std::uint32_t>(pictures.fitter().height());
    result.size_bytes += pictures.bytes();
    result.duration_ms = std::max(result.duration_ms, pictures.duration_ms());
  }
  if (!result.has_sound && !pictures.any()) {
    return fail(ErrorKind::unprocessable, "media_item.nothing_to_play", "The file has neither picture nor sound.");
  }
  auto digest = digest_of(job.file, job.key.derive(kSourceKey));
  if (!digest) return tl::unexpected(digest.error());
  result.sha256 = digest->sha256;
  return result;
}

}  // namespace

Result<PrepareMediaResult> prepare_media(const PrepareMediaJob& job, Random& random,
                                         const std::function<bool(int)>& progress) {
  switch (job.source) {
    case PrepareMediaJob::Source::file: return prepare_file(job, random, progress);
    case PrepareMediaJob::Source::music:
      return prepare_sound(job, random, speech::compose_hold_music(), kFilmSoundBitRate);
    case PrepareMediaJob::Source::text: {
      auto spoken = speech::speak(job.text, job.language);
      if (!spoken) return tl::unexpected(spoken.error());
      return prepare_sound(job, random, *spoken, kSpeechBitRate);
    }
  }
  return fail(ErrorKind::internal, "processor.protocol", "An unknown kind of source.");
}

}  // namespace tw::processing
