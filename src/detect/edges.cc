// SPDX-License-Identifier: Apache-2.0
#include "detect/edges.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "detect/likelihood.h"

namespace lightsout {
namespace {

constexpr double kWithin = 1.92;      // nats, methods 3.4 step 9
constexpr double kMostPerValue = 40;  // nats: one odd value does not move an edge
constexpr double kNinety = 1.645;     // standard deviations

bool speaks(const Stretch& stretch, std::size_t i) {
  return stretch.expected[i] >= 1;
}

double clamp_share(double share) {
  return std::clamp(share, 0.005, 200.0);
}

}  // namespace

Edge find_edge(const Stretch& stretch, double before, double after) {
  const std::size_t n = stretch.seen.size();
  // gain[i]: how much better "after" explains values i.. than "before" does.
  std::vector<double> gain(n + 1, 0);
  for (std::size_t i = n; i-- > 0;) {
    gain[i] = gain[i + 1];
    if (!speaks(stretch, i)) continue;
    const double nats = log_ratio(stretch.seen[i], stretch.expected[i], stretch.phi[i],
                                  clamp_share(before), clamp_share(after));
    gain[i] += stretch.keep[i] * std::clamp(nats, -kMostPerValue, kMostPerValue);
  }
  const auto best = std::max_element(gain.begin(), gain.end());
  Edge edge;
  edge.at = static_cast<std::uint32_t>(best - gain.begin());
  edge.earliest = edge.at > 0 ? edge.at - 1 : 0;
  edge.latest = edge.at;
  for (std::uint32_t i = 0; i <= n; ++i) {
    if (gain[i] < *best - kWithin) continue;
    edge.earliest = std::min(edge.earliest, i);
    edge.latest = std::max(edge.latest, i);
  }
  return edge;
}

double share_of(const Stretch& stretch) {
  double seen = 0, expected = 0;
  for (std::size_t i = 0; i < stretch.seen.size(); ++i) {
    if (!(stretch.expected[i] > 0)) continue;
    seen += stretch.seen[i];
    expected += stretch.expected[i];
  }
  return expected > 0 ? seen / expected : 1;
}

Estimate depth_of(const Stretch& stretch, Direction direction, double learnt_from) {
  double expected = 0, phi = 0, keep = 0, values = 0;
  for (std::size_t i = 0; i < stretch.seen.size(); ++i) {
    if (!(stretch.expected[i] > 0)) continue;
    expected += stretch.expected[i];
    phi += stretch.phi[i];
    keep += stretch.keep[i];
    ++values;
  }
  if (values == 0) return {0, 0, 1};
  phi /= values;
  keep /= values;
  const double share = share_of(stretch);
  // At least one count: a share of exactly zero is not known better than that.
  const double counting = std::max(share, 1 / expected) / expected;
  const double noise = phi * share * share / std::max(1.0, values * keep);
  const double baseline =
      share * share * (phi + values / expected) / std::max(1.0, learnt_from * keep);
  const double spread = kNinety * std::sqrt(counting + noise + baseline);
  if (direction == Direction::rise) return {share - 1, share - 1 - spread, share - 1 + spread};
  const double lost = std::clamp(1 - share, -1.0, 1.0);
  return {lost, std::max(-1.0, lost - spread), std::min(1.0, lost + spread)};
}

double evidence_of(const Stretch& stretch, double share) {
  double sum = 0;
  for (std::size_t i = 0; i < stretch.seen.size(); ++i) {
    if (!speaks(stretch, i)) continue;
    sum += stretch.keep[i] *
           log_ratio(stretch.seen[i], stretch.expected[i], stretch.phi[i], 1, clamp_share(share));
  }
  return sum;
}

}  // namespace lightsout
