// What is asked about and cannot be answered: each gives an answer that says how little is known,
// and no probability, index or figure of money stands where nothing was measured.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "cases/appraisal.h"
#include "cases/past_case.h"
#include "incident/connectivity_index.h"
#include "incident/coordination.h"
#include "incident/test_incident.h"

namespace lightsout {
namespace {

using testing_incident::at;
using testing_incident::kBgp;
using testing_incident::kProbing;
using testing_incident::kTraffic;
using testing_incident::Story;

const Zone kAlmaty{.name = "made", .first_offset = Seconds{6 * 3600}, .changes = {}};

// A day's cut of everything but the routes.
Story plain_cut() {
  Story story;
  story.add(kBgp, {});
  story.add(kProbing, {.cuts = {{at(5, 11), at(6, 11), 0.97}}});
  story.add(kTraffic, {.cuts = {{at(5, 11), at(6, 11), 0.97}}});
  return story;
}

bool any_contains(const std::vector<std::string>& lines, std::string_view word) {
  for (const std::string& line : lines) {
    if (line.find(word) != std::string::npos) return true;
  }
  return false;
}

// Empty: as it should be; else what is wrong.
using Check = std::function<std::string()>;
struct Hard {
  const char* name;
  Check check;
};

std::string contradicting_labels() {
  const Result<std::vector<PastCase>> twice = parse_cases(
      "case a\ntitle A\nentity country:KZ\nfamily crisis\nfamily cable\nbecause x\ncause "
      "deliberate\ncut 2022-01-05T10:45Z 2022-01-05T17:30Z\nsource s\n",
      "made.case");
  if (twice) return "a case of two families was taken";
  return twice.error().message.find("made.case") == std::string::npos ? twice.error().message : "";
}

std::string countries_without_economics() {
  const Story story = plain_cut();
  const EconomyTables nothing;
  const auto appraisals = appraise_all(story.investigate("country:KZ"), kAlmaty, &nothing);
  if (appraisals.empty() || !appraisals[0].cost) return "no appraisal";
  const CostEstimate& cost = *appraisals[0].cost;
  if (cost.low_usd || cost.high_usd) return "a range without a GDP";
  for (const CostLine& line : cost.lines) {
    if (line.clock_usd || line.effective_usd) return line.method + " gave a figure";
    if (line.refusal.empty()) return line.method + " gave no reason";
  }
  return "";
}

std::string networks_unknown_to_the_user_table() {
  Story story;
  for (const int asn : {64500, 64501}) {
    story.add("asn:" + std::to_string(asn) + "@country:KZ/probing/slash24_up",
              {.cuts = {{at(5, 11), at(6, 11), 0.97}}});
  }
  const std::vector<KnownNetwork> known = {{.asn = Asn{9198},
                                            .name = "another",
                                            .access = "",
                                            .user_share = 0.6,
                                            .user_share_source = "made",
                                            .owner = ""}};
  const ConnectivityIndex index = connectivity_index(
      *Entity::parse("country:KZ"), story.series, story.detections, known, TimeRange{at(5), at(7)});
  if (index.weights.find("no shares of users are known") == std::string::npos) {
    return "it does not say that the users of these networks are unknown: " + index.weights;
  }
  const incident::Coordination found = incident::coordinate(
      std::vector<incident::ProviderStep>{
          {.provider = "a", .at = {at(5), at(5), at(5)}, .user_share = 0.5},
          {.provider = "b", .at = {at(5), at(5), at(5)}}},
      {});
  return any_contains(found.unknown, "1 of the 2 providers") ? "" : "unknown share is not named";
}

std::string one_provider_only() {
  const incident::Coordination found = incident::coordinate(
      std::vector<incident::ProviderStep>{{.provider = "a", .at = {at(5), at(5), at(5)}}}, {});
  if (found.score != 0) return "one provider is coordinated";
  return found.sentence.find("no coordination") == std::string::npos ? found.sentence : "";
}

std::string two_bins_of_data() {
  Story story;
  story.add(kProbing, {.begin = at(1), .end = at(1, 0, 20), .judged = false});
  const Investigation result = story.investigate("country:KZ");
  if (result.could_judge) return "two bins were judged";
  if (result.reason.empty()) return "no reason";
  return result.incidents.empty() ? "" : "an incident from two bins";
}

std::string sources_that_disagree() {
  Story story;
  story.add(kProbing, {});
  story.add(kTraffic, {.cuts = {{at(5, 11), at(6, 11), 0.97}}});
  const Investigation result = story.investigate("country:KZ");
  for (const Incident& incident : result.incidents) {
    if (incident.grade == Grade::nationwide) return "one plane of two made it nationwide";
    if (incident.probability > 0.99) return "as sure as if both had said so";
    if (incident.unknowns.empty() && incident.findings.empty()) return "nothing is said";
  }
  return "";
}

std::string no_probability_of_what_was_not_measured() {
  Story story;  // only traffic: no routes, no answers, no telescope
  story.add(kTraffic, {.cuts = {{at(5, 11), at(6, 11), 0.97}}});
  const Investigation result = story.investigate("country:KZ");
  for (const Appraisal& one : appraise_all(result, kAlmaty, nullptr)) {
    if (one.deliberation && one.deliberation->probability) return "a probability from one plane";
    if (!one.deliberation) continue;
    for (const IndicatorLine& line : one.deliberation->lines) {
      if (line.leaning == Leaning::not_measured && line.adds) return line.name + " adds something";
    }
  }
  IndicatorValues nothing;
  for (const FittedModel& model : built_in_fit()) {
    if (model.knows_all(nothing)) return model.name + " knows all of nothing";
    if (std::isnan(model.probability(nothing))) return model.name + " is not a number";
  }
  if (likeness(Profile{}, Profile{})) return "a distance between nothing and nothing";
  return "";
}

TEST(BadInput, IsAnsweredWithHowLittleIsKnown) {
  const Hard kHard[] = {
      {"contradicting labels", contradicting_labels},
      {"countries without economics", countries_without_economics},
      {"networks unknown to the table of users", networks_unknown_to_the_user_table},
      {"one provider only", one_provider_only},
      {"two bins of data", two_bins_of_data},
      {"sources that disagree", sources_that_disagree},
      {"what was not measured", no_probability_of_what_was_not_measured},
  };
  for (const Hard& one : kHard) EXPECT_EQ(one.check(), "") << one.name;
}

}  // namespace
}  // namespace lightsout
