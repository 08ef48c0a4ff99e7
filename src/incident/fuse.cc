// SPDX-License-Identifier: Apache-2.0
#include "incident/fuse.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "incident/investigate.h"

namespace lightsout::incident {

namespace {

constexpr Seconds kHour{3600};
constexpr Seconds kDay{86400};
constexpr Seconds kTouching{30 * 60};      // or two bins, whichever is longer
constexpr Seconds kRepeatGap{12 * 3600};   // methods.md 3.4 step 6
constexpr Seconds kNightlyGap{2 * 86400};  // one night may be skipped
constexpr Seconds kCurfewSlack{3600};      // repeats that begin whole days apart, +- this
constexpr Seconds kLongBefore{48 * 3600};  // a shallow anomaly that began earlier is another story
constexpr double kHalfGone = 0.5;
constexpr double kEqual = 0.5;  // of the seed's depth: deep enough to carry the group

struct Candidate {
  Member member;
  GroupKind kind = GroupKind::other;
  std::string subject;  // groups never mix subjects
  const Anomaly& anomaly() const { return *member.anomaly; }
};

bool is_bad(const Series& series, const Anomaly& anomaly) {
  return (anomaly.direction == Direction::fall) == (series.worse == Worse::low);
}

Candidate classify(const std::vector<Witness>& witnesses, std::size_t index,
                   const Anomaly& anomaly) {
  const Witness& witness = witnesses[index];
  const Series& series = *witness.curve.series;
  Candidate candidate{.member = {index, &anomaly}};
  const Bearing bearing = witness.curve.bearing;
  if (bearing == Bearing::circumvention && anomaly.direction == Direction::rise) {
    candidate.kind = GroupKind::surge;
    candidate.subject = series.id.entity().text();
  } else if (!is_bad(series, anomaly) || bearing == Bearing::context) {
    candidate.kind = GroupKind::other;
  } else if (series.id.entity().type() == EntityType::service) {
    candidate.kind = GroupKind::service;
    candidate.subject = series.id.entity().text();
  } else if (bearing == Bearing::service) {
    candidate.kind = GroupKind::service;
    candidate.subject = series.id.entity().text();
  } else {
    candidate.kind = GroupKind::connectivity;
  }
  return candidate;
}

Seconds gap_between(const TimeRange& a, const TimeRange& b) {
  return std::max({Seconds{0}, b.begin - a.end, a.begin - b.end});
}

bool whole_days_apart(Time a, Time b) {
  const Seconds apart = a < b ? b - a : a - b;
  const Seconds rest = apart % kDay;
  return apart >= kDay - kCurfewSlack && std::min(rest, kDay - rest) <= kCurfewSlack;
}

// Gravest first; the ties are broken by time and name, never by the order of the input.
auto gravity(const Candidate& candidate) {
  const Anomaly& anomaly = candidate.anomaly();
  return std::tuple(-anomaly.depth.value, anomaly.onset.value, anomaly.signal);
}

// Takes the candidates gravest first.
class Gatherer {
 public:
  Gatherer(const std::vector<Witness>& witnesses, std::vector<Candidate> candidates)
      : witnesses_(witnesses),
        candidates_(std::move(candidates)),
        taken_(candidates_.size(), false) {}

  std::vector<Group> gather() {
    std::vector<Group> groups;
    for (std::size_t seed = 0; seed < candidates_.size(); ++seed) {
      if (!taken_[seed]) groups.push_back(grow(seed));
    }
    return groups;
  }

 private:
  Group grow(std::size_t seed) {
    const double seed_depth = candidates_[seed].anomaly().depth.value;
    Group group{.kind = candidates_[seed].kind, .core = candidates_[seed].anomaly().range()};
    take(group, seed);
    for (bool grown = group.kind != GroupKind::other; grown;) {
      grown = false;
      for (std::size_t i = 0; i < candidates_.size(); ++i) {
        const Candidate& other = candidates_[i];
        if (taken_[i] || other.kind != group.kind) continue;
        if (other.subject != candidates_[seed].subject) continue;
        const bool equal = other.anomaly().depth.value >= kEqual * seed_depth;
        if (!joins(group, other, equal)) continue;
        take(group, i);
        grown = true;
        if (!equal) continue;
        const TimeRange range = other.anomaly().range();
        group.core = {std::min(group.core.begin, range.begin), std::max(group.core.end, range.end)};
      }
    }
    std::sort(group.members.begin(), group.members.end(), [](const Member& a, const Member& b) {
      return std::tuple(a.anomaly->onset.value, a.anomaly->signal) <
             std::tuple(b.anomaly->onset.value, b.anomaly->signal);
    });
    return group;
  }

  void take(Group& group, std::size_t index) {
    taken_[index] = true;
    group.members.push_back(candidates_[index].member);
  }

  bool joins(const Group& group, const Candidate& other, bool equal) const {
    const TimeRange range = other.anomaly().range();
    const Series& series = *witnesses_[other.member.witness].curve.series;
    if (!equal && range.begin < group.core.begin - kLongBefore) return false;
    const Seconds gap = gap_between(group.core, range);
    if (gap <= std::max(kTouching, series.step * 2)) return true;
    return equal && std::any_of(group.members.begin(), group.members.end(), [&](const Member& m) {
             return m.witness == other.member.witness && repeats(*m.anomaly, other.anomaly());
           });
  }

  // Flapping, or the same hour of another day.
  static bool repeats(const Anomaly& a, const Anomaly& b) {
    const Seconds gap = gap_between(a.range(), b.range());
    if (gap < kRepeatGap) return true;
    // A curfew is a cut; two mornings of a holiday are two dips.
    const bool cuts = std::min(a.depth.value, b.depth.value) >= kHalfGone;
    const bool nightly = cuts && a.range().length() < kDay && b.range().length() < kDay;
    return nightly && gap < kNightlyGap && whole_days_apart(a.onset.value, b.onset.value);
  }

  const std::vector<Witness>& witnesses_;
  std::vector<Candidate> candidates_;
  std::vector<bool> taken_;
};

// What is no fall of connectivity but happened during one (a burst of routing updates, traffic
// above the ordinary on its return) is evidence of that incident, not an incident of its own.
void adopt_bystanders(const std::vector<Witness>& witnesses, std::vector<Group>& groups) {
  std::vector<Group> kept;
  std::vector<Group> bystanders;
  for (Group& group : groups) {
    (group.kind == GroupKind::other ? bystanders : kept).push_back(std::move(group));
  }
  for (Group& bystander : bystanders) {
    const Time onset = bystander.core.begin;
    const auto entity = [&](const Group& group) {
      return witnesses[group.members.front().witness].curve.series->id.entity();
    };
    const auto home = std::find_if(kept.begin(), kept.end(), [&](const Group& group) {
      const bool fits =
          group.kind == GroupKind::connectivity
              ? group.members.size() > 1
              : group.kind == GroupKind::service && entity(group) == entity(bystander);
      return fits && group.core.begin - kHour * 2 <= onset && onset < group.core.end;
    });
    if (home == kept.end()) {
      kept.push_back(std::move(bystander));
    } else {
      home->members.push_back(bystander.members.front());
    }
  }
  groups = std::move(kept);
}

}  // namespace

Role role_of(const Entity& investigated, const Entity& other) {
  if (other == investigated) return Role::own;
  if (investigated.type() == EntityType::country && other.country() == investigated.code()) {
    if (other.type() == EntityType::region) return Role::region;
    if (other.type() == EntityType::asn) return Role::provider;
    if (other.type() == EntityType::service) return Role::service;
  }
  // asn:N for asn:N@country:CC and the other way round is another quantity, not a part.
  if (investigated.type() == EntityType::asn && investigated.country().empty() &&
      other.type() == EntityType::asn && other.asn() == investigated.asn()) {
    return Role::provider;
  }
  if (other.type() == EntityType::service && investigated.type() == EntityType::asn &&
      other.asn() == investigated.asn()) {
    return Role::service;
  }
  if (investigated.type() == EntityType::service && investigated.country().empty() &&
      other.type() == EntityType::service && other.code() == investigated.code()) {
    return Role::service;
  }
  return Role::unrelated;
}

std::vector<Group> fuse(const std::vector<Witness>& witnesses, std::size_t& left_out) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    for (const Anomaly& anomaly : witnesses[i].curve.detection->anomalies) {
      candidates.push_back(classify(witnesses, i, anomaly));
    }
    for (const Anomaly& anomaly : witnesses[i].coincident) {
      candidates.push_back(classify(witnesses, i, anomaly));
    }
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const auto& a, const auto& b) { return gravity(a) < gravity(b); });
  left_out = candidates.size() - std::min(candidates.size(), kMaxFusedAnomalies);
  candidates.erase(candidates.end() - static_cast<std::ptrdiff_t>(left_out), candidates.end());
  std::vector<Group> groups = Gatherer(witnesses, std::move(candidates)).gather();
  adopt_bystanders(witnesses, groups);
  return groups;
}

}  // namespace lightsout::incident
