#include "recording/journal_reader.hpp"

#include <fstream>

#include "crypto/sealed_log.hpp"
#include "recording/journal_format.hpp"

namespace tw::recording {
namespace {
// A sealed chunk with its length and tag, and a little more: what one step of reading must have in memory.
constexpr std::size_t kReadBytes = SealedLogEncoder::kMaxChunkBytes + 1024;
}  // namespace

struct JournalReader::State {
  std::ifstream file;
  std::uint64_t file_size = 0;
  std::uint64_t consumed = 0;
  std::optional<SealedLogDecoder> decoder;
  Bytes sealed;  ///< read, not opened yet
  Bytes plain;   ///< opened, not decoded yet, from `at` on
  std::size_t at = 0;
  bool at_end = false;
  bool closed = false;

  void fill() {
    const std::size_t had = sealed.size();
    if (had >= kReadBytes) return;
    sealed.resize(kReadBytes);
    file.read(reinterpret_cast<char*>(sealed.data() + had), static_cast<std::streamsize>(kReadBytes - had));
    sealed.resize(had + static_cast<std::size_t>(file.gcount()));
  }

  /// False when no further chunk is whole and genuine.
  bool open_next_chunk() {
    fill();
    auto chunk = decoder->next(sealed);
    if (!chunk || chunk->consumed == 0) return false;
    consumed += chunk->consumed;
    sealed.erase(sealed.begin(), sealed.begin() + static_cast<std::ptrdiff_t>(chunk->consumed));
    plain.erase(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(at));
    at = 0;
    plain.insert(plain.end(), chunk->plain.begin(), chunk->plain.end());
    return true;
  }
};

JournalReader::JournalReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
JournalReader::JournalReader(JournalReader&&) noexcept = default;
JournalReader& JournalReader::operator=(JournalReader&&) noexcept = default;
JournalReader::~JournalReader() = default;

Result<JournalReader> JournalReader::open(const std::filesystem::path& path, SecretKey key) {
  auto state = std::make_unique<State>();
  std::error_code error;
  state->file_size = std::filesystem::file_size(path, error);
  state->file.open(path, std::ios::binary);
  if (error || !state->file) {
    return fail(ErrorKind::not_found, "journal.unreadable",
                "The journal " + path.filename().string() + " cannot be opened.");
  }
  Bytes header(SealedLogDecoder::kHeaderBytes);
  state->file.read(reinterpret_cast<char*>(header.data()), static_cast<std::streamsize>(header.size()));
  header.resize(static_cast<std::size_t>(state->file.gcount()));
  auto decoder = SealedLogDecoder::open(std::move(key), header);
  if (!decoder) return tl::unexpected(decoder.error());
  state->decoder.emplace(std::move(*decoder));
  state->consumed = header.size();
  if (!state->open_next_chunk() || state->plain.size() < kJournalPreambleBytes) {
    return fail(ErrorKind::invalid, "journal.unreadable",
                "The journal " + path.filename().string() + " holds nothing that can be read.");
  }
  if (auto known = check_preamble(state->plain); !known) return tl::unexpected(known.error());
  state->at = kJournalPreambleBytes;
  return JournalReader(std::move(state));
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
