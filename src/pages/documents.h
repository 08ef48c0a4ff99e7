// Documents: the project's own texts as they were when the program was built (docs/methods/*.md,
// docs/scorecard.md, DATA-LICENSES.md), and the little Markdown that they are written in.
//
//   put_markdown(html, document_text("grades.md"), {.level = 2, .link = method_link});
//
// Read are headings, paragraphs, lists, tables, fenced code, `code`, **bold** and [links](address);
// whatever else a text holds is shown as it is written. Nothing in it can become other markup.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "pages/html_writer.h"

namespace lightsout {

struct EmbeddedDocument {
  std::string_view name;  // "grades.md"
  std::string_view text;
};

std::span<const EmbeddedDocument> embedded_documents();
// Empty when there is none of that name.
std::string_view document_text(std::string_view name);
// Its first heading and its first paragraph, without their marks.
std::string document_title(std::string_view text);
std::string document_lead(std::string_view text);

struct MarkdownStyle {
  bool with_title = true;  // false: the first heading is left away
  // Where a link leads; empty: its words are shown without a link.
  std::function<std::string(std::string_view)> link;
};

void put_markdown(Html& html, std::string_view text, const MarkdownStyle& style);

}  // namespace lightsout
