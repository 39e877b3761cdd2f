#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "recording/file_system.hpp"

namespace tw::recording::testing {

/// What was asked of a disk.
enum class DiskCall { make_folder, create, append, sync, sync_folder };

/// A disk in memory that keeps only what was synced: file contents by sync(), directory entries by sync_folder(). It
/// can also be full, fail to sync, or fail any single call.
class ForgetfulDisk final : public FileSystem {
 public:
  struct File {
    Bytes written;
    std::size_t synced_bytes = 0;
    bool entry_synced = false;
  };
  Result<void> make_folder(const std::filesystem::path& folder) override;
  Result<std::unique_ptr<AppendFile>> create(const std::filesystem::path& file) override;
  Result<void> sync_folder(const std::filesystem::path& folder) override;
  void remove(const std::filesystem::path& file) override { files_.erase(file.string()); }
  [[nodiscard]] bool holds(const std::filesystem::path& file) const { return files_.count(file.string()) > 0; }
  std::uint64_t free_bytes(const std::filesystem::path&) override { return full ? 0 : std::uint64_t{1} << 40; }

  /// What is on the disk after the power came back. `torn_bytes` of the unsynced rest survive as well.
  void survive_into(const std::filesystem::path& folder, std::size_t torn_bytes = 0) const;
  /// The same of one folder of the disk only.
  void survive_from(const std::filesystem::path& of, const std::filesystem::path& into) const;

  bool full = false;
  bool sync_fails = false;
  int syncs = 0;
  int calls = 0;
  /// Asked before every call with its number (from 0), what it is and where; an error code makes it fail.
  std::function<const char*(int, DiskCall, const std::filesystem::path&)> fault;

 private:
  class Handle;
  [[nodiscard]] Result<void> ask(DiskCall call, const std::filesystem::path& where);
  std::map<std::string, std::shared_ptr<File>> files_;
};

}  // namespace tw::recording::testing
