// JsonWriter: JSON in the order it is written, two blanks deep, numbers without a locale.
//
//   JsonWriter json;
//   json.object([&] {
//     json.field("depth_lost_share", 0.97);
//     json.list("phases", phases, [&](const Phase& phase) { json.object([&] { ... }); });
//   });
//   json.text();
//
// A number that is not finite is written as null: JSON has no word for it (RFC 8259 section 6).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "report/escape.h"

namespace lightsout {

class JsonWriter {
 public:
  template <typename Body>
  void object(Body body) {
    open('{');
    body();
    close('}');
  }

  template <typename Body>
  void object(std::string_view key, Body body) {
    name(key);
    object(body);
  }

  template <typename List, typename Each>
  void list(std::string_view key, const List& items, Each each) {
    name(key);
    open('[');
    for (const auto& item : items) each(item);
    close(']');
  }

  template <typename Value>
  void field(std::string_view key, const Value& value) {
    name(key);
    put(value);
  }

  void put(std::string_view value) { raw("\"" + escape_json(value) + "\""); }
  void put(const char* value) { put(std::string_view(value)); }
  void put(const std::string& value) { put(std::string_view(value)); }
  void put(Time value) { put(std::string_view(format_time(value))); }
  void put(bool value) { raw(value ? "true" : "false"); }
  template <std::integral Number>
    requires(!std::same_as<Number, bool>)
  void put(Number value) {
    raw(std::to_string(value));
  }
  // Six digits are more than any share here is known to.
  void put(double value) { raw(std::isfinite(value) ? fmt::format("{:.6g}", value) : "null"); }
  template <typename Value>
  void put(const std::optional<Value>& value) {
    if (value) {
      put(*value);
    } else {
      raw("null");
    }
  }

  std::string text() const { return text_ + "\n"; }

 private:
  void separate() {
    if (named_) {
      named_ = false;
      return;
    }
    if (!first_) text_ += ',';
    if (depth_ > 0) text_ += "\n" + std::string(2 * depth_, ' ');
  }
  void raw(const std::string& value) {
    separate();
    text_ += value;
    first_ = false;
  }
  void name(std::string_view key) {
    separate();
    text_ += "\"" + std::string(key) + "\": ";
    named_ = true;
    first_ = false;
  }
  void open(char bracket) {
    separate();
    text_ += bracket;
    first_ = true;
    ++depth_;
  }
  void close(char bracket) {
    --depth_;
    if (!first_) text_ += "\n" + std::string(2 * depth_, ' ');
    text_ += bracket;
    first_ = false;
  }

  std::string text_;
  std::size_t depth_ = 0;
  bool first_ = true;
  bool named_ = false;
};

}  // namespace lightsout
