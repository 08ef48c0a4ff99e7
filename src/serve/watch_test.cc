// SPDX-License-Identifier: Apache-2.0
#include "serve/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "serve/published_store.h"
#include "web/made_observatory.h"

namespace lightsout {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Entity kKazakhstan = *Entity::parse("country:KZ");
const Time kOnset = made_time("2022-01-05T10:30:00Z");
const Time kBack = made_time("2022-01-06T08:00:00Z");
const Seconds kHalfHour = std::chrono::minutes{30};

// A source that has the made Kazakhstan up to the moment at which it is asked.
struct MadeSource {
  std::vector<MadeCurve> curves = {
      {"country:KZ/bgp/visible_slash24", kHalfHour, 11400, 0, 0.001, 0.6, {{kOnset, kBack}}},
      {"country:KZ/probing/slash24_up", kHalfHour, 8200, 0.03, 0.006, 0.96, {{kOnset, kBack}}},
      {"country:KZ/traffic/requests", kHalfHour, 52000, 0.5, 0.03, 0.97, {{kOnset, kBack}}},
      {"asn:9198@country:KZ/probing/slash24_up",
       kHalfHour,
       3900,
       0.03,
       0.01,
       0.97,
       {{kOnset, kBack}}}};
  std::vector<WatchReading::Gap> missing;
  std::optional<Error> error;
  std::vector<TimeRange> asked;

  Result<WatchReading> fetch(const TimeRange& range) {
    asked.push_back(range);
    if (error) return *error;
    WatchReading reading{.missing = missing, .sources = {"routes", "probes"}};
    const Time begin = std::max(kMadeBegin, bin_begin(range.begin, kHalfHour));
    const Time end = bin_begin(range.end, kHalfHour);
    for (const MadeCurve& curve : curves) {
      Series series = made_series(curve, {begin, end});
      for (Lineage& each : series.lineage) {
        each.arrived = range.end;
        each.sha256 += format_time(range.end);
      }
      reading.inputs.push_back(series.lineage.front());
      reading.series.push_back(std::move(series));
    }
    return reading;
  }
};

struct Watched {
  explicit Watched(Time now) : clock(now) {}

  // As the server has it; all but the store is new after a restart.
  struct Server {
    Server(Store& store, Clock& clock, MadeSource& source, std::vector<std::string>& said)
        : observatory(store, clock, MadeObservatory::zone, "test"),
          hub(clock),
          published(store, observatory, hub, "http://127.0.0.1:8080"),
          watch({.entities = {kKazakhstan},
                 .fetch = [&source](const Entity&,
                                    const TimeRange& range) { return source.fetch(range); }},
                published, hub, clock, [&said](std::string_view text) { said.emplace_back(text); }),
          start(hub.since(std::nullopt).last) {}
    Observatory observatory;
    Hub hub;
    PublishedStore published;
    Watch watch;
    std::uint64_t start;
  };

  void restart() { server = std::make_unique<Server>(*store, clock, source, said); }
  // A round at each step, up to and with `until`.
  void watch_until(Time until, Seconds step = kHalfHour) {
    for (; clock.now() <= until; clock.set(clock.now() + step)) server->watch.round();
  }
  std::vector<std::string> events(std::string_view prefix) {
    std::vector<std::string> kinds;
    for (const auto& event : server->hub.since(server->start).events) {
      if (event->kind.starts_with(prefix)) kinds.push_back(event->kind);
    }
    return kinds;
  }
  std::vector<Incident> incidents() { return *store->incidents({}); }

  MadeClock clock;
  MadeSource source;
  std::vector<std::string> said;
  std::unique_ptr<Store> store = *open_duckdb_store(":memory:");
  std::unique_ptr<Server> server = std::make_unique<Server>(*store, clock, source, said);
};

TEST(Watch, AnIncidentOpensWithinTwoBinsGrowsAndEndsWithTheData) {
  Watched watched(kOnset - Seconds{7200});
  watched.watch_until(kOnset);
  EXPECT_THAT(watched.incidents(), IsEmpty());
  watched.watch_until(kOnset + 2 * kHalfHour);
  ASSERT_THAT(watched.incidents(), testing::SizeIs(1)) << "two bins after its onset";
  const Incident first = watched.incidents()[0];
  EXPECT_EQ(first.onset.value, kOnset);
  EXPECT_TRUE(first.open());

  watched.watch_until(kBack + Seconds{4 * 3600});
  const std::vector<Incident> incidents = watched.incidents();
  ASSERT_THAT(incidents, testing::SizeIs(1)) << "no second one of the same";
  EXPECT_EQ(incidents[0].id, first.id);
  EXPECT_EQ(incidents[0].grade, Grade::nationwide);
  ASSERT_FALSE(incidents[0].open());
  EXPECT_EQ(incidents[0].end->value, kBack);
  const auto versions = *watched.store->incident_versions(first.id);
  EXPECT_GE(versions.size(), 3u);
  EXPECT_LE(versions.size(), 30u) << "a version an hour while nothing else is new";
  for (std::size_t i = 1; i < versions.size(); ++i) {
    EXPECT_GT(versions[i].known_at, versions[i - 1].known_at);
    EXPECT_EQ(versions[i].supersedes, versions[i - 1].version);
  }
  const std::vector<std::string> events = watched.events("incident");
  EXPECT_EQ(events.front(), kEventOpened);
  EXPECT_EQ(std::count(events.begin(), events.end(), kEventOpened), 1);
  EXPECT_EQ(std::count(events.begin(), events.end(), kEventRestored), 1);
  EXPECT_LT(events.size(), versions.size()) << "not every version is news";
  EXPECT_THAT(watched.events("detection"), testing::SizeIs(testing::Ge(4)));
  EXPECT_THAT(watched.said, IsEmpty());
}

TEST(Watch, OnceMoreAndARestartInTheMiddleChangeNothing) {
  Watched steady(kOnset - kHalfHour);
  Watched restarted(kOnset - kHalfHour);
  for (Watched* each : {&steady, &restarted}) each->watch_until(kOnset + Seconds{5 * 3600});
  restarted.restart();
  for (int i = 0; i < 3; ++i) restarted.server->watch.round();  // at a time that both have seen
  EXPECT_THAT(restarted.events("incident"), IsEmpty());
  EXPECT_THAT(restarted.events("detection"), IsEmpty());
  for (Watched* each : {&steady, &restarted}) each->watch_until(kBack + Seconds{3 * 3600});
  const std::string id = steady.incidents().at(0).id;
  const auto a = *steady.store->incident_versions(id);
  const auto b = *restarted.store->incident_versions(id);
  ASSERT_EQ(restarted.incidents().size(), 1u);
  EXPECT_EQ(a.back().end->value, b.back().end->value);
  EXPECT_NEAR(static_cast<double>(a.size()), static_cast<double>(b.size()), 1);
  for (std::size_t i = 1; i < b.size(); ++i) EXPECT_GT(b[i].known_at, b[i - 1].known_at);
}

TEST(Watch, TheHistoryIsFetchedOnceAndThenOnlyWhatIsRecent) {
  Watched watched(kOnset - Seconds{7200});
  watched.watch_until(kOnset);
  ASSERT_GE(watched.source.asked.size(), 3u);
  EXPECT_EQ(watched.source.asked[0].length(), kWatchHistory);
  EXPECT_EQ(watched.source.asked[1].length(), kWatchRecent);
}

TEST(Watch, ASourceThatDoesNotAnswerIsDownAndNeverAnOutage) {
  Watched watched(kOnset - Seconds{86400});
  watched.source.curves[1].missing = {{kOnset - Seconds{20 * 3600}, kOnset}};
  watched.watch_until(kOnset - Seconds{20 * 3600});
  watched.source.missing = {{"probes", "the server answered 503"}};
  watched.watch_until(kOnset - Seconds{10 * 3600});
  EXPECT_THAT(watched.events("source"), ElementsAre(kEventSourceDown)) << "said once";
  EXPECT_THAT(watched.incidents(), IsEmpty());
  const HubNews news = watched.server->hub.since(watched.server->start);
  const auto down = nlohmann::json::parse(news.events.back()->data);
  EXPECT_EQ(down["source"], "probes");
  EXPECT_EQ(down["reason"], "the server answered 503");
  watched.source.missing.clear();
  watched.watch_until(kOnset - Seconds{9 * 3600});
  EXPECT_THAT(watched.events("source"), ElementsAre(kEventSourceDown, kEventSourceUp));
  EXPECT_THAT(watched.incidents(), IsEmpty());
}

TEST(Watch, WhenNothingAnswersItAsksLessAndLessOftenAndComesBack) {
  Watched watched(kOnset - Seconds{7200});
  watched.source.error = Error{ErrorKind::world, "no route to the server"};
  std::vector<Seconds> waits;
  for (int i = 0; i < 6; ++i) waits.push_back(watched.server->watch.round());
  EXPECT_THAT(waits, ElementsAre(Seconds{600}, Seconds{1200}, Seconds{2400}, Seconds{3600},
                                 Seconds{3600}, Seconds{3600}));
  EXPECT_THAT(watched.events("source"), ElementsAre(kEventSourceDown));
  EXPECT_THAT(watched.said, Contains(HasSubstr("no route to the server")));
  watched.source.error.reset();
  EXPECT_EQ(watched.server->watch.round(), kWatchEvery);
  EXPECT_THAT(watched.events("source"), ElementsAre(kEventSourceDown, kEventSourceUp));
  EXPECT_EQ(watched.server->watch.failed_rounds(), 6u);
  EXPECT_EQ(watched.server->watch.rounds(), 7u);
}

TEST(Watch, WhatLaterDataDoNotConfirmIsRetractedInAVersionOfItsOwn) {
  Watched watched(kOnset - kHalfHour);
  watched.watch_until(kOnset + Seconds{2 * 3600});
  ASSERT_EQ(watched.incidents().size(), 1u);
  ASSERT_TRUE(watched.incidents()[0].open());
  for (MadeCurve& curve : watched.source.curves) curve.cuts.clear();  // the source corrects itself
  watched.watch_until(kOnset + Seconds{3 * 3600});
  ASSERT_EQ(watched.incidents().size(), 1u);
  EXPECT_EQ(watched.incidents()[0].confidence, Confidence::retracted);
  EXPECT_FALSE(watched.incidents()[0].open());
  const HubNews news = watched.server->hub.since(watched.server->start);
  EXPECT_EQ(nlohmann::json::parse(news.events.back()->data)["event"], "retracted");
}

TEST(Watch, StopsWhenAskedTo) {
  Watched watched(kOnset);
  std::stop_source stop;
  stop.request_stop();
  watched.server->watch.run(stop.get_token());
  EXPECT_EQ(watched.server->watch.rounds(), 0u);
}

}  // namespace
}  // namespace lightsout
