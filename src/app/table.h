// TableWriter: rows of one shape, written as a table for people or as CSV, TSV, JSON or JSON Lines.
//
//   TableWriter table(world, options, {"signal", "onset"});
//   table.row({anomaly.signal.text(), format_time(anomaly.onset.value)});
//   return table.finish();
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "app/options.h"
#include "app/world.h"

namespace lightsout {

class TableWriter {
 public:
  // A cell is text, or a number that JSON shows without quotes; nothing (null, an empty cell) for
  // {}.
  struct Cell {
    Cell() : kind(Kind::none) {}
    Cell(std::string value) : kind(Kind::text), text(std::move(value)) {}
    Cell(std::string_view value) : kind(Kind::text), text(value) {}
    Cell(const char* value) : kind(Kind::text), text(value) {}
    Cell(double value);
    Cell(std::size_t value) : kind(Kind::number), text(std::to_string(value)) {}

    enum class Kind { none, text, number } kind;
    std::string text;
  };

  TableWriter(World& world, const Options& options, std::vector<std::string> columns);

  void row(std::vector<Cell> cells);
  std::size_t rows() const { return rows_; }
  Status finish();

 private:
  void write_separated(const std::vector<Cell>& cells, char separator);
  void write_json(const std::vector<Cell>& cells);
  void write_aligned();
  void flush_if_large();

  World& world_;
  Format format_;
  bool header_;
  std::vector<std::string> columns_;
  std::vector<std::vector<Cell>> waiting_;  // Format::table only: widths are known at the end
  std::string text_;
  std::size_t rows_ = 0;
  Status status_;
};

}  // namespace lightsout
