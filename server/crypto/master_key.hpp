#pragma once

#include <filesystem>
#include <string>

#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/secret_key.hpp"

namespace tw {

/// Where the key above all others comes from, in this order: TELEWITNESS_MASTER_KEY in the environment (base64 of 32
/// bytes), the command, the file. A file that does not exist is made (mode 0600, synced) when `may_create`.
struct MasterKeySource {
  std::filesystem::path file;
  std::string command;
  bool may_create = false;
};

/// `master_key.missing`, `master_key.malformed`, `master_key.readable_by_others`, `master_key.command_failed`.
[[nodiscard]] Result<SecretKey> load_master_key(const MasterKeySource& source, Random& random);

}  // namespace tw
