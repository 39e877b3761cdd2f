#include "service/accounts/logo_picture.hpp"

#include <algorithm>
#include <array>
#include <boost/crc.hpp>
#include <optional>
#include <string_view>

#include "base/byte_order.hpp"

namespace tw::service {
namespace {

constexpr std::array<std::uint8_t, 8> kPngSignature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
constexpr std::size_t kPngHeaderBytes = 13;
/// Length, name and checksum around a chunk's data.
constexpr std::size_t kPngChunkFrame = 12;
/// The chunks that say how the picture looks. Every other ancillary one is left out.
constexpr std::array<std::string_view, 5> kKeptChunks{"PLTE", "tRNS", "gAMA", "cHRM", "sRGB"};

constexpr std::uint8_t kMarker = 0xFF;
constexpr std::uint8_t kStartOfImage = 0xD8;
constexpr std::uint8_t kEndOfImage = 0xD9;
constexpr std::uint8_t kStartOfScan = 0xDA;
constexpr std::uint8_t kComment = 0xFE;
constexpr std::uint8_t kJfif = 0xE0;
constexpr std::uint8_t kAdobe = 0xEE;  ///< says how colours were turned; without it they come out wrong

tl::unexpected<Error> damaged() {
  return fail(ErrorKind::unprocessable, "logo.damaged", "The picture is not whole; save it again as PNG or JPEG.");
}

Result<void> check_sides(std::int64_t width, std::int64_t height) {
  const auto fits = [](std::int64_t side) { return side >= kLeastLogoSide && side <= kMostLogoSide; };
  if (fits(width) && fits(height)) return {};
  return fail(ErrorKind::unprocessable, "logo.dimensions", "A logo has 16 to 1024 pixels on each side.",
              {{"least", std::to_string(kLeastLogoSide)}, {"most", std::to_string(kMostLogoSide)}});
}

void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

bool starts_with(ByteView bytes, ByteView start) {
  return bytes.size() >= start.size() && std::equal(start.begin(), start.end(), bytes.begin());
}

/// Section 11.2.1: which depths a colour type may have.
bool is_png_colour(std::uint8_t depth, std::uint8_t type) {
  switch (type) {
    case 0: return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3: return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6: return depth == 8 || depth == 16;
    default: return false;
  }
}

struct Chunk {
  std::string_view name;
  ByteView data;
  ByteView whole;
};

/// The chunk at the start; nullopt for one that does not fit or whose checksum is wrong (section 5.3).
std::optional<Chunk> first_chunk(ByteView rest) {
  if (rest.size() < kPngChunkFrame) return std::nullopt;
  const std::size_t length = load_be<std::uint32_t>(rest.data());
  if (length > rest.size() - kPngChunkFrame) return std::nullopt;
  boost::crc_32_type sum;
  sum.process_bytes(rest.data() + 4, length + 4);
  if (sum.checksum() != load_be<std::uint32_t>(rest.data() + 8 + length)) return std::nullopt;
  return Chunk{as_text(rest.subspan(4, 4)), rest.subspan(8, length), rest.first(length + kPngChunkFrame)};
}

Result<void> read_png_header(ByteView header, LogoPicture& picture) {
  if (header.size() != kPngHeaderBytes) return damaged();
  picture.width = load_be<std::uint32_t>(header.data());
  picture.height = load_be<std::uint32_t>(header.data() + 4);
  if (!is_png_colour(header[8], header[9]) || header[10] != 0 || header[11] != 0 || header[12] > 1) return damaged();
  return check_sides(picture.width, picture.height);
}

Result<LogoPicture> read_png(ByteView file) {
  LogoPicture picture{"image/png", 0, 0, Bytes(kPngSignature.begin(), kPngSignature.end())};
  bool has_data = false;
  for (ByteView rest = file.subspan(kPngSignature.size()); !rest.empty();) {
    const auto chunk = first_chunk(rest);
    if (!chunk) return damaged();
    rest = rest.subspan(chunk->whole.size());
    const bool is_header = chunk->name == "IHDR";
    if (is_header != (picture.width == 0)) return damaged();
    if (is_header) {
      if (auto read = read_png_header(chunk->data, picture); !read) return tl::unexpected(read.error());
    } else if (chunk->name == "IEND") {
      if (!has_data || !chunk->data.empty()) return damaged();
      append(picture.bytes, chunk->whole);
      return picture;
    } else if (chunk->name == "IDAT") {
      has_data = true;
    } else if (std::ranges::find(kKeptChunks, chunk->name) == kKeptChunks.end()) {
      // Section 5.4: a small first letter says that the picture can be drawn without the chunk.
      if ((static_cast<unsigned char>(chunk->name.front()) & 0x20U) == 0) return damaged();
      continue;
    }
    append(picture.bytes, chunk->whole);
  }
  return damaged();
}

/// Table B.1: baseline, extended and progressive with Huffman codes, which every browser draws.
bool is_frame_header(std::uint8_t marker) { return marker == 0xC0 || marker == 0xC1 || marker == 0xC2; }

/// Quantisation tables, Huffman tables and restart interval.
bool is_table(std::uint8_t marker) { return marker == 0xDB || marker == 0xC4 || marker == 0xDD; }

bool is_application_data(std::uint8_t marker) { return (marker & 0xF0U) == 0xE0; }

Result<void> read_frame_header(ByteView body, LogoPicture& picture) {
  constexpr std::size_t kShortest = 6;
  if (picture.width != 0 || body.size() < kShortest || body[0] != 8) return damaged();
  const std::size_t components = body[5];
  if ((components != 1 && components != 3) || body.size() != kShortest + 3 * components) return damaged();
  picture.height = load_be<std::uint16_t>(body.data() + 1);
  picture.width = load_be<std::uint16_t>(body.data() + 3);
  return check_sides(picture.width, picture.height);
}

/// How far the coded data of a scan reach: to the next marker that is neither a stuffed byte nor a restart
/// (section B.1.1.5).
std::size_t scan_length(ByteView rest) {
  for (std::size_t at = 0; at + 1 < rest.size(); ++at) {
    if (rest[at] != kMarker) continue;
    const std::uint8_t next = rest[at + 1];
    if (next != 0 && next != kMarker && (next < 0xD0 || next > 0xD7)) return at;
  }
  return rest.size();
}

Result<LogoPicture> read_jpeg(ByteView file) {
  LogoPicture picture{"image/jpeg", 0, 0, {kMarker, kStartOfImage}};
  bool has_scan = false;
  ByteView rest = file.subspan(2);
  while (rest.size() >= 2 && rest[0] == kMarker) {
    const std::uint8_t marker = rest[1];
    if (marker == kMarker) {  // a fill byte (section B.1.1.2)
      rest = rest.subspan(1);
      continue;
    }
    if (marker == kEndOfImage) {
      if (!has_scan) return damaged();
      append(picture.bytes, rest.first(2));
      return picture;
    }
    if (rest.size() < 4) return damaged();
    const std::size_t length = load_be<std::uint16_t>(rest.data() + 2);
    if (length < 2 || length + 2 > rest.size()) return damaged();
    const ByteView segment = rest.first(length + 2);
    rest = rest.subspan(segment.size());
    if (is_frame_header(marker)) {
      if (auto read = read_frame_header(segment.subspan(4), picture); !read) return tl::unexpected(read.error());
    } else if (marker == kStartOfScan) {
      if (picture.width == 0) return damaged();
      has_scan = true;
    } else if (is_application_data(marker) || marker == kComment) {
      if (marker != kJfif && marker != kAdobe) continue;
    } else if (!is_table(marker)) {
      return damaged();
    }
    append(picture.bytes, segment);
    if (marker == kStartOfScan) {
      const std::size_t coded = scan_length(rest);
      append(picture.bytes, rest.first(coded));
      rest = rest.subspan(coded);
    }
  }
  return damaged();
}

}  // namespace

Result<LogoPicture> read_logo(ByteView file) {
  if (file.size() > kMostLogoBytes) {
    return fail(ErrorKind::too_large, "logo.too_large", "A logo has at most 256 KiB.",
                {{"mostKiB", std::to_string(kMostLogoBytes / 1024)}});
  }
  if (starts_with(file, kPngSignature)) return read_png(file);
  if (starts_with(file, std::array<std::uint8_t, 3>{kMarker, kStartOfImage, kMarker})) return read_jpeg(file);
  return fail(ErrorKind::unsupported, "logo.not_picture", "A logo is a PNG or a JPEG.");
}

}  // namespace tw::service
