// SPDX-License-Identifier: Apache-2.0
#include "detect/common_mode.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "detect/synthetic.h"

namespace lightsout {
namespace {

struct Case {
  const char* what;
  std::size_t countries;
  std::size_t fallen;
  bool suspect;
};

const Case kCases[] = {
    {"nothing in view", 0, 0, false},
    {"too few countries to say", 19, 19, false},
    {"exactly 30 % is not more than 30 %", 20, 6, false},
    {"just more", 20, 7, true},
    {"one country of many", 100, 1, false},
};

TEST(CommonMode, NeedsManyCountries) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    std::vector<double> ratios(c.countries, 1.0);
    for (std::size_t i = 0; i < c.fallen; ++i) ratios[i] = 0.3;
    EXPECT_EQ(common_mode(ratios).suspect, c.suspect);
  }
}

// `countries` series; all are halved for six hours on day 20, and the first is cut on day 24.
std::vector<Series> telescope(std::size_t countries) {
  std::vector<Series> all;
  for (std::size_t i = 0; i < countries; ++i) {
    Series series =
        synthetic::Maker(100 + i).make(synthetic::kKinds[3], Seconds(1800), 4, 0).series;
    series.id =
        *SignalId::parse(fmt::format("country:X{}/traffic/requests", static_cast<char>('A' + i)));
    for (std::size_t bin = 0; bin < series.size(); ++bin) {
      const std::size_t day = bin / 48, slot = bin % 48;
      const bool blind = day == 20 && slot >= 20 && slot < 32;
      const bool cut = i == 0 && day == 24 && slot >= 10 && slot < 40;
      if ((blind || cut) && series.samples[bin].is_number()) {
        series.samples[bin] = Sample::of(series.samples[bin].value() * (cut ? 0.02 : 0.3));
      }
    }
    all.push_back(std::move(series));
  }
  return all;
}

TEST(CommonMode, BlindnessIsNotAnOutageAndTheRealCutStays) {
  std::vector<Series> series = telescope(24);
  std::vector<Detection> before;
  for (const Series& s : series) before.push_back(detect(s));
  EXPECT_FALSE(before[5].anomalies.empty());  // this is what it would have looked like

  const std::vector<TimeRange> blind = blind_ranges(series, before);
  ASSERT_FALSE(blind.empty());
  EXPECT_EQ(blind.front().begin, series[0].time_of(20 * 48 + 20));
  EXPECT_EQ(blind.back().end, series[0].time_of(20 * 48 + 32));
  std::size_t others = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const Detection after = detect(mark_source_down(series[i], blind));
    if (i == 0) {
      ASSERT_EQ(after.anomalies.size(), 1U);
      EXPECT_EQ(after.anomalies[0].onset.value, series[0].time_of(24 * 48 + 10));
    } else {
      others += after.anomalies.size();
    }
  }
  EXPECT_EQ(others, 0U);
}

TEST(CommonMode, WithTooFewCountriesNothingIsHidden) {
  const std::vector<Series> series = telescope(19);
  std::vector<Detection> detections;
  for (const Series& s : series) detections.push_back(detect(s));
  EXPECT_TRUE(blind_ranges(series, detections).empty());
}

TEST(CommonMode, MarksWhatASourceDidNotSeeBeforeAnybodyJudges) {
  const auto hidden = [](const std::vector<Series>& all) {
    std::size_t bins = 0;
    for (const Sample& sample : all.back().samples)
      bins += sample.state() == SampleState::source_down;
    return bins;
  };
  EXPECT_GT(hidden(mark_blindness(telescope(25))), 0u);
  EXPECT_EQ(hidden(mark_blindness(telescope(19))), 0u) << "too few countries to say";
}

}  // namespace
}  // namespace lightsout
