// SPDX-License-Identifier: Apache-2.0
#include "pages/documents.h"

#include <algorithm>
#include <vector>

namespace lightsout {

namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::size_t heading_level(std::string_view line) {
  const std::size_t marks = std::min(line.find_first_not_of('#'), line.size());
  return marks > 0 && marks <= 6 && line.substr(marks).starts_with(' ') ? marks : 0;
}

bool is_item(std::string_view line) {
  const std::string_view text = trimmed(line);
  if (text.starts_with("- ") || text.starts_with("* ")) return true;
  const std::size_t digits = text.find_first_not_of("0123456789");
  return digits != text.npos && digits > 0 && digits < 4 && text.substr(digits).starts_with(". ");
}

std::string_view item_text(std::string_view line) {
  const std::string_view text = trimmed(line);
  return text.substr(text.find(' ') + 1);
}

bool begins_block(std::string_view line) {
  return line.empty() || heading_level(line) > 0 || line.starts_with("```") ||
         line.starts_with("|") || is_item(line);
}

class Renderer {
 public:
  Renderer(Html& html, const MarkdownStyle& style) : html_(html), style_(style) {}

  void inline_text(std::string_view text) {
    while (!text.empty()) {
      const std::size_t mark = text.find_first_of("`*[");
      html_.text(text.substr(0, mark));
      if (mark == text.npos) return;
      text.remove_prefix(mark);
      const std::size_t taken = spanned(text);
      if (taken == 0) {
        html_.text(text.substr(0, 1));
        text.remove_prefix(1);
      } else {
        text.remove_prefix(taken);
      }
    }
  }

  void heading(std::size_t level, std::string_view text) {
    if (level <= 1) {
      html_.open("h1");
    } else if (level == 2) {
      html_.open("h2");
    } else {
      html_.open("h3");
    }
    inline_text(text);
    html_.close();
  }

  void table(const Lines& rows) {
    html_.open("div", {{"class", "scroll"}, {"tabindex", "0"}}).open("table");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == 1) continue;  // the line of dashes
      if (i == 0) html_.open("thead");
      html_.open("tr");
      for (const std::string& cell : cells(rows[i])) {
        if (i == 0 && !cell.empty()) {  // an empty corner is no heading
          html_.open("th", {{"scope", "col"}});
        } else {
          html_.open("td");
        }
        inline_text(cell);
        html_.close();
      }
      html_.close();
      if (i == 0) html_.close().open("tbody");
    }
    html_.close().close().close();
  }

 private:
  static std::vector<std::string> cells(std::string_view row) {
    std::vector<std::string> all;
    std::string cell;
    for (std::size_t i = 1; i < row.size(); ++i) {
      if (row[i] == '\\' && i + 1 < row.size() && row[i + 1] == '|') {
        cell += row[++i];
      } else if (row[i] == '|') {
        all.emplace_back(trimmed(cell));
        cell.clear();
      } else {
        cell += row[i];
      }
    }
    return all;
  }

  // How many bytes of the text are a span that was written; 0: it is none.
  std::size_t spanned(std::string_view text) {
    if (text.starts_with('`')) {
      const std::size_t end = text.find('`', 1);
      if (end == text.npos) return 0;
      html_.element("code", text.substr(1, end - 1));
      return end + 1;
    }
    if (text.starts_with("**")) {
      const std::size_t end = text.find("**", 2);
      if (end == text.npos) return 0;
      html_.open("b");
      inline_text(text.substr(2, end - 2));
      html_.close();
      return end + 2;
    }
    if (!text.starts_with('[')) return 0;
    const std::size_t middle = text.find("](");
    const std::size_t end = middle == text.npos ? text.npos : text.find(')', middle);
    if (end == text.npos || text.find(']') != middle) return 0;
    const std::string href =
        style_.link ? style_.link(text.substr(middle + 2, end - middle - 2)) : std::string();
    if (!href.empty()) html_.open("a", {{"href", href}});
    html_.text(text.substr(1, middle - 1));
    if (!href.empty()) html_.close();
    return end + 1;
  }

  Html& html_;
  const MarkdownStyle& style_;
};

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '`' && c != '*') out += c;
  }
  return out;
}

// The lines from `at` on that belong to one paragraph or item, as one text.
std::string run_of(const Lines& lines, std::size_t& at) {
  std::string text(trimmed(lines[at++]));
  while (at < lines.size() && !begins_block(lines[at])) {
    text += ' ';
    text += trimmed(lines[at++]);
  }
  return text;
}

void put_list(Html& html, Renderer& renderer, const Lines& lines, std::size_t& at) {
  html.open("ul");
  while (at < lines.size() && is_item(lines[at])) {
    html.open("li");
    const std::string item = run_of(lines, at);
    renderer.inline_text(item_text(item));
    html.close();
  }
  html.close();
}

void put_code(Html& html, const Lines& lines, std::size_t& at) {
  std::string code;
  for (++at; at < lines.size() && !lines[at].starts_with("```"); ++at) {
    code += lines[at];
    code += '\n';
  }
  at = std::min(at + 1, lines.size());
  html.element("pre", {{"tabindex", "0"}}, code);
}

}  // namespace

std::string_view document_text(std::string_view name) {
  for (const EmbeddedDocument& document : embedded_documents()) {
    if (document.name == name) return document.text;
  }
  return {};
}

std::string document_title(std::string_view text) {
  for (const std::string_view line : lines_of(text)) {
    if (heading_level(line) == 1) return plain(line.substr(2));
  }
  return {};
}

std::string document_lead(std::string_view text) {
  const Lines lines = lines_of(text);
  for (std::size_t at = 0; at < lines.size();) {
    if (begins_block(lines[at])) {
      ++at;
    } else {
      return plain(run_of(lines, at));
    }
  }
  return {};
}

void put_markdown(Html& html, std::string_view text, const MarkdownStyle& style) {
  const Lines lines = lines_of(text);
  Renderer renderer(html, style);
  bool title_due = !style.with_title;
  for (std::size_t at = 0; at < lines.size();) {
    const std::string_view line = lines[at];
    if (const std::size_t level = heading_level(line); level > 0) {
      if (level > 1 || !title_due) renderer.heading(level, line.substr(level + 1));
      if (level == 1) title_due = false;
      ++at;
    } else if (line.starts_with("```")) {
      put_code(html, lines, at);
    } else if (line.starts_with("|")) {
      Lines rows;
      while (at < lines.size() && lines[at].starts_with("|")) rows.push_back(lines[at++]);
      renderer.table(rows);
    } else if (is_item(line)) {
      put_list(html, renderer, lines, at);
    } else if (trimmed(line).empty()) {
      ++at;
    } else {
      html.open("p");
      renderer.inline_text(run_of(lines, at));
      html.close();
    }
  }
}

}  // namespace lightsout
