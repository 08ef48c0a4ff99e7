// SPDX-License-Identifier: Apache-2.0
#include "report/thin.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace lightsout {

namespace {

// A pixel is one unit wide and this many units high: distances are those of the eye.
constexpr double kAspect = 10;

// The squared distance of a point from the line through a and b, in units of height.
double distance_squared(const PlotPoint& p, const PlotPoint& a, const PlotPoint& b) {
  const double dx = (b.x - a.x) * kAspect;
  const double dy = b.y - a.y;
  const double length = dx * dx + dy * dy;
  const double px = (p.x - a.x) * kAspect;
  const double py = p.y - a.y;
  if (length == 0) return px * px + py * py;
  const double cross = dx * py - dy * px;
  return cross * cross / length;
}

// Ramer-Douglas-Peucker without recursion: the depth of a hostile curve is its length.
std::vector<PlotPoint> simplified(const std::vector<PlotPoint>& points, double tolerance) {
  if (points.size() < 3) return points;
  std::vector<bool> kept(points.size(), false);
  kept.front() = kept.back() = true;
  std::vector<std::pair<std::size_t, std::size_t>> open{{0, points.size() - 1}};
  while (!open.empty()) {
    const auto [first, last] = open.back();
    open.pop_back();
    double farthest = tolerance * tolerance;
    std::size_t at = 0;
    for (std::size_t i = first + 1; i < last; ++i) {
      const double distance = distance_squared(points[i], points[first], points[last]);
      if (distance > farthest) farthest = distance, at = i;
    }
    if (at == 0) continue;
    kept[at] = true;
    open.push_back({first, at});
    open.push_back({at, last});
  }
  std::vector<PlotPoint> out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (kept[i]) out.push_back(points[i]);
  }
  return out;
}

// First, lowest, highest and last of the points of each column, in the order of time.
std::vector<PlotPoint> by_column(const std::vector<PlotPoint>& points) {
  std::vector<PlotPoint> out;
  for (std::size_t begin = 0; begin < points.size();) {
    std::size_t end = begin;
    std::size_t low = begin;
    std::size_t high = begin;
    for (; end < points.size() && points[end].x == points[begin].x; ++end) {
      if (points[end].y > points[low].y) low = end;
      if (points[end].y < points[high].y) high = end;
    }
    std::array<std::size_t, 4> order{begin, low, high, end - 1};
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == 0 || order[i] != order[i - 1]) out.push_back(points[order[i]]);
    }
    begin = end;
  }
  return out;
}

struct BinRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The bins that begin inside the range.
BinRange bins_in(const Series& series, const TimeRange& range) {
  CHECK(series.step.count() > 0);
  const auto bin = [&](Time time) {
    const auto offset = (time - series.begin + series.step - Seconds{1}) / series.step;
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(offset, 0, static_cast<std::int64_t>(series.size())));
  };
  if (range.empty()) return {};
  // A bin that began before the range and reaches into it belongs to the picture as well.
  std::size_t begin = bin(range.begin);
  if (begin > 0 && series.time_of(begin - 1) + series.step > range.begin) --begin;
  return {begin, std::max(begin, bin(range.end))};
}

int clipped_x(Time time, const TimeRange& range, int columns) {
  return std::clamp(x_of(time, range, columns), 0, columns);
}

// Where a bin is drawn: at its middle.
int middle_x(const Series& series, std::size_t bin, const TimeRange& range, int columns) {
  return clipped_x(series.time_of(bin) + series.step / 2, range, columns);
}

// A bin that is wide on the page is a step as wide as itself: a line from middle to middle would
// put the change of a day into the day before.
constexpr int kStepColumns = 8;

void add_bin(std::vector<PlotPoint>& points, const Series& series, std::size_t bin,
             const TimeRange& range, int columns, int y) {
  const int begin = clipped_x(series.time_of(bin), range, columns);
  const int end = clipped_x(series.time_of(bin + 1), range, columns);
  if (end - begin < kStepColumns) {
    points.push_back({middle_x(series, bin, range, columns), y});
    return;
  }
  points.push_back({begin, y});
  points.push_back({end, y});
}

std::vector<ColumnRun> stretches(const Series& series, const TimeRange& range, int columns,
                                 const std::function<bool(const Sample&)>& wanted) {
  std::vector<ColumnRun> out;
  const BinRange bins = bins_in(series, range);
  for (std::size_t i = bins.begin; i < bins.end; ++i) {
    const Sample& sample = series.samples[i];
    if (!wanted(sample)) continue;
    std::size_t end = i;
    while (end < bins.end && series.samples[end].state() == sample.state() &&
           wanted(series.samples[end])) {
      ++end;
    }
    ColumnRun stretch{sample.state(), clipped_x(series.time_of(i), range, columns),
                      clipped_x(series.time_of(end), range, columns), end - i};
    stretch.begin = std::min(stretch.begin, columns - 1);
    stretch.end = std::max(stretch.end, stretch.begin + 1);
    if (!out.empty() && out.back().state == stretch.state && out.back().end >= stretch.begin) {
      out.back().end = std::max(out.back().end, stretch.end);
      out.back().bins += stretch.bins;
    } else {
      out.push_back(stretch);
    }
    i = end - 1;
  }
  return out;
}

}  // namespace

int PlotScale::y_of(double value) const {
  const double span = top > bottom ? top - bottom : 1;
  const double share = std::clamp((value - bottom) / span, 0.0, 1.0);
  return static_cast<int>(std::lround((1 - share) * height));
}

std::pair<std::size_t, std::size_t> bins_within(const Series& series, const TimeRange& range) {
  const auto size = static_cast<std::int64_t>(series.size());
  const auto bin = [&](Time time, Seconds round) {
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>((time - series.begin + round) / series.step, 0, size));
  };
  if (range.end <= series.begin || series.step.count() <= 0) return {0, 0};
  const std::size_t first = bin(std::max(range.begin, series.begin), Seconds{0});
  return {first, std::max(first, bin(range.end, series.step - Seconds{1}))};
}

int x_of(Time time, const TimeRange& range, int columns) {
  const auto length = static_cast<double>(std::max<std::int64_t>(range.length().count(), 1));
  return static_cast<int>(
      std::lround(static_cast<double>((time - range.begin).count()) / length * columns));
}

std::vector<Run> thin_runs(const Series& series, const TimeRange& range, const PlotScale& scale) {
  std::vector<Run> runs;
  const BinRange bins = bins_in(series, range);
  std::vector<PlotPoint> points;
  std::size_t first_bin = bins.begin;
  const auto finish = [&](std::size_t end_bin) {
    if (points.empty()) return;
    if (points.size() == 1) {
      // A lone bin is a dash as wide as the bin, so that it can be seen at all.
      const int y = points.front().y;
      const int begin = clipped_x(series.time_of(first_bin), range, scale.columns);
      const int end = clipped_x(series.time_of(end_bin), range, scale.columns);
      runs.push_back({{{begin, y}, {std::max(end, begin + 1), y}}});
    } else {
      Run run{simplified(by_column(points), scale.tolerance)};
      // All bins of the run in one column and on one level: the same dash.
      if (run.points.size() == 1) run.points.push_back({run.points[0].x + 1, run.points[0].y});
      runs.push_back(std::move(run));
    }
    points.clear();
  };
  for (std::size_t i = bins.begin; i < bins.end; ++i) {
    const auto value = series.samples[i].number();
    if (!value || !std::isfinite(*value)) {
      finish(i);
      continue;
    }
    if (points.empty()) first_bin = i;
    add_bin(points, series, i, range, scale.columns, scale.y_of(*value));
  }
  finish(bins.end);
  return runs;
}

std::vector<Run> thin_band(const Series& series, const std::vector<Expectation>& expected,
                           const TimeRange& range, const PlotScale& scale) {
  std::vector<Run> runs;
  if (expected.size() != series.size()) return runs;
  const BinRange bins = bins_in(series, range);
  std::vector<PlotPoint> upper;
  std::vector<PlotPoint> lower;
  const auto finish = [&] {
    if (upper.size() > 1) {
      // Where bins share a column, the band reaches as far as any of them.
      Run run{simplified(by_column(upper), scale.tolerance * 1.5)};
      std::vector<PlotPoint> back = simplified(by_column(lower), scale.tolerance * 1.5);
      run.points.insert(run.points.end(), back.rbegin(), back.rend());
      runs.push_back(std::move(run));
    }
    upper.clear();
    lower.clear();
  };
  for (std::size_t i = bins.begin; i < bins.end; ++i) {
    const Expectation& one = expected[i];
    if (!std::isfinite(one.low) || !std::isfinite(one.high)) {
      finish();
      continue;
    }
    add_bin(upper, series, i, range, scale.columns, scale.y_of(one.high));
    add_bin(lower, series, i, range, scale.columns, scale.y_of(one.low));
  }
  finish();
  return runs;
}

std::vector<ColumnRun> gaps(const Series& series, const TimeRange& range, int columns) {
  return stretches(series, range, columns, [](const Sample& s) { return !s.is_number(); });
}

std::vector<ColumnRun> zeros(const Series& series, const TimeRange& range, int columns) {
  return stretches(series, range, columns,
                   [](const Sample& s) { return s.is_number() && s.value() == 0; });
}

}  // namespace lightsout
