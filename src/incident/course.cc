// SPDX-License-Identifier: Apache-2.0
#include "incident/course.h"

#include <algorithm>
#include <map>

#include "incident/windows.h"

namespace lightsout::incident {

namespace {

constexpr Seconds kHour{3600};
constexpr double kStruck = 0.5;     // of the deepest: what carries the course
constexpr double kMainPhase = 0.1;  // near-total for this share of the time, or no main phase
constexpr double kHalfOfIt = 0.5;   // of a lasting shift: below, its depth is that of the whole
constexpr std::size_t kMaxPhases = 1000;  // the last one holds what follows
// Smallest loss that counts as reduced: routes and answers to probes are steady to a few percent,
// traffic has moods (methods.md 3.4.1: a holiday took 45 %, so it never dates an onset by itself).
constexpr double kReducedSteady = 0.05;
constexpr double kReducedTraffic = 0.3;
constexpr double kReducedPart = 0.2;

// The entity's own series on the planes of connectivity; else its parts'; else whatever fell.
std::vector<std::size_t> choose_struck(const std::vector<Witness>& witnesses,
                                       const std::vector<Sight>& sights, bool& of_parts) {
  const auto choose = [&](auto&& allowed) {
    double deepest = 0;
    for (const Sight& sight : sights) {
      if (sight.fell && allowed(witnesses[sight.witness])) {
        deepest = std::max(deepest, sight.trough.depth.value);
      }
    }
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < sights.size(); ++i) {
      if (!sights[i].fell || !allowed(witnesses[i])) continue;
      if (sights[i].trough.depth.value >= kStruck * deepest) chosen.push_back(i);
    }
    return chosen;
  };
  auto chosen = choose([](const Witness& witness) {
    return witness.role == Role::own && witness.curve.bearing == Bearing::connectivity;
  });
  of_parts = chosen.empty();
  if (chosen.empty()) {
    chosen = choose([](const Witness& witness) {
      return witness.role != Role::own && witness.curve.bearing == Bearing::connectivity;
    });
  }
  if (chosen.empty()) {
    of_parts = false;
    chosen = choose([](const Witness&) { return true; });
  }
  return chosen;
}

// A fall, for one series: from where sums of (loss - line) up to `until` are greatest. nullopt when
// it was not below the line on the way.
std::optional<TimeEstimate> reduced_since(const Curve& curve, Time until, double line) {
  const BinRange bins = bins_in(*curve.series, {until - kLookBack, until});
  double sum = 0;
  double best = 0;
  std::optional<std::size_t> from;
  std::size_t count = 0;
  std::size_t ordinary = 0;  // bins in a row that were not reduced: a break of an hour ends it
  for (std::size_t bin = bins.last; bin-- > bins.first;) {
    if (!curve.known(bin) || curve.series->time_of(bin) + curve.series->step > until) continue;
    const double excess = curve.loss[bin] - std::max(line, curve.spread[bin] / 2);
    ordinary = excess > 0 ? 0 : ordinary + 1;
    if (ordinary >= 3 && curve.series->step * static_cast<std::int64_t>(ordinary) >= kHour) break;
    sum += excess;
    ++count;
    if (sum > best && count >= 2) {
      best = sum;
      from = bin;
    }
  }
  if (!from) return std::nullopt;
  const Time at = curve.series->time_of(*from);
  return TimeEstimate{at, at - curve.series->step, at + curve.series->step};
}

class Follower {
 public:
  Follower(const std::vector<Witness>& witnesses, const Group& group)
      : witnesses_(witnesses), group_(group) {}

  Course follow() {
    for (std::size_t i = 0; i < witnesses_.size(); ++i) {
      course_.sights.push_back(see(witnesses_, i, group_));
    }
    course_.struck = choose_struck(witnesses_, course_.sights, course_.of_parts);
    if (course_.struck.empty()) {
      follow_bystander();
      return std::move(course_);
    }
    for (const std::size_t i : course_.struck) {
      course_.data_through =
          std::max(course_.data_through, witnesses_[i].curve.series->data_through());
    }
    place_onset();
    place_end();
    course_.composite = compose(witnesses_, course_.struck, {course_.onset.value, followed_to()});
    course_.windows = find_windows(witnesses_, course_);
    place_phases();
    place_depth();
    return std::move(course_);
  }

 private:
  // Nothing fell: a surge, traffic above the ordinary, slower answers.
  void follow_bystander() {
    const Anomaly& first = *group_.members.front().anomaly;
    course_.onset = first.onset;
    course_.data_through = first.data_through;
    course_.depth = first.depth;
    course_.end = first.end;
    for (const Member& member : group_.members) {
      const Anomaly& anomaly = *member.anomaly;
      course_.data_through = std::max(course_.data_through, anomaly.data_through);
      if (anomaly.depth.value > course_.depth.value) course_.depth = anomaly.depth;
      if (!course_.end) continue;
      if (!anomaly.end || anomaly.end->value > course_.end->value) course_.end = anomaly.end;
    }
  }

  const Curve& curve(std::size_t sight) const { return witnesses_[sight].curve; }
  Plane plane(std::size_t sight) const { return curve(sight).series->plane; }
  bool steady(std::size_t sight) const {
    return plane(sight) == Plane::control || plane(sight) == Plane::data;
  }

  // The first fall of routes or answers to probes, or the second of anything else: one usage signal
  // by itself does not date an incident.
  void place_onset() {
    std::vector<std::size_t> order = course_.struck;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(course_.sights[a].fell_at.value, a) <
             std::pair(course_.sights[b].fell_at.value, b);
    });
    std::size_t seen = 0;
    for (const std::size_t i : order) {
      ++seen;
      if (steady(i) || seen == 2 || order.size() == 1 || course_.of_parts) {
        course_.onset = course_.sights[i].fell_at;
        break;
      }
    }
    fallen_ = course_.onset.value;
    look_back();
  }

  // To the end of the data, or some time after the end of the incident: then it is history.
  Time followed_to() const {
    if (!course_.end) return course_.data_through;
    Seconds after{0};
    for (const std::size_t i : course_.struck) {
      after = std::max(after, after_of(*curve(i).series));
    }
    return std::min(course_.data_through, course_.end->value + after);
  }

  // Reduced before it was cut: what leads up to the fall without a break.
  void look_back() {
    const auto earlier = [&](const TimeEstimate& begin) {
      if (begin.value < course_.onset.value) course_.onset = begin;
    };
    std::vector<TimeEstimate> usage;
    std::size_t usages = 0;
    for (const std::size_t i : course_.struck) {
      if (witnesses_[i].role != Role::own || curve(i).bearing != Bearing::connectivity) continue;
      const auto since =
          reduced_since(curve(i), fallen_, steady(i) ? kReducedSteady : kReducedTraffic);
      if (!steady(i)) ++usages;
      if (!since) continue;
      if (steady(i)) {
        earlier(*since);
      } else {
        usage.push_back(*since);
      }
    }
    const auto by_time = [](const TimeEstimate& a, const TimeEstimate& b) {
      return a.value < b.value;
    };
    std::sort(usage.begin(), usage.end(), by_time);
    if (usages == 1 && usage.size() == 1) earlier(usage[0]);
    if (usage.size() >= 2) earlier(usage[1]);
    std::map<std::string, TimeEstimate> earliest;  // of each provider, over its series
    for (const Sight& sight : course_.sights) {
      const Witness& witness = witnesses_[sight.witness];
      if (!sight.fell || witness.role != Role::provider) continue;
      if (sight.trough.depth.value < kReducedPart) continue;
      if (sight.fell_at.value < fallen_ - kLookBack) continue;
      const std::string& name = witness.curve.series->id.entity().text();
      const auto [at, first] = earliest.try_emplace(name, sight.fell_at);
      if (!first && sight.fell_at.value < at->second.value) at->second = sight.fell_at;
    }
    std::vector<TimeEstimate> parts;
    for (const auto& [name, fell_at] : earliest) parts.push_back(fell_at);
    if (parts.size() < 2 || course_.of_parts) return;
    std::sort(parts.begin(), parts.end(), by_time);
    earlier(parts[1]);
  }

  void place_end() {
    bool all_closed = true;
    bool all_back = true;
    TimeEstimate last{};
    for (const std::size_t i : course_.struck) {
      const Sight& sight = course_.sights[i];
      if (!sight.returned) all_back = false;
      if (sight.returned && sight.returned->value > last.value) last = *sight.returned;
    }
    Time closed{};
    for (const Member& member : group_.members) {
      const bool struck = std::find(course_.struck.begin(), course_.struck.end(), member.witness) !=
                          course_.struck.end();
      if (!struck || !is_fall(witnesses_[member.witness], *member.anomaly)) continue;
      if (member.anomaly->open()) {
        all_closed = false;
      } else if (member.anomaly->end->value > closed) {
        closed = member.anomaly->end->value;
        closed_ = *member.anomaly->end;
      }
    }
    if (all_back) total_ = last;
    if (all_closed) course_.end = closed_;
    course_.ending = !course_.end && (all_back || fading());
  }

  // The last bins are well above the rest: at most three quarters of the depth is left.
  bool fading() const {
    for (const std::size_t i : course_.struck) {
      const Curve& at = curve(i);
      const double depth = course_.sights[i].trough.depth.value;
      const Seconds tail = std::max(at.series->step * 2, kHour * 6);
      const Time through = at.series->data_through();
      const auto loss = loss_over(at, {through - tail, through});
      if (!loss || loss->value > 0.75 * depth) return false;
    }
    return true;
  }

  void place_phases();
  void place_depth();
  std::vector<PhaseKind> states() const;
  void absorb_short(std::vector<PhaseKind>& states) const;
  bool windowed(const TimeRange& at) const {
    const Time middle = at.begin + at.length() / 2;
    return std::any_of(course_.windows.begin(), course_.windows.end(),
                       [&](const Window& window) { return window.range.contains(middle); });
  }

  const std::vector<Witness>& witnesses_;
  const Group& group_;
  Course course_;
  Time fallen_{};
  TimeEstimate closed_{};
  std::optional<TimeEstimate> total_;
};

// Bin by bin what the composite alone says.
std::vector<PhaseKind> Follower::states() const {
  const Composite& composite = course_.composite;
  std::vector<PhaseKind> states(composite.loss.size(), PhaseKind::reduced);
  bool near = false;
  bool was_near = false;
  for (std::size_t bin = 0; bin < states.size(); ++bin) {
    const double loss = composite.loss[bin];
    if (loss == loss) near = loss >= (near ? kNearTotalKept : kNearTotal);
    was_near |= near;
    states[bin] = near       ? PhaseKind::near_total
                  : was_near ? PhaseKind::partial_recovery
                             : PhaseKind::reduced;
  }
  return states;
}

// A flicker of a bin or two is no phase.
void Follower::absorb_short(std::vector<PhaseKind>& states) const {
  const std::size_t least = course_.composite.step >= kHour * 2 ? 1 : 2;
  for (std::size_t begin = 0; begin < states.size();) {
    std::size_t end = begin;
    while (end < states.size() && states[end] == states[begin]) ++end;
    if (end - begin < least && begin > 0 && end < states.size() &&
        states[begin] != PhaseKind::near_total) {
      std::fill(states.begin() + static_cast<std::ptrdiff_t>(begin),
                states.begin() + static_cast<std::ptrdiff_t>(end), states[begin - 1]);
    }
    begin = end;
  }
}

void Follower::place_phases() {
  std::vector<PhaseKind> state = states();
  absorb_short(state);
  std::optional<Time> first_return;
  for (const std::size_t i : course_.struck) {
    const auto& returned = course_.sights[i].returned;
    if (returned && (!first_return || returned->value < *first_return)) {
      first_return = returned->value;
    }
  }
  const Composite& composite = course_.composite;
  for (std::size_t bin = 0; bin < state.size(); ++bin) {
    const TimeRange at = composite.range_of(bin);
    if (windowed(at)) state[bin] = PhaseKind::partial_recovery;
    if (first_return && at.begin >= *first_return) state[bin] = PhaseKind::partial_recovery;
    const bool over = course_.end && at.begin >= course_.end->value;
    if (over || (total_ && at.begin >= total_->value)) state[bin] = PhaseKind::total_recovery;
  }
  for (std::size_t bin = 0; bin < state.size(); ++bin) {
    const TimeRange at = composite.range_of(bin);
    const bool same = !course_.phases.empty() && course_.phases.back().kind == state[bin];
    if (same || course_.phases.size() == kMaxPhases) {
      course_.phases.back().range.end = at.end;
    } else {
      course_.phases.push_back({.kind = state[bin], .range = at});
    }
  }
  if (course_.phases.empty()) return;
  course_.phases.front().range.begin = course_.onset.value;
  course_.phases.back().range.end = std::max(followed_to(), course_.onset.value);
  course_.phases.back().open = followed_to() >= course_.data_through;
}

// Over the near-total phases, or over the whole where there are none; of the plane that lost most.
void Follower::place_depth() {
  const auto depth_over = [&](const TimeRange& range) {
    std::map<Plane, std::vector<Estimate>> planes;
    for (const std::size_t i : course_.struck) {
      const auto loss = loss_over(curve(i), range);
      if (loss) planes[plane(i)].push_back(*loss);
    }
    std::optional<Estimate> deepest;
    for (auto& [plane, losses] : planes) {
      std::sort(losses.begin(), losses.end(),
                [](const Estimate& a, const Estimate& b) { return a.value < b.value; });
      Estimate middle = losses[losses.size() / 2];
      if (losses.size() % 2 == 0) {
        const Estimate& other = losses[losses.size() / 2 - 1];
        middle = {(middle.value + other.value) / 2, (middle.low + other.low) / 2,
                  (middle.high + other.high) / 2};
      }
      if (!deepest || middle.value > deepest->value) deepest = middle;
    }
    return deepest;
  };
  const auto length = [](const Phase& phase) { return phase.range.length(); };
  const Phase* main = nullptr;
  Seconds fallen{0};
  Seconds near{0};
  for (Phase& phase : course_.phases) {
    phase.depth = depth_over(phase.range).value_or(Estimate{});
    if (phase.kind != PhaseKind::total_recovery) fallen += phase.range.length();
    if (phase.kind != PhaseKind::near_total) continue;
    near += phase.range.length();
    if (main == nullptr || length(phase) > length(*main)) main = &phase;
  }
  const auto share = static_cast<double>(near.count()) / static_cast<double>(fallen.count() + 1);
  const bool lasting = std::any_of(group_.members.begin(), group_.members.end(),
                                   [](const Member& member) { return member.anomaly->lasting; });
  if (lasting && (main == nullptr || share < kHalfOfIt)) {
    const Time end = course_.end ? course_.end->value : course_.data_through;
    course_.depth = depth_over({course_.onset.value, end}).value_or(Estimate{});
    return;
  }
  if (main != nullptr && share >= kMainPhase) {
    course_.depth = main->depth;
    return;
  }
  // No near-total phase: the deepest trough of the plane that lost most.
  std::optional<Estimate> deepest;
  for (const std::size_t i : course_.struck) {
    const Estimate& depth = course_.sights[i].trough.depth;
    if (!deepest || depth.value > deepest->value) deepest = depth;
  }
  course_.depth = deepest.value_or(Estimate{});
}

}  // namespace

Course follow(const std::vector<Witness>& witnesses, const Group& group) {
  return Follower(witnesses, group).follow();
}

}  // namespace lightsout::incident
