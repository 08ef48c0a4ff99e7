// SPDX-License-Identifier: Apache-2.0
#include "source/json_items.h"

#include "core/check.h"
#include "source/limits.h"

using namespace lightsout;

// Items lie in the input in order, and each is word for word what stands there.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto where : {JsonItems::Where::in_lists, JsonItems::Where::at_top}) {
    MemorySource source(text);
    Damage damage;
    JsonItems items(source, "fuzz", where, damage);
    JsonItem item;
    std::uint64_t at = 0;
    while (items.next(item)) {
      CHECK(item.offset >= at);
      CHECK(item.text.size() <= kLongestItem);
      CHECK(text.substr(item.offset, item.text.size()) == item.text);
      CHECK(item.text.front() == '{' && item.text.back() == '}');
      at = item.offset + item.text.size();
    }
  }
  top_keys(text);
  return 0;
}
