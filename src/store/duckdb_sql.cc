// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb_sql.h"

#include <duckdb.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/check.h"

namespace lightsout {

namespace {

Error said(const char* message) {
  std::string text = message == nullptr ? "no reason was given" : message;
  text.resize(std::min(text.find('\n'), text.size()));
  // DuckDB wraps what the system said as JSON when it cannot go on; the sentence is inside.
  constexpr std::string_view kInside = "\"exception_message\":\"";
  if (const auto at = text.find(kInside); at != std::string::npos) {
    text = text.substr(at + kInside.size());
    text.resize(std::min(text.find('"'), text.size()));
  }
  return Error{ErrorKind::world, std::move(text)};
}

template <typename T>
constexpr duckdb_type type_of();
template <>
constexpr duckdb_type type_of<std::int32_t>() {
  return DUCKDB_TYPE_INTEGER;
}
template <>
constexpr duckdb_type type_of<std::int64_t>() {
  return DUCKDB_TYPE_BIGINT;
}
template <>
constexpr duckdb_type type_of<std::uint8_t>() {
  return DUCKDB_TYPE_UTINYINT;
}
template <>
constexpr duckdb_type type_of<double>() {
  return DUCKDB_TYPE_DOUBLE;
}
template <>
constexpr duckdb_type type_of<float>() {
  return DUCKDB_TYPE_FLOAT;
}

template <>
constexpr duckdb_type type_of<std::string>() {
  return DUCKDB_TYPE_VARCHAR;
}

}  // namespace

struct SqlRows::State {
  duckdb_result result{};
  duckdb_data_chunk chunk = nullptr;
  std::vector<duckdb_type> types;

  duckdb_vector vector(std::size_t column, duckdb_type type) const {
    CHECK(chunk != nullptr && column < types.size() && types[column] == type);
    return duckdb_data_chunk_get_vector(chunk, column);
  }
  ~State() {
    if (chunk != nullptr) duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_result(&result);
  }
};

SqlRows::SqlRows() : state_(std::make_unique<State>()) {}
SqlRows::~SqlRows() = default;
SqlRows::SqlRows(SqlRows&&) noexcept = default;
SqlRows& SqlRows::operator=(SqlRows&&) noexcept = default;

bool SqlRows::next() {
  if (state_->chunk != nullptr) duckdb_destroy_data_chunk(&state_->chunk);
  state_->chunk = duckdb_fetch_chunk(state_->result);
  return state_->chunk != nullptr && size() > 0;
}

std::size_t SqlRows::size() const {
  return duckdb_data_chunk_get_size(state_->chunk);
}

template <typename T>
std::span<const T> SqlRows::column(std::size_t index) const {
  const duckdb_vector vector = state_->vector(index, type_of<T>());
  return {static_cast<const T*>(duckdb_vector_get_data(vector)), size()};
}
template std::span<const std::int32_t> SqlRows::column(std::size_t) const;
template std::span<const std::int64_t> SqlRows::column(std::size_t) const;
template std::span<const std::uint8_t> SqlRows::column(std::size_t) const;
template std::span<const double> SqlRows::column(std::size_t) const;
template std::span<const float> SqlRows::column(std::size_t) const;

const std::uint64_t* SqlRows::validity(std::size_t column) const {
  CHECK(column < state_->types.size());
  return duckdb_vector_get_validity(state_->vector(column, state_->types[column]));
}

bool SqlRows::is_null(std::size_t column, std::size_t row) const {
  const std::uint64_t* valid = validity(column);
  return valid != nullptr && (valid[row / 64] >> (row % 64) & 1) == 0;
}

std::string SqlRows::text(std::size_t column, std::size_t row) const {
  if (is_null(column, row)) return {};
  const duckdb_vector vector = state_->vector(column, DUCKDB_TYPE_VARCHAR);
  duckdb_string_t& string = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector))[row];
  return {duckdb_string_t_data(&string), duckdb_string_t_length(string)};
}

struct SqlAppender::State {
  duckdb_appender appender = nullptr;
  duckdb_data_chunk chunk = nullptr;
  std::vector<duckdb_logical_type> types;

  ~State() {
    if (chunk != nullptr) duckdb_destroy_data_chunk(&chunk);
    for (duckdb_logical_type& type : types) duckdb_destroy_logical_type(&type);
    if (appender != nullptr) duckdb_appender_destroy(&appender);
  }

  Error error() {
    duckdb_error_data data = duckdb_appender_error_data(appender);
    const Error error = said(duckdb_error_data_message(data));
    duckdb_destroy_error_data(&data);
    return error;
  }
};

SqlAppender::SqlAppender(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqlAppender::~SqlAppender() = default;

namespace {

void fill(duckdb_vector vector, const SqlColumn& column, std::size_t from, std::size_t count) {
  std::visit(
      [&](const auto& values) {
        const auto part = values.subspan(from, count);
        if constexpr (std::is_same_v<typename decltype(part)::value_type, std::string>) {
          for (std::size_t i = 0; i < count; ++i) {
            duckdb_vector_assign_string_element_len(vector, i, part[i].data(), part[i].size());
          }
        } else {
          std::memcpy(duckdb_vector_get_data(vector), part.data(), part.size_bytes());
        }
      },
      column.values);
  if (column.present.empty()) return;
  duckdb_vector_ensure_validity_writable(vector);
  std::uint64_t* validity = duckdb_vector_get_validity(vector);
  std::memset(validity, 0xff, (count + 63) / 64 * sizeof(std::uint64_t));
  for (std::size_t i = 0; i < count; ++i) {
    if (column.present[from + i] == 0) validity[i / 64] &= ~(std::uint64_t{1} << (i % 64));
  }
}

}  // namespace

Status SqlAppender::append(std::span<const SqlColumn> columns) {
  CHECK(columns.size() == state_->types.size());
  const auto length_of = [](const auto& values) { return values.size(); };
  const std::size_t rows = std::visit(length_of, columns.front().values);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    CHECK(std::visit(length_of, columns[i].values) == rows);
    CHECK(columns[i].present.empty() || columns[i].present.size() == rows);
    const duckdb_type type =
        std::visit([](auto values) { return type_of<typename decltype(values)::value_type>(); },
                   columns[i].values);
    CHECK(duckdb_get_type_id(state_->types[i]) == type);
  }
  const std::size_t block = duckdb_vector_size();
  for (std::size_t from = 0; from < rows; from += block) {
    const std::size_t count = std::min(block, rows - from);
    duckdb_data_chunk_reset(state_->chunk);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      fill(duckdb_data_chunk_get_vector(state_->chunk, i), columns[i], from, count);
    }
    duckdb_data_chunk_set_size(state_->chunk, count);
    if (duckdb_append_data_chunk(state_->appender, state_->chunk) == DuckDBError) {
      return state_->error();
    }
  }
  return {};
}

Status SqlAppender::flush() {
  if (duckdb_appender_flush(state_->appender) == DuckDBError) return state_->error();
  return {};
}

namespace {

struct Statement {
  duckdb_prepared_statement prepared = nullptr;

  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { duckdb_destroy_prepare(&prepared); }

  bool bind(std::size_t index, const SqlValue& value) {
    duckdb_state state = DuckDBError;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      state = duckdb_bind_int64(prepared, index, *number);
    } else if (const auto* real = std::get_if<double>(&value)) {
      state = duckdb_bind_double(prepared, index, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      state = duckdb_bind_varchar_length(prepared, index, text->data(), text->size());
    } else {
      state = duckdb_bind_null(prepared, index);
    }
    return state == DuckDBSuccess;
  }
};

}  // namespace

struct SqlConnection::State {
  duckdb_connection connection = nullptr;
  ~State() { duckdb_disconnect(&connection); }
};

SqlConnection::SqlConnection(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqlConnection::~SqlConnection() = default;

Result<SqlRows> SqlConnection::query(std::string_view sql, std::span<const SqlValue> parameters) {
  // Planned anew each time: DuckDB 1.5.6 bakes the statistics of the moment into a plan, and one
  // that is run again after rows were added answered with wrong numbers (docs/decisions/0051).
  Statement statement;
  const std::string text(sql);
  if (duckdb_prepare(state_->connection, text.c_str(), &statement.prepared) == DuckDBError) {
    return said(duckdb_prepare_error(statement.prepared));
  }
  CHECK(duckdb_nparams(statement.prepared) == parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!statement.bind(i + 1, parameters[i])) {
      return Error{ErrorKind::world, "a text that is not UTF-8 cannot be stored"};
    }
  }
  SqlRows rows;
  if (duckdb_execute_prepared(statement.prepared, &rows.state_->result) == DuckDBError) {
    return said(duckdb_result_error(&rows.state_->result));
  }
  const std::size_t columns = duckdb_column_count(&rows.state_->result);
  for (std::size_t i = 0; i < columns; ++i) {
    rows.state_->types.push_back(duckdb_column_type(&rows.state_->result, i));
  }
  return rows;
}

Status SqlConnection::run(std::string_view sql, std::initializer_list<SqlValue> parameters) {
  const Result<SqlRows> rows = query(sql, parameters);
  return rows ? Status() : Status(rows.error());
}

Result<std::optional<std::int64_t>> SqlConnection::number(
    std::string_view sql, std::initializer_list<SqlValue> parameters) {
  Result<SqlRows> rows = query(sql, parameters);
  if (!rows) return rows.error();
  if (!rows->next() || rows->is_null(0, 0)) return std::optional<std::int64_t>();
  return std::optional(rows->column<std::int64_t>(0)[0]);
}

Result<std::unique_ptr<SqlAppender>> SqlConnection::appender(const std::string& table) {
  auto state = std::make_unique<SqlAppender::State>();
  if (duckdb_appender_create(state_->connection, nullptr, table.c_str(), &state->appender) ==
      DuckDBError) {
    return state->error();
  }
  const std::size_t columns = duckdb_appender_column_count(state->appender);
  for (std::size_t i = 0; i < columns; ++i) {
    state->types.push_back(duckdb_appender_column_type(state->appender, i));
  }
  state->chunk = duckdb_create_data_chunk(state->types.data(), columns);
  return std::unique_ptr<SqlAppender>(new SqlAppender(std::move(state)));
}

Status append_rows(SqlConnection& connection, const std::string& table,
                   std::span<const SqlColumn> columns) {
  const Result<std::unique_ptr<SqlAppender>> appender = connection.appender(table);
  if (!appender) return appender.error();
  if (Status added = (*appender)->append(columns); !added) return added;
  return (*appender)->flush();
}

struct SqlDatabase::State {
  duckdb_database database = nullptr;
  bool attached = false;  // the file, as kAttached; otherwise everything is in memory
  ~State() { duckdb_close(&database); }
};

SqlDatabase::SqlDatabase(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqlDatabase::~SqlDatabase() = default;

namespace {

constexpr const char* kAttached = "lightsout_file";

// A put with fewer rows goes through the log and is compressed later; one with more is written to
// the file at once, in pieces of so many rows, which takes half the time. DuckDB's own 122,880 are
// more than a year of 5 minutes. Less would waste space: each such put takes a block of 256 KiB.
constexpr int kRowsAPiece = 61'440;

std::string quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

Result<duckdb_database> open_in_memory(const std::string& temporary, const SqlOptions& options) {
  duckdb_config config = nullptr;
  CHECK(duckdb_create_config(&config) == DuckDBSuccess);
  const std::pair<const char*, std::string> settings[] = {
      {"memory_limit", std::to_string(options.memory_limit_mb) + "MB"},
      {"threads", std::to_string(std::max(1u, options.threads))},
      {"temp_directory", temporary},
      // Nothing is ever fetched: neither extensions, nor files named in SQL.
      {"autoinstall_known_extensions", "false"},
      {"autoload_known_extensions", "false"},
  };
  for (const auto& [name, value] : settings) {
    CHECK(duckdb_set_config(config, name, value.c_str()) == DuckDBSuccess);
  }
  duckdb_database database = nullptr;
  char* message = nullptr;
  const bool failed = duckdb_open_ext(":memory:", &database, config, &message) == DuckDBError;
  duckdb_destroy_config(&config);
  if (!failed) return database;
  const Error error = said(message);
  duckdb_free(message);
  return error;
}

}  // namespace

Result<std::unique_ptr<SqlDatabase>> SqlDatabase::open(const std::string& path,
                                                       const SqlOptions& options) {
  const bool in_memory = path == ":memory:";
  const Result<duckdb_database> opened = open_in_memory(in_memory ? "" : path + ".tmp", options);
  if (!opened) return opened.error();
  auto state = std::make_unique<State>();
  state->database = *opened;
  std::unique_ptr<SqlDatabase> database(new SqlDatabase(std::move(state)));
  if (in_memory) return database;
  // Only ATTACH lets us say how many rows a piece has.
  const Result<std::unique_ptr<SqlConnection>> connection = database->connect();
  if (!connection) return connection.error();
  const Status attached =
      (*connection)
          ->run("ATTACH " + quoted(path) + " AS " + kAttached +
                (options.read_only ? " (READ_ONLY)"
                                   : " (ROW_GROUP_SIZE " + std::to_string(kRowsAPiece) + ")"));
  if (!attached) return attached.error();
  database->state_->attached = true;
  return database;
}

Result<std::unique_ptr<SqlConnection>> SqlDatabase::connect() {
  auto state = std::make_unique<SqlConnection::State>();
  if (duckdb_connect(state_->database, &state->connection) == DuckDBError) {
    return Error{ErrorKind::world, "no further connection to the database could be made"};
  }
  std::unique_ptr<SqlConnection> connection(new SqlConnection(std::move(state)));
  if (!state_->attached) return connection;
  const Status used = connection->run(fmt::format("USE {}", kAttached));
  if (!used) return used.error();
  return connection;
}

Result<std::unique_ptr<SqlTransaction>> SqlTransaction::begin(SqlConnection& connection) {
  const Status begun = connection.run("BEGIN TRANSACTION");
  if (!begun) return begun.error();
  return std::unique_ptr<SqlTransaction>(new SqlTransaction(connection));
}

SqlTransaction::~SqlTransaction() {
  // A failed rollback leaves nothing to do: the connection is given up, and with it the
  // transaction.
  if (open_) static_cast<void>(connection_.run("ROLLBACK"));
}

Status SqlTransaction::commit() {
  open_ = false;
  Status done = connection_.run("COMMIT");
  if (!done) static_cast<void>(connection_.run("ROLLBACK"));
  return done;
}

}  // namespace lightsout
