// Html: markup whose text cannot break out of its place.
//
// Names of tags and attributes, and raw markup, are literals of our own source: the compiler takes
// nothing else. Everything that comes from data goes through text() or an attribute's value, which
// escape it. What was opened is closed in order, so that a page is well formed by its making.
//
//   Html html;
//   html.open("p", {{"class", "note"}}).text(name_from_a_stranger).close();
//   html.element("a", {{"href", address}}, label);
//
// An attribute whose value is empty is left out: {{"class", calm ? "calm" : ""}}.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace lightsout {

// A text that stands in the source, and therefore is ours.
struct Literal {
  template <std::size_t Size>
  consteval Literal(const char (&literal)[Size])
      : text(literal, Size - 1) {}  // NOLINT: meant to convert
  std::string_view text;
};

class Html {
 public:
  struct Attribute {
    Literal name;
    std::string value;
  };
  using Attributes = std::initializer_list<Attribute>;

  Html& open(Literal tag, Attributes attributes = {});
  Html& close();  // what was opened last
  Html& text(std::string_view text);
  Html& element(Literal tag, Attributes attributes, std::string_view text);  // open, text, close
  Html& element(Literal tag, std::string_view text) { return element(tag, {}, text); }
  Html& empty(Literal tag, Attributes attributes = {});  // <link .../>, <path .../>
  Html& raw(Literal markup);
  Html& add(const Html& part);  // everything in it must be closed

  bool is_empty() const { return out_.empty(); }
  std::size_t size() const { return out_.size(); }
  std::string finished() const&;  // CHECKs that all is closed
  std::string finished() &&;

 private:
  void start(Literal tag, Attributes attributes);

  std::string out_;
  std::vector<std::string_view> open_;
};

}  // namespace lightsout
