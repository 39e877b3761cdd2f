#include "recording/journal_reader.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <vector>

#include "crypto/sealed_log.hpp"
#include "recording/journal_format.hpp"

namespace tw::recording {
namespace {
// A sealed chunk with its length and tag, and a little more: what one step of reading must have in memory.
constexpr std::size_t kReadBytes = SealedLogEncoder::kMaxChunkBytes + 1024;
constexpr std::size_t kWindowBytes = 4 * kReadBytes;  // read at once

/// One file of a journal, read at the offset that is asked for.
class Place {
 public:
  [[nodiscard]] bool open(const std::filesystem::path& path) {
    std::error_code error;
    size_ = std::filesystem::file_size(path, error);
    file_.rdbuf()->pubsetbuf(nullptr, 0);  // reads are large, or a few bytes of much that is skipped
    file_.open(path, std::ios::binary);
    return !error && file_.is_open();
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// The first bytes of a chunk at `offset`, and nothing around them.
  [[nodiscard]] ByteView front_at(std::uint64_t offset) {
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(offset));
    file_.read(reinterpret_cast<char*>(front_.data()), static_cast<std::streamsize>(front_.size()));
    return ByteView(front_).first(static_cast<std::size_t>(std::max<std::streamsize>(0, file_.gcount())));
  }
  /// What lies at `offset`, at most kReadBytes; less at the end.
  [[nodiscard]] ByteView at(std::uint64_t offset) {
    const std::uint64_t end = from_ + bytes_.size();
    if (offset < from_ || offset > end || (end - offset < kReadBytes && end < size_)) {
      from_ = std::min(offset, size_);
      bytes_.resize(kWindowBytes);
      file_.clear();
      file_.seekg(static_cast<std::streamoff>(from_));
      file_.read(reinterpret_cast<char*>(bytes_.data()), static_cast<std::streamsize>(bytes_.size()));
      bytes_.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file_.gcount())));
    }
    const auto skip = static_cast<std::size_t>(std::min<std::uint64_t>(offset - from_, bytes_.size()));
    return ByteView(bytes_).subspan(skip, std::min(kReadBytes, bytes_.size() - skip));
  }

 private:
  std::ifstream file_;
  std::uint64_t size_ = 0;
  std::uint64_t from_ = 0;  ///< offset of bytes_
  Bytes bytes_;
  std::array<std::uint8_t, SealedLogDecoder::kFrontBytes> front_{};
};

}  // namespace

struct JournalReader::State {
  std::vector<std::unique_ptr<Place>> places;
  std::uint64_t file_size = 0;
  std::uint64_t consumed = 0;
  std::optional<SealedLogDecoder> decoder;
  Bytes plain;  ///< opened, not decoded yet, from `at` on
  std::size_t at = 0;
  bool at_end = false;
  bool closed = false;

  /// The header is taken from the first place that has one; a place with another does not belong to it.
  [[nodiscard]] Result<void> read_header(const SecretKey& key) {
    Result<void> first = fail(ErrorKind::not_found, "journal.unreadable", "The journal cannot be opened.");
    Bytes header;
    std::vector<std::unique_ptr<Place>> belonging;
    for (auto& place : places) {
      const ByteView all = place->at(0);
      const ByteView head = all.first(std::min(all.size(), SealedLogDecoder::kHeaderBytes));
      if (decoder) {
        if (!std::ranges::equal(head, header)) continue;
      } else {
        auto opened = SealedLogDecoder::open(key.clone(), head);
        if (!opened) {
          first = tl::unexpected(opened.error());
          continue;
        }
        decoder.emplace(std::move(*opened));
        header.assign(head.begin(), head.end());
      }
      file_size = std::max(file_size, place->size());
      belonging.push_back(std::move(place));
    }
    places = std::move(belonging);
    consumed = SealedLogDecoder::kHeaderBytes;
    if (decoder) return {};
    return first;
  }

  /// False when no place has a further chunk that is whole and genuine.
  bool open_next_chunk() {
    for (const auto& place : places) {
      auto chunk = decoder->next(place->at(consumed));
      if (!chunk || chunk->consumed == 0) continue;
      consumed += chunk->consumed;
      plain.erase(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(at));
      at = 0;
      plain.insert(plain.end(), chunk->plain.begin(), chunk->plain.end());
      return true;
    }
    return false;
  }

  /// Passes over a chunk that lies whole in some place; false where none has it.
  bool skip_chunk() {
    for (const auto& place : places) {
      if (consumed + SealedLogDecoder::kMaxSealedBytes > place->size()) continue;
      const auto bytes = decoder->skip(place->front_at(consumed));
      if (!bytes || *bytes == 0) continue;
      consumed += *bytes;
      return true;
    }
    return false;
  }
};

JournalReader::JournalReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
JournalReader::JournalReader(JournalReader&&) noexcept = default;
JournalReader& JournalReader::operator=(JournalReader&&) noexcept = default;
JournalReader::~JournalReader() = default;

Result<JournalReader> JournalReader::open(const std::filesystem::path& path, SecretKey key) {
  return open(path, {}, std::move(key));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): keys are given away, not lent
Result<JournalReader> JournalReader::open(const std::filesystem::path& path, const std::filesystem::path& mirror,
                                          SecretKey key) {
  auto state = std::make_unique<State>();
  for (const auto& file : {path, mirror}) {
    auto place = std::make_unique<Place>();
    if (!file.empty() && place->open(file)) state->places.push_back(std::move(place));
  }
  if (state->places.empty()) {
    return fail(ErrorKind::not_found, "journal.unreadable",
                "The journal " + path.filename().string() + " cannot be opened.");
  }
  if (auto read = state->read_header(key); !read) return tl::unexpected(read.error());
  if (!state->open_next_chunk() || state->plain.size() < kJournalPreambleBytes) {
    return fail(ErrorKind::invalid, "journal.unreadable",
                "The journal " + path.filename().string() + " holds nothing that can be read.");
  }
  if (auto known = check_preamble(state->plain); !known) return tl::unexpected(known.error());
  state->at = kJournalPreambleBytes;
  return JournalReader(std::move(state));
}

void JournalReader::skip_towards_end(std::uint64_t keep_bytes) {
  State& state = *state_;
  bool skipped = false;
  while (state.file_size > keep_bytes && state.consumed < state.file_size - keep_bytes && state.skip_chunk())
    skipped = true;
  if (!skipped) return;
  state.plain.clear();  // what was opened lies before
  state.at = 0;
}

Result<std::optional<JournalRecord>> JournalReader::next() {
  State& state = *state_;
  while (!state.at_end) {
    auto decoded = decode_record(ByteView(state.plain).subspan(state.at));
    switch (decoded.status) {
      case DecodeStatus::record:
        state.at += decoded.consumed;
        if (std::holds_alternative<Closing>(*decoded.record)) state.closed = true;
        return std::optional<JournalRecord>(std::move(decoded.record));
      case DecodeStatus::skipped: state.at += decoded.consumed; break;
      case DecodeStatus::incomplete: state.at_end = !state.open_next_chunk(); break;
      case DecodeStatus::damaged: state.at_end = true; break;
    }
  }
  return std::optional<JournalRecord>();
}

bool JournalReader::ended_in_order() const { return state_->closed; }

double JournalReader::progress() const {
  if (state_->file_size == 0) return 1;
  return static_cast<double>(state_->consumed) / static_cast<double>(state_->file_size);
}

}  // namespace tw::recording
