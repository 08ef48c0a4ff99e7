// SPDX-License-Identifier: Apache-2.0
#include "store/overlay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace lightsout {
namespace {

constexpr std::int64_t kStep = 300;
using Rows = std::vector<StoredSample>;

StoredSample row(int bin, Sample sample, ArrivalKey key = {}) {
  return {.time = bin * kStep, .key = key, .sample = sample};
}

TEST(Overlay, SayingTheSameIsEqualityOfBits) {
  const StoredSample one = row(0, Sample::of(1));
  StoredSample covered = one;
  covered.coverage = 1;
  StoredSample tried = one;
  tried.trials = std::nanf("");
  EXPECT_TRUE(says_the_same(one, one));
  EXPECT_TRUE(says_the_same(tried, tried));
  EXPECT_FALSE(says_the_same(one, covered));
  EXPECT_FALSE(says_the_same(one, tried));
  EXPECT_FALSE(says_the_same(row(0, Sample::of(0)), row(0, Sample::of(-0.0))));
  EXPECT_FALSE(says_the_same(row(0, Sample::of(0)), row(0, Sample::missing())));
  EXPECT_TRUE(says_the_same(row(0, Sample::of(std::nan(""))), row(0, Sample::of(std::nan("")))));
}

TEST(Overlay, OfNothingNothingHolds) {
  Series series{.id = *SignalId::parse("country:KZ/a/b"), .step = Seconds{kStep}};
  std::vector<bool> used;
  EXPECT_FALSE(Holding(0, kStep, 3).finish(series, used));
  EXPECT_TRUE(difference({}, {}, {}).changed.empty());
}

TEST(Overlay, OnlyWhatIsNewNeedsARow) {
  const Rows kept = {row(0, Sample::of(1), {1, 1}), row(1, Sample::of(2), {1, 1})};
  const Rows arrival = {row(0, Sample::of(1), {2, 2}), row(1, Sample::of(3), {2, 2}),
                        row(2, Sample::missing(), {2, 2})};
  const Difference found = difference(arrival, kept, {});
  EXPECT_EQ(found.changed, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(found.corrected, 1u);
  EXPECT_FALSE(found.contradicts_itself);
}

TEST(Overlay, APutBetweenTwoOthersMakesTheLaterOneSayItsPartAgain) {
  // 5 arrived at 1 and was said again at 3, without a row; now 7 turns up, which arrived at 2.
  const Rows kept = {row(0, Sample::of(5), {1, 1})};
  const Difference found = difference({row(0, Sample::of(7), {2, 3})}, kept, {{{3, 2}, 0, 0}});
  ASSERT_EQ(found.restated.size(), 1u);
  EXPECT_EQ(found.restated[0].key, (ArrivalKey{3, 2}));
  EXPECT_EQ(found.restated[0].sample, Sample::of(5));
}

struct Put {
  ArrivalKey key;
  int begin_bin = 0;
  std::vector<Sample> samples;
};

Rows arrival_of(const Put& put) {
  Rows rows;
  for (std::size_t i = 0; i < put.samples.size(); ++i) {
    rows.push_back(row(put.begin_bin + static_cast<int>(i), put.samples[i], put.key));
  }
  return rows;
}

// Every put kept whole, and reads by going over all of them in the order of their keys.
std::vector<Sample> naive(std::vector<Put> puts, const ArrivalKey& as_of, std::size_t bins) {
  std::sort(puts.begin(), puts.end(), [](const Put& a, const Put& b) { return a.key < b.key; });
  std::vector<Sample> held(bins);
  for (const Put& put : puts) {
    for (std::size_t i = 0; put.key <= as_of && i < put.samples.size(); ++i) {
      if (put.samples[i].state() == SampleState::missing) continue;
      held[static_cast<std::size_t>(put.begin_bin) + i] = put.samples[i];
    }
  }
  return held;
}

TEST(Overlay, RowsLeftOutNeverChangeAnAnswer) {
  constexpr int kBins = 6;
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    std::mt19937 random(seed);
    const auto up_to = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    std::vector<Put> puts;
    Rows kept;
    for (int number = 1; number <= 10; ++number) {
      Put put{.key = {up_to(6), number}, .begin_bin = up_to(kBins)};
      for (int i = up_to(kBins - put.begin_bin); i >= 0; --i) {
        const Sample choices[] = {Sample::of(1), Sample::of(2), Sample::missing(),
                                  Sample::missing(), Sample::source_down()};
        put.samples.push_back(choices[up_to(5)]);
      }
      const Rows arrival = arrival_of(put);
      std::vector<PutRange> later;
      for (const Put& other : puts) {
        if (other.key < put.key) continue;
        later.push_back({other.key, other.begin_bin * kStep,
                         (other.begin_bin + static_cast<int>(other.samples.size()) - 1) * kStep});
      }
      const Difference found = difference(arrival, kept, later);
      for (const std::size_t bin : found.changed) kept.push_back(arrival[bin]);
      kept.insert(kept.end(), found.restated.begin(), found.restated.end());
      puts.push_back(put);
      ASSERT_TRUE(difference(arrival, kept, later).changed.empty()) << "again, seed " << seed;

      for (const Put& moment : puts) {
        Rows known;
        std::copy_if(kept.begin(), kept.end(), std::back_inserter(known),
                     [&](const StoredSample& each) { return each.key <= moment.key; });
        std::shuffle(known.begin(), known.end(), random);
        Series series{.id = *SignalId::parse("country:KZ/a/b"), .step = Seconds{kStep}};
        std::vector<bool> used(puts.size());
        std::vector<ArrivalKey> keys;
        for (const Put& each : puts) keys.push_back(each.key);
        std::sort(keys.begin(), keys.end());
        Holding holding(0, kStep, kBins);
        for (const StoredSample& each : known) {
          const auto rank = std::find(keys.begin(), keys.end(), each.key) - keys.begin();
          holding.add(each.time, static_cast<std::uint32_t>(rank), each.sample, {}, {});
        }
        ASSERT_TRUE(holding.finish(series, used));
        std::vector<Sample> held(kBins);
        for (std::size_t bin = 0; bin < series.size(); ++bin) {
          held[static_cast<std::size_t>(series.time_of(bin).time_since_epoch().count() / kStep)] =
              series.samples[bin];
        }
        ASSERT_EQ(held, naive(puts, moment.key, kBins)) << "seed " << seed;
      }
    }
    for (std::size_t i = 0; i < kept.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        ASSERT_FALSE(kept[i].time == kept[j].time && kept[i].key == kept[j].key) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace lightsout
