// SPDX-License-Identifier: Apache-2.0
#include "simulate/course.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "simulate/random.h"

namespace lightsout {

namespace {

// Servers load pages, too (updates, crawlers), but far less than the people beside them.
constexpr double kTrafficOfDatacentre = 0.2;

struct Cut {
  TimeRange range;
  Seconds over;
  double depth;
};

bool touches(const Event& event, Plane plane) {
  return (plane == Plane::control && event.control) || (plane == Plane::data && event.data) ||
         (plane == Plane::traffic && event.traffic);
}

// Not every network follows an order in the same second; when it does, is drawn once for each.
Seconds lag(const Scenario& scenario, const NetworkPart& part, const Event& event,
            std::string_view which, Seconds spread) {
  if (spread <= Seconds{0}) return Seconds{0};
  Rng rng =
      Rng(scenario.seed)
          .fork(fmt::format("lag/{}/{}/{}/{}", which, event.line, part.provider, part.datacentre));
  return Seconds{static_cast<std::int64_t>(rng.uniform() * static_cast<double>(spread.count()))};
}

std::vector<Cut> cuts_of(const Scenario& scenario, const NetworkPart& part, Plane plane) {
  std::vector<Cut> cuts;
  for (const Event& event : scenario.events) {
    if (event.kind != EventKind::cut || !touches(event, plane)) continue;
    if (!belongs(scenario, part, event.group)) continue;
    Cut cut{event.range, event.over, event.amount};
    for (const Event& restore : scenario.events) {
      if (restore.kind == EventKind::restore && belongs(scenario, part, restore.group) &&
          restore.range.begin > event.range.begin) {
        cut.range.end = std::min(cut.range.end, restore.range.begin);
      }
    }
    cut.range.begin += lag(scenario, part, event, "onset", event.spread);
    cut.range.end += lag(scenario, part, event, "return", event.return_spread);
    cut.range.end = std::min(cut.range.end, scenario.range.end);
    if (!cut.range.empty()) cuts.push_back(cut);
  }
  return cuts;
}

double level_at(Time time, const std::vector<Cut>& cuts, const std::vector<const Event*>& windows) {
  double lost = 0;
  for (const Cut& cut : cuts) {
    if (!cut.range.contains(time)) continue;
    const double grown = cut.over <= Seconds{0}
                             ? 1
                             : std::min(1.0, static_cast<double>((time - cut.range.begin).count()) /
                                                 static_cast<double>(cut.over.count()));
    lost = std::max(lost, cut.depth * grown);
  }
  double level = 1 - lost;
  for (const Event* window : windows) {
    if (window->range.contains(time)) level = std::max(level, window->amount);
  }
  return level;
}

}  // namespace

std::vector<NetworkPart> parts_of(const Scenario& scenario) {
  std::vector<NetworkPart> parts;
  double users = 0;
  for (std::size_t i = 0; i < scenario.providers.size(); ++i) {
    const Provider& provider = scenario.providers[i];
    const bool hosting = provider.access == Access::hosting;
    const double in_datacentres = hosting ? 1 : provider.datacentre_share;
    const auto servers = static_cast<std::int64_t>(
        std::llround(in_datacentres * static_cast<double>(provider.networks)));
    const double users_there =
        hosting ? provider.user_share : provider.user_share * in_datacentres * kTrafficOfDatacentre;
    if (servers < provider.networks) {
      parts.push_back({i, false, provider.user_share - users_there, provider.networks - servers});
    }
    if (servers > 0) parts.push_back({i, true, users_there, servers});
    users += provider.user_share;
  }
  if (users < 1 - 1e-9) parts.push_back({NetworkPart::kNobody, false, 1 - users, 0});
  return parts;
}

bool belongs(const Scenario& scenario, const NetworkPart& part, const Group& group) {
  if (group.kind == Group::Kind::all) return true;
  if (part.provider == NetworkPart::kNobody) return false;
  const Provider& provider = scenario.providers[part.provider];
  switch (group.kind) {
    case Group::Kind::all:
      return true;
    case Group::Kind::mobile:
      return provider.access == Access::mobile && !part.datacentre;
    case Group::Kind::fixed:
      return provider.access == Access::fixed && !part.datacentre;
    case Group::Kind::government:
      return provider.access == Access::government;
    case Group::Kind::datacentres:
      return part.datacentre;
    case Group::Kind::asn:
      return provider.asn == group.asn;
    case Group::Kind::upstream:
      return provider.upstream == group.asn;
  }
  return false;
}

double Course::at(Time time) const {
  const auto next =
      std::upper_bound(segments_.begin(), segments_.end(), time,
                       [](Time wanted, const Segment& segment) { return wanted < segment.begin; });
  if (next == segments_.begin()) return 1;
  const Segment& segment = *std::prev(next);
  if (next == segments_.end() || segment.first == segment.last) return segment.first;
  const double passed = static_cast<double>((time - segment.begin).count()) /
                        static_cast<double>((next->begin - segment.begin).count());
  return segment.first + (segment.last - segment.first) * passed;
}

double Course::mean(const TimeRange& range) const {
  CHECK(!range.empty());
  double sum = 0;
  Time at_time = range.begin;
  auto next =
      std::upper_bound(segments_.begin(), segments_.end(), at_time,
                       [](Time wanted, const Segment& segment) { return wanted < segment.begin; });
  while (at_time < range.end) {
    const Time until = next == segments_.end() ? range.end : std::min(range.end, next->begin);
    // Linear between the corners, so the middle of the piece is its mean.
    const double middle = (at(at_time) + at(std::max(at_time, until - Seconds{1}))) / 2;
    sum += middle * static_cast<double>((until - at_time).count());
    at_time = until;
    if (next != segments_.end()) ++next;
  }
  return sum / static_cast<double>(range.length().count());
}

std::vector<Time> Course::corners() const {
  std::vector<Time> times;
  for (const Segment& segment : segments_) times.push_back(segment.begin);
  return times;
}

Course course_of(const Scenario& scenario, const NetworkPart& part, Plane plane) {
  const std::vector<Cut> cuts = cuts_of(scenario, part, plane);
  std::vector<const Event*> windows;
  std::vector<Time> corners;
  for (const Cut& cut : cuts) {
    corners.insert(corners.end(), {cut.range.begin, cut.range.end});
    if (cut.over > Seconds{0})
      corners.push_back(std::min(cut.range.begin + cut.over, cut.range.end));
  }
  for (const Event& event : scenario.events) {
    if (event.kind != EventKind::window || !belongs(scenario, part, event.group)) continue;
    windows.push_back(&event);
    corners.insert(corners.end(), {event.range.begin, event.range.end});
  }
  if (cuts.empty()) return Course({});
  std::sort(corners.begin(), corners.end());
  corners.erase(std::unique(corners.begin(), corners.end()), corners.end());

  std::vector<Course::Segment> segments;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const double first = level_at(corners[i], cuts, windows);
    const double last =
        i + 1 == corners.size() ? first : level_at(corners[i + 1] - Seconds{1}, cuts, windows);
    segments.push_back({corners[i], first, last});
  }
  return Course(std::move(segments));
}

namespace {

struct Weighted {
  Course course;
  double weight;
};

double loss_at(const std::vector<Weighted>& courses, Time time) {
  double left = 0;
  double whole = 0;
  for (const Weighted& part : courses) {
    left += part.weight * part.course.at(time);
    whole += part.weight;
  }
  return whole > 0 ? 1 - left / whole : 0;
}

constexpr Seconds kMinute{60};

struct Minute {
  Time begin;
  double loss;
};

// From the minutes in which something was lost, ascending and not empty.
TrueEvent event_of(const Entity& entity, Plane plane, const std::vector<Minute>& minutes) {
  TrueEvent event{entity, plane, {minutes.front().begin, minutes.back().begin + kMinute}, 0, {}};
  double deepest = 0;
  for (const Minute& minute : minutes) deepest = std::max(deepest, minute.loss);
  double sum = 0;
  double dark = 0;
  std::optional<Time> dark_until;
  for (const Minute& minute : minutes) {
    if (minute.loss < TruthRules::kDark * deepest) continue;
    if (dark_until && minute.begin > *dark_until) {
      event.windows.push_back({*dark_until, minute.begin});
    }
    dark_until = minute.begin + kMinute;
    sum += minute.loss;
    ++dark;
  }
  event.depth = sum / dark;
  return event;
}

}  // namespace

std::vector<TrueEvent> truth_of(const Scenario& scenario, const Entity& entity, Plane plane,
                                double least_loss) {
  std::vector<Weighted> courses;
  std::vector<Time> corners;
  for (const NetworkPart& part : parts_of(scenario)) {
    const bool named = part.provider != NetworkPart::kNobody;
    if (entity.asn() != Asn{} &&
        (!named || scenario.providers[part.provider].asn != entity.asn())) {
      continue;
    }
    const double weight = plane == Plane::traffic ? part.users : static_cast<double>(part.networks);
    if (weight <= 0) continue;
    courses.push_back({course_of(scenario, part, plane), weight});
    const std::vector<Time> own = courses.back().course.corners();
    corners.insert(corners.end(), own.begin(), own.end());
  }
  if (corners.empty()) return {};
  const auto [earliest, latest] = std::minmax_element(corners.begin(), corners.end());

  std::vector<TrueEvent> events;
  std::vector<Minute> minutes;
  for (Time time = bin_begin(*earliest, kMinute); time <= *latest && time < scenario.range.end;
       time += kMinute) {
    const double loss = loss_at(courses, time);
    if (loss < least_loss) continue;
    if (!minutes.empty() && time - minutes.back().begin > TruthRules::kLongestReturn) {
      events.push_back(event_of(entity, plane, minutes));
      minutes.clear();
    }
    minutes.push_back({time, loss});
  }
  if (!minutes.empty()) events.push_back(event_of(entity, plane, minutes));
  return events;
}

}  // namespace lightsout
