// SPDX-License-Identifier: Apache-2.0
#include "pages/html_writer.h"

#include <algorithm>

#include "core/check.h"
#include "report/escape.h"

namespace lightsout {

namespace {

// Most of what a page says needs no escaping at all, and paths are long.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c >= ' ' && c < 0x7f && c != '<' && c != '>' && c != '&' && c != '"' && c != '\'';
  });
}

}  // namespace

void Html::start(Literal tag, Attributes attributes) {
  out_ += '<';
  out_ += tag.text;
  for (const Attribute& attribute : attributes) {
    if (attribute.value.empty()) continue;
    out_ += ' ';
    out_ += attribute.name.text;
    out_ += "=\"";
    out_ += is_plain(attribute.value) ? attribute.value : escape_html(attribute.value);
    out_ += '"';
  }
}

Html& Html::open(Literal tag, Attributes attributes) {
  start(tag, attributes);
  out_ += '>';
  open_.push_back(tag.text);
  return *this;
}

Html& Html::close() {
  CHECK(!open_.empty());
  out_ += "</";
  out_ += open_.back();
  out_ += '>';
  const std::string_view tag = open_.back();
  if (tag == "p" || tag == "tr" || tag == "section" || tag == "li" || tag == "div") out_ += '\n';
  open_.pop_back();
  return *this;
}

Html& Html::text(std::string_view text) {
  if (is_plain(text)) {
    out_ += text;
  } else {
    out_ += escape_html(text);
  }
  return *this;
}

Html& Html::element(Literal tag, Attributes attributes, std::string_view text) {
  return open(tag, attributes).text(text).close();
}

Html& Html::empty(Literal tag, Attributes attributes) {
  start(tag, attributes);
  out_ += "/>";
  return *this;
}

Html& Html::raw(Literal markup) {
  out_ += markup.text;
  return *this;
}

Html& Html::add(const Html& part) {
  CHECK(part.open_.empty());
  out_ += part.out_;
  return *this;
}

std::string Html::finished() const& {
  CHECK(open_.empty());
  return out_;
}

std::string Html::finished() && {
  CHECK(open_.empty());
  return std::move(out_);
}

}  // namespace lightsout
