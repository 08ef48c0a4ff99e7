// SPDX-License-Identifier: Apache-2.0
#include "incident/coordination.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace lightsout::incident {
namespace {

Time utc(const char* text) {
  return *parse_time(text);
}

// Seen in bins of five minutes unless said otherwise.
ProviderStep step(std::string provider, const char* at, const char* end = nullptr,
                  std::string owner = "", double lost = 1) {
  ProviderStep made{.provider = std::move(provider), .owner = std::move(owner), .lost = lost};
  made.at = {utc(at), utc(at) - Seconds{300}, utc(at)};
  if (end != nullptr) made.end = TimeEstimate{utc(end), utc(end) - Seconds{300}, utc(end)};
  return made;
}

std::vector<ProviderStep> through(std::vector<ProviderStep> steps, const std::string& upstream) {
  for (ProviderStep& made : steps) made.upstreams = {upstream};
  return steps;
}

CoordinationOptions local(int hours, int minutes = 0, std::size_t judged = 0) {
  return {.judged = judged, .utc_offset = Seconds{hours * 3600 + minutes * 60}};
}

// The times are those of methods.md section 6, from the sources named there.
std::vector<ProviderStep> egypt_2011() {
  return {step("Telecom Egypt AS8452", "2011-01-27T22:12:43Z", "2011-02-02T09:30:00Z"),
          step("Raya", "2011-01-27T22:13:26Z", "2011-02-02T09:30:00Z"),
          step("Link Egypt AS24863", "2011-01-27T22:17:10Z", "2011-02-02T09:30:00Z"),
          step("Etisalat Misr AS32992", "2011-01-27T22:19:02Z", "2011-02-02T09:30:00Z"),
          step("Internet Egypt AS5536", "2011-01-27T22:25:10Z", "2011-02-02T09:30:00Z")};
}

std::vector<ProviderStep> myanmar_night() {
  std::vector<ProviderStep> steps;
  for (const char* name :
       {"MPT AS9988", "Mytel AS136255", "Ooredoo AS132167", "Telenor AS133385", "YTP AS18399"}) {
    steps.push_back(step(name, "2021-02-15T18:30:00Z", "2021-02-16T02:30:00Z"));
  }
  return steps;
}

std::vector<ProviderStep> uganda_2021() {
  const char* end = "2021-01-18T09:30:00Z";
  std::vector<ProviderStep> steps;
  for (const char* name : {"AS36997", "AS327687", "AS37063", "AS37122", "AS37113"}) {
    steps.push_back(step(name, "2021-01-13T16:00:00Z", end));
  }
  steps.push_back(step("Africell AS36991", "2021-01-13T13:00:00Z", end));
  steps.push_back(step("MTN AS20294", "2021-01-13T19:00:00Z", end));
  steps.push_back(step("UTL AS21491", "2021-01-13T19:00:00Z", end));
  return steps;
}

// Slowed on 4 January, cut on the 5th; Kcell and Tele2 belonged to Kazakhtelecom by then.
std::vector<ProviderStep> kazakhstan_2022() {
  const char* end = "2022-01-11T02:15:00Z";
  const char* cut = "2022-01-05T10:45:00Z";
  std::vector<ProviderStep> steps = {
      step("Beeline", "2022-01-04T14:30:00Z", nullptr, "VEON", 0.4),
      step("Kcell", "2022-01-04T16:00:00Z", nullptr, "Kazakhtelecom", 0.4),
      step("Tele2", "2022-01-04T16:00:00Z", nullptr, "Kazakhtelecom", 0.4),
      step("Kazakhtelecom", cut, end, "Kazakhtelecom"),
      step("Transtelecom", cut, end),
      step("Beeline", cut, end, "VEON", 0.6),
      step("Kcell", cut, end, "Kazakhtelecom", 0.6),
      step("Tele2", cut, end, "Kazakhtelecom", 0.6)};
  for (ProviderStep& made : steps) {
    const bool fixed = made.provider == "Kazakhtelecom" || made.provider == "Transtelecom";
    made.access = fixed ? "fixed" : "mobile";
  }
  return steps;
}

// When each of them was back is not known.
std::vector<ProviderStep> iran_2019() {
  std::vector<ProviderStep> steps = {step("MCCI AS197207", "2019-11-16T14:00:00Z"),
                                     step("IranCell AS44244", "2019-11-16T14:00:00Z"),
                                     step("Rightel AS57218", "2019-11-16T14:00:00Z"),
                                     step("Shatel AS31549", "2019-11-16T17:00:00Z"),
                                     step("ParsOnline AS16322", "2019-11-16T18:00:00Z"),
                                     step("ITC AS12880", "2019-11-16T18:00:00Z")};
  for (const char* at : {"2019-11-16T16:30:00Z", "2019-11-16T18:30:00Z", "2019-11-16T20:00:00Z"}) {
    steps.push_back(step("TCI AS58224", at, nullptr, "", 1.0 / 3));
  }
  for (ProviderStep& made : steps) {
    const bool mobile = made.at.value == utc("2019-11-16T14:00:00Z");
    made.access = mobile ? "mobile" : "fixed";
  }
  return steps;
}

std::vector<ProviderStep> gambia(const char* at, const char* end) {
  return through({step("Gamtel", at, end), step("QCell", at, end), step("Africell", at, end),
                  step("Comium", at, end)},
                 "Gamtel");
}

TEST(Coordination, CutsTogetherScoreHigh) {
  RecordProperty("Egypt", std::to_string(coordinate(egypt_2011(), local(2, 0, 6)).score));
  RecordProperty("Uganda", std::to_string(coordinate(uganda_2021(), local(3)).score));
  RecordProperty("Kazakhstan", std::to_string(coordinate(kazakhstan_2022(), local(6)).score));
  RecordProperty("Iran", std::to_string(coordinate(iran_2019(), local(3, 30)).score));
  EXPECT_GT(coordinate(egypt_2011(), local(2, 0, 6)).score, 0.6);
  EXPECT_GT(coordinate(myanmar_night(), local(6, 30)).score, 0.9);
  EXPECT_GT(coordinate(uganda_2021(), local(3)).score, 0.6);
  EXPECT_GT(coordinate(kazakhstan_2022(), local(6)).score, 0.6);
}

TEST(Coordination, AccidentsScoreLow) {
  const std::vector<ProviderStep> rogers = {
      step("Rogers AS812", "2022-07-08T08:44:00Z", "2022-07-09T00:05:00Z", "Rogers"),
      step("Fido", "2022-07-08T08:44:00Z", "2022-07-09T00:05:00Z", "Rogers")};
  EXPECT_EQ(coordinate(rogers, local(-4)).score, 0);
  EXPECT_LT(coordinate(gambia("2018-11-18T09:50:00Z", "2018-11-18T17:20:00Z"), local(0)).score,
            0.3);
  EXPECT_LT(coordinate(gambia("2021-02-02T13:00:00Z", "2021-02-02T20:00:00Z"), local(0)).score,
            0.3);
  EXPECT_LT(coordinate(gambia("2021-02-09T22:40:00Z", "2021-02-10T01:10:00Z"), local(0)).score,
            0.3);
  const std::vector<ProviderStep> tonga =
      through({step("Tonga Communications", "2022-01-15T04:15:00Z", "2022-02-22T00:00:00Z"),
               step("Digicel Tonga", "2022-01-15T04:15:00Z", "2022-02-22T00:00:00Z")},
              "Tonga Cable");
  EXPECT_LT(coordinate(tonga, local(13)).score, 0.3);
}

TEST(Coordination, Iran2019LiesBetweenWithItsWavesInOrder) {
  const Coordination found = coordinate(iran_2019(), local(3, 30));
  EXPECT_GE(found.score, 0.3);
  EXPECT_LE(found.score, 0.6);
  ASSERT_GE(found.waves.size(), 3u);
  EXPECT_EQ(found.waves[0].providers.size(), 3u);
  EXPECT_EQ(found.waves[0].range.begin, utc("2019-11-16T14:00:00Z"));
  EXPECT_TRUE(
      std::is_sorted(found.waves.begin(), found.waves.end(),
                     [](const Wave& a, const Wave& b) { return a.range.begin < b.range.begin; }));
  ASSERT_TRUE(found.mobile_first.has_value());
  EXPECT_GT(*found.mobile_first, 0.5);
  EXPECT_FALSE(found.end_together.has_value());
}

TEST(Coordination, SaysHowManyFellWithinWhatTime) {
  const Coordination found = coordinate(egypt_2011(), local(2, 0, 6));
  EXPECT_EQ(found.sentence,
            "5 of 6 providers fell within 12 min from 22:12 UTC on 27 January 2011.");
  ASSERT_EQ(found.waves.size(), 1u);
  // Five of six within a quarter of an hour, each failing by itself once in three months.
  EXPECT_LT(found.by_chance, 1e-14);
}

TEST(Coordination, AChanceIsThePoissonBinomialTail) {
  // Two owners, one failure a day each, in a wave of ten minutes: (1 - exp(-1/144)) squared.
  const std::vector<ProviderStep> steps = {step("a", "2022-01-01T00:00:00Z"),
                                           step("b", "2022-01-01T00:00:00Z")};
  const Coordination found = coordinate(steps, {.judged = 2, .failures_a_day = 1});
  const double p = 1 - std::exp(-1.0 / 144);
  EXPECT_NEAR(found.by_chance, p * p, 1e-12);
  const Coordination among = coordinate(steps, {.judged = 3, .failures_a_day = 1});
  EXPECT_NEAR(among.by_chance, 3 * p * p * (1 - p) + p * p * p, 1e-12);
}

TEST(Coordination, TheOrderIsAsSureAsTheIntervals) {
  std::vector<ProviderStep> steps = {step("first", "2022-01-01T00:00:00Z"),
                                     step("second", "2022-01-01T00:10:00Z")};
  const Coordination sure = coordinate(steps, {});
  ASSERT_EQ(sure.order.size(), 1u);
  EXPECT_EQ(sure.order[0].first, "first");
  EXPECT_GT(sure.order[0].probability, 0.99);
  for (ProviderStep& made : steps) made.at.earliest = made.at.value - Seconds{3600};
  EXPECT_LT(coordinate(steps, {}).order[0].probability, 0.75);
}

TEST(Coordination, OneOwnerIsNoCoordination) {
  const Coordination found =
      coordinate(std::vector{step("a", "2022-01-01T00:00:00Z", nullptr, "x"),
                             step("b", "2022-01-01T00:00:00Z", nullptr, "x")},
                 {});
  EXPECT_EQ(found.score, 0);
  EXPECT_FALSE(found.waves[0].coordinated());
  EXPECT_NE(found.sentence.find("one owner is no coordination"), std::string::npos);
}

TEST(Coordination, NothingKnownIsSaidAndGivesNothing) {
  const Coordination none = coordinate({}, {});
  EXPECT_EQ(none.score, 0);
  EXPECT_EQ(none.by_chance, 1);
  ASSERT_EQ(none.unknown.size(), 1u);
}

TEST(Coordination, KnownSharesOfUsersCountAndUnknownOnesAreNamed) {
  std::vector<ProviderStep> steps = {step("big", "2022-01-01T00:00:00Z"),
                                     step("small", "2022-01-01T00:00:00Z"),
                                     step("unknown", "2022-01-01T00:00:00Z")};
  steps[0].user_share = 0.5;
  steps[1].user_share = 0.1;
  const Coordination found = coordinate(steps, {});
  EXPECT_NEAR(found.users, 0.6, 1e-12);
  EXPECT_NE(found.unknown[0].find("1 of the 3 providers"), std::string::npos);
}

TEST(Coordination, ALimitIsAtItsPlaceAndSaid) {
  std::vector<ProviderStep> steps(kMaxProviderSteps, step("a", "2022-01-01T00:00:00Z"));
  EXPECT_EQ(coordinate(steps, {}).unknown[0].find("left out"), std::string::npos);
  steps.push_back(step("b", "2022-01-01T00:00:00Z"));
  EXPECT_NE(coordinate(steps, {}).unknown[0].find("left out"), std::string::npos);
}

}  // namespace
}  // namespace lightsout::incident
