// SPDX-License-Identifier: Apache-2.0
#include "incident/windows.h"

#include <gtest/gtest.h>

#include <random>

#include "incident/test_incident.h"

namespace lightsout::incident {
namespace {

using testing_incident::at;
using testing_incident::Cut;
using testing_incident::Story;

TEST(Recurrence, FindsTheHourThatStartsKeepTo) {
  struct Case {
    const char* name;
    std::vector<Time> starts;
    std::size_t matching;
    bool curfew;
    Seconds time_of_day;
  };
  const Seconds kHour{3600};
  for (const Case& test : {
           Case{"none", {}, 0, false, Seconds{0}},
           Case{"one", {at(5, 2)}, 0, false, Seconds{0}},
           Case{"three nights",
                {at(5, 18, 30), at(6, 18, 30), at(7, 18, 30)},
                3,
                true,
                kHour * 18 + Seconds{1800}},
           Case{"round midnight", {at(5, 23, 50), at(7, 0, 10), at(8, 0, 0)}, 3, true, Seconds{0}},
           Case{"on Fridays", {at(7, 6), at(14, 6), at(21, 6)}, 3, true, kHour * 6},
           Case{"Kazakhstan",
                {at(5, 17, 30), at(6, 10, 30), at(7, 2, 30), at(8, 2, 30), at(9, 2, 30), at(10, 2)},
                4,
                true,
                kHour * 2 + Seconds{23 * 60}},
           Case{"two are no rhythm", {at(5, 2), at(6, 2)}, 2, false, kHour * 2},
           Case{"three of seven could be chance",
                {at(5, 2), at(6, 2), at(7, 2), at(8, 8), at(9, 12), at(10, 17), at(11, 21)},
                3,
                false,
                kHour * 2},
           Case{"thrice in one hour is one night",
                {at(5, 2), at(5, 2, 10), at(5, 2, 20), at(9, 14)},
                1,
                false,
                kHour * 2},
       }) {
    SCOPED_TRACE(test.name);
    const Recurrence recurrence = find_recurrence(test.starts, "windows");
    EXPECT_EQ(recurrence.count, test.starts.size());
    EXPECT_EQ(recurrence.matching, test.matching);
    EXPECT_EQ(recurrence.curfew_like, test.curfew);
    if (test.matching >= 2) EXPECT_EQ(recurrence.time_of_day, test.time_of_day);
  }
}

TEST(Recurrence, ChanceSeldomLooksLikeACurfew) {
  // Six starts thrown over six days: at most about one story in a hundred may fool us, by design.
  std::mt19937 random(1);
  int fooled = 0;
  for (int story = 0; story < 2000; ++story) {
    std::vector<Time> starts;
    for (int i = 0; i < 6; ++i) {
      starts.push_back(at(5) + Seconds{static_cast<int>(random() % (6 * 86400U))});
    }
    fooled += find_recurrence(starts, "windows").curfew_like ? 1 : 0;
  }
  EXPECT_LE(fooled, 20);
}

std::vector<Window> windows_of(const std::vector<Cut>& cuts, const std::vector<Cut>& others) {
  Story story;
  story.add("country:KZ/probing/slash24_up", {.cuts = cuts});
  story.add("country:KZ/traffic/requests", {.cuts = others});
  story.add("country:KZ/telescope/unique_source_ips", {.cuts = others});
  return story.investigate("country:KZ").incidents.at(0).windows;
}

TEST(Windows, NeedHalfOfThoseWhoCouldSeeThem) {
  const std::vector<Cut> whole{{at(5), at(7), 0.97}};
  const std::vector<Cut> opened{{at(5), at(6), 0.97}, {at(6, 3), at(7), 0.97}};
  EXPECT_EQ(windows_of(opened, whole).size(), 0U);
  ASSERT_EQ(windows_of(whole, opened).size(), 1U);
  const Window window = windows_of(whole, opened)[0];
  EXPECT_EQ(window.range.begin, at(6));
  EXPECT_EQ(window.range.end, at(6, 3));
  EXPECT_EQ(window.seen_by.size(), 2U);
}

TEST(Windows, AreBetweenTwoCuts) {
  struct Case {
    const char* name;
    std::vector<Cut> cuts;
    std::size_t windows;
  };
  for (const Case& test : {
           Case{
               "before the cut is no window", {{at(5), at(5, 4), 0.4}, {at(5, 8), at(7), 0.97}}, 0},
           Case{
               "ten minutes are a flicker", {{at(5), at(6), 0.97}, {at(6, 0, 10), at(7), 0.97}}, 0},
           Case{"twenty minutes are a window",
                {{at(5), at(6), 0.97}, {at(6, 0, 20), at(7), 0.97}},
                1},
           Case{"one dark bin does not make two of it",
                {{at(5), at(6), 0.97}, {at(6, 1), at(6, 1, 10), 0.97}, {at(6, 3), at(7), 0.97}},
                1},
           Case{"half down is never a window", {{at(5), at(6), 0.5}, {at(6, 3), at(7), 0.5}}, 0},
       }) {
    SCOPED_TRACE(test.name);
    EXPECT_EQ(windows_of(test.cuts, test.cuts).size(), test.windows);
  }
}

TEST(Windows, UpToTheirLimit) {
  const auto count = [](std::size_t wanted) {
    std::vector<Cut> cuts;
    for (std::size_t i = 0; i <= wanted; ++i) {
      const Time begin = at(1) + Seconds{3600} * static_cast<std::int64_t>(i);
      cuts.push_back({begin, begin + Seconds{1800}, 0.97});
    }
    Story story;
    story.add("country:KZ/probing/slash24_up",
              {.cuts = cuts, .end = cuts.back().end + Seconds{86400}});
    const Investigation result = story.investigate("country:KZ", {at(1), at(31)});
    return result.incidents.at(0).windows.size();
  };
  EXPECT_EQ(count(kMaxWindows), kMaxWindows);
  EXPECT_EQ(count(kMaxWindows + 1), kMaxWindows);
}

}  // namespace
}  // namespace lightsout::incident
