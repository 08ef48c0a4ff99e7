// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "cases/likeness.h"
#include "core/check.h"

using namespace lightsout;

// Whatever can be read is whole, and can be compared with itself at no distance.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = parse_cases({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!read) {
    CHECK(!read.error().message.empty());
    return 0;
  }
  CHECK(read->size() <= kMaxCases);
  std::size_t compared = 0;
  for (const PastCase& past : *read) {
    CHECK(!past.because.empty() && !past.sources.empty());
    CHECK(!past.cuts.empty() || past.days || past.pattern);
    if (++compared > 4) break;
    const Profile profile = profile_of(past);
    CHECK(profile.on_off.empty() || profile.on_off.size() == kCourseBins);
    const auto self = likeness(profile, profile);
    if (self) CHECK(self->distance == 0);
  }
  return 0;
}
