// SPDX-License-Identifier: Apache-2.0
#include "app/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lightsout {

namespace {

constexpr std::size_t kFlushBytes = 1 << 16;
constexpr std::size_t kAlignedRows = 10'000;  // beyond these a table is cut, and says so

// Characters, not bytes: a name in Cyrillic takes as many columns as it has letters.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string quoted(const std::string& text, char separator) {
  const std::string special = {separator, '"', '\n', '\r'};
  if (text.find_first_of(special) == std::string::npos) return text;
  std::string copy = "\"";
  for (const char c : text) {
    if (c == '"') copy += '"';
    copy += c;
  }
  return copy + '"';
}

}  // namespace

TableWriter::Cell::Cell(double value) : kind(Kind::number), text(fmt::format("{}", value)) {
  CHECK(value == value);  // a bin without a number is an empty cell, never NaN
}

TableWriter::TableWriter(World& world, const Options& options, std::vector<std::string> columns)
    : world_(world),
      format_(options.format),
      header_(!options.no_header),
      columns_(std::move(columns)) {
  std::vector<Cell> names(columns_.begin(), columns_.end());
  if (format_ == Format::csv && header_) write_separated(names, ',');
  if (format_ == Format::tsv && header_) write_separated(names, '\t');
  if (format_ == Format::json) text_ += "[";
}

void TableWriter::row(std::vector<Cell> cells) {
  CHECK(cells.size() == columns_.size());
  ++rows_;
  switch (format_) {
    case Format::csv:
      write_separated(cells, ',');
      break;
    case Format::tsv:
      write_separated(cells, '\t');
      break;
    case Format::json:
      text_ += rows_ == 1 ? "\n" : ",\n";
      write_json(cells);
      break;
    case Format::jsonl:
      write_json(cells);
      text_ += '\n';
      break;
    default:
      if (waiting_.size() < kAlignedRows) waiting_.push_back(std::move(cells));
  }
  flush_if_large();
}

Status TableWriter::finish() {
  if (format_ == Format::json) text_ += "\n]\n";
  if (format_ == Format::table) write_aligned();
  if (status_.ok()) status_ = world_.out(text_);
  return status_;
}

void TableWriter::write_separated(const std::vector<Cell>& cells, char separator) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text_ += separator;
    text_ += quoted(cells[i].text, separator);
  }
  text_ += '\n';
}

void TableWriter::write_json(const std::vector<Cell>& cells) {
  nlohmann::ordered_json object;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Cell& cell = cells[i];
    nlohmann::ordered_json& value = object[columns_[i]];
    if (cell.kind == Cell::Kind::text) value = cell.text;
    if (cell.kind == Cell::Kind::number) value = nlohmann::ordered_json::parse(cell.text);
  }
  text_ += object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void TableWriter::write_aligned() {
  std::vector<std::size_t> widths;
  for (const std::string& name : columns_) widths.push_back(width_of(name));
  for (const std::vector<Cell>& cells : waiting_) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(cells[i].text));
    }
  }
  const auto line = [&](const std::vector<Cell>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string padding(widths[i] - width_of(cells[i].text), ' ');
      if (i > 0) text += "  ";
      text +=
          cells[i].kind == Cell::Kind::number ? padding + cells[i].text : cells[i].text + padding;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text_ += text + '\n';
  };
  if (header_) line(std::vector<Cell>(columns_.begin(), columns_.end()));
  for (const std::vector<Cell>& cells : waiting_) line(cells);
  if (rows_ > waiting_.size()) {
    text_ +=
        fmt::format("... and {} more rows; --format csv prints all\n", rows_ - waiting_.size());
  }
}

void TableWriter::flush_if_large() {
  if (text_.size() < kFlushBytes || !status_.ok()) return;
  status_ = world_.out(text_);
  text_.clear();
}

}  // namespace lightsout
