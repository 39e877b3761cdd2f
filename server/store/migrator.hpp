#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/embedded_file.hpp"
#include "base/result.hpp"
#include "store/database.hpp"

namespace tw::store {

/// Brings a database to the form that this binary knows: NNNN_name.sql files in order, each in one transaction together
/// with its row in `schema_migrations` (number, name, SHA-256 of the text).
class Migrator {
 public:
  explicit Migrator(Database& database);
  /// For tests: other files than the embedded ones.
  Migrator(Database& database, std::span<const EmbeddedFile> files);

  struct Outcome {
    std::int64_t version = 0;  ///< number of the newest migration in the database
    std::vector<std::string> applied;
  };
  /// `database.newer` (conflict) when the database has a migration that this binary does not know; `database.changed`
  /// when one that was applied reads otherwise here. Nothing is changed then.
  [[nodiscard]] Result<Outcome> run();
  /// The number of the newest migration in the database; 0 for an empty one.
  [[nodiscard]] Result<std::int64_t> version();

 private:
  Database& database_;
  std::span<const EmbeddedFile> files_;
};

/// Opens the database and runs the migrations: what `serve` and the commands do.
[[nodiscard]] Result<std::unique_ptr<Database>> open_migrated(const std::filesystem::path& file);

}  // namespace tw::store
