// HtmlTable: a table whose cells know their headings, so that on a phone each row is a small list.
//
//   HtmlTable table(html, say("sources.table"), {{"Source"}, {"Signals", true}});
//   table.row().cell(source.name).cell(number);
//   table.finish();
//
// The first cell of a row is its heading. A cell may be a link, and may have a soft line below.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pages/html_writer.h"

namespace lightsout {

class HtmlTable {
 public:
  struct Heading {
    std::string text;
    bool numeric = false;
  };

  HtmlTable(Html& html, std::string_view caption, std::vector<Heading> headings);

  HtmlTable& row();
  HtmlTable& cell(std::string_view text, std::string_view note = {});
  HtmlTable& link(const std::string& href, std::string_view text, std::string_view note = {});
  void finish();

 private:
  void begin_cell();
  void end_cell(std::string_view note);
  void end_row();

  Html& html_;
  std::vector<Heading> headings_;
  std::size_t column_ = 0;
  bool in_row_ = false;
};

// <dl> of a label and what stands for it.
void put_fact(Html& html, std::string_view label, std::string_view text);

// One labelled field of a form: a text, or a choice of (value, word). No value may be empty.
void put_input(Html& html, const std::string& name, std::string_view label,
               const std::string& value, std::string_view hint = {});
using Choices = std::vector<std::pair<std::string, std::string>>;
void put_select(Html& html, const std::string& name, std::string_view label,
                const std::string& value, const Choices& choices);

}  // namespace lightsout
