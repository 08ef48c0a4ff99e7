// SPDX-License-Identifier: Apache-2.0
#include "incident/kind_facts.h"

#include <algorithm>

namespace lightsout::incident {

namespace {

constexpr double kMostSharesUnknown = 0.5;  // of the providers: beyond it each counts the same

PlaneFact* fact_of(KindFacts& facts, const PlaneView& view) {
  if (tells_of_speed(view.signal)) return &facts.speed;
  switch (view.plane) {
    case Plane::control:
      // Churn is no loss of routes.
      return view.signal.metric() == "update_rate" ? nullptr : &facts.routes;
    case Plane::data:
      return &facts.answers;
    case Plane::traffic:
      return &facts.traffic;
    case Plane::circumvention:
      return &facts.tools;
    default:
      return nullptr;
  }
}

void gather_planes(const Incident& incident, KindFacts& facts) {
  double down = 0;
  double bins = 0;
  std::set<std::string> metrics_fell;
  bool volume_fell = false;
  bool requests_stood = false;
  for (const PlaneView& view : incident.planes) {
    if (!view.judged) continue;
    PlaneFact* fact = fact_of(facts, view);
    if (fact == nullptr) continue;
    // A delay never "fell": what its level says is the share of the speed that was lost.
    const bool slower = fact == &facts.speed && view.depth.value >= kKindPart;
    const bool fell = (view.fell && view.depth.value >= kKindPart) || slower;
    fact->lost = std::max(fact->lost.value_or(0), fell ? view.depth.value : 0);
    if (!fell) continue;
    metrics_fell.insert(view.signal.metric());
    facts.sources_fell.insert(view.signal.source());
    down += static_cast<double>(view.samples.source_down);
    bins += static_cast<double>(view.samples.numbers + view.samples.missing +
                                view.samples.suppressed + view.samples.source_down);
    if (fact == &facts.tools) facts.tools_fell.push_back(view.label);
    if (fact == &facts.traffic) facts.traffic_lowest = std::min(facts.traffic_lowest, view.lowest);
    const std::string& metric = view.signal.metric();
    volume_fell |= view.depth.value >= kKindWhole && (metric.find("bytes") != std::string::npos ||
                                                      metric.find("volume") != std::string::npos);
  }
  for (const PlaneView& view : incident.planes) {
    if (!view.judged || view.fell || fact_of(facts, view) == nullptr) continue;
    requests_stood |= view.signal.metric() == "requests";
    if (view.plane == Plane::circumvention || tells_of_speed(view.signal)) continue;
    facts.sources_stood.insert(view.signal.source());
    facts.twin_stood |= metrics_fell.contains(view.signal.metric());
  }
  facts.down = bins > 0 ? down / bins : 0;
  facts.volume_alone = volume_fell && requests_stood;
}

struct Weigher {
  bool equal = false;
  double of(const PartView& part) const { return equal ? 1 : part.user_share.value_or(0); }
};

double lost_by(const PartView& part) {
  return part.fell && part.depth.value >= kKindPart ? part.depth.value : 0;
}

void gather_providers(const Incident& incident, KindFacts& facts, UserShares& users) {
  for (const PartView& part : incident.providers) {
    if (!part.judged) continue;
    ++users.providers;
    if (!part.user_share) {
      ++users.without_share;
      continue;
    }
    users.looked_at += *part.user_share;
    users.lost += *part.user_share * lost_by(part);
  }
  users.looked_at = std::min(users.looked_at, 1.0);
  users.lost = std::min(users.lost, users.looked_at);
  users.not_known = 1 - users.looked_at;
  const Weigher weight{static_cast<double>(users.without_share) >
                       kMostSharesUnknown * static_cast<double>(users.providers)};
  struct Sum {
    double lost = 0;
    double all = 0;
  };
  Sum mobile;
  Sum other;
  std::set<std::string> owners;
  for (const PartView& part : incident.providers) {
    if (!part.judged) continue;
    const double users_of = weight.of(part);
    const std::string owner = part.owner.empty() ? part.name : part.owner;
    owners.insert(owner);
    facts.lost_by_all += users_of * lost_by(part);
    if (lost_by(part) > 0) facts.lost_by_owner[owner] += users_of * lost_by(part);
    if (part.access.empty()) continue;
    Sum& sum = part.access == "mobile" ? mobile : other;
    sum.lost += users_of * lost_by(part);
    sum.all += users_of;
  }
  facts.owners_judged = owners.size();
  if (mobile.all > 0) users.mobile_lost = mobile.lost / mobile.all;
  if (other.all > 0) users.other_lost = other.lost / other.all;
}

// Nobody has told us how many live where: each region counts the same.
void gather_regions(const Incident& incident, KindFacts& facts) {
  std::vector<double> lost;
  for (const PartView& part : incident.regions) {
    if (!part.judged) continue;
    lost.push_back(lost_by(part));
    facts.regions_fell += lost.back() > 0;
  }
  facts.regions = lost.size();
  std::sort(lost.begin(), lost.end());
  double total = 0;
  double ranked = 0;
  for (std::size_t i = 0; i < lost.size(); ++i) {
    total += lost[i];
    ranked += static_cast<double>(i + 1) * lost[i];
  }
  if (total <= 0) return;
  const auto n = static_cast<double>(lost.size());
  facts.top_region = lost.back() / total;
  facts.gini = 2 * ranked / (n * total) - (n + 1) / n;
}

void gather_services(const Incident& incident, KindFacts& facts) {
  double deepest = 0;
  for (const PartView& part : incident.services) {
    if (!part.judged) continue;
    ++facts.services;
    if (lost_by(part) <= 0) continue;
    ++facts.services_fell;
    if (lost_by(part) <= deepest) continue;
    deepest = lost_by(part);
    facts.service = part.name.empty() ? std::string(part.entity.code()) : part.name;
  }
  if (incident.entity.type() == EntityType::service) facts.service = incident.entity.code();
}

}  // namespace

KindFacts gather_kind_facts(const Incident& incident, UserShares& users) {
  KindFacts facts;
  gather_planes(incident, facts);
  gather_providers(incident, facts, users);
  gather_regions(incident, facts);
  gather_services(incident, facts);
  return facts;
}

}  // namespace lightsout::incident
