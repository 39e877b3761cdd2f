#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libswscale/swscale.h>
}

namespace tw::processing {

struct FrameFree {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct PacketFree {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct CodecFree {
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
};
struct ScalerFree {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
using FramePtr = std::unique_ptr<AVFrame, FrameFree>;
using PacketPtr = std::unique_ptr<AVPacket, PacketFree>;
using CodecPtr = std::unique_ptr<AVCodecContext, CodecFree>;
using ScalerPtr = std::unique_ptr<SwsContext, ScalerFree>;

/// These end the process where memory is out: a processor's job is lost then anyway.
[[nodiscard]] FramePtr make_frame();
[[nodiscard]] PacketPtr make_packet();
/// A frame with buffers of its own.
[[nodiscard]] FramePtr make_picture(int width, int height, AVPixelFormat format);

/// `processor.failed` with what FFmpeg said about it.
[[nodiscard]] tl::unexpected<Error> av_fail(std::string_view what, int averror,
                                            ErrorKind kind = ErrorKind::unprocessable);

/// A decoder that runs in this thread only and gives each frame at once.
[[nodiscard]] Result<CodecPtr> open_decoder(const AVCodecParameters* parameters, AVCodecID id);

/// Largest picture that is decoded, in pixels: well above what a camera sends, far below what eats the memory limit.
constexpr int kMaxPixels = 4096 * 4096;

}  // namespace tw::processing
