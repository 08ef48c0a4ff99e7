// SPDX-License-Identifier: Apache-2.0
#include "serve/incident_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "serve/published_store.h"
#include "web/made_observatory.h"

namespace lightsout {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Incident> kazakhstan() {
  MadeObservatory& made = shared_made_observatory();
  return *made.store->incident_versions(made.incident_of("KZ").id);
}

TEST(IncidentEvent, WhatChangedIsNamed) {
  const std::vector<Incident> versions = kazakhstan();
  const Incident& open = versions[0];
  const Incident& ended = versions[1];
  EXPECT_EQ(change_of(nullptr, open), IncidentChange::opened);
  EXPECT_EQ(change_of(&open, ended), IncidentChange::restored);
  EXPECT_EQ(change_of(&ended, ended), std::nullopt);

  Incident older = open;
  older.version = 2;
  older.known_at += Seconds{3600};
  older.depth.value += 0.04;
  EXPECT_EQ(change_of(&open, older), std::nullopt) << "age, and little else";
  older.depth.value = open.depth.value - kTellingDepth;
  EXPECT_EQ(change_of(&open, older), IncidentChange::updated);

  Incident corrected = ended;
  corrected.version = 3;
  corrected.end->value += kTellingTime;
  EXPECT_EQ(change_of(&ended, corrected), IncidentChange::corrected);
  corrected.confidence = Confidence::retracted;
  EXPECT_EQ(change_of(&ended, corrected), IncidentChange::retracted);
}

TEST(IncidentEvent, ThePayloadIsOneLineWithEveryPromisedField) {
  const Incident incident = kazakhstan()[1];
  const std::string text = event_json(IncidentChange::restored, incident, "https://x.example");
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["event"], "restored");
  EXPECT_EQ(json["incident"], incident.id);
  EXPECT_EQ(json["dedupe_key"], incident.id);
  EXPECT_EQ(json["version"], 2);
  EXPECT_EQ(json["entity"], "country:KZ");
  EXPECT_EQ(json["started_at"], "2022-01-05T10:30:00Z");
  EXPECT_EQ(json["ended_at"], "2022-01-10T18:00:00Z");
  EXPECT_THAT(json["planes"].get<std::vector<std::string>>(), testing::Contains("data"));
  EXPECT_GT(json["depth"]["value"].get<double>(), 0.5);
  EXPECT_EQ(json["confidence"], "corroborated");
  EXPECT_THAT(json["text"]["en"].get<std::string>(), HasSubstr("Kazakhstan"));
  EXPECT_THAT(json["text"]["ru"].get<std::string>(), HasSubstr("Казахстан"));
  EXPECT_EQ(json["links"]["page"], "https://x.example/incident/" + incident.id);
  EXPECT_FALSE(
      nlohmann::json::parse(event_json(IncidentChange::opened, incident, "")).contains("links"));
  EXPECT_TRUE(
      nlohmann::json::parse(event_json(IncidentChange::opened, kazakhstan()[0], ""))["ended_at"]
          .is_null());
}

TEST(PublishedStore, WhatIsWrittenIsPublishedOnce) {
  MadeObservatory made;
  Hub hub(made.clock);
  PublishedStore published(*made.store, made.observatory, hub, "");
  const std::uint64_t start = hub.since(std::nullopt).last;
  const std::uint64_t quiet = made.observatory.generation_of("NL");
  const std::uint64_t before = made.observatory.generation_of("KZ");

  const Incident newest = made.incident_of("KZ");
  ASSERT_TRUE(published.put_incident(newest).ok());
  EXPECT_TRUE(hub.since(start).events.empty()) << "known already";
  EXPECT_EQ(made.observatory.generation_of("KZ"), before);

  Incident next = newest;
  next.version = 3;
  next.supersedes = 2;
  next.end->value += Seconds{3600};
  ASSERT_TRUE(published.put_incident(next).ok());
  ASSERT_EQ(hub.since(start).events.size(), 1u);
  EXPECT_EQ(hub.since(start).events[0]->kind, kEventUpdated);
  EXPECT_GT(made.observatory.generation_of("KZ"), before);
  EXPECT_EQ(made.observatory.generation_of("NL"), quiet);
  EXPECT_EQ(made.observatory.incident(newest.id)->version, 3u);

  const Series series = made_series({"country:NL/bgp/visible_slash24", Seconds{1800}, 250000},
                                    {kMadeEnd, kMadeEnd + Seconds{3600}});
  ASSERT_TRUE(published.put_series({&series, 1}, std::nullopt).ok());
  EXPECT_GT(made.observatory.generation_of("NL"), quiet);
  const std::uint64_t after = made.observatory.generation_of("NL");
  ASSERT_TRUE(published.put_series({&series, 1}, std::nullopt).ok());
  EXPECT_EQ(made.observatory.generation_of("NL"), after) << "nothing was new";

  next.version = 9;
  EXPECT_FALSE(published.put_incident(next).ok()) << "what the store refuses is not published";
  EXPECT_EQ(hub.since(start).events.size(), 1u);
}

}  // namespace
}  // namespace lightsout
