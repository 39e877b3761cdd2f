#include "store/database.hpp"

#include <fcntl.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cassert>
#include <charconv>
#include <deque>

namespace tw::store {
namespace {

/// The store's device is full: kept apart, because calls go on while new interviews are refused.
class StoreFull final : public StoreError {
 public:
  using StoreError::StoreError;
};

/// what() of SOCI quotes the bound values, which may be personal: only its short message and the statement are kept.
[[noreturn]] void rethrow(const soci::soci_error& error, const std::string& statement) {
  const std::string message = error.get_error_message() + " in: " + statement;
  const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  if (sqlite != nullptr && (sqlite->result() & 0xFF) == SQLITE_FULL) throw StoreFull(message);
  throw StoreError(message);
}

/// Keeps bound values alive while a statement uses them.
class Bindings {
 public:
  void bind(soci::statement& statement, const Params& params) {
    for (const Param& param : params) {
      indicators_.push_back(soci::i_ok);
      soci::indicator& indicator = indicators_.back();
      if (const auto* number = std::get_if<std::int64_t>(&param.value())) {
        numbers_.push_back(*number);
        statement.exchange(soci::use(numbers_.back(), indicator, param.name()));
      } else if (const auto* real = std::get_if<double>(&param.value())) {
        reals_.push_back(*real);
        statement.exchange(soci::use(reals_.back(), indicator, param.name()));
      } else {
        const auto* text = std::get_if<std::string>(&param.value());
        if (text == nullptr) indicator = soci::i_null;
        texts_.push_back(text == nullptr ? std::string() : *text);
        statement.exchange(soci::use(texts_.back(), indicator, param.name()));
      }
    }
  }

 private:
  std::deque<soci::indicator> indicators_;
  std::deque<long long> numbers_;
  std::deque<double> reals_;
  std::deque<std::string> texts_;
};

/// Expressions (COUNT, MAX) have no declared type in SQLite and come as text, which loses nothing; columns of 64 bits
/// are declared BIGINT because SOCI would cut an INTEGER to 32.
Param::Value column_value(const soci::row& row, std::size_t column) {
  if (row.get_indicator(column) == soci::i_null) return std::monostate{};
  switch (row.get_properties(column).get_data_type()) {
    case soci::dt_string: return row.get<std::string>(column);
    case soci::dt_long_long: return static_cast<std::int64_t>(row.get<long long>(column));
    case soci::dt_double: return row.get<double>(column);
    default: break;
  }
  throw StoreError("column '" + row.get_properties(column).get_name() +
                   "' must be declared TEXT, BIGINT or DOUBLE PRECISION");
}

Row copy_row(const soci::row& row) {
  std::vector<Param::Value> columns;
  columns.reserve(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) columns.push_back(column_value(row, i));
  return Row(std::move(columns));
}

template <class Number>
Number parse_number(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw StoreError("a number was expected in the database");
  return value;
}

}  // namespace

bool Row::is_null(std::size_t column) const { return std::holds_alternative<std::monostate>(at(column)); }

const Param::Value& Row::at(std::size_t column) const {
  assert(column < columns_.size());
  return columns_[column];
}

std::int64_t Row::i64(std::size_t column) const {
  const Param::Value& value = at(column);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return parse_number<std::int64_t>(*text);
  throw StoreError("a number was expected in the database");
}

double Row::real(std::size_t column) const {
  const Param::Value& value = at(column);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return parse_number<double>(*text);
  throw StoreError("a number was expected in the database");
}

std::string Row::text(std::size_t column) const {
  const Param::Value& value = at(column);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  throw StoreError("a text was expected in the database");
}

std::optional<std::int64_t> Row::opt_i64(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return i64(column);
}
std::optional<double> Row::opt_real(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return real(column);
}
std::optional<std::string> Row::opt_text(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}
std::optional<WallTime> Row::opt_time(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

struct Connection::Session {
  soci::session sql;

  void open(const std::filesystem::path& file) {
    sql.open(soci::sqlite3, "dbname=\"" + file.string() + "\"");
    run("PRAGMA busy_timeout = " + std::to_string(Database::kBusyTimeoutMs));
    run("PRAGMA foreign_keys = ON");
    run("PRAGMA synchronous = FULL");
    run("PRAGMA secure_delete = ON");  // what is deleted or overwritten must not stay in free space: see empty_log
  }
  void run(const std::string& text) {
    try {
      sql << text;
    } catch (const soci::soci_error& error) {
      rethrow(error, text);
    }
  }
  /// Where a failure leaves nothing more to do (rolling back what SQLite has rolled back already).
  void try_run(const char* text) noexcept {
    try {
      sql << text;
    } catch (const std::exception& error) {
      log::debug("store statement skipped", {{"error", error.what()}});
    }
  }
};

Connection::~Connection() = default;

std::vector<Row> Connection::query(const std::string& sql, const Params& params) {
  try {
    std::vector<Row> rows;
    soci::row row;
    soci::statement statement(session_->sql);
    Bindings bindings;
    statement.exchange(soci::into(row));
    bindings.bind(statement, params);
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    if (!statement.execute(true)) return rows;
    do {
      rows.push_back(copy_row(row));
    } while (statement.fetch());
    return rows;
  } catch (const soci::soci_error& error) {
    rethrow(error, sql);
  }
}

std::optional<Row> Connection::first(const std::string& sql, const Params& params) {
  std::vector<Row> rows = query(sql, params);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

Transaction::Transaction(Session& session, std::unique_lock<std::mutex> lock)
    : Connection(session), lock_(std::move(lock)) {
  session_->run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (open_) session_->try_run("ROLLBACK");
}

void Transaction::commit() {
  session_->run("COMMIT");
  open_ = false;
}

std::int64_t Transaction::execute(const std::string& sql, const Params& params) {
  try {
    soci::statement statement(session_->sql);
    Bindings bindings;
    bindings.bind(statement, params);
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    statement.execute(true);
    return statement.get_affected_rows();
  } catch (const soci::soci_error& error) {
    rethrow(error, sql);
  }
}

std::int64_t Transaction::next_number(const TenantId& tenant, std::string_view counter) {
  const Params key{{"tenant", tenant}, {"name", counter}};
  execute(
      "INSERT INTO counters (tenant_id, name, value) VALUES (:tenant, :name, 1) "
      "ON CONFLICT (tenant_id, name) DO UPDATE SET value = counters.value + 1",
      key);
  return first("SELECT value FROM counters WHERE tenant_id = :tenant AND name = :name", key).value().i64(0);
}

struct Database::Impl {
  std::mutex writer_mutex;
  Connection::Session writer;

  std::mutex reader_mutex;
  std::condition_variable reader_free;
  std::deque<Connection::Session> readers;
  std::vector<std::size_t> free_readers;
};

/// The writer's connection outside of transactions.
struct Database::Writer final : Connection {
  explicit Writer(Session& session) : Connection(session) {}
};

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file) {
  std::error_code error;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return fail(ErrorKind::internal, "database.unavailable",
                "The database " + file.string() + " cannot be opened; check the folder's owner and permissions.");
  }
  ::close(descriptor);
  try {
    auto impl = std::make_unique<Impl>();
    impl->writer.open(file);
    impl->writer.run("PRAGMA journal_mode = WAL");
    for (std::size_t i = 0; i < kReaders; ++i) {
      impl->readers.emplace_back().open(file);
      impl->readers.back().run("PRAGMA query_only = ON");
      impl->free_readers.push_back(i);
    }
    return std::unique_ptr<Database>(new Database(std::move(impl)));
  } catch (const std::exception& failed) {
    return fail(ErrorKind::internal, "database.unavailable",
                "The database " + file.string() + " cannot be used: " + failed.what());
  }
}

Transaction Database::begin() { return Transaction(impl_->writer, std::unique_lock(impl_->writer_mutex)); }

tl::unexpected<Error> Database::failure(const StoreError& error) {
  log::error("store failed", {{"error", error.what()}});
  if (dynamic_cast<const StoreFull*>(&error) != nullptr) {
    return fail(ErrorKind::unavailable, "store.full", "The disk of the database is full; free space on it.");
  }
  return fail(ErrorKind::internal, "store.failed", "The database could not do it; the log says why.");
}

Database::Lease::Lease(Database& database) : database_(database) {
  Impl& impl = *database_.impl_;
  {
    std::unique_lock lock(impl.reader_mutex);
    impl.reader_free.wait(lock, [&] { return !impl.free_readers.empty(); });
    index_ = impl.free_readers.back();
    impl.free_readers.pop_back();
  }
  struct Reader final : Connection {
    explicit Reader(Session& session) : Connection(session) {}
  };
  connection_ = std::make_unique<Reader>(impl.readers[index_]);
  impl.readers[index_].try_run("BEGIN");
}

Database::Lease::~Lease() {
  Impl& impl = *database_.impl_;
  impl.readers[index_].try_run("COMMIT");
  {
    const std::lock_guard lock(impl.reader_mutex);
    impl.free_readers.push_back(index_);
  }
  impl.reader_free.notify_one();
}

namespace {

/// Form of the file itself, in its user_version: 1 since it holds nothing that was deleted before secure_delete.
constexpr std::int64_t kRewritten = 1;

}  // namespace

bool Database::empty_log() {
  const std::lock_guard lock(impl_->writer_mutex);
  Writer writer(impl_->writer);
  try {
    impl_->writer.run("PRAGMA busy_timeout = " + std::to_string(kLogPatienceMs));
    const auto row = writer.first("PRAGMA wal_checkpoint(TRUNCATE)");
    impl_->writer.run("PRAGMA busy_timeout = " + std::to_string(kBusyTimeoutMs));
    return row && row->i64(0) == 0;
  } catch (const StoreError& error) {
    log::warning("the database's log could not be emptied", {{"error", error.what()}});
    impl_->writer.try_run(("PRAGMA busy_timeout = " + std::to_string(kBusyTimeoutMs)).c_str());
    return false;
  }
}

void Database::rewrite_once() {
  try {
    const std::lock_guard lock(impl_->writer_mutex);
    Writer writer(impl_->writer);
    if (writer.first("PRAGMA user_version").value().i64(0) >= kRewritten) return;
    impl_->writer.run("VACUUM");
    impl_->writer.run("PRAGMA user_version = " + std::to_string(kRewritten));
  } catch (const StoreError& error) {
    // Nothing is lost by it: the next start tries again.
    log::warning("the database could not be written anew", {{"error", error.what()}});
    return;
  }
  static_cast<void>(empty_log());
}

std::vector<std::string> Database::integrity_problems() {
  std::vector<std::string> problems;
  const auto checked = read([&](Connection& connection) -> Result<void> {
    for (const Row& row : connection.query("PRAGMA integrity_check")) {
      if (row.text(0) != "ok") problems.push_back(row.text(0));
    }
    for (const Row& row : connection.query("SELECT \"table\", COUNT(*) FROM pragma_foreign_key_check() GROUP BY 1")) {
      problems.push_back("table " + row.text(0) + " has " + row.text(1) + " rows that refer to nothing");
    }
    return {};
  });
  if (!checked) problems.push_back(checked.error().message);
  return problems;
}

}  // namespace tw::store
