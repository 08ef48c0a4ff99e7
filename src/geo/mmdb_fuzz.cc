// SPDX-License-Identifier: Apache-2.0
#include "geo/mmdb.h"

// Any bytes: it ends, stays inside them, and gives a table that can be built.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  PrefixTable::Builder builder;
  Damage damage;
  (void)read_mmdb(Bytes(data, size), builder, damage, "fuzz");
  if (builder.size() < 10'000) (void)builder.build();
  return 0;
}
