// SPDX-License-Identifier: Apache-2.0
#include "incident/investigate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "incident/test_incident.h"

namespace lightsout {
namespace {

using testing_incident::at;
using testing_incident::Cut;
using testing_incident::kBgp;
using testing_incident::kProbing;
using testing_incident::kTelescope;
using testing_incident::kTraffic;
using testing_incident::Life;
using testing_incident::Story;

constexpr Seconds kQuarter{15 * 60};

std::vector<TimeRange> kazakh_windows() {
  return {{at(5, 17, 30), at(5, 22)}, {at(6, 10, 30), at(6, 14)}, {at(7, 2, 30), at(7, 6)},
          {at(8, 2, 30), at(8, 10)},  {at(9, 2, 30), at(9, 6)},   {at(10, 2), at(10, 7)}};
}

// The cut of 5 January 2022 with its windows (methods.md 6.1), for one series.
std::vector<Cut> kazakh_cuts(double loss) {
  std::vector<Cut> cuts;
  Time begin = at(5, 10, 45);
  for (const TimeRange& window : kazakh_windows()) {
    cuts.push_back({begin, window.begin, loss});
    begin = window.end;
  }
  cuts.push_back({begin, at(11, 2, 15), loss});
  return cuts;
}

Story kazakhstan() {
  Story story;
  story.add(kBgp, {.step = Seconds{300}});
  story.add(kProbing, {.cuts = kazakh_cuts(0.97), .step = Seconds{300}});
  std::vector<Cut> traffic = kazakh_cuts(0.98);
  traffic.insert(traffic.begin(), {at(4, 14, 30), at(5, 10, 45), 0.4});
  story.add(kTraffic, {.cuts = traffic, .step = Seconds{900}});
  for (const int asn : {29355, 48503, 9198}) {
    std::vector<Cut> cuts = kazakh_cuts(0.98);
    if (asn == 29355) cuts.insert(cuts.begin(), {at(4, 14, 30), at(5, 10, 45), 0.5});
    if (asn == 48503) cuts.insert(cuts.begin(), {at(4, 16), at(5, 10, 45), 0.5});
    story.add("asn:" + std::to_string(asn) + "@country:KZ/probing/slash24_up",
              {.cuts = cuts, .step = Seconds{600}, .level = 150});
  }
  return story;
}

const Incident* gravest(const Investigation& result) {
  return result.incidents.empty() ? nullptr : &result.incidents.front();
}

void expect_near(Time actual, Time expected, Seconds slack) {
  EXPECT_LE(actual > expected ? actual - expected : expected - actual, slack)
      << format_time(actual) << " is not near " << format_time(expected);
}

bool has_finding(const Incident& incident, std::string_view text) {
  return std::any_of(incident.findings.begin(), incident.findings.end(),
                     [&](const Finding& f) { return f.text.find(text) != std::string::npos; });
}

// Everything an incident states, for comparing two.
std::string spell(const Investigation& result) {
  std::string text = result.could_judge ? "judged " : result.reason;
  for (const Incident& incident : result.incidents) {
    text += incident.id + " " + std::string(name_of(incident.grade)) + " " +
            std::string(name_of(incident.confidence)) + std::to_string(incident.probability);
    for (const Phase& phase : incident.phases) {
      text += std::string(name_of(phase.kind)) + format_time(phase.range.begin);
    }
    for (const Window& window : incident.windows) text += format_time(window.range.begin);
    for (const Finding& finding : incident.findings) text += finding.text;
    for (const PlaneView& view : incident.planes) text += view.signal.text() + view.note;
    for (const std::string& unknown : incident.unknowns) text += unknown;
  }
  return text;
}

TEST(Investigate, TellsTheKazakhCutFromItsSeries) {
  const Investigation result = kazakhstan().investigate("country:KZ");
  ASSERT_EQ(result.incidents.size(), 1U);
  const Incident& incident = result.incidents[0];
  EXPECT_EQ(incident.grade, Grade::nationwide);
  EXPECT_EQ(incident.confidence, Confidence::corroborated);
  EXPECT_GT(incident.probability, 0.95);
  expect_near(incident.onset.value, at(4, 14, 30), Seconds{1800});
  ASSERT_GE(incident.phases.size(), 2U);
  EXPECT_EQ(incident.phases[0].kind, PhaseKind::reduced);
  EXPECT_EQ(incident.phases[1].kind, PhaseKind::near_total);
  EXPECT_GE(incident.phases[1].range.begin, at(5, 10, 30));
  EXPECT_LE(incident.phases[1].range.begin, at(5, 11, 15));
  EXPECT_EQ(incident.phases.back().kind, PhaseKind::total_recovery);
  expect_near(incident.phases.back().range.begin, at(11, 2, 15), kQuarter);
  EXPECT_TRUE(has_finding(incident, "Routes still announced: consistent with filtering"));
  EXPECT_TRUE(has_finding(incident, "of 3 providers fell"));
  ASSERT_EQ(incident.providers.size(), 3U);
  EXPECT_EQ(incident.providers[0].entity.text(), "asn:29355@country:KZ");
  expect_near(incident.providers[0].fell_at.value, at(4, 14, 30), kQuarter);
}

TEST(Investigate, FindsTheSixKazakhWindowsAndTheirMornings) {
  const Investigation result = kazakhstan().investigate("country:KZ");
  ASSERT_NE(gravest(result), nullptr);
  const Incident& incident = *gravest(result);
  const std::vector<TimeRange> windows = kazakh_windows();
  ASSERT_EQ(incident.windows.size(), windows.size());
  for (std::size_t i = 0; i < windows.size(); ++i) {
    expect_near(incident.windows[i].range.begin, windows[i].begin, kQuarter);
    expect_near(incident.windows[i].range.end, windows[i].end, kQuarter);
    EXPECT_GT(incident.windows[i].level.value, 0.9);
    EXPECT_EQ(incident.windows[i].seen_by.size(), 2U);
  }
  EXPECT_TRUE(incident.recurrence.curfew_like) << incident.recurrence.text;
  EXPECT_EQ(incident.recurrence.count, 6U);
  EXPECT_EQ(incident.recurrence.matching, 4U);
  EXPECT_GT(incident.recurrence.concentration, 0.95);
}

TEST(Investigate, SaysTheSameInAnyOrder) {
  Story story = kazakhstan();
  story.add("country:KZ/psiphon/daily_unique_users",
            {.cuts = {{at(5), at(8), -4}}, .step = Seconds{86400}});
  const std::string expected = spell(story.investigate("country:KZ"));
  std::mt19937 random(20220105);
  std::vector<std::size_t> order(story.series.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (int round = 0; round < 20; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    Story shuffled;
    for (const std::size_t i : order) {
      shuffled.series.push_back(story.series[i]);
      shuffled.detections.push_back(story.detections[i]);
    }
    EXPECT_EQ(spell(shuffled.investigate("country:KZ")), expected);
  }
}

struct GradeCase {
  const char* name;
  std::vector<std::pair<const char*, Life>> series;
  Grade grade;
  Confidence confidence;
};

std::vector<GradeCase> grade_cases() {
  const auto cut = [](double loss) { return Life{.cuts = {{at(5, 10), at(6, 10), loss}}}; };
  const Life quiet;
  const Life lasting{.cuts = {{at(5), at(15), 0.4}}, .open = true, .lasting = true};
  return {
      {"routes and traffic gone",
       {{kBgp, cut(.9)}, {kTraffic, cut(.9)}},
       Grade::nationwide,
       Confidence::corroborated},
      {"answers and traffic gone, routes kept",
       {{kBgp, quiet}, {kProbing, cut(.9)}, {kTraffic, cut(.9)}},
       Grade::nationwide,
       Confidence::corroborated},
      {"answers alone are one plane",
       {{kProbing, cut(.9)}},
       Grade::disruption,
       Confidence::observed},
      {"answers gone, traffic stood",
       {{kProbing, cut(.9)}, {kTraffic, quiet}},
       Grade::disruption,
       Confidence::observed},
      {"a holiday: two feeds of usage are one plane",
       {{kBgp, quiet}, {kProbing, quiet}, {kTraffic, cut(.45)}, {kTelescope, cut(.45)}},
       Grade::usage_dip,
       Confidence::observed},
      {"two kinds of traffic vanish and a tenth of the routes",
       {{kBgp, cut(.13)}, {kTraffic, cut(.97)}, {kTelescope, cut(.97)}},
       Grade::nationwide,
       Confidence::corroborated},
      {"traffic gone where nobody probes",
       {{kTraffic, cut(.9)}},
       Grade::disruption,
       Confidence::observed},
      {"forty per cent are not half",
       {{kProbing, cut(.4)}, {kTraffic, cut(.4)}},
       Grade::disruption,
       Confidence::corroborated},
      {"a tenth of the answers",
       {{kBgp, quiet}, {kProbing, cut(.1)}},
       Grade::lesser_anomaly,
       Confidence::observed},
      {"one signal lower for good",
       {{kTraffic, lasting}},
       Grade::level_shift,
       Confidence::observed},
      {"two regions of a country",
       {{"region:KZ-75/probing/slash24_up", cut(.9)}, {"region:KZ-71/probing/slash24_up", cut(.8)}},
       Grade::regional,
       Confidence::observed},
      {"one provider, the country stands",
       {{kProbing, quiet}, {"asn:9198@country:KZ/probing/slash24_up", cut(.9)}},
       Grade::network,
       Confidence::observed},
      {"a service, the country stands",
       {{kProbing, quiet}, {"service:telegram@country:KZ/ooni/anomaly_fraction", cut(.9)}},
       Grade::service,
       Confidence::observed},
      {"more people on a circumvention tool",
       {{"country:KZ/psiphon/daily_unique_users",
         {.cuts = {{at(5), at(8), -4}}, .step = Seconds{86400}}}},
       Grade::surge,
       Confidence::observed},
      {"slower answers are no fall",
       {{"country:KZ/bgp/update_rate", cut(.9)}},
       Grade::lesser_anomaly,
       Confidence::observed},
  };
}

TEST(Investigate, GradesByPlanesAndDepth) {
  for (const GradeCase& test : grade_cases()) {
    SCOPED_TRACE(test.name);
    Story story;
    for (const auto& [id, life] : test.series) story.add(id, life);
    const Investigation result = story.investigate("country:KZ");
    ASSERT_EQ(result.incidents.size(), 1U);
    const Incident& incident = result.incidents[0];
    EXPECT_EQ(name_of(incident.grade), name_of(test.grade));
    EXPECT_EQ(name_of(incident.confidence), name_of(test.confidence));
    EXPECT_FALSE(incident.evidence.empty());
    EXPECT_FALSE(incident.unknowns.empty());
    EXPECT_FALSE(incident.findings.empty());
    for (const Finding& finding : incident.findings) EXPECT_FALSE(finding.signals.empty());
  }
}

TEST(Investigate, DipsBeforeTheCutStayIncidentsOfTheirOwn) {
  Story story;
  story.add(kBgp, {});
  story.add(kProbing, {.cuts = {{at(4, 16), at(4, 21), 0.1}, {at(6, 17), at(12), 0.96}},
                       .one_anomaly = false});
  story.add(kTraffic, {.cuts = {{at(2, 4), at(2, 20), 0.45}, {at(6, 18), at(11), 0.97}},
                       .one_anomaly = false});
  const Investigation result = story.investigate("country:KZ");
  ASSERT_EQ(result.incidents.size(), 3U);
  EXPECT_EQ(result.incidents[0].grade, Grade::nationwide);
  EXPECT_EQ(result.incidents[0].onset.value, at(6, 17));
  EXPECT_EQ(result.incidents[1].grade, Grade::usage_dip);
  EXPECT_LT(result.incidents[1].probability, 0.5);
  EXPECT_EQ(result.incidents[2].grade, Grade::lesser_anomaly);
}

TEST(Investigate, AStagedReturnIsAFinding) {
  Story story;
  story.add(kProbing, {.cuts = {{at(3), at(12), 0.96}}});
  story.add(kTraffic, {.cuts = {{at(3), at(8, 13), 0.97}}});
  const Investigation result = story.investigate("country:KZ");
  ASSERT_EQ(result.incidents.size(), 1U);
  const Incident& incident = result.incidents[0];
  EXPECT_TRUE(has_finding(incident, "Staged return: Web traffic 8 Jan 13:00"));
  ASSERT_EQ(incident.disagreements.size(), 1U);
  EXPECT_EQ(incident.disagreements[0].range.begin, at(8, 13));
  EXPECT_EQ(incident.disagreements[0].range.end, at(12));
  ASSERT_GE(incident.phases.size(), 3U);
  EXPECT_EQ(incident.phases[1].kind, PhaseKind::partial_recovery);
  EXPECT_EQ(incident.phases[1].range.begin, at(8, 13));
}

TEST(Investigate, MissingIsNotZero) {
  Story story;
  story.add(kProbing, {.cuts = {{at(3), at(5), 1}}});
  story.add(kTelescope, {.cuts = {{at(3), at(5), 1}}, .blanks = {{at(4), at(5)}}});
  const Investigation result = story.investigate("country:KZ");
  ASSERT_EQ(result.incidents.size(), 1U);
  const PlaneView& telescope = result.incidents[0].planes[1];
  EXPECT_EQ(telescope.samples.missing, 144U);
  EXPECT_EQ(telescope.samples.numbers, telescope.samples.zeros);
  EXPECT_EQ(telescope.samples.numbers + telescope.samples.missing, 288U);
}

TEST(Investigate, AnOpenIncidentHasNoEnd) {
  Story story;
  story.add(kProbing, {.cuts = {{at(5), at(15), 0.95}}, .open = true});
  story.add(kTraffic, {.cuts = {{at(5), at(15), 0.95}}, .open = true});
  const Investigation result = story.investigate("country:KZ");
  ASSERT_EQ(result.incidents.size(), 1U);
  const Incident& incident = result.incidents[0];
  EXPECT_TRUE(incident.open());
  EXPECT_FALSE(incident.ending);
  EXPECT_EQ(incident.range().end, at(15));
  EXPECT_EQ(duration_text(incident), "at least 10 d, as of 2022-01-15T00:00:00Z");
  EXPECT_TRUE(incident.phases.back().open);
}

TEST(Investigate, AServiceIsBlockedWhileTestsArrive) {
  Story story;
  const std::string telegram = "service:telegram@country:IN";
  story.add(telegram + "/ooni/anomaly_fraction",
            {.cuts = {{at(7, 7), at(14), 0.98}, {at(14), at(15), 0.3}},
             .step = Seconds{3600},
             .open = true});
  story.add(telegram + "/ooni/measurements", {.step = Seconds{3600}, .level = 10});
  for (const char* asked : {"country:IN", "service:telegram@country:IN"}) {
    SCOPED_TRACE(asked);
    const Investigation result = story.investigate(asked);
    ASSERT_EQ(result.incidents.size(), 1U);
    const Incident& incident = result.incidents[0];
    EXPECT_EQ(incident.grade, Grade::service);
    EXPECT_EQ(incident.entity.text(), telegram);
    EXPECT_EQ(incident.onset.value, at(7, 7));
    EXPECT_TRUE(incident.ending);
    EXPECT_TRUE(has_finding(incident, "Tests kept arriving"));
    EXPECT_EQ(result.not_measured.at(0), "connectivity of the country");
  }
}

TEST(Investigate, AServiceBlockedBeyondABlackoutIsToldInBoth) {
  Story story = kazakhstan();
  story.add("service:telegram@country:KZ/ooni/anomaly_fraction",
            {.cuts = {{at(4, 12), at(14), 0.9}}, .step = Seconds{3600}});
  story.add("country:KZ/psiphon/daily_unique_users",
            {.cuts = {{at(5), at(8), -4}}, .step = Seconds{86400}});
  const Investigation result = story.investigate("country:KZ");
  ASSERT_EQ(result.incidents.size(), 3U);
  const Incident& blackout = result.incidents[0];
  EXPECT_EQ(blackout.grade, Grade::nationwide);
  EXPECT_TRUE(has_finding(blackout, "telegram: 87 points more of the tests failed"));
  EXPECT_TRUE(has_finding(blackout, "until 2 d 21 h after connectivity had returned"));
  EXPECT_TRUE(has_finding(blackout, "Psiphon users rose meanwhile, at most to 5.0 times"));
  ASSERT_EQ(blackout.services.size(), 1U);
  EXPECT_TRUE(blackout.services[0].fell);
  const Incident& service = result.incidents[1];
  EXPECT_EQ(service.grade, Grade::service);
  EXPECT_EQ(service.entity.text(), "service:telegram@country:KZ");
  EXPECT_EQ(result.incidents[2].grade, Grade::surge);
}

TEST(Investigate, CannotTellAndSaysWhy) {
  Story story;
  const Investigation empty = story.investigate("country:KZ");
  EXPECT_FALSE(empty.could_judge);
  EXPECT_EQ(empty.reason, "no series of country:KZ or its parts was given");
  story.add(kBgp, {.judged = false});
  const Investigation blind = story.investigate("country:KZ");
  EXPECT_FALSE(blind.could_judge);
  EXPECT_NE(blind.reason.find("no number in 14 days"), std::string::npos);
  EXPECT_TRUE(blind.incidents.empty());
}

TEST(Investigate, OnlyIncidentsThatTouchTheRange) {
  Story story;
  story.add(kProbing, {.cuts = {{at(5), at(6), 0.9}}});
  EXPECT_EQ(story.investigate("country:KZ", {at(1), at(5)}).incidents.size(), 0U);
  EXPECT_EQ(story.investigate("country:KZ", {at(1), at(5, 1)}).incidents.size(), 1U);
  EXPECT_EQ(story.investigate("country:KZ", {at(5, 23), at(9)}).incidents.size(), 1U);
  EXPECT_EQ(story.investigate("country:KZ", {at(6), at(9)}).incidents.size(), 0U);
}

TEST(Investigate, SeriesOfOthersAreLeftOutAloud) {
  Story story;
  story.add("country:UZ/probing/slash24_up", {.cuts = {{at(5), at(6), 0.9}}});
  story.add(kProbing, {});
  const Investigation result = story.investigate("country:KZ");
  EXPECT_TRUE(result.incidents.empty());
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_EQ(result.notes[0], "series of 1 other entities were not used, the first of country:UZ");
}

// Many short, far apart anomalies: each its own incident, up to the limit and said beyond it.
Story many_incidents(std::size_t count) {
  Story story;
  Life life{.step = Seconds{86400}, .begin = *parse_time("2000-01-01"), .one_anomaly = false};
  for (std::size_t i = 0; i < count; ++i) {
    const Time begin = life.begin + Seconds{86400} * static_cast<std::int64_t>(5 * i + 5);
    life.cuts.push_back({begin, begin + Seconds{86400}, 0.6});
  }
  life.end = life.cuts.back().end + Seconds{86400 * 5};
  story.add(kTraffic, life);
  return story;
}

TEST(Investigate, KeepsTheGravestUpToTheLimitOfIncidents) {
  const TimeRange ever{*parse_time("2000-01-01"), *parse_time("2020-01-01")};
  const Investigation full = many_incidents(kMaxIncidents).investigate("country:KZ", ever);
  EXPECT_EQ(full.incidents.size(), kMaxIncidents);
  EXPECT_TRUE(full.notes.empty());
  const Investigation past = many_incidents(kMaxIncidents + 1).investigate("country:KZ", ever);
  EXPECT_EQ(past.incidents.size(), kMaxIncidents);
  ASSERT_EQ(past.notes.size(), 1U);
  EXPECT_EQ(past.notes[0], "501 incidents were found; the 1 least grave were left out");
}

TEST(Investigate, LooksAtNoMoreSeriesThanItsLimit) {
  Story story;
  for (std::size_t i = 0; i <= kMaxInvestigatedSeries; ++i) {
    story.add("asn:" + std::to_string(100'000 + i) + "@country:KZ/probing/slash24_up",
              {.step = Seconds{86400}, .begin = at(1), .end = at(3)});
  }
  const Investigation past = story.investigate("country:KZ");
  ASSERT_EQ(past.notes.size(), 1U);
  EXPECT_NE(past.notes[0].find("the last 1 by name were left out"), std::string::npos);
  story.series.pop_back();
  story.detections.pop_back();
  EXPECT_TRUE(story.investigate("country:KZ").notes.empty());
}

}  // namespace
}  // namespace lightsout
