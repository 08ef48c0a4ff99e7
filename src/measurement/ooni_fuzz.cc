// SPDX-License-Identifier: Apache-2.0
//
// Whatever the bytes, a measurement is read or refused; what was read can be scored.
#include <cstdint>

#include "core/check.h"
#include "measurement/services.h"
#include "measurement/web_connectivity.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  static OoniMeasurementParser parser;
  std::string text(reinterpret_cast<const char*>(data), size);
  const Result<OoniMeasurement> measurement = parser.parse(text);
  if (!measurement) return 0;
  CHECK(!text_of(score_web_connectivity(*measurement)).empty());
  const auto score = score_service(*measurement);
  if (score) CHECK(score->failed_share >= 0 && score->failed_share <= 1);
  return 0;
}
