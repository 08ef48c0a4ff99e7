// SPDX-License-Identifier: Apache-2.0
#include "store/incident_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "store/test_incident.h"

namespace lightsout {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

// Stands for any one member, so that the compiler can be asked how many members a struct has.
struct Anything {
  template <typename T>
  operator T() const;
};

template <typename T, std::size_t... index>
constexpr bool takes(std::index_sequence<index...>) {
  return requires { T{(static_cast<void>(index), Anything{})...}; };
}

// The most initialisers that T takes. Asked from above, because a struct with a member that has no
// default cannot be made of fewer.
template <typename T, std::size_t at_most = 40>
constexpr std::size_t member_count() {
  if constexpr (takes<T>(std::make_index_sequence<at_most>())) {
    return at_most;
  } else {
    return member_count<T, at_most - 1>();
  }
}

Json full_json() {
  return Json::parse(to_json(full_incident()));
}

TEST(IncidentJson, EveryFieldOfEveryStructIsWritten) {
  const Json incident = full_json();
  const struct {
    std::string_view what;
    std::size_t members;
    Json written;
  } cases[] = {
      {"Incident", member_count<Incident>(), incident},
      {"Phase", member_count<Phase>(), incident["phases"][0]},
      {"Window", member_count<Window>(), incident["windows"][0]},
      {"Recurrence", member_count<Recurrence>(), incident["recurrence"]},
      {"SampleCounts", member_count<SampleCounts>(), incident["planes"][0]["samples"]},
      {"PlaneView", member_count<PlaneView>(), incident["planes"][0]},
      {"PartView", member_count<PartView>(), incident["providers"][0]},
      {"Hypothesis", member_count<Hypothesis>(), incident["hypotheses"][0]},
      {"Disagreement", member_count<Disagreement>(), incident["disagreements"][0]},
      {"Finding", member_count<Finding>(), incident["findings"][0]},
      {"Anomaly", member_count<Anomaly>(), incident["evidence"][0]},
      {"AnomalyPart", member_count<AnomalyPart>(), incident["evidence"][0]["parts"][0]},
      {"TraceStep", member_count<TraceStep>(), incident["evidence"][0]["trace"][0]},
      {"Estimate", member_count<Estimate>(), incident["depth"]},
      {"TimeEstimate", member_count<TimeEstimate>(), incident["onset"]},
      {"TimeRange", member_count<TimeRange>(), incident["phases"][0]["range"]},
      {"Lineage", member_count<Lineage>(), incident["inputs"][0]},
  };
  for (const auto& each : cases) EXPECT_EQ(each.written.size(), each.members) << each.what;

  const Json detection = Json::parse(to_json(full_detection()));
  EXPECT_EQ(detection.size(), member_count<Detection>() - 1) << "all but `expected`";
  EXPECT_EQ(detection["judgement"].size(), member_count<Judgement>());
}

// Leaves that still have the value of an empty incident would prove nothing about that field.
void expect_all_differ(const Json& full, const Json& empty, const std::string& path) {
  for (const auto& [key, value] : full.items()) {
    const std::string here = path + "/" + key;
    if (value.is_object() && empty.contains(key) && empty[key].is_object()) {
      expect_all_differ(value, empty[key], here);
    } else if (empty.contains(key)) {
      EXPECT_NE(value, empty[key]) << here;
    }
  }
}

TEST(IncidentJson, TheFullIncidentLeavesNoFieldAtItsDefault) {
  const Incident empty{.entity = *Entity::parse("country:ZZ")};
  expect_all_differ(full_json(), Json::parse(to_json(empty)), "");
}

TEST(IncidentJson, ReadingGivesBackWhatWasWritten) {
  const std::string text = to_json(full_incident());
  const Result<Incident> again = incident_from_json(text);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(to_json(*again), text);
  EXPECT_EQ(again->evidence[0].trace[0].what, full_incident().evidence[0].trace[0].what);
  EXPECT_EQ(again->recurrence.time_of_day, full_incident().recurrence.time_of_day);

  const std::string detection = to_json(full_detection());
  ASSERT_TRUE(detection_from_json(detection).ok());
  EXPECT_EQ(to_json(*detection_from_json(detection)), detection);
  const std::string anomaly = to_json(full_incident().evidence[0]);
  ASSERT_TRUE(anomaly_from_json(anomaly).ok());
  EXPECT_EQ(to_json(*anomaly_from_json(anomaly)), anomaly);
}

TEST(IncidentJson, EveryNameOfEveryListSurvives) {
  Incident incident = full_incident();
  for (int i = 0; i < 9; ++i) {
    incident.grade = static_cast<Grade>(i);
    incident.confidence = static_cast<Confidence>(i % 5);
    incident.phases[0].kind = static_cast<PhaseKind>(i % 4);
    incident.hypotheses[0].mechanism = static_cast<Mechanism>(i % 8);
    incident.planes[0].plane = static_cast<Plane>(i % 5);
    incident.direction = static_cast<Direction>(i % 2);
    const Result<Incident> again = incident_from_json(to_json(incident));
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(to_json(*again), to_json(incident));
  }
}

TEST(IncidentJson, NumbersKeepEveryBit) {
  const double numbers[] = {0.1,
                            -0.0,
                            1e300,
                            5e-324,
                            1.0 / 3,
                            std::numeric_limits<double>::infinity(),
                            -std::numeric_limits<double>::infinity()};
  for (const double number : numbers) {
    Incident incident = full_incident();
    incident.depth.value = number;
    const Result<Incident> again = incident_from_json(to_json(incident));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->depth.value, number);
    EXPECT_EQ(std::signbit(again->depth.value), std::signbit(number));
  }
  Incident incident = full_incident();
  incident.depth.value = std::nan("");
  EXPECT_TRUE(std::isnan(incident_from_json(to_json(incident))->depth.value));
}

TEST(IncidentJson, FieldsOfANewerProgramArePassedOver) {
  Json json = full_json();
  json["invented_in_2031"] = {{"a", 1}};
  json["evidence"][0]["colour"] = "blue";
  const Result<Incident> incident = incident_from_json(json.dump());
  ASSERT_TRUE(incident.ok()) << incident.error().message;
  EXPECT_EQ(to_json(*incident), to_json(full_incident()));
}

TEST(IncidentJson, FieldsThatAnOlderProgramDidNotWriteKeepTheirDefault) {
  Json json = full_json();
  json.erase("windows");
  json.erase("ending");
  const Result<Incident> incident = incident_from_json(json.dump());
  ASSERT_TRUE(incident.ok()) << incident.error().message;
  EXPECT_TRUE(incident->windows.empty());
  EXPECT_FALSE(incident->ending);
}

TEST(IncidentJson, DamageIsAnErrorThatSaysWhere) {
  const struct {
    const char* pointer;
    Json value;
    const char* message;
  } cases[] = {
      {"/id", 7, "incident: id is not a text"},
      {"/version", -1, "incident: version is not a whole number in range"},
      {"/version", 4294967296, "incident: version is not a whole number in range"},
      {"/onset/value", "yesterday", "incident: onset.value is not a time"},
      {"/onset", "2022-01-05T10:30:00Z", "incident: onset is not an object"},
      {"/entity", "planet:earth", "incident: entity is not an entity"},
      {"/grade", "apocalypse", "incident: grade is not a name that this version knows"},
      {"/planes/0/fell_at/earliest", 1, "incident: planes[0].fell_at.earliest is not a time"},
      {"/planes/0/signal", "x", "incident: planes[0].signal is not a signal"},
      {"/evidence", "none", "incident: evidence is not a list"},
      {"/probability", "much", "incident: probability is not a number"},
      {"/lasting", 1, "incident: lasting is not true or false"},
  };
  for (const auto& each : cases) {
    Json json = full_json();
    json[Json::json_pointer(each.pointer)] = each.value;
    const Result<Incident> incident = incident_from_json(json.dump());
    ASSERT_FALSE(incident.ok()) << each.pointer;
    EXPECT_EQ(incident.error().message, each.message);
  }
  for (const char* required : {"id", "version", "known_at", "entity", "grade", "onset"}) {
    Json json = full_json();
    json.erase(required);
    ASSERT_FALSE(incident_from_json(json.dump()).ok()) << required;
  }
}

TEST(IncidentJson, NoCutOfTheTextIsReadAsAnIncident) {
  const std::string text = to_json(full_incident());
  for (std::size_t length = 0; length < text.size(); length += 7) {
    EXPECT_FALSE(incident_from_json(std::string_view(text).substr(0, length)).ok()) << length;
  }
  EXPECT_THAT(incident_from_json("[]").error().message, HasSubstr("the document is not an object"));
  // Deep nesting is an answer, not a stack overflow.
  EXPECT_FALSE(incident_from_json(std::string(200'000, '[')).ok());
}

TEST(IncidentJson, BytesThatAreNotUtf8AreReplaced) {
  const struct {
    std::string_view bytes;
    std::string_view clean;
  } cases[] = {
      {"plain", "plain"},
      {"\xd0\x9a\xd0\xb7", "\xd0\x9a\xd0\xb7"},
      {"\xff", "\xef\xbf\xbd"},
      {"a\xc0\xaf", "a\xef\xbf\xbd\xef\xbf\xbd"},                // overlong
      {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},  // surrogate
      {"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},                  // cut short
      {"\xf0\x9f\x94\xa6", "\xf0\x9f\x94\xa6"},
  };
  for (const auto& each : cases) EXPECT_EQ(as_utf8(each.bytes), each.clean);

  Incident incident = full_incident();
  incident.providers[0].name = "Op\xff";
  EXPECT_EQ(incident_from_json(to_json(incident))->providers[0].name, "Op\xef\xbf\xbd");
}

}  // namespace
}  // namespace lightsout
