// SPDX-License-Identifier: Apache-2.0
#include "web/observatory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "store/forwarding_store.h"
#include "web/made_observatory.h"

namespace lightsout {
namespace {

using testing::ElementsAre;

Entity country(const char* code) {
  return *Entity::parse(std::string("country:") + code);
}

std::vector<std::string> incident_lines(const std::vector<Incident>& incidents) {
  std::vector<std::string> lines;
  for (const Incident& each : incidents) {
    lines.push_back(each.entity.text() + " v" + std::to_string(each.version) + " " +
                    std::string(name_of(each.grade)) + (each.open() ? " open" : ""));
  }
  return lines;
}

TEST(MadeObservatory, HoldsWhatItsHeaderSays) {
  MadeObservatory& made = shared_made_observatory();
  EXPECT_THAT(
      incident_lines(*made.observatory.incidents({})),
      ElementsAre("country:IR v1 nationwide open", "service:telegram@country:RU v1 service open",
                  "service:=cmd|'calc'!A1&amp;@country:UZ v1 service", "country:UZ v1 nationwide",
                  "service:telegram@country:KZ v2 service", "country:KZ v2 nationwide"));
  EXPECT_THAT(
      incident_lines(
          *made.observatory.incidents({.who = {.country = "KZ"}, .as_of = kMadeFirstArrival})),
      ElementsAre("service:telegram@country:KZ v1 service open", "country:KZ v1 nationwide open"));

  const Incident cut = made.incident_of("KZ");
  EXPECT_EQ(cut.onset.value, kMadeCut.begin);
  EXPECT_EQ(cut.end->value, kMadeCut.end);
  EXPECT_EQ(cut.windows.size(), 5u);
  EXPECT_EQ(cut.providers.size(), 6u);
  EXPECT_EQ(cut.regions.size(), 2u);
  EXPECT_EQ(cut.services.size(), 1u);

  const Incident hostile = made.incident_of("UZ");
  EXPECT_FALSE(made.observatory.picture(country("KP"), {kMadeBegin, kMadeEnd}).ok());
  std::vector<std::string> names;
  for (const PartView& part : hostile.providers) names.push_back(part.name);
  EXPECT_THAT(names, testing::UnorderedElementsAreArray(kHostileNames));
}

// Counts what costs time, over a store that works.
class CountingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<Series> read_series(const SignalId& id, const SeriesQuery& query) override {
    ++series_read;
    return ForwardingStore::read_series(id, query);
  }
  Result<std::vector<Incident>> incidents(const IncidentQuery& query) override {
    ++incident_lists;
    return ForwardingStore::incidents(query);
  }
  Result<std::vector<Incident>> incident_versions(const std::string& id) override {
    ++version_lists;
    return ForwardingStore::incident_versions(id);
  }
  Result<std::vector<SignalSummary>> list_signals(const EntityFilter& who) override {
    ++signal_lists;
    return ForwardingStore::list_signals(who);
  }
  std::atomic<int> series_read = 0;
  std::atomic<int> incident_lists = 0;
  std::atomic<int> version_lists = 0;
  std::atomic<int> signal_lists = 0;
};

// The made January, with an own Observatory that counts.
struct Counted {
  CountingStore store{*shared_made_observatory().store};
  MadeClock clock{kMadeNow};
  Observatory observatory{store, clock, MadeObservatory::zone, "test"};
};

const TimeRange kWeek{made_time("2022-01-05"), kMadeEnd};

TEST(Observatory, AskersOfOnePictureWaitForOneThatDrawsIt) {
  Counted counted;
  std::vector<std::shared_ptr<const Report>> seen(8);
  {
    std::vector<std::jthread> askers;
    for (auto& mine : seen) {
      askers.emplace_back([&] { mine = *counted.observatory.picture(country("NL"), kWeek); });
    }
  }
  for (const auto& each : seen) EXPECT_EQ(each, seen[0]);
  EXPECT_EQ(counted.store.series_read, 3);
}

TEST(Observatory, APictureHoldsUntilTheDataOfItsCountryChange) {
  Counted counted;
  Observatory& observatory = counted.observatory;
  const auto first = *observatory.picture(country("NL"), kWeek);
  observatory.changed("KZ");
  EXPECT_EQ(*observatory.picture(country("NL"), kWeek), first);
  const std::uint64_t before = observatory.generation_of("NL");
  observatory.changed("NL");
  EXPECT_GT(observatory.generation_of("NL"), before);
  const auto second = *observatory.picture(country("NL"), kWeek);
  EXPECT_NE(second, first);
  observatory.changed();
  EXPECT_NE(*observatory.picture(country("NL"), kWeek), second);
}

TEST(Observatory, UntilNowIsTheSamePictureForFiveMinutes) {
  Counted counted;
  const TimeRange now{kMadeEnd - Seconds{86'000}, kMadeEnd - Seconds{100}};
  const TimeRange later{now.begin + Seconds{40}, now.end + Seconds{40}};
  const auto picture = *counted.observatory.picture(country("NL"), now);
  EXPECT_EQ(*counted.observatory.picture(country("NL"), later), picture);
  EXPECT_EQ(picture->investigation.range.end, kMadeEnd);
}

TEST(Observatory, AFailureIsNotKeptAndHoldsNobodyUp) {
  Counted counted;
  std::vector<std::jthread> askers;
  for (int i = 0; i < 4; ++i) {
    askers.emplace_back([&] {
      const auto nothing = counted.observatory.picture(country("KP"), kWeek);
      EXPECT_FALSE(nothing.ok());
      EXPECT_EQ(nothing.error().kind, ErrorKind::not_found);
    });
  }
}

TEST(Observatory, ListsAreReadOnceForAGeneration) {
  Counted counted;
  Observatory& observatory = counted.observatory;
  const std::string id = shared_made_observatory().incident_of("KZ").id;
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(observatory.incidents({})->size(), 6u);
    EXPECT_TRUE(observatory.signals().ok());
    EXPECT_EQ(observatory.incident(id)->version, 2u);
    EXPECT_EQ(observatory.incident(id, 1)->version, 1u);
    const auto third = observatory.incident(id, 3);
    ASSERT_FALSE(third.ok());
    EXPECT_THAT(third.error().message, testing::HasSubstr("versions 1 to 2"));
    EXPECT_FALSE(observatory.incident("kz-none").ok());
  }
  EXPECT_EQ(counted.store.incident_lists, 1);
  EXPECT_EQ(counted.store.signal_lists, 1);
  EXPECT_EQ(counted.store.version_lists, 1 + 5) << "a failure is asked for again";
  observatory.changed("NL");
  EXPECT_TRUE(observatory.incidents({}).ok());
  EXPECT_EQ(counted.store.incident_lists, 2);
}

TEST(Observatory, ARangeOfIncidentsIsExactThoughItsListIsShared) {
  Observatory& observatory = shared_made_observatory().observatory;
  const Time onset = kMadeCut.begin;
  const auto found = [&](TimeRange range) {
    return observatory.incidents({.who = {.entity = country("KZ")}, .range = range})->size();
  };
  EXPECT_EQ(found({onset - Seconds{3600}, onset + Seconds{1}}), 1u);
  EXPECT_EQ(found({onset - Seconds{3600}, onset}), 0u);
  EXPECT_EQ(found({kMadeCut.end, kMadeCut.end + Seconds{1}}), 0u);
}

TEST(Observatory, AsOfATimeNothingLaterIsKnown) {
  Observatory& observatory = shared_made_observatory().observatory;
  const auto then = *observatory.picture(country("KZ"), kWeek, kMadeFirstArrival);
  const auto now = *observatory.picture(country("KZ"), kWeek);
  ASSERT_FALSE(then->series.empty());
  for (const Series& each : then->series) EXPECT_LE(each.end(), kMadeFirstArrival);
  EXPECT_TRUE(then->investigation.incidents.front().open());
  EXPECT_EQ(then->investigation.incidents.front().version, 1u);
  EXPECT_FALSE(now->investigation.incidents.front().open());
  EXPECT_FALSE(observatory.picture(country("KZ"), kWeek, kMadeBegin).ok()) << "before all data";
}

TEST(Observatory, ThePictureHasTheBandThatTheInvestigationSaw) {
  MadeObservatory& made = shared_made_observatory();
  const auto picture = *made.observatory.picture(country("KZ"), kWeek);
  EXPECT_EQ(picture->series.size(), 14u);
  EXPECT_EQ(picture->networks.size(), 6u);
  ASSERT_EQ(picture->detections.size(), picture->series.size());
  for (std::size_t i = 0; i < picture->series.size(); ++i) {
    const Result<Series> all = made.store->read_series(picture->series[i].id, {});
    const Detection whole = detect(*all);
    ASSERT_EQ(all->begin, picture->series[i].begin) << "shorter than kHistory, so all of it";
    ASSERT_EQ(whole.expected.size(), picture->detections[i].expected.size());
    for (std::size_t bin = 0; bin < whole.expected.size(); ++bin) {
      const float value = picture->detections[i].expected[bin].value;
      ASSERT_TRUE(value == whole.expected[bin].value || std::isnan(value));
    }
  }
}

TEST(Observatory, SourcesSayHowFarTheyReach) {
  MadeObservatory& made = shared_made_observatory();
  const auto sources = made.observatory.sources();
  ASSERT_TRUE(sources.ok());
  std::vector<std::string> names;
  for (const SourceHealth& each : *sources) {
    names.push_back(each.source);
    EXPECT_EQ(each.lag, Seconds{600}) << each.source;
  }
  EXPECT_THAT(names, ElementsAre("bgp", "ooni", "probing", "psiphon", "telescope", "traffic"));
  EXPECT_EQ(made.observatory.data_through(), kMadeEnd);
}

TEST(Observatory, ReadersAreServedWhileTheDataChange) {
  MadeObservatory made;
  std::atomic<bool> done = false;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        ASSERT_TRUE(made.observatory.picture(country("NL"), kWeek).ok());
        ASSERT_TRUE(made.observatory.incidents({}).ok());
        ASSERT_TRUE(made.observatory.zone("", country("KZ")).ok());
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    const Series more = made_series({"country:NL/bgp/visible_slash24", Seconds{1800}, 250000},
                                    {kMadeEnd, kMadeEnd + Seconds{1800} * (i + 1)});
    ASSERT_TRUE(made.store->put_series({&more, 1}).ok());
    made.observatory.changed("NL");
  }
  done = true;
  readers.clear();
  EXPECT_EQ(made.observatory.data_through(), kMadeEnd + Seconds{36'000});
}

}  // namespace
}  // namespace lightsout
