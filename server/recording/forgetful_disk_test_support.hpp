#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "recording/file_system.hpp"

namespace tw::recording::testing {

/// A disk in memory that keeps only what was synced: file contents by sync(), directory entries by sync_folder(). It
/// can also be full, fail to sync, or lose power after the n-th operation.
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
  std::uint64_t free_bytes(const std::filesystem::path&) override { return full ? 0 : std::uint64_t{1} << 40; }

  /// What is on the disk after the power came back. `torn_bytes` of the unsynced rest survive as well.
  void survive_into(const std::filesystem::path& folder, std::size_t torn_bytes = 0) const;

  bool full = false;
  bool sync_fails = false;
  int syncs = 0;

 private:
  class Handle;
  std::map<std::string, std::shared_ptr<File>> files_;
};

}  // namespace tw::recording::testing
