#include "processing/exif.hpp"

#include <gtest/gtest.h>

namespace tw::processing {
namespace {

/// An APP1 marker whose first directory has a width and this orientation.
Bytes marker(bool big_endian, std::uint16_t orientation) {
  Bytes out;
  const auto text = [&](std::string_view bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
  const auto u16 = [&](unsigned value) {
    const auto high = static_cast<std::uint8_t>(value >> 8U);
    const auto low = static_cast<std::uint8_t>(value);
    out.insert(out.end(), {big_endian ? high : low, big_endian ? low : high});
  };
  const auto u32 = [&](unsigned value) {
    u16(big_endian ? value >> 16U : value & 0xFFFFU);
    u16(big_endian ? value & 0xFFFFU : value >> 16U);
  };
  text(std::string_view("Exif\0\0", 6));
  text(big_endian ? "MM" : "II");
  u16(42);
  u32(8);
  u16(2);
  for (const auto& [tag, value] : {std::pair{0x0100U, 4'000U}, std::pair{0x0112U, unsigned{orientation}}}) {
    u16(tag);
    u16(3);
    u32(1);
    u16(value);
    u16(0);
  }
  u32(0);
  return out;
}

TEST(Exif, TellsTheOrientationInBothByteOrders) {
  for (const bool big_endian : {false, true}) {
    for (std::uint16_t orientation = 1; orientation <= 8; ++orientation) {
      EXPECT_EQ(exif_orientation(marker(big_endian, orientation)), orientation);
    }
    EXPECT_FALSE(exif_orientation(marker(big_endian, 0)));
    EXPECT_FALSE(exif_orientation(marker(big_endian, 9)));
  }
}

TEST(Exif, NothingBehindTheEndIsRead) {
  const Bytes whole = marker(false, 6);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto found = exif_orientation(cut);
    EXPECT_TRUE(!found || found == 6) << size;
  }
  Bytes far = whole;
  far[6 + 4] = far[6 + 5] = far[6 + 6] = far[6 + 7] = 0xFF;  // where the directory is said to be
  EXPECT_FALSE(exif_orientation(far));
  Bytes many = whole;
  many[6 + 8] = many[6 + 9] = 0xFF;  // how many entries it is said to have
  EXPECT_FALSE(exif_orientation(many));
  EXPECT_FALSE(exif_orientation(as_bytes("http://ns.adobe.com/xap/1.0/")));
}

}  // namespace
}  // namespace tw::processing
