// What the tests of this folder share: asking a page, and reading what it answered.
//
//   const std::string page = page_of("/country/KZ?lang=ru");
//   EXPECT_EQ(unbalanced(page), "");
//
// With LIGHTSOUT_KEEP_PAGES=FOLDER every page that a test asks for is kept there as a file, to be
// looked at in a browser.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "pages/frame.h"
#include "pages/site.h"
#include "web/made_observatory.h"

namespace lightsout {

// Whether a path fits one of the list: a part in braces fits any text.
inline bool fits(std::string_view pattern, std::string_view path) {
  const auto parts = [](std::string_view text) {
    return WebRequest{.path = std::string(text)}.parts();
  };
  const auto a = parts(pattern);
  const auto b = parts(path);
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const std::string& x, const std::string& y) {
           return x == y || (x.front() == '{' && x.back() == '}');
         });
}

inline void keep_page(std::string_view target, const std::string& body) {
  const char* folder = std::getenv("LIGHTSOUT_KEEP_PAGES");
  if (folder == nullptr) return;
  std::string name(target);
  for (char& c : name) {
    if (c == '/' || c == '?' || c == '&' || c == '=' || c == ':') c = '_';
  }
  std::string text = body;  // its style sheet lies beside it
  const std::size_t style = text.find("href=\"/assets/style.css");
  if (style != std::string::npos) text.replace(style + 6, style_path().size(), "style.css");
  std::ofstream(std::string(folder) + "/" + name + ".html") << text;
  std::ofstream(std::string(folder) + "/style.css") << site_style();
}

inline WebResponse ask_page(std::string_view target, MadeObservatory& made) {
  const Result<WebRequest> request = parse_target(target);
  CHECK(request.ok());
  const Result<ReadQuery> query = read_query(*request, made.observatory.now());
  const Language* say = find_language(request->parameter("lang").value_or("en"));
  const PageContext context{.observatory = made.observatory,
                            .say = say != nullptr ? *say : english(),
                            .request = *request,
                            .query = query ? *query : ReadQuery{},
                            .zone = {},
                            .now = made.observatory.now()};
  for (const Page& page : all_pages()) {
    if (fits(page.path, request->path)) {
      WebResponse response = page.show(context);
      keep_page(target, response.body);
      return response;
    }
  }
  return page_problem(context, 404, request->path);
}

inline WebResponse ask_page(std::string_view target) {
  return ask_page(target, shared_made_observatory());
}

inline std::string page_of(std::string_view target) {
  return ask_page(target).body;
}

// "" when every element is closed in order; else what is wrong. Attributes must be quoted.
inline std::string unbalanced(const std::string& html) {
  static const std::vector<std::string> kVoid{"meta", "link", "br", "input", "img", "hr"};
  std::vector<std::string> open;
  for (std::size_t at = 0; at < html.size();) {
    const std::size_t begin = html.find('<', at);
    const std::string_view between(html.data() + at, std::min(begin, html.size()) - at);
    if (between.find('>') != between.npos) return "a bare > in: " + std::string(between);
    if (begin == std::string::npos) break;
    std::size_t end = begin + 1;
    bool quoted = false;
    while (end < html.size() && (quoted || html[end] != '>')) {
      if (html[end] == '"') quoted = !quoted;
      if (html[end] == '<') return "a < inside a tag: " + html.substr(begin, 80);
      ++end;
    }
    if (end == html.size()) return "a tag without an end: " + html.substr(begin, 80);
    const std::string tag = html.substr(begin + 1, end - begin - 1);
    at = end + 1;
    if (tag.starts_with("!doctype")) continue;
    const bool closes = tag.starts_with("/");
    const std::string name = tag.substr(closes, tag.find_first_of(" />", closes) - closes);
    if (closes) {
      if (open.empty() || open.back() != name) return "</" + name + "> closes nothing";
      open.pop_back();
    } else if (!tag.ends_with("/") && std::find(kVoid.begin(), kVoid.end(), name) == kVoid.end()) {
      open.push_back(name);
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

// The text between the tags, with entities left as they are.
inline std::string text_of(const std::string& html) {
  std::string text;
  bool inside = false;
  for (const char c : html) {
    if (c == '<') inside = true;
    if (!inside) text += c == '\n' ? ' ' : c;
    if (c == '>') inside = false;
  }
  return text;
}

}  // namespace lightsout
