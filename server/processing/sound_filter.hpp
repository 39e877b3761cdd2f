#pragma once

#include <functional>
#include <memory>

#include "processing/ffmpeg_handles.hpp"

extern "C" {
#include <libavfilter/avfilter.h>
}

namespace tw::processing {

struct GraphFree {
  void operator()(AVFilterGraph* graph) const { avfilter_graph_free(&graph); }
};

/// Brings any sound into one form: 48 kHz stereo floats in frames of 20 ms, of even loudness (EBU R 128, −18 LUFS, so
/// that a film is as loud as people who talk), beginning at time 0 and without holes.
class SoundFilter {
 public:
  using Take = std::function<Result<void>(AVFrame*)>;

  explicit SoundFilter(Take take) : take_(std::move(take)) {}
  /// `frame->pts` counts the frame's own samples since the medium's beginning. A change of format is fine.
  [[nodiscard]] Result<void> add(AVFrame* frame);
  [[nodiscard]] Result<void> finish();

 private:
  [[nodiscard]] Result<void> build(const AVFrame& frame);
  [[nodiscard]] Result<void> drain();
  [[nodiscard]] bool fits(const AVFrame& frame) const;

  Take take_;
  std::unique_ptr<AVFilterGraph, GraphFree> graph_;
  AVFilterContext* in_ = nullptr;
  AVFilterContext* out_ = nullptr;
  int format_ = 0;
  int rate_ = 0;
  int channels_ = 0;
  FramePtr filtered_ = make_frame();
};

}  // namespace tw::processing
