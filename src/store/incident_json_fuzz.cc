// Any bytes are an answer, and what is read once is written and read the same ever after.
//
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "core/check.h"
#include "store/incident_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto incident = incident_from_json(text); incident.ok()) {
    const std::string written = to_json(*incident);
    const auto again = incident_from_json(written);
    CHECK(again.ok());
    CHECK(to_json(*again) == written);
  }
  if (const auto detection = detection_from_json(text); detection.ok()) {
    CHECK(detection_from_json(to_json(*detection)).ok());
  }
  CHECK(as_utf8(as_utf8(text)) == as_utf8(text));
  return 0;
}
