// SPDX-License-Identifier: Apache-2.0
#include "signal/series.h"

#include <algorithm>
#include <array>

namespace lightsout {

std::optional<std::size_t> Series::bin_of(Time time) const {
  if (time < begin || step.count() <= 0) return std::nullopt;
  const auto bin = static_cast<std::size_t>((time - begin) / step);
  return bin < samples.size() ? std::optional(bin) : std::nullopt;
}

Time Series::data_through() const {
  for (std::size_t bin = samples.size(); bin-- > 0;) {
    if (samples[bin].is_number()) return time_of(bin) + step;
  }
  return begin;
}

bool Series::semi_synthetic() const {
  return std::any_of(lineage.begin(), lineage.end(),
                     [](const Lineage& input) { return input.semi_synthetic; });
}

Series slice(const Series& series, const TimeRange& range) {
  CHECK(series.step.count() > 0);
  std::size_t first = 0;
  while (first < series.size() && series.time_of(first) < range.begin) ++first;
  std::size_t last = first;
  while (last < series.size() && series.time_of(last) + series.step <= range.end) ++last;

  const auto part = [&](const auto& whole) {
    using Vector = std::decay_t<decltype(whole)>;
    if (whole.empty()) return Vector{};
    return Vector(whole.begin() + static_cast<std::ptrdiff_t>(first),
                  whole.begin() + static_cast<std::ptrdiff_t>(last));
  };
  Series cut{.id = series.id,
             .plane = series.plane,
             .unit = series.unit,
             .worse = series.worse,
             .begin = series.time_of(first),
             .step = series.step,
             .samples = part(series.samples),
             .trials = part(series.trials),
             .coverage = part(series.coverage),
             .lineage = series.lineage};
  return cut;
}

std::string_view name_of(SampleState state) {
  constexpr std::array<std::string_view, 4> kNames{"number", "missing", "suppressed",
                                                   "source_down"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace lightsout
