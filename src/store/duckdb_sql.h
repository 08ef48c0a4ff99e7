// The little of DuckDB that the store needs, with values of our own: the only file that knows its
// header is duckdb_sql.cc, so that the library can be exchanged.
//
//   auto database = SqlDatabase::open("x.db", {});
//   auto connection = (*database)->connect();
//   auto rows = (*connection)->query("SELECT time FROM samples WHERE track = ?", {7});
//   while (rows->next()) use(rows->column<std::int64_t>(0));
//
// Text reaches the database only as a parameter, never inside the SQL. A connection belongs to one
// thread at a time; a database may be shared. Everything that DuckDB says against us is an Error of
// kind world whose message is its first line.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"

namespace lightsout {

// monostate is NULL.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>;

// The rows of an answer, in blocks of up to 2,048, each a set of columns.
class SqlRows {
 public:
  SqlRows();
  ~SqlRows();
  SqlRows(SqlRows&&) noexcept;
  SqlRows& operator=(SqlRows&&) noexcept;

  bool next();               // goes to the next block; false at the end
  std::size_t size() const;  // rows in this block

  // T is what the SQL says: int64_t for BIGINT, int32_t, uint8_t, double, float. Another is our
  // bug.
  template <typename T>
  std::span<const T> column(std::size_t index) const;
  bool is_null(std::size_t column, std::size_t row) const;
  // One bit a row, 1: there is a value. nullptr: every row has one.
  const std::uint64_t* validity(std::size_t column) const;
  std::string text(std::size_t column, std::size_t row) const;  // VARCHAR; empty when NULL

 private:
  friend class SqlConnection;
  struct State;
  std::unique_ptr<State> state_;
};

// One column of rows to append. Its type is the table's, exactly.
struct SqlColumn {
  std::variant<std::span<const std::int32_t>, std::span<const std::int64_t>,
               std::span<const std::uint8_t>, std::span<const double>, std::span<const float>,
               std::span<const std::string>>  // VARCHAR, valid UTF-8
      values;
  std::span<const std::uint8_t> present;  // 0: NULL. Empty: none is
};

// Appends columns to one table inside the connection's transaction. Rows are there for queries
// after flush(), and last when the transaction is committed.
class SqlAppender {
 public:
  ~SqlAppender();
  SqlAppender(const SqlAppender&) = delete;
  SqlAppender& operator=(const SqlAppender&) = delete;

  Status append(std::span<const SqlColumn> columns);  // all of one length
  Status flush();

 private:
  friend class SqlConnection;
  struct State;
  explicit SqlAppender(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class SqlConnection {
 public:
  ~SqlConnection();
  SqlConnection(const SqlConnection&) = delete;
  SqlConnection& operator=(const SqlConnection&) = delete;

  Result<SqlRows> query(std::string_view sql, std::span<const SqlValue> parameters = {});
  Result<SqlRows> query(std::string_view sql, std::initializer_list<SqlValue> parameters) {
    return query(sql, std::span(parameters.begin(), parameters.size()));
  }
  // query() for what answers nothing.
  Status run(std::string_view sql, std::initializer_list<SqlValue> parameters = {});
  // The first row's first column; nullopt when there is no row or it is NULL.
  Result<std::optional<std::int64_t>> number(std::string_view sql,
                                             std::initializer_list<SqlValue> parameters = {});
  Result<std::unique_ptr<SqlAppender>> appender(const std::string& table);

 private:
  friend class SqlDatabase;
  struct State;
  explicit SqlConnection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// All columns at once through an appender of their own: there for queries when it returns.
Status append_rows(SqlConnection& connection, const std::string& table,
                   std::span<const SqlColumn> columns);

struct SqlOptions {
  unsigned memory_limit_mb = 200;
  unsigned threads = 2;
  bool read_only = false;
};

class SqlDatabase {
 public:
  ~SqlDatabase();
  SqlDatabase(const SqlDatabase&) = delete;
  SqlDatabase& operator=(const SqlDatabase&) = delete;

  static Result<std::unique_ptr<SqlDatabase>> open(const std::string& path,
                                                   const SqlOptions& options);
  Result<std::unique_ptr<SqlConnection>> connect();

 private:
  struct State;
  explicit SqlDatabase(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Begun when it is made; rolled back when it goes without commit().
class SqlTransaction {
 public:
  static Result<std::unique_ptr<SqlTransaction>> begin(SqlConnection& connection);
  ~SqlTransaction();
  SqlTransaction(const SqlTransaction&) = delete;
  SqlTransaction& operator=(const SqlTransaction&) = delete;

  Status commit();  // when it returns ok, the rows are on disk

 private:
  explicit SqlTransaction(SqlConnection& connection) : connection_(connection) {}
  SqlConnection& connection_;
  bool open_ = true;
};

}  // namespace lightsout
