// SPDX-License-Identifier: Apache-2.0
#include "incident/fuse.h"

#include <gtest/gtest.h>

#include "incident/test_incident.h"

namespace lightsout::incident {
namespace {

using testing_incident::at;
using testing_incident::Cut;
using testing_incident::Story;

constexpr const char* kProbing = "country:KZ/probing/slash24_up";
constexpr const char* kTraffic = "country:KZ/traffic/requests";

std::vector<Group> groups_of(const Story& story, std::size_t* left_out = nullptr) {
  std::vector<Witness> witnesses;
  for (std::size_t i = 0; i < story.series.size(); ++i) {
    const Role role = role_of(*Entity::parse("country:KZ"), story.series[i].id.entity());
    witnesses.push_back({role, make_curve(story.series[i], story.detections[i]), {}});
  }
  std::size_t dropped = 0;
  std::vector<Group> groups = fuse(witnesses, dropped);
  if (left_out != nullptr) *left_out = dropped;
  return groups;
}

TEST(Fuse, JoinsWhatBelongsTogether) {
  struct Case {
    const char* name;
    std::vector<Cut> probing;
    std::vector<Cut> traffic;
    std::size_t groups;
  };
  for (const Case& test : {
           Case{"overlap", {{at(5), at(6), .9}}, {{at(5, 20), at(7), .9}}, 1},
           Case{"touching", {{at(5), at(6), .9}}, {{at(6, 0, 30), at(7), .9}}, 1},
           Case{"an hour between two kinds", {{at(5), at(6), .9}}, {{at(6, 1), at(7), .9}}, 2},
           Case{"eleven hours between two of a kind",
                {{at(5), at(6), .9}, {at(6, 11), at(7), .9}},
                {},
                1},
           Case{
               "twelve hours are too long", {{at(5), at(6, 3), .9}, {at(6, 15), at(9), .9}}, {}, 2},
           Case{"a shallow relapse is another dip",
                {{at(5), at(6), .9}, {at(6, 11), at(7), .2}},
                {},
                2},
           Case{"nights", {{at(5, 18), at(6, 2), .9}, {at(6, 18), at(7, 2), .9}}, {}, 1},
           Case{"nights with one skipped",
                {{at(5, 18), at(6, 2), .9}, {at(7, 18), at(8, 2), .9}},
                {},
                1},
           Case{"an evening and a morning",
                {{at(5, 18), at(6, 2), .9}, {at(7, 6), at(7, 9), .9}},
                {},
                2},
           Case{"a week's dip does not chain two cuts",
                {{at(3), at(4), .9}, {at(10), at(11), .9}},
                {{at(3), at(11), .2}},
                2},
           Case{"a long shallow dip before is another story",
                {{at(9), at(10), .9}},
                {{at(4), at(9, 2), .3}},
                2},
       }) {
    SCOPED_TRACE(test.name);
    Story story;
    story.add(kProbing, {.cuts = test.probing, .one_anomaly = false});
    story.add(kTraffic, {.cuts = test.traffic, .one_anomaly = false});
    EXPECT_EQ(groups_of(story).size(), test.groups);
  }
}

TEST(Fuse, NeverMixesServicesOrSurgesWithConnectivity) {
  Story story;
  const std::vector<Cut> cut{{at(5), at(7), .9}};
  story.add(kProbing, {.cuts = cut});
  story.add("service:telegram@country:KZ/ooni/anomaly_fraction", {.cuts = cut});
  story.add("service:whatsapp@country:KZ/ooni/anomaly_fraction", {.cuts = cut});
  story.add("country:KZ/psiphon/daily_unique_users",
            {.cuts = {{at(5), at(7), -4}}, .step = Seconds{86400}});
  EXPECT_EQ(groups_of(story).size(), 4U);
}

TEST(Fuse, TakesBystandersIntoTheIncidentTheyHappenedIn) {
  Story story;
  story.add(kProbing, {.cuts = {{at(5), at(7), .9}}});
  story.add(kTraffic, {.cuts = {{at(5), at(7), .9}}});
  story.add("country:KZ/bgp/update_rate", {.cuts = {{at(5), at(5, 1), .9}}});
  ASSERT_EQ(groups_of(story).size(), 1U);
  EXPECT_EQ(groups_of(story)[0].members.size(), 3U);
  story.add("country:KZ/ioda-bgp/visible_slash24", {.cuts = {{at(9), at(9, 1), -.9}}});
  EXPECT_EQ(groups_of(story).size(), 2U);
}

TEST(Fuse, RolesOfEntities) {
  struct Case {
    const char* investigated;
    const char* other;
    Role role;
  };
  for (const Case& test : {Case{"country:KZ", "country:KZ", Role::own},
                           Case{"country:KZ", "country:UZ", Role::unrelated},
                           Case{"country:KZ", "region:KZ-75", Role::region},
                           Case{"country:KZ", "asn:9198@country:KZ", Role::provider},
                           Case{"country:KZ", "asn:9198", Role::unrelated},
                           Case{"country:KZ", "asn:9198@country:KG", Role::unrelated},
                           Case{"country:KZ", "service:telegram@country:KZ", Role::service},
                           Case{"asn:9198", "asn:9198@country:KZ", Role::provider},
                           Case{"asn:9198", "service:telegram@asn:9198", Role::service},
                           Case{"service:telegram", "service:telegram@country:IN", Role::service},
                           Case{"service:telegram", "service:signal@country:IN", Role::unrelated},
                           Case{"region:KZ-75", "country:KZ", Role::unrelated}}) {
    EXPECT_EQ(
        static_cast<int>(role_of(*Entity::parse(test.investigated), *Entity::parse(test.other))),
        static_cast<int>(test.role))
        << test.investigated << " " << test.other;
  }
}

TEST(Fuse, LeavesTheShallowestOutBeyondItsLimitAndCountsThem) {
  Story story;
  story.add(kProbing, {.cuts = {{at(5), at(6), .9}}});
  std::vector<Anomaly>& anomalies = story.detections[0].anomalies;
  const Anomaly one = anomalies[0];
  const auto fill = [&](std::size_t count) {
    anomalies.assign(count, one);
    anomalies.back().depth.value = 0.1;
  };
  std::size_t left_out = 99;
  fill(kMaxFusedAnomalies);
  groups_of(story, &left_out);
  EXPECT_EQ(left_out, 0U);
  fill(kMaxFusedAnomalies + 1);
  const std::vector<Group> groups = groups_of(story, &left_out);
  EXPECT_EQ(left_out, 1U);
  for (const Group& group : groups) {
    for (const Member& member : group.members) EXPECT_NE(member.anomaly, &anomalies.back());
  }
}

}  // namespace
}  // namespace lightsout::incident
