// SPDX-License-Identifier: Apache-2.0
#include "source/json_items.h"

#include <fmt/format.h>

#include "source/limits.h"

namespace lightsout {

namespace {

constexpr std::size_t kChunk = 64 << 10;
constexpr std::size_t kPadding = 64;  // simdjson reads up to so many bytes past the end

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// What may stand outside strings: punctuation, numbers, and the letters of true, false and null.
bool may_stand_bare(char c) {
  constexpr std::string_view kBare = "0123456789+-.eEtrufalsn,:";
  return kBare.find(c) != std::string_view::npos;
}

}  // namespace

JsonItems::JsonItems(ByteSource& source, std::string file, Where where, Damage& damage)
    : source_(source), file_(std::move(file)), where_(where), damage_(damage) {}

bool JsonItems::fill() {
  if (ended_) return false;
  base_ += chunk_.size();
  at_ = 0;
  chunk_.resize(kChunk);
  const Result<std::size_t> count =
      source_.read({reinterpret_cast<std::uint8_t*>(chunk_.data()), chunk_.size()});
  if (!count) damage_.add({.file = file_, .offset = base_, .reason = count.error().message});
  ended_ = !count || *count == 0;
  chunk_.resize(ended_ ? 0 : *count);
  if (!ended_ && base_ == 0 && chunk_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  return !ended_;
}

void JsonItems::keep(char c) {
  if (!in_item() || too_long_) return;
  if (item_.size() < kLongestItem) {
    item_ += c;
    return;
  }
  too_long_ = true;
  item_.clear();
  item_.shrink_to_fit();
}

void JsonItems::begin_item() {
  item_depth_ = open_.size();
  item_offset_ = base_ + at_;
  item_.clear();
  too_long_ = false;
}

// One count for each stretch of trouble, from its first sign to the next whole item.
void JsonItems::trouble(const std::string& reason) {
  const std::uint64_t here = base_ + at_;
  const std::uint64_t from = in_item() ? item_offset_ : here;
  if (!said_) {
    damage_.add({.file = file_, .offset = from, .bytes = here - from, .reason = reason});
  }
  said_ = true;
  searching_ = true;
  in_string_ = escaped_ = false;
  // Back to where items stand; what encloses them is taken to be still open.
  if (in_item()) open_.resize(item_depth_ - 1);
  item_depth_ = 0;
  item_.clear();
  before_ = '\0';
}

void JsonItems::refuse(const JsonItem& item, const std::string& reason) {
  damage_.add({.file = file_, .offset = item.offset, .bytes = item.text.size(), .reason = reason});
}

// A value may open after ':' inside an object, and after '[' or ',' inside an array. Damage shows
// itself here: a lost '}' makes the next item open where a key should stand.
bool JsonItems::may_open(char) const {
  if (open_.empty()) return true;
  if (open_.back() == '{') return before_ == ':';
  return before_ == '[' || before_ == ',' || before_ == '\0';
}

JsonItems::Step JsonItems::open(char c) {
  if (!may_open(c) || open_.size() >= kDeepestJson) return Step::trouble;
  const bool item_begins =
      !in_item() && c == '{' &&
      (where_ == Where::at_top ? open_.empty() : !open_.empty() && open_.back() == '[');
  open_ += c;
  if (item_begins) begin_item();
  keep(c);
  return Step::more;
}

JsonItems::Step JsonItems::close(char c) {
  const char opener = c == '}' ? '{' : '[';
  if (open_.empty() || open_.back() != opener) return Step::trouble;
  keep(c);
  const bool item_ends = in_item() && open_.size() == item_depth_;
  open_.pop_back();
  if (!item_ends) return Step::more;
  item_depth_ = 0;
  return Step::item;
}

JsonItems::Step JsonItems::take_in_string(char c) {
  if (static_cast<unsigned char>(c) < 0x20) return Step::trouble;  // RFC 8259 section 7
  keep(c);
  if (escaped_) {
    escaped_ = false;
  } else if (c == '\\') {
    escaped_ = true;
  } else if (c == '"') {
    in_string_ = false;
    before_ = '"';
  }
  return Step::more;
}

JsonItems::Step JsonItems::take(char c) {
  // A line that begins with '{' begins a record of JSON lines, whatever the line before left open.
  const bool new_record = where_ == Where::at_top && line_begins_ && c == '{' && !open_.empty();
  if (new_record) {
    trouble("the record is not closed before the next begins");
    open_.clear();
    searching_ = false;
    said_ = false;
  }
  line_begins_ = c == '\n';
  if (in_string_) return take_in_string(c);
  Step step = Step::more;
  if (c == '{' || c == '[') {
    step = open(c);
  } else if (c == '}' || c == ']') {
    step = close(c);
  } else if (c == '"') {
    in_string_ = true;
    keep(c);
  } else if (is_blank(c)) {
    keep(c);
    return Step::more;
  } else if (may_stand_bare(c) && (c != ':' || (!open_.empty() && open_.back() == '{'))) {
    keep(c);
  } else {
    step = Step::trouble;
  }
  before_ = c;
  return step;
}

bool JsonItems::next(JsonItem& item) {
  while (at_ < chunk_.size() || fill()) {
    const char c = chunk_[at_];
    const bool resumed = searching_;
    if (searching_) {
      if (where_ == Where::at_top) open_.clear();
      // In a list a new object follows ',' or a blank; inside a string nobody writes '{' so often.
      if (c == '{') {
        searching_ = false;
        before_ = '\0';
        if (where_ == Where::in_lists && open_.find('[') == std::string::npos) open_.assign(1, '[');
        while (where_ == Where::in_lists && open_.back() != '[') open_.pop_back();
      } else {
        line_begins_ = c == '\n';
        ++at_;
        continue;
      }
    }
    const Step step = take(c);
    if (step == Step::trouble) {
      trouble(fmt::format("not JSON from byte {} on", base_ + at_));
      if (c == '{' && !resumed) continue;  // the next record begins where this one broke
    }
    ++at_;
    if (step != Step::item) continue;
    said_ = false;
    if (too_long_) {
      damage_.add({.file = file_,
                   .offset = item_offset_,
                   .bytes = base_ + at_ - item_offset_,
                   .reason = fmt::format("a record longer than {} bytes", kLongestItem)});
      continue;
    }
    item.offset = item_offset_;
    item_.reserve(item_.size() + kPadding);
    item.text.swap(item_);
    return true;
  }
  if (in_item() || (!open_.empty() && !said_)) {
    at_ = 0;
    trouble("ends in the middle of a record");
    open_.clear();
    item_depth_ = 0;
  }
  return false;
}

std::set<std::string> top_keys(std::string_view head) {
  std::set<std::string> keys;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const char c = head[i];
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && (depth == 0 || --depth == 0)) break;
    if (c != '"') continue;
    const std::size_t begin = i + 1;
    for (++i; i < head.size() && head[i] != '"'; ++i) {
      if (head[i] == '\\') ++i;
    }
    if (i >= head.size()) break;
    const std::size_t after = head.find_first_not_of(" \t\r\n", i + 1);
    if (depth == 1 && after != std::string_view::npos && head[after] == ':' && i - begin <= 64 &&
        keys.size() < 1000) {
      keys.emplace(head.substr(begin, i - begin));
    }
  }
  return keys;
}

}  // namespace lightsout
