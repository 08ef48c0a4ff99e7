// SPDX-License-Identifier: Apache-2.0
#include "detect/common_mode.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace lightsout {
namespace {

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Observed over expected in one bin, or nothing when either is not known. For a series that is
// worse when higher the inverse, so that below 1 is always bad.
std::optional<double> ratio_in(const Series& series, const Detection& detection, std::size_t bin) {
  const std::optional<double> value = series.samples[bin].number();
  const double expected = detection.expected[bin].value;
  if (!value || std::isnan(expected) || expected <= 0) return std::nullopt;
  if (series.worse == Worse::low) return *value / expected;
  return *value > 0 ? std::optional(expected / *value) : std::nullopt;
}

}  // namespace

CommonMode common_mode(std::span<const double> ratios) {
  CommonMode mode{.countries = ratios.size()};
  if (ratios.empty()) return mode;
  const auto fallen = std::count_if(ratios.begin(), ratios.end(),
                                    [](double ratio) { return ratio < kFallenBelow; });
  mode.fallen = static_cast<double>(fallen) / static_cast<double>(ratios.size());
  mode.median_ratio = median_of({ratios.begin(), ratios.end()});
  mode.suspect = ratios.size() >= kLeastCountries && mode.fallen > kSuspectShare;
  return mode;
}

std::vector<TimeRange> blind_ranges(std::span<const Series> series,
                                    std::span<const Detection> detections) {
  CHECK(series.size() == detections.size());
  // Time -> country -> the ratios of its series.
  std::map<Time, std::map<std::string_view, std::vector<double>>> at;
  for (std::size_t s = 0; s < series.size(); ++s) {
    CHECK(series[s].step == series[0].step && series[s].id.source() == series[0].id.source());
    CHECK(detections[s].expected.size() == series[s].size());
    const std::string_view country = series[s].id.entity().country();
    if (country.empty()) continue;
    for (std::size_t bin = 0; bin < series[s].size(); ++bin) {
      const std::optional<double> ratio = ratio_in(series[s], detections[s], bin);
      if (ratio) at[series[s].time_of(bin)][country].push_back(*ratio);
    }
  }
  std::vector<TimeRange> blind;
  for (const auto& [time, countries] : at) {
    std::vector<double> ratios;
    for (const auto& [country, of_country] : countries) ratios.push_back(median_of(of_country));
    if (!common_mode(ratios).suspect) continue;
    if (!blind.empty() && blind.back().end == time) {
      blind.back().end = time + series[0].step;
    } else {
      blind.push_back({time, time + series[0].step});
    }
  }
  return blind;
}

Series mark_source_down(Series series, std::span<const TimeRange> blind) {
  for (std::size_t bin = 0; bin < series.size(); ++bin) {
    const TimeRange range{series.time_of(bin), series.time_of(bin) + series.step};
    const bool hidden = std::any_of(blind.begin(), blind.end(), [&](const TimeRange& stretch) {
      return stretch.overlaps(range);
    });
    if (hidden) series.samples[bin] = Sample::source_down();
  }
  return series;
}

}  // namespace lightsout
