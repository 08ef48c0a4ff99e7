// How long it takes to know what every peer sees, and what a country has visible.
//
//   build/bench/src/rib_rib_bench
//
// The tables are real: JINX of 30 May 2014 (497,407 prefixes, 14 peers) and rrc06 of 1 July 2010
// (323,488 prefixes, 641,957 entries), with the registries' table of countries of 4 January 2022.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "core/test_data.h"
#include "geo/prefix_table_file.h"
#include "mrt/record_reader.h"
#include "mrt/test_archive.h"
#include "rib/feed.h"
#include "rib/visibility.h"

namespace lightsout::rib {
namespace {

const std::string& bytes_of(const char* name) {
  static std::map<std::string, std::string> cache;
  const auto path = test_data(name);
  std::string& bytes = cache[name];
  if (path && bytes.empty()) bytes = mrt::archive_bytes(*path);
  return bytes;
}

void load(Rib& rib, const std::string& bytes) {
  Damage damage;
  MemorySource source{std::string_view(bytes)};
  mrt::RecordReader reader(source);
  Feed feed(rib, "file", damage);
  while (reader.next() == mrt::RecordReader::Step::record) feed.apply(reader.record());
  feed.finish(Feed::End::whole);
}

PrefixTable countries() {
  Damage damage;
  MemorySource source{std::string_view(bytes_of("enrich/rir-ip-20220104.tar.gz"))};
  PrefixTable::Builder builder;
  (void)read_prefix_table(source, "rir.tar", builder, damage);
  return builder.build();
}

void load_table(benchmark::State& state, const char* name) {
  const std::string& bytes = bytes_of(name);
  if (bytes.empty()) return state.SkipWithError("needs the data folder");
  std::uint64_t prefixes = 0;
  for (auto _ : state) {
    Rib rib;
    load(rib, bytes);
    prefixes += rib.prefixes().size();
  }
  state.counters["prefixes/s"] =
      benchmark::Counter(static_cast<double>(prefixes), benchmark::Counter::kIsRate);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

// All countries, from nothing.
void count_all(benchmark::State& state, const char* name) {
  const std::string& bytes = bytes_of(name);
  const PrefixTable table = countries();
  if (bytes.empty() || table.empty()) return state.SkipWithError("needs the data folder");
  for (auto _ : state) {
    state.PauseTiming();
    Rib rib;
    load(rib, bytes);
    state.ResumeTiming();
    Visibility visibility(rib, table, {});
    visibility.refresh();
    benchmark::DoNotOptimize(visibility.of(0, Family::v4));
  }
}

// One bin of 5 minutes in which 1,000 prefixes leave and 1,000 come back.
void count_bin(benchmark::State& state, const char* name) {
  const std::string& bytes = bytes_of(name);
  const PrefixTable table = countries();
  if (bytes.empty() || table.empty()) return state.SkipWithError("needs the data folder");
  Rib rib;
  load(rib, bytes);
  Visibility visibility(rib, table, {});
  visibility.refresh();
  Time time{Seconds(1'400'000'000)};
  bool leave = true;
  for (auto _ : state) {
    time += Seconds(300);
    for (Row row = 0; row < 1000; ++row) {
      const Prefix prefix = rib.prefixes().at(row * 300 % static_cast<Row>(rib.prefixes().size()));
      for (PeerId peer = 0; peer < rib.peers().size(); ++peer) {
        if (leave) rib.withdraw(peer, prefix, time);
        if (!leave) rib.announce(peer, prefix, {.origin = Asn{64500}}, time);
      }
    }
    leave = !leave;
    visibility.refresh();
  }
}

constexpr const char* kJinx = "mrt/rv-jinx.rib.20140530.2200.bz2";
constexpr const char* kRib2010 = "mrt/oracle/rib2010.mrt.gz";
BENCHMARK_CAPTURE(load_table, jinx, kJinx)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(load_table, rib2010, kRib2010)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count_all, jinx, kJinx)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count_bin, jinx, kJinx)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lightsout::rib

BENCHMARK_MAIN();
