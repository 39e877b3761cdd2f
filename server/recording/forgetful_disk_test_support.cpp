#include "recording/forgetful_disk_test_support.hpp"

#include <algorithm>
#include <fstream>

namespace tw::recording::testing {

class ForgetfulDisk::Handle final : public AppendFile {
 public:
  Handle(ForgetfulDisk& disk, std::filesystem::path path, std::shared_ptr<File> file)
      : disk_(disk), path_(std::move(path)), file_(std::move(file)) {}
  Result<void> append(ByteView bytes) override {
    if (auto asked = disk_.ask(DiskCall::append, path_); !asked) return asked;
    if (disk_.full) return fail(ErrorKind::unavailable, "disk.full", "The test's disk is full.");
    file_->written.insert(file_->written.end(), bytes.begin(), bytes.end());
    return {};
  }
  Result<void> sync() override {
    ++disk_.syncs;
    if (auto asked = disk_.ask(DiskCall::sync, path_); !asked) return asked;
    if (disk_.sync_fails) return fail(ErrorKind::internal, "disk.failed", "The test's disk does not sync.");
    file_->synced_bytes = file_->written.size();
    return {};
  }

 private:
  ForgetfulDisk& disk_;
  std::filesystem::path path_;
  std::shared_ptr<File> file_;
};

Result<void> ForgetfulDisk::ask(DiskCall call, const std::filesystem::path& where) {
  const char* code = fault ? fault(calls, call, where) : nullptr;
  ++calls;
  if (code == nullptr) return {};
  return fail(ErrorKind::unavailable, code, "The test's disk fails this call.");
}

Result<void> ForgetfulDisk::make_folder(const std::filesystem::path& folder) {
  return ask(DiskCall::make_folder, folder);
}

Result<std::unique_ptr<AppendFile>> ForgetfulDisk::create(const std::filesystem::path& file) {
  if (auto asked = ask(DiskCall::create, file); !asked) return tl::unexpected(asked.error());
  if (full) return fail(ErrorKind::unavailable, "disk.full", "The test's disk is full.");
  auto& entry = files_[file.string()];
  if (entry) return fail(ErrorKind::internal, "disk.failed", "The file exists.");
  entry = std::make_shared<File>();
  return std::make_unique<Handle>(*this, file, entry);
}

Result<void> ForgetfulDisk::sync_folder(const std::filesystem::path& folder) {
  if (auto asked = ask(DiskCall::sync_folder, folder); !asked) return asked;
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

void ForgetfulDisk::survive_from(const std::filesystem::path& of, const std::filesystem::path& into) const {
  std::filesystem::create_directories(into);
  for (const auto& [path, file] : files_) {
    if (!file->entry_synced || std::filesystem::path(path).parent_path() != of) continue;
    std::ofstream out(into / std::filesystem::path(path).filename(), std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(file->written.data()), static_cast<std::streamsize>(file->synced_bytes));
  }
}

}  // namespace tw::recording::testing
