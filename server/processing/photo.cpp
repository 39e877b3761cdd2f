#include "processing/photo.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "evidence/watermark_text.hpp"
#include "processing/local_time_zone.hpp"
#include "processing/text_painter.hpp"

namespace tw::processing {
namespace {

constexpr int kQuality = 92;
/// Blocks of a 4:2:0 JPEG: a mark that begins on one leaves every block above it as in the original.
constexpr int kJpegBlock = 16;

RgbPicture turned(RgbPicture from, media::Rotation rotation) {
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

void mirror(RgbPicture& picture) {
  for (int y = 0; y < picture.height; ++y) {
    std::uint8_t* left = picture.row(y);
    std::uint8_t* right = left + (static_cast<std::ptrdiff_t>(picture.width) - 1) * 3;
    for (; left < right; left += 3, right -= 3) std::swap_ranges(left, left + 3, right);
  }
}

/// Exif 2.32 section 4.6.5: what has to be done to a stored picture so that it stands upright.
RgbPicture upright(StillPicture still) {
  constexpr auto kMirrored = std::array{false, false, true, false, true, true, false, true, false};
  using media::Rotation;
  constexpr auto kRotations = std::array{Rotation::none,          Rotation::none,          Rotation::none,
                                         Rotation::clockwise_180, Rotation::clockwise_180, Rotation::clockwise_270,
                                         Rotation::clockwise_90,  Rotation::clockwise_90,  Rotation::clockwise_270};
  const auto which = static_cast<std::size_t>(std::clamp(still.orientation, 1, 8));
  if (kMirrored.at(which)) mirror(still.picture);
  return turned(std::move(still.picture), kRotations.at(which));
}

/// The largest of photos are kept a little less fine: what is shown must fit where the original does.
Result<Bytes> encode_marked(const RgbPicture& picture) {
  for (const int quality : {kQuality, 85, 75}) {
    auto jpeg = encode_jpeg(picture, quality);
    if (!jpeg || jpeg->size() <= recording::kMostPhotoBytes) return jpeg;
  }
  return fail(ErrorKind::unprocessable, "photo.too_large", "The photo with its mark is larger than is kept.");
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
  return turned(std::move(rgb), rotation);
}

namespace {

Result<RgbPicture> picture_of(const recording::PhotoJob& job) {
  if (job.still) {
    auto still = decode_jpeg(job.frame, recording::kMostPhotoPixels);
    if (!still) return tl::unexpected(still.error());
    return upright(std::move(*still));
  }
  auto frame = decode_keyframe(job.codec, job.frame);
  if (!frame) return tl::unexpected(frame.error());
  return upright_rgb(**frame, job.rotation);
}

}  // namespace

Result<recording::PhotoResult> make_photo(const recording::PhotoJob& job) {
  auto picture = picture_of(job);
  if (!picture) return tl::unexpected(picture.error());
  auto original = job.still ? Result<Bytes>(Bytes()) : encode_jpeg(*picture, kQuality);
  if (!original) return tl::unexpected(original.error());
  const LocalTimeZone zone(job.watermark.time_zone);
  draw_mark(*picture, evidence::watermark_lines({.company = job.watermark.company,
                                                 .at = job.captured_at,
                                                 .utc_offset = zone.offset_at(job.captured_at),
                                                 .place = job.watermark.place}));
  auto marked = encode_marked(*picture);
  if (!marked) return tl::unexpected(marked.error());
  return recording::PhotoResult{.original = std::move(*original),
                                .watermarked = std::move(*marked),
                                .width = static_cast<std::uint32_t>(picture->width),
                                .height = static_cast<std::uint32_t>(picture->height)};
}

}  // namespace tw::processing
