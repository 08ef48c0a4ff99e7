// How fast a series is judged, beside what the machine could do at best and what the usual way
// costs.
//
//   tracker        the streaming detector, one value at a time (4 million a second are wanted)
//   detect         the whole answer: expected curve, anomalies, parts, trace
//   walk           one logarithm and one addition a value: the floor under any likelihood
//   moving_median  a median over the last seven days, as IODA's published rule takes it, kept up
//                  with a sorted window: the incumbent
//
// The counter `per_walk` of the others is their time as a multiple of `walk` in the same run.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <vector>

#include "detect/counts.h"
#include "detect/synthetic.h"
#include "detect/tracker.h"

namespace lightsout {
namespace {

constexpr std::size_t kWarm = 14 * 288;  // two weeks of five minutes

const Series& series_of(std::size_t kind) {
  static const std::vector<Series> all = [] {
    std::vector<Series> made;
    for (const synthetic::Kind& k : synthetic::kKinds) {
      made.push_back(synthetic::Maker(1).make(k, Seconds(300), 10, 0.5).series);
    }
    return made;
  }();
  return all[kind];
}

const Counts& counts_for(std::size_t kind) {
  static const std::vector<Counts> all = [] {
    std::vector<Counts> made;
    for (std::size_t k = 0; k < std::size(synthetic::kKinds); ++k) {
      const Series& series = series_of(k);
      made.push_back(counts_of(series, parameters_for(series, series.step), series.step));
    }
    return made;
  }();
  return all[kind];
}

double g_walk_s = 0;  // seconds a value, of the fastest walk so far

class PerValue {
 public:
  explicit PerValue(benchmark::State& state) : state_(state), begin_(now()) {}
  void finish(double values) {
    const double each = (now() - begin_) / values;
    state_.counters["values/s"] = benchmark::Counter(values, benchmark::Counter::kIsRate);
    if (g_walk_s > 0) state_.counters["per_walk"] = each / g_walk_s;
    last_ = each;
  }
  double last() const { return last_; }

 private:
  // Processor time: other programs on the machine do not count.
  static double now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
  benchmark::State& state_;
  double begin_;
  double last_ = 0;
};

void walk(benchmark::State& state) {
  const Counts& counts = counts_for(3);
  PerValue clock(state);
  for (auto _ : state) {
    double sum = 0;
    for (const Observation& seen : counts.seen) sum += std::log(1.0 + seen.count);
    benchmark::DoNotOptimize(sum);
  }
  clock.finish(static_cast<double>(counts.seen.size()) * static_cast<double>(state.iterations()));
  g_walk_s = clock.last();
}

void moving_median(benchmark::State& state) {
  const Counts& counts = counts_for(3);
  constexpr std::size_t kWindow = 7 * 288;
  PerValue clock(state);
  for (auto _ : state) {
    std::vector<float> sorted;
    std::size_t alarms = 0;
    for (std::size_t i = 0; i < counts.seen.size(); ++i) {
      const float value = counts.seen[i].count;
      if (sorted.size() == kWindow) {
        alarms += value < 0.25F * sorted[kWindow / 2] ? 1 : 0;
        sorted.erase(
            std::lower_bound(sorted.begin(), sorted.end(), counts.seen[i - kWindow].count));
      }
      sorted.insert(std::lower_bound(sorted.begin(), sorted.end(), value), value);
    }
    benchmark::DoNotOptimize(alarms);
  }
  clock.finish(static_cast<double>(counts.seen.size()) * static_cast<double>(state.iterations()));
}

void tracker(benchmark::State& state) {
  const auto kind = static_cast<std::size_t>(state.range(0));
  const Series& series = series_of(kind);
  const Counts& counts = counts_for(kind);
  const Parameters parameters = parameters_for(series, series.step);
  const LevelTracker start = LevelTracker::start(std::span(counts.seen).first(kWarm), parameters,
                                                 series.step, SeasonalProfile::Shape::day);
  state.SetLabel(synthetic::kKinds[kind].name);
  PerValue clock(state);
  for (auto _ : state) {
    LevelTracker one = start;
    std::size_t events = 0;
    for (std::size_t i = kWarm; i < counts.seen.size(); ++i) {
      events += one.push(counts.seen[i], parameters).opened ? 1 : 0;
    }
    benchmark::DoNotOptimize(events);
  }
  clock.finish(static_cast<double>(counts.seen.size() - kWarm) *
               static_cast<double>(state.iterations()));
  state.counters["state_B"] = sizeof(LevelTracker);
}

void whole_detect(benchmark::State& state) {
  const auto kind = static_cast<std::size_t>(state.range(0));
  const Series& series = series_of(kind);
  state.SetLabel(synthetic::kKinds[kind].name);
  PerValue clock(state);
  for (auto _ : state) benchmark::DoNotOptimize(detect(series));
  clock.finish(static_cast<double>(series.size()) * static_cast<double>(state.iterations()));
}

// One five-minute bin of a hundred thousand series: 50 ms are wanted.
void one_bin_of_100k(benchmark::State& state) {
  const Series& series = series_of(3);
  const Counts& counts = counts_for(3);
  const Parameters parameters = parameters_for(series, series.step);
  std::vector<LevelTracker> all(
      100000, LevelTracker::start(std::span(counts.seen).first(kWarm), parameters, series.step,
                                  SeasonalProfile::Shape::day));
  std::size_t bin = kWarm;
  PerValue clock(state);
  for (auto _ : state) {
    std::size_t events = 0;
    for (LevelTracker& one : all) events += one.push(counts.seen[bin], parameters).opened ? 1 : 0;
    benchmark::DoNotOptimize(events);
    if (++bin == counts.seen.size()) bin = kWarm;
  }
  clock.finish(1e5 * static_cast<double>(state.iterations()));
  state.counters["state_MB"] = 1e5 * sizeof(LevelTracker) / 1e6;
}

BENCHMARK(walk);
BENCHMARK(moving_median)->Unit(benchmark::kMillisecond);
BENCHMARK(tracker)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);
BENCHMARK(whole_detect)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);
BENCHMARK(one_bin_of_100k)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lightsout

BENCHMARK_MAIN();
