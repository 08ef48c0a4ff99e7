// SPDX-License-Identifier: Apache-2.0
#include "report/svg.h"

#include "report/escape.h"

namespace lightsout {

void SvgPath::number(int value) {
  const char before = text_.empty() ? 0 : text_.back();
  if (before >= '0' && before <= '9' && value >= 0) text_ += ' ';
  text_ += std::to_string(value);
}

void SvgPath::move(int x, int y) {
  text_ += 'M';
  number(x);
  number(y);
  last_ = 'M';
  x_ = x;
  y_ = y;
}

void SvgPath::line(int x, int y) {
  const int dx = x - x_;
  const int dy = y - y_;
  const char command = dy == 0 ? 'h' : dx == 0 ? 'v' : 'l';
  if (command != last_ || command != 'l') text_ += command;
  if (command != 'v') number(dx);
  if (command != 'h') number(dy);
  last_ = command;
  x_ = x;
  y_ = y;
}

void SvgPath::close() {
  text_ += 'z';
  last_ = 'z';
}

void SvgPath::rectangle(int x, int y, int width, int height) {
  move(x, y);
  line(x + width, y);
  line(x + width, y + height);
  line(x, y + height);
  close();
}

std::string open_tag(std::string_view name, Attributes attributes) {
  std::string text = "<" + std::string(name);
  for (const auto& [key, value] : attributes) {
    text += " " + std::string(key) + "=\"" + escape_html(value) + "\"";
  }
  return text + ">";
}

std::string element(std::string_view name, Attributes attributes) {
  std::string text = open_tag(name, attributes);
  text.insert(text.size() - 1, "/");
  return text;
}

}  // namespace lightsout
