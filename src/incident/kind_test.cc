// SPDX-License-Identifier: Apache-2.0
#include "incident/kind.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "incident/test_incident.h"

namespace lightsout {
namespace {

using testing_incident::at;
using testing_incident::Life;
using testing_incident::Story;

PlaneView view(std::string_view signal, Plane plane, double lost, double lowest = -1) {
  PlaneView made{.signal = *SignalId::parse(signal), .plane = plane};
  made.label = made.signal.metric();
  made.judged = true;
  made.fell = lost >= 0.1;
  made.depth = {lost, lost, lost};
  made.lowest = lowest < 0 ? 1 - lost : lowest;
  made.samples.numbers = 100;
  return made;
}

PartView part(std::string_view entity, double lost, std::optional<double> users = {},
              std::string_view access = "") {
  PartView made{.entity = *Entity::parse(entity), .name = std::string(entity)};
  made.judged = true;
  made.fell = lost >= 0.1;
  made.depth = {lost, lost, lost};
  made.user_share = users;
  made.access = access;
  return made;
}

Incident fall(std::vector<PlaneView> planes, std::vector<PartView> providers = {},
              std::vector<PartView> regions = {}, std::vector<PartView> services = {}) {
  Incident incident{.entity = *Entity::parse("country:KZ")};
  incident.planes = std::move(planes);
  incident.providers = std::move(providers);
  incident.regions = std::move(regions);
  incident.services = std::move(services);
  return incident;
}

const char* const kRoutes = "country:KZ/bgp/visible_slash24";
const char* const kAnswers = "country:KZ/probing/slash24_up";
const char* const kRequests = "country:KZ/traffic/requests";
const char* const kTor = "country:KZ/tor/users";

const KindCandidate& of(const KindJudgement& found, Kind kind) {
  return *std::find_if(found.candidates.begin(), found.candidates.end(),
                       [&](const KindCandidate& one) { return one.kind == kind; });
}

struct Case {
  const char* name;
  Incident incident;
  Kind kind;
};

TEST(Kind, IsToldFromWhatWasMeasured) {
  const auto stood = [] {
    return std::vector{view(kRoutes, Plane::control, 0), view(kAnswers, Plane::data, 0)};
  };
  const auto with = [](std::vector<PlaneView> planes, PlaneView more) {
    planes.push_back(std::move(more));
    return planes;
  };
  const Case kCases[] = {
      {"routes kept, answers and traffic gone",
       fall({view(kRoutes, Plane::control, 0), view(kAnswers, Plane::data, 0.97),
             view(kRequests, Plane::traffic, 0.98)}),
       Kind::nationwide},
      {"all of four providers, mobile and fixed",
       fall({view(kAnswers, Plane::data, 0.9), view(kRequests, Plane::traffic, 0.9)},
            {part("asn:1@country:KZ", 0.9, 0.3, "mobile"),
             part("asn:2@country:KZ", 0.9, 0.4, "fixed")}),
       Kind::nationwide},
      {"one plane alone is not enough", fall({view(kAnswers, Plane::data, 0.97)}),
       Kind::cannot_tell},
      {"a third of the country is neither whole nor nothing",
       fall({view(kAnswers, Plane::data, 0.35), view(kRequests, Plane::traffic, 0.35)}),
       Kind::cannot_tell},
      {"mobile networks only, three quarters of the users",
       fall({view(kAnswers, Plane::data, 0.6), view(kRequests, Plane::traffic, 0.7)},
            {part("asn:1@country:KZ", 0.9, 0.4, "mobile"),
             part("asn:2@country:KZ", 0.8, 0.35, "mobile"),
             part("asn:3@country:KZ", 0, 0.2, "fixed")}),
       Kind::mobile_only},
      {"one provider carries nearly all that was lost",
       fall({view(kAnswers, Plane::data, 0.3), view(kRequests, Plane::traffic, 0.3)},
            {part("asn:1@country:KZ", 0.95, 0.3, "fixed"),
             part("asn:2@country:KZ", 0.25, 0.1, "fixed"),
             part("asn:3@country:KZ", 0, 0.5, "mobile")}),
       Kind::single_provider},
      {"one region of four",
       fall({view(kAnswers, Plane::data, 0.25), view(kRequests, Plane::traffic, 0.25)}, {},
            {part("region:KZ-1", 0.9), part("region:KZ-2", 0), part("region:KZ-3", 0),
             part("region:KZ-4", 0)}),
       Kind::regional},
      {"every region alike is no region",
       fall({view(kAnswers, Plane::data, 0.9), view(kRequests, Plane::traffic, 0.9)}, {},
            {part("region:KZ-1", 0.9), part("region:KZ-2", 0.9), part("region:KZ-3", 0.9),
             part("region:KZ-4", 0.9)}),
       Kind::nationwide},
      {"one service while connectivity stood",
       fall(stood(), {}, {},
            {part("service:telegram@country:KZ", 0.8), part("service:signal@country:KZ", 0)}),
       Kind::single_service},
      {"use down, delays up, answers stand",
       fall(with(with(stood(), view(kRequests, Plane::traffic, 0.6)),
                 view("country:KZ/mlab/rtt_ms", Plane::data, 0.5))),
       Kind::throttling},
      {"a floor without a measure of speed may be a holiday",
       fall(with(stood(), view(kRequests, Plane::traffic, 0.45))), Kind::cannot_tell},
      {"fewer on Tor while connectivity stood",
       fall(with(stood(), view(kTor, Plane::circumvention, 0.7))), Kind::tool_blocked},
      {"fewer on Tor in a blackout",
       fall({view(kAnswers, Plane::data, 0.97), view(kRequests, Plane::traffic, 0.97),
             view(kTor, Plane::circumvention, 0.7)}),
       Kind::nationwide},
      {"fewer on Tor, and nothing else was looked at",
       fall({view(kTor, Plane::circumvention, 0.7)}), Kind::cannot_tell},
      {"a second prober saw nothing",
       fall({view(kAnswers, Plane::data, 0.9),
             view("country:KZ/ioda-probing/slash24_up", Plane::data, 0),
             view(kRoutes, Plane::control, 0)}),
       Kind::artefact},
      {"nothing was measured", fall({}), Kind::cannot_tell},
  };
  for (const Case& one : kCases) {
    const KindJudgement found = judge_kind(one.incident);
    EXPECT_EQ(name_of(found.kind), name_of(one.kind)) << one.name << ": " << found.sentence;
    EXPECT_EQ(found.candidates.size(), kKinds) << one.name;
    for (const KindCandidate& candidate : found.candidates) {
      EXPECT_FALSE(candidate.terms.empty()) << one.name << ": " << name_of(candidate.kind);
    }
  }
}

TEST(Kind, ThatNothingWasMeasuredRulesNothingOut) {
  for (const KindCandidate& candidate : judge_kind(fall({})).candidates) {
    EXPECT_EQ(candidate.fit, Fit::open) << name_of(candidate.kind);
  }
}

TEST(Kind, MissingProvidersDoNotRuleOutTheWholeCountry) {
  const KindJudgement found =
      judge_kind(fall({view(kAnswers, Plane::data, 0.97), view(kRequests, Plane::traffic, 0.98)}));
  EXPECT_EQ(of(found, Kind::nationwide).fit, Fit::fits);
  EXPECT_EQ(of(found, Kind::single_provider).fit, Fit::open);
  EXPECT_EQ(of(found, Kind::throttling).fit, Fit::ruled_out);
}

TEST(Kind, OneOwnerOfThreeNetworksIsOneProvider) {
  std::vector<PartView> providers{part("asn:1@country:KZ", 0.9, 0.3),
                                  part("asn:2@country:KZ", 0.9, 0.3),
                                  part("asn:3@country:KZ", 0, 0.3)};
  providers[0].owner = providers[1].owner = "Telecom";
  const Incident incident =
      fall({view(kAnswers, Plane::data, 0.6), view(kRequests, Plane::traffic, 0.6)}, providers);
  EXPECT_EQ(judge_kind(incident).kind, Kind::single_provider);
  EXPECT_EQ(of(judge_kind(incident), Kind::nationwide).fit, Fit::ruled_out) << "one owner fell";
}

TEST(Kind, TheUnknownShareOfUsersIsShownAsUnknown) {
  const KindJudgement found =
      judge_kind(fall({}, {part("asn:1@country:KZ", 1.0, 0.3), part("asn:2@country:KZ", 0.5, 0.2),
                           part("asn:3@country:KZ", 1.0)}));
  EXPECT_NEAR(found.users.looked_at, 0.5, 1e-9);
  EXPECT_NEAR(found.users.lost, 0.4, 1e-9);
  EXPECT_NEAR(found.users.not_known, 0.5, 1e-9);
  EXPECT_EQ(found.users.without_share, 1u);
  EXPECT_NE(found.sentence.find("of 50 % nothing is known"), std::string::npos) << found.sentence;
}

TEST(Kind, SharesThatAddUpToMoreThanAllStayWithinAll) {
  const KindJudgement found = judge_kind(
      fall({}, {part("asn:1@country:KZ", 1.0, 0.9), part("asn:2@country:KZ", 1.0, 0.9)}));
  EXPECT_LE(found.users.looked_at, 1);
  EXPECT_LE(found.users.lost, 1);
  EXPECT_GE(found.users.not_known, 0);
}

TEST(Kind, TheSentenceNeverNamesAKindThatDoesNotFit) {
  for (const double lost : {0.0, 0.1, 0.2, 0.35, 0.5, 0.8, 0.95, 1.0}) {
    const KindJudgement found =
        judge_kind(fall({view(kRoutes, Plane::control, lost / 4), view(kAnswers, Plane::data, lost),
                         view(kRequests, Plane::traffic, lost)}));
    const bool fits = found.candidates.front().fit == Fit::fits;
    EXPECT_EQ(found.sentence.starts_with("The pattern fits"), fits) << lost;
    EXPECT_EQ(found.kind == Kind::cannot_tell, !fits) << lost;
  }
}

TEST(Kind, ARiseHasNoKind) {
  Incident incident = fall({view(kTor, Plane::circumvention, 0.7)});
  incident.direction = Direction::rise;
  EXPECT_EQ(judge_kind(incident).kind, Kind::cannot_tell);
}

TEST(Kind, OfAnInvestigationFromItsSeries) {
  Story story;
  story.add(kRoutes, {});
  story.add(kAnswers, {.cuts = {{at(5, 10, 30), at(11, 2, 0), 0.97}}});
  story.add(kRequests, {.cuts = {{at(5, 10, 30), at(11, 2, 0), 0.98}}});
  const Investigation result = story.investigate("country:KZ");
  ASSERT_FALSE(result.incidents.empty());
  const KindJudgement found = judge_kind(result.incidents.front());
  EXPECT_EQ(found.kind, Kind::nationwide) << found.sentence;
}

}  // namespace
}  // namespace lightsout
