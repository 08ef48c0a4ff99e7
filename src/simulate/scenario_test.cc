// SPDX-License-Identifier: Apache-2.0
#include "simulate/scenario.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "simulate/test_scenario.h"

namespace lightsout {
namespace {

std::string shipped(std::string_view name) {
  std::ifstream file(std::string(LIGHTSOUT_SOURCE_DIR "/scenarios/") + std::string(name));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Scenario, ReadsTheShortTextThatTheTestsUse) {
  const Result<Scenario> scenario = parse_scenario(kSmallScenario);
  ASSERT_TRUE(scenario.ok()) << scenario.error().message;
  EXPECT_EQ(scenario->title, "A small country, twice dark");
  EXPECT_EQ(scenario->entity.text(), "country:XA");
  ASSERT_EQ(scenario->providers.size(), 2u);
  EXPECT_EQ(scenario->providers[0].name, "Mobile One");
  EXPECT_EQ(scenario->providers[0].access, Access::mobile);
  EXPECT_DOUBLE_EQ(scenario->providers[0].user_share, 0.6);
  EXPECT_TRUE(scenario->providers[0].share_assumed);
  ASSERT_NE(find_signal(*scenario, "probing"), nullptr);
  EXPECT_EQ(find_signal(*scenario, "probing")->step, Seconds{600});
  const Event& cut = scenario->events.front();
  EXPECT_EQ(cut.kind, EventKind::cut);
  EXPECT_TRUE(cut.data && cut.traffic && !cut.control);
  EXPECT_DOUBLE_EQ(cut.amount, 0.9);
}

TEST(Scenario, EveryShippedTextIsReadAndSaysWhereItsFactsAreFrom) {
  for (const char* name : {"kazakhstan-2022.scenario", "belarus-2020.scenario",
                           "cable-cut.scenario", "quiet.scenario"}) {
    const Result<Scenario> scenario = parse_scenario(shipped(name));
    ASSERT_TRUE(scenario.ok()) << name << ": " << scenario.error().message;
    for (const Event& event : scenario->events) EXPECT_FALSE(event.source.empty()) << name;
    for (const Provider& provider : scenario->providers) {
      EXPECT_FALSE(provider.source.empty()) << name;
    }
  }
}

struct FaultCase {
  const char* name;
  const char* line;     // added to the small scenario
  const char* message;  // that the error contains
};

const FaultCase kFaultCases[] = {
    {"unknown word", "explode all", "'explode' is no word of a scenario"},
    {"no group", "cut", "whom: all"},
    {"wrong group", "cut everybody from 2022-01-05T10:30Z depth 50% source \"x\"", "'everybody'"},
    {"no time", "cut all depth 50% source \"x\"", "'from' and a time are missing"},
    {"wrong time", "cut all from yesterday depth 50% source \"x\"", "'yesterday' is not a time"},
    {"depth without %", "cut all from 2022-01-05 depth 50 source \"x\"",
     "'50' is not a percentage"},
    {"depth over 100", "cut all from 2022-01-05 depth 101% source \"x\"", "percentage"},
    {"depth not a number", "cut all from 2022-01-05 depth nan% source \"x\"", "percentage"},
    {"no source", "cut all from 2022-01-05 depth 50%", "'source' and its value are missing"},
    {"source without text", "cut all from 2022-01-05 depth 50% source", "no value behind it"},
    {"open quote", "note 2022-01-05 \"State of", "a quote is not closed"},
    {"backwards", "cut all from 2022-01-06 to 2022-01-05 depth 50% source \"x\"",
     "before it begins"},
    {"outside", "cut all from 2023-01-06 depth 50% source \"x\"", "outside of the range"},
    {"unknown plane", "cut all from 2022-01-05 depth 50% planes radio source \"x\"", "'radio'"},
    {"unknown network", "cut asn:1 from 2022-01-05 depth 50% source \"x\"", "no provider has AS1"},
    {"left over", "cut all from 2022-01-05 depth 50% source \"x\" quickly", "'quickly'"},
    {"factor", "surge tor 5 from 2022-01-05 source \"x\"", "'5' is not the factor"},
    {"gap of nothing", "gap radar from 2022-01-05 source \"x\"", "no signal comes from 'radar'"},
    {"twice", "signal probing/slash24_up answering 50% step 10min source \"x\"",
     "stands here twice"},
    {"step", "signal traffic/bytes level 5 step 7min source \"x\"", "divide a day"},
    {"access", "provider 5 \"X\" cable share 1% networks 1 source \"x\"", "'cable' is none of"},
    {"too many users", "provider 5 \"X\" fixed share 90% networks 1 source \"x\"", "more than all"},
    {"other label", "label MEASURED", "SEMI-SYNTHETIC and nothing else"},
    {"seed", "seed -1", "'-1' is not a seed"},
};

TEST(Scenario, NamesTheLineAndTheFault) {
  const std::string small(kSmallScenario);
  const auto lines = std::count(small.begin(), small.end(), '\n');
  for (const FaultCase& c : kFaultCases) {
    const Result<Scenario> scenario = parse_scenario(small + c.line + "\n");
    ASSERT_FALSE(scenario.ok()) << c.name;
    EXPECT_NE(scenario.error().message.find(c.message), std::string::npos)
        << c.name << ": " << scenario.error().message;
    if (std::string_view(c.name) == "too many users") continue;  // a fault of the whole text
    EXPECT_TRUE(scenario.error().message.starts_with("line " + std::to_string(lines + 1) + ": "))
        << c.name << ": " << scenario.error().message;
  }
}

TEST(Scenario, WithoutItsLabelItIsRefused) {
  std::string text(kSmallScenario);
  text.replace(text.find("label"), std::string("label SEMI-SYNTHETIC").size(), "#");
  const Result<Scenario> scenario = parse_scenario(text);
  ASSERT_FALSE(scenario.ok());
  EXPECT_NE(scenario.error().message.find("SEMI-SYNTHETIC"), std::string::npos);
}

TEST(Scenario, ItsLimitsHoldAtTheLimitAndOnePast) {
  const std::string small(kSmallScenario);
  const auto lines = static_cast<std::size_t>(std::count(small.begin(), small.end(), '\n'));
  EXPECT_TRUE(parse_scenario(small + std::string(ScenarioLimits::kLines - lines, '\n')).ok());
  EXPECT_FALSE(parse_scenario(small + std::string(ScenarioLimits::kLines - lines + 1, '\n')).ok());
  EXPECT_TRUE(parse_scenario(small + "#" + std::string(ScenarioLimits::kLineBytes - 1, 'x')).ok());
  EXPECT_FALSE(parse_scenario(small + "#" + std::string(ScenarioLimits::kLineBytes, 'x')).ok());
  EXPECT_FALSE(parse_scenario(std::string(ScenarioLimits::kBytes + 1, '\n')).ok());

  const std::string surge = "surge tor x2 from 2022-01-05 source \"x\"\n";
  std::string events = small;
  for (std::size_t i = parse_scenario(small)->events.size(); i < ScenarioLimits::kEvents; ++i) {
    events += surge;
  }
  EXPECT_TRUE(parse_scenario(events).ok());
  EXPECT_FALSE(parse_scenario(events + surge).ok());

  // Three peers and 200 updates in the small text: 100,000 updates thrice are within a million.
  const std::string burst = "route-burst all at 2022-01-05 updates 100000 for 1h source \"x\"\n";
  EXPECT_TRUE(parse_scenario(small + burst + burst + burst).ok());
  EXPECT_FALSE(parse_scenario(small + burst + burst + burst + burst).ok());
  const std::string fine = "signal radar/x level 9 step 1min country-only source \"x\"\n";
  EXPECT_TRUE(parse_scenario(small + fine).ok());
  std::string years = small + fine;
  years.replace(years.find("to 2022-01-10"), 13, "to 2023-02-05");
  EXPECT_TRUE(parse_scenario(years).ok());  // 400 days: 0.8 million samples
  years.replace(years.find(" country-only"), 13, "");
  EXPECT_TRUE(parse_scenario(years).ok());
  years +=
      "signal more/y level 9 step 1min source \"x\"\nsignal more2/y level 9 step 1min source "
      "\"x\"\n";
  EXPECT_FALSE(parse_scenario(years).ok());
}

TEST(Scenario, CanBeNarrowedToFewerDays) {
  const Scenario scenario = *parse_scenario(kSmallScenario);
  const auto at = [](std::string_view text) { return *parse_time(text); };
  const Result<Scenario> part =
      narrowed(scenario, {at("2022-01-04T09:00Z"), at("2022-01-06T09:00Z")});
  ASSERT_TRUE(part.ok());
  EXPECT_EQ(part->range, (TimeRange{at("2022-01-04"), at("2022-01-07")}));
  for (const Event& event : part->events) {
    EXPECT_GE(event.range.begin, part->range.begin);
    EXPECT_LE(event.range.end, part->range.end);
    EXPECT_NE(event.kind, EventKind::holiday);
  }
  EXPECT_EQ(part->notes.size(), 1u);
  EXPECT_FALSE(narrowed(scenario, {at("2021-12-31"), at("2022-01-03")}).ok());
  EXPECT_FALSE(narrowed(scenario, {at("2022-01-03"), at("2022-01-03")}).ok());
}

TEST(Scenario, CutShortAnywhereItIsReadOrRefusedAndNeverMore) {
  const std::string text = shipped("kazakhstan-2022.scenario");
  ASSERT_FALSE(text.empty());
  for (std::size_t size = 0; size < text.size(); size += 7) {
    const Result<Scenario> scenario = parse_scenario(std::string_view(text).substr(0, size));
    if (!scenario) EXPECT_FALSE(scenario.error().message.empty());
  }
  for (std::size_t at = 0; at < text.size(); at += 11) {
    std::string damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
    (void)parse_scenario(damaged);
  }
}

}  // namespace
}  // namespace lightsout
