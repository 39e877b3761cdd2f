#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "processing/jpeg.hpp"
#include "processing/photo.hpp"

namespace tw::processing {
namespace {

/// 480×320, dark, with a bright top left quarter.
RgbPicture corner() {
  RgbPicture picture{.width = 480, .height = 320, .pixels = Bytes(std::size_t{480} * 320 * 3, 20)};
  for (int y = 0; y < 160; ++y) std::fill_n(picture.row(y), 240 * 3, std::uint8_t{230});
  return picture;
}

/// A JPEG with an EXIF marker behind its beginning, as cameras write it; with a place that nobody else is to learn.
Bytes as_a_camera_writes_it(const RgbPicture& picture, std::uint8_t orientation) {
  Bytes jpeg = encode_jpeg(picture, 95).value();
  Bytes app1{0xFF, 0xE1, 0,    0,    'E', 'x', 'i', 'f', 0, 0, 'M', 'M',         0, 42, 0, 0, 0, 8,
             0,    1,    0x01, 0x12, 0,   3,   0,   0,   0, 1, 0,   orientation, 0, 0,  0, 0, 0, 0};
  for (const char c : std::string_view("SECRET-PLACE")) app1.push_back(static_cast<std::uint8_t>(c));
  app1[3] = static_cast<std::uint8_t>(app1.size() - 2);
  jpeg.insert(jpeg.begin() + 2, app1.begin(), app1.end());
  return jpeg;
}

recording::PhotoJob job_of(Bytes jpeg) {
  recording::PhotoJob job;
  job.frame = std::move(jpeg);
  job.captured_at = parse_rfc3339("2026-11-24T06:33:05Z").value();
  job.watermark = {.company = "示例银行", .place = "上海", .time_zone = "Asia/Shanghai"};
  job.still = true;
  return job;
}

/// Brightness in the middle of a quarter.
int at(const RgbPicture& picture, bool right, bool bottom) {
  return picture.row(picture.height * (bottom ? 3 : 1) / 4)[picture.width * (right ? 3 : 1) / 4 * 3];
}

TEST(StillPhoto, StandsUprightHoweverTheDeviceWasHeld) {
  struct Case {
    std::uint8_t orientation;
    bool right, bottom;  // where the bright quarter is then
  };
  // Exif 2.32 section 4.6.5: of 6, row 0 is the right side and column 0 the top.
  constexpr std::array kCases{Case{1, false, false}, Case{2, true, false}, Case{3, true, true}, Case{4, false, true},
                              Case{5, false, false}, Case{6, true, false}, Case{7, true, true}, Case{8, false, true}};
  for (const Case& c : kCases) {
    const auto photo = make_photo(job_of(as_a_camera_writes_it(corner(), c.orientation)));
    ASSERT_TRUE(photo) << photo.error().message;
    const bool sideways = c.orientation >= 5;
    EXPECT_EQ(photo->width, sideways ? 320U : 480U);
    EXPECT_EQ(photo->height, sideways ? 480U : 320U);
    EXPECT_TRUE(photo->original.empty()) << "the caller has it";
    const auto shown = decode_jpeg(photo->watermarked, recording::kMostPhotoPixels).value();
    EXPECT_EQ(shown.orientation, 1) << "it is turned already";
    for (const bool right : {false, true}) {
      for (const bool bottom : {false, true}) {
        EXPECT_EQ(at(shown.picture, right, bottom) > 128, bottom == c.bottom && right == c.right)
            << int{c.orientation} << (bottom ? " bottom" : " top") << (right ? " right" : " left");
      }
    }
  }
}

TEST(StillPhoto, NothingOfWhatTheDeviceWroteBesideThePictureIsInTheMarkedCopy) {
  const Bytes upload = as_a_camera_writes_it(corner(), 1);
  ASSERT_NE(as_text(upload).find("SECRET-PLACE"), std::string_view::npos);
  const auto photo = make_photo(job_of(upload)).value();
  EXPECT_EQ(as_text(photo.watermarked).find("SECRET-PLACE"), std::string_view::npos);
  EXPECT_EQ(as_text(photo.watermarked).find("Exif"), std::string_view::npos);
}

TEST(StillPhoto, WhatIsDamagedOrNoJpegIsRefused) {
  const Bytes good = as_a_camera_writes_it(corner(), 1);
  Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(good.size() * 3 / 4));
  Bytes noise = good;
  for (std::size_t i = noise.size() / 2; i < noise.size(); ++i) noise[i] = 0xFF;
  const Bytes text{'G', 'I', 'F', '8', '9', 'a'};
  for (const Bytes& bytes : {cut, noise, text, Bytes{0xFF, 0xD8, 0xFF}, Bytes{}}) {
    const auto photo = make_photo(job_of(bytes));
    ASSERT_FALSE(photo);
    EXPECT_EQ(photo.error().code, "photo.damaged");
    EXPECT_EQ(photo.error().kind, ErrorKind::unprocessable);
  }
}

TEST(StillPhoto, MorePixelsThanAreTakenAreRefusedBeforeTheyAreDecoded) {
  Bytes jpeg = encode_jpeg(corner(), 95).value();
  // SOF0 carries height and width behind length and precision (ITU-T T.81 section B.2.2).
  for (std::size_t i = 2; i + 9 < jpeg.size(); ++i) {
    if (jpeg[i] != 0xFF || jpeg[i + 1] != 0xC0) continue;
    jpeg[i + 5] = jpeg[i + 7] = 0x40;
    jpeg[i + 6] = jpeg[i + 8] = 0x01;
    break;
  }
  const auto photo = make_photo(job_of(jpeg));
  ASSERT_FALSE(photo);
  EXPECT_EQ(photo.error().code, "photo.too_large");
}

}  // namespace
}  // namespace tw::processing
