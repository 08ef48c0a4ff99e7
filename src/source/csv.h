// CsvReader: rows out of a stream of bytes, each with the place where it stood.
//
// RFC 4180, and what people really send: a byte order mark, CRLF, ';' or tab between the fields,
// '#' comments, blank lines, quotes around fields that hold separators and line ends. A row that
// cannot be read (longer than kLongestRow, a quote that never closes, a NUL byte) is counted in the
// Damage and reading goes on at the next line. The fields are valid until the next call.
//
//   CsvReader reader(source, "export.csv", damage);
//   CsvRow row;
//   while (reader.next(row)) use(row.fields[0], row.offset);
//
// CsvTable reads the first row as the names of the columns and hands out only rows as long as it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/byte_source.h"
#include "core/damage.h"

namespace lightsout {

struct CsvRow {
  std::uint64_t offset = 0;  // of its first byte
  std::uint64_t bytes = 0;   // with its line end
  std::uint64_t line = 0;    // 1-based, of its first line
  std::span<const std::string_view> fields;
};

class CsvReader {
 public:
  CsvReader(ByteSource& source, std::string file, Damage& damage);

  // False at the end of the input.
  bool next(CsvRow& row);

  char separator() const { return separator_; }
  std::uint64_t offset() const { return base_ + at_; }

 private:
  enum class Parsed { row, skipped, too_long, open_quote };

  void fill();
  void begin();
  std::string_view rest() const { return std::string_view(buffer_).substr(at_, end_ - at_); }
  std::size_t line_length(std::string_view text) const;  // with its line end
  Parsed parse(std::string_view text, std::size_t& length);
  bool take_quoted(std::string_view text, std::size_t& at);
  void take_plain(std::string_view text, std::size_t& at);
  void write_single_quotes();
  void pass_over(Parsed why);
  void drop_line();
  void damaged(std::uint64_t offset, std::uint64_t bytes, std::string reason);

  ByteSource& source_;
  std::string file_;
  Damage& damage_;
  std::string buffer_;
  std::size_t at_ = 0;      // where the next row begins in the buffer
  std::size_t end_ = 0;     // one past the bytes that were read
  std::uint64_t base_ = 0;  // offset of the buffer's first byte in the input
  std::uint64_t line_ = 1;
  bool begun_ = false;
  bool ended_ = false;
  bool quoted_ = false;  // the last row had a quoted field
  char separator_ = ',';
  char line_end_ = '\n';
  std::vector<std::string_view> fields_;
  std::vector<std::size_t> doubled_;  // fields that hold "" for a quote
};

class CsvTable {
 public:
  CsvTable(ByteSource& source, std::string file, Damage& damage);

  const std::vector<std::string>& names() const { return names_; }
  // The column of that name (case and blanks around it do not matter), or of that 1-based number.
  std::optional<std::size_t> column(std::string_view name) const;
  bool next(CsvRow& row);
  // A semicolon file from a locale that writes 12,5.
  bool decimal_comma() const { return reader_.separator() == ';'; }

 private:
  std::string file_;
  Damage& damage_;
  CsvReader reader_;
  std::vector<std::string> names_;
};

// The names in the first row of a head, for recognition; empty when it does not look like a table.
std::vector<std::string> csv_header(std::string_view head);

}  // namespace lightsout
