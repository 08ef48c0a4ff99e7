// render_markdown: the same document as CommonMark with tables.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/chart.h"
#include "report/document.h"
#include "report/escape.h"
#include "report/report.h"
#include "report/words.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostRows = 200;
constexpr std::size_t kFigureRows = 42;

std::string table_markdown(const Table& table) {
  std::string text = "|";
  for (const Column& column : table.columns) {
    text += " " + escape_markdown(column.heading.empty() ? " " : column.heading) + " |";
  }
  text += "\n|";
  for (const Column& column : table.columns) text += column.numeric ? "---:|" : "---|";
  text += "\n";
  for (const auto& row : table.rows) {
    text += "|";
    for (const Cell& cell : row) {
      const bool strong = cell.tone == Tone::strong && !cell.text.empty();
      const std::string mark = strong ? "**" : "";
      text += " " + mark + escape_markdown(cell.text) + mark + " |";
    }
    text += "\n";
  }
  return text + "\n";
}

// A fence longer than any run of back quotes inside: the text cannot close it.
std::string fenced(const std::string& text) {
  std::string fence = "```";
  while (text.find(fence) != std::string::npos) fence += '`';
  return fence + "\n" + text + "\n" + fence + "\n\n";
}

std::string block_markdown(const Block& block) {
  switch (block.kind) {
    case BlockKind::paragraph:
      return escape_markdown(block.text) + "\n\n";
    case BlockKind::note:
      return "*" + escape_markdown(block.text) + "*\n\n";
    case BlockKind::preformatted:
      return fenced(clean_text(block.text));
    case BlockKind::table:
      return table_markdown(block.table);
    case BlockKind::bullets: {
      std::string text;
      for (const std::string& item : block.items) text += "- " + escape_markdown(item) + "\n";
      return text + "\n";
    }
    case BlockKind::planes_figure:
    case BlockKind::parts_figure:
      break;
  }
  return {};
}

std::string figure_markdown(const Subject& subject) {
  if (subject.rows.empty() || subject.shown.empty()) return {};
  std::string text = "## Figure 1 as text and table\n\n";
  for (const std::size_t index : subject.rows) {
    text += "- " + escape_markdown(alt_text(subject, index)) + "\n";
  }
  text += "\nShare of what was expected in each stretch, or the level where nothing was.\n\n";
  return text + table_markdown(figure_table(subject, subject.rows, kFigureRows));
}

}  // namespace

std::string render_markdown(const Report& report) {
  const Subject subject = subject_of(report);
  const Document document = document_of(subject, kMostRows);
  const Verdict& verdict = document.verdict;
  std::string text = "# " + escape_markdown(document.title) + "\n\n";
  if (!document.banner.empty()) text += "> **" + escape_markdown(document.banner) + "**\n\n";
  std::string header = verdict.status;
  for (const std::string& item : document.header) header += " \u00b7 " + item;
  text += escape_markdown(header + " \u00b7 " + document.data_through) + "\n\n";
  for (const std::string& sentence : verdict.sentences) text += escape_markdown(sentence) + " ";
  text += "\n\n*" + escape_markdown(verdict.caution) + "*\n\n";
  Table figures;
  std::vector<Cell> values;
  std::vector<Cell> notes;
  for (const KeyFigure& figure : verdict.figures) {
    figures.columns.push_back({figure.label});
    values.push_back({figure.value, Tone::strong});
    notes.push_back({figure.note});
  }
  figures.rows = {values, notes};
  text += table_markdown(figures);
  for (const Section& section : document.sections) {
    text += "## " + escape_markdown(section.heading) + "\n\n";
    for (const Block& block : section.blocks) text += block_markdown(block);
    if (section.id == "measurements") text += figure_markdown(subject);
  }
  return text;
}

}  // namespace lightsout
