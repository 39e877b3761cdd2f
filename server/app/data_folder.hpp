#pragma once

#include <filesystem>

namespace tw::app {

/// Where things lie below `server.data_dir`. The folder is the whole state of a server: back it up as one.
class DataFolder {
 public:
  /// Makes the folder and its parts with mode 0700. Throws std::filesystem::filesystem_error with the path that failed.
  explicit DataFolder(const std::filesystem::path& root);

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path database() const { return root_ / "telewitness.db"; }
  [[nodiscard]] std::filesystem::path photos() const { return root_ / "photos"; }
  [[nodiscard]] std::filesystem::path recordings() const { return root_ / "recordings"; }
  [[nodiscard]] std::filesystem::path keys() const { return root_ / "keys"; }
  [[nodiscard]] std::filesystem::path tls() const { return root_ / "tls"; }
  [[nodiscard]] std::filesystem::path run() const { return root_ / "run"; }

 private:
  std::filesystem::path root_;
};

}  // namespace tw::app
