#include "processing/ffmpeg_handles.hpp"

#include <array>
#include <new>
#include <string>

namespace tw::processing {

FramePtr make_frame() {
  FramePtr frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  return frame;
}

PacketPtr make_packet() {
  PacketPtr packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  return packet;
}

FramePtr make_picture(int width, int height, AVPixelFormat format) {
  FramePtr frame = make_frame();
  frame->width = width;
  frame->height = height;
  frame->format = format;
  if (av_frame_get_buffer(frame.get(), 0) < 0) throw std::bad_alloc();
  return frame;
}

tl::unexpected<Error> av_fail(std::string_view what, int averror, ErrorKind kind) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(averror, text.data(), text.size());
  return fail(kind, "processor.failed", std::string(what) + ": " + text.data() + ".");
}

Result<CodecPtr> open_decoder(const AVCodecParameters* parameters, AVCodecID id) {
  const AVCodec* codec = avcodec_find_decoder(id);
  if (codec == nullptr)
    return fail(ErrorKind::internal, "processor.failed", "FFmpeg lacks a decoder; install Debian's build.");
  CodecPtr context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  if (parameters != nullptr) {
    const int copied = avcodec_parameters_to_context(context.get(), parameters);
    if (copied < 0) return av_fail("Reading a stream's parameters", copied);
  }
  context->thread_count = 1;
  context->max_pixels = kMaxPixels;
  context->flags |= AV_CODEC_FLAG_LOW_DELAY;
  const int opened = avcodec_open2(context.get(), codec, nullptr);
  if (opened < 0) return av_fail("Opening a decoder", opened);
  return context;
}

}  // namespace tw::processing
