// A pattern compiles or says why not; what it compiles to answers the same with and without what it
// remembers, in bounded states.
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "core/check.h"
#include "mrt/filter_path.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t split = text.find('\n');
  Result<mrt::PathPattern> pattern = mrt::PathPattern::compile(text.substr(0, split));
  if (!pattern) {
    CHECK(!pattern.error().message.empty());
    return 0;
  }
  const std::string_view path =
      split == text.npos ? "64500 3356 {9198,9199}" : text.substr(split + 1);
  mrt::PathPattern fresh = *pattern;
  const bool first = pattern->matches(path);
  CHECK(pattern->matches(path) == first);
  CHECK(fresh.matches(path) == first);
  CHECK(pattern->states() <= mrt::PathPattern::kMaxStates);
  return 0;
}
