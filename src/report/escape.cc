// SPDX-License-Identifier: Apache-2.0
#include "report/escape.h"

#include <fmt/format.h>

#include <cstdint>

namespace lightsout {

namespace {

constexpr char32_t kReplacement = 0xfffd;

// Takes one code point off the front; kReplacement for one bad byte. Refuses overlong forms,
// surrogates and what lies past U+10FFFF (RFC 3629 section 4).
char32_t take_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  std::size_t length = 1;
  char32_t point = first;
  char32_t least = 0;
  if (first >= 0xf0 && first <= 0xf4) {
    length = 4, point = first & 0x07, least = 0x10000;
  } else if (first >= 0xe0 && first < 0xf0) {
    length = 3, point = first & 0x0f, least = 0x800;
  } else if (first >= 0xc2 && first < 0xe0) {
    length = 2, point = first & 0x1f, least = 0x80;
  } else if (first >= 0x80) {
    text.remove_prefix(1);
    return kReplacement;
  }
  bool good = text.size() >= length;
  for (std::size_t i = 1; good && i < length; ++i) {
    good = (byte(i) & 0xc0) == 0x80;
    point = point << 6 | (byte(i) & 0x3f);
  }
  good = good && point >= least && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  text.remove_prefix(good ? length : 1);
  return good ? point : kReplacement;
}

bool is_invisible(char32_t point) {
  // U+200C and U+200D stay: Persian and Hindi words need them.
  return point == 0x200b || point == 0x200e || point == 0x200f ||
         (point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) ||
         point == 0xfeff || point == 0x061c || (point >= 0xfff9 && point <= 0xfffb) ||
         (point >= 0xe0000 && point <= 0xe007f);
}

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029 ||
         (point & 0xfffe) == 0xfffe;
}

void append(std::string& out, char32_t point) {
  const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | point >> 6), put(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12), put(0x80 | (point >> 6 & 0x3f)), put(0x80 | (point & 0x3f));
  } else {
    put(0xf0 | point >> 18), put(0x80 | (point >> 12 & 0x3f));
    put(0x80 | (point >> 6 & 0x3f)), put(0x80 | (point & 0x3f));
  }
}

struct Near {
  char32_t point;
  std::string_view ascii;
};

// What our own sentences use, and the letters of country names.
constexpr Near kNear[] = {
    {0xa0, " "},    {0x2009, " "},   {0x202f, " "}, {0x2012, "-"},  {0x2013, "-"},  {0x2014, "-"},
    {0x2212, "-"},  {0x2026, "..."}, {0xb7, "-"},   {0x2018, "'"},  {0x2019, "'"},  {0x201c, "\""},
    {0x201d, "\""}, {0xd7, "x"},     {0xb1, "+/-"}, {0x2265, ">="}, {0x2264, "<="}, {0x2192, "->"},
    {0xe0, "a"},    {0xe1, "a"},     {0xe2, "a"},   {0xe3, "a"},    {0xe4, "a"},    {0xe5, "a"},
    {0xc5, "A"},    {0xc9, "E"},     {0xe7, "c"},   {0xe8, "e"},    {0xe9, "e"},    {0xea, "e"},
    {0xeb, "e"},    {0xed, "i"},     {0xef, "i"},   {0xf1, "n"},    {0xf3, "o"},    {0xf4, "o"},
    {0xf6, "o"},    {0xf8, "o"},     {0xfa, "u"},   {0xfc, "u"},    {0xdf, "ss"},   {0xb0, " deg"},
};

}  // namespace

std::string clean_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char32_t point = take_code_point(text);
    if (is_invisible(point)) continue;
    append(out, is_control(point) ? U' ' : point);
  }
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : clean_text(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string escape_markdown(std::string_view text) {
  std::string out;
  for (const char c : clean_text(text)) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (std::string_view("\\`*_[]|~#>!").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string escape_json(std::string_view text) {
  std::string out;
  for (const char c : clean_text(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string csv_cell(std::string_view text) {
  std::string cell = clean_text(text);
  if (!cell.empty() && std::string_view("=+-@").find(cell[0]) != std::string_view::npos) {
    cell.insert(cell.begin(), '\'');
  }
  if (cell.find_first_of(",\"") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string escape_ical(std::string_view text) {
  std::string out;
  for (const char c : clean_text(text)) {
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    out += c;
  }
  return out;
}

std::string to_ascii(std::string_view text) {
  const std::string clean = clean_text(text);
  std::string_view rest = clean;
  std::string out;
  while (!rest.empty()) {
    const char32_t point = take_code_point(rest);
    if (point < 0x80) {
      out.push_back(static_cast<char>(point));
      continue;
    }
    std::string_view ascii = "?";
    for (const Near& near : kNear) {
      if (near.point == point) ascii = near.ascii;
    }
    out += ascii;
  }
  return out;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return columns;
}

}  // namespace lightsout
