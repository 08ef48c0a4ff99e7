// Collector: what every text source does alike. It takes points for named series out of rows,
// counts what is wrong with them, and makes the Reading at the end.
//
//   Collector collector(inputs);
//   const auto handle = collector.series(spec_of(id));
//   collector.add(*handle, input_index, time, Sample::of(12));
//   return collector.finish();
//
// Limits (limits.h): kMostSeries, kMostSamples rows, kMostBins a series. The first thing refused is
// Damage with the name of the limit; the rest is counted.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "source/csv.h"
#include "source/grid.h"
#include "source/source.h"

namespace lightsout {

class Collector {
 public:
  using Handle = std::size_t;

  explicit Collector(std::span<const Input> inputs);

  // The series of that name, new or known; an Error of kind limit when there are too many.
  Result<Handle> series(SeriesSpec spec);
  void add(Handle handle, std::size_t input, Time time, const Sample& sample,
           float trials = Point::kNone, float coverage = Point::kNone);
  // The input covers this time for the series: bins in it without a point are missing.
  void cover(Handle handle, const TimeRange& range);
  void set_step(Handle handle, Seconds step) { series_[handle].spec.step = step; }
  Unit unit_of(Handle handle) const { return series_[handle].spec.unit; }

  Damage& damage() { return reading_.damage; }
  void damaged(std::size_t input, std::uint64_t offset, std::uint64_t bytes, std::string reason);
  void damaged(std::size_t input, const CsvRow& row, const Error& error);
  void note(std::size_t input, std::string text);
  // Counted under this text, and noted at the end as "3 rows whose ...".
  void count(std::size_t input, const std::string& text, std::uint64_t times = 1);
  const std::string& name_of(std::size_t input) const;

  // Series in order of their SignalId, with the lineage of the inputs that gave a point to each.
  Reading finish();

 private:
  struct Growing {
    SeriesSpec spec;
    Points points;
    std::optional<TimeRange> cover;
    std::set<std::size_t> inputs;
  };

  void finish_series(Growing& growing, std::size_t& bins_left);
  void report(const Growing& growing, const GridReport& report);

  std::span<const Input> inputs_;
  std::vector<Growing> series_;
  std::map<SignalId, Handle> handles_;
  std::map<std::pair<std::size_t, std::string>, std::uint64_t> counts_;
  std::size_t points_ = 0;
  std::uint32_t order_ = 0;
  Reading reading_;
};

// The time that the rows of one input cover, whether a cell in them is blank or not. A few rows far
// from all others (a wrong clock) do not widen it.
class CoveredTime {
 public:
  void add(Time time);
  std::optional<TimeRange> range() const;  // nullopt: no rows; its end is one second past the last

 private:
  struct Stretch {
    TimeRange range;
    std::uint64_t rows = 0;
  };
  std::vector<Stretch> stretches_;  // more than a year apart when they began
  std::size_t current_ = 0;
};

// Opens one input after the other and reads it with `read`, in the order in which they arrived, so
// that a later one corrects an earlier. That one cannot be opened is Damage.
void read_each(Collector& collector, std::span<const Input> inputs,
               const std::function<void(std::size_t input, ByteSource&)>& read);

}  // namespace lightsout
