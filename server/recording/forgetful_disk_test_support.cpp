#include "recording/forgetful_disk_test_support.hpp"

#include <algorithm>
#include <fstream>

namespace tw::recording::testing {

class ForgetfulDisk::Handle final : public AppendFile {
 public:
  Handle(ForgetfulDisk& disk, std::shared_ptr<File> file) : disk_(disk), file_(std::move(file)) {}
  Result<void> append(ByteView bytes) override {
    if (disk_.full) return fail(ErrorKind::unavailable, "disk.full", "The test's disk is full.");
    file_->written.insert(file_->written.end(), bytes.begin(), bytes.end());
    return {};
  }
  Result<void> sync() override {
    ++disk_.syncs;
    if (disk_.sync_fails) return fail(ErrorKind::internal, "disk.failed", "The test's disk does not sync.");
    file_->synced_bytes = file_->written.size();
    return {};
  }

 private:
  ForgetfulDisk& disk_;
  std::shared_ptr<File> file_;
};

Result<void> ForgetfulDisk::make_folder(const std::filesystem::path&) { return {}; }

Result<std::unique_ptr<AppendFile>> ForgetfulDisk::create(const std::filesystem::path& file) {
  if (full) return fail(ErrorKind::unavailable, "disk.full", "The test's disk is full.");
  auto& entry = files_[file.string()];
  if (entry) return fail(ErrorKind::internal, "disk.failed", "The file exists.");
  entry = std::make_shared<File>();
  return std::make_unique<Handle>(*this, entry);
}

Result<void> ForgetfulDisk::sync_folder(const std::filesystem::path& folder) {
  for (auto& [path, file] : files_) {
    if (std::filesystem::path(path).parent_path() == folder) file->entry_synced = true;
  }
  return {};
}

void ForgetfulDisk::survive_into(const std::filesystem::path& folder, std::size_t torn_bytes) const {
  for (const auto& [path, file] : files_) {
    if (!file->entry_synced) continue;
    const std::size_t size = std::min(file->written.size(), file->synced_bytes + torn_bytes);
    std::ofstream out(folder / std::filesystem::path(path).filename(), std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(file->written.data()), static_cast<std::streamsize>(size));
  }
}

}  // namespace tw::recording::testing
