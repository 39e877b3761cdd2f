#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/aead.hpp"
#include "crypto/secret_key.hpp"

namespace tw {

/// A sealed file that only grows: a header, then chunks of at most 64 KiB, each length + AES-256-GCM ciphertext + tag,
/// the chunk's number in the nonce and the file's random id in the additional data, so that chunks cannot be moved or
/// taken from elsewhere. Bytes in, bytes out: the caller writes and syncs. A torn last chunk is the normal end after a
/// crash.
class SealedLogEncoder {
 public:
  static constexpr std::size_t kMaxChunkBytes = std::size_t{64} * 1024;

  SealedLogEncoder(const SecretKey& key, Random& random);
  /// To be written first, once.
  [[nodiscard]] Bytes header() const;
  /// One chunk; `plain` is 1 to kMaxChunkBytes long.
  [[nodiscard]] Bytes seal(ByteView plain);
  /// The same, appended to `out`.
  void seal_into(ByteView plain, Bytes& out);
  /// The same into memory that is there already: sealed_bytes(plain.size()) at the front of `out`, which is returned.
  [[nodiscard]] std::size_t seal_to(ByteView plain, std::span<std::uint8_t> out);
  [[nodiscard]] static std::size_t sealed_bytes(std::size_t plain_bytes);

 private:
  std::array<std::uint8_t, 16> file_id_;
  SecretKey length_key_;
  Aes256Gcm cipher_;
  std::uint64_t next_chunk_ = 0;
};

/// Reads what the encoder wrote. Feed the file from its beginning.
class SealedLogDecoder {
 public:
  /// `sealed.not_a_log` when the header is none.
  [[nodiscard]] static Result<SealedLogDecoder> open(SecretKey key, ByteView header);
  static constexpr std::size_t kHeaderBytes = 32;

  /// The next chunk at the front of `bytes`: its plain text, and how many bytes it took. `consumed` 0 with no error:
  /// the chunk is not complete (the end of a crashed log). `sealed.damaged`: it does not authenticate.
  struct Chunk {
    Bytes plain;
    std::size_t consumed = 0;
  };
  [[nodiscard]] Result<Chunk> next(ByteView bytes);
  /// What `skip` looks at, and the most that a chunk takes.
  static constexpr std::size_t kFrontBytes = 8;
  static constexpr std::size_t kMaxSealedBytes = kFrontBytes + SealedLogEncoder::kMaxChunkBytes + Aes256Gcm::kTagBytes;
  /// Passes over the next chunk unopened: `front` is its beginning. How many bytes it takes; 0 where `front` is too
  /// short, `sealed.damaged` where it is not the beginning of this chunk. Its content is not checked.
  [[nodiscard]] Result<std::size_t> skip(ByteView front);

 private:
  /// The bytes of the chunk that begins here; 0 where there are too few to tell.
  [[nodiscard]] Result<std::size_t> sealed_bytes(ByteView front) const;
  SealedLogDecoder(const SecretKey& key, std::array<std::uint8_t, 16> file_id);
  std::array<std::uint8_t, 16> file_id_;
  SecretKey length_key_;
  Aes256Gcm cipher_;
  std::uint64_t next_chunk_ = 0;
};

}  // namespace tw
