// SPDX-License-Identifier: Apache-2.0
//
// Whatever the lines, they are counted or named as damage.
#include "source/fuzz_input.h"
#include "source/psiphond_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  const Input input = fuzz_input({data, size});
  check_reading(read_psiphond_json({&input, 1}, {}));
  return 0;
}
