// SPDX-License-Identifier: Apache-2.0
#include "score/section.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout {

Result<std::vector<Input>> score_inputs(const ScoreData& data, const std::string& name) {
  if (!data.inputs) return Error{ErrorKind::not_found, fmt::format("needs {}", name)};
  return data.inputs(name);
}

Result<std::vector<Series>> score_series(const ScoreData& data, const std::string& name,
                                         const ReadOptions& options) {
  Result<std::vector<Input>> inputs = score_inputs(data, name);
  if (!inputs) return inputs.error();
  Reading reading = read_inputs(*inputs, options);
  if (reading.series.empty()) {
    return Error{ErrorKind::malformed, fmt::format("no series could be read from {}", name)};
  }
  return std::move(reading.series);
}

ScoreBlock score_text(std::string text) {
  return {.text = std::move(text), .table = {}};
}

ScoreBlock score_table(ScoreTable table) {
  return {.text = {}, .table = std::move(table)};
}

ScoreSection not_scored(std::string heading, const Error& why) {
  return {.heading = std::move(heading),
          .blocks = {score_text("Not scored: " + why.message + ".")},
          .scored = false};
}

std::string render_score_markdown(const std::vector<ScoreSection>& sections) {
  std::string out;
  for (const ScoreSection& section : sections) {
    out += (out.empty() ? "## " : "\n## ") + section.heading + "\n";
    for (const ScoreBlock& block : section.blocks) {
      if (!block.text.empty()) out += "\n" + block.text + "\n";
      if (block.table.columns.empty()) continue;
      out += "\n|";
      for (const std::string& column : block.table.columns) out += " " + column + " |";
      out += "\n|";
      for (std::size_t i = 0; i < block.table.columns.size(); ++i) out += "---|";
      out += "\n";
      for (const auto& row : block.table.rows) {
        out += "|";
        for (const std::string& cell : row) out += " " + cell + " |";
        out += "\n";
      }
    }
  }
  return out;
}

std::string render_score_text(const std::vector<ScoreSection>& sections) {
  std::string out;
  for (const ScoreSection& section : sections) {
    out += (out.empty() ? "" : "\n") + section.heading + "\n" +
           std::string(section.heading.size(), '=') + "\n";
    for (const ScoreBlock& block : section.blocks) {
      if (!block.text.empty()) out += block.text + "\n";
      std::vector<std::size_t> widths;
      const auto measure = [&](const std::vector<std::string>& row) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
      };
      measure(block.table.columns);
      for (const auto& row : block.table.rows) measure(row);
      const auto write = [&](const std::vector<std::string>& row) {
        std::string line = "  ";
        for (std::size_t i = 0; i < row.size(); ++i) {
          line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
      };
      if (block.table.columns.empty()) continue;
      write(block.table.columns);
      for (const auto& row : block.table.rows) write(row);
    }
  }
  return out;
}

}  // namespace lightsout
