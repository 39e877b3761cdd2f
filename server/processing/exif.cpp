#include "processing/exif.hpp"

#include <cstdint>

namespace tw::processing {
namespace {

constexpr std::string_view kSignature{"Exif\0\0", 6};
constexpr std::uint16_t kOrientation = 0x0112;
constexpr std::uint16_t kShort = 3;  ///< a field's type: 16 bits
constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kEntryBytes = 12;
/// Of the first directory; cameras write some twenty.
constexpr std::uint16_t kMostEntries = 512;

/// A TIFF file in its own byte order; nothing behind the end is read.
class Tiff {
 public:
  Tiff(ByteView bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  [[nodiscard]] std::optional<std::uint16_t> u16(std::size_t at) const {
    if (at > bytes_.size() || bytes_.size() - at < 2) return std::nullopt;
    const unsigned first = bytes_[at];
    const unsigned second = bytes_[at + 1];
    return static_cast<std::uint16_t>(big_endian_ ? first << 8U | second : second << 8U | first);
  }
  [[nodiscard]] std::optional<std::uint32_t> u32(std::size_t at) const {
    const auto first = u16(at);
    const auto second = u16(at + 2);
    if (!first || !second) return std::nullopt;
    const std::uint32_t high = big_endian_ ? *first : *second;
    const std::uint32_t low = big_endian_ ? *second : *first;
    return high << 16U | low;
  }

 private:
  ByteView bytes_;
  bool big_endian_;
};

std::optional<Tiff> tiff_in(ByteView app1) {
  if (app1.size() < kSignature.size() + kHeaderBytes || as_text(app1.first(kSignature.size())) != kSignature)
    return std::nullopt;
  const ByteView bytes = app1.subspan(kSignature.size());
  const auto order = as_text(bytes.first(2));
  if (order != "II" && order != "MM") return std::nullopt;
  return Tiff(bytes, order == "MM");
}

}  // namespace

std::optional<int> exif_orientation(ByteView app1) {
  const auto tiff = tiff_in(app1);
  if (!tiff) return std::nullopt;
  const auto directory = tiff->u32(4);
  const auto entries = directory ? tiff->u16(*directory) : std::nullopt;
  if (!entries || *entries > kMostEntries) return std::nullopt;
  for (std::size_t i = 0; i < *entries; ++i) {
    const std::size_t at = *directory + 2 + i * kEntryBytes;
    const auto tag = tiff->u16(at);
    if (!tag) return std::nullopt;
    if (*tag != kOrientation) continue;
    const auto value = tiff->u16(at + 8);
    if (tiff->u16(at + 2) != kShort || !value || *value < 1 || *value > 8) return std::nullopt;
    return *value;
  }
  return std::nullopt;
}

}  // namespace tw::processing
