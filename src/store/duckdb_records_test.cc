// What the store keeps beside samples: names and texts, incidents, detections, the custody log.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/incident_json.h"
#include "store/test_series.h"

namespace lightsout {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class StoreRecords : public EachWay {};
INSTANTIATE_TEST_SUITE_P(Reached, StoreRecords,
                         testing::Values(Reached::in_this_process, Reached::over_a_socket),
                         name_of_way);

TEST_P(StoreRecords, HostileNamesAreOnlyNames) {
  const auto store = memory_store();
  const std::string names[] = {
      "'; DROP TABLE samples; --", "\"quoted\"",      "Қазақстан", "a\\b%_*",
      std::string("nul\0byte", 8), "\xff\xfe broken", "$1 ? :x"};
  int number = 0;
  for (const std::string& name : names) {
    Series series = series_of({num(number)}, number);
    series.lineage = {{"sha" + std::to_string(number), name, name, test_time(number), false}};
    put(*store, series);
    EXPECT_TRUE(*store->has_input("sha" + std::to_string(number)));
    EXPECT_FALSE(*store->has_input(name));
    Incident incident = full_incident();
    incident.id = name;
    incident.version = 1;
    incident.supersedes.reset();
    ASSERT_TRUE(store->put_incident(incident).ok());
    EXPECT_EQ(to_json((*store->incident_versions(name))[0]), to_json(incident));
    ++number;
  }
  const std::vector<Lineage> inputs = *store->inputs();
  ASSERT_EQ(inputs.size(), std::size(names));
  for (std::size_t i = 0; i < inputs.size(); ++i) EXPECT_EQ(inputs[i].name, as_utf8(names[i]));
}

TEST_P(StoreRecords, TextsAreKeptUpToTheirLimit) {
  const auto store = memory_store();
  Lineage lineage = input("sha", 0);
  lineage.name.assign(kMaxTextBytes, 'n');
  EXPECT_TRUE(store->put_input(lineage).ok());
  lineage.name += 'n';
  lineage.sha256 = "other";
  EXPECT_EQ(store->put_input(lineage).error().kind, ErrorKind::limit);
  CustodyEntry entry{.at = test_time(0), .note = std::string(kMaxTextBytes, 'c')};
  EXPECT_TRUE(store->append_custody(entry).ok());
  entry.note += 'c';
  EXPECT_EQ(store->append_custody(entry).error().kind, ErrorKind::limit);
  Incident incident = full_incident();
  incident.version = 1;
  incident.supersedes.reset();
  incident.unknowns = {std::string(kMaxDocumentBytes, 'x')};
  EXPECT_EQ(store->put_incident(incident).error().kind, ErrorKind::limit);
}

Incident version(std::uint32_t number, double depth = 0.5) {
  Incident incident = full_incident();
  incident.version = number;
  incident.supersedes = number > 1 ? std::optional(number - 1) : std::nullopt;
  incident.known_at = test_time(300 + static_cast<int>(number));
  incident.depth.value = depth;
  return incident;
}

TEST_P(StoreRecords, IncidentsAreOnlyEverAddedTo) {
  const auto store = memory_store();
  EXPECT_FALSE(store->put_incident(version(2)).ok()) << "nothing there to supersede";
  ASSERT_TRUE(store->put_incident(version(1)).ok());
  EXPECT_TRUE(store->put_incident(version(1)).ok()) << "the very same changes nothing";
  const Status edited = store->put_incident(version(1, 0.9));
  ASSERT_FALSE(edited.ok());
  EXPECT_THAT(edited.error().message, HasSubstr("never edited"));
  EXPECT_FALSE(store->put_incident(version(3)).ok()) << "version 2 is not there";
  Incident orphan = version(2);
  orphan.supersedes.reset();
  EXPECT_FALSE(store->put_incident(orphan).ok());
  ASSERT_TRUE(store->put_incident(version(2, 0.9)).ok());

  const std::vector<Incident> versions = *store->incident_versions(version(1).id);
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(to_json(versions[0]), to_json(version(1)));
  EXPECT_EQ(to_json(versions[1]), to_json(version(2, 0.9)));
  EXPECT_EQ(store->incident_versions("no-such").error().kind, ErrorKind::not_found);
}

TEST_P(StoreRecords, AThousandVersionsAreKeptAndTheNewestIsShown) {
  const auto store = memory_store();
  for (std::uint32_t number = 1; number <= 1000; ++number) {
    ASSERT_TRUE(store->put_incident(version(number, number / 1000.0)).ok()) << number;
  }
  EXPECT_EQ(store->incident_versions(version(1).id)->size(), 1000u);
  const std::vector<Incident> newest = *store->incidents({});
  ASSERT_EQ(newest.size(), 1u);
  EXPECT_EQ(newest[0].version, 1000u);
  const std::vector<Incident> then = *store->incidents({.as_of = version(17).known_at});
  ASSERT_EQ(then.size(), 1u);
  EXPECT_EQ(then[0].version, 17u);
  EXPECT_TRUE(store->incidents({.as_of = test_time(300)})->empty());
}

TEST_P(StoreRecords, IncidentsAreFoundByEntityCountryAndTime) {
  const auto store = memory_store();
  const auto add = [&](const char* id, const char* entity, int onset, std::optional<int> end) {
    Incident incident = version(1);
    incident.id = id;
    incident.entity = *Entity::parse(entity);
    incident.onset = test_estimate(onset);
    incident.end = end ? std::optional(test_estimate(*end)) : std::nullopt;
    incident.known_at = test_time(600);
    ASSERT_TRUE(store->put_incident(incident).ok());
  };
  add("kz", "country:KZ", 0, 100);
  add("kz-telecom", "asn:9198@country:KZ", 50, std::nullopt);
  add("ir", "country:IR", 200, 300);
  const auto ids = [&](const IncidentQuery& query) {
    std::vector<std::string> found;
    const Result<std::vector<Incident>> incidents = store->incidents(query);
    for (const Incident& each : *incidents) found.push_back(each.id);
    return found;
  };
  EXPECT_THAT(ids({}), ElementsAre("ir", "kz-telecom", "kz"));
  EXPECT_THAT(ids({.who = {.country = "KZ"}}), ElementsAre("kz-telecom", "kz"));
  EXPECT_THAT(ids({.who = {.entity = *Entity::parse("country:KZ")}}), ElementsAre("kz"));
  EXPECT_THAT(ids({.range = TimeRange{test_time(100), test_time(200)}}), ElementsAre("kz-telecom"));
  EXPECT_THAT(ids({.range = TimeRange{test_time(99), test_time(201)}}),
              ElementsAre("ir", "kz-telecom", "kz"));
  EXPECT_THAT(ids({.range = TimeRange{test_time(600), test_time(700)}}), ElementsAre());
}

TEST_P(StoreRecords, AnIncidentInvestigatedAgainGetsAVersionOnlyWhenItSaysSomethingElse) {
  const auto store = memory_store();
  Incident incident = full_incident();
  const Result<Incident> first = revise_incident(*store, incident);
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first->version, 1u);
  EXPECT_EQ(first->supersedes, std::nullopt);

  incident.known_at += Seconds{3600};
  const Result<Incident> same = revise_incident(*store, incident);
  EXPECT_EQ(to_json(*same), to_json(*first));

  incident.depth.value = 0.99;
  const Result<Incident> second = revise_incident(*store, incident);
  EXPECT_EQ(second->version, 2u);
  EXPECT_EQ(second->supersedes, 1u);
  EXPECT_EQ(store->incident_versions(incident.id)->size(), 2u);
}

TEST_P(StoreRecords, DetectionsKeepTheirTracesAndTheirHistory) {
  const auto store = memory_store();
  Detection detection = full_detection();
  ASSERT_TRUE(store->put_detection(detection, test_time(0)).ok());
  ASSERT_TRUE(store->put_detection(detection, test_time(5)).ok()) << "the same changes nothing";
  const Detection first = detection;
  detection.anomalies.clear();
  ASSERT_TRUE(store->put_detection(detection, test_time(10)).ok());

  const auto newest = store->detections({.country = "KZ"}, std::nullopt);
  ASSERT_TRUE(newest.ok());
  ASSERT_EQ(newest->size(), 1u);
  EXPECT_EQ((*newest)[0].made_at, test_time(10));
  EXPECT_EQ(to_json((*newest)[0].detection), to_json(detection));
  const auto then = store->detections({}, test_time(9));
  EXPECT_EQ((*then)[0].made_at, test_time(0));
  EXPECT_EQ(to_json((*then)[0].detection), to_json(first));
  EXPECT_TRUE(store->detections({}, test_time(-1))->empty());
  EXPECT_TRUE(store->detections({.country = "IR"}, std::nullopt)->empty());
}

TEST_P(StoreRecords, AFolderOfInputsIsReceivedAtOnceAndEachInputOnce) {
  const auto store = memory_store();
  ASSERT_TRUE(store->append_custody({.at = test_time(0), .action = "read"}).ok());
  ASSERT_TRUE(store->put_input(input("sha7", 0)).ok());
  std::vector<Lineage> inputs;
  for (int i = 0; i < 2500; ++i) inputs.push_back(input("sha" + std::to_string(i), i));
  inputs.push_back(input("sha9", 99));  // the same bytes under another date
  const CustodyEntry how{.at = test_time(5), .actor = "ingest", .action = "received"};
  EXPECT_EQ(*store->receive_inputs(inputs, how), 2499u);
  EXPECT_EQ(*store->receive_inputs(inputs, how), 0u);

  const std::vector<Lineage> kept = *store->inputs();
  ASSERT_EQ(kept.size(), 2500u);
  EXPECT_EQ(kept[0], input("sha7", 0));
  EXPECT_EQ(kept[10], input("sha10", 10));
  const std::vector<CustodyEntry> log = *store->custody_log();
  ASSERT_EQ(log.size(), 2500u);
  EXPECT_TRUE(verify_custody(log).ok());
  EXPECT_EQ(log[1].subject, "sha0");
  EXPECT_EQ(log[2499].note, "sha2499.csv");
  EXPECT_EQ(log[2499].action, "received");
}

TEST_P(StoreRecords, InputsAreReceivedAllOrNone) {
  const auto store = memory_store();
  std::vector<Lineage> inputs = {input("a", 0), input("b", 1)};
  inputs[1].name.assign(kMaxTextBytes + 1, 'n');
  EXPECT_EQ(store->receive_inputs(inputs, {.action = "received"}).error().kind, ErrorKind::limit);
  EXPECT_TRUE(store->inputs()->empty());
  EXPECT_TRUE(store->custody_log()->empty());
  inputs.pop_back();
  EXPECT_EQ(*store->receive_inputs(inputs, {.action = "received"}), 1u);
}

TEST_P(StoreRecords, TheCustodyLogIsAChain) {
  const auto store = memory_store();
  for (int i = 0; i < 5; ++i) {
    const auto kept = store->append_custody({.number = 77,
                                             .at = test_time(i),
                                             .actor = "ingest",
                                             .action = "read",
                                             .subject = "sha" + std::to_string(i),
                                             .note = "Қ\"'",
                                             .hash = "forged"});
    ASSERT_TRUE(kept.ok());
    EXPECT_EQ(kept->number, static_cast<std::uint64_t>(i + 1));
  }
  const std::vector<CustodyEntry> log = *store->custody_log();
  ASSERT_EQ(log.size(), 5u);
  EXPECT_TRUE(verify_custody(log).ok());

  const auto fault_of = [](const std::vector<CustodyEntry>& entries) {
    const Status status = verify_custody(entries);
    return status ? std::string("none") : status.error().message;
  };
  std::vector<CustodyEntry> altered = log;
  altered[2].note += "!";
  EXPECT_THAT(fault_of(altered), HasSubstr("entry 3 was altered"));
  std::vector<CustodyEntry> removed = log;
  removed.erase(removed.begin() + 1);
  EXPECT_THAT(fault_of(removed), HasSubstr("entry 2 is missing"));
  std::vector<CustodyEntry> moved = log;  // a byte moved from one field to the next
  moved[0].actor = "inges";
  moved[0].action = "tread";
  EXPECT_THAT(fault_of(moved), HasSubstr("entry 1 was altered"));
}

}  // namespace
}  // namespace lightsout
