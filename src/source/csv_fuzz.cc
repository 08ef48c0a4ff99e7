// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "core/check.h"
#include "source/csv.h"
#include "source/limits.h"

using namespace lightsout;

// Rows lie in the input one after the other, none is longer than the limit, and what a row does not
// hold is damage, a comment or a blank line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MemorySource source(Bytes{data, size});
  Damage damage;
  CsvReader reader(source, "fuzz", damage);
  CsvRow row;
  std::uint64_t at = 0;
  while (reader.next(row)) {
    CHECK(row.offset >= at);
    CHECK(row.bytes > 0 && row.bytes <= kLongestRow);
    at = row.offset + row.bytes;
    CHECK(at <= size);
    CHECK(!row.fields.empty() && row.fields.size() <= kMostColumns);
    std::size_t letters = 0;
    for (const std::string_view field : row.fields) letters += field.size();
    CHECK(letters <= row.bytes);
  }
  CHECK(damage.bytes() <= size);
  return 0;
}
