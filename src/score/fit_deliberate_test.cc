// SPDX-License-Identifier: Apache-2.0
#include "score/fit_deliberate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lightsout {
namespace {

TEST(Logistic, FindsTheOddsOfATwoByTwoTable) {
  // 30 of 40 with the feature, 10 of 40 without: odds 3 and 1/3, so the weight is ln 9.
  Rows rows;
  std::vector<bool> labels;
  for (int i = 0; i < 40; ++i) {
    rows.push_back({1});
    labels.push_back(i < 30);
    rows.push_back({0});
    labels.push_back(i < 10);
  }
  const Logistic fit = fit_logistic(rows, labels, {}, {.ridge = 0});
  EXPECT_NEAR(fit.weight[0], std::log(9.0), 1e-5);
  EXPECT_NEAR(fit.intercept, std::log(1.0 / 3), 1e-5);
  EXPECT_LT(fit_logistic(rows, labels, {}, {.ridge = 5}).weight[0], std::log(9.0));
}

TEST(Logistic, AColumnWithoutDataCountsAsTheAverageOne) {
  Rows rows;
  std::vector<bool> labels;
  for (int i = 0; i < 40; ++i) {
    rows.push_back({1, 0});
    labels.push_back(i < 30);
    rows.push_back({0, 0});
    labels.push_back(i < 10);
  }
  const Logistic apart = fit_logistic(rows, labels, {}, {.ridge = 1});
  const Logistic shared = fit_logistic(rows, labels, {}, {.ridge = 1, .shared = true});
  EXPECT_NEAR(apart.weight[1], 0, 1e-9);
  EXPECT_GT(shared.weight[1], 0.5 * shared.weight[0]);
}

TEST(Logistic, WeightsBelowZeroAreLeftOutWhereAskedAndSeparationIsFinite) {
  const Rows rows{{1, 0}, {1, 0}, {0, 1}, {0, 1}};
  const std::vector<bool> labels{true, true, false, false};
  const Logistic fit = fit_logistic(rows, labels, {}, {.ridge = 1, .not_negative = true});
  EXPECT_GT(fit.weight[0], 0);
  EXPECT_EQ(fit.weight[1], 0);
  EXPECT_TRUE(std::isfinite(fit_logistic(rows, labels, {}, {.ridge = 0}).weight[0]));
  EXPECT_TRUE(fit_logistic({}, {}, {}, {}).weight.empty());
}

TEST(Logistic, PlattUndoesAScale) {
  std::vector<double> log_odds;
  std::vector<bool> labels;
  // Said: +-4. True: 9 of 10 and 1 of 10, which is +-2.197.
  for (int i = 0; i < 2'000; ++i) {
    log_odds.push_back(4);
    labels.push_back(i % 10 != 0);
    log_odds.push_back(-4);
    labels.push_back(i % 10 == 0);
  }
  const Platt platt = fit_platt(log_odds, labels, {});
  EXPECT_NEAR(platt.probability(4), 0.9, 0.002);
  EXPECT_NEAR(platt.probability(-4), 0.1, 0.002);
}

TEST(Logistic, IsotonicStepsNeverFallAndFollowTheShares) {
  std::vector<double> log_odds;
  std::vector<bool> labels;
  // Shares 0.1, 0.5, 0.3 (out of order, pooled to 0.4), 0.9 at -2, -1, 1, 2.
  const std::pair<double, int> kSteps[] = {{-2, 1}, {-1, 5}, {1, 3}, {2, 9}};
  for (int i = 0; i < 1'000; ++i) {
    for (const auto& [at, tenths] : kSteps) {
      log_odds.push_back(at);
      labels.push_back(i % 10 < tenths);
    }
  }
  const Isotonic fit = fit_isotonic(log_odds, labels, {});
  ASSERT_EQ(fit.at.size(), 3u);
  EXPECT_NEAR(fit(-5), 0.1, 0.001);
  EXPECT_NEAR(fit(0), 0.4, 0.001);
  EXPECT_NEAR(fit(2), 0.9, 0.001);
  EXPECT_NEAR(fit(1), 0.65, 0.001);  // half way from 0 to 2
  EXPECT_EQ(Isotonic{}(3), 0.5);
  const Isotonic sure = fit_isotonic({-1, 1}, {false, true}, {});
  EXPECT_GT(sure(-9), 0);
  EXPECT_LT(sure(9), 1);
}

constexpr std::string_view kHeader =
    "ID,Country,IODA BGP visible by human,IODA AP visible by human,IODA IBR visible by human,"
    "Scope (based on granularity at which the outage appears in IODA),Cause,begin_utc,end_utc\n";

ScoreData data_with(std::string rows) {
  return {.read = [rows](const std::string&) -> Result<std::string> {
            return std::string(kHeader) + rows;
          },
          .zone = [](const std::string&) -> Result<Zone> {
            return Zone{.name = "made", .first_offset = Seconds{3 * 3600}, .changes = {}};
          }};
}

TEST(TruthList, KeepsLabelsAndDropsLengthsThatCannotBe) {
  const auto list = read_truth_list(data_with(
      "1,Iraq,TRUE,True,ture,Country,Exams,2019-07-15T02:30:00Z,2019-07-13T05:00:00Z\n"
      "2,Iraq,TRUE,TRUE,TRUE,Country,Government-Ordered,2019-07-14T02:30:00Z,2019-07-14T05:30:00Z\n"
      "3,Atlantis,TRUE,FALSE,TRUE,Country,Cable-Cut,2019-07-14T02:35:00Z,2019-07-14T07:00:00Z\n"
      "4,Iraq,TRUE,TRUE,TRUE,Region (Basra),Exams,2019-07-14T02:30:00Z,2019-07-14T05:30:00Z\n"
      "5,Iraq,TRUE,TRUE,TRUE,Country,Unknown,,2019-07-14T05:30:00Z\n"));
  ASSERT_TRUE(list.ok());
  ASSERT_EQ(list->rows.size(), 3u);
  EXPECT_EQ(list->other_scopes, 1u);
  EXPECT_EQ(list->without_begin, 1u);
  EXPECT_EQ(list->without_length, 1u);
  EXPECT_EQ(list->without_zone, 1u);
  const ListedOutage& last = list->rows[2];
  EXPECT_EQ(last.id, "1");
  EXPECT_EQ(last.label, OutageLabel::deliberate);
  EXPECT_FALSE(last.end);
  const auto value = [](const ListedOutage& row, Indicator indicator) {
    return row.values[static_cast<std::size_t>(indicator)];
  };
  EXPECT_EQ(value(last, Indicator::same_hour_again), 1.0);
  EXPECT_FALSE(value(last, Indicator::all_planes)) << "'ture' is not a word";
  EXPECT_EQ(value(list->rows[0], Indicator::alone), 0.0) << "Atlantis five minutes later";
  EXPECT_FALSE(value(list->rows[1], Indicator::on_the_hour)) << "no clock for Atlantis";
  EXPECT_EQ(list->rows[1].label, OutageLabel::accident);
}

TEST(TruthList, SaysWhatIsMissing) {
  ScoreData none = data_with("");
  none.read = [](const std::string& name) -> Result<std::string> {
    return Error{ErrorKind::not_found, "no " + name};
  };
  EXPECT_FALSE(read_truth_list(none).ok());
  none.read = [](const std::string&) -> Result<std::string> { return std::string("a,b\n1,2\n"); };
  ASSERT_FALSE(read_truth_list(none).ok());
  EXPECT_NE(read_truth_list(none).error().message.find("has no column 'ID'"), std::string::npos);
}

TEST(FitDeliberate, ACountryIsJudgedWithoutItself) {
  // In A all cuts are on the hour and deliberate; in B and C the reverse. Were A's own rows in its
  // fit, A would be called rightly.
  std::vector<ListedOutage> outages;
  for (int i = 0; i < 60; ++i) {
    ListedOutage one{.id = std::to_string(i), .country = i < 20 ? "A" : i < 40 ? "B" : "C"};
    one.values.fill(0.5);
    const bool on_hour = i % 2 == 0;
    one.values[0] = on_hour ? 1 : 0;
    one.classic.assign(kClassicNames.size(), 0);
    one.classic[0] = on_hour ? 1 : 0;
    one.label = (i < 20) == on_hour ? OutageLabel::deliberate : OutageLabel::accident;
    outages.push_back(one);
  }
  std::vector<LabelledOutage> rows;
  for (const ListedOutage& one : outages) {
    rows.push_back({&one, one.label == OutageLabel::deliberate});
  }
  const LeftOut left = leave_countries_out(indicator_sets()[1], rows, true);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(left.incumbent[i] >= 0.5, !rows[i].deliberate) << "B and C taught it the reverse";
    EXPECT_NEAR(left.ours[i], 0.5, 0.05) << "no weight below zero, so nothing was learned";
  }
}

}  // namespace
}  // namespace lightsout
