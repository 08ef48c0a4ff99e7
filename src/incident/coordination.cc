// SPDX-License-Identifier: Apache-2.0
#include "incident/coordination.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

namespace lightsout::incident {

namespace {

// methods.md 4.3: five minutes apart is together, and a quarter of an hour more costs a factor e.
constexpr double kTogetherSeconds = 5 * 60;
constexpr double kApartSeconds = 15 * 60;
constexpr std::int64_t kHalfHour = 1800;
constexpr double kWidthOf90 = 3.29;  // a 90 % interval of a normal distribution, in deviations

// One step with the weight that it has in every mean: users times what was lost of them.
struct Weighted {
  const ProviderStep* step = nullptr;
  double users = 0;
  double weight = 0;
};

std::string_view owner_of(const ProviderStep& step) {
  return step.owner.empty() ? step.provider : step.owner;
}

double deviation_of(const TimeEstimate& time) {
  // A time that claims to be exact was still seen in bins of a minute at least.
  const double width = static_cast<double>((time.latest - time.earliest).count());
  return std::max(width, 60.0) / kWidthOf90;
}

using Moment = std::pair<double, double>;  // seconds, weight

double weighted_median(std::vector<Moment> values) {
  std::sort(values.begin(), values.end());
  double total = 0;
  for (const Moment& value : values) total += value.second;
  double sum = 0;
  for (const Moment& value : values) {
    sum += value.second;
    if (sum >= total / 2) return value.first;
  }
  return 0;
}

double weighted_spread(std::vector<Moment> values) {
  const double middle = weighted_median(values);
  for (Moment& value : values) value.first = std::abs(value.first - middle);
  return weighted_median(std::move(values));
}

// P(N >= k) of independent failures, each with its own chance: the Poisson-binomial tail.
double chance_of(std::size_t at_least, const std::vector<double>& chances) {
  std::vector<double> exactly(at_least + 1, 0);  // the last entry: at_least or more
  exactly[0] = 1;
  for (const double p : chances) {
    exactly[at_least] += at_least > 0 ? exactly[at_least - 1] * p : 0;
    for (std::size_t n = at_least; n-- > 0;) {
      exactly[n] = exactly[n] * (1 - p) + (n > 0 ? exactly[n - 1] * p : 0);
    }
  }
  return std::clamp(exactly[at_least], 0.0, 1.0);
}

bool near_half_hour(Time time, Seconds utc_offset) {
  const std::int64_t local = (time.time_since_epoch() + utc_offset).count();
  const std::int64_t past = ((local % kHalfHour) + kHalfHour) % kHalfHour;
  return std::min(past, kHalfHour - past) <= static_cast<std::int64_t>(kTogetherSeconds);
}

// Groups moments, sorted by time, wherever more than kWaveGap lies between two.
template <typename TimeOf>
std::vector<std::vector<Weighted>> cluster(std::vector<Weighted> items, const TimeOf& time_of) {
  std::stable_sort(items.begin(), items.end(), [&](const Weighted& a, const Weighted& b) {
    return std::pair(time_of(a), a.step->provider) < std::pair(time_of(b), b.step->provider);
  });
  std::vector<std::vector<Weighted>> groups;
  for (const Weighted& item : items) {
    if (groups.empty() || time_of(item) - time_of(groups.back().back()) > kWaveGap) {
      groups.emplace_back();
    }
    groups.back().push_back(item);
  }
  return groups;
}

std::size_t owners_in(const std::vector<Weighted>& group) {
  std::set<std::string_view> owners;
  for (const Weighted& item : group) owners.insert(owner_of(*item.step));
  return owners.size();
}

double weight_of(const std::vector<Weighted>& group) {
  double sum = 0;
  for (const Weighted& item : group) sum += item.weight;
  return sum;
}

template <typename TimeOf>
double spread_of(const std::vector<Weighted>& group, const TimeOf& time_of) {
  std::vector<Moment> moments;
  for (const Weighted& item : group) {
    moments.emplace_back(static_cast<double>((time_of(item) - time_of(group.front())).count()),
                         item.weight);
  }
  return weighted_spread(std::move(moments));
}

// The chance that two users, taken at random from all that were cut, were cut together, 0..1. A
// group of one owner does not count as together, and neither do two groups, however tight each is:
// that is what tells three waves over an evening from one cut.
template <typename TimeOf>
double together(const std::vector<Weighted>& items, const TimeOf& time_of) {
  double sum = 0;
  double total = 0;
  for (const std::vector<Weighted>& group : cluster(items, time_of)) {
    const double weight = weight_of(group);
    total += weight;
    if (owners_in(group) < 2) continue;
    const double late = std::max(0.0, spread_of(group, time_of) - kTogetherSeconds);
    sum += weight * weight * std::exp(-late / kApartSeconds);
  }
  return total > 0 ? sum / (total * total) : 0;
}

class Coordinator {
 public:
  Coordinator(std::span<const ProviderStep> steps, const CoordinationOptions& options)
      : options_(options) {
    weigh(steps);
  }

  Coordination run() {
    if (steps_.empty()) {
      found_.unknown.emplace_back("Which providers fell: no series of single providers was given.");
      return std::move(found_);
    }
    waves();
    ends();
    upstream();
    order();
    score();
    sentence();
    return std::move(found_);
  }

 private:
  static Time begin_of(const Weighted& item) { return item.step->at.value; }
  static Time end_of(const Weighted& item) { return item.step->end->value; }

  void weigh(std::span<const ProviderStep> steps) {
    std::map<std::string_view, std::optional<double>> shares;
    if (steps.size() > kMaxProviderSteps) {
      found_.unknown.push_back(
          fmt::format("{} losses of providers beyond the first {} were left out",
                      steps.size() - kMaxProviderSteps, kMaxProviderSteps));
      steps = steps.first(kMaxProviderSteps);
    }
    for (const ProviderStep& step : steps) shares[step.provider] = step.user_share;
    std::size_t unknown = 0;
    for (const auto& [name, share] : shares) unknown += share ? 0 : 1;
    judged_ = std::max(options_.judged, shares.size());
    // A few known shares say little of the whole: then every provider counts the same.
    const bool equal = unknown * 2 > shares.size();
    if (unknown > 0) {
      found_.unknown.push_back(
          fmt::format("How many users {} of the {} providers that fell serve{}.", unknown,
                      shares.size(), equal ? ", so that each counts the same" : ""));
    }
    for (const ProviderStep& step : steps) {
      const double users = equal ? 1.0 / static_cast<double>(judged_) : step.user_share.value_or(0);
      steps_.push_back({&step, users, users * std::clamp(step.lost, 0.0, 1.0)});
    }
    // When a provider was cut is when it lost most; the smaller steps stand in the waves only.
    std::map<std::string_view, Weighted> main;
    for (const Weighted& item : steps_) {
      const auto [at, fresh] = main.emplace(item.step->provider, item);
      const ProviderStep& kept = *at->second.step;
      const bool greater = item.step->lost > kept.lost;
      const bool earlier = item.step->lost == kept.lost && item.step->at.value < kept.at.value;
      if (!fresh && (greater || earlier)) at->second = item;
    }
    for (const auto& [name, item] : main) main_.push_back({item.step, item.users, item.users});
  }

  double users_in(const std::vector<Weighted>& group) const {
    std::map<std::string_view, double> users;
    for (const Weighted& item : group) users[item.step->provider] = item.users;
    double sum = 0;
    for (const auto& [name, share] : users) sum += share;
    return std::min(1.0, sum);
  }

  void waves() {
    double largest = -1;
    for (const std::vector<Weighted>& group : cluster(steps_, begin_of)) {
      Wave wave{.range = {begin_of(group.front()), begin_of(group.back())},
                .owners = owners_in(group),
                .users = users_in(group),
                .on_half_hour = near_half_hour(begin_of(group.front()), options_.utc_offset)};
      for (const Weighted& item : group) {
        const std::string& name = item.step->provider;
        if (std::find(wave.providers.begin(), wave.providers.end(), name) == wave.providers.end()) {
          wave.providers.push_back(name);
        }
      }
      wave.spread = Seconds{static_cast<std::int64_t>(spread_of(group, begin_of))};
      const double days =
          static_cast<double>(std::max(wave.range.length(), kLeastWave).count()) / 86'400;
      wave.by_chance = chance_of(
          wave.owners, std::vector<double>(judged_, 1 - std::exp(-options_.failures_a_day * days)));
      const double weight = weight_of(group);
      if (wave.coordinated() && weight > largest) {
        largest = weight;
        found_.by_chance = wave.by_chance;
      }
      found_.waves.push_back(std::move(wave));
    }
    found_.users = users_in(steps_);
    found_.start_together = together(main_, begin_of);
    double half_hour = 0;
    for (const std::vector<Weighted>& group : cluster(main_, begin_of)) {
      if (owners_in(group) < 2) continue;
      if (near_half_hour(begin_of(group.front()), options_.utc_offset))
        half_hour += weight_of(group);
    }
    found_.half_hour = weight_of(main_) > 0 ? half_hour / weight_of(main_) : 0;
  }

  void ends() {
    std::vector<Weighted> ended;
    for (const Weighted& item : main_) {
      if (item.step->end) ended.push_back(item);
    }
    if (ended.size() * 2 < main_.size()) {
      found_.unknown.emplace_back("Whether the providers came back together.");
    } else {
      found_.end_together = together(ended, end_of);
    }
  }

  // The upstream through which every route of the largest share of the fallen users went. A
  // provider that fell although it had another way out speaks against a common upstream.
  void upstream() {
    std::map<std::string, double> only;
    double known = 0;
    double fallen = 0;
    for (const Weighted& item : main_) {
      fallen += item.users;
      if (item.step->upstreams.empty()) continue;
      known += item.users;
      const std::set<std::string> through(item.step->upstreams.begin(), item.step->upstreams.end());
      if (through.size() == 1) only[*through.begin()] += item.users;
    }
    if (fallen <= 0 || known < fallen / 2) {
      found_.unknown.emplace_back("Whether one upstream carried them all: paths before not known.");
      return;
    }
    found_.common_upstream = 0;
    for (const auto& [name, users] : only) {
      if (users / known <= *found_.common_upstream) continue;
      found_.common_upstream = users / known;
      found_.upstream = name;
    }
  }

  void order() {
    std::vector<const ProviderStep*> first;
    for (const Weighted& item : steps_) {
      const auto same = std::find_if(first.begin(), first.end(), [&](const ProviderStep* other) {
        return other->provider == item.step->provider;
      });
      if (same == first.end()) {
        first.push_back(item.step);
      } else if (item.step->at.value < (*same)->at.value) {
        *same = item.step;
      }
    }
    std::sort(first.begin(), first.end(), [](const ProviderStep* a, const ProviderStep* b) {
      return std::pair(a->at.value, a->provider) < std::pair(b->at.value, b->provider);
    });
    for (std::size_t i = 0; i + 1 < first.size(); ++i) {
      const double apart =
          static_cast<double>((first[i + 1]->at.value - first[i]->at.value).count());
      const double deviation =
          std::hypot(deviation_of(first[i]->at), deviation_of(first[i + 1]->at));
      found_.order.push_back({first[i]->provider, first[i + 1]->provider,
                              0.5 * std::erfc(-apart / deviation / std::numbers::sqrt2)});
    }
    mobile_first(first);
  }

  // Kendall's tau-b, ties in both: of all pairs of a mobile and another network, who was earlier.
  void mobile_first(const std::vector<const ProviderStep*>& first) {
    double sum = 0;
    double pairs = 0;
    double distinct_times = 0;
    double all = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
      for (std::size_t j = i + 1; j < first.size(); ++j) {
        if (first[i]->access.empty() || first[j]->access.empty()) continue;
        ++all;
        const bool tie = first[i]->at.value == first[j]->at.value;
        distinct_times += tie ? 0 : 1;
        const bool mobile = first[i]->access == "mobile";
        if (mobile == (first[j]->access == "mobile")) continue;
        ++pairs;
        if (!tie) sum += mobile ? 1 : -1;
      }
    }
    if (all > 0 && pairs > 0 && distinct_times > 0) {
      found_.mobile_first = sum / std::sqrt(pairs * distinct_times);
    } else {
      found_.unknown.emplace_back("Whether mobile networks fell first.");
    }
  }

  void score() {
    const bool any = std::any_of(found_.waves.begin(), found_.waves.end(),
                                 [](const Wave& wave) { return wave.coordinated(); });
    if (!any) return;
    double terms = 0.5 * found_.start_together + 0.2 * found_.half_hour;
    // Where one upstream carried them all, one failure of it would look like this.
    const double common = found_.common_upstream.value_or(0);
    const double single =
        1 - std::exp(-options_.failures_a_day * static_cast<double>(kLeastWave.count()) / 86'400);
    found_.by_chance = common * single + (1 - common) * found_.by_chance;
    terms = found_.end_together ? terms + 0.3 * *found_.end_together : terms / 0.7;
    found_.score = found_.users * terms * (1 - found_.by_chance) * (1 - 0.7 * common);
  }

  void sentence() {
    const auto largest = std::max_element(
        found_.waves.begin(), found_.waves.end(),
        [](const Wave& a, const Wave& b) { return a.providers.size() < b.providers.size(); });
    const Wave& wave = *largest;
    if (!wave.coordinated()) {
      found_.sentence = fmt::format(
          "{} fell by itself at {} UTC on {}: one owner is no coordination.",
          wave.providers.front(), format_clock(wave.range.begin), format_date(wave.range.begin));
      return;
    }
    found_.sentence =
        fmt::format("{} of {} providers fell within {} from {} UTC on {}.", wave.providers.size(),
                    judged_, format_duration(std::max(wave.range.length(), Seconds{60})),
                    format_clock(wave.range.begin), format_date(wave.range.begin));
  }

  CoordinationOptions options_;
  std::vector<Weighted> steps_;
  std::vector<Weighted> main_;  // of each provider the step that took most
  std::size_t judged_ = 0;
  Coordination found_;
};

constexpr double kStep = 0.2;  // a further loss from which it is a step of its own

// The losses of one provider one after the other, as the parts of its clearest anomaly have them.
std::vector<ProviderStep> steps_of(const Incident& incident, const PartView& part) {
  ProviderStep step{.provider = part.name.empty() ? std::string(part.entity.code()) : part.name,
                    .owner = part.owner,
                    .access = part.access,
                    .at = part.fell_at,
                    .end = part.returned,
                    .user_share = part.user_share,
                    .lost = part.depth.value,
                    .upstreams = part.upstreams};
  const Anomaly* clearest = nullptr;
  for (const Anomaly& anomaly : incident.evidence) {
    if (anomaly.signal.entity() != part.entity || anomaly.direction != Direction::fall) continue;
    if (clearest == nullptr || anomaly.evidence > clearest->evidence) clearest = &anomaly;
  }
  std::vector<ProviderStep> steps;
  double lost = 0;
  if (clearest != nullptr) {
    const Seconds before = clearest->onset.value - clearest->onset.earliest;
    const Seconds after = clearest->onset.latest - clearest->onset.value;
    for (const AnomalyPart& piece : clearest->parts) {
      const Time at = piece.range.begin;
      if (piece.depth.value - lost >= kStep) {
        step.at = {at, at - before, at + after};
        step.lost = piece.depth.value - lost;
        steps.push_back(step);
      }
      lost = std::max(lost, piece.depth.value);
    }
  }
  if (steps.empty()) steps.push_back(step);
  return steps;
}

}  // namespace

Coordination coordination_of(const Incident& incident, Seconds utc_offset) {
  std::vector<ProviderStep> steps;
  CoordinationOptions options{.utc_offset = utc_offset};
  for (const PartView& part : incident.providers) {
    options.judged += part.judged ? 1 : 0;
    if (!part.fell) continue;
    for (ProviderStep& step : steps_of(incident, part)) steps.push_back(std::move(step));
  }
  return coordinate(steps, options);
}

Coordination coordinate(std::span<const ProviderStep> steps, const CoordinationOptions& options) {
  return Coordinator(steps, options).run();
}

}  // namespace lightsout::incident
