#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/ids.hpp"
#include "store/database.hpp"

namespace tw::store {

/// A folder of the test's own that is gone afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A tenant with this account and no usable key.
TenantId insert_tenant(Database& database, const std::string& account = "demo");

}  // namespace tw::store
