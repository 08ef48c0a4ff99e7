// What the fuzz targets of whole sources share: bytes in, a Reading out, and what must be true of
// it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "core/check.h"
#include "source/limits.h"
#include "source/source.h"

namespace lightsout {

inline Input fuzz_input(Bytes bytes) {
  return {.lineage = {.name = "fuzz"}, .open = [bytes]() -> Result<std::unique_ptr<ByteSource>> {
            return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(bytes));
          }};
}

inline void check_reading(const Reading& reading) {
  std::size_t samples = 0;
  for (const Series& series : reading.series) {
    samples += series.size();
    CHECK(series.step.count() > 0);
    CHECK(series.size() > 0 && series.size() <= kMostBins);
    CHECK(series.trials.empty() || series.trials.size() == series.size());
    CHECK(series.coverage.empty() || series.coverage.size() == series.size());
    CHECK(series.begin.time_since_epoch().count() >= 0);
    for (const Sample& sample : series.samples) {
      CHECK(!sample.is_number() || std::isfinite(sample.value()));
    }
  }
  CHECK(samples <= kMostSamples);
  for (std::size_t i = 1; i < reading.series.size(); ++i) {
    CHECK(reading.series[i - 1].id < reading.series[i].id);
  }
  for (const DamagedPart& part : reading.damage.parts()) CHECK(!part.reason.empty());
}

}  // namespace lightsout
