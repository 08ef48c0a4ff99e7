// Which cause the planes of an incident speak for.
// SPDX-License-Identifier: Apache-2.0
#include "incident/mechanism.h"

#include <gtest/gtest.h>

#include <algorithm>

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
    ASSERT_EQ(incident.hypotheses.size(), 12U);
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

const Hypothesis& of(const Incident& incident, Mechanism mechanism) {
  return *std::find_if(incident.hypotheses.begin(), incident.hypotheses.end(),
                       [&](const Hypothesis& one) { return one.mechanism == mechanism; });
}

const char* const kTelescope = "country:KZ/telescope/unique_source_ips";
const char* const kIpv6 = "country:KZ/bgp/visible_slash48";
const char* const kDns = "country:KZ/ooni/dns_failed_share";
const char* const kTls = "country:KZ/ooni/tls_failed_share";
const char* const kSpeed = "country:KZ/mlab/download_mbps";

struct Feature {
  const char* name;
  std::vector<std::pair<const char*, double>> lost;
  Mechanism likely;
};

TEST(Mechanism, ThatIsToldByAFeatureOfItsOwnIsToldWhereThatWasMeasured) {
  const Feature kCases[] = {
      {"IPv6 routes alone",
       {{kBgp, 0}, {kIpv6, .95}, {kProbing, 0}, {kTraffic, 0}},
       Mechanism::ipv6_only},
      {"names", {{kBgp, 0}, {kProbing, 0}, {kTraffic, .7}, {kDns, .8}}, Mechanism::dns},
      {"handshakes", {{kBgp, 0}, {kProbing, 0}, {kTraffic, .5}, {kTls, .8}}, Mechanism::tls},
      {"nothing gets in", {{kBgp, 0}, {kProbing, .97}, {kTelescope, 0}}, Mechanism::one_way},
      {"slow", {{kBgp, 0}, {kProbing, 0}, {kTraffic, .5}, {kSpeed, .7}}, Mechanism::throttling},
  };
  for (const Feature& test : kCases) {
    SCOPED_TRACE(test.name);
    Story story;
    for (const auto& [id, loss] : test.lost) {
      story.add(id, loss > 0 ? Life{.cuts = {{at(5), at(8), loss}}} : Life{});
    }
    const Investigation found = story.investigate("country:KZ");
    ASSERT_FALSE(found.incidents.empty());
    const Incident& incident = found.incidents.front();
    ASSERT_FALSE(incident.hypotheses.empty());
    EXPECT_EQ(name_of(incident.hypotheses[0].mechanism), name_of(test.likely));
    EXPECT_EQ(incident.hypotheses[0].verdict, "likely");
  }
}

TEST(Mechanism, WithoutItsFeatureItHasNoPosteriorAndTakesNothingFromTheOthers) {
  Story plain;
  plain.add(kBgp, Life{});
  plain.add(kProbing, Life{.cuts = {{at(5), at(8), .97}}});
  plain.add(kTraffic, Life{.cuts = {{at(5), at(8), .97}}});
  const Incident before = plain.investigate("country:KZ").incidents.at(0);
  for (const Mechanism mechanism :
       {Mechanism::ipv6_only, Mechanism::dns, Mechanism::tls, Mechanism::one_way}) {
    EXPECT_EQ(of(before, mechanism).verdict, "not measured") << name_of(mechanism);
    EXPECT_FALSE(of(before, mechanism).posterior) << name_of(mechanism);
    EXPECT_TRUE(of(before, mechanism).speaks_for.empty()) << name_of(mechanism);
    EXPECT_FALSE(of(before, mechanism).would_refute.empty()) << name_of(mechanism);
  }
  // Looked for and not seen: all but ruled out, and the rest hardly moves.
  plain.add(kIpv6, Life{});
  const Incident after = plain.investigate("country:KZ").incidents.at(0);
  EXPECT_EQ(of(after, Mechanism::ipv6_only).verdict, "unlikely");
  EXPECT_NEAR(*of(after, Mechanism::filtering).posterior,
              *of(before, Mechanism::filtering).posterior, 0.01);
}

TEST(Mechanism, SlowerIsNotCut) {
  Story story;
  story.add(kBgp, Life{});
  story.add(kProbing, Life{});
  story.add(kSpeed, Life{.cuts = {{at(5), at(8), .9}}});
  for (const Incident& incident : story.investigate("country:KZ").incidents) {
    EXPECT_EQ(incident.grade, Grade::lesser_anomaly) << "no connectivity was lost";
  }
}

}  // namespace
}  // namespace lightsout
