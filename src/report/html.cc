// render_html: the document and its figures as one page. docs/methods/wording.md for what it says.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/chart.h"
#include "report/document.h"
#include "report/escape.h"
#include "report/report.h"
#include "report/style.h"
#include "report/words.h"

namespace lightsout {

namespace {

// How much of everything a page holds; the first that fits the limit is taken.
struct PageDetail {
  ChartDetail chart;
  std::size_t table_rows;
  std::size_t most_text;  // bytes of one text
};

constexpr std::array<PageDetail, 8> kDetails{{
    {{.columns = 720, .tolerance = 5, .strip_columns = 144, .table_rows = 42}, 40, 2000},
    {{.columns = 720, .tolerance = 9, .strip_columns = 120, .table_rows = 32}, 40, 1000},
    {{.columns = 480, .tolerance = 12, .strip_columns = 96, .table_rows = 24}, 30, 500},
    {{.columns = 300, .tolerance = 20, .strip_columns = 72, .table_rows = 16}, 20, 300},
    {{.columns = 240, .tolerance = 25, .strip_columns = 60, .table_rows = 12, .parts = 30},
     20,
     240},
    {{.columns = 160, .tolerance = 34, .strip_columns = 40, .table_rows = 8, .parts = 20}, 14, 170},
    {{.columns = 180,
      .tolerance = 30,
      .strip_columns = 48,
      .table_rows = 10,
      .marks = 6,
      .parts = 20},
     10,
     160},
    {{.columns = 90,
      .tolerance = 60,
      .strip_columns = 24,
      .table_rows = 6,
      .marks = 3,
      .parts = 10},
     4,
     60},
}};

constexpr std::size_t kLongestParagraph = 1000;  // ours are shorter at every level of detail

class Page {
 public:
  explicit Page(const PageDetail& detail) : detail_(detail) {}

  std::string render(const Subject& subject) const;

 private:
  std::string text(const std::string& value) const;
  std::string cell(const Cell& cell, const Column& column) const;
  std::string table(const Table& table) const;
  std::string block(const Block& block) const;
  std::string head(const Document& document) const;
  std::string top(const Document& document) const;

  const PageDetail& detail_;
};

std::string Page::text(const std::string& value) const {
  return escape_html(clipped(value, detail_.most_text));
}

std::string Page::cell(const Cell& cell, const Column& column) const {
  static constexpr std::array<std::string_view, 5> kTones{"", "soft", "strong", "for", "against"};
  std::string classes(kTones[static_cast<std::size_t>(cell.tone)]);
  if (column.numeric) classes += classes.empty() ? "n" : " n";
  if (column.heading == "SHA-256") classes += " hash";
  const bool target = cell.anchor.starts_with("id:");
  std::string html = "<td";
  if (!classes.empty()) html += " class=\"" + classes + "\"";
  if (target) html += " id=\"" + escape_html(cell.anchor.substr(3)) + "\"";
  if (!column.heading.empty()) html += " data-h=\"" + text(column.heading) + "\"";
  html += ">";
  const bool link = !cell.anchor.empty() && !target;
  if (link) html += "<a href=\"#" + escape_html(cell.anchor) + "\">";
  html += text(cell.text);
  return html + (link ? "</a>" : "");
}

std::string Page::table(const Table& table) const {
  std::string html = "<table class=\"stack\"><thead><tr>";
  for (const Column& column : table.columns) {
    html += fmt::format("<th scope=\"col\"{}>{}", column.numeric ? " class=\"n\"" : "",
                        text(column.heading));
  }
  html += "</thead><tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      html += cell(row[i], i < table.columns.size() ? table.columns[i] : Column{});
    }
    html += "\n";
  }
  return html + "</table>\n";
}

std::string Page::block(const Block& block) const {
  switch (block.kind) {
    case BlockKind::paragraph:
      return "<p>" + escape_html(clipped(block.text, kLongestParagraph)) + "</p>\n";
    case BlockKind::note:
      return "<p class=\"note\">" + escape_html(clipped(block.text, kLongestParagraph)) + "</p>\n";
    case BlockKind::preformatted:
      return "<pre>" + text(block.text) + "</pre>\n";
    case BlockKind::table:
      return table(block.table);
    case BlockKind::bullets: {
      std::string html = "<ul>\n";
      const std::size_t most = std::min(block.items.size(), detail_.table_rows);
      for (std::size_t i = 0; i < most; ++i) html += "<li>" + text(block.items[i]) + "</li>\n";
      if (most < block.items.size()) {
        html += fmt::format("<li>{} more are in the JSON.</li>\n", block.items.size() - most);
      }
      return html + "</ul>\n";
    }
    case BlockKind::planes_figure:
    case BlockKind::parts_figure:
      break;
  }
  return {};
}

std::string Page::head(const Document& document) const {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>{} \u00b7 Lightsout</title>\n<style>{}</style>\n</head>\n<body>\n",
      text(document.title), style_sheet());
}

// The sentences above the fold are short by their making and are never cut.
std::string Page::top(const Document& document) const {
  const Verdict& verdict = document.verdict;
  std::string html;
  if (!document.banner.empty()) {
    html += "<p class=\"banner\" role=\"note\">" + escape_html(document.banner) + "</p>\n";
  }
  const bool calm = verdict.status == "nothing found" || verdict.status == "ended";
  html += fmt::format("<main>\n<header><b>Lightsout</b><span class=\"pill{}\">{}</span>",
                      calm ? " calm" : "", escape_html(verdict.status));
  for (const std::string& item : document.header) html += "<span>" + text(item) + "</span>";
  html += fmt::format(
      "<span class=\"end\">{} \u00b7 <a href=\"#evidence\">evidence</a> \u00b7 <a "
      "href=\"#unknown\">what we do not know</a></span></header>\n",
      escape_html(document.data_through));
  html += "<h1>" + escape_html(verdict.headline) + "</h1>\n<p class=\"dek\">";
  for (const std::string& sentence : verdict.sentences) html += escape_html(sentence) + " ";
  html += "<span>" + escape_html(verdict.caution) + "</span></p>\n<dl class=\"kf\">";
  for (const KeyFigure& figure : verdict.figures) {
    html +=
        fmt::format("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>", escape_html(figure.label),
                    escape_html(figure.value), escape_html(figure.note));
  }
  return html + "</dl>\n";
}

std::string Page::render(const Subject& subject) const {
  const Document document = document_of(subject, detail_.table_rows);
  std::string html = head(document) + top(document) + chart_patterns();
  ChartDetail chart = detail_.chart;
  chart.most_text = detail_.most_text;
  html += planes_figure(subject, chart);
  html += parts_figure(subject, chart);
  for (const Section& section : document.sections) {
    html += fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n", escape_html(section.id),
                        text(section.heading));
    for (const Block& part : section.blocks) html += block(part);
    html += "</section>\n";
  }
  html += fmt::format(
      "<footer>This page is one file: it runs no script, sets no cookie and asks no other site for "
      "anything.{}</footer>\n</main>\n</body>\n</html>\n",
      document.banner.empty() ? "" : " " + escape_html(document.banner));
  return html;
}

}  // namespace

std::string render_html(const Report& report) {
  const Subject subject = subject_of(report);
  std::string html;
  for (const PageDetail& detail : kDetails) {
    html = Page(detail).render(subject);
    if (html.size() <= kHtmlLimit) break;
  }
  return html;
}

}  // namespace lightsout
