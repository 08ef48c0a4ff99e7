// How fast MRT is read and written as text, beside the program that everybody has.
//
//   build/bench/src/mrt_mrt_bench
//
// The inputs are real: rib2010 (641,957 entries) and the updates of 23 October 2015 (577,740
// elements), both decompressed before the clock starts. `bgpdump -m` reads the same bytes from a
// file and its text is thrown away like ours.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <cstdio>
#include <fstream>

#include "core/test_data.h"
#include "mrt/dump.h"
#include "mrt/record_reader.h"
#include "mrt/test_archive.h"

namespace lightsout::mrt {
namespace {

constexpr const char* kTable = "mrt/oracle/rib2010.mrt.gz";
constexpr const char* kUpdates = "mrt/et.updates.20151023.0201.gz";

const std::string& bytes_of(const char* name) {
  static std::map<std::string, std::string> cache;
  const auto path = test_data(name);
  std::string& bytes = cache[name];
  if (path && bytes.empty()) bytes = archive_bytes(*path);
  return bytes;
}

void report(benchmark::State& state, std::uint64_t elements, std::size_t bytes) {
  state.counters["elements/s"] =
      benchmark::Counter(static_cast<double>(elements), benchmark::Counter::kIsRate);
  state.counters["bytes/s"] =
      benchmark::Counter(static_cast<double>(bytes) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate, benchmark::Counter::kIs1024);
}

// Every entry or element visited, with its attributes decoded.
void read_elements(benchmark::State& state, const char* name) {
  const std::string& bytes = bytes_of(name);
  if (bytes.empty()) return state.SkipWithError("needs the data folder");
  std::uint64_t elements = 0;
  for (auto _ : state) {
    MemorySource source{std::string_view(bytes)};
    RecordReader reader(source);
    bgp::Attributes attributes;
    bgp::UpdateView update;
    const auto use = [&](const Prefix& prefix) {
      benchmark::DoNotOptimize(prefix);
      ++elements;
    };
    while (reader.next() == RecordReader::Step::record) {
      const Record& record = reader.record();
      RibRecord rib;
      Bgp4mp message;
      if (record.type == kTableDump2 && decode_rib(record, rib) == Decoded::yes) {
        RibEntryReader entries(rib);
        for (RibEntry entry; entries.next(entry); ++elements) {
          bgp::decode_attributes(entry.attributes, bgp::AsnWidth::four, bgp::AttributeForm::table,
                                 attributes);
          benchmark::DoNotOptimize(attributes.path.origin());
        }
      } else if (record.is_bgp4mp() && decode_bgp4mp(record, message) == Decoded::yes &&
                 message.kind == Bgp4mp::Kind::message) {
        bgp::decode_update(message.message.body, message.width, update);
        bgp::for_each_change(update, use, use);
      }
    }
  }
  report(state, elements, bytes.size());
}

void dump_text(benchmark::State& state, const char* name, DumpFormat format) {
  const std::string& bytes = bytes_of(name);
  if (bytes.empty()) return state.SkipWithError("needs the data folder");
  std::uint64_t lines = 0;
  for (auto _ : state) {
    MemorySource source{std::string_view(bytes)};
    Damage damage;
    const auto sink = [](std::string_view text) {
      benchmark::DoNotOptimize(text.data());
      return true;
    };
    const auto totals = dump(source, {.format = format}, sink, damage, "bench");
    lines += totals->lines;
  }
  report(state, lines, bytes.size());
}

double children_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

void bgpdump_text(benchmark::State& state, const char* name) {
  const std::string& bytes = bytes_of(name);
  if (bytes.empty()) return state.SkipWithError("needs the data folder");
  const auto path = std::filesystem::temp_directory_path() / "lightsout-bench.mrt";
  std::ofstream(path, std::ios::binary) << bytes;
  const std::string lines = output_of("bgpdump -m " + path.string() + " 2>/dev/null | wc -l");
  std::uint64_t total = 0;
  for (auto _ : state) {
    // Processor time, as for ours: other programs may be running.
    const double before = children_seconds();
    output_of("bgpdump -m " + path.string() + " 2>/dev/null > /dev/null");
    state.SetIterationTime(children_seconds() - before);
    total += std::stoull(lines);
  }
  std::filesystem::remove(path);
  report(state, total, bytes.size());
}

BENCHMARK_CAPTURE(read_elements, table, kTable)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_elements, updates, kUpdates)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(dump_text, table, kTable, DumpFormat::bgpdump)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(dump_text, updates, kUpdates, DumpFormat::bgpdump)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(dump_text, table_json, kTable, DumpFormat::jsonl)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(bgpdump_text, table, kTable)->Unit(benchmark::kMillisecond)->UseManualTime();
BENCHMARK_CAPTURE(bgpdump_text, updates, kUpdates)->Unit(benchmark::kMillisecond)->UseManualTime();

}  // namespace
}  // namespace lightsout::mrt

BENCHMARK_MAIN();
