// SPDX-License-Identifier: Apache-2.0
#include "source/grid.h"

#include <gtest/gtest.h>

#include "source/merge.h"

namespace lightsout {
namespace {

constexpr std::uint32_t kDay = 86400;
constexpr std::uint32_t kBegin = 19000 * kDay;

Points points_at(const std::vector<std::uint32_t>& times) {
  Points points;
  for (const std::uint32_t time : times) {
    points.push_back({.time = kBegin + time,
                      .order = static_cast<std::uint32_t>(points.size()) & 0x3FFFFFFF,
                      .value = static_cast<double>(points.size() + 1)});
  }
  return points;
}

std::vector<std::uint32_t> every(std::uint32_t step, std::uint32_t begin, std::uint32_t end) {
  std::vector<std::uint32_t> times;
  for (std::uint32_t time = begin; time < end; time += step) times.push_back(time);
  return times;
}

std::vector<std::uint32_t> joined(std::vector<std::uint32_t> a,
                                  const std::vector<std::uint32_t>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

SeriesSpec any_spec() {
  return spec_of(*SignalId::parse("country:KZ/a/b"));
}

Series series_at(const std::vector<std::uint32_t>& times, GridReport& report) {
  return series_of(any_spec(), points_at(times), std::nullopt, 1'000'000, report);
}

TEST(NativeStep, IsTheOneOfTheSource) {
  struct Case {
    const char* what;
    std::vector<std::uint32_t> times;
    std::optional<std::int64_t> step;
  };
  const Case kCases[] = {
      {"none", {}, 3600},
      {"one point", {0}, 3600},
      {"regular", every(300, 0, 6000), 300},
      {"with gaps", joined(every(300, 0, 6000), every(300, 90000, 96000)), 300},
      {"every other day missing now and then", {0, kDay, 3 * kDay, 5 * kDay, 6 * kDay}, kDay},
      {"2 days and 3 days are counted in days", {0, 2 * kDay, 5 * kDay, 7 * kDay, 10 * kDay}, kDay},
      {"2 h, then 90 min", joined(every(7200, 0, 20 * kDay), every(5400, 20 * kDay, 21 * kDay)),
       7200},
      {"5 min, then 10 min", joined(every(300, 0, kDay), every(600, kDay, 3 * kDay)), 300},
  };
  for (const Case& one : kCases) {
    const std::optional<Seconds> step = native_step(points_at(one.times));
    EXPECT_EQ(step ? std::optional(step->count()) : std::nullopt, one.step) << one.what;
  }
  // Distances that are all different are no step.
  std::vector<std::uint32_t> chance{0};
  for (std::uint32_t i = 1; i < 60; ++i) chance.push_back(chance.back() + 700 + 13 * i);
  EXPECT_EQ(native_step(points_at(chance)), std::nullopt);
}

TEST(Grid, AStepThatChangesIsAveragedAndTheCommonerStaysExact) {
  GridReport report;
  const Series series =
      series_at(joined(every(7200, 0, 20 * kDay), every(5400, 20 * kDay, 21 * kDay)), report);
  EXPECT_EQ(series.step, Seconds{7200});
  for (std::size_t bin = 0; bin < 240; ++bin) {
    ASSERT_EQ(series.samples[bin], Sample::of(static_cast<double>(bin + 1)));
  }
  // The value 242 stands for 01:30 to 03:00 and 243 for 03:00 to 04:30.
  EXPECT_DOUBLE_EQ(series.samples[241].value(), 0.5 * 242 + 0.5 * 243);
  EXPECT_GT(report.resampled, 0u);
  EXPECT_EQ(report.irregular, 0u);
}

TEST(Grid, AGapBetweenTwoStepsStaysAGap) {
  GridReport report;
  const Series series = series_at(
      joined(every(7200, 0, 20 * kDay), every(5400, 21 * kDay + 5400, 22 * kDay)), report);
  EXPECT_EQ(series.samples[243], Sample::missing());
  EXPECT_EQ(series.samples[252], Sample::missing());  // covered for 30 min of 120
  EXPECT_TRUE(series.samples[253].is_number());
}

TEST(Grid, ALonePointFarAwayIsAWrongClock) {
  for (const auto& times : {joined(every(3600, 0, kDay), {800 * kDay}),
                            joined({0}, every(3600, 800 * kDay, 801 * kDay))}) {
    GridReport report;
    EXPECT_EQ(series_at(times, report).size(), 24u);
    EXPECT_EQ(report.far_away, 1u);
  }
  // Two long stretches two years apart are two exports, not a clock.
  GridReport report;
  const Series both =
      series_at(joined(every(3600, 0, 9 * kDay), every(3600, 730 * kDay, 739 * kDay)), report);
  EXPECT_EQ(report.far_away, 0u);
  EXPECT_EQ(both.size(), 739u * 24);
}

TEST(Grid, TheCoveredTimeWidensASeriesButInventsNoBins) {
  GridReport report;
  const auto at = [](std::uint32_t time) { return Time{Seconds{kBegin + time}}; };
  const Series series = series_of(any_spec(), points_at(every(3600, 3600, 5 * 3600)),
                                  TimeRange{at(1800), at(7 * 3600 + 1801)}, 1'000'000, report);
  EXPECT_EQ(series.begin, at(3600));  // 00:30 is covered, but there is no whole bin before 01:00
  EXPECT_EQ(series.size(), 7u);
  EXPECT_EQ(series.samples[3], Sample::of(4));
  EXPECT_EQ(series.samples[6], Sample::missing());
}

TEST(Grid, AShiftedGridKeepsItsShift) {
  GridReport report;
  const Series series = series_at(every(3600, 900, 12 * 3600), report);
  EXPECT_EQ(series.begin, Time{Seconds{kBegin + 900}});
  EXPECT_EQ(report.resampled, 0u);
}

TEST(Grid, RowsOfABinAreCombinedAsAsked) {
  const auto combined = [](Combine combine, bool zero) {
    SeriesSpec spec = any_spec();
    spec.step = Seconds{3600};
    spec.combine = combine;
    spec.absent_is_zero = zero;
    Points points;
    for (const auto& [time, value] :
         std::vector<std::pair<std::uint32_t, double>>{{0, 5}, {60, 7}, {120, 5}, {2 * 3600, 4}}) {
      points.push_back({.time = kBegin + time, .value = value});
    }
    GridReport report;
    return series_of(spec, points, std::nullopt, 1000, report).samples;
  };
  using Samples = std::vector<Sample>;
  EXPECT_EQ(combined(Combine::sum, true), (Samples{Sample::of(17), Sample::of(0), Sample::of(4)}));
  EXPECT_EQ(combined(Combine::distinct, true),
            (Samples{Sample::of(2), Sample::of(0), Sample::of(1)}));
  EXPECT_EQ(combined(Combine::sum, false),
            (Samples{Sample::of(17), Sample::missing(), Sample::of(4)}));
  EXPECT_EQ(combined(Combine::mean, false),
            (Samples{Sample::of(17.0 / 3), Sample::missing(), Sample::of(4)}));
}

Series made(std::int64_t begin, std::int64_t step, std::vector<Sample> samples, int arrived) {
  return {.id = *SignalId::parse("country:KZ/a/b"),
          .begin = Time{Seconds{begin}},
          .step = Seconds{step},
          .samples = std::move(samples),
          .lineage = {{.name = std::to_string(arrived), .arrived = Time{Seconds{arrived}}}}};
}

TEST(Merge, JoinsWhatLiesOnOneGridAndLetsTheLaterStand) {
  const Sample missing = Sample::missing();
  MergeReport report;
  const Series merged =
      merge_series(made(600, 300, {Sample::of(3), missing, Sample::of(5)}, 2),
                   made(0, 300, {Sample::of(1), missing, Sample::of(9)}, 1), report);
  EXPECT_EQ(merged.begin, Time{});
  EXPECT_EQ(merged.samples,
            (std::vector<Sample>{Sample::of(1), missing, Sample::of(3), missing, Sample::of(5)}));
  EXPECT_EQ(report.differing, 1u);
  EXPECT_EQ(merged.lineage.size(), 2u);
  EXPECT_EQ(merged.lineage[0].name, "1");
}

TEST(Merge, KeepsTheFullerOneWhereTheGridsDiffer) {
  MergeReport report;
  const std::vector<Sample> three(3, Sample::of(1));
  const Series merged =
      merge_series(made(0, 300, three, 1), made(0, 600, {Sample::of(2)}, 2), report);
  EXPECT_EQ(merged.samples, three);
  EXPECT_TRUE(report.other_grid);
  EXPECT_NE(report.text(merged.id), "");
}

}  // namespace
}  // namespace lightsout
