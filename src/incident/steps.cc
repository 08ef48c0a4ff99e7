// SPDX-License-Identifier: Apache-2.0
#include "incident/steps.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace lightsout::incident {

namespace {

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

constexpr std::size_t kStepDays = 7;  // a stretch shorter than this is no level
constexpr double kStepPoints = 0.10;

struct Days {
  std::vector<Time> at;
  std::vector<double> loss;
};

Days daily_medians(const Curve& curve, const TimeRange& range) {
  std::map<Time, std::vector<double>> days;
  const BinRange bins = bins_in(*curve.series, range);
  for (std::size_t bin = bins.first; bin < bins.last; ++bin) {
    if (curve.known(bin)) {
      days[bin_begin(curve.series->time_of(bin), Seconds{86400})].push_back(curve.loss[bin]);
    }
  }
  Days daily;
  for (auto& [day, losses] : days) {
    daily.at.push_back(day);
    // A month above the ordinary is no level to fall from.
    daily.loss.push_back(std::max(0.0, median_of(std::move(losses))));
  }
  return daily;
}

// Binary segmentation: the split that explains most of the squares, then each side by itself.
void split(const Days& days, std::size_t first, std::size_t last, std::vector<std::size_t>& cuts) {
  if (last - first < 2 * kStepDays || cuts.size() >= kMaxSteps) return;
  double all = 0;
  for (std::size_t i = first; i < last; ++i) all += days.loss[i];
  double left = 0;
  double best = 0;
  std::size_t at = 0;
  for (std::size_t i = first; i + kStepDays < last; ++i) {
    left += days.loss[i];
    const auto size = static_cast<double>(i + 1 - first);
    const auto rest = static_cast<double>(last - i - 1);
    if (size < kStepDays) continue;
    const double gain = (all - left) / rest - left / size;
    const double explained = size * rest / (size + rest) * gain * gain;
    if (explained > best) {
      best = explained;
      at = i + 1;
    }
  }
  if (at == 0) return;
  const auto level = [&](std::size_t a, std::size_t b) {
    return median_of({days.loss.begin() + static_cast<std::ptrdiff_t>(a),
                      days.loss.begin() + static_cast<std::ptrdiff_t>(b)});
  };
  if (std::abs(level(first, at) - level(at, last)) < kStepPoints) return;
  split(days, first, at, cuts);
  cuts.push_back(at);
  split(days, at, last, cuts);
}

}  // namespace

std::vector<Step> find_steps(const Curve& curve, const TimeRange& range) {
  const Days days = daily_medians(curve, range);
  std::vector<std::size_t> cuts;
  split(days, 0, days.loss.size(), cuts);
  std::vector<Step> steps;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const std::size_t before = i > 0 ? cuts[i - 1] : 0;
    const std::size_t after = i + 1 < cuts.size() ? cuts[i + 1] : days.loss.size();
    const auto level = [&](std::size_t a, std::size_t b) {
      return median_of({days.loss.begin() + static_cast<std::ptrdiff_t>(a),
                        days.loss.begin() + static_cast<std::ptrdiff_t>(b)});
    };
    steps.push_back({days.at[cuts[i]], level(before, cuts[i]), level(cuts[i], after)});
  }
  return steps;
}

}  // namespace lightsout::incident
