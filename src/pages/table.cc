// SPDX-License-Identifier: Apache-2.0
#include "pages/table.h"

#include "core/check.h"

namespace lightsout {

HtmlTable::HtmlTable(Html& html, std::string_view caption, std::vector<Heading> headings)
    : html_(html), headings_(std::move(headings)) {
  html_.open("div", {{"class", "scroll"},
                     {"tabindex", "0"},
                     {"role", "region"},
                     {"aria-label", std::string(caption)}});
  html_.open("table", {{"class", "stack"}}).element("caption", caption);
  html_.open("thead").open("tr");
  for (const Heading& heading : headings_) {
    html_.element("th", {{"scope", "col"}, {"class", heading.numeric ? "n" : ""}}, heading.text);
  }
  html_.close().close().open("tbody");
}

HtmlTable& HtmlTable::row() {
  end_row();
  html_.open("tr");
  in_row_ = true;
  column_ = 0;
  return *this;
}

void HtmlTable::begin_cell() {
  CHECK(in_row_ && column_ < headings_.size());
  const Heading& heading = headings_[column_];
  if (column_ == 0) {
    html_.open("th", {{"scope", "row"}});
  } else {
    html_.open("td", {{"data-h", heading.text}, {"class", heading.numeric ? "n" : ""}});
  }
  html_.open("span");
  ++column_;
}

void HtmlTable::end_cell(std::string_view note) {
  if (!note.empty()) html_.element("small", note);
  html_.close().close();
}

HtmlTable& HtmlTable::cell(std::string_view text, std::string_view note) {
  begin_cell();
  html_.text(text);
  end_cell(note);
  return *this;
}

HtmlTable& HtmlTable::link(const std::string& href, std::string_view text, std::string_view note) {
  begin_cell();
  html_.element("a", {{"href", href}}, text);
  end_cell(note);
  return *this;
}

void HtmlTable::end_row() {
  if (!in_row_) return;
  CHECK(column_ == headings_.size());
  html_.close();
  in_row_ = false;
}

void HtmlTable::finish() {
  end_row();
  html_.close().close().close();
}

void put_fact(Html& html, std::string_view label, std::string_view text) {
  html.open("div").element("dt", label).element("dd", text).close();
}

void put_input(Html& html, const std::string& name, std::string_view label,
               const std::string& value, std::string_view hint) {
  html.open("div").element("label", {{"for", "f-" + name}}, label);
  html.empty("input", {{"id", "f-" + name}, {"name", name}, {"value", value}, {"size", "14"}});
  if (!hint.empty()) html.element("small", {{"class", "soft"}}, hint);
  html.close();
}

void put_select(Html& html, const std::string& name, std::string_view label,
                const std::string& value, const Choices& choices) {
  html.open("div").element("label", {{"for", "f-" + name}}, label);
  html.open("select", {{"id", "f-" + name}, {"name", name}});
  for (const auto& [choice, word] : choices) {
    html.open("option", {{"value", choice}, {"selected", value == choice ? "selected" : ""}});
    html.text(word);
    html.close();
  }
  html.close().close();
}

}  // namespace lightsout
