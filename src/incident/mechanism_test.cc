// Which cause the planes of an incident speak for.
// SPDX-License-Identifier: Apache-2.0
#include "incident/mechanism.h"

#include <gtest/gtest.h>

#include "incident/test_incident.h"

namespace lightsout {
namespace {

using testing_incident::at;
using testing_incident::kBgp;
using testing_incident::kProbing;
using testing_incident::kTraffic;
using testing_incident::Life;
using testing_incident::Story;

TEST(Mechanism, NamesWhatThePlanesSpeakFor) {
  struct Case {
    const char* name;
    double bgp, probing, traffic;
    Mechanism likely;
  };
  for (const Case& test : {Case{"routes kept", 0, .97, .97, Mechanism::filtering},
                           Case{"routes gone first", .95, .97, .97, Mechanism::withdrawal},
                           Case{"slow, not cut", 0, 0, .7, Mechanism::throttling}}) {
    SCOPED_TRACE(test.name);
    Story story;
    const auto add = [&](const char* id, double loss) {
      story.add(id, loss > 0 ? Life{.cuts = {{at(5), at(8), loss}}} : Life{});
    };
    add(kBgp, test.bgp);
    add(kProbing, test.probing);
    add(kTraffic, test.traffic);
    const Incident incident = story.investigate("country:KZ").incidents.at(0);
    ASSERT_EQ(incident.hypotheses.size(), 8U);
    EXPECT_EQ(name_of(incident.hypotheses[0].mechanism), name_of(test.likely));
    double total = 0;
    for (const Hypothesis& hypothesis : incident.hypotheses) {
      total += hypothesis.posterior.value_or(0);
      EXPECT_FALSE(hypothesis.would_refute.empty());
      EXPECT_EQ(hypothesis.posterior.has_value(), hypothesis.verdict != "not measured");
      // Without providers or regions nothing can be said about cables, power or mobile networks.
      if (hypothesis.mechanism == Mechanism::power) EXPECT_EQ(hypothesis.verdict, "not measured");
    }
    EXPECT_LE(total, 1.000001);
  }
}

}  // namespace
}  // namespace lightsout
