// SPDX-License-Identifier: Apache-2.0
#include "report/ceiling.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lightsout {

namespace {

// The next number that reads well on an axis.
double round_up(double value) {
  if (!(value > 0)) return 1;
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double step : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0}) {
    if (step * power >= value) return step * power;
  }
  return 10 * power;
}

}  // namespace

Ceiling ceiling_of(const Series& series, const Detection* detection, const TimeRange& range,
                   const PlotScale& scale) {
  Ceiling ceiling{.scale = scale};
  double usual = 0;
  double lowest = INFINITY;
  std::size_t numbers = 0;
  const auto [first, last] = bins_within(series, range);
  for (std::size_t i = first; i < last; ++i) {
    if (detection != nullptr && i < detection->expected.size() &&
        std::isfinite(detection->expected[i].high)) {
      usual = std::max<double>(usual, detection->expected[i].high);
    }
    const auto value = series.samples[i].number();
    if (!value || !std::isfinite(*value)) continue;
    ceiling.highest = numbers == 0 ? *value : std::max(ceiling.highest, *value);
    lowest = std::min(lowest, *value);
    ++numbers;
  }
  const double cut = 2.2 * usual;
  std::size_t above = 0;
  for (std::size_t i = first; i < last; ++i) {
    const auto value = series.samples[i].number();
    above += value && *value > cut;
  }
  const bool lone = usual > 0 && static_cast<double>(above) < 0.05 * static_cast<double>(numbers);
  const double most = lone ? std::min(ceiling.highest, cut) : ceiling.highest;
  ceiling.scale.top = round_up(std::max(most, usual) * 1.02);
  if (series.unit == Unit::fraction) ceiling.scale.top = std::max(ceiling.scale.top, 0.2);
  if (series.unit == Unit::index && numbers > 0 && lowest > 0) {
    ceiling.scale.bottom = std::floor(lowest * 0.9);
  }
  if (!(ceiling.scale.top > ceiling.scale.bottom)) ceiling.scale.top = ceiling.scale.bottom + 1;
  ceiling.clipped = ceiling.highest > ceiling.scale.top;
  return ceiling;
}

void draw_run(SvgPath& path, const Run& run) {
  path.move(run.points.front().x, run.points.front().y);
  for (std::size_t i = 1; i < run.points.size(); ++i) path.line(run.points[i].x, run.points[i].y);
}

}  // namespace lightsout
