// SPDX-License-Identifier: Apache-2.0
#include "incident/mechanism.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "incident/mechanism_features.h"

namespace lightsout::incident {

namespace {

enum class State : std::uint8_t { stood, partly, gone, unknown };

constexpr double kGone = 0.6;  // share lost from which a plane counts as gone
constexpr std::size_t kPlanesNeeded = 2;

// P(state | mechanism) for stood, partly, gone.
using Odds = std::array<double, 3>;

struct Model {
  Mechanism mechanism;
  double prior;
  Odds control;
  Odds data;
  Odds traffic;
  Odds service;
  double recut;      // factor when connectivity came back and was cut again three times or more
  double together;   // factor when providers fell within a quarter of an hour
  double staggered;  // factor when it took them more than half an hour
};

// docs/methods/mechanism.md says where each row comes from.
// clang-format off
constexpr std::array<Model, 12> kModels{{
    // mechanism                     prior  routes           answers          traffic          service         recut together staggered
    {Mechanism::filtering,           0.20, {.85, .12, .03}, {.03, .12, .85}, {.02, .13, .85}, {.5, .3, .2},   3.0, 2.0, 0.5},
    {Mechanism::withdrawal,          0.10, {.02, .18, .80}, {.05, .15, .80}, {.03, .15, .82}, {.5, .3, .2},   3.0, 2.0, 0.5},
    {Mechanism::access_network,      0.15, {.75, .20, .05}, {.35, .45, .20}, {.10, .50, .40}, {.5, .3, .2},   3.0, 2.0, 0.7},
    {Mechanism::cable_or_upstream,   0.10, {.20, .35, .45}, {.10, .35, .55}, {.10, .40, .50}, {.5, .3, .2},   0.3, 1.0, 2.0},
    {Mechanism::power,               0.10, {.30, .50, .20}, {.05, .55, .40}, {.05, .55, .40}, {.5, .3, .2},   0.5, 0.7, 2.0},
    {Mechanism::service_block,       0.15, {.97, .02, .01}, {.95, .04, .01}, {.85, .13, .02}, {.02, .18, .8}, 1.0, 1.0, 1.0},
    {Mechanism::throttling,          0.10, {.97, .02, .01}, {.80, .15, .05}, {.05, .45, .50}, {.3, .4, .3},   1.0, 1.0, 1.0},
    {Mechanism::measurement_fault,   0.10, {.70, .15, .15}, {.60, .20, .20}, {.60, .20, .20}, {.6, .2, .2},   1.0, 1.0, 1.0},
    {Mechanism::ipv6_only,           0.03, {.10, .30, .60}, {.93, .05, .02}, {.75, .22, .03}, {.6, .3, .1},   1.0, 1.5, 1.0},
    {Mechanism::dns,                 0.03, {.97, .02, .01}, {.95, .04, .01}, {.15, .45, .40}, {.05, .25, .7}, 1.0, 1.0, 1.0},
    {Mechanism::tls,                 0.03, {.97, .02, .01}, {.95, .04, .01}, {.35, .50, .15}, {.02, .18, .8}, 1.0, 1.0, 1.0},
    {Mechanism::one_way,             0.03, {.85, .12, .03}, {.03, .12, .85}, {.75, .20, .05}, {.4, .3, .3},   2.0, 1.5, 0.7},
}};
// clang-format on
constexpr Seconds kTogether{15 * 60};
constexpr Seconds kStaggered{30 * 60};
constexpr Seconds kWave{45 * 60};  // methods.md 4.3: onsets further apart are two waves
constexpr std::size_t kProvidersNeeded = 3;
// Each further independent source that fell makes our own blindness fifty times less likely.
constexpr double kSourceFault = 0.02;
// What only this mechanism shows, seen or looked for and not seen: odds of twenty to one.
constexpr double kFeature = 20;
constexpr double kCurfew = 5;  // a fixed hour speaks for a hand on a switch, whatever the switch

double chance(const Odds& odds, State state) {
  return state == State::unknown ? 1 : odds[static_cast<std::size_t>(state)];
}

State state_of(const Planes& planes, Plane plane) {
  const auto found = planes.find(plane);
  if (found == planes.end()) return State::unknown;
  const PlaneSummary& summary = found->second;
  if (summary.depth >= kGone) return State::gone;
  if (summary.depth >= kNotable) return State::partly;
  return State::stood;
}

struct Facts {
  State control = State::unknown;
  State data = State::unknown;
  State traffic = State::unknown;
  State service = State::unknown;
  double control_depth = 0;
  double data_depth = 0;
  double traffic_depth = 0;
  std::size_t planes = 0;   // of control, data and traffic
  std::size_t sources = 0;  // independent sources that fell
  std::size_t windows = 0;
  bool curfew = false;
  bool parts = false;                     // regions or providers were measured
  bool tests = false;                     // results of tests kept arriving
  double source_down = 0;                 // share of the struck series' samples
  std::size_t wave = 0;                   // providers of the largest wave
  Seconds wave_length{0};                 // from the first of them to the last
  std::map<Mechanism, Feature> features;  // those that were measured
  bool together() const { return wave >= kProvidersNeeded && wave_length <= kTogether; }
  bool staggered() const { return wave >= kProvidersNeeded && wave_length > kStaggered; }
};

void gather_wave(const std::vector<Witness>& witnesses, const Course& course, Facts& facts) {
  std::map<std::string, Time> first;  // of each provider
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    if (witnesses[i].role != Role::provider || !course.sights[i].fell) continue;
    const Time fell = course.sights[i].fell_at.value;
    const auto [at, added] = first.try_emplace(witnesses[i].curve.series->id.entity().text(), fell);
    at->second = std::min(at->second, fell);
  }
  std::vector<Time> onsets;
  for (const auto& [name, onset] : first) onsets.push_back(onset);
  std::sort(onsets.begin(), onsets.end());
  for (std::size_t begin = 0; begin < onsets.size();) {
    std::size_t end = begin + 1;
    while (end < onsets.size() && onsets[end] - onsets[end - 1] <= kWave) ++end;
    if (end - begin > facts.wave) {
      facts.wave = end - begin;
      facts.wave_length = onsets[end - 1] - onsets[begin];
    }
    begin = end;
  }
}

Facts gather(const std::vector<Witness>& witnesses, const Course& course,
             const Recurrence& recurrence) {
  const Planes planes = summarise(witnesses, course, course.of_parts);
  const auto depth = [&](Plane plane) {
    const auto found = planes.find(plane);
    return found == planes.end() ? 0.0 : found->second.depth;
  };
  Facts facts{.control = state_of(planes, Plane::control),
              .data = state_of(planes, Plane::data),
              .traffic = state_of(planes, Plane::traffic),
              .service = state_of(planes, Plane::application),
              .control_depth = depth(Plane::control),
              .data_depth = depth(Plane::data),
              .traffic_depth = depth(Plane::traffic),
              .windows = course.windows.size(),
              .curfew = recurrence.curfew_like};
  for (const State state : {facts.control, facts.data, facts.traffic}) {
    facts.planes += state != State::unknown ? 1 : 0;
  }
  std::set<std::string> sources;
  double down = 0;
  double all = 0;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    const Series& series = *witnesses[i].curve.series;
    const Role role = witnesses[i].role;
    if (witnesses[i].curve.judged() && (role == Role::provider || role == Role::region)) {
      facts.parts = true;
    }
    if (series.plane == Plane::application && series.unit == Unit::count) {
      const SampleCounts counts = count_samples(series, {course.onset.value, course.data_through});
      facts.tests |= (counts.numbers - counts.zeros) * 2 > counts.numbers;
    }
    if (!course.sights[i].fell || course.sights[i].trough.depth.value < kNotable) continue;
    sources.insert(series.id.source());
    const SampleCounts counts = count_samples(series, course.sights[i].trough.range);
    down += static_cast<double>(counts.source_down);
    all += static_cast<double>(counts.numbers + counts.missing + counts.suppressed +
                               counts.source_down);
  }
  facts.sources = sources.size();
  facts.source_down = all > 0 ? down / all : 0;
  gather_wave(witnesses, course, facts);
  for (const Model& model : kModels) {
    if (auto feature = feature_of(model.mechanism, witnesses, course)) {
      facts.features.emplace(model.mechanism, std::move(*feature));
    }
  }
  return facts;
}

double weight(const Model& model, const Facts& facts) {
  const auto feature = facts.features.find(model.mechanism);
  // Told by nothing but its feature: without one it has no part in the sum.
  if (feature == facts.features.end() && needs_feature(model.mechanism)) return 0;
  double weight = model.prior * chance(model.control, facts.control) *
                  chance(model.data, facts.data) * chance(model.traffic, facts.traffic) *
                  chance(model.service, facts.service);
  if (feature != facts.features.end()) {
    weight *= feature->second.seen ? kFeature : 1 / kFeature;
  }
  if (facts.windows >= 3) weight *= model.recut;
  if (facts.together()) weight *= model.together;
  if (facts.staggered()) weight *= model.staggered;
  const bool switched = model.recut > 1;
  if (facts.curfew && switched) weight *= kCurfew;
  if (model.mechanism == Mechanism::measurement_fault && facts.sources > 1) {
    weight *= std::pow(kSourceFault, static_cast<double>(facts.sources - 1));
  }
  return weight;
}

std::string lost(std::string_view what, double depth) {
  return fmt::format("{} lost {:.1f} % of what was expected", what, depth * 100);
}

struct Words {
  std::vector<std::string>& speaks_for;
  std::vector<std::string>& against;
  void say(bool in_favour, std::string text) {
    (in_favour ? speaks_for : against).push_back(std::move(text));
  }
};

void argue_planes(const Model& model, const Facts& facts, Words words) {
  const auto plane = [&](State state, const Odds& odds, const std::string& text) {
    if (state == State::unknown) return;
    // Against even odds over the three states.
    words.say(chance(odds, state) >= 1.0 / 3, text);
  };
  plane(facts.control, model.control,
        facts.control == State::stood
            ? fmt::format("routes stayed announced (at most {:.1f} % lost)",
                          facts.control_depth * 100)
            : lost("routes", facts.control_depth));
  plane(facts.data, model.data,
        facts.data == State::stood ? "networks went on answering probes"
                                   : lost("answers to probes", facts.data_depth));
  plane(facts.traffic, model.traffic,
        facts.traffic == State::stood ? (facts.tests ? "tests kept arriving" : "traffic went on")
                                      : lost("traffic", facts.traffic_depth));
  plane(facts.service, model.service,
        facts.service == State::stood ? "tests of services went on as before"
                                      : "tests of services failed");
}

void argue(const Model& model, const Facts& facts, Hypothesis& hypothesis) {
  Words words{hypothesis.speaks_for, hypothesis.speaks_against};
  if (model.mechanism == Mechanism::measurement_fault) {
    words.say(facts.sources < 2, facts.sources < 2
                                     ? "one source only: nobody else saw it"
                                     : fmt::format("{} independent sources fell", facts.sources));
    if (facts.source_down > 0) {
      words.say(true, fmt::format("{:.0f} % of the samples are marked as source down",
                                  facts.source_down * 100));
    }
    return;
  }
  if (const auto feature = facts.features.find(model.mechanism); feature != facts.features.end()) {
    words.say(feature->second.seen, feature->second.text);
  }
  argue_planes(model, facts, words);
  if (facts.windows >= 3 && model.recut != 1) {
    words.say(model.recut > 1,
              fmt::format("connectivity came back and was cut again {} times", facts.windows));
  }
  if (facts.together() && model.together != 1) {
    words.say(model.together > 1, fmt::format("{} providers fell within {} min", facts.wave,
                                              facts.wave_length.count() / 60));
  }
  if (facts.staggered() && model.staggered != 1) {
    words.say(model.staggered > 1, fmt::format("{} providers fell one after the other, over {} min",
                                               facts.wave, facts.wave_length.count() / 60));
  }
  if (facts.curfew && model.recut != 1) {
    words.say(model.recut > 1, "it came back at a fixed time of day");
  }
}

std::vector<std::string> refutations(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::filtering:
      return {"the routes of the same networks withdrawn before packets died",
              "packets passing in both directions during the cut"};
    case Mechanism::withdrawal:
      return {"routes of the silent networks seen by most full-feed peers during the cut"};
    case Mechanism::access_network:
      return {"fixed lines and data centres falling in the same minutes",
              "mobile networks reachable during the cut"};
    case Mechanism::cable_or_upstream:
      return {"networks with other upstreams falling in the same minutes",
              "the landing or the upstream up during the cut"};
    case Mechanism::power:
      return {"electricity on where the networks fell",
              "networks of regions with electricity falling alike"};
    case Mechanism::service_block:
      return {"other services failing in the same tests"};
    case Mechanism::throttling:
      return {"downloads at ordinary speed", "connections failing outright",
              "traffic that falls to nothing instead of staying at a level"};
    case Mechanism::ipv6_only:
      return {"IPv4 routes of the same networks withdrawn in the same minutes"};
    case Mechanism::dns:
      return {"names resolving during the failure", "sites failing by their addresses, too"};
    case Mechanism::tls:
      return {"handshakes with the same server names succeeding",
              "plain connections failing alike"};
    case Mechanism::one_way:
      return {"packets from inside failing to reach the outside",
              "answers to probes during the cut"};
    case Mechanism::measurement_fault:
      return {"a second, independent source that fell at the same time"};
  }
  return {};
}

bool testable(const Model& model, const Facts& facts, const Group& group) {
  switch (model.mechanism) {
    case Mechanism::cable_or_upstream:
    case Mechanism::power:
    case Mechanism::access_network:
      return facts.parts && facts.planes >= kPlanesNeeded;
    case Mechanism::service_block:
    case Mechanism::throttling:
      return facts.service != State::unknown || facts.planes >= kPlanesNeeded;
    case Mechanism::measurement_fault:
      return true;
    case Mechanism::ipv6_only:
    case Mechanism::dns:
    case Mechanism::tls:
    case Mechanism::one_way:
      return facts.features.contains(model.mechanism);
    default:
      return group.kind == GroupKind::connectivity && facts.planes >= kPlanesNeeded;
  }
}

std::string verdict_of(double posterior) {
  if (posterior >= 0.6) return "likely";
  if (posterior >= 0.1) return "possible";
  return "unlikely";
}

}  // namespace

std::vector<Hypothesis> weigh_mechanisms(const std::vector<Witness>& witnesses, const Group& group,
                                         const Course& course, const Recurrence& recurrence) {
  std::vector<Hypothesis> hypotheses;
  if (group.kind == GroupKind::surge || group.kind == GroupKind::other) return hypotheses;
  Facts facts = gather(witnesses, course, recurrence);
  if (group.kind == GroupKind::service) {
    const auto depth = course.depth.value;
    facts.service = depth >= kGone ? State::gone : depth >= kNotable ? State::partly : State::stood;
  }
  // Whoever sent in tests was connected: that is what is known of connectivity then.
  if (facts.service != State::unknown && facts.traffic == State::unknown && facts.tests) {
    facts.traffic = State::stood;
  }
  double total = 0;
  for (const Model& model : kModels) total += weight(model, facts);
  CHECK(total > 0);
  for (const Model& model : kModels) {
    Hypothesis hypothesis{.mechanism = model.mechanism,
                          .would_refute = refutations(model.mechanism)};
    const bool told = !needs_feature(model.mechanism) || facts.features.contains(model.mechanism);
    if (told) argue(model, facts, hypothesis);
    if (testable(model, facts, group)) {
      hypothesis.posterior = weight(model, facts) / total;
      hypothesis.verdict = verdict_of(*hypothesis.posterior);
    } else {
      hypothesis.verdict = "not measured";
    }
    hypotheses.push_back(std::move(hypothesis));
  }
  std::stable_sort(hypotheses.begin(), hypotheses.end(), [](const auto& a, const auto& b) {
    return a.posterior.value_or(-1) > b.posterior.value_or(-1);
  });
  return hypotheses;
}

}  // namespace lightsout::incident
