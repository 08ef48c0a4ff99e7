// SPDX-License-Identifier: Apache-2.0
#include "detect/service.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/test_data.h"
#include "detect/peer_cusum.h"
#include "detect/real_series.h"

namespace lightsout {
namespace {

Series series_of(std::string_view service, std::vector<std::pair<double, double>> bins) {
  Series series{
      .id = *SignalId::parse(fmt::format("service:{}@country:IN/ooni/failed_share", service)),
      .plane = Plane::application,
      .unit = Unit::fraction,
      .worse = Worse::high,
      .begin = *parse_time("2026-06-16T00:00:00Z"),
      .step = Seconds{3600}};
  for (const auto& [failed, tests] : bins) {
    series.samples.push_back(tests > 0 ? Sample::of(failed / tests) : Sample::missing());
    series.trials.push_back(static_cast<float>(tests));
  }
  return series;
}

std::vector<std::pair<double, double>> steady(std::size_t hours, double failed, double tests) {
  return std::vector<std::pair<double, double>>(hours, {failed, tests});
}

std::vector<std::pair<double, double>> then(std::vector<std::pair<double, double>> first,
                                            const std::vector<std::pair<double, double>>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

TEST(ServiceBlocks, OneServiceFailsWhileOthersWork) {
  const Series telegram =
      series_of("telegram", then(then(steady(24, 0.5, 10), steady(12, 10, 10)), steady(24, 0, 10)));
  const Series signal = series_of("signal", steady(60, 0.3, 6));
  const Series* others[] = {&signal};
  const auto blocks = find_service_blocks(telegram, others);
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_EQ(format_time(blocks[0].range.begin), "2026-06-17T00:00:00Z");
  EXPECT_EQ(format_time(blocks[0].alarmed_at), "2026-06-17T02:00:00Z");
  EXPECT_FALSE(blocks[0].open);
  const ServiceComparison comparison = compare_services(telegram, others, blocks[0].range);
  EXPECT_TRUE(comparison.targeted());
  EXPECT_GT(comparison.failed.low, 0.8);
  EXPECT_LT(comparison.others.high, 0.25);
  EXPECT_EQ(comparison.other_services, std::vector<std::string>{"signal"});
}

TEST(ServiceBlocks, WhenEverythingFailsNoneIsTargeted) {
  const Series telegram = series_of("telegram", then(steady(24, 0.5, 10), steady(12, 10, 10)));
  const Series signal = series_of("signal", then(steady(24, 1, 20), steady(12, 20, 20)));
  const Series* others[] = {&signal};
  EXPECT_TRUE(find_service_blocks(telegram, others).empty());
  EXPECT_EQ(find_service_blocks(telegram, {}).size(), 1u);  // held against itself alone
  const TimeRange range{telegram.time_of(24), telegram.end()};
  EXPECT_FALSE(compare_services(telegram, others, range).targeted());
}

TEST(ServiceBlocks, WithoutOthersNothingIsCalledTargeted) {
  const Series telegram = series_of("telegram", then(steady(24, 0.5, 10), steady(12, 10, 10)));
  const ServiceComparison comparison =
      compare_services(telegram, {}, {telegram.time_of(24), telegram.end()});
  EXPECT_EQ(comparison.others_tests, 0);
  EXPECT_FALSE(comparison.targeted());
}

TEST(ServiceBlocks, TwoBinsAndNoBinsSayNothing) {
  EXPECT_TRUE(find_service_blocks(series_of("telegram", {}), {}).empty());
  EXPECT_TRUE(find_service_blocks(series_of("telegram", {{2, 2}, {2, 2}}), {}).empty());
  EXPECT_TRUE(find_service_blocks(series_of("telegram", steady(20, 0, 0)), {}).empty());
  const ServiceComparison nothing = compare_services(series_of("telegram", {}), {}, {});
  EXPECT_EQ(nothing.failed.low, 0);
  EXPECT_EQ(nothing.failed.high, 1);
}

TEST(ServiceBlocks, OneBinNeverAlarms) {
  ServiceTracker tracker;
  for (int i = 0; i < 48; ++i) tracker.push({1, 20, 1, 20});
  EXPECT_FALSE(tracker.push({20, 20, 1, 20}).alarm);
  EXPECT_TRUE(tracker.push({20, 20, 1, 20}).alarm);
}

TEST(ServiceBlocks, TelegramInIndiaAlarmsWithinTwoHours) {
  REQUIRE_DATA(path, "telegram-india-2026/ooni/ooni_measurements_india_telegram_raw.json.gz");
  const Series series = real::telegram_india(path);
  const auto blocks = find_service_blocks(series, {});
  ASSERT_FALSE(blocks.empty());
  const Time onset = *parse_time("2026-06-16T07:08:57Z");  // the first false route to Telegram
  PeerCusum theirs;
  std::optional<Time> theirs_at;
  for (std::size_t bin = 0; bin < series.size() && !theirs_at; ++bin) {
    const auto share = series.samples[bin].number();
    if (!share) continue;
    if (theirs.push(median_of_verdicts(*share))) theirs_at = series.time_of(bin + 1);
  }
  ASSERT_TRUE(theirs_at);
  fmt::print("Telegram in India, hourly: ours {} after the onset, OONI's {}\n",
             format_duration(blocks[0].alarmed_at - onset), format_duration(*theirs_at - onset));
  EXPECT_EQ(blocks.size(), 1u);
  EXPECT_GT(blocks[0].alarmed_at, onset);
  EXPECT_LE(blocks[0].alarmed_at - onset, Seconds{2 * 3600});
  EXPECT_GT(*theirs_at, blocks[0].alarmed_at);
}

}  // namespace
}  // namespace lightsout
