#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/result.hpp"

namespace tw::store {

/// A statement failed: the disk, a damaged file, a constraint that the program should have kept. `Database::write` and
/// `read` turn it into an Error; it leaves the store only inside them.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A named value of a statement (":name" in its text). Numbers are always 64 bits; times are stored in microseconds.
class Param {
 public:
  using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

  Param(const char* name, std::nullopt_t) : name_(name) {}
  Param(const char* name, std::string value) : name_(name), value_(std::move(value)) {}
  Param(const char* name, std::string_view value) : name_(name), value_(std::string(value)) {}
  Param(const char* name, const char* value) : name_(name), value_(std::string(value)) {}
  Param(const char* name, WallTime value) : name_(name), value_(to_micros(value)) {}
  Param(const char* name, bool value) : name_(name), value_(std::int64_t{value ? 1 : 0}) {}
  template <class Number>
    requires(std::is_integral_v<Number> && !std::is_same_v<Number, bool>)
  Param(const char* name, Number value) : name_(name), value_(static_cast<std::int64_t>(value)) {}
  Param(const char* name, double value) : name_(name), value_(value) {}
  template <class Tag>
  Param(const char* name, const Id<Tag>& value) : name_(name), value_(value.str()) {}
  template <class T>
  Param(const char* name, const std::optional<T>& value) : name_(name) {
    if (value) value_ = Param(name, *value).value_;
  }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const Value& value() const { return value_; }

 private:
  std::string name_;
  Value value_;
};

/// A row of a result; columns count from 0 in the order of the SELECT. A NULL asked for as a plain value is a
/// StoreError.
class Row {
 public:
  explicit Row(std::vector<Param::Value> columns) : columns_(std::move(columns)) {}

  [[nodiscard]] bool is_null(std::size_t column) const;
  [[nodiscard]] std::int64_t i64(std::size_t column) const;
  [[nodiscard]] bool flag(std::size_t column) const { return i64(column) != 0; }
  [[nodiscard]] double real(std::size_t column) const;
  [[nodiscard]] std::string text(std::size_t column) const;
  [[nodiscard]] WallTime time(std::size_t column) const { return from_micros(i64(column)); }
  template <class IdType>
  [[nodiscard]] IdType id(std::size_t column) const {
    return IdType::trusted(text(column));
  }
  [[nodiscard]] std::optional<std::int64_t> opt_i64(std::size_t column) const;
  [[nodiscard]] std::optional<double> opt_real(std::size_t column) const;
  [[nodiscard]] std::optional<std::string> opt_text(std::size_t column) const;
  [[nodiscard]] std::optional<WallTime> opt_time(std::size_t column) const;
  template <class IdType>
  [[nodiscard]] std::optional<IdType> opt_id(std::size_t column) const {
    if (is_null(column)) return std::nullopt;
    return id<IdType>(column);
  }
  [[nodiscard]] std::size_t size() const { return columns_.size(); }

 private:
  [[nodiscard]] const Param::Value& at(std::size_t column) const;
  std::vector<Param::Value> columns_;
};

using Params = std::vector<Param>;

/// What statements run on. Readers get a Connection, writers a Transaction; both see one state of the database.
class Connection {
 public:
  virtual ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] std::vector<Row> query(const std::string& sql, const Params& params = {});
  /// The first row, where there is one.
  [[nodiscard]] std::optional<Row> first(const std::string& sql, const Params& params = {});

 protected:
  struct Session;
  explicit Connection(Session& session) : session_(&session) {}
  Session* session_;

 private:
  friend class Database;
};

/// A write: BEGIN IMMEDIATE on the one writer connection. Rolled back unless committed.
class Transaction final : public Connection {
 public:
  ~Transaction() override;
  /// How many rows were changed.
  std::int64_t execute(const std::string& sql, const Params& params = {});
  /// The next value of a per-tenant counter, from 1.
  [[nodiscard]] std::int64_t next_number(const TenantId& tenant, std::string_view counter);

 private:
  friend class Database;
  Transaction(Session& session, std::unique_lock<std::mutex> lock);
  void commit();
  std::unique_lock<std::mutex> lock_;
  bool open_ = true;
};

/// The database: one writer connection behind a mutex, a few readers (SQLite with WAL, synchronous=FULL, foreign keys,
/// deleted content overwritten).
/// Thread-safe. Nothing blocking (rooms, outgoing HTTP) belongs inside `write`.
class Database {
 public:
  static constexpr std::size_t kReaders = 4;  ///< more would only share two cores
  static constexpr int kBusyTimeoutMs =
      5'000;  ///< another process (doctor, demo-tenant) may hold the file for a moment

  /// Opens or makes the file (mode 0600) and its folder; runs no migration (see Migrator). `database.unavailable`.
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs `work(Transaction&)` in one transaction: committed when it returns a value, rolled back when it returns an
  /// error or throws. `store.failed` (internal) or `store.full` (unavailable) when the store itself failed.
  template <class Work>
  auto write(Work&& work) -> std::invoke_result_t<Work, Transaction&> {
    try {
      Transaction transaction = begin();
      auto result = std::forward<Work>(work)(transaction);
      if (result) transaction.commit();
      return result;
    } catch (const StoreError& error) {
      return failure(error);
    }
  }
  /// Runs `work(Connection&)` on one unchanging state of the database.
  template <class Work>
  auto read(Work&& work) -> std::invoke_result_t<Work, Connection&> {
    try {
      Lease lease(*this);
      return std::forward<Work>(work)(lease.connection());
    } catch (const StoreError& error) {
      return failure(error);
    }
  }

  /// Brings everything committed into the database file and empties the write-ahead log, so that what was overwritten
  /// or deleted is in neither. False while a reader still looks at an older state, or the log could not be emptied:
  /// try again. Other writers wait for up to kLogPatienceMs.
  [[nodiscard]] bool empty_log();
  static constexpr int kLogPatienceMs = 100;
  /// Writes the whole file anew, once in its life: before deleted content was overwritten, pages could keep some.
  void rewrite_once();

  /// What `PRAGMA integrity_check` and `foreign_key_check` complain about; empty when all is well.
  [[nodiscard]] std::vector<std::string> integrity_problems();

 private:
  friend class Migrator;
  struct Impl;
  struct Writer;
  class Lease {
   public:
    explicit Lease(Database& database);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    [[nodiscard]] Connection& connection() { return *connection_; }

   private:
    Database& database_;
    std::size_t index_ = 0;
    std::unique_ptr<Connection> connection_;
  };

  explicit Database(std::unique_ptr<Impl> impl);
  [[nodiscard]] Transaction begin();
  [[nodiscard]] static tl::unexpected<Error> failure(const StoreError& error);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tw::store
