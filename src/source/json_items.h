// JsonItems: the records of a JSON stream of any length, one at a time, each with its place.
//
// It only finds where objects begin and end; what is in them is for a real parser (simdjson) to
// say. That keeps memory at one record, and a broken record costs itself and not the file: after
// something that cannot be JSON, reading goes on at the next object.
//
//   JsonItems items(source, "answer.json", JsonItems::Where::in_lists, damage);
//   JsonItem item;
//   while (items.next(item)) parse(item.text);
//
// in_lists: the objects that stand directly in an array, not those inside them: data[][{..}],
// results.AS1[{..}]. at_top: every object that stands alone, as in JSON lines or a single document.
// A record longer than kLongestItem is damage and passed over.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "core/byte_source.h"
#include "core/damage.h"

namespace lightsout {

struct JsonItem {
  std::string text;  // "{...}", with room behind it for a parser that wants padding
  std::uint64_t offset = 0;
};

class JsonItems {
 public:
  enum class Where { in_lists, at_top };

  JsonItems(ByteSource& source, std::string file, Where where, Damage& damage);

  bool next(JsonItem& item);
  // The caller could not parse an item: counted like what the scanner itself refuses.
  void refuse(const JsonItem& item, const std::string& reason);

 private:
  enum class Step { more, item, trouble };

  bool fill();
  Step take(char c);
  Step open(char c);
  Step close(char c);
  Step take_in_string(char c);
  bool may_open(char c) const;
  void begin_item();
  void trouble(const std::string& reason);
  void keep(char c);
  bool in_item() const { return item_depth_ > 0; }

  ByteSource& source_;
  std::string file_;
  Where where_;
  Damage& damage_;
  std::string chunk_;
  std::size_t at_ = 0;
  std::uint64_t base_ = 0;
  bool ended_ = false;

  std::string open_;            // '{' and '[' that are not closed
  std::size_t item_depth_ = 0;  // size of open_ when the item began, plus one; 0: not in an item
  std::uint64_t item_offset_ = 0;
  std::string item_;
  bool too_long_ = false;
  bool in_string_ = false;
  bool escaped_ = false;
  bool searching_ = false;   // after trouble: for the next object
  bool said_ = false;        // this trouble is counted already
  char before_ = '\0';       // the last character outside strings that is no blank
  bool line_begins_ = true;  // nothing but the line end before this character
};

// The keys of the outermost object of a head, as far as it reaches; for recognition.
std::set<std::string> top_keys(std::string_view head);

}  // namespace lightsout
