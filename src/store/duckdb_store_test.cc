// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <random>
#include <thread>

#include "store/test_series.h"

namespace lightsout {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class StoreContract : public EachWay {};
INSTANTIATE_TEST_SUITE_P(Reached, StoreContract,
                         testing::Values(Reached::in_this_process, Reached::over_a_socket),
                         name_of_way);

TEST_P(StoreContract, ASeriesComesBackAsItWasPut) {
  Series series = series_of({num(0), kMissing, kSuppressed, kDown, num(1520.5), num(-0.0)});
  series.plane = Plane::application;
  series.unit = Unit::fraction;
  series.worse = Worse::high;
  series.trials = {10, 0, 3, 0, 7.5, 1};
  series.coverage = {1, 0.5, 1, 0, 0.25, 1};
  series.lineage = {input("aa", 5), input("bb", 9)};
  series.lineage[1].semi_synthetic = true;
  const auto store = memory_store();
  EXPECT_EQ(put(*store, series), 6u);

  const Result<Series> again = store->read_series(series.id, {});
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->id, series.id);
  EXPECT_EQ(again->plane, series.plane);
  EXPECT_EQ(again->unit, series.unit);
  EXPECT_EQ(again->worse, series.worse);
  EXPECT_EQ(again->begin, series.begin);
  EXPECT_EQ(again->step, series.step);
  EXPECT_EQ(again->samples, series.samples);
  EXPECT_TRUE(std::signbit(again->samples[5].value()));
  EXPECT_EQ(again->trials, series.trials);
  EXPECT_EQ(again->coverage, series.coverage);
  EXPECT_EQ(again->lineage, series.lineage);
}

TEST_P(StoreContract, AnInputReceivedUnreadIsScriptedOnceItsSeriesSaySo) {
  const auto store = memory_store();
  Lineage scripted = input("aa", 5);
  ASSERT_TRUE(store->receive_inputs({&scripted, 1}, {.action = "received"}).ok());
  scripted.semi_synthetic = true;
  Series series = series_of({num(1), num(2)});
  series.lineage = {scripted};
  put(*store, series);
  const Result<Series> again = store->read_series(series.id, {});
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_TRUE(again->semi_synthetic());

  // The mark is never taken away again.
  scripted.semi_synthetic = false;
  Series later = series_of({num(3)}, 5);
  later.lineage = {scripted, input("bb", 6)};
  put(*store, later);
  EXPECT_TRUE(store->read_series(series.id, {})->semi_synthetic());
}

TEST_P(StoreContract, ZeroIsNotMissingAndNanIsANumber) {
  const auto store = memory_store();
  put(*store, series_of({num(0), kMissing, num(std::nan("")), num(INFINITY)}), test_time(0));
  const std::vector<Sample> samples = samples_of(*store);
  ASSERT_EQ(samples.size(), 4u);
  EXPECT_EQ(samples[0].number(), 0);
  EXPECT_EQ(samples[1].number(), std::nullopt);
  EXPECT_TRUE(std::isnan(samples[2].value()));
  EXPECT_EQ(samples[3].value(), INFINITY);
}

TEST_P(StoreContract, WithoutTrialsAndCoverageThereAreNone) {
  const auto store = memory_store();
  put(*store, series_of({num(1), num(2)}), test_time(0));
  const Result<Series> series = store->read_series(*SignalId::parse(kSignal), {});
  EXPECT_TRUE(series->trials.empty());
  EXPECT_TRUE(series->coverage.empty());
  EXPECT_TRUE(series->lineage.empty());
}

TEST_P(StoreContract, BinsThatNobodyPutAreMissingAndNotCovered) {
  const auto store = memory_store();
  put(*store, series_of({num(1)}, 0), test_time(0));
  put(*store, series_of({num(4)}, 3), test_time(0));
  const Result<Series> series = store->read_series(*SignalId::parse(kSignal), {});
  EXPECT_THAT(series->samples, ElementsAre(num(1), kMissing, kMissing, num(4)));
  EXPECT_THAT(series->coverage, ElementsAre(1, 0, 0, 1));
}

TEST_P(StoreContract, ARangeGivesTheBinsThatBeginInside) {
  const auto store = memory_store();
  put(*store, series_of({num(0), num(1), num(2), num(3)}), test_time(0));
  const struct {
    int begin_minute, end_minute;
    std::vector<double> numbers;
  } cases[] = {{0, 20, {0, 1, 2, 3}}, {5, 15, {1, 2}}, {1, 6, {1}}, {-99, 1, {0}}, {15, 99, {3}}};
  for (const auto& each : cases) {
    const Result<Series> series = store->read_series(
        *SignalId::parse(kSignal),
        {.range = TimeRange{test_time(each.begin_minute), test_time(each.end_minute)}});
    ASSERT_TRUE(series.ok());
    std::vector<double> numbers;
    for (const Sample& sample : series->samples) numbers.push_back(sample.value());
    EXPECT_EQ(numbers, each.numbers) << each.begin_minute;
    EXPECT_EQ(series->begin, test_time(0) + kStep * static_cast<int>(each.numbers[0]));
  }
  for (const auto& [begin, end] : {std::pair{20, 99}, {-99, 0}, {6, 9}, {5, 5}, {9, 2}}) {
    const Result<Series> none = store->read_series(
        *SignalId::parse(kSignal), {.range = TimeRange{test_time(begin), test_time(end)}});
    ASSERT_FALSE(none.ok()) << begin;
    EXPECT_EQ(none.error().kind, ErrorKind::not_found);
  }
}

TEST_P(StoreContract, AnUnknownSignalIsNotFoundAndSaysWhich) {
  const auto store = memory_store();
  const Result<Series> none = store->read_series(*SignalId::parse(kSignal), {});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
  EXPECT_THAT(none.error().message, HasSubstr(kSignal));
}

TEST_P(StoreContract, ALaterArrivalHoldsAndAsOfGivesWhatWasKnown) {
  const auto store = memory_store();
  put(*store, with_input(series_of({num(1), num(2), num(3)}), "first", 10));
  EXPECT_EQ(put(*store, with_input(series_of({num(9), num(4)}, 1), "second", 20)), 2u);

  EXPECT_THAT(samples_of(*store), ElementsAre(num(1), num(9), num(4)));
  EXPECT_THAT(samples_of(*store, test_time(20)), ElementsAre(num(1), num(9), num(4)));
  EXPECT_THAT(samples_of(*store, test_time(19)), ElementsAre(num(1), num(2), num(3)));
  EXPECT_THAT(samples_of(*store, test_time(9)), ElementsAre());

  const auto lineage = [&](int minute) {
    std::vector<std::string> names;
    const Result<Series> series =
        store->read_series(*SignalId::parse(kSignal), {.as_of = test_time(minute)});
    for (const Lineage& each : series->lineage) {
      names.push_back(each.sha256);
    }
    return names;
  };
  EXPECT_THAT(lineage(19), ElementsAre("first"));
  EXPECT_THAT(lineage(20), ElementsAre("first", "second"));
}

TEST_P(StoreContract, WhatALaterArrivalSays) {
  const struct {
    const char* what;
    Sample before, after, held;
  } cases[] = {
      {"a number corrects a number", num(1), num(2), num(2)},
      {"zero corrects a number", num(1), num(0), num(0)},
      {"missing denies nothing", num(1), kMissing, num(1)},
      {"missing does not lift a suppression", kSuppressed, kMissing, kSuppressed},
      {"suppressed takes a number away", num(1), kSuppressed, kSuppressed},
      {"source_down takes a number away", num(1), kDown, kDown},
      {"a number fills a gap", kMissing, num(1), num(1)},
      {"a number lifts a suppression", kSuppressed, num(1), num(1)},
  };
  for (const auto& each : cases) {
    const auto store = memory_store();
    put(*store, series_of({each.before}), test_time(10));
    put(*store, series_of({each.after}), test_time(20));
    EXPECT_THAT(samples_of(*store), ElementsAre(each.held)) << each.what;
    EXPECT_THAT(samples_of(*store, test_time(10)), ElementsAre(each.before)) << each.what;
  }
}

TEST_P(StoreContract, TheSameFileAgainChangesNothingEvenWithANewDate) {
  const auto store = memory_store();
  EXPECT_EQ(put(*store, with_input(series_of({num(1), kMissing, num(3)}), "file", 10)), 3u);
  put(*store, with_input(series_of({num(7)}, 0), "correction", 20));
  const auto before = store->read_series(*SignalId::parse(kSignal), {});

  EXPECT_EQ(put(*store, with_input(series_of({num(1), kMissing, num(3)}), "file", 99)), 0u);
  EXPECT_EQ(put(*store, with_input(series_of({num(1), kMissing, num(3)}), "file", 1)), 0u);
  const auto after = store->read_series(*SignalId::parse(kSignal), {});
  EXPECT_EQ(after->samples, before->samples);
  EXPECT_EQ(after->lineage, before->lineage);
  EXPECT_EQ(store->inputs()->size(), 2u);
  EXPECT_EQ(store->inputs()->front(), input("file", 10));
}

TEST_P(StoreContract, ALongerReadingOfTheSameFileAddsBinsWithTheFirstArrival) {
  const auto store = memory_store();
  put(*store, with_input(series_of({num(1)}), "file", 10));
  EXPECT_EQ(put(*store, with_input(series_of({num(1), num(2)}), "file", 50)), 1u);
  EXPECT_THAT(samples_of(*store, test_time(10)), ElementsAre(num(1), num(2)));
}

TEST_P(StoreContract, ABetterReaderOfTheSameBytesCorrectsItsPredecessor) {
  const auto store = memory_store();
  put(*store, with_input(series_of({num(1), num(2)}), "file", 10));
  EXPECT_EQ(put(*store, with_input(series_of({num(1), num(5)}), "file", 10)), 1u);
  EXPECT_THAT(samples_of(*store), ElementsAre(num(1), num(5)));
  EXPECT_EQ(put(*store, with_input(series_of({num(1), num(5)}), "file", 10)), 0u);
  EXPECT_THAT(samples_of(*store), ElementsAre(num(1), num(5)));
}

TEST_P(StoreContract, TheSameSignalTwiceInOnePutIsTwoArrivalsInThatOrder) {
  const auto store = memory_store();
  const Series pair[] = {with_input(series_of({num(1), num(2)}), "file", 10),
                         with_input(series_of({num(2), num(3)}, 1), "other", 10),
                         with_input(series_of({num(1), num(2)}), "file", 10)};
  const Result<PutSummary> put = store->put_series(pair);
  ASSERT_TRUE(put.ok()) << put.error().message;
  EXPECT_EQ(put->stored, 3u);
  EXPECT_EQ(put->unchanged, 3u);
  EXPECT_THAT(samples_of(*store), ElementsAre(num(1), num(2), num(3)));
}

TEST_P(StoreContract, APolledFeedCostsOneSampleABin) {
  const auto store = memory_store();
  std::vector<Sample> day(288, num(5));
  for (int poll = 0; poll < 50; ++poll) {
    const Series series = with_input(series_of(day, poll), "poll" + std::to_string(poll), poll);
    EXPECT_EQ(put(*store, series), poll == 0 ? 288u : 1u);
  }
}

// What the store must do, said as simply as it can be: every put kept whole, reads by going over
// all.
struct Model {
  struct Put {
    std::int64_t arrived;
    int number;
    int begin_bin;
    std::vector<Sample> samples;
  };
  std::vector<Put> puts;

  std::vector<Sample> read(std::int64_t as_of, int bins) const {
    std::vector<Put> order;
    for (const Put& put : puts) {
      if (put.arrived <= as_of) order.push_back(put);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const Put& a, const Put& b) { return a.arrived < b.arrived; });
    std::vector<Sample> held(static_cast<std::size_t>(bins));
    for (const Put& put : order) {
      for (std::size_t i = 0; i < put.samples.size(); ++i) {
        if (put.samples[i].state() == SampleState::missing) continue;
        held[static_cast<std::size_t>(put.begin_bin) + i] = put.samples[i];
      }
    }
    return held;
  }
};

TEST_P(StoreContract, AnyOrderOfArrivalReadsAsIfEveryPutWereKeptWhole) {
  constexpr int kBins = 12;
  for (unsigned seed = 1; seed <= 3; ++seed) {
    std::mt19937 random(seed);
    const auto up_to = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const auto store = memory_store();
    Model model;
    for (int number = 0; number < 12; ++number) {
      Model::Put next{up_to(8), number, up_to(kBins - 1), {}};
      const int length = 1 + up_to(kBins - next.begin_bin);
      for (int i = 0; i < length; ++i) {
        const Sample choices[] = {num(1), num(2), num(1), kMissing, kSuppressed, kDown};
        next.samples.push_back(choices[up_to(6)]);
      }
      model.puts.push_back(next);
      const std::string name = "input" + std::to_string(number);
      put(*store, with_input(series_of(next.samples, next.begin_bin), name,
                             static_cast<int>(next.arrived)));
      if (number % 3 == 2) {  // an old file again, with a new date: nothing may change
        const Model::Put& old = model.puts[static_cast<std::size_t>(up_to(number))];
        put(*store, with_input(series_of(old.samples, old.begin_bin),
                               "input" + std::to_string(old.number), 100));
      }
      for (int as_of = number % 4 == 3 ? 0 : 8; as_of < 9; ++as_of) {
        const Result<Series> series =
            store->read_series(*SignalId::parse(kSignal), {.as_of = test_time(as_of)});
        std::vector<Sample> held(kBins);
        for (std::size_t i = 0; series.ok() && i < series->size(); ++i) {
          held[static_cast<std::size_t>((series->time_of(i) - test_time(0)) / kStep)] =
              series->samples[i];
        }
        ASSERT_EQ(held, model.read(as_of, kBins))
            << "seed " << seed << ", put " << number << ", as of " << as_of;
      }
    }
  }
}

TEST_P(StoreContract, ASourceThatChangedItsStepHasTwoGridsAndTheFinerOneIsRead) {
  const auto store = memory_store();
  Series hourly = series_of({num(1), num(2)});
  hourly.step = Seconds{3600};
  hourly.begin = *parse_time("2022-01-05T10:00:00Z");
  put(*store, hourly, test_time(0));
  put(*store, series_of({num(7)}), test_time(1));
  EXPECT_THAT(samples_of(*store), ElementsAre(num(7)));
  const Result<Series> coarse = store->read_series(hourly.id, {.step = Seconds{3600}});
  EXPECT_EQ(coarse->samples, hourly.samples);
  const Result<std::vector<SignalSummary>> signals = store->list_signals({});
  ASSERT_EQ(signals->size(), 2u);
  EXPECT_EQ((*signals)[0].step, kStep);
  EXPECT_EQ((*signals)[1].range, hourly.range());
  EXPECT_EQ((*signals)[1].plane, Plane::control);
}

TEST_P(StoreContract, AnotherUnitIsAnotherGridAndTheOnePutLastIsShown) {
  const auto store = memory_store();
  put(*store, series_of({num(1500)}), test_time(10));
  Series share = series_of({num(0.5)});
  share.unit = Unit::fraction;
  put(*store, share, test_time(20));
  ASSERT_EQ(store->list_signals({})->size(), 1u);
  EXPECT_EQ((*store->list_signals({}))[0].unit, Unit::fraction);
  EXPECT_EQ(store->read_series(share.id, {})->unit, Unit::fraction);
  const Result<Series> before = store->read_series(share.id, {.as_of = test_time(19)});
  EXPECT_EQ(before->unit, Unit::count);
  EXPECT_THAT(before->samples, ElementsAre(num(1500)));
}

// Everything a store gives of its series, bit for bit.
std::string export_of(Store& store) {
  std::string text;
  const Result<std::vector<SignalSummary>> signals = store.list_signals({});
  for (const SignalSummary& signal : *signals) {
    const Result<Series> series = store.read_series(signal.id, {.step = signal.step});
    text += signal.id.text() + " " + format_time(series->begin) + "\n";
    for (const Sample& sample : series->samples) {
      text += std::string(name_of(sample.state()));
      text += sample.is_number()
                  ? " " + std::to_string(std::bit_cast<std::uint64_t>(sample.value()))
                  : "";
      text += '\n';
    }
    for (const float each : series->trials) text += std::to_string(each) + '\n';
    for (const float each : series->coverage) text += std::to_string(each) + '\n';
    for (const Lineage& each : series->lineage) text += each.sha256 + format_time(each.arrived);
  }
  return text;
}

TEST(DuckdbStore, ExportsAreTheSameWithAnyNumberOfThreadsAndAfterEveryReIngest) {
  std::mt19937 random(3);
  std::vector<Series> all;
  for (int i = 0; i < 30; ++i) {
    std::vector<Sample> samples;
    for (int bin = 0; bin < 3000; ++bin) {
      samples.push_back(random() % 20 == 0 ? kMissing : num(static_cast<double>(random()) / 7));
    }
    const std::string signal = "asn:" + std::to_string(i % 10 + 1) + "/bgp/visible_slash24";
    all.push_back(with_input(series_of(samples, i * 100, signal.c_str()), "sha" + std::to_string(i),
                             static_cast<int>(random() % 5)));
  }
  std::string first;
  for (const unsigned threads : {1u, 2u, 8u}) {
    const auto store = open_duckdb_store(":memory:", {.threads = threads});
    for (int round = 0; round < 2; ++round) {
      ASSERT_TRUE((*store)->put_series(all).ok());
      const std::string text = export_of(**store);
      if (first.empty()) first = text;
      EXPECT_TRUE(text == first) << threads << " threads, round " << round;
    }
  }
  EXPECT_GT(first.size(), 1'000'000u);
}

TEST_P(StoreContract, SignalsAreListedByEntityAndByCountry) {
  const auto store = memory_store();
  for (const char* signal :
       {"country:KZ/bgp/a", "asn:9198@country:KZ/bgp/a", "service:telegram@country:KZ/ooni/a",
        "region:KZ-75/bgp/a", "country:IR/bgp/a", "asn:9198/bgp/a"}) {
    put(*store, series_of({num(1)}, 0, signal), test_time(0));
  }
  const auto names = [&](const EntityFilter& who) {
    std::vector<std::string> texts;
    const Result<std::vector<SignalSummary>> signals = store->list_signals(who);
    for (const SignalSummary& each : *signals) texts.push_back(each.id.text());
    return texts;
  };
  EXPECT_EQ(names({}).size(), 6u);
  EXPECT_THAT(names({.entity = *Entity::parse("country:KZ")}), ElementsAre("country:KZ/bgp/a"));
  EXPECT_THAT(names({.country = "KZ"}),
              ElementsAre("asn:9198@country:KZ/bgp/a", "country:KZ/bgp/a", "region:KZ-75/bgp/a",
                          "service:telegram@country:KZ/ooni/a"));
  EXPECT_THAT(names({.country = "'; DROP TABLE tracks; --"}), ElementsAre());
}

TEST_P(StoreContract, APutIsKeptWholeOrNotAtAll) {
  const auto store = memory_store();
  Series bad = series_of({num(2)}, 0, "country:IR/bgp/visible_slash24");
  bad.step = Seconds{0};
  const Series pair[] = {series_of({num(1)}), bad};
  const Result<PutSummary> refused = store->put_series(pair, test_time(0));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::usage);
  EXPECT_THAT(refused.error().message, HasSubstr("country:IR"));
  EXPECT_TRUE(store->list_signals({})->empty());
}

TEST_P(StoreContract, ASeriesThatMakesNoSenseIsRefusedInASentence) {
  const auto store = memory_store();
  Series trials = series_of({num(1), num(2)});
  trials.trials = {1};
  Series coverage = series_of({num(1), num(2)});
  coverage.coverage = {1, 1, 1};
  Series ancient = series_of({num(1)});
  ancient.begin = Time{Seconds{-300}};
  Series far = series_of({num(1)});
  far.step = Seconds{std::int64_t{1} << 60};
  Series nameless = series_of({num(1)});
  nameless.lineage = {{}};
  for (const Series& each : {trials, coverage, ancient, far, nameless}) {
    const Result<PutSummary> refused = store->put_series({&each, 1}, test_time(0));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::usage) << refused.error().message;
  }
  const Series timeless = series_of({num(1)});
  EXPECT_FALSE(store->put_series({&timeless, 1}).ok()) << "no inputs and no arrival";
  EXPECT_TRUE(store->list_signals({})->empty());
}

TEST_P(StoreContract, ASeriesHasTheNamedNumberOfBinsAndNotOneMore) {
  const auto store = memory_store();
  Series series = series_of(std::vector<Sample>(kMaxBins, num(1)));
  series.step = Seconds{60};
  put(*store, series, test_time(0));
  EXPECT_EQ(samples_of(*store).size(), kMaxBins);

  Series longer = series;
  longer.samples.push_back(num(1));
  const Result<PutSummary> too_long = store->put_series({&longer, 1}, test_time(1));
  ASSERT_FALSE(too_long.ok());
  EXPECT_EQ(too_long.error().kind, ErrorKind::limit);

  Series more = series_of({num(2)});
  more.step = series.step;
  more.begin = series.end();
  put(*store, more, test_time(0));
  const Result<Series> refused = store->read_series(series.id, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::limit);
}

TEST_P(StoreContract, LineageAboveTheLimitIsSummedUp) {
  const auto store = memory_store();
  Series series = series_of({num(1)});
  for (std::size_t i = 0; i < kMaxLineagePerRead; ++i) {
    series.lineage.push_back(input("sha" + std::to_string(1000 + i), static_cast<int>(i)));
  }
  put(*store, series);
  EXPECT_EQ(store->read_series(series.id, {})->lineage, series.lineage);

  put(*store, with_input(series_of({num(2)}, 1), "one more", 99'999));
  const std::vector<Lineage> lineage = store->read_series(series.id, {})->lineage;
  ASSERT_EQ(lineage.size(), kMaxLineagePerRead);
  EXPECT_EQ(lineage.front().name, "2 earlier inputs");
  EXPECT_EQ(lineage[1], series.lineage[2]);
  EXPECT_EQ(lineage.back().sha256, "one more");
}

TEST_P(StoreContract, OneWriterAndManyReadersSeeWholePutsOnly) {
  const auto store = memory_store();
  put(*store, series_of(std::vector<Sample>(200, num(0))), test_time(0));
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const std::vector<Sample> samples = samples_of(*store);
        ASSERT_EQ(samples.size(), 200u);
        ASSERT_EQ(std::count(samples.begin(), samples.end(), samples[0]), 200);
        ASSERT_TRUE(store->incidents({}).ok());
        ++reads;
      }
    });
  }
  std::jthread second_writer([&] {
    for (int i = 0; i < 10; ++i) {
      ASSERT_TRUE(store->append_custody({.at = test_time(i), .action = "read"}).ok());
    }
  });
  for (int round = 1; round <= 20 || reads < 20; ++round) {
    put(*store, series_of(std::vector<Sample>(200, num(round))), test_time(round));
  }
  second_writer.join();
  done = true;
  readers.clear();
  EXPECT_TRUE(verify_custody(*store->custody_log()).ok());
  EXPECT_EQ(store->custody_log()->size(), 10u);
}

}  // namespace
}  // namespace lightsout
