// SPDX-License-Identifier: Apache-2.0
#include "mrt/filter_path.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout::mrt {
namespace {

constexpr std::string_view kAlphabet = "0123456789 ,{}()[]";
constexpr std::uint32_t kDelimiters = 0x3fc00;  // all of the alphabet but the digits
constexpr std::uint32_t kAnything = 0x3ffff;

}  // namespace

// The pattern as a tree, made by recursive descent: alternatives of sequences of repeated atoms.
class PathPatternParser {
 public:
  struct Part {
    enum class Kind { nothing, symbols, begin, end, border, both, either, star, plus, maybe } kind;
    std::uint32_t symbols = 0;
    std::size_t left = 0, right = 0;  // other parts
  };

  explicit PathPatternParser(std::string_view text) : text_(text) {}

  Result<std::size_t> parse() {
    const std::size_t root = alternatives(0);
    if (problem_.empty() && at_ < text_.size()) problem_ = "a ')' without its '('";
    if (problem_.empty()) return root;
    return Error{ErrorKind::usage, fmt::format("AS path pattern '{}': {}, at character {}", text_,
                                               problem_, at_ + 1)};
  }

  const std::vector<Part>& parts() const { return parts_; }

 private:
  using Kind = Part::Kind;

  std::size_t add(Part part) {
    parts_.push_back(part);
    return parts_.size() - 1;
  }
  bool more() const { return problem_.empty() && at_ < text_.size(); }

  std::size_t alternatives(std::size_t depth) {
    std::size_t left = sequence(depth);
    while (more() && text_[at_] == '|') {
      ++at_;
      left = add({.kind = Kind::either, .left = left, .right = sequence(depth)});
    }
    return left;
  }

  std::size_t sequence(std::size_t depth) {
    std::size_t left = add({.kind = Kind::nothing});
    while (more() && text_[at_] != '|' && text_[at_] != ')') {
      left = add({.kind = Kind::both, .left = left, .right = repeated(depth)});
    }
    return left;
  }

  std::size_t repeated(std::size_t depth) {
    std::size_t part = atom(depth);
    while (more()) {
      const char c = text_[at_];
      if (c != '*' && c != '+' && c != '?') break;
      ++at_;
      part = add({.kind = c == '*'   ? Kind::star
                          : c == '+' ? Kind::plus
                                     : Kind::maybe,
                  .left = part});
    }
    return part;
  }

  std::size_t atom(std::size_t depth) {
    const char c = text_[at_++];
    switch (c) {
      case '^':
        return add({.kind = Kind::begin});
      case '$':
        return add({.kind = Kind::end});
      case '_':
        return add({.kind = Kind::border});
      case '.':
        return add({.kind = Kind::symbols, .symbols = kAnything});
      case '(':
        return group(depth);
      case '[':
        return bracket();
      case '*':
      case '+':
      case '?':
        --at_;
        problem_ = fmt::format("nothing stands before '{}' that could be repeated", c);
        return 0;
      case '\\':
        if (at_ < text_.size()) return literal(text_[at_++]);
        problem_ = "a '\\' at the end";
        return 0;
      default:
        return literal(c);
    }
  }

  std::size_t literal(char c) {
    const std::size_t symbol = kAlphabet.find(c);
    if (symbol == std::string_view::npos) {
      --at_;
      problem_ = fmt::format("no AS path has the character '{}'", c);
      return 0;
    }
    return add({.kind = Kind::symbols, .symbols = 1u << symbol});
  }

  std::size_t group(std::size_t depth) {
    if (depth >= PathPattern::kMaxNesting) {
      problem_ = fmt::format("more than {} groups inside each other", PathPattern::kMaxNesting);
      return 0;
    }
    const std::size_t inside = alternatives(depth + 1);
    if (!problem_.empty()) return 0;
    if (at_ >= text_.size()) {
      problem_ = "a '(' without its ')'";
      return 0;
    }
    ++at_;
    return inside;
  }

  std::size_t bracket() {
    const bool negated = at_ < text_.size() && text_[at_] == '^';
    if (negated) ++at_;
    std::uint32_t symbols = 0;
    while (at_ < text_.size() && text_[at_] != ']') {
      const std::size_t first = kAlphabet.find(text_[at_]);
      std::size_t last = first;
      const bool range = at_ + 2 < text_.size() && text_[at_ + 1] == '-' && text_[at_ + 2] != ']';
      if (range) last = kAlphabet.find(text_[at_ + 2]);
      if (first == std::string_view::npos || last == std::string_view::npos || last < first ||
          (range && last > 9)) {
        problem_ = "'[...]' takes digits, ranges of digits, and \" ,{}()[\"";
        return 0;
      }
      for (std::size_t symbol = first; symbol <= last; ++symbol) symbols |= 1u << symbol;
      at_ += range ? 3 : 1;
    }
    if (at_ >= text_.size()) {
      problem_ = "a '[' without its ']'";
      return 0;
    }
    ++at_;
    return add({.kind = Kind::symbols, .symbols = negated ? kAnything & ~symbols : symbols});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string problem_;
  std::vector<Part> parts_;
};

// The tree as nodes: each part knows what comes after it, so nothing has to be patched later.
class PathPatternCompiler {
 public:
  PathPatternCompiler(const std::vector<PathPatternParser::Part>& parts, PathPattern& into)
      : parts_(parts), nodes_(into.nodes_) {}

  std::uint16_t add(PathPattern::Node node) {
    nodes_.push_back(node);
    return static_cast<std::uint16_t>(nodes_.size() - 1);
  }

  // The node at which `part`, followed by `next`, begins. Depth: a sequence of n atoms is a list
  // that leans to the left, so it is walked and not recursed into.
  std::uint16_t compile(std::size_t number, std::uint16_t next) {
    using Part = PathPatternParser::Part;
    using Kind = PathPattern::Node::Kind;
    const Part* part = &parts_[number];
    for (; part->kind == Part::Kind::both; part = &parts_[part->left]) {
      next = compile(part->right, next);
    }
    switch (part->kind) {
      case Part::Kind::symbols:
        return add({.kind = Kind::symbol, .symbols = part->symbols, .next = next});
      case Part::Kind::begin:
        return add({.kind = Kind::at_begin, .next = next});
      case Part::Kind::end:
        return add({.kind = Kind::at_end, .next = next});
      case Part::Kind::border: {
        const std::uint16_t one = add({.kind = Kind::symbol, .symbols = kDelimiters, .next = next});
        const std::uint16_t begin = add({.kind = Kind::at_begin, .next = next});
        const std::uint16_t end = add({.kind = Kind::at_end, .next = next});
        const std::uint16_t edge = add({.kind = Kind::either, .next = begin, .other = end});
        return add({.kind = Kind::either, .next = one, .other = edge});
      }
      case Part::Kind::either: {
        const std::uint16_t right = compile(part->right, next);
        const std::uint16_t left = compile(part->left, next);
        return add({.kind = Kind::either, .next = left, .other = right});
      }
      case Part::Kind::maybe:
        return add({.kind = Kind::either, .next = compile(part->left, next), .other = next});
      case Part::Kind::star:
      case Part::Kind::plus: {
        const std::uint16_t again = add({.kind = Kind::either, .next = next, .other = next});
        const std::uint16_t body = compile(part->left, again);
        nodes_[again].next = body;
        return part->kind == Part::Kind::star ? again : body;
      }
      default:
        return next;
    }
  }

 private:
  const std::vector<PathPatternParser::Part>& parts_;
  std::vector<PathPattern::Node>& nodes_;
};

Result<PathPattern> PathPattern::compile(std::string_view pattern) {
  if (pattern.size() > kMaxPattern) {
    return Error{ErrorKind::usage,
                 fmt::format("an AS path pattern of {} characters is longer than {}",
                             pattern.size(), kMaxPattern)};
  }
  PathPatternParser parser(pattern);
  const Result<std::size_t> root = parser.parse();
  if (!root) return root.error();
  PathPattern made;
  PathPatternCompiler compiler(parser.parts(), made);
  const std::uint16_t found = compiler.add({.kind = Node::Kind::found});
  made.start_ = compiler.compile(*root, found);
  made.visited_.resize(made.nodes_.size());
  return made;
}

// All nodes that can be reached from one without taking a symbol, appended.
void PathPattern::close(std::uint16_t from, bool begin, bool end, Set& into) {
  stack_.assign(1, from);
  while (!stack_.empty()) {
    const std::uint16_t number = stack_.back();
    stack_.pop_back();
    if (visited_[number]) continue;
    visited_[number] = true;
    into.push_back(number);
    const Node& node = nodes_[number];
    if (node.kind == Node::Kind::either) {
      stack_.push_back(node.next);
      stack_.push_back(node.other);
    }
    if ((node.kind == Node::Kind::at_begin && begin) || (node.kind == Node::Kind::at_end && end)) {
      stack_.push_back(node.next);
    }
  }
}

PathPattern::Set PathPattern::closed(const Set& from, bool begin, bool end) {
  Set into;
  for (const std::uint16_t node : from) close(node, begin, end, into);
  for (const std::uint16_t node : into) visited_[node] = false;
  std::sort(into.begin(), into.end());
  return into;
}

std::uint16_t PathPattern::state_of(Set nodes, bool begin) {
  const auto holds_found = [&](const Set& set) {
    return std::any_of(set.begin(), set.end(),
                       [&](std::uint16_t n) { return nodes_[n].kind == Node::Kind::found; });
  };
  // A match may begin at every symbol, so the start is in every state.
  nodes.push_back(start_);
  const Set open = closed(nodes, begin, false);
  // The first state is its own: there `^` holds, and the same nodes later mean something else.
  if (!begin) {
    const auto known = numbers_.find(open);
    if (known != numbers_.end()) return known->second;
  }
  State state;
  state.found = holds_found(open);
  state.found_at_end = state.found || holds_found(closed(open, begin, true));
  state.next.fill(kUnknown);
  state.nodes = open;
  const auto number = static_cast<std::uint16_t>(states_.size());
  if (!begin) numbers_.emplace(open, number);
  states_.push_back(std::move(state));
  return number;
}

std::uint16_t PathPattern::step(std::uint16_t state, std::size_t symbol) {
  const std::uint16_t known = states_[state].next[symbol];
  if (known != kUnknown) return known;
  Set after;
  for (const std::uint16_t number : states_[state].nodes) {
    const Node& node = nodes_[number];
    if (node.kind == Node::Kind::symbol && (node.symbols >> symbol & 1) != 0) {
      after.push_back(node.next);
    }
  }
  if (states_.size() >= kMaxStates) {
    states_.clear();
    numbers_.clear();
    first_ = kUnknown;
    return state_of(std::move(after), false);
  }
  const std::uint16_t next = state_of(std::move(after), false);
  states_[state].next[symbol] = next;
  return next;
}

std::size_t PathPattern::symbol_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::size_t>(c - '0');
  return kAlphabet.find(c);
}

bool PathPattern::matches(std::string_view path) {
  if (first_ == kUnknown) first_ = state_of({}, true);
  std::uint16_t state = first_;
  for (const char c : path) {
    if (states_[state].found) return true;
    const std::size_t symbol = symbol_of(c);
    if (symbol == std::string_view::npos) return false;
    state = step(state, symbol);
  }
  return states_[state].found_at_end;
}

}  // namespace lightsout::mrt
