#include "store/migrator.hpp"

#include <charconv>

#include "crypto/digest.hpp"
#include "embedded/migrations.hpp"

namespace tw::store {
namespace {

struct File {
  std::int64_t number = 0;
  std::string name;
  std::string text;
  std::string sha256;
};

Result<File> parse_file(const EmbeddedFile& embedded) {
  File file;
  file.name = std::string(embedded.path);
  file.text = std::string(as_text(embedded.content));
  file.sha256 = to_hex(sha256(embedded.content));
  const auto [end, error] = std::from_chars(file.name.data(), file.name.data() + file.name.size(), file.number);
  if (error != std::errc{} || *end != '_' || file.number <= 0) {
    return fail(ErrorKind::internal, "database.migration_name",
                "Migration " + file.name + " must be called NNNN_name.sql.");
  }
  return file;
}

/// Statements of a file: split at semicolons outside of quotes and comments. Migrations hold no triggers.
std::vector<std::string> split_statements(const std::string& text) {
  std::vector<std::string> statements;
  std::string current;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '-' && i + 1 < text.size() && text[i + 1] == '-') {
      while (i < text.size() && text[i] != '\n') ++i;
      current += '\n';
      continue;
    } else if (c == ';') {
      statements.push_back(std::move(current));
      current.clear();
      continue;
    }
    current += c;
  }
  statements.push_back(std::move(current));
  std::erase_if(statements, [](const std::string& s) { return s.find_first_not_of(" \t\r\n") == std::string::npos; });
  return statements;
}

void make_table(Transaction& transaction) {
  transaction.execute(
      "CREATE TABLE IF NOT EXISTS schema_migrations "
      "(number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL)");
}

}  // namespace

Migrator::Migrator(Database& database) : Migrator(database, embedded::migrations()) {}
Migrator::Migrator(Database& database, std::span<const EmbeddedFile> files) : database_(database), files_(files) {}

Result<std::int64_t> Migrator::version() {
  return database_.read([](Connection& connection) -> Result<std::int64_t> {
    if (!connection.first("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"))
      return 0;
    return connection.first("SELECT COALESCE(MAX(number), 0) FROM schema_migrations").value().i64(0);
  });
}

Result<Migrator::Outcome> Migrator::run() {
  std::vector<File> files;
  for (const EmbeddedFile& embedded : files_) {
    auto file = parse_file(embedded);
    if (!file) return tl::unexpected(file.error());
    files.push_back(std::move(*file));
  }
  const std::int64_t newest_known = files.empty() ? 0 : files.back().number;
  const auto present = version();
  if (!present) return tl::unexpected(present.error());
  if (*present > newest_known) {
    return fail(ErrorKind::conflict, "database.newer",
                "The database was written by a newer telewitness (its form is " + std::to_string(*present) +
                    ", this one knows " + std::to_string(newest_known) + "); start that one.");
  }

  Outcome outcome;
  for (const File& file : files) {
    const auto applied = database_.write([&](Transaction& transaction) -> Result<bool> {
      make_table(transaction);
      const auto row =
          transaction.first("SELECT sha256 FROM schema_migrations WHERE number = :n", {{"n", file.number}});
      if (row && row->text(0) != file.sha256) {
        return fail(ErrorKind::conflict, "database.changed",
                    "Migration " + file.name + " reads otherwise than when it was applied to this database.");
      }
      if (row) return false;
      for (const std::string& statement : split_statements(file.text)) transaction.execute(statement);
      transaction.execute("INSERT INTO schema_migrations (number, name, sha256) VALUES (:n, :name, :sha)",
                          {{"n", file.number}, {"name", file.name}, {"sha", file.sha256}});
      return true;
    });
    if (!applied) return tl::unexpected(applied.error());
    if (*applied) outcome.applied.push_back(file.name);
    outcome.version = file.number;
  }
  return outcome;
}

Result<std::unique_ptr<Database>> open_migrated(const std::filesystem::path& file) {
  auto database = Database::open(file);
  if (!database) return database;
  const auto migrated = Migrator(**database).run();
  if (!migrated) return tl::unexpected(migrated.error());
  (*database)->rewrite_once();
  return database;
}

}  // namespace tw::store
