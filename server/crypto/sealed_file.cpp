#include "crypto/sealed_file.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <optional>

#include "base/byte_order.hpp"
#include "crypto/aead.hpp"
#include "crypto/durable_file.hpp"

/// Header: magic and version (8), file id (16), sealed size: nonce (12), cipher text (8), tag (16), zeros (4).
/// Chunk n at kHeaderBytes + n × kStoredChunkBytes: nonce (12), cipher text, tag (16).
/// The sealed size is zeros until `finish`. A chunk that is written again gets a fresh nonce.
namespace tw {
namespace {

constexpr std::array<std::uint8_t, 8> kMagic{'T', 'W', 'S', 'F', 'I', 'L', 0, 1};
constexpr std::size_t kFileIdBytes = 16;
constexpr std::size_t kSealedSizeBytes = Aes256Gcm::kNonceBytes + sizeof(std::uint64_t) + Aes256Gcm::kTagBytes;
constexpr std::size_t kHeaderBytes = 64;
constexpr std::size_t kChunkBytes = SealedFileWriter::kChunkBytes;
constexpr std::size_t kChunkOverhead = Aes256Gcm::kNonceBytes + Aes256Gcm::kTagBytes;
constexpr std::size_t kStoredChunkBytes = kChunkBytes + kChunkOverhead;
/// What the additional data of the size carries where that of a chunk carries its number.
constexpr std::uint64_t kSizeMark = ~std::uint64_t{0};

using FileId = std::array<std::uint8_t, kFileIdBytes>;
using Additional = std::array<std::uint8_t, kFileIdBytes + sizeof(std::uint64_t)>;

/// The file's own key, so that random nonces need to be unique in one file only.
SecretKey file_key(const SecretKey& key, const FileId& file_id) { return key.derive("sealed file:" + to_hex(file_id)); }

Additional additional_for(const FileId& file_id, std::uint64_t chunk) {
  Additional additional;
  std::copy(file_id.begin(), file_id.end(), additional.begin());
  store_be(additional.data() + kFileIdBytes, chunk);
  return additional;
}

std::uint64_t offset_of(std::uint64_t chunk) { return kHeaderBytes + chunk * kStoredChunkBytes; }

/// How much of chunk `chunk` there is in a file of `size` plain bytes.
std::size_t length_of(std::uint64_t chunk, std::uint64_t size) {
  const std::uint64_t begin = chunk * kChunkBytes;
  return begin >= size ? 0 : static_cast<std::size_t>(std::min<std::uint64_t>(kChunkBytes, size - begin));
}

std::uint64_t stored_size(std::uint64_t size) {
  return kHeaderBytes + size + (size + kChunkBytes - 1) / kChunkBytes * kChunkOverhead;
}

bool write_all_at(int fd, ByteView bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return true;
}

/// The number of bytes read, less at the end of the file; nullopt with errno set.
std::optional<std::size_t> read_all_at(int fd, std::span<std::uint8_t> out, std::uint64_t offset) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t count = ::pread(fd, out.data() + filled, out.size() - filled, static_cast<off_t>(offset + filled));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  return filled;
}

tl::unexpected<Error> damaged(const std::filesystem::path& path) {
  return fail(ErrorKind::internal, "sealed.damaged",
              "The sealed file " + path.filename().string() +
                  " was changed, or is opened with another key; restore it from a copy.");
}

/// One chunk from the file, opened into `plain`, which has its length.
Result<void> read_chunk(int fd, const std::filesystem::path& path, Aes256Gcm& cipher, const FileId& file_id,
                        std::uint64_t chunk, std::span<std::uint8_t> plain, Bytes& stored) {
  stored.resize(plain.size() + kChunkOverhead);
  const auto count = read_all_at(fd, stored, offset_of(chunk));
  if (!count) return io_failure("sealed.io", "read", path, errno);
  if (*count != stored.size()) return damaged(path);
  Aes256Gcm::Nonce nonce;
  std::copy_n(stored.begin(), nonce.size(), nonce.begin());
  if (!cipher.open(nonce, additional_for(file_id, chunk), ByteView(stored).subspan(nonce.size()), plain))
    return damaged(path);
  return {};
}

}  // namespace

struct SealedFileWriter::State {
  State(std::filesystem::path at, FileDescriptor descriptor, FileId id, const SecretKey& key, Random& source)
      : path(std::move(at)),
        file(std::move(descriptor)),
        file_id(id),
        cipher(key),
        random(source),
        plain(kChunkBytes) {}
  ~State() { OPENSSL_cleanse(plain.data(), plain.size()); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::filesystem::path path;
  FileDescriptor file;
  FileId file_id;
  Aes256Gcm cipher;
  Random& random;

  std::uint64_t size = 0;
  std::uint64_t position = 0;
  std::uint64_t chunk = 0;  ///< the one in memory; every other one is in the file
  Bytes plain;
  bool changed = false;
  bool finished = false;
  std::optional<Error> failure;  ///< of the first write that failed: what is in the file is then unknown
  Bytes stored;

  Result<void> usable() const {
    if (failure) return tl::unexpected(*failure);
    if (finished)
      return fail(ErrorKind::internal, "sealed.finished",
                  "The sealed file is finished; nothing can be written any more.");
    return {};
  }

  tl::unexpected<Error> broken(std::string_view what) {
    failure = io_failure("sealed.io", what, path, errno).value();
    return tl::unexpected(*failure);
  }

  Result<void> flush() {
    if (!changed) return {};
    const std::size_t length = length_of(chunk, size);
    Aes256Gcm::Nonce nonce;
    random.fill(nonce);
    stored.resize(length + kChunkOverhead);
    std::copy(nonce.begin(), nonce.end(), stored.begin());
    cipher.seal(nonce, additional_for(file_id, chunk), ByteView(plain).first(length),
                std::span(stored).subspan(nonce.size()));
    if (!write_all_at(file.get(), stored, offset_of(chunk))) return broken("write");
    changed = false;
    return {};
  }

  /// Brings the chunk of the position into memory.
  Result<void> enter() {
    const std::uint64_t wanted = position / kChunkBytes;
    if (wanted == chunk) return {};
    if (auto flushed = flush(); !flushed) return flushed;
    const std::size_t length = length_of(wanted, size);
    if (length != 0) {
      auto read = read_chunk(file.get(), path, cipher, file_id, wanted, std::span(plain).first(length), stored);
      if (!read) {
        failure = read.error();  // the buffer no longer holds the chunk that it did
        return read;
      }
    }
    chunk = wanted;
    return {};
  }

  Result<void> seal_size() {
    Aes256Gcm::Nonce nonce;
    random.fill(nonce);
    std::array<std::uint8_t, sizeof(size)> text;
    store_be(text.data(), size);
    std::array<std::uint8_t, kSealedSizeBytes> sealed;
    std::copy(nonce.begin(), nonce.end(), sealed.begin());
    cipher.seal(nonce, additional_for(file_id, kSizeMark), text, std::span(sealed).subspan(nonce.size()));
    if (!write_all_at(file.get(), sealed, kMagic.size() + kFileIdBytes)) return broken("write");
    return {};
  }
};

SealedFileWriter::SealedFileWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
SealedFileWriter::SealedFileWriter(SealedFileWriter&&) noexcept = default;
SealedFileWriter& SealedFileWriter::operator=(SealedFileWriter&&) noexcept = default;
SealedFileWriter::~SealedFileWriter() = default;

Result<SealedFileWriter> SealedFileWriter::create(const std::filesystem::path& path, SecretKey key, Random& random) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file.is_open()) return io_failure("sealed.io", "create", path, errno);
  FileId file_id;
  random.fill(file_id);
  Bytes header(kHeaderBytes);
  std::copy(kMagic.begin(), kMagic.end(), header.begin());
  std::copy(file_id.begin(), file_id.end(), header.begin() + kMagic.size());
  if (!write_all_at(file.get(), header, 0)) {
    const int error = errno;
    ::unlink(path.c_str());
    return io_failure("sealed.io", "write", path, error);
  }
  return SealedFileWriter(std::make_unique<State>(path, std::move(file), file_id, file_key(key, file_id), random));
}

Result<void> SealedFileWriter::write(ByteView bytes) {
  State& s = *state_;
  if (auto usable = s.usable(); !usable) return usable;
  while (!bytes.empty()) {
    if (auto entered = s.enter(); !entered) return entered;
    const std::size_t at = static_cast<std::size_t>(s.position % kChunkBytes);
    const std::size_t take = std::min(bytes.size(), kChunkBytes - at);
    std::copy_n(bytes.begin(), take, s.plain.begin() + static_cast<std::ptrdiff_t>(at));
    s.changed = true;
    s.position += take;
    s.size = std::max(s.size, s.position);
    bytes = bytes.subspan(take);
  }
  return {};
}

Result<void> SealedFileWriter::seek(std::uint64_t position) {
  State& s = *state_;
  if (auto usable = s.usable(); !usable) return usable;
  if (position > s.size) {
    return fail(ErrorKind::invalid, "sealed.seek_past_end", "A sealed file has no holes; seek to its size at most.");
  }
  s.position = position;
  return {};
}

Result<std::size_t> SealedFileWriter::read(std::span<std::uint8_t> out) {
  State& s = *state_;
  if (auto usable = s.usable(); !usable) return tl::unexpected(usable.error());
  std::size_t filled = 0;
  while (filled < out.size() && s.position < s.size) {
    if (auto entered = s.enter(); !entered) return tl::unexpected(entered.error());
    const std::size_t at = static_cast<std::size_t>(s.position % kChunkBytes);
    const std::size_t take = std::min(out.size() - filled, length_of(s.chunk, s.size) - at);
    std::copy_n(s.plain.begin() + static_cast<std::ptrdiff_t>(at), take,
                out.begin() + static_cast<std::ptrdiff_t>(filled));
    filled += take;
    s.position += take;
  }
  return filled;
}

std::uint64_t SealedFileWriter::position() const { return state_->position; }
std::uint64_t SealedFileWriter::size() const { return state_->size; }

Result<void> SealedFileWriter::finish() {
  State& s = *state_;
  if (auto usable = s.usable(); !usable) return usable;
  if (auto flushed = s.flush(); !flushed) return flushed;
  // The content first: a header that says "finished" must never be there without it.
  if (::fdatasync(s.file.get()) != 0) return s.broken("sync");
  if (auto sealed = s.seal_size(); !sealed) return sealed;
  if (::fsync(s.file.get()) != 0) return s.broken("sync");
  if (!sync_folder(s.path.parent_path())) return s.broken("sync the folder of");
  s.finished = true;
  s.file.close();
  return {};
}

struct SealedFileReader::State {
  State(std::filesystem::path at, FileDescriptor descriptor, FileId id, const SecretKey& key)
      : path(std::move(at)), file(std::move(descriptor)), file_id(id), cipher(key) {}
  ~State() { OPENSSL_cleanse(plain.data(), plain.size()); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::filesystem::path path;
  FileDescriptor file;
  FileId file_id;
  Aes256Gcm cipher;
  std::uint64_t size = 0;
  std::optional<std::uint64_t> chunk;  ///< the one in `plain`: players read in small steps
  Bytes plain;
  Bytes stored;
};

SealedFileReader::SealedFileReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SealedFileReader::SealedFileReader(SealedFileReader&&) noexcept = default;
SealedFileReader& SealedFileReader::operator=(SealedFileReader&&) noexcept = default;
SealedFileReader::~SealedFileReader() = default;

Result<SealedFileReader> SealedFileReader::open(const std::filesystem::path& path, SecretKey key) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat facts {};
  if (!file.is_open() || ::fstat(file.get(), &facts) != 0) return io_failure("sealed.io", "open", path, errno);
  Bytes header(kHeaderBytes);
  const auto count = read_all_at(file.get(), header, 0);
  if (!count) return io_failure("sealed.io", "read", path, errno);
  if (*count != kHeaderBytes || !std::equal(kMagic.begin(), kMagic.end(), header.begin())) return damaged(path);

  const ByteView sealed_size = ByteView(header).subspan(kMagic.size() + kFileIdBytes, kSealedSizeBytes);
  if (std::all_of(sealed_size.begin(), sealed_size.end(), [](std::uint8_t byte) { return byte == 0; })) {
    return fail(ErrorKind::conflict, "sealed.not_finished",
                "The sealed file " + path.filename().string() + " was not finished; make it again.");
  }
  FileId file_id;
  std::copy_n(header.begin() + kMagic.size(), kFileIdBytes, file_id.begin());
  auto state = std::make_unique<State>(path, std::move(file), file_id, file_key(key, file_id));
  Aes256Gcm::Nonce nonce;
  std::copy_n(sealed_size.begin(), nonce.size(), nonce.begin());
  std::array<std::uint8_t, sizeof(std::uint64_t)> text;
  if (!state->cipher.open(nonce, additional_for(file_id, kSizeMark), sealed_size.subspan(nonce.size()), text))
    return damaged(path);
  state->size = load_be<std::uint64_t>(text.data());
  const auto trailing = ByteView(header).subspan(kMagic.size() + kFileIdBytes + kSealedSizeBytes);
  const bool whole = static_cast<std::uint64_t>(facts.st_size) == stored_size(state->size);
  if (!whole || std::any_of(trailing.begin(), trailing.end(), [](std::uint8_t byte) { return byte != 0; }))
    return damaged(path);
  return SealedFileReader(std::move(state));
}

std::uint64_t SealedFileReader::size() const { return state_->size; }

Result<std::size_t> SealedFileReader::read_at(std::uint64_t offset, std::span<std::uint8_t> out) {
  State& s = *state_;
  std::size_t filled = 0;
  while (filled < out.size() && offset + filled < s.size) {
    const std::uint64_t position = offset + filled;
    const std::uint64_t wanted = position / kChunkBytes;
    const std::size_t length = length_of(wanted, s.size);
    if (s.chunk != wanted) {
      s.chunk.reset();
      s.plain.resize(length);
      if (auto read = read_chunk(s.file.get(), s.path, s.cipher, s.file_id, wanted, s.plain, s.stored); !read) {
        return tl::unexpected(read.error());
      }
      s.chunk = wanted;
    }
    const std::size_t at = static_cast<std::size_t>(position % kChunkBytes);
    const std::size_t take = std::min(out.size() - filled, length - at);
    std::copy_n(s.plain.begin() + static_cast<std::ptrdiff_t>(at), take,
                out.begin() + static_cast<std::ptrdiff_t>(filled));
    filled += take;
  }
  return filled;
}

Result<void> write_sealed(const std::filesystem::path& path, SecretKey key, ByteView plain, Random& random) {
  auto writer = SealedFileWriter::create(path, std::move(key), random);
  if (!writer) return tl::unexpected(writer.error());
  auto written = writer->write(plain);
  if (written) written = writer->finish();
  if (!written) ::unlink(path.c_str());  // it is ours: create() fails for one that was there
  return written;
}

Result<Bytes> read_sealed(const std::filesystem::path& path, SecretKey key, std::size_t most_bytes) {
  auto reader = SealedFileReader::open(path, std::move(key));
  if (!reader) return tl::unexpected(reader.error());
  if (reader->size() > most_bytes) {
    return fail(ErrorKind::too_large, "sealed.too_large",
                "The sealed file " + path.filename().string() + " is larger than it can be.");
  }
  Bytes plain(static_cast<std::size_t>(reader->size()));
  auto count = reader->read_at(0, plain);
  if (!count) return tl::unexpected(count.error());
  return plain;
}

}  // namespace tw
