// How fast CSV is split, beside a walk over the same bytes that only looks for line ends.
//
// The counter "of_memchr" is the share of the speed of memchr: 0.2 means five times slower.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstring>
#include <ctime>
#include <string>

#include "source/csv.h"
#include "source/tidy_csv.h"

namespace lightsout {
namespace {

// 32 MiB of rows like those of a tidy export, quoted or not.
const std::string& rows(bool quoted) {
  static std::string texts[2];
  std::string& text = texts[quoted ? 1 : 0];
  if (!text.empty()) return text;
  text = "time,entity,signal,value\n";
  const char* const quote = quoted ? "\"" : "";
  for (int i = 0; text.size() < 32 << 20; ++i) {
    text += fmt::format("{}{}{},country:KZ,bgp/visible_slash24,{}\n", quote,
                        format_time(Time{Seconds{1'000'000'000 + 300 * i}}), quote, 1520 + i % 97);
  }
  return text;
}

// Of this process, so that others on the machine do not count.
double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double memchr_seconds(const std::string& text) {
  const double begin = cpu_seconds();
  std::size_t lines = 0;
  const char* const end = text.data() + text.size();
  for (const char* p = text.data(); p != nullptr && p != end; ++lines) {
    p = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
    if (p != nullptr) ++p;
  }
  benchmark::DoNotOptimize(lines);
  return cpu_seconds() - begin;
}

void report(benchmark::State& state, const std::string& text, double seconds) {
  const auto bytes = static_cast<double>(text.size()) * static_cast<double>(state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  double walk = memchr_seconds(text);
  for (int i = 0; i < 4; ++i) walk = std::min(walk, memchr_seconds(text));
  state.counters["of_memchr"] = walk * static_cast<double>(state.iterations()) / seconds;
}

void split_rows(benchmark::State& state) {
  const std::string& text = rows(state.range(0) != 0);
  const double begin = cpu_seconds();
  for (auto _ : state) {
    MemorySource source(text);
    Damage damage;
    CsvReader reader(source, "bench", damage);
    CsvRow row;
    std::size_t fields = 0;
    while (reader.next(row)) fields += row.fields.size();
    benchmark::DoNotOptimize(fields);
  }
  report(state, text, cpu_seconds() - begin);
}
BENCHMARK(split_rows)->Arg(0)->Arg(1)->ArgName("quoted")->Unit(benchmark::kMillisecond);

// The whole way: bytes to series.
void read_tidy(benchmark::State& state) {
  const std::string& text = rows(false);
  const Input input{.lineage = {.name = "bench"},
                    .open = [&]() -> Result<std::unique_ptr<ByteSource>> {
                      return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(text));
                    }};
  const double begin = cpu_seconds();
  for (auto _ : state) {
    const Reading reading = read_tidy_csv({&input, 1}, {});
    benchmark::DoNotOptimize(reading.series.data());
  }
  report(state, text, cpu_seconds() - begin);
}
BENCHMARK(read_tidy)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lightsout

BENCHMARK_MAIN();
