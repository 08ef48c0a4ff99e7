// SVG: paths in whole units, as few bytes as they can be, and attributes that cannot be broken out
// of.
//
//   SvgPath path;
//   path.move(0, 640);
//   path.line(12, 0);
//   element("path", {{"class", "l"}, {"d", path.text()}})   // <path class="l" d="M0 640l12-640"/>
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace lightsout {

class SvgPath {
 public:
  void move(int x, int y);
  void line(int x, int y);
  void rectangle(int x, int y, int width, int height);
  void close();

  bool empty() const { return text_.empty(); }
  const std::string& text() const { return text_; }

 private:
  void number(int value);

  std::string text_;
  char last_ = 0;  // the command that a further pair of numbers repeats
  int x_ = 0;
  int y_ = 0;
};

using Attributes = std::initializer_list<std::pair<std::string_view, std::string>>;

// An empty element, every value escaped.
std::string element(std::string_view name, Attributes attributes);
std::string open_tag(std::string_view name, Attributes attributes);

}  // namespace lightsout
