// SPDX-License-Identifier: Apache-2.0
#include "simulate/routes.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulate/course.h"
#include "simulate/random.h"

namespace lightsout {

namespace {

constexpr double kDaysBetweenFlaps = 60;  // of one prefix
constexpr double kFlapSeconds = 900;      // mean
// The rest of the world has origins from the documentation range of RFC 5398.
constexpr std::uint32_t kFirstWorldAsn = 65536;
constexpr std::uint32_t kWorldAsns = 16;

// Hands out aligned prefixes of the scenario's address block, lowest first.
class AddressPlan {
 public:
  explicit AddressPlan(const Prefix& block) {
    for (std::size_t i = 0; i < 4; ++i) next_ = next_ << 8 | block.address().bytes[i];
  }

  Prefix take(unsigned length) {
    const std::uint64_t size = std::uint64_t{1} << (32 - length);
    next_ = (next_ + size - 1) / size * size;
    const Prefix prefix = *Prefix::make(IpAddress::v4(static_cast<std::uint32_t>(next_)), length);
    next_ += size;
    return prefix;
  }

 private:
  std::uint64_t next_ = 0;
};

// Sizes as operators announce them: some large blocks, many small ones.
unsigned draw_length(Rng& rng, std::int64_t networks_left) {
  static constexpr unsigned kLengths[] = {20, 21, 22, 22, 23, 24, 24};
  for (;;) {
    const unsigned length = kLengths[rng.below(std::size(kLengths))];
    if ((std::int64_t{1} << (24 - length)) <= networks_left) return length;
  }
}

std::vector<Route> plan_part(const Scenario& scenario, std::size_t index, const NetworkPart& part,
                             AddressPlan& plan) {
  Rng rng = Rng(scenario.seed).fork(fmt::format("routes/{}/{}", part.provider, part.datacentre));
  const Provider& provider = scenario.providers[part.provider];
  std::vector<Route> routes;
  for (std::int64_t left = part.networks; left > 0;) {
    const unsigned length = draw_length(rng, left);
    const std::int64_t size = std::int64_t{1} << (24 - length);
    routes.push_back({plan.take(length), provider.asn, provider.upstream, index, size, {}});
    left -= size;
  }
  return routes;
}

struct Stretch {
  TimeRange range;
  double level;
};

// The course to the minute, as stretches of one level; nothing where it never changes.
std::vector<Stretch> stretches_of(const Scenario& scenario, const Course& course) {
  constexpr Seconds kMinute{60};
  const std::vector<Time> corners = course.corners();
  std::vector<Stretch> stretches;
  if (corners.empty()) return stretches;
  for (Time time = corners.front(); time <= corners.back() && time < scenario.range.end;
       time += kMinute) {
    const double level = course.at(time);
    const Time until = std::min(time + kMinute, scenario.range.end);
    if (!stretches.empty() && stretches.back().level == level) {
      stretches.back().range.end = until;
    } else {
      stretches.push_back({{time, until}, level});
    }
  }
  return stretches;
}

// A cut of 60 % takes the prefixes whose rank lies in the upper 60 % of the part's /24s.
void withdraw(const std::vector<Stretch>& stretches, std::vector<Route>& routes) {
  std::int64_t networks = 0;
  for (const Route& route : routes) networks += route.slash24s;
  std::int64_t before = 0;
  for (Route& route : routes) {
    const double rank = (static_cast<double>(before) + 0.5 * static_cast<double>(route.slash24s)) /
                        static_cast<double>(networks);
    before += route.slash24s;
    for (const Stretch& stretch : stretches) {
      if (stretch.level > rank) continue;
      if (!route.gone.empty() && route.gone.back().end == stretch.range.begin) {
        route.gone.back().end = stretch.range.end;
      } else {
        route.gone.push_back(stretch.range);
      }
    }
  }
}

// Flaps of its own, and what is gone anyway, as ranges apart from each other.
void flap(const Scenario& scenario, Rng rng, Route& route) {
  const double mean = kDaysBetweenFlaps * 86400;
  Time time = scenario.range.begin;
  for (;;) {
    time += Seconds{static_cast<std::int64_t>(rng.exponential(mean)) + 1};
    const Time until =
        time + Seconds{static_cast<std::int64_t>(rng.exponential(kFlapSeconds)) + 30};
    if (until >= scenario.range.end) break;
    route.gone.push_back({time, until});
    time = until;
  }
  std::sort(route.gone.begin(), route.gone.end());
  std::vector<TimeRange> joined;
  for (const TimeRange& gone : route.gone) {
    if (!joined.empty() && gone.begin <= joined.back().end) {
      joined.back().end = std::max(joined.back().end, gone.end);
    } else {
      joined.push_back(gone);
    }
  }
  route.gone = std::move(joined);
}

}  // namespace

bool Route::announced_at(Time time) const {
  const auto next =
      std::upper_bound(gone.begin(), gone.end(), time,
                       [](Time wanted, const TimeRange& range) { return wanted < range.begin; });
  return next == gone.begin() || !std::prev(next)->contains(time);
}

std::vector<Route> routes_of(const Scenario& scenario) {
  const std::vector<NetworkPart> parts = parts_of(scenario);
  AddressPlan plan(scenario.addresses);
  std::vector<Route> routes;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].networks == 0) continue;
    std::vector<Route> own = plan_part(scenario, i, parts[i], plan);
    withdraw(stretches_of(scenario, course_of(scenario, parts[i], Plane::control)), own);
    routes.insert(routes.end(), own.begin(), own.end());
  }
  for (std::int64_t i = 0; i < scenario.world; ++i) {
    const Asn origin{kFirstWorldAsn + static_cast<std::uint32_t>(i) % kWorldAsns};
    routes.push_back({plan.take(24), origin, Asn{}, Route::kWorld, 1, {}});
  }
  const Rng rng = Rng(scenario.seed).fork("flaps");
  for (std::size_t i = 0; i < routes.size(); ++i) {
    flap(scenario, rng.fork(routes[i].prefix.text()), routes[i]);
  }
  return routes;
}

}  // namespace lightsout
