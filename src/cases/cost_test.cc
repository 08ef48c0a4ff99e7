// SPDX-License-Identifier: Apache-2.0
#include "cases/cost.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "cases/economy_table.h"
#include "core/test_data.h"

namespace lightsout {
namespace {

CostQuestion kazakhstan() {
  CostQuestion question{.country = "KZ", .year = 2022, .clock_hours = 144};
  question.economy.gdp_usd = CostInput{171e9, 2020, "World Bank"};
  question.economy.online_share = CostInput{0.86, 2020, "ITU"};
  return question;
}

const CostLine& line_of(const CostEstimate& estimate, std::string_view method) {
  for (const CostLine& line : estimate.lines) {
    if (line.method == method) return line;
  }
  CHECK(false);
  return estimate.lines.front();
}

TEST(Cost, DeloitteIsAShareOfADaysGdp) {
  CostQuestion question = kazakhstan();
  question.clock_hours = 24;
  const double shares[] = {0.004, 0.010, 0.019};
  for (const auto tier :
       {ConnectivityTier::low, ConnectivityTier::medium, ConnectivityTier::high}) {
    question.tier = tier;
    const CostEstimate estimate = estimate_cost(question);
    EXPECT_DOUBLE_EQ(*line_of(estimate, "Deloitte 2016").clock_usd,
                     shares[static_cast<std::size_t>(tier)] * 171e9 / 365);
  }
}

TEST(Cost, BrookingsIsGdpTimesHoursOfAYearTimesShare) {
  CostQuestion question = kazakhstan();
  question.economy.digital_share = CostInput{0.05, 0, "given"};
  EXPECT_NEAR(*line_of(estimate_cost(question), "Brookings 2016").clock_usd,
              171e9 * 144 / 8760 * 0.05, 1e-3);
}

TEST(Cost, TheShareThatATotalImpliesGivesItBack) {
  // Top10VPN printed 410.7 M for 144 hours; with the GDP of 2020 that is 14.6 % of a day's GDP.
  const double share = implied_share(410.7e6, 144, 171e9);
  EXPECT_NEAR(share, 0.146, 0.0005);
  CostQuestion question = kazakhstan();
  question.economy.digital_share = CostInput{0.146, 0, "given"};
  EXPECT_NEAR(*line_of(estimate_cost(question), "COST-like").clock_usd, 410.7e6, 410.7e4);
}

TEST(Cost, IsLinearInHoursReachAndPart) {
  CostQuestion question = kazakhstan();
  question.economy.digital_share = CostInput{0.05, 0, "given"};
  const CostEstimate once = estimate_cost(question);
  question.clock_hours *= 3;
  question.reach = 0.5;
  question.part = 0.2;
  question.effective_hours = 72;
  const CostEstimate scaled = estimate_cost(question);
  for (std::size_t i = 0; i < once.lines.size(); ++i) {
    if (!once.lines[i].clock_usd) continue;
    EXPECT_NEAR(*scaled.lines[i].clock_usd, *once.lines[i].clock_usd * 3 * 0.5 * 0.2, 1e-3);
    EXPECT_NEAR(*scaled.lines[i].effective_usd, *once.lines[i].clock_usd * 0.5 * 0.5 * 0.2, 1e-3);
    EXPECT_EQ(scaled.lines[i].day_share, once.lines[i].day_share) << "a full day of all of it";
  }
}

TEST(Cost, EscalatorsAreExact) {
  EXPECT_EQ(escalated(100, 0.20, 0), 100);
  EXPECT_EQ(escalated(100, 0.20, 1), 100 * 1.20);
  EXPECT_EQ(escalated(100, 0.20, 5), 100 * 1.20 * 1.20 * 1.20 * 1.20 * 1.20);
  EXPECT_EQ(escalated(100, 0.10, 3), 100 * 1.10 * 1.10 * 1.10);
  EXPECT_EQ(escalated(110, 0.10, -1), 110 / 1.10);

  // Kenya, CIPESA: 6.3 M USD a day of 2017, a fifth more each year.
  const CostEstimate kenya = estimate_cost({.country = "KE", .year = 2020, .clock_hours = 24});
  EXPECT_DOUBLE_EQ(*line_of(kenya, "COST-like, CIPESA annex").clock_usd,
                   6.3e6 * 1.20 * 1.20 * 1.20);

  // The United States, G20: 6 % of 2016, a tenth more each year.
  CostQuestion question{.country = "US", .year = 2018, .clock_hours = 24};
  question.economy.gdp_usd = CostInput{365e9, 2018, "made up"};
  question.economy.digital_share = published_digital_share("US");
  EXPECT_DOUBLE_EQ(*line_of(estimate_cost(question), "COST-like, G20").clock_usd,
                   1e9 * (0.06 * 1.10 * 1.10));
}

TEST(Cost, RefusesWithAReasonWhereInputsAreMissing) {
  const CostEstimate nothing = estimate_cost({.country = "KZ", .year = 2022, .clock_hours = 24});
  for (const CostLine& line : nothing.lines) {
    EXPECT_FALSE(line.clock_usd) << line.method;
    EXPECT_GT(line.refusal.size(), 10u) << line.method;
  }
  EXPECT_FALSE(nothing.low_usd);

  CostQuestion question = kazakhstan();
  question.economy.online_share.reset();
  const CostEstimate some = estimate_cost(question);
  EXPECT_NE(line_of(some, "Deloitte 2016").refusal.find("--tier"), std::string::npos);
  EXPECT_NE(line_of(some, "COST-like").refusal.find("not published"), std::string::npos);
  EXPECT_FALSE(some.low_usd) << "an upper scenario alone is no range";

  const CostEstimate chad = estimate_cost({.country = "TD", .year = 2022, .clock_hours = 24});
  EXPECT_NE(line_of(chad, "COST-like, CIPESA annex").refusal.find("not at hand"),
            std::string::npos);
}

TEST(Cost, TheRangeSpansTheMethodsAndEffectiveHoursComeFirst) {
  CostQuestion question = kazakhstan();
  question.economy.digital_share = CostInput{0.05, 0, "given"};
  question.effective_hours = 72;
  const CostEstimate estimate = estimate_cost(question);
  ASSERT_TRUE(estimate.low_usd && estimate.high_usd);
  EXPECT_DOUBLE_EQ(*estimate.low_usd, *line_of(estimate, "Deloitte 2016").effective_usd);
  EXPECT_GT(*estimate.high_usd, *line_of(estimate, "COST-like").effective_usd * 1.5);
}

TEST(Cost, HoursOfAnIncident) {
  Incident incident{.entity = *Entity::parse("country:KZ")};
  const Time begin = *parse_time("2022-01-05T10:00Z");
  incident.onset.value = begin;
  incident.known_at = begin + Seconds{20 * 3600};
  incident.end.emplace();
  incident.end->value = begin + Seconds{10 * 3600};
  Phase deep{.kind = PhaseKind::near_total, .range = {begin, begin + Seconds{4 * 3600}}};
  deep.depth.value = 0.9;
  Phase shallow{.kind = PhaseKind::reduced,
                .range = {begin + Seconds{4 * 3600}, begin + Seconds{10 * 3600}}};
  shallow.depth.value = 0.25;
  incident.phases = {deep, shallow};
  incident.windows.push_back({.range = {begin + Seconds{3600}, begin + Seconds{2 * 3600}}});
  EXPECT_DOUBLE_EQ(effective_hours(incident), 4 * 0.9 + 6 * 0.25);
  EXPECT_DOUBLE_EQ(clock_hours(incident), 9);
}

TEST(Cost, TablesAreReadUpToTheYearAndNotBeyond) {
  EconomyTables tables;
  tables.gdp =
      "Country Name,Country Code,Year,Value\nKazakhstan,KAZ,2019,10\nKazakhstan,KAZ,2020,20\r\n"
      "\"Korea, Rep.\",KOR,2020,30\nKazakhstan,KAZ,2023,40\nKazakhstan,KAZ,2021,\nbroken\n";
  const auto economy = economy_of(tables, "KZ", 2022);
  ASSERT_TRUE(economy.ok());
  EXPECT_EQ(economy->gdp_usd->value, 20);
  EXPECT_EQ(economy->gdp_usd->year, 2020);
  EXPECT_FALSE(economy->online_share);
  EXPECT_EQ(economy_of(tables, "KR", 2022)->gdp_usd->value, 30);
  EXPECT_FALSE(economy_of(tables, "KZ", 2018)->gdp_usd);
  EXPECT_FALSE(economy_of(tables, "QQ", 2018).ok());
  tables.published = "a,b\n1,2\n";
  EXPECT_FALSE(economy_of(tables, "KZ", 2022).ok());
}

TEST(Cost, MoneyHasTwoDigits) {
  EXPECT_EQ(money_words(410.3e6), "410 M USD");
  EXPECT_EQ(money_words(2'849e6), "2.8 bn USD");
  EXPECT_EQ(money_words(6.26e6), "6.3 M USD");
  EXPECT_EQ(money_words(999.9e6), "1.0 bn USD");
  EXPECT_EQ(money_words(123'456), "120 000 USD");
  EXPECT_EQ(money_words(0), "0 USD");
}

std::string whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(CostOnRealTables, PublishedTotalsImplySharesOfTenfoldDifference) {
  REQUIRE_DATA(published, "econ/country-year-macro-and-top10vpn.csv");
  REQUIRE_DATA(gdp, "econ/gdp.csv");
  EconomyTables tables;
  tables.published = whole(published);
  tables.gdp = whole(gdp);
  const auto implied = implied_costs(tables);
  ASSERT_TRUE(implied.ok());
  EXPECT_GT(implied->size(), 80u);
  double kazakhstan_2022 = 0;
  double belarus_2020 = 0;
  for (const ImpliedCost& one : *implied) {
    if (one.country == "KAZ" && one.year == 2022) kazakhstan_2022 = one.share;
    if (one.country == "BLR" && one.year == 2020) belarus_2020 = one.share;
  }
  EXPECT_NEAR(kazakhstan_2022, 0.1107, 0.0005) << "410.3 M in 144 h of the GDP of 2022";
  EXPECT_NEAR(belarus_2020, 0.2203, 0.0005) << "336.4 M in 218 h of the GDP of 2020";
}

}  // namespace
}  // namespace lightsout
