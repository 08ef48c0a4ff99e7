// SPDX-License-Identifier: Apache-2.0
#include "detect/common_mode.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>

#include "core/parallel.h"
#include "detect/detector.h"

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

std::vector<Series> mark_blindness(std::vector<Series> series) {
  std::map<std::tuple<std::string, std::string, Seconds>, std::vector<std::size_t>> views;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series[i].id.entity().type() != EntityType::country) continue;
    views[{series[i].id.source(), series[i].id.metric(), series[i].step}].push_back(i);
  }
  for (const auto& [source, members] : views) {
    if (members.size() < kLeastCountries) continue;
    std::vector<Series> countries;
    for (const std::size_t i : members) countries.push_back(series[i]);
    const std::vector<Detection> detections =
        parallel_map(countries, [](const Series& country) { return detect(country); });
    const std::vector<TimeRange> blind = blind_ranges(countries, detections);
    if (blind.empty()) continue;
    for (Series& each : series) {
      if (each.id.source() == std::get<0>(source)) each = mark_source_down(std::move(each), blind);
    }
  }
  return series;
}

}  // namespace lightsout
