// What the detectors say about real events, whose times others have published.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/test_data.h"
#include "detect/detector.h"
#include "detect/real_series.h"

namespace lightsout {
namespace {

Time at(const char* text) {
  return *parse_time(text);
}

struct IranCase {
  const char* what;
  std::size_t column;
  const char* id;
  Plane plane;
  Seconds step;
  const char* onset_from;  // the published onset lies within these
  const char* onset_to;
  double deepest;  // at least
};

const IranCase kIranCases[] = {
    {"probing", 4, "country:IR/ioda-probing/slash24_up", Plane::data, Seconds(1800),
     "2026-01-08T16:30:00Z", "2026-01-08T17:00:00Z", 0.95},
    {"routes", 3, "country:IR/ioda-bgp/visible_slash24", Plane::control, Seconds(1800),
     "2026-01-08T18:00:00Z", "2026-01-08T18:00:00Z", 0.12},
    {"web search", 1, "country:IR/ioda-google/search", Plane::traffic, Seconds(1800),
     "2026-01-08T18:00:00Z", "2026-01-08T18:30:00Z", 0.95},
    {"browsers", 5, "country:IR/ioda-mozilla/city_count", Plane::traffic, Seconds(3600),
     "2026-01-08T16:00:00Z", "2026-01-08T18:00:00Z", 0.95},
    {"telescope", 2, "country:IR/ioda-telescope/unique_source_ips", Plane::traffic, Seconds(1800),
     "2026-01-08T16:30:00Z", "2026-01-09T02:00:00Z", 0.95},
};

TEST(Iran2026, EveryPlaneFallsOnTheEveningOfTheEighth) {
  REQUIRE_DATA(path, "series/ioda-iran-20251201-20260129-normalized.csv");
  for (const IranCase& c : kIranCases) {
    SCOPED_TRACE(c.what);
    const Detection found = detect(real::iran(path, c.column, c.id, c.plane, c.step));
    ASSERT_TRUE(found.judgement.possible);
    ASSERT_EQ(found.anomalies.size(), 1U);
    const Anomaly& cut = found.anomalies[0];
    EXPECT_GE(cut.onset.value, at(c.onset_from)) << format_time(cut.onset.value);
    EXPECT_LE(cut.onset.value, at(c.onset_to)) << format_time(cut.onset.value);
    EXPECT_GE(cut.deepest, c.deepest);
    EXPECT_FALSE(cut.parts.empty());
  }
}

}  // namespace
}  // namespace lightsout
