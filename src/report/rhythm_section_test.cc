// What a report says of the rhythm of cuts, and of the kind of incident, in each of its outputs.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "report/report.h"
#include "report/test_report.h"

namespace lightsout {
namespace {

// Seven nights of three hours each, one incident a night.
Report nightly(Seconds after_the_last) {
  Report report = test::iran_like();
  const Incident model = report.investigation.incidents.front();
  report.investigation.incidents.clear();
  for (int night = 0; night < 7; ++night) {
    Incident incident = model;
    incident.id = "ir-2026-01-" + std::to_string(10 + night);
    const Time begin = test::at("2026-01-10T18:30Z") + std::chrono::days{night};
    incident.onset = {begin, begin, begin + Seconds{300}};
    incident.end =
        TimeEstimate{begin + Seconds{10'800}, begin + Seconds{10'800}, begin + Seconds{11'100}};
    incident.phases.clear();
    report.investigation.incidents.push_back(incident);
  }
  // What the data reaches to decides what can still be expected.
  const Time through = test::at("2026-01-16T21:30Z") + after_the_last;
  for (Incident& incident : report.investigation.incidents) incident.known_at = through;
  for (std::size_t i = 0; i < report.series.size(); ++i) {
    Series& series = report.series[i];
    series = slice(series, {series.begin, through});
    report.detections[i].expected.resize(series.size());
  }
  return report;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(RhythmSection, EveryOutputExpectsTheNextCut) {
  const Report report = nightly(Seconds{6 * 3600});
  // No line is broken inside a date: its blanks are no-break spaces.
  EXPECT_TRUE(
      holds(render_markdown(report), "Next cut, if they go on like this: 17\u00a0Jan\u00a018:30"));
  EXPECT_TRUE(holds(render_terminal(report, {.width = 200}), "Next cut, if they go on like this"));
  EXPECT_TRUE(holds(render_html(report), "Next cut, if they go on like this"));
  EXPECT_TRUE(holds(render_json(report), "\"value\": \"2026-01-17T18:30:00Z\"") ||
              holds(render_json(report), "\"value\":\"2026-01-17T18:30:00Z\""));
  const std::string calendar = windows_ics(report);
  EXPECT_TRUE(holds(calendar, "STATUS:TENTATIVE"));
  EXPECT_TRUE(holds(calendar, "may begin"));
}

TEST(RhythmSection, WhatHasEndedIsNotExpected) {
  const Report report = nightly(Seconds{3 * 86'400});
  EXPECT_FALSE(holds(windows_ics(report), "STATUS:TENTATIVE"));
  EXPECT_TRUE(holds(render_markdown(report), "the series has ended"));
}

TEST(RhythmSection, WithoutARegularityItSaysSo) {
  const std::string text = render_markdown(test::iran_like());
  EXPECT_TRUE(holds(text, "no regularity found"));
  EXPECT_FALSE(holds(windows_ics(test::iran_like()), "STATUS:TENTATIVE"));
}

TEST(KindSection, EveryOutputNamesTheKindAndItsTerms) {
  const Report report = test::kazakhstan_like();
  for (const std::string& text : {render_markdown(report), render_terminal(report, {.width = 200}),
                                  render_html(report), render_why(report)}) {
    EXPECT_TRUE(holds(text, "The pattern fits a cut of the whole country"));
  }
  EXPECT_TRUE(holds(render_markdown(report), "A cut of mobile networks only"));
  EXPECT_TRUE(holds(render_json(report), "not_known_share"));
}

}  // namespace
}  // namespace lightsout
