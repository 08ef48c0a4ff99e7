// SPDX-License-Identifier: Apache-2.0
#include "incident/connectivity_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/check.h"
#include "incident/curve.h"

namespace lightsout {

namespace {

constexpr double kHalfBand = 1.645;  // standard deviations from the middle of a 90 % band
// Nothing here is more exact than one part in a hundred, whatever its counts say: the expectation
// itself is not.
constexpr double kLeastDeviation = 0.01;
constexpr Seconds kCoarsest{2 * 3600};  // a coarser series says too little of one bin

struct Provider {
  double users = 0;
  std::vector<incident::Curve> curves;
};

struct Level {
  double value = 0;
  double variance = 0;
};

bool measures_packets(const incident::Curve& curve) {
  return curve.judged() && curve.bearing == incident::Bearing::connectivity &&
         curve.series->plane != Plane::control && curve.series->step <= kCoarsest;
}

// What the series of one provider say together at a time, by their exactness.
std::optional<Level> level_at(const Provider& provider, Time time) {
  double weights = 0;
  double sum = 0;
  for (const incident::Curve& curve : provider.curves) {
    const auto bin = curve.series->bin_of(time);
    if (!bin || !curve.known(*bin)) continue;
    const double deviation = std::max(kLeastDeviation, curve.spread[*bin] / kHalfBand);
    const double weight = 1 / (deviation * deviation);
    weights += weight;
    sum += weight * std::clamp(1 - curve.loss[*bin], 0.0, 1.0);
  }
  if (weights <= 0) return std::nullopt;
  return Level{sum / weights, 1 / weights};
}

// The variance between providers beyond what each one's own noise explains (DerSimonian and Laird
// 1986), towards whose mean the noisy ones are drawn.
Level between(const std::vector<std::optional<Level>>& levels) {
  double weights = 0;
  double squares = 0;
  double sum = 0;
  double count = 0;
  for (const auto& level : levels) {
    if (!level) continue;
    const double weight = 1 / level->variance;
    weights += weight;
    squares += weight * weight;
    sum += weight * level->value;
    ++count;
  }
  const double mean = sum / weights;
  double q = 0;
  for (const auto& level : levels) {
    if (level) q += (level->value - mean) * (level->value - mean) / level->variance;
  }
  const double scale = weights - squares / weights;
  return {mean, scale > 0 ? std::max(0.0, (q - (count - 1)) / scale) : 0};
}

std::optional<IndexBin> bin_of(const std::vector<Provider>& providers, Time time) {
  std::vector<std::optional<Level>> levels;
  double known = 0;
  double all = 0;
  for (const Provider& provider : providers) {
    levels.push_back(level_at(provider, time));
    all += provider.users;
    if (levels.back()) known += provider.users;
  }
  if (known <= 0) return std::nullopt;
  const Level common = between(levels);
  double sum = 0;
  double variance = 0;
  for (std::size_t i = 0; i < providers.size(); ++i) {
    if (!levels[i]) continue;
    // Of one provider alone there is nothing to be drawn towards.
    const double kept = common.variance > 0
                            ? common.variance / (common.variance + levels[i]->variance)
                        : providers.size() > 1 ? 0.0
                                               : 1.0;
    const double share = providers[i].users / known;
    sum += share * (kept * levels[i]->value + (1 - kept) * common.value);
    variance += share * share * levels[i]->variance;
  }
  const double half = kHalfBand * std::sqrt(variance);
  return IndexBin{
      {100 * sum, 100 * std::clamp(sum - half, 0.0, 1.0), 100 * std::clamp(sum + half, 0.0, 1.0)},
      all > 0 ? 1 - known / all : 0};
}

// Users of every provider that has a series; the others' are unknown wherever they are.
std::string weigh(std::map<Asn, Provider>& providers, std::span<const KnownNetwork> networks) {
  std::set<std::string> sources;
  for (const KnownNetwork& network : networks) {
    const auto at = providers.find(network.asn);
    if (at == providers.end() || !network.user_share) continue;
    at->second.users = *network.user_share;
    sources.insert(network.user_share_source);
  }
  if (sources.empty()) {
    for (auto& [asn, provider] : providers) provider.users = 1;
    return "every provider the same: no shares of users are known";
  }
  return fmt::format("users: {}", fmt::join(sources, "; "));
}

}  // namespace

ConnectivityIndex connectivity_index(const Entity& country, std::span<const Series> series,
                                     std::span<const Detection> detections,
                                     std::span<const KnownNetwork> networks,
                                     const TimeRange& range) {
  CHECK(series.size() == detections.size());
  std::map<Asn, Provider> by_asn;
  Provider whole{.users = 1, .curves = {}};
  ConnectivityIndex index{.begin = range.begin, .step = kCoarsest};
  for (std::size_t i = 0; i < series.size(); ++i) {
    const Entity& entity = series[i].id.entity();
    const bool of_provider =
        entity.type() == EntityType::asn && entity.country() == country.country();
    if (!of_provider && entity != country) continue;
    incident::Curve curve = incident::make_curve(series[i], detections[i]);
    if (!measures_packets(curve)) continue;
    index.step = std::min(index.step, series[i].step);
    (of_provider ? by_asn[entity.asn()] : whole).curves.push_back(std::move(curve));
  }
  std::vector<Provider> providers;
  if (by_asn.empty()) {
    if (!whole.curves.empty()) providers.push_back(std::move(whole));
    index.weights = "the country's own series: no series of single providers";
  } else {
    index.weights = weigh(by_asn, networks);
    for (auto& [asn, provider] : by_asn) providers.push_back(std::move(provider));
  }
  index.providers = providers.size();
  while (range.length() / index.step > static_cast<std::int64_t>(kMaxIndexBins)) index.step *= 2;
  for (Time time = range.begin; time < range.end; time += index.step) {
    index.bins.push_back(bin_of(providers, time));
  }
  return index;
}

}  // namespace lightsout
