// Short series for the store's tests: 5-minute bins from test_time(0) on, and a store to put them
// in.
//
//   const auto store = memory_store();
//   put(*store, with_input(series_of({num(1), kMissing}), "sha-of-a-file", 10));
//   samples_of(*store)   // {1, missing}
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/duckdb_store.h"
#include "store/test_incident.h"
#include "store/test_stream.h"

namespace lightsout {

inline constexpr Seconds kStep{300};
inline constexpr const char* kSignal = "country:KZ/bgp/visible_slash24";

// How the store of a test is reached: what a Store promises holds over a socket as well.
enum class Reached { in_this_process, over_a_socket };

inline Reached& reached_how() {
  static Reached how = Reached::in_this_process;
  return how;
}

// A suite whose tests run once each way: TEST_P.
class EachWay : public testing::TestWithParam<Reached> {
 protected:
  void SetUp() override { reached_how() = GetParam(); }
  void TearDown() override { reached_how() = Reached::in_this_process; }
};
inline std::string name_of_way(const testing::TestParamInfo<Reached>& info) {
  return info.param == Reached::over_a_socket ? "OverASocket" : "InThisProcess";
}

inline std::unique_ptr<Store> memory_store() {
  auto store = open_duckdb_store(":memory:");
  if (!store) ADD_FAILURE() << store.error().message;
  if (reached_how() == Reached::in_this_process) return std::move(*store);
  return StoreOverASocket::make(std::move(*store));
}

inline Sample num(double value) {
  return Sample::of(value);
}
inline const Sample kMissing = Sample::missing();
inline const Sample kSuppressed = Sample::suppressed();
inline const Sample kDown = Sample::source_down();

inline Series series_of(std::vector<Sample> samples, int begin_bin = 0,
                        const char* signal = kSignal) {
  return {.id = *SignalId::parse(signal),
          .plane = Plane::control,
          .begin = test_time(0) + kStep * begin_bin,
          .step = kStep,
          .samples = std::move(samples)};
}

inline Lineage input(const std::string& sha256, int arrived_minutes) {
  return {sha256, sha256 + ".csv", "ioda-csv", test_time(arrived_minutes), false};
}

inline Series with_input(Series series, const std::string& sha256, int arrived_minutes) {
  series.lineage = {input(sha256, arrived_minutes)};
  return series;
}

inline std::uint64_t put(Store& store, const Series& series,
                         std::optional<Time> arrived = std::nullopt) {
  const Result<PutSummary> summary = store.put_series({&series, 1}, arrived);
  EXPECT_TRUE(summary.ok()) << summary.error().message;
  return summary ? summary->stored : 0;
}

inline std::vector<Sample> samples_of(Store& store, std::optional<Time> as_of = std::nullopt,
                                      const char* signal = kSignal) {
  const Result<Series> series = store.read_series(*SignalId::parse(signal), {.as_of = as_of});
  return series ? series->samples : std::vector<Sample>{};
}

}  // namespace lightsout
