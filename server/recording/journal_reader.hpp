#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "crypto/secret_key.hpp"
#include "recording/journal_record.hpp"

namespace tw::recording {

/// Reads one journal from its beginning to the last record whose chunk authenticates and whose CRC32C holds. What comes
/// after (the torn end of a crash) is not there for the reader. Of a journal in two places, every chunk is taken from
/// the place where it is whole: both hold the same bytes, so that one can end early or be damaged where the other is
/// not.
class JournalReader {
 public:
  /// `journal.unreadable`, `sealed.not_a_log`, `journal.version_unknown`.
  [[nodiscard]] static Result<JournalReader> open(const std::filesystem::path& path, SecretKey key);
  /// `mirror` may be empty or missing. The error of `path` where neither can be read.
  [[nodiscard]] static Result<JournalReader> open(const std::filesystem::path& path,
                                                  const std::filesystem::path& mirror, SecretKey key);
  JournalReader(JournalReader&&) noexcept;
  JournalReader& operator=(JournalReader&&) noexcept;
  ~JournalReader();

  /// Goes on, without reading, to about `keep_bytes` before the end: of an hour's call only its last seconds matter to
  /// who wants to know when it ended. Records before are not there; a file shorter than that is read whole. Where
  /// nothing comes from `next` then, the end is damaged, and only reading all of it tells more.
  void skip_towards_end(std::uint64_t keep_bytes);
  /// The next record; nullopt at the end. Kinds of a later version are skipped.
  [[nodiscard]] Result<std::optional<JournalRecord>> next();
  /// After the end: false when the part was cut (no Closing was read).
  [[nodiscard]] bool ended_in_order() const;
  /// How far into the file the reader is, 0–1, for progress.
  [[nodiscard]] double progress() const;

 private:
  struct State;
  explicit JournalReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tw::recording
