// SPDX-License-Identifier: Apache-2.0
#include "cases/course_indicators.h"

#include <fmt/format.h>

#include <algorithm>

#include "incident/coordination.h"

namespace lightsout {

namespace {

constexpr Seconds kDay{86'400};
constexpr Seconds kTogether{15 * 60};   // as in the weighing of causes (methods/mechanism.md)
constexpr Seconds kStaggered{30 * 60};  // the same
constexpr Seconds kShortFall{2 * 3600};
constexpr Seconds kPrelude{3 * 86'400};   // a service before: methods.md 2.3
constexpr Seconds kRoutesLater{30 * 60};  // batteries of the routers
constexpr std::size_t kFewest = 3;        // providers
constexpr double kMobileFirst = 0.2;      // tau-b
constexpr double kOneWayOut = 0.8;        // share of the users that fell
constexpr double kOwnWayOut = 0.5;        // below it networks with other upstreams fell, too

IndicatorLine line_of(std::string name) {
  return {.name = std::move(name), .detail = {}, .leaning = Leaning::not_measured, .adds = {}};
}

std::size_t fallen_providers(const Incident& incident) {
  return static_cast<std::size_t>(
      std::count_if(incident.providers.begin(), incident.providers.end(),
                    [](const PartView& part) { return part.judged && part.fell; }));
}

std::string within(Seconds length) {
  return length < Seconds{60} ? "one bin" : format_duration(length);
}

const incident::Wave* largest_wave(const incident::Coordination& found) {
  const incident::Wave* largest = nullptr;
  for (const incident::Wave& wave : found.waves) {
    if (!wave.coordinated()) continue;
    if (largest == nullptr || wave.providers.size() > largest->providers.size()) largest = &wave;
  }
  return largest;
}

// At the start: of the largest wave of two owners or more, so that a first wave the day before does
// not make the second one late.
IndicatorLine start_line(const Incident& incident, const incident::Coordination& found) {
  IndicatorLine line = line_of("providers fell together");
  const std::size_t fell = fallen_providers(incident);
  if (fell < kFewest) {
    line.detail = "fewer than three providers were seen to fall";
    return line;
  }
  line.leaning = Leaning::neither;
  const incident::Wave* wave = largest_wave(found);
  if (wave == nullptr || wave->providers.size() < kFewest) {
    line.detail = fmt::format("{} providers, no three of them together", fell);
    return line;
  }
  line.detail = fmt::format("{} of {} providers within {}", wave->providers.size(), fell,
                            within(wave->range.length()));
  if (wave->range.length() <= kTogether) line.leaning = Leaning::deliberate;
  return line;
}

// One after the other, over more than half an hour: batteries empty, routes fail over.
IndicatorLine staggered_line(const Incident& incident, const incident::Coordination& found) {
  IndicatorLine line = line_of("providers fell one after the other");
  std::vector<Time> onsets;
  for (const PartView& part : incident.providers) {
    if (part.judged && part.fell) onsets.push_back(part.fell_at.value);
  }
  if (onsets.size() < kFewest) {
    line.detail = "fewer than three providers were seen to fall";
    return line;
  }
  line.leaning = Leaning::neither;
  if (const incident::Wave* wave = largest_wave(found); wave != nullptr) {
    line.detail = fmt::format("the largest wave took {}", within(wave->range.length()));
    if (wave->providers.size() >= kFewest && wave->range.length() > kStaggered) {
      line.leaning = Leaning::accident;
    }
    return line;
  }
  const auto [first, last] = std::minmax_element(onsets.begin(), onsets.end());
  line.detail = fmt::format("{} providers over {}, none together with another's", onsets.size(),
                            within(*last - *first));
  line.leaning = Leaning::accident;
  return line;
}

// The largest number of them within a quarter of an hour.
IndicatorLine end_line(const Incident& incident) {
  IndicatorLine line = line_of("providers returned together");
  std::vector<Time> ends;
  for (const PartView& part : incident.providers) {
    if (part.judged && part.fell && part.returned) ends.push_back(part.returned->value);
  }
  if (ends.size() < kFewest) {
    line.detail = "fewer than three providers were seen to return";
    return line;
  }
  std::sort(ends.begin(), ends.end());
  std::size_t most = 0;
  Seconds length{0};
  for (std::size_t first = 0, last = 0; last < ends.size(); ++last) {
    while (ends[last] - ends[first] > kTogether) ++first;
    if (last - first + 1 > most) {
      most = last - first + 1;
      length = ends[last] - ends[first];
    }
  }
  line.detail = fmt::format("{} of {} within {}, all over {}", most, ends.size(), within(length),
                            within(ends.back() - ends.front()));
  // More than half of them together is a switch; hardly any over hours is repair.
  line.leaning = most >= kFewest && most * 2 > ends.size()        ? Leaning::deliberate
                 : ends.back() - ends.front() > Seconds{2 * 3600} ? Leaning::accident
                                                                  : Leaning::neither;
  return line;
}

IndicatorLine mobile_line(const incident::Coordination& found) {
  IndicatorLine line = line_of("mobile networks fell first");
  if (!found.mobile_first) {
    line.detail = "needs mobile and other networks that fell at different times";
    return line;
  }
  const double tau = *found.mobile_first;
  line.detail = fmt::format("{} (tau {:.2f})",
                            tau > kMobileFirst    ? "first"
                            : tau < -kMobileFirst ? "last"
                                                  : "neither first nor last",
                            tau);
  line.leaning = tau > kMobileFirst ? Leaning::deliberate : Leaning::neither;
  return line;
}

IndicatorLine upstream_line(const incident::Coordination& found) {
  IndicatorLine line = line_of("one upstream carried them all");
  if (!found.common_upstream) {
    line.detail = "the paths before it are not known";
    return line;
  }
  line.detail =
      fmt::format("{:.0f} % of the users that fell had one way out{}{}",
                  *found.common_upstream * 100, found.upstream.empty() ? "" : ", ", found.upstream);
  line.leaning = *found.common_upstream >= kOneWayOut  ? Leaning::accident
                 : *found.common_upstream < kOwnWayOut ? Leaning::deliberate
                                                       : Leaning::neither;
  return line;
}

struct Lost {
  std::optional<double> share;
  std::optional<Time> fell_at;
};

Lost lost_on(const Incident& incident, Plane plane) {
  Lost lost;
  for (const PlaneView& view : incident.planes) {
    if (!view.judged || view.plane != plane) continue;
    lost.share = std::max(lost.share.value_or(0), view.fell ? view.depth.value : 0);
    if (!view.fell) continue;
    lost.fell_at = std::min(lost.fell_at.value_or(view.fell_at.value), view.fell_at.value);
  }
  return lost;
}

IndicatorLine routes_kept_line(const Lost& routes, const Lost& packets) {
  IndicatorLine line = line_of("routes kept while packets died");
  if (!routes.share || !packets.share) {
    line.detail = "needs routes and answers to probes";
    return line;
  }
  line.detail = fmt::format("{:.0f} % of routes and {:.0f} % of answers lost", *routes.share * 100,
                            *packets.share * 100);
  line.leaning =
      *packets.share >= 0.5 && *routes.share < 0.2 ? Leaning::deliberate : Leaning::neither;
  return line;
}

IndicatorLine routes_later_line(const Lost& routes, const Lost& packets) {
  IndicatorLine line = line_of("routes followed the answers later");
  if (!routes.share || !packets.share) {
    line.detail = "needs routes and answers to probes";
    return line;
  }
  line.leaning = Leaning::neither;
  if (!routes.fell_at || !packets.fell_at || *routes.share < 0.2) {
    line.detail = routes.fell_at ? "routes hardly fell" : "routes did not fall";
    return line;
  }
  const Seconds later = *routes.fell_at - *packets.fell_at;
  line.detail = later < Seconds{60}
                    ? "no later"
                    : fmt::format("{} later", format_duration(std::max(later, Seconds{0})));
  if (later >= kRoutesLater) line.leaning = Leaning::accident;
  return line;
}

IndicatorLine recut_line(const Incident& incident) {
  IndicatorLine line = line_of("restored and cut again");
  line.detail = incident.windows.empty() ? "no window"
                                         : fmt::format("{} window{}", incident.windows.size(),
                                                       incident.windows.size() == 1 ? "" : "s");
  line.leaning = incident.windows.size() >= 2               ? Leaning::deliberate
                 : incident.windows.empty() && incident.end ? Leaning::accident
                                                            : Leaning::neither;
  return line;
}

IndicatorLine rhythm_line(const Incident& incident) {
  IndicatorLine line = line_of("keeps to one time of day");
  const Recurrence& rhythm = incident.recurrence;
  if (rhythm.count < kFewest) {
    line.detail = "needs three cuts or windows";
    return line;
  }
  line.detail = rhythm.text.empty()
                    ? "no two of them at one time of day"
                    : fmt::format("{}; by chance {:.2g}", rhythm.text, rhythm.by_chance);
  line.leaning = rhythm.curfew_like ? Leaning::deliberate : Leaning::neither;
  return line;
}

// Short falls in the two days before: the tests that Uganda's networks showed in 2021.
IndicatorLine tests_line(const Incident& incident, std::span<const Incident> others,
                         const TimeRange& asked) {
  IndicatorLine line = line_of("short falls in the two days before");
  const Time onset = incident.onset.value;
  if (onset - asked.begin < 2 * kDay) {
    line.detail = "the two days before were not looked at";
    return line;
  }
  std::size_t count = 0;
  for (const Incident& other : others) {
    count += other.direction == Direction::fall && other.grade != Grade::service && other.end &&
             other.end->value <= onset && onset - other.onset.value <= 2 * kDay &&
             other.range().length() <= kShortFall;
  }
  line.detail = fmt::format("{} found", count);
  line.leaning = count > 0 ? Leaning::deliberate : Leaning::neither;
  return line;
}

IndicatorLine services_line(const Incident& incident, std::span<const Incident> others) {
  IndicatorLine line = line_of("a service failed in the three days before");
  std::size_t judged = 0;
  std::vector<std::string> before;
  const auto failed = [&](const Entity& entity, const TimeEstimate& at) {
    const bool first =
        at.latest < incident.onset.earliest && incident.onset.value - at.value <= kPrelude;
    const std::string name(entity.code());
    if (first && std::find(before.begin(), before.end(), name) == before.end()) {
      before.push_back(name);
    }
  };
  for (const PartView& service : incident.services) {
    judged += service.judged;
    if (service.judged && service.fell) failed(service.entity, service.fell_at);
  }
  for (const Incident& other : others) {
    if (other.grade == Grade::service) failed(other.entity, other.onset);
  }
  if (judged == 0 && before.empty()) {
    line.detail = "no tests of services";
    return line;
  }
  std::sort(before.begin(), before.end());
  line.detail = before.empty() ? fmt::format("none of {}", judged) : fmt::format("{}", before[0]);
  for (std::size_t i = 1; i < before.size(); ++i) line.detail += ", " + before[i];
  line.leaning = before.empty() ? Leaning::neither : Leaning::deliberate;
  return line;
}

}  // namespace

std::vector<IndicatorLine> course_lines(const Incident& incident, std::span<const Incident> others,
                                        const TimeRange& asked, const Zone& zone) {
  const incident::Coordination found =
      incident::coordination_of(incident, zone.offset_at(incident.onset.value));
  const Lost routes = lost_on(incident, Plane::control);
  const Lost packets = lost_on(incident, Plane::data);
  return {start_line(incident, found),
          end_line(incident),
          mobile_line(found),
          routes_kept_line(routes, packets),
          recut_line(incident),
          rhythm_line(incident),
          tests_line(incident, others, asked),
          services_line(incident, others),
          upstream_line(found),
          staggered_line(incident, found),
          routes_later_line(routes, packets)};
}

}  // namespace lightsout
