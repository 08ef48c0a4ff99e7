// SPDX-License-Identifier: Apache-2.0
#include "cases/elsewhere.h"

#include <algorithm>
#include <map>
#include <set>

namespace lightsout {

Elsewhere look_elsewhere(std::span<const Series> series, std::span<const Detection> detections) {
  CHECK(series.size() == detections.size());
  Elsewhere elsewhere;
  std::map<std::string, TimeRange> judged;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const Plane plane = series[i].plane;
    const bool tells = plane == Plane::control || plane == Plane::data || plane == Plane::traffic;
    const Judgement& judgement = detections[i].judgement;
    if (!tells || series[i].worse != Worse::low || !judgement.possible) continue;
    if (series[i].id.entity().type() != EntityType::country) continue;
    const std::string country(series[i].id.entity().country());
    const auto [at, first] = judged.try_emplace(country, judgement.judged);
    if (!first && judgement.judged.length() > at->second.length()) at->second = judgement.judged;
    for (const Anomaly& anomaly : detections[i].anomalies) {
      if (anomaly.direction != Direction::fall || anomaly.deepest < kStruckDepth) continue;
      elsewhere.falls.push_back({country, anomaly.onset});
    }
  }
  for (const auto& [country, range] : judged) elsewhere.looked_at.push_back({country, range});
  std::sort(elsewhere.falls.begin(), elsewhere.falls.end(),
            [](const CountryFall& a, const CountryFall& b) {
              return std::tie(a.onset.value, a.country) < std::tie(b.onset.value, b.country);
            });
  return elsewhere;
}

std::vector<std::string> struck_together(const Elsewhere& elsewhere, const TimeEstimate& onset) {
  std::set<std::string> struck;
  for (const CountryFall& fall : elsewhere.falls) {
    const Seconds apart = fall.onset.value > onset.value ? fall.onset.value - onset.value
                                                         : onset.value - fall.onset.value;
    if (apart <= kStruckTogether) struck.insert(fall.country);
  }
  return {struck.begin(), struck.end()};
}

std::size_t looked_at(const Elsewhere& elsewhere, Time onset) {
  return static_cast<std::size_t>(
      std::count_if(elsewhere.looked_at.begin(), elsewhere.looked_at.end(),
                    [&](const CountryLooked& country) { return country.judged.contains(onset); }));
}

}  // namespace lightsout
