#include "service/accounts/logo_picture.hpp"

#include <gtest/gtest.h>

#include <boost/crc.hpp>
#include <string>

#include "base/byte_order.hpp"

namespace tw::service {
namespace {

std::string code_of(const Result<LogoPicture>& read) { return read ? "" : read.error().code; }

void put(Bytes& out, std::string_view text) { out.insert(out.end(), text.begin(), text.end()); }
void put32(Bytes& out, std::uint32_t value) {
  out.resize(out.size() + 4);
  store_be(out.data() + out.size() - 4, value);
}
void chunk(Bytes& out, std::string_view name, std::string_view data) {
  put32(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t at = out.size();
  put(out, name);
  put(out, data);
  boost::crc_32_type sum;
  sum.process_bytes(out.data() + at, out.size() - at);
  put32(out, sum.checksum());
}
std::string png_header(std::uint32_t width, std::uint32_t height, std::string_view rest = {"\x08\x06\0\0\0", 5}) {
  Bytes header;
  put32(header, width);
  put32(header, height);
  put(header, rest);
  return {header.begin(), header.end()};
}
Bytes png_start() {
  Bytes out;
  put(out, {"\x89PNG\r\n\x1a\n", 8});
  return out;
}
Bytes png(std::uint32_t width = 64, std::uint32_t height = 32) {
  Bytes out = png_start();
  chunk(out, "IHDR", png_header(width, height));
  chunk(out, "IDAT", "pixels");
  chunk(out, "IEND", "");
  return out;
}

void segment(Bytes& out, std::uint8_t marker, std::string_view data) {
  out.push_back(0xFF);
  out.push_back(marker);
  out.push_back(static_cast<std::uint8_t>((data.size() + 2) >> 8));
  out.push_back(static_cast<std::uint8_t>(data.size() + 2));
  put(out, data);
}
/// 64 by 32, three components.
constexpr std::string_view kFrame("\x08\0\x20\0\x40\x03\x01\x22\0\x02\x11\x01\x03\x11\x01", 15);
Bytes jpeg(std::string_view extra_marker_data = {}, std::uint8_t extra_marker = 0xE1, std::string_view frame = kFrame) {
  Bytes out{0xFF, 0xD8};
  segment(out, 0xE0, "JFIF");
  if (!extra_marker_data.empty()) segment(out, extra_marker, extra_marker_data);
  segment(out, 0xDB, "tables");
  segment(out, 0xC0, frame);
  segment(out, 0xDA, "scan");
  put(out, {"\x12\xFF\x00\x34\xFF\xD0\x56", 7});
  put(out, "\xFF\xD9");
  return out;
}

TEST(LogoPicture, APngIsKeptAsItIs) {
  const auto read = read_logo(png());
  ASSERT_TRUE(read);
  EXPECT_STREQ(read->media_type, "image/png");
  EXPECT_EQ(read->width, 64);
  EXPECT_EQ(read->height, 32);
  EXPECT_EQ(read->bytes, png());
}

TEST(LogoPicture, WhatDrawsNothingIsLeftOutOfAPng) {
  Bytes file = png_start();
  chunk(file, "IHDR", png_header(64, 32));
  chunk(file, "eXIf", "where it was taken");
  chunk(file, "tEXt", "Author\0somebody");
  chunk(file, "acTL", "moves");
  chunk(file, "IDAT", "pixels");
  chunk(file, "IEND", "");
  put(file, "<script>behind the end</script>");
  const auto read = read_logo(file);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->bytes, png());
}

TEST(LogoPicture, APngThatIsNotWholeIsRefused) {
  const Bytes whole = png();
  for (std::size_t length = 8; length < whole.size(); ++length) {
    EXPECT_EQ(code_of(read_logo(ByteView(whole).first(length))), "logo.damaged") << length;
  }
  for (std::size_t at = 8; at < whole.size(); ++at) {
    Bytes wrong = whole;
    wrong[at] ^= 0x01;
    EXPECT_FALSE(read_logo(wrong)) << at;
  }
  Bytes unknown = png_start();
  chunk(unknown, "IHDR", png_header(64, 32));
  chunk(unknown, "JPGD", "needed to draw it");
  chunk(unknown, "IDAT", "pixels");
  chunk(unknown, "IEND", "");
  EXPECT_EQ(code_of(read_logo(unknown)), "logo.damaged");
  Bytes no_pixels = png_start();
  chunk(no_pixels, "IHDR", png_header(64, 32));
  chunk(no_pixels, "IEND", "");
  EXPECT_EQ(code_of(read_logo(no_pixels)), "logo.damaged");
  Bytes odd = png_start();
  chunk(odd, "IHDR", png_header(64, 32, {"\x07\x06\0\0\0", 5}));
  EXPECT_EQ(code_of(read_logo(odd)), "logo.damaged");
}

TEST(LogoPicture, SidesHaveLimits) {
  EXPECT_TRUE(read_logo(png(16, 1024)));
  for (const auto& [width, height] :
       {std::pair{15U, 64U}, {64U, 15U}, {1025U, 64U}, {64U, 1025U}, {0xFFFFFFFFU, 64U}}) {
    EXPECT_EQ(code_of(read_logo(png(width, height))), "logo.dimensions") << width << "×" << height;
  }
  EXPECT_EQ(code_of(read_logo(jpeg({}, 0, {"\x08\0\x20\x40\0\x01\x01\x11\0", 9}))), "logo.dimensions");
}

TEST(LogoPicture, AJpegKeepsWhatDrawsIt) {
  const auto read = read_logo(jpeg());
  ASSERT_TRUE(read);
  EXPECT_STREQ(read->media_type, "image/jpeg");
  EXPECT_EQ(read->width, 64);
  EXPECT_EQ(read->height, 32);
  EXPECT_EQ(read->bytes, jpeg());
  for (const std::uint8_t marker : {0xE1, 0xE2, 0xED, 0xFE}) {
    const auto cleaned = read_logo(jpeg("Exif: where it was taken", marker));
    ASSERT_TRUE(cleaned);
    EXPECT_EQ(cleaned->bytes, jpeg());
  }
  EXPECT_NE(read_logo(jpeg("Adobe", 0xEE))->bytes, jpeg());
  Bytes more = jpeg();
  put(more, "behind the end");
  EXPECT_EQ(read_logo(more)->bytes, jpeg());
}

TEST(LogoPicture, AJpegThatIsNotWholeIsRefused) {
  const Bytes whole = jpeg();
  for (std::size_t length = 3; length < whole.size(); ++length) {
    EXPECT_EQ(code_of(read_logo(ByteView(whole).first(length))), "logo.damaged") << length;
  }
  EXPECT_EQ(code_of(read_logo(jpeg("arithmetic", 0xC9))), "logo.damaged");
  EXPECT_EQ(code_of(read_logo(jpeg({}, 0, {"\x0C\0\x20\0\x40\x01\x01\x11\0", 9}))), "logo.damaged");
  EXPECT_EQ(code_of(read_logo(jpeg(kFrame, 0xC0))), "logo.damaged");
}

TEST(LogoPicture, OnlyPicturesOfTheTwoKindsAndOfASizeAreTaken) {
  for (const std::string_view text : {"", "GIF89a", "<svg xmlns='http://www.w3.org/2000/svg'/>", "\xFF\xD8"}) {
    EXPECT_EQ(code_of(read_logo(as_bytes(text))), "logo.not_picture");
  }
  Bytes large = png();
  large.resize(kMostLogoBytes);
  EXPECT_TRUE(read_logo(large));
  large.resize(kMostLogoBytes + 1);
  EXPECT_EQ(code_of(read_logo(large)), "logo.too_large");
}

}  // namespace
}  // namespace tw::service
