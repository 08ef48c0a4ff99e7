// SPDX-License-Identifier: Apache-2.0
#include "cases/events.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "cases/after_events.h"
#include "cases/embedded.h"

namespace lightsout {
namespace {

Time at(std::string_view text) {
  return *parse_time(text);
}

TEST(Events, AFileIsReadAndWrittenAgainAsTheSame) {
  const auto read = parse_events(
      "# a comment\n"
      "country KZ\r\n"
      "2022-01-05T17:30Z | speech | The president speaks | NetBlocks\n"
      "2022-01-02 | protest | Protests begin | Gizmodo\n"
      "\n"
      "country SY\n"
      "2021-05-31/2021-06-22|exam|School exams|Pulse\n"
      "2022-05-30 | exam from cuts | School exams | a list\n",
      "made");
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->size(), 4u);
  EXPECT_EQ((*read)[0].kind, PublicEventKind::protest) << "by time within a country";
  EXPECT_EQ((*read)[0].end, at("2022-01-03")) << "a day ends at its midnight";
  EXPECT_EQ((*read)[1].begin, (*read)[1].end) << "a moment has no length";
  EXPECT_EQ((*read)[2].end, at("2021-06-23")) << "both days are included";
  EXPECT_TRUE((*read)[3].from_cuts);
  const auto again = parse_events(events_text(*read), "again");
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(*again, *read);
}

TEST(Events, WhatCannotBeReadIsRefusedWithItsLine) {
  const std::pair<const char*, const char*> kCases[] = {
      {"2022-01-02 | protest | text | source\n", "country"},
      {"country XX\n2022-01-02 | protest | text | source\n", "line 1"},
      {"country KZ\n2022-01-02 | protest | text\n", "line 2"},
      {"country KZ\n2022-01-02 | protest | text | source | more\n", "form"},
      {"country KZ\n2022-01-02 | party | text | source\n", "kind"},
      {"country KZ\n2022-01-02 | protest | | source\n", "without a text"},
      {"country KZ\n2022-01-02 | protest | text | \n", "without a source"},
      {"country KZ\n2022-13-02 | protest | text | source\n", "line 2"},
      {"country KZ\n2022-01-05/2022-01-02 | exam | text | source\n", "ends before"},
      {"country KZ\n2022-01-01/2022-12-31 | exam | text | source\n", "days"},
      {"country KZ\n2022-01-01T10:00Z/2022-01-02 | exam | text | source\n", "whole days"},
      {"country KZ\njust words\n", "line 2"},
  };
  for (const auto& [text, why] : kCases) {
    const auto read = parse_events(text, "made");
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_NE(read.error().message.find(why), std::string::npos)
        << text << ": " << read.error().message;
  }
}

TEST(Events, LimitsHoldAtTheirEdge) {
  const std::string head = "country KZ\n2022-01-02 | protest | ";
  const std::string tail = " | s";
  const std::size_t rest = kMaxEventLine - std::string("2022-01-02 | protest |  | s").size();
  EXPECT_TRUE(parse_events(head + std::string(rest, 'x') + tail, "made").ok());
  EXPECT_FALSE(parse_events(head + std::string(rest + 1, 'x') + tail, "made").ok());
  std::string many = "country KZ\n";
  for (std::size_t i = 0; i < kMaxEvents; ++i) many += "2022-01-02 | coup | x | s\n";
  ASSERT_LE(many.size(), kMaxEventFile);
  EXPECT_TRUE(parse_events(many, "made").ok());
  EXPECT_FALSE(parse_events(many + "2022-01-02 | coup | x | s\n", "made").ok());
  EXPECT_TRUE(parse_events(std::string(kMaxEventFile, '\n'), "made").ok());
  EXPECT_FALSE(parse_events(std::string(kMaxEventFile + 1, '\n'), "made").ok());
}

TEST(Events, EveryFileOfTheFolderCanBeReadAndEveryEventHasASource) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.name.ends_with(".events")) continue;
    const auto read = parse_events(file.text, file.name);
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
  }
  const auto& events = built_in_events();
  EXPECT_GE(events.size(), 40u);
  std::set<std::string> countries;
  std::set<PublicEventKind> kinds;
  for (const PublicEvent& event : events) {
    countries.insert(event.country);
    kinds.insert(event.kind);
    EXPECT_FALSE(event.source.empty()) << event.text;
  }
  for (const char* country : {"KZ", "IR", "BY", "MM", "UG", "EG", "IQ", "SY"}) {
    EXPECT_TRUE(countries.contains(country)) << country;
  }
  EXPECT_EQ(kinds.size(), kEventKinds) << "each kind has an example";
}

TEST(Events, AnnotationsAreTheNearestAndNeverTellADayTwice) {
  const auto events = *parse_events(
      "country KZ\n"
      "2022-01-02 | protest | a | s\n"
      "2022-01-04 | protest | b | s\n"
      "2022-01-05 | decree | c | s\n"
      "2022-03-01 | speech | d | s\n",
      "made");
  const TimeRange january{at("2022-01-01"), at("2022-02-01")};
  const Annotation known{at("2022-01-04T15:00Z"), "told by the inputs", "them"};
  const auto shown = event_annotations(events, january, at("2022-01-05"), 10, {&known, 1});
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[0].text, "protest: a");
  EXPECT_EQ(shown[1].text, "decree: c");
  const auto one = event_annotations(events, january, at("2022-01-05"), 1, {});
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].text, "decree: c");
}

std::vector<PublicEvent> events_on(const std::vector<Time>& days) {
  std::vector<PublicEvent> events;
  for (const Time day : days) {
    events.push_back({.country = "KZ", .begin = day, .end = day + std::chrono::days{1}});
  }
  return events;
}

const TimeRange kYears{at("2020-01-01"), at("2022-01-01")};

TEST(AfterEvents, CutsThatFollowEveryEventAreNoChance) {
  std::vector<Time> days;
  std::vector<Time> cuts;
  for (int i = 0; i < 12; ++i) {
    days.push_back(at("2020-01-10") + std::chrono::days{i * 53 + i * i % 7});
    cuts.push_back(days.back() + Seconds{40 * 3600});
  }
  const auto found = test_after_events(events_on(days), cuts, {.span = kYears});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->followed, 12u);
  EXPECT_LT(found->p, 0.01);
  EXPECT_LT(found->expected, 4);
  EXPECT_LE(found->p_shuffle_low, found->p_shuffle_high);
}

// Two processes that know nothing of each other: p is below any bound as often as the bound says.
TEST(AfterEvents, UnderChanceSmallPValuesAreRare) {
  std::mt19937 dice(20220105);
  std::size_t below = 0;
  std::size_t answered = 0;
  constexpr std::size_t kTrials = 400;
  for (std::size_t trial = 0; trial < kTrials; ++trial) {
    std::vector<Time> days;
    std::vector<Time> cuts;
    // Cuts come in runs of nights, as real ones do.
    for (int i = 0; i < 10; ++i) days.push_back(kYears.begin + std::chrono::days{dice() % 731});
    for (int run = 0; run < 9; ++run) {
      const Time begin = kYears.begin + std::chrono::days{dice() % 720};
      for (int night = 0; night < 5; ++night) cuts.push_back(begin + std::chrono::days{night});
    }
    const auto found = test_after_events(events_on(days), cuts, {.span = kYears, .draws = 200});
    if (!found) continue;  // too many of them fell together: refused is not small
    ++answered;
    below += found->p <= 0.05;
  }
  EXPECT_GE(answered, 350u);
  // 5 % of 400 is 20; the 99.9 % point of that binomial is 35.
  EXPECT_LE(below, 35u);
}

TEST(AfterEvents, TheSameSeedGivesTheSameAnswer) {
  std::vector<Time> days;
  for (int i = 0; i < 9; ++i) days.push_back(at("2020-02-01") + std::chrono::days{i * 71});
  std::vector<Time> cuts;
  for (int i = 0; i < 9; ++i) cuts.push_back(at("2020-02-02") + std::chrono::days{i * 64});
  const AfterEventsQuestion question{.span = kYears, .seed = 7, .draws = 500};
  const auto once = test_after_events(events_on(days), cuts, question);
  const auto again = test_after_events(events_on(days), cuts, question);
  ASSERT_TRUE(once.ok() && again.ok());
  EXPECT_EQ(once->p_shuffle, again->p_shuffle);
  EXPECT_EQ(once->sentence, again->sentence);
}

TEST(AfterEvents, TooLittleIsRefusedWithAReason) {
  std::vector<Time> days;
  for (int i = 0; i < 6; ++i) days.push_back(at("2020-02-01") + std::chrono::days{i * 71});
  const std::vector<Time> cuts = days;
  const auto why = [&](std::vector<PublicEvent> events, std::vector<Time> some,
                       const AfterEventsQuestion& question) {
    const auto found = test_after_events(events, some, question);
    return found ? std::string("answered") : found.error().message;
  };
  EXPECT_EQ(why(events_on(days), cuts, {.span = kYears}), "answered");
  EXPECT_NE(
      why(events_on({days.begin(), days.begin() + 4}), cuts, {.span = kYears}).find("4 events"),
      std::string::npos);
  EXPECT_NE(why(events_on(days), {cuts.begin(), cuts.begin() + 4}, {.span = kYears}).find("4 cuts"),
            std::string::npos);
  EXPECT_NE(why(events_on(days), cuts, {.span = {kYears.begin, kYears.begin + kLeastSpan / 2}})
                .find("fewer than"),
            std::string::npos);
  std::vector<Time> ten;
  for (int i = 0; i < 10; ++i) ten.push_back(at("2020-01-05") + std::chrono::days{i * 71});
  EXPECT_NE(why(events_on(ten), ten, {.span = kYears, .within = std::chrono::days{70}})
                .find("nearly every day"),
            std::string::npos);
  std::vector<PublicEvent> circular = events_on(days);
  for (PublicEvent& event : circular) event.from_cuts = true;
  std::vector<Time> week;
  for (int i = 0; i < 6; ++i) week.push_back(days.front() + std::chrono::days{i});
  EXPECT_NE(why(events_on(days), week, {.span = kYears}).find("6 cuts in 1 "), std::string::npos)
      << "the nights of one week are one case";
  EXPECT_NE(why(circular, cuts, {.span = kYears}).find("0 events"), std::string::npos)
      << "a date that is only known from cuts is never tested against cuts";
}

TEST(AfterEvents, TheIntervalOfManyDrawsIsNarrowAndHoldsThem) {
  std::vector<Time> days;
  std::vector<Time> cuts;
  for (int i = 0; i < 8; ++i) {
    days.push_back(at("2020-02-01") + std::chrono::days{i * 71});
    cuts.push_back(at("2020-02-20") + std::chrono::days{i * 64});
  }
  const auto few = test_after_events(events_on(days), cuts, {.span = kYears, .draws = 100});
  const auto many = test_after_events(events_on(days), cuts, {.span = kYears, .draws = 10'000});
  ASSERT_TRUE(few.ok() && many.ok());
  EXPECT_LT(many->p_shuffle_high - many->p_shuffle_low, few->p_shuffle_high - few->p_shuffle_low);
  EXPECT_GE(many->p_shuffle, many->p_shuffle_low);
  EXPECT_LE(many->p_shuffle, many->p_shuffle_high + 1e-4);
}

}  // namespace
}  // namespace lightsout
