// How long one answer takes, without network and without a cache, over a store with a year of
// 5-minute bins: a 90-day raw series must take 30 ms or less (printed as a share of that limit),
// and beside it the same numbers as the store alone hands them out. SPDX-License-Identifier:
// Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "api/endpoint.h"
#include "store/duckdb_store.h"

namespace {

using namespace lightsout;

constexpr int kTurns = 21;
constexpr double kLimitMs = 30;

class StillClock final : public Clock {
 public:
  Time now() override { return *parse_time("2022-12-31T00:00:00Z"); }
  void sleep(std::chrono::milliseconds) override {}
};

Series year_of(const std::string& signal) {
  Series series{.id = *SignalId::parse(signal),
                .plane = Plane::control,
                .begin = *parse_time("2022-01-01"),
                .step = Seconds{300}};
  for (int bin = 0; bin < 365 * 288; ++bin) {
    series.samples.push_back(Sample::of(11400 + std::round(40 * std::sin(bin / 45.8))));
  }
  series.lineage = {{"made", "made", "made", *parse_time("2022-12-31"), false}};
  return series;
}

template <typename Work>
double median_ms(Work work) {
  std::vector<double> all;
  for (int turn = 0; turn < kTurns; ++turn) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    all.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
            .count());
  }
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

}  // namespace

int main() {
  auto store = open_duckdb_store(":memory:");
  CHECK(store.ok());
  for (const char* country : {"KZ", "IR", "UZ", "RU"}) {
    for (const char* signal : {"bgp/visible_slash24", "probing/slash24_up", "traffic/requests"}) {
      const Series series = year_of(fmt::format("country:{}/{}", country, signal));
      CHECK((*store)->put_series({&series, 1}).ok());
    }
  }
  StillClock clock;
  Observatory observatory(
      **store, clock, [](const std::string&) -> Result<Zone> { return Zone{}; }, "bench");
  const std::string range = "signal=bgp/visible_slash24&from=2022-06-01&until=2022-08-30";
  const TimeRange days{*parse_time("2022-06-01"), *parse_time("2022-08-30")};

  const double read = median_ms([&] {
    CHECK((*store)
              ->read_series(*SignalId::parse("country:KZ/bgp/visible_slash24"), {.range = days})
              .ok());
  });
  fmt::print("the store alone, 90 days of 5-minute bins: {:.2f} ms\n", read);
  for (const auto& [name, target] :
       {std::pair<std::string, std::string>{"90-day raw series, JSON",
                                            "/api/v1/series/country/KZ?" + range},
        {"90-day raw series, CSV", "/api/v1/series/country/KZ.csv?" + range},
        {"90 days by the hour, JSON", "/api/v1/series/country/KZ?step=1h&" + range},
        {"the same as IODA asks",
         "/compat/ioda/v2/signals/raw/country/KZ?datasource=bgp&from=1654041600&until=1661817600"},
        {"incidents", "/api/v1/incidents"},
        {"entities", "/api/v1/entities"}}) {
    const WebRequest request = *parse_target(target);
    std::size_t bytes = 0;
    const double ms = median_ms([&] {
      const auto response = answer_api(observatory, request);
      CHECK(response && response->status == 200);
      bytes = response->body.size();
    });
    fmt::print("{}: {:.2f} ms, {} bytes, {:.2f} of the limit of 30 ms, {:.2f} x the store alone\n",
               name, ms, bytes, ms / kLimitMs, ms / read);
  }
}
