#include "crypto/sealed_log.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/byte_order.hpp"
#include "crypto/aead.hpp"
#include "crypto/digest.hpp"

/// Header: magic and version (8), file id (16), zeros (8).
/// Chunk: length of the plain text (4), check of the length (4), cipher text, tag (16).
/// The length has a check of its own, because a changed length would otherwise look like a torn end and hide what
/// follows.
namespace tw {
namespace {

constexpr std::array<std::uint8_t, 8> kMagic{'T', 'W', 'S', 'L', 'O', 'G', 0, 1};
constexpr std::size_t kFileIdBytes = 16;
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kCheckBytes = 4;
constexpr std::size_t kFrontBytes = SealedLogDecoder::kFrontBytes;
static_assert(kFrontBytes == kLengthBytes + kCheckBytes);

using FileId = std::array<std::uint8_t, kFileIdBytes>;

/// The file's own key. The chunk number is the nonce, so a key must never serve two files, even when a caller gives the
/// same one for a file that is written again.
SecretKey file_key(const SecretKey& key, const FileId& file_id) { return key.derive("sealed log:" + to_hex(file_id)); }

Aes256Gcm::Nonce nonce_of(std::uint64_t chunk) {
  Aes256Gcm::Nonce nonce{};
  store_be(nonce.data() + nonce.size() - sizeof(chunk), chunk);
  return nonce;
}

constexpr std::string_view kLengthUse = "length";

FileId new_id(Random& random) {
  FileId id{};
  random.fill(id);
  return id;
}

/// `key` is the file's for lengths.
std::array<std::uint8_t, kFrontBytes> front_of(const SecretKey& key, std::uint64_t chunk, std::uint32_t length) {
  std::array<std::uint8_t, sizeof(chunk) + sizeof(length)> message;
  store_be(message.data(), chunk);
  store_be(message.data() + sizeof(chunk), length);
  const auto check = hmac_sha256(key.bytes(), message);
  std::array<std::uint8_t, kFrontBytes> front;
  store_be(front.data(), length);
  std::copy_n(check.begin(), kCheckBytes, front.begin() + kLengthBytes);
  return front;
}

tl::unexpected<Error> damaged(std::uint64_t chunk) {
  return fail(ErrorKind::internal, "sealed.damaged",
              "A sealed log was changed, or is opened with another key; restore it from a copy.",
              {{"chunk", std::to_string(chunk)}});
}

}  // namespace

SealedLogEncoder::SealedLogEncoder(const SecretKey& key, Random& random)
    : file_id_(new_id(random)),
      length_key_(file_key(key, file_id_).derive(kLengthUse)),
      cipher_(file_key(key, file_id_)) {}

Bytes SealedLogEncoder::header() const {
  Bytes bytes(SealedLogDecoder::kHeaderBytes);
  std::copy(kMagic.begin(), kMagic.end(), bytes.begin());
  std::copy(file_id_.begin(), file_id_.end(), bytes.begin() + kMagic.size());
  return bytes;
}

Bytes SealedLogEncoder::seal(ByteView plain) {
  Bytes chunk;
  seal_into(plain, chunk);
  return chunk;
}

void SealedLogEncoder::seal_into(ByteView plain, Bytes& out) {
  const std::size_t start = out.size();
  out.resize(start + sealed_bytes(plain.size()));
  (void)seal_to(plain, std::span(out).subspan(start));
}

std::size_t SealedLogEncoder::sealed_bytes(std::size_t plain_bytes) {
  return kFrontBytes + plain_bytes + Aes256Gcm::kTagBytes;
}

std::size_t SealedLogEncoder::seal_to(ByteView plain, std::span<std::uint8_t> out) {
  assert(!plain.empty() && plain.size() <= kMaxChunkBytes && out.size() >= sealed_bytes(plain.size()));
  const auto front = front_of(length_key_, next_chunk_, static_cast<std::uint32_t>(plain.size()));
  const auto chunk = out.first(sealed_bytes(plain.size()));
  std::copy(front.begin(), front.end(), chunk.begin());
  cipher_.seal(nonce_of(next_chunk_), file_id_, plain, chunk.subspan(kFrontBytes));
  ++next_chunk_;
  return chunk.size();
}

SealedLogDecoder::SealedLogDecoder(const SecretKey& key, FileId file_id)
    : file_id_(file_id), length_key_(key.derive(kLengthUse)), cipher_(key) {}

Result<SealedLogDecoder> SealedLogDecoder::open(SecretKey key, ByteView header) {
  FileId file_id;
  const bool good = header.size() >= kHeaderBytes && std::equal(kMagic.begin(), kMagic.end(), header.begin()) &&
                    std::all_of(header.begin() + kMagic.size() + kFileIdBytes, header.begin() + kHeaderBytes,
                                [](std::uint8_t byte) { return byte == 0; });
  if (!good) {
    return fail(ErrorKind::internal, "sealed.not_a_log", "The file is no sealed log of a version that is known here.");
  }
  std::copy_n(header.begin() + kMagic.size(), kFileIdBytes, file_id.begin());
  return SealedLogDecoder(file_key(key, file_id), file_id);
}

Result<std::size_t> SealedLogDecoder::sealed_bytes(ByteView front) const {
  if (front.size() < kFrontBytes) return std::size_t{0};
  const auto length = load_be<std::uint32_t>(front.data());
  if (length == 0 || length > SealedLogEncoder::kMaxChunkBytes) return damaged(next_chunk_);
  if (!equal_in_constant_time(front_of(length_key_, next_chunk_, length), front.first(kFrontBytes)))
    return damaged(next_chunk_);
  return kFrontBytes + length + Aes256Gcm::kTagBytes;
}

Result<std::size_t> SealedLogDecoder::skip(ByteView front) {
  auto bytes = sealed_bytes(front);
  if (bytes && *bytes > 0) ++next_chunk_;
  return bytes;
}

Result<SealedLogDecoder::Chunk> SealedLogDecoder::next(ByteView bytes) {
  Chunk chunk;
  const auto whole = sealed_bytes(bytes);
  if (!whole) return tl::unexpected(whole.error());
  if (*whole == 0 || bytes.size() < *whole) return chunk;
  chunk.plain.resize(*whole - kFrontBytes - Aes256Gcm::kTagBytes);
  if (!cipher_.open(nonce_of(next_chunk_), file_id_, bytes.subspan(kFrontBytes, *whole - kFrontBytes), chunk.plain)) {
    return damaged(next_chunk_);
  }
  chunk.consumed = *whole;
  ++next_chunk_;
  return chunk;
}

}  // namespace tw
