#include "processing/photo.hpp"

#include <algorithm>
#include <cstring>

#include "evidence/watermark_text.hpp"
#include "processing/local_time_zone.hpp"
#include "processing/text_painter.hpp"

namespace tw::processing {
namespace {

constexpr int kQuality = 92;
/// Blocks of a 4:2:0 JPEG: a mark that begins on one leaves every block above it as in the original.
constexpr int kJpegBlock = 16;

RgbPicture turned(const RgbPicture& from, media::Rotation rotation) {
  if (rotation == media::Rotation::none) return from;
  const bool sideways = rotation != media::Rotation::clockwise_180;
  RgbPicture to{
      .width = sideways ? from.height : from.width, .height = sideways ? from.width : from.height, .pixels = {}};
  to.pixels.resize(from.pixels.size());
  for (int y = 0; y < to.height; ++y) {
    std::uint8_t* out = to.row(y);
    for (int x = 0; x < to.width; ++x, out += 3) {
      const std::uint8_t* in = nullptr;
      switch (rotation) {
        case media::Rotation::clockwise_90:
          in = from.row(from.height - 1 - x) + static_cast<std::ptrdiff_t>(y) * 3;
          break;
        case media::Rotation::clockwise_270:
          in = from.row(x) + static_cast<std::ptrdiff_t>(from.width - 1 - y) * 3;
          break;
        default: in = from.row(from.height - 1 - y) + static_cast<std::ptrdiff_t>(from.width - 1 - x) * 3; break;
      }
      std::memcpy(out, in, 3);
    }
  }
  return to;
}

void draw(RgbPicture& picture, const TextImage& image, int top) {
  for (int y = 0; y < image.height && top + y < picture.height; ++y) {
    const std::uint8_t* in = image.row(y);
    std::uint8_t* out = picture.row(top + y);
    for (int x = 0; x < std::min(image.width, picture.width); ++x, in += 4, out += 3) {
      const int clear = 255 - in[3];
      for (int c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(in[2 - c] + (out[c] * clear + 127) / 255);
    }
  }
}

void draw_mark(RgbPicture& picture, const std::vector<std::string>& lines) {
  const int shorter = std::min(picture.width, picture.height);
  TextStyle style;
  style.font_px = std::max(10.0, shorter / 32.0);
  style.padding_px = style.font_px * 0.5;
  style.width = picture.width;
  const int needed = paint_text(lines, style).height;
  const int top = std::max(0, (picture.height - needed) / kJpegBlock * kJpegBlock);
  style.height = picture.height - top;
  draw(picture, paint_text(lines, style), top);
}

}  // namespace

Result<FramePtr> decode_keyframe(media::Codec codec, ByteView frame) {
  if (codec == media::Codec::opus || frame.empty())
    return fail(ErrorKind::invalid, "processor.failed", "There is no picture in this job.");
  auto decoder = open_decoder(nullptr, codec == media::Codec::vp8 ? AV_CODEC_ID_VP8 : AV_CODEC_ID_H264);
  if (!decoder) return tl::unexpected(decoder.error());
  (*decoder)->err_recognition = AV_EF_EXPLODE;  // a photo with invented parts is no evidence
  PacketPtr packet = make_packet();
  if (av_new_packet(packet.get(), static_cast<int>(frame.size())) < 0)
    return fail(ErrorKind::internal, "processor.failed", "Out of memory.");
  std::memcpy(packet->data, frame.data(), frame.size());
  packet->flags |= AV_PKT_FLAG_KEY;
  FramePtr picture = make_frame();
  int result = avcodec_send_packet(decoder->get(), packet.get());
  if (result >= 0) result = avcodec_send_packet(decoder->get(), nullptr);
  if (result >= 0) result = avcodec_receive_frame(decoder->get(), picture.get());
  if (result < 0) return av_fail("Decoding a picture", result);
  if (picture->decode_error_flags != 0 || (picture->flags & AV_FRAME_FLAG_CORRUPT) != 0) {
    return fail(ErrorKind::unprocessable, "processor.failed", "The picture is damaged; take another.");
  }
  return picture;
}

Result<RgbPicture> upright_rgb(const AVFrame& frame, media::Rotation rotation) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const ScalerPtr scaler(sws_getContext(frame.width, frame.height, format, frame.width, frame.height, AV_PIX_FMT_RGB24,
                                        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nullptr, nullptr,
                                        nullptr));
  if (!scaler)
    return fail(ErrorKind::unprocessable, "processor.failed", "The picture's pixel format cannot be converted.");
  const int matrix = frame.colorspace == AVCOL_SPC_BT709 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(matrix), frame.color_range == AVCOL_RANGE_JPEG ? 1 : 0,
                           sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
  RgbPicture rgb{.width = frame.width, .height = frame.height, .pixels = {}};
  // swscale's vector code may write a little behind a row's end.
  constexpr std::size_t kBehind = 64;
  rgb.pixels.resize(static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height) * 3 + kBehind);
  std::uint8_t* const planes[] = {rgb.pixels.data()};
  const int strides[] = {frame.width * 3};
  const int scaled = sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, planes, strides);
  if (scaled < 0) return av_fail("Converting a picture", scaled);
  rgb.pixels.resize(rgb.pixels.size() - kBehind);
  return turned(rgb, rotation);
}

Result<recording::PhotoResult> make_photo(const recording::PhotoJob& job) {
  auto frame = decode_keyframe(job.codec, job.frame);
  if (!frame) return tl::unexpected(frame.error());
  auto picture = upright_rgb(**frame, job.rotation);
  if (!picture) return tl::unexpected(picture.error());
  auto original = encode_jpeg(*picture, kQuality);
  if (!original) return tl::unexpected(original.error());
  const LocalTimeZone zone(job.watermark.time_zone);
  draw_mark(*picture, evidence::watermark_lines({.company = job.watermark.company,
                                                 .at = job.captured_at,
                                                 .utc_offset = zone.offset_at(job.captured_at),
                                                 .place = job.watermark.place}));
  auto marked = encode_jpeg(*picture, kQuality);
  if (!marked) return tl::unexpected(marked.error());
  return recording::PhotoResult{.original = std::move(*original),
                                .watermarked = std::move(*marked),
                                .width = static_cast<std::uint32_t>(picture->width),
                                .height = static_cast<std::uint32_t>(picture->height)};
}

}  // namespace tw::processing
