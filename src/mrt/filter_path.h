// PathPattern: a regular expression over an AS path, as routers have it.
//
//   _9198_        9198 anywhere in the path     ^64500_      the first hop is 64500
//   _9198$        9198 announces it             ^[0-9]+$     a path of one hop
//   _(174|3356)_  either of the two             \{           an AS_SET
//
// The text that is matched is that of `bgpdump -m`: "64500 3356 {9198,9199}". `_` is the begin, the
// end or any one of " ,{}()[]"; `^ $ . * + ? | ( ) [0-9] [^0-9]` are as ever; `\` takes away the
// meaning of the next character. Without `_` a number also matches inside of longer ones: 701 is
// found in 7018, as on a router.
//
// There is no backtracking. A pattern becomes an automaton whose states are made as they are needed
// (R. Cox, "Regular Expression Matching Can Be Simple And Fast", 2007); beyond kMaxStates they are
// forgotten and made again, so a hostile pattern costs time linear in the path and no memory.
//
//   Result<PathPattern> pattern = PathPattern::compile("_9198$");
//   pattern->matches("64500 3356 9198")   // true
//
// Matching remembers states, so a pattern belongs to one thread; copies are independent.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace lightsout::mrt {

class PathPattern {
 public:
  static constexpr std::size_t kMaxPattern = 1000;  // characters
  static constexpr std::size_t kMaxNesting = 50;    // of groups
  static constexpr std::size_t kMaxStates = 1000;

  static Result<PathPattern> compile(std::string_view pattern);

  // `path` as bgpdump writes it; characters that no path has never match.
  bool matches(std::string_view path);
  std::size_t states() const { return states_.size(); }

 private:
  friend class PathPatternParser;
  friend class PathPatternCompiler;

  static constexpr std::size_t kSymbols = 18;  // "0123456789 ,{}()[]"
  static constexpr std::uint16_t kUnknown = 0xffff;

  // A node of the automaton: it takes a symbol of `symbols`, or it is free to pass, if at all.
  struct Node {
    enum class Kind : std::uint8_t { symbol, either, at_begin, at_end, found } kind = Kind::found;
    std::uint32_t symbols = 0;  // one bit each
    std::uint16_t next = 0;
    std::uint16_t other = 0;  // of `either`
  };
  using Set = std::vector<std::uint16_t>;  // numbers of nodes, in order

  struct State {
    Set nodes;
    bool found = false;         // whatever follows
    bool found_at_end = false;  // if the path ends here
    std::array<std::uint16_t, kSymbols> next;
  };

  void close(std::uint16_t from, bool begin, bool end, Set& into);
  Set closed(const Set& from, bool begin, bool end);
  std::uint16_t state_of(Set nodes, bool begin);
  std::uint16_t step(std::uint16_t state, std::size_t symbol);
  static std::size_t symbol_of(char c);

  std::vector<Node> nodes_;
  std::uint16_t start_ = 0;
  std::vector<State> states_;
  std::map<Set, std::uint16_t> numbers_;
  std::uint16_t first_ = kUnknown;
  std::vector<bool> visited_;
  std::vector<std::uint16_t> stack_;
};

}  // namespace lightsout::mrt
