// SPDX-License-Identifier: Apache-2.0
#include "detect/counts.h"

#include <algorithm>
#include <cmath>

namespace lightsout {
namespace {

// The typical value is taken from this much of the history at most, so that what came later does
// not change how the beginning is read.
constexpr Seconds kTypicalFrom = std::chrono::days(28);

double typical_value(const Series& series) {
  std::vector<double> values;
  Time stop = series.end();
  for (std::size_t bin = 0; bin < series.size(); ++bin) {
    if (series.time_of(bin) >= stop) break;
    if (!usable(series.samples[bin]) || series.samples[bin].value() == 0) continue;
    if (values.empty()) stop = std::min(stop, series.time_of(bin) + kTypicalFrom);
    values.push_back(series.samples[bin].value());
  }
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Above this a count is so exact that more makes no difference, and a float holds it.
constexpr double kGreatestCount = 1e12;

}  // namespace

bool usable(const Sample& sample) {
  return sample.is_number() && sample.value() >= 0 && sample.value() <= kGreatestValue;
}

Seconds spacing_of(const Series& series) {
  // Distances in steps, counted: most series have one or two different ones.
  std::vector<std::size_t> distances;
  std::size_t last = 0;
  bool any = false;
  for (std::size_t bin = 0; bin < series.size(); ++bin) {
    if (!usable(series.samples[bin])) continue;
    if (any) {
      const std::size_t distance = bin - last;
      if (distances.size() <= std::min<std::size_t>(distance, 4096)) {
        distances.resize(std::min<std::size_t>(distance, 4096) + 1);
      }
      ++distances[std::min<std::size_t>(distance, 4096)];
    }
    last = bin;
    any = true;
  }
  std::size_t total = 0;
  for (const std::size_t n : distances) total += n;
  std::size_t seen = 0;
  for (std::size_t distance = 0; distance < distances.size(); ++distance) {
    seen += distances[distance];
    if (total > 0 && 2 * seen >= total) {
      return series.step * static_cast<std::int64_t>(distance);
    }
  }
  return series.step;
}

Counts counts_of(const Series& series, const Parameters& parameters, Seconds spacing) {
  Counts counts{.spacing = spacing};
  if (parameters.effective_count > 0) {
    const double typical = typical_value(series);
    if (typical > 0) counts.scale = parameters.effective_count / typical;
  }
  for (std::size_t bin = 0; bin < series.size(); ++bin) {
    const Sample& sample = series.samples[bin];
    if (!sample.is_number()) continue;
    if (!usable(sample)) {
      ++counts.refused;
      continue;
    }
    counts.seen.push_back(
        {series.time_of(bin) + series.step / 2,
         static_cast<float>(std::min(sample.value() * counts.scale, kGreatestCount))});
    counts.bin.push_back(static_cast<std::uint32_t>(bin));
  }
  return counts;
}

}  // namespace lightsout
