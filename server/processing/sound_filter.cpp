#include "processing/sound_filter.hpp"

#include <array>
#include <cstdio>
#include <new>

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

namespace tw::processing {
namespace {

/// Holes in time become silence (async), the first sample stands at time 0.
constexpr const char* kChain =
    "aresample=48000:async=1000:first_pts=0,loudnorm=I=-18:TP=-2:LRA=11,aresample=48000,"
    "aformat=sample_fmts=flt:channel_layouts=stereo,asetnsamples=n=960:p=1";
/// After a change of format in the middle there is no new beginning.
constexpr const char* kChainGoingOn =
    "aresample=48000,loudnorm=I=-18:TP=-2:LRA=11,aresample=48000,"
    "aformat=sample_fmts=flt:channel_layouts=stereo,asetnsamples=n=960:p=1";

}  // namespace

bool SoundFilter::fits(const AVFrame& frame) const {
  return graph_ && frame.format == format_ && frame.sample_rate == rate_ && frame.ch_layout.nb_channels == channels_;
}

Result<void> SoundFilter::build(const AVFrame& frame) {
  const bool goes_on = rate_ != 0;
  graph_.reset(avfilter_graph_alloc());
  if (!graph_) throw std::bad_alloc();
  graph_->nb_threads = 1;
  std::array<char, 64> layout{};
  AVChannelLayout channels{};
  av_channel_layout_copy(&channels, &frame.ch_layout);
  if (channels.order == AV_CHANNEL_ORDER_UNSPEC) av_channel_layout_default(&channels, frame.ch_layout.nb_channels);
  av_channel_layout_describe(&channels, layout.data(), layout.size());
  av_channel_layout_uninit(&channels);
  const char* format = av_get_sample_fmt_name(static_cast<AVSampleFormat>(frame.format));
  std::array<char, 256> source{};
  std::snprintf(source.data(), source.size(), "time_base=1/%d:sample_rate=%d:sample_fmt=%s:channel_layout=%s",
                frame.sample_rate, frame.sample_rate, format == nullptr ? "?" : format, layout.data());
  int result =
      avfilter_graph_create_filter(&in_, avfilter_get_by_name("abuffer"), "in", source.data(), nullptr, graph_.get());
  if (result < 0) return av_fail("Reading the sound", result);
  result =
      avfilter_graph_create_filter(&out_, avfilter_get_by_name("abuffersink"), "out", nullptr, nullptr, graph_.get());
  if (result < 0) return av_fail("Preparing the sound", result, ErrorKind::internal);
  AVFilterInOut* outputs = avfilter_inout_alloc();
  AVFilterInOut* inputs = avfilter_inout_alloc();
  if (outputs == nullptr || inputs == nullptr) throw std::bad_alloc();
  outputs->name = av_strdup("in");
  outputs->filter_ctx = in_;
  inputs->name = av_strdup("out");
  inputs->filter_ctx = out_;
  result = avfilter_graph_parse_ptr(graph_.get(), goes_on ? kChainGoingOn : kChain, &inputs, &outputs, nullptr);
  avfilter_inout_free(&inputs);
  avfilter_inout_free(&outputs);
  if (result >= 0) result = avfilter_graph_config(graph_.get(), nullptr);
  if (result < 0) return av_fail("Preparing the sound", result, ErrorKind::internal);
  format_ = frame.format;
  rate_ = frame.sample_rate;
  channels_ = frame.ch_layout.nb_channels;
  return {};
}

Result<void> SoundFilter::drain() {
  for (;;) {
    const int result = av_buffersink_get_frame(out_, filtered_.get());
    if (result < 0) return {};
    auto taken = take_(filtered_.get());
    av_frame_unref(filtered_.get());
    if (!taken) return taken;
  }
}

Result<void> SoundFilter::add(AVFrame* frame) {
  if (frame->sample_rate <= 0 || frame->nb_samples <= 0 || frame->ch_layout.nb_channels <= 0) return {};
  if (!fits(*frame)) {
    if (graph_) {
      if (auto done = finish(); !done) return done;
    }
    if (auto built = build(*frame); !built) return built;
  }
  const int result = av_buffersrc_add_frame(in_, frame);
  if (result < 0) return av_fail("Preparing the sound", result);
  return drain();
}

Result<void> SoundFilter::finish() {
  if (!graph_) return {};
  if (av_buffersrc_add_frame(in_, nullptr) < 0) return {};
  return drain();
}

}  // namespace tw::processing
