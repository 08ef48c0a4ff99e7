// SPDX-License-Identifier: Apache-2.0
#include "detect/tracker.h"

#include <gtest/gtest.h>

#include <cmath>

#include "detect/edges.h"
#include "detect/likelihood.h"
#include "detect/synthetic.h"

namespace lightsout {
namespace {

using std::chrono::days;
using std::chrono::hours;

TEST(Likelihood, AgreesWithTheDistribution) {
  // ln of the negative-binomial probability, written out.
  const auto log_p = [](double y, double mean, double phi) {
    const double k = 1 / phi;
    return std::lgamma(y + k) - std::lgamma(k) - std::lgamma(y + 1) + k * std::log(k / (k + mean)) +
           y * std::log(mean / (k + mean));
  };
  for (const double y : {0.0, 3.0, 50.0, 900.0}) {
    EXPECT_NEAR(log_ratio(y, 100, 0.02, 1, 0.5), log_p(y, 50, 0.02) - log_p(y, 100, 0.02), 1e-8);
    EXPECT_NEAR(log_ratio(y, 100, 0.02, 0.3, 2), log_p(y, 200, 0.02) - log_p(y, 30, 0.02), 1e-8);
  }
}

// Mid-2024, so that no case begins on the grid by accident.
constexpr Time kBegin{Seconds(1718000000)};

std::vector<Observation> wave(Seconds step, Seconds length) {
  std::vector<Observation> seen;
  for (Seconds t{0}; t < length; t += step) {
    const Time at = kBegin + t;
    const double hour = static_cast<double>(at.time_since_epoch().count() % 86400) / 3600;
    const double value = 1000 * (1 + 0.5 * std::sin(hour / 24 * 2 * std::numbers::pi));
    seen.push_back({at, static_cast<float>(value)});
  }
  return seen;
}

TEST(Profile, LearnsTheDayFromTwoWeeksWithADarkNightInThem) {
  for (const Seconds step : {Seconds(300), Seconds(3600), Seconds(10800)}) {
    auto history = wave(step, days(14));
    for (Observation& seen : history) {
      const Seconds into = seen.middle - kBegin;
      if (into > days(5) && into < days(5) + hours(20)) seen.count = 0;
    }
    double level = 0;
    const SeasonalProfile profile =
        SeasonalProfile::learn_first(history, step, SeasonalProfile::Shape::day, level);
    for (const Observation& usual : wave(step, days(1))) {
      EXPECT_NEAR(profile.at(usual.middle + days(20)) * level / usual.count, 1, 0.06);
    }
  }
}

TEST(Tracker, AnOpenEventTeachesNothing) {
  const auto all = wave(Seconds(1800), days(60));
  Parameters parameters;
  const std::size_t warm = 14 * 48;
  LevelTracker tracker = LevelTracker::start(std::span(all).first(warm), parameters, Seconds(1800),
                                             SeasonalProfile::Shape::day);
  const std::size_t cut = 30 * 48;
  double before = 0;
  bool opened = false, closed = false;
  for (std::size_t i = warm; i < all.size(); ++i) {
    if (i == cut) before = tracker.expected(all[cut].middle);
    Observation seen = all[i];
    if (i >= cut && i < cut + 20 * 48) seen.count *= 0.05F;
    const Step step = tracker.push(seen, parameters);
    if (step.opened) {
      opened = true;
      EXPECT_EQ(step.from, cut);
      EXPECT_EQ(i, cut + 1);  // two values
    }
    if (i == cut + 20 * 48 - 1) {
      EXPECT_NEAR(tracker.expected(all[cut].middle), before, 1e-3);
    }
    if (step.closed) {
      closed = true;
      EXPECT_EQ(step.until, cut + 20 * 48);
    }
  }
  EXPECT_TRUE(opened);
  EXPECT_TRUE(closed);
}

TEST(Tracker, ASlowDeclineIsNotDraggedAlongFast) {
  // 30 % lost over 20 days: a level with a memory of one day would follow it unseen.
  auto all = wave(Seconds(1800), days(100));
  Parameters parameters;
  const std::size_t warm = 14 * 48;
  LevelTracker tracker = LevelTracker::start(std::span(all).first(warm), parameters, Seconds(1800),
                                             SeasonalProfile::Shape::day);
  bool opened = false;
  for (std::size_t i = warm; i < all.size(); ++i) {
    const double since = static_cast<double>(i) / 48 - 70;
    Observation seen = all[i];
    if (since > 0) seen.count *= static_cast<float>(1 - 0.45 * std::min(1.0, since / 20));
    opened = opened || tracker.push(seen, parameters).opened;
  }
  EXPECT_TRUE(opened);
}

struct ParameterCase {
  const char* signal;
  Plane plane;
  Unit unit;
  Seconds spacing;
  double shallow, threshold, close_at, effective;
};

const ParameterCase kParameterCases[] = {
    {"country:IR/ioda-bgp/visible_slash24", Plane::control, Unit::percent_of_max, Seconds(1800),
     0.97, 8, 0.985, 10000},
    {"country:IR/bgp/visible_slash24", Plane::control, Unit::count, Seconds(300), 0.97, 8, 0.985,
     0},
    {"country:IR/probing/slash24_up", Plane::data, Unit::count, Seconds(600), 0.9, 12, 0.95, 0},
    {"country:IR/ioda-probing/slash24_up", Plane::data, Unit::percent_of_max, Seconds(1800), 0.9, 8,
     0.95, 1000},
    {"country:IR/telescope/unique_source_ips", Plane::traffic, Unit::count, Seconds(300), 0.6, 40,
     0.9, 0},
    {"country:IR/ioda-mozilla/city_count", Plane::traffic, Unit::count, Seconds(3600), 0.6, 12, 0.9,
     40},
    {"service:youtube@country:RU/google/youtube", Plane::traffic, Unit::percent_of_max,
     Seconds(7200), 0.6, 12, 0.9, 1000},
    {"country:SY/tor/users", Plane::circumvention, Unit::count, Seconds(86400), 0.6, 8, 0.9, 0},
};

TEST(ParameterTable, IsTheOneOfTheMethods) {
  for (const ParameterCase& c : kParameterCases) {
    SCOPED_TRACE(c.signal);
    const Series series{.id = *SignalId::parse(c.signal), .plane = c.plane, .unit = c.unit};
    const Parameters p = parameters_for(series, c.spacing);
    EXPECT_EQ(p.shallow, c.shallow);
    EXPECT_EQ(p.threshold, c.threshold);
    EXPECT_NEAR(p.close_at, c.close_at, 1e-9);
    EXPECT_EQ(p.effective_count, c.effective);
    EXPECT_FALSE(p.source.empty());
  }
}

TEST(Edge, IntervalHoldsAtLeastTheBinBefore) {
  const std::vector<float> seen{100, 101, 99, 100, 40, 41, 39, 40};
  const std::vector<float> expected(8, 100), phi(8, 0.001F), keep(8, 1);
  const Edge edge = find_edge({seen, expected, phi, keep}, 1, 0.4);
  EXPECT_EQ(edge.at, 4U);
  EXPECT_EQ(edge.earliest, 3U);
  EXPECT_EQ(edge.latest, 4U);
}

TEST(Depth, IntervalNarrowsWithWhatIsKnown) {
  const std::vector<float> seen(100, 40), expected(100, 100), phi(100, 0.01F), keep(100, 1);
  const Stretch all{seen, expected, phi, keep};
  const Estimate many = depth_of(all, Direction::fall, 1000);
  const Estimate few = depth_of({std::span(seen).first(4), std::span(expected).first(4),
                                 std::span(phi).first(4), std::span(keep).first(4)},
                                Direction::fall, 1000);
  EXPECT_NEAR(many.value, 0.6, 1e-6);
  EXPECT_LT(many.high - many.low, few.high - few.low);
  EXPECT_NEAR(depth_of(all, Direction::rise, 1000).value, -0.6, 1e-6);
}

}  // namespace
}  // namespace lightsout
