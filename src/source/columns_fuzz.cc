// SPDX-License-Identifier: Apache-2.0
#include "source/columns.h"

#include <algorithm>

#include "source/fuzz_input.h"

using namespace lightsout;

// The first line is what a person wrote behind --columns, the rest is the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const Result<ColumnMapping> mapping = parse_columns(text.substr(0, line));
  if (!mapping) {
    CHECK(!mapping.error().message.empty());
    return 0;
  }
  const ReadOptions options{.entity = *Entity::parse("country:KZ"), .columns = *mapping};
  const std::size_t rest = std::min(line + 1, size);
  const Input input = fuzz_input({data + rest, size - rest});
  check_reading(read_columns({&input, 1}, options));
  return 0;
}
