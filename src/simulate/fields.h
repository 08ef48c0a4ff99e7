// Fields: one line of a scenario text, taken apart into words, with errors a person can act on.
//
// A line is a first word, then words in a fixed order, then pairs of a key and its value in any
// order. Words are parted by blanks; a text with blanks stands in "quotes"; # begins a comment. The
// first thing that is wrong is kept and everything after it is ignored, so a reader takes all its
// fields straight down the page and asks error() once:
//
//   Fields fields(17, "cut mobile from 2022-01-04T14:30Z depth 40%");
//   const std::string group = fields.word("a group");
//   const double depth = fields.share("depth");
//   fields.done();                        // an unknown key is an error, too
//   if (fields.error()) return *fields.error();
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace lightsout {

class Fields {
 public:
  Fields(std::size_t line, std::string_view text);

  bool empty() const { return words_.empty(); }  // blank or only a comment
  std::size_t line() const { return line_; }
  const std::optional<Error>& error() const { return error_; }
  void fail(std::string_view what);

  // The next words in order.
  std::string word(std::string_view what);
  std::string rest(std::string_view what);  // all that is left, joined with blanks
  double factor(std::string_view what);     // "x5.6"
  std::uint64_t whole(std::string_view what, std::uint64_t most);
  Time time(std::string_view what);
  bool next_is(std::string_view text) const;  // the next word, not in quotes
  bool take_if(std::string_view text);

  // Pairs, wherever they stand behind the words taken so far. The second form has a default.
  bool has(std::string_view key) const;
  std::string text(std::string_view key);
  std::string text(std::string_view key, std::string_view otherwise);
  double share(std::string_view key, double least = 0, double most = 1);  // "40%"
  double share_or(std::string_view key, double otherwise, double least = 0, double most = 1);
  double number(std::string_view key, double least, double most);
  std::int64_t count(std::string_view key, std::int64_t most);
  std::int64_t count_or(std::string_view key, std::int64_t otherwise, std::int64_t most);
  Seconds duration(std::string_view key, Seconds least, Seconds most);  // "10min", "2h", "1d"
  Seconds duration_or(std::string_view key, Seconds otherwise, Seconds most);
  std::optional<Time> time_or_none(std::string_view key);
  Seconds clock_or(std::string_view key, Seconds otherwise);  // "15:00"
  bool flag(std::string_view key);                            // a key without a value

  void done();  // fails when anything is left

 private:
  struct Word {
    std::string text;
    bool quoted = false;
  };

  std::optional<std::string> take(std::string_view key);
  double share_of(std::string_view key, const std::string& text, double least, double most);

  std::size_t line_;
  std::vector<Word> words_;
  std::optional<Error> error_;
};

}  // namespace lightsout
