// SPDX-License-Identifier: Apache-2.0
#include "report/thin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "report/test_report.h"

namespace lightsout {
namespace {

Series series_of(std::vector<Sample> samples, Seconds step = Seconds{300}) {
  Series series{.id = test::signal("country:KZ/bgp/visible_slash24")};
  series.begin = test::at("2022-01-05");
  series.step = step;
  series.samples = std::move(samples);
  return series;
}

int lowest_drawn(const std::vector<Run>& runs) {
  int y = 0;
  for (const Run& run : runs) {
    for (const PlotPoint& point : run.points) y = std::max(y, point.y);
  }
  return y;
}

TEST(Thin, OneBinAtZeroAmongManyThousandIsStillDrawnAtZero) {
  for (const std::size_t where : {0u, 1u, 5000u, 99'998u, 99'999u}) {
    std::vector<Sample> samples(100'000, Sample::of(1000));
    samples[where] = Sample::of(0);
    const Series series = series_of(std::move(samples));
    for (const int columns : {90, 720}) {
      const PlotScale scale{.columns = columns, .top = 1100, .tolerance = 60};
      const auto runs = thin_runs(series, series.range(), scale);
      EXPECT_EQ(lowest_drawn(runs), scale.height) << where << " of " << columns;
      ASSERT_EQ(runs.size(), 1u);
      EXPECT_LT(runs[0].points.size(), 12u) << "a flat line needs no more";
      EXPECT_EQ(zeros(series, series.range(), columns).size(), 1u);
    }
  }
}

TEST(Thin, NoLineCrossesAGap) {
  std::vector<Sample> samples(300, Sample::of(10));
  for (std::size_t i = 100; i < 120; ++i) samples[i] = Sample::missing();
  for (std::size_t i = 200; i < 210; ++i) samples[i] = Sample::source_down();
  const Series series = series_of(std::move(samples));
  const PlotScale scale{.columns = 300, .top = 20};
  const auto runs = thin_runs(series, series.range(), scale);
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_LE(runs[0].points.back().x, 100);
  EXPECT_GE(runs[1].points.front().x, 120);
  EXPECT_LE(runs[1].points.back().x, 200);
  EXPECT_GE(runs[2].points.front().x, 210);
  const auto found = gaps(series, series.range(), 300);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0], (ColumnRun{SampleState::missing, 100, 120, 20}));
  EXPECT_EQ(found[1], (ColumnRun{SampleState::source_down, 200, 210, 10}));
}

TEST(Thin, ALoneBinBetweenGapsIsADashThatCanBeSeen) {
  const Series series = series_of({Sample::missing(), Sample::of(5), Sample::missing()});
  const auto runs = thin_runs(series, series.range(), {.columns = 720, .top = 10});
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].points, (std::vector<PlotPoint>{{240, 320}, {480, 320}}));
}

TEST(Thin, AWideBinIsAStepAndNotASlope) {
  const Series series = series_of({Sample::of(10), Sample::of(0), Sample::of(10)}, Seconds{86400});
  const auto runs = thin_runs(series, series.range(), {.columns = 300, .top = 10, .tolerance = 1});
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].points,
            (std::vector<PlotPoint>{{0, 0}, {100, 0}, {100, 640}, {200, 640}, {200, 0}, {300, 0}}));
}

TEST(Thin, ASingleMissingBinOfManyIsStillHatched) {
  std::vector<Sample> samples(50'000, Sample::of(10));
  samples[777] = Sample::missing();
  const Series series = series_of(std::move(samples));
  const auto found = gaps(series, series.range(), 720);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].end - found[0].begin, 1);
}

TEST(Thin, NothingMeasuredIsNothingDrawn) {
  const Series series = series_of(std::vector<Sample>(100, Sample::missing()));
  EXPECT_TRUE(thin_runs(series, series.range(), {}).empty());
  EXPECT_TRUE(zeros(series, series.range(), 720).empty());
  ASSERT_EQ(gaps(series, series.range(), 720).size(), 1u);
  EXPECT_TRUE(
      thin_runs(series_of({}), {test::at("2022-01-01"), test::at("2022-01-02")}, {}).empty());
  EXPECT_TRUE(thin_runs(series, {series.begin, series.begin}, {}).empty());
}

// Whatever is left away lies within the tolerance of what is drawn.
TEST(Thin, TheDrawnLineMissesNoPointByMoreThanTheTolerance) {
  std::vector<Sample> samples;
  for (int i = 0; i < 700; ++i) samples.push_back(Sample::of(50 + 40 * std::sin(i * 0.07)));
  const Series series = series_of(std::move(samples));
  const PlotScale scale{.columns = 700, .top = 100, .tolerance = 6};
  const auto runs = thin_runs(series, series.range(), scale);
  ASSERT_EQ(runs.size(), 1u);
  const auto& points = runs[0].points;
  EXPECT_LT(points.size(), 350u);
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double x = x_of(series.time_of(i) + series.step / 2, series.range(), 700) * 10.0;
    const double y = scale.y_of(series.samples[i].value());
    double nearest = 1e9;
    for (std::size_t k = 1; k < points.size(); ++k) {
      const double ax = points[k - 1].x * 10.0;
      const double ay = points[k - 1].y;
      const double dx = points[k].x * 10.0 - ax;
      const double dy = points[k].y - ay;
      const double along = ((x - ax) * dx + (y - ay) * dy) / std::max(1.0, dx * dx + dy * dy);
      const double at = std::clamp(along, 0.0, 1.0);
      nearest = std::min(nearest, std::hypot(x - ax - at * dx, y - ay - at * dy));
    }
    EXPECT_LE(nearest, scale.tolerance + 0.01) << i;  // a pixel is ten units high
  }
}

TEST(Thin, TheBandBreaksWhereNothingIsExpected) {
  const Series series = series_of(std::vector<Sample>(100, Sample::of(10)));
  std::vector<Expectation> expected(100, {10, 8, 12});
  for (std::size_t i = 40; i < 50; ++i) expected[i] = {NAN, NAN, NAN};
  EXPECT_EQ(thin_band(series, expected, series.range(), {.top = 20}).size(), 2u);
  EXPECT_TRUE(thin_band(series, {}, series.range(), {.top = 20}).empty());
}

}  // namespace
}  // namespace lightsout
