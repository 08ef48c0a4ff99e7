// SPDX-License-Identifier: Apache-2.0
#include "source/merge.h"

#include <fmt/format.h>

#include <algorithm>

#include "signal/lineage.h"
#include "source/limits.h"

namespace lightsout {

namespace {

Time arrival(const Series& series) {
  Time latest{};
  for (const Lineage& lineage : series.lineage) latest = std::max(latest, lineage.arrived);
  return latest;
}

std::size_t numbers(const Series& series) {
  return static_cast<std::size_t>(std::count_if(series.samples.begin(), series.samples.end(),
                                                [](const Sample& s) { return s.is_number(); }));
}

void put(Series& into, const Series& from, MergeReport& report) {
  const auto first = static_cast<std::size_t>((from.begin - into.begin) / into.step);
  for (std::size_t i = 0; i < from.size(); ++i) {
    Sample& sample = into.samples[first + i];
    const Sample& newer = from.samples[i];
    if (newer == Sample::missing()) continue;  // says nothing against what was there
    if (sample.is_number() && newer.is_number() && sample != newer) ++report.differing;
    sample = newer;
    if (!from.trials.empty()) into.trials[first + i] = from.trials[i];
    if (!into.coverage.empty())
      into.coverage[first + i] = from.coverage.empty() ? 1 : from.coverage[i];
  }
}

}  // namespace

std::string MergeReport::text(const SignalId& id) const {
  if (other_grid) {
    return fmt::format(
        "{}: another input has it with another step; the one with more numbers is "
        "kept",
        id.text());
  }
  if (other_unit) {
    return fmt::format(
        "{}: another input has it in another unit; the one with more numbers is kept", id.text());
  }
  if (too_long) {
    return fmt::format("{}: joined it would pass {} bins; the one with more numbers is kept",
                       id.text(), kMostBins);
  }
  if (differing > 0) {
    return fmt::format("{}: {} values differ between inputs; the later arrival is kept", id.text(),
                       differing);
  }
  return "";
}

Series merge_series(Series a, Series b, MergeReport& report) {
  if (arrival(b) < arrival(a)) std::swap(a, b);  // b is the later one
  report.other_grid = a.step != b.step || (b.begin - a.begin) % a.step != Seconds{0};
  report.other_unit = a.unit != b.unit;
  const Time begin = std::min(a.begin, b.begin);
  const Time end = std::max(a.end(), b.end());
  const auto bins = static_cast<std::size_t>((end - begin) / a.step);
  report.too_long = !report.other_grid && bins > kMostBins && bins > a.size() && bins > b.size();
  if (report.other_grid || report.other_unit || report.too_long) {
    Series& kept = numbers(a) > numbers(b) ? a : b;
    return std::move(kept);
  }
  Series joined{.id = a.id,
                .plane = a.plane,
                .unit = a.unit,
                .worse = a.worse,
                .begin = begin,
                .step = a.step};
  joined.samples.resize(bins);
  if (!a.trials.empty() || !b.trials.empty()) joined.trials.assign(bins, 0);
  if (!a.coverage.empty() || !b.coverage.empty()) joined.coverage.assign(bins, 1);
  put(joined, a, report);
  put(joined, b, report);
  join_lineage(joined.lineage, a.lineage);
  join_lineage(joined.lineage, b.lineage);
  std::stable_sort(joined.lineage.begin(), joined.lineage.end(),
                   [](const Lineage& x, const Lineage& y) { return x.arrived < y.arrived; });
  return joined;
}

}  // namespace lightsout
