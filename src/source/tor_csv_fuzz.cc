// SPDX-License-Identifier: Apache-2.0
#include "source/tor_csv.h"

#include "source/fuzz_input.h"

using namespace lightsout;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ReadOptions options{.entity = *Entity::parse("country:IR")};
  const Input input = fuzz_input({data, size});
  check_reading(read_tor_csv({&input, 1}, options));
  return 0;
}
