// SPDX-License-Identifier: Apache-2.0
#include "incident/steps.h"

#include <gtest/gtest.h>

#include "incident/test_incident.h"

namespace lightsout::incident {
namespace {

using testing_incident::Cut;
using testing_incident::Story;

Time day(int number) {
  return *parse_time("2024-01-01") + Seconds{86400} * number;
}

std::vector<Step> steps_of(const std::vector<Cut>& cuts, int days = 200) {
  Story story;
  story.add("country:RU/google/youtube",
            {.cuts = cuts, .step = Seconds{7200}, .begin = day(0), .end = day(days)});
  const Curve curve = make_curve(story.series[0], story.detections[0]);
  return find_steps(curve, {day(0), day(days)});
}

TEST(Steps, AreDatedToTheDay) {
  const auto steps = steps_of({{day(60), day(120), 0.35}, {day(120), day(200), 0.65}});
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].at, day(60));
  EXPECT_NEAR(steps[0].before, 0, 0.02);
  EXPECT_NEAR(steps[0].after, 0.35, 0.02);
  EXPECT_EQ(steps[1].at, day(120));
  EXPECT_NEAR(steps[1].after, 0.65, 0.02);
}

TEST(Steps, NeedAWeekAndTenPoints) {
  EXPECT_TRUE(steps_of({}).empty());
  EXPECT_TRUE(steps_of({{day(60), day(200), 0.08}}).empty());
  EXPECT_TRUE(steps_of({{day(60), day(62), 0.9}}).empty());
  EXPECT_TRUE(steps_of({{day(5), day(200), 0.9}}, 10).empty());
}

TEST(Steps, UpToTheirLimit) {
  const auto stairs = [](int count) {
    std::vector<Cut> cuts;
    for (int i = 0; i < count; ++i) cuts.push_back({day(20 * i + 10), day(20 * i + 20), 0.5});
    return steps_of(cuts, 20 * count + 5).size();
  };
  EXPECT_EQ(stairs(static_cast<int>(kMaxSteps) / 2), kMaxSteps);
  EXPECT_EQ(stairs(static_cast<int>(kMaxSteps)), kMaxSteps);
}

}  // namespace
}  // namespace lightsout::incident
