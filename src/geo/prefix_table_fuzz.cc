// SPDX-License-Identifier: Apache-2.0
#include "core/check.h"
#include "geo/prefix_table_file.h"

// Either form; the pieces never overlap and every row is found again somewhere.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)looks_like_prefix_table(text);
  MemorySource source(text);
  PrefixTable::Builder builder;
  Damage damage;
  (void)read_prefix_table(source, "fuzz", builder, damage);
  const PrefixTable table = builder.build();
  for (const Family family : {Family::v4, Family::v6}) {
    bool first = true;
    std::uint64_t last = 0;
    for (const PrefixTable::Piece& piece : table.pieces(family)) {
      CHECK(piece.first <= piece.last);
      CHECK(first || piece.first > last);
      CHECK(!table.entities_of(piece.set).empty());
      last = piece.last;
      first = false;
    }
  }
  return 0;
}
