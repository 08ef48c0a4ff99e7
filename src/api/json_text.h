// JsonText: JSON without blanks, appended straight to one text: for answers of many numbers.
//
// report/json_writer.h writes for people; this one writes 100,000 numbers in a millisecond or two.
// A number is the shortest text that reads back as the same double; one that is not finite is null
// (RFC 8259 section 6). Keys are our own words and are not escaped; values always are.
//
//   JsonText json;
//   json.object([&] { json.field("step", 300); json.list("values", values, put_number); });
//   json.take();
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/time.h"
#include "report/escape.h"

namespace lightsout {

class JsonText {
 public:
  void reserve(std::size_t bytes) { text_.reserve(bytes); }

  template <typename Body>
  void object(Body body) {
    separate();
    text_ += '{';
    first_ = true;
    body();
    text_ += '}';
    first_ = false;
  }
  template <typename Body>
  void object(std::string_view key, Body body) {
    name(key);
    object(body);
  }
  template <typename Items, typename Each>
  void list(std::string_view key, const Items& items, Each each) {
    name(key);
    list(items, each);
  }
  template <typename Items, typename Each>
  void list(const Items& items, Each each) {
    separate();
    text_ += '[';
    first_ = true;
    for (const auto& item : items) each(item);
    text_ += ']';
    first_ = false;
  }

  template <typename Value>
  void field(std::string_view key, const Value& value) {
    name(key);
    put(value);
  }
  // A moment twice: "onset" as RFC 3339 and "onset_epoch" as Unix seconds.
  void moment(std::string_view key, const std::optional<Time>& time) {
    const std::string epoch_key = std::string(key) + "_epoch";
    field(key, time);
    if (time) {
      field(epoch_key, time->time_since_epoch().count());
    } else {
      field(epoch_key, std::optional<bool>());
    }
  }
  // JSON that somebody else of ours wrote, whole and well-formed. What it holds of invisible marks
  // that turn the reading direction around is left out, as from every other text.
  void raw(std::string_view json) {
    while (json.ends_with('\n')) json.remove_suffix(1);
    separate();
    text_ += clean_text(json);
  }
  void raw_field(std::string_view key, std::string_view json) {
    name(key);
    raw(json);
  }

  void put(std::string_view value) {
    separate();
    text_ += '"';
    text_ += escape_json(clean_text(value));
    text_ += '"';
  }
  void put(const char* value) { put(std::string_view(value)); }
  void put(const std::string& value) { put(std::string_view(value)); }
  void put(Time value) { put(std::string_view(format_time(value))); }
  void put(bool value) {
    separate();
    text_ += value ? "true" : "false";
  }
  template <std::integral Number>
    requires(!std::same_as<Number, bool>)
  void put(Number value) {
    separate();
    digits(value);
  }
  void put(double value) {
    separate();
    if (std::isfinite(value)) {
      digits(value);
    } else {
      text_ += "null";
    }
  }
  template <typename Value>
  void put(const std::optional<Value>& value) {
    if (value) return put(*value);
    separate();
    text_ += "null";
  }
  void put_null() {
    separate();
    text_ += "null";
  }
  // A word of ours that needs no escaping.
  void put_word(std::string_view word) {
    separate();
    text_ += '"';
    text_ += word;
    text_ += '"';
  }

  std::string take() {
    text_ += '\n';
    return std::move(text_);
  }

  void name(std::string_view key) {
    separate();
    text_ += '"';
    text_ += key;
    text_ += "\":";
    named_ = true;
  }

 private:
  template <typename Number>
  void digits(Number value) {
    char buffer[32];  // the longest double has 24 characters
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    text_.append(buffer, error == std::errc{} ? end : buffer);
  }
  void separate() {
    if (named_) {
      named_ = false;
    } else if (!first_) {
      text_ += ',';
    }
    first_ = false;
  }

  std::string text_;
  bool first_ = true;
  bool named_ = false;
};

}  // namespace lightsout
