// What must hold for every investigation, tried on hundreds of random stories.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
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

// Random stories: every one of these must hold for all of them.
Story random_story(std::mt19937& random) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  Story story;
  for (const char* id : {kBgp, kProbing, kTraffic, kTelescope, "region:KZ-75/probing/slash24_up",
                         "asn:9198@country:KZ/probing/slash24_up"}) {
    if (pick(3) == 0) continue;
    Life life{.step = Seconds{std::array{300, 600, 1800, 3600}[static_cast<std::size_t>(pick(4))]}};
    const int cuts = pick(4);
    Time begin = at(3) + Seconds{3600} * pick(72);
    for (int i = 0; i < cuts; ++i) {
      const Time end = begin + Seconds{3600} * (1 + pick(30));
      life.cuts.push_back({begin, end, 0.05 * (1 + pick(19))});
      begin = end + Seconds{3600} * (1 + pick(40));
    }
    std::erase_if(life.cuts, [](const Cut& cut) { return cut.end > at(14); });
    life.one_anomaly = pick(2) == 0;
    story.add(id, life);
  }
  return story;
}

Grade gravest_grade(const Investigation& result) {
  return result.incidents.empty() ? Grade::lesser_anomaly : result.incidents[0].grade;
}

TEST(Investigate, ASilentPlaneNeverRaisesTheGrade) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    Story story = random_story(random);
    const Grade before = gravest_grade(story.investigate("country:KZ"));
    for (const char* silent :
         {"country:KZ/ioda-bgp/visible_slash24", "country:KZ/ioda-probing/slash24_up",
          "country:KZ/ioda-google/search"}) {
      Story more = story;
      more.add(silent, {});
      EXPECT_GE(gravest_grade(more.investigate("country:KZ")), before) << silent;
    }
  }
}

TEST(Investigate, SeriesWithoutNumbersChangeNoVerdict) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    Story story = random_story(random);
    const Investigation before = story.investigate("country:KZ");
    story.add("country:KZ/ioda-probing/slash24_up", {.judged = false});
    story.add("asn:48503@country:KZ/probing/slash24_up", {.judged = false});
    const Investigation after = story.investigate("country:KZ");
    ASSERT_EQ(before.incidents.size(), after.incidents.size());
    for (std::size_t i = 0; i < before.incidents.size(); ++i) {
      EXPECT_EQ(before.incidents[i].id, after.incidents[i].id);
      EXPECT_EQ(before.incidents[i].grade, after.incidents[i].grade);
      EXPECT_EQ(before.incidents[i].probability, after.incidents[i].probability);
      EXPECT_EQ(before.incidents[i].confidence, after.incidents[i].confidence);
      EXPECT_EQ(before.incidents[i].phases.size(), after.incidents[i].phases.size());
      for (std::size_t k = 0; k < before.incidents[i].hypotheses.size(); ++k) {
        EXPECT_EQ(before.incidents[i].hypotheses[k].verdict,
                  after.incidents[i].hypotheses[k].verdict);
      }
    }
  }
}

TEST(Investigate, EveryAnomalyIsEvidenceOfExactlyOneIncident) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Story story = random_story(random);
    std::size_t anomalies = 0;
    for (const Detection& detection : story.detections) anomalies += detection.anomalies.size();
    std::size_t used = 0;
    for (const Incident& incident : story.investigate("country:KZ").incidents) {
      used += incident.evidence.size();
      EXPECT_LE(incident.onset.earliest, incident.onset.value);
      EXPECT_GE(incident.onset.latest, incident.onset.value);
      EXPECT_GE(incident.probability, 0);
      EXPECT_LE(incident.probability, 1);
      for (std::size_t i = 1; i < incident.phases.size(); ++i) {
        EXPECT_EQ(incident.phases[i - 1].range.end, incident.phases[i].range.begin);
        EXPECT_NE(incident.phases[i - 1].kind, incident.phases[i].kind);
      }
    }
    EXPECT_EQ(used, anomalies);
  }
}

}  // namespace
}  // namespace lightsout
