// When an incident that was investigated again is the same one, and when a new version of it.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "incident/test_incident.h"

namespace lightsout {
namespace {

using testing_incident::at;
using testing_incident::kProbing;
using testing_incident::kTraffic;
using testing_incident::Story;

TEST(NextVersion, SupersedesOnlyWhatChanged) {
  Story story;
  story.add(kProbing, {.cuts = {{at(5), at(15), 0.95}}, .open = true});
  const Incident first = story.investigate("country:KZ").incidents.at(0);
  EXPECT_FALSE(next_version(first, first).has_value());

  story.add(kTraffic, {.cuts = {{at(5), at(15), 0.95}}, .open = true});
  const Incident now = story.investigate("country:KZ").incidents.at(0);
  ASSERT_TRUE(same_incident(first, now));
  const std::optional<Incident> second = next_version(first, now);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->id, first.id);
  EXPECT_EQ(second->version, 2U);
  EXPECT_EQ(second->supersedes, 1U);
  EXPECT_EQ(second->grade, Grade::nationwide);
  EXPECT_FALSE(next_version(*second, now).has_value());
}

}  // namespace
}  // namespace lightsout
