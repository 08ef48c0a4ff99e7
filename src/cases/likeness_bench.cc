// How long it takes to hold one incident against 1,700 cases (0.2 s are wanted), all made by dice.
//
//   plain    every alignment in full: the limit that pruning has to beat
//   pruned   lower bounds and early abandoning: the same five cases
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "cases/likeness.h"
#include "cases/made_cases.h"

namespace lightsout {
namespace {

constexpr std::size_t kCompared = 1'700;

const CaseLibrary& library() {
  static const CaseLibrary made(made_cases(kCompared, 1));
  return made;
}

void search(benchmark::State& state, bool prune) {
  std::vector<Profile> queries;
  for (const PastCase& query : made_cases(20, 99)) queries.push_back(profile_of(query));
  std::size_t next = 0;
  for (auto _ : state) {
    const Profile& query = queries[next++ % queries.size()];
    benchmark::DoNotOptimize(library().nearest(query, 5, {.prune = prune}));
  }
  state.counters["cases"] = static_cast<double>(kCompared);
}

void plain(benchmark::State& state) {
  search(state, false);
}
void pruned(benchmark::State& state) {
  search(state, true);
}

BENCHMARK(plain)->Unit(benchmark::kMillisecond);
BENCHMARK(pruned)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lightsout

BENCHMARK_MAIN();
