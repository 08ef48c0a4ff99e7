// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "incident/test_incident.h"

namespace lightsout {
namespace {

using testing::HasSubstr;
using testing_incident::at;
using testing_incident::Life;
using testing_incident::Story;

constexpr char kTelegram[] = "service:telegram@country:KZ/ooni/failed_share";
constexpr char kSignal[] = "service:signal@country:KZ/ooni/failed_share";

Story story_of(double telegram, std::optional<double> signal) {
  Story story;
  const auto life_of = [](double loss) {
    Life life{.step = Seconds{3600}};
    if (loss > 0) life.cuts = {{at(5), at(9), loss}};
    return life;
  };
  story.add(kTelegram, life_of(telegram));
  if (signal) story.add(kSignal, life_of(*signal));
  for (Series& series : story.series) series.trials.assign(series.size(), 12);
  return story;
}

std::string sentence_about(const Investigation& result, std::string_view entity) {
  for (const Incident& incident : result.incidents) {
    if (incident.entity.text() != entity) continue;
    for (const Finding& finding : incident.findings) {
      if (finding.text.find("tests of Telegram") != std::string::npos ||
          finding.text.find("of its tests") != std::string::npos) {
        return finding.text;
      }
    }
  }
  return {};
}

TEST(ServiceSentence, TargetedWhileOthersWork) {
  const Investigation result = story_of(0.95, 0.0).investigate("country:KZ");
  const std::string text = sentence_about(result, "service:telegram@country:KZ");
  EXPECT_THAT(text, HasSubstr("Telegram in Kazakhstan failed while others worked: 94 % ("));
  EXPECT_THAT(text, HasSubstr("against 2 % ("));
  EXPECT_THAT(text, HasSubstr("of signal"));
  EXPECT_THAT(text, HasSubstr("consistent with a block of this service alone"));
  EXPECT_THAT(text, HasSubstr("the alarm goes off at 02:00 UTC on 5 January 2022"));
}

TEST(ServiceSentence, WhenOthersFailAsMuchItIsNotCalledTargeted) {
  const Investigation result = story_of(0.95, 0.95).investigate("country:KZ");
  EXPECT_THAT(sentence_about(result, "service:telegram@country:KZ"),
              HasSubstr("nothing says that this service alone was meant"));
}

TEST(ServiceSentence, WithoutOthersItSaysThatTheyAreNotKnown) {
  const Investigation result = story_of(0.95, std::nullopt).investigate("country:KZ");
  EXPECT_THAT(sentence_about(result, "service:telegram@country:KZ"),
              HasSubstr("whether others worked is not known"));
}

TEST(ServiceSentence, AToolThatCollapsesWithConnectivityIsReadAsABlackout) {
  Story story;
  story.add("country:KZ/probing/slash24_up",
            {.cuts = {{at(31), at(34), 0.95}}, .begin = at(1), .end = at(40)});
  story.add("country:KZ/psiphon/daily_unique_users", {.cuts = {{at(31), at(34), 0.9}},
                                                      .step = Seconds{86400},
                                                      .begin = at(1),
                                                      .end = at(40),
                                                      .level = 5000});
  for (Detection& detection : story.detections) detection.judgement.judged = {at(1), at(40)};
  const Investigation result = story.investigate("country:KZ", {at(1), at(40)});
  ASSERT_FALSE(result.incidents.empty());
  std::string text;
  for (const Finding& finding : result.incidents[0].findings) {
    if (finding.text.starts_with("Psiphon users (daily unique count)")) text = finding.text;
  }
  EXPECT_THAT(text, HasSubstr("down by 90 % from 31 January 2022; consistent with a blackout"));
}

}  // namespace
}  // namespace lightsout
