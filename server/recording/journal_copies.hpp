#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "recording/file_system.hpp"

namespace tw::recording {

/// Sealed bytes that a full disk keeps one copy from taking while the other goes on. More than this, and the copy is
/// given up: it could not be made whole again in time.
constexpr std::size_t kMaxCopyBacklogBytes = std::size_t{8} * 1024 * 1024;

/// How one of a journal's files is doing.
enum class CopyState {
  good,
  waiting,   ///< its disk does not take what comes; tried again with every write
  unsynced,  ///< the last copy there is, and its disk failed to sync: it is written on, but nothing is certain
  given_up,  ///< another copy goes on without it
};
[[nodiscard]] std::string_view word_for(CopyState state);

/// A copy that began to do otherwise.
struct CopyNews {
  std::size_t copy = 0;  ///< 0: the recording's own folder; 1: the mirror
  CopyState state = CopyState::good;
  std::string code;  ///< `disk.full`, `disk.failed`; empty when good again
};

/// One journal in one or two places, byte for byte the same. Each place may fail without the others: a write that fails
/// is tried again, a sync never, because the kernel may have dropped the pages that it could not write and would then
/// report success. Not thread-safe.
class JournalCopies {
 public:
  /// Makes the files with their folders and makes `beginning` durable in them. A place that fails is given up and
  /// leaves no file; the error of the first where all do.
  [[nodiscard]] static Result<JournalCopies> create(const std::vector<std::filesystem::path>& places, FileSystem& files,
                                                    ByteView beginning);

  /// Tries again what is left over. True when at least one copy has everything so far: only then take more.
  [[nodiscard]] bool catch_up();
  /// To every copy that was not given up. Bytes that a copy does not take are kept for it.
  void append(ByteView sealed);
  /// Makes what was written durable, once for each copy that was written to.
  void sync();
  [[nodiscard]] bool dirty() const;
  /// Something is left over for a copy.
  [[nodiscard]] bool behind() const;

  /// No copy takes and keeps what comes.
  [[nodiscard]] bool failing() const;
  /// Fewer good copies than places.
  [[nodiscard]] bool degraded() const;
  /// What changed since it was asked last.
  [[nodiscard]] std::vector<CopyNews> take_news();

 private:
  struct Copy {
    std::size_t number = 0;
    std::unique_ptr<AppendFile> file;
    CopyState state = CopyState::good;
    Bytes backlog;
    bool dirty = false;
    bool sync_failed = false;
  };
  explicit JournalCopies(std::size_t places) : places_(places) {}
  void become(Copy& copy, CopyState state, const std::string& code = {});
  void give_up(Copy& copy, const std::string& code);
  void write(Copy& copy, ByteView bytes);
  [[nodiscard]] bool is_last(const Copy& copy) const;
  [[nodiscard]] bool another_takes(const Copy& copy) const;

  std::size_t places_;
  std::vector<Copy> copies_;
  std::vector<CopyNews> news_;
};

}  // namespace tw::recording
