// SPDX-License-Identifier: Apache-2.0
#include "incident/composite.h"

#include <algorithm>
#include <array>
#include <limits>

namespace lightsout::incident {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

Composite compose(const std::vector<Witness>& witnesses, const std::vector<std::size_t>& chosen,
                  const TimeRange& range) {
  Composite composite{.begin = range.begin};
  if (chosen.empty() || range.empty()) return composite;
  const Series* finest = witnesses[chosen.front()].curve.series;
  for (const std::size_t i : chosen) {
    if (witnesses[i].curve.series->step < finest->step) finest = witnesses[i].curve.series;
  }
  composite.step = finest->step;
  while (range.length() / composite.step > static_cast<std::int64_t>(kMaxGridBins)) {
    composite.step *= 2;
  }
  // On the grid of the finest series, which need not be that of the clock.
  const Seconds since = range.begin - finest->begin;
  const auto steps = since / composite.step - (since % composite.step < Seconds{0} ? 1 : 0);
  composite.begin = finest->begin + composite.step * steps;
  const auto bins = static_cast<std::size_t>(
      (range.end - composite.begin + composite.step - Seconds{1}) / composite.step);
  composite.loss.assign(bins, kNone);
  for (std::size_t bin = 0; bin < bins; ++bin) {
    std::array<std::vector<double>, 5> planes;
    const TimeRange at = composite.range_of(bin);
    for (const std::size_t i : chosen) {
      const Curve& curve = witnesses[i].curve;
      const auto own = curve.series->bin_of(at.begin + composite.step / 2);
      if (own && curve.known(*own)) {
        planes[static_cast<std::size_t>(curve.series->plane)].push_back(curve.loss[*own]);
      }
    }
    for (auto& plane : planes) {
      if (plane.empty()) continue;
      const double loss = median(plane);
      if (!(composite.loss[bin] >= loss)) composite.loss[bin] = loss;
    }
  }
  return composite;
}

}  // namespace lightsout::incident
