// SPDX-License-Identifier: Apache-2.0
#include "incident/composite.h"

#include <gtest/gtest.h>

#include <cmath>

#include "incident/test_incident.h"

namespace lightsout::incident {
namespace {

using testing_incident::at;

// One series on a plane, with what was lost of 100 in each of its bins; below zero: no number.
struct Told {
  Series series;
  Detection detection;

  Told(const char* id, Plane plane, Seconds step, const std::vector<double>& losses)
      : series{.id = *SignalId::parse(id), .plane = plane, .begin = at(1), .step = step},
        detection{.signal = series.id} {
    detection.judgement.possible = true;
    for (const double loss : losses) {
      series.samples.push_back(loss < 0 ? Sample::missing() : Sample::of(100 * (1 - loss)));
      detection.expected.push_back({100, 90, 110});
    }
  }
  Witness witness() const { return {.curve = make_curve(series, detection)}; }
};

constexpr const char* kProbing = "country:KZ/probing/slash24_up";
constexpr const char* kRoutes = "country:KZ/bgp/visible_slash24";

TEST(Composite, TheLossOfABinIsThatOfThePlaneThatLostMost) {
  const Told probing(kProbing, Plane::data, Seconds{600}, {0, 0.5, 0.9, -1});
  const Told routes(kRoutes, Plane::control, Seconds{1200}, {0.25, 0.75});
  const std::vector<Witness> witnesses = {probing.witness(), routes.witness()};
  const Composite both = compose(witnesses, {0, 1}, probing.series.range());
  EXPECT_EQ(both.step, Seconds{600});
  ASSERT_EQ(both.loss.size(), 4u);
  const double expected[] = {0.25, 0.5, 0.9, 0.75};
  for (std::size_t bin = 0; bin < 4; ++bin) EXPECT_NEAR(both.loss[bin], expected[bin], 1e-6) << bin;
  const Composite one = compose(witnesses, {0}, probing.series.range());
  EXPECT_TRUE(std::isnan(one.loss[3])) << "missing is no loss";
  EXPECT_TRUE(compose(witnesses, {}, probing.series.range()).loss.empty());
}

TEST(Composite, ThePlanesLossIsTheMedianOfItsSeries) {
  const Told a(kProbing, Plane::data, Seconds{600}, {0.1});
  const Told b(kProbing, Plane::data, Seconds{600}, {0.2});
  const Told c(kProbing, Plane::data, Seconds{600}, {0.9});
  const std::vector<Witness> witnesses = {a.witness(), b.witness(), c.witness()};
  EXPECT_NEAR(compose(witnesses, {0, 1, 2}, a.series.range()).loss.at(0), 0.2, 1e-6);
  EXPECT_NEAR(compose(witnesses, {0, 2}, a.series.range()).loss.at(0), 0.5, 1e-6);
}

TEST(Composite, HasAMaximumOfBinsAndBeyondItACoarserGrid) {
  for (const std::size_t past : {std::size_t{0}, std::size_t{1}}) {
    const Told told(kProbing, Plane::data, Seconds{60},
                    std::vector<double>(kMaxGridBins + past, 0.5));
    const Composite grid = compose({told.witness()}, {0}, told.series.range());
    EXPECT_EQ(grid.step, past == 0 ? Seconds{60} : Seconds{120});
    EXPECT_EQ(grid.loss.size(), past == 0 ? kMaxGridBins : kMaxGridBins / 2 + 1);
    EXPECT_NEAR(grid.loss.front(), 0.5, 1e-6);
    EXPECT_NEAR(grid.loss[grid.loss.size() - 2], 0.5, 1e-6);
  }
}

}  // namespace
}  // namespace lightsout::incident
