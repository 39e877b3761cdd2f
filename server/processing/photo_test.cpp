#include "processing/photo.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "processing/synthetic_media_test_support.hpp"

namespace tw::processing {
namespace {

using media::Codec;
using media::Rotation;

recording::PhotoJob job_for(Codec codec, int width, int height, Rotation rotation) {
  return {
      .codec = codec,
      .frame = encode_pictures(codec, width, height, 5, 0.2, false, true).front().data,
      .rotation = rotation,
      .captured_at = parse_rfc3339("2026-11-24T06:33:05Z").value(),
      .watermark = {
          .company = "示例银行 Example Bank", .place = "上海市浦东新区世纪大道 1 号", .time_zone = "Asia/Shanghai"}};
}

/// Brightness of a JPEG, decoded by FFmpeg.
struct Grey {
  int width = 0;
  int height = 0;
  Bytes pixels;
  [[nodiscard]] double mean(double x0, double x1, double y0, double y1) const {
    double sum = 0;
    int count = 0;
    for (int y = static_cast<int>(y0 * height); y < static_cast<int>(y1 * height); ++y) {
      for (int x = static_cast<int>(x0 * width); x < static_cast<int>(x1 * width); ++x, ++count) {
        sum += pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
      }
    }
    return sum / count;
  }
};

Grey decode_jpeg(const Bytes& jpeg) {
  auto decoder = open_decoder(nullptr, AV_CODEC_ID_MJPEG).value();
  const PacketPtr packet = make_packet();
  EXPECT_EQ(av_new_packet(packet.get(), static_cast<int>(jpeg.size())), 0);
  std::memcpy(packet->data, jpeg.data(), jpeg.size());
  const FramePtr frame = make_frame();
  EXPECT_EQ(avcodec_send_packet(decoder.get(), packet.get()), 0);
  EXPECT_EQ(avcodec_send_packet(decoder.get(), nullptr), 0);
  EXPECT_EQ(avcodec_receive_frame(decoder.get(), frame.get()), 0);
  Grey grey{.width = frame->width, .height = frame->height, .pixels = {}};
  for (int y = 0; y < frame->height; ++y) {
    const std::uint8_t* row = frame->data[0] + static_cast<std::ptrdiff_t>(y) * frame->linesize[0];
    grey.pixels.insert(grey.pixels.end(), row, row + frame->width);
  }
  return grey;
}

TEST(Photo, StandsUprightInItsFullSize) {
  struct Case {
    Codec codec;
    Rotation rotation;
    int width, height;          // expected
    double bright_x, bright_y;  // middle of the quarter that is bright
  };
  const Case cases[] = {
      {Codec::vp8, Rotation::none, 640, 360, 0.25, 0.25},
      {Codec::vp8, Rotation::clockwise_90, 360, 640, 0.75, 0.25},
      {Codec::vp8, Rotation::clockwise_180, 640, 360, 0.75, 0.75},
      {Codec::vp8, Rotation::clockwise_270, 360, 640, 0.25, 0.75},
      {Codec::h264, Rotation::clockwise_90, 360, 640, 0.75, 0.25},
  };
  for (const Case& c : cases) {
    const auto photo = make_photo(job_for(c.codec, 640, 360, c.rotation));
    ASSERT_TRUE(photo) << photo.error().message;
    EXPECT_EQ(photo->width, static_cast<std::uint32_t>(c.width));
    EXPECT_EQ(photo->height, static_cast<std::uint32_t>(c.height));
    const Grey grey = decode_jpeg(photo->original);
    EXPECT_EQ(grey.width, c.width);
    EXPECT_EQ(grey.height, c.height);
    for (const double x : {0.25, 0.75}) {
      for (const double y : {0.25, 0.75}) {
        const double mean = grey.mean(x - 0.15, x + 0.15, y - 0.15, y + 0.15);
        if (x == c.bright_x && y == c.bright_y) {
          EXPECT_GT(mean, 220) << static_cast<int>(c.rotation);
        } else {
          EXPECT_LT(mean, 80) << static_cast<int>(c.rotation) << " at " << x << "," << y;
        }
      }
    }
  }
}

TEST(Photo, ColoursFillTheFullRangeOfAJpeg) {
  const auto photo = make_photo(job_for(Codec::vp8, 640, 360, Rotation::none)).value();
  // 230 in the limited range of a camera's picture is (230 − 16) · 255 / 219 in a JPEG.
  EXPECT_NEAR(decode_jpeg(photo.original).mean(0.1, 0.4, 0.1, 0.4), (230 - 16) * 255.0 / 219, 3);
}

TEST(Photo, TheMarkChangesOnlyABandAtTheBottom) {
  for (const Rotation rotation : {Rotation::none, Rotation::clockwise_90}) {
    const auto photo = make_photo(job_for(Codec::vp8, 1280, 720, rotation)).value();
    const Grey original = decode_jpeg(photo.original);
    const Grey marked = decode_jpeg(photo.watermarked);
    ASSERT_EQ(marked.width, original.width);
    ASSERT_EQ(marked.height, original.height);
    int first_changed = original.height;
    int changed = 0;
    int inked = 0;
    for (int y = original.height - 1; y >= 0; --y) {
      for (int x = 0; x < original.width; ++x) {
        const auto at =
            static_cast<std::size_t>(y) * static_cast<std::size_t>(original.width) + static_cast<std::size_t>(x);
        if (std::abs(original.pixels[at] - marked.pixels[at]) > 0) first_changed = y;
        if (std::abs(original.pixels[at] - marked.pixels[at]) > 8) ++changed;
        if (marked.pixels[at] > 200 && y > original.height * 0.8) ++inked;
      }
    }
    EXPECT_EQ(first_changed % 16, 0);
    EXPECT_GT(first_changed, original.height * 0.8);
    EXPECT_LT(first_changed, original.height * 0.97);
    const int band = (original.height - first_changed) * original.width;
    EXPECT_GT(changed, band * 0.8);  // a ground that text can be read on
    EXPECT_GT(inked, 1'500);         // and text
    EXPECT_LT(inked, band * 0.4);
  }
}

TEST(Photo, TheMarkDependsOnCompanyTimeAndPlace) {
  const auto job = job_for(Codec::vp8, 640, 360, Rotation::none);
  const Bytes base = make_photo(job)->watermarked;
  auto other = job;
  other.watermark.time_zone = "Europe/Berlin";
  EXPECT_NE(make_photo(other)->watermarked, base);
  other = job;
  other.watermark.company = "另一家银行";
  EXPECT_NE(make_photo(other)->watermarked, base);
  other = job;
  other.watermark.place.clear();
  EXPECT_NE(make_photo(other)->watermarked, base);
  EXPECT_EQ(make_photo(other)->original, make_photo(job)->original);
}

TEST(Photo, RefusesWhatIsNoPicture) {
  const auto good = job_for(Codec::vp8, 640, 360, Rotation::none);
  auto cut = good;
  cut.frame.resize(cut.frame.size() / 3);
  auto noise = good;
  for (std::size_t i = 0; i < noise.frame.size(); ++i) noise.frame[i] = static_cast<std::uint8_t>(i * 37 + 11);
  auto nothing = good;
  nothing.frame.clear();
  auto sound = good;
  sound.codec = Codec::opus;
  auto other_codec = good;
  other_codec.codec = Codec::h264;
  for (const auto* job : {&cut, &noise, &nothing, &sound, &other_codec}) {
    const auto photo = make_photo(*job);
    ASSERT_FALSE(photo);
    EXPECT_EQ(photo.error().code, "processor.failed");
  }
}

}  // namespace
}  // namespace tw::processing
