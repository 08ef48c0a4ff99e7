// How fast samples are taken in, how fast a year is read back, and how much memory it takes, beside
// what this disk can do with the same bytes in the same run.
//
//   build/bench/src/store_store_bench
//
// Bounds: 10 million samples in 3 s, a year of one 5-minute series in 10 ms, the process under
// 400 MB. Wall time is what people wait for; processor time is there because it can be compared
// between runs while others use the machine.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <random>
#include <vector>

#include "core/check.h"
#include "store/duckdb_store.h"

namespace lightsout {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr int kYear = 105'120;                                      // 5-minute bins of 365 days
constexpr int kSignals = 96;                                        // a year each
constexpr double kSamples = static_cast<double>(kSignals) * kYear;  // 10.09 million

// Processor time of all threads of this process.
double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

long peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

struct Cost {
  double wall_s = 0;
  double cpu_s = 0;
};

// Adds what the work took.
template <typename Work>
void measure(Cost& cost, const Work& work) {
  const auto start = Steady::now();
  const double cpu = cpu_seconds();
  work();
  cost.wall_s += std::chrono::duration<double>(Steady::now() - start).count();
  cost.cpu_s += cpu_seconds() - cpu;
}

SignalId signal(int number) {
  return *SignalId::parse(fmt::format("asn:{}@country:KZ/bgp/visible_slash24", 9000 + number));
}

// A daily wave with noise and a missing bin here and there, as routes and probes look.
Series year_of(int number, int bins, int first_bin) {
  std::mt19937 random(static_cast<unsigned>(number + 1));
  Series series{.id = signal(number),
                .plane = Plane::control,
                .begin = *parse_time("2022-01-01") + Seconds{300} * first_bin,
                .step = Seconds{300}};
  for (int bin = 0; bin < bins; ++bin) {
    const double wave = std::sin((first_bin + bin) * 2 * 3.14159265 / 288);
    series.samples.push_back(random() % 500 == 0
                                 ? Sample::missing()
                                 : Sample::of(std::floor(1000 + 300 * wave + random() % 40)));
  }
  series.lineage = {
      {fmt::format("{:064}-{}", number, first_bin), "bench.csv", "bench", series.end(), false}};
  return series;
}

// The limit: the same numbers as plain bytes (8 of time, 8 of value), synced after each series, as
// the store must.
Cost plain_file(const fs::path& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  CHECK(file >= 0);
  Cost total;
  std::vector<double> bytes(2 * kYear);
  const Series series = year_of(0, kYear, 0);
  for (int i = 0; i < kSignals; ++i) {
    measure(total, [&] {
      for (std::size_t bin = 0; bin < series.size(); ++bin) {
        bytes[2 * bin] = static_cast<double>(series.time_of(bin).time_since_epoch().count());
        bytes[2 * bin + 1] = series.samples[bin].number().value_or(0);
      }
      const auto size = static_cast<ssize_t>(bytes.size() * sizeof(double));
      CHECK(write(file, bytes.data(), bytes.size() * sizeof(double)) == size);
      CHECK(fdatasync(file) == 0);
    });
  }
  close(file);
  return total;
}

Cost load(const std::string& path, int series_a_put) {
  fs::remove(path);
  auto store = open_duckdb_store(path);
  CHECK(store.ok());
  Cost total;
  for (int number = 0; number < kSignals; number += series_a_put) {
    std::vector<Series> years;
    for (int i = 0; i < series_a_put; ++i) years.push_back(year_of(number + i, kYear, 0));
    measure(total, [&] {
      const Result<PutSummary> put = (*store)->put_series(years);
      CHECK(put.ok() && put->stored == static_cast<std::uint64_t>(series_a_put) * kYear);
    });
  }
  Cost closing;
  measure(closing, [&] { store = Error{}; });
  const auto bytes = static_cast<double>(fs::file_size(path));
  fmt::print(
      "load: {:.2f} million samples, {} series a put, on disk when it returns: {:.2f} s, "
      "{:.2f} million/s (bound 3 s); {:.2f} s of processor; closing {:.2f} s\n",
      kSamples / 1e6, series_a_put, total.wall_s, kSamples / total.wall_s / 1e6, total.cpu_s,
      closing.wall_s);
  fmt::print(
      "file: {:.1f} MB, {:.2f} bytes a sample; peak memory of the process {} MB (bound 400)\n",
      bytes / 1e6, bytes / kSamples, peak_mb());
  return total;
}

void read_years(Store& store) {
  constexpr int kReads = 40;
  std::vector<double> times;
  Cost total;
  for (int read = 0; read < kReads; ++read) {
    Cost one;
    measure(one, [&] {
      const Result<Series> series = store.read_series(signal(read * 37 % kSignals), {});
      CHECK(series.ok() && series->size() == kYear);
    });
    times.push_back(one.wall_s * 1e3);
    total.cpu_s += one.cpu_s;
  }
  std::sort(times.begin(), times.end());
  fmt::print(
      "read a year of one series ({} samples): median {:.1f} ms, slowest of {} {:.1f} ms "
      "(bound 10 ms); {:.1f} ms of processor\n",
      kYear, times[kReads / 2], kReads, times.back(), total.cpu_s / kReads * 1e3);
  Cost day;
  measure(day, [&] {
    const TimeRange range{*parse_time("2022-06-01"), *parse_time("2022-06-02")};
    CHECK(store.read_series(signal(3), {.range = range})->size() == 288);
  });
  fmt::print("read a day of it: {:.1f} ms, {:.1f} ms of processor\n", day.wall_s * 1e3,
             day.cpu_s * 1e3);
}

// Every signal is asked again for its last hour, as a live observatory does every five minutes.
void live(Store& store) {
  constexpr int kTicks = 10;
  Cost total;
  for (int tick = 0; tick < kTicks; ++tick) {
    std::vector<Series> bins;
    for (int number = 0; number < kSignals; ++number) {
      bins.push_back(year_of(number, 12, kYear - 11 + tick));
      bins.back().lineage = {{fmt::format("tick-{}", tick), "poll", "bench", bins.back().end()}};
    }
    measure(total, [&] { CHECK(store.put_series(bins).ok()); });
  }
  fmt::print(
      "live: the last hour of {} signals polled again: {:.0f} ms a poll; {:.2f} ms of "
      "processor a signal\n",
      kSignals, total.wall_s / kTicks * 1e3, total.cpu_s / kTicks / kSignals * 1e3);
}

void run() {
  const fs::path folder = fs::current_path() / fmt::format("store-bench-{}", getpid());
  fs::create_directory(folder);
  const std::string path = (folder / "store.db").string();
  load(path, 12);
  const Cost loading = load(path, 1);
  {
    auto store = open_duckdb_store(path);
    CHECK(store.ok());
    read_years(**store);
    live(**store);
  }
  const Cost plain = plain_file(folder / "plain.bin");
  fmt::print(
      "limit: the same samples as 16 plain bytes, synced after each series: {:.2f} s, {:.2f} s "
      "of processor; one series a put takes {:.1f} times that time and {:.1f} times that "
      "processor\n",
      plain.wall_s, plain.cpu_s, loading.wall_s / plain.wall_s, loading.cpu_s / plain.cpu_s);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace lightsout

int main() {
  lightsout::run();
}
