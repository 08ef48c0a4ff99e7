// SPDX-License-Identifier: Apache-2.0
#include "incident/mechanism_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "incident/grade.h"
#include "incident/kind.h"

namespace lightsout::incident {

namespace {

using Wanted = std::function<bool(const Series&)>;

// The most that any of the series lost over the incident; nullopt: none of them could be judged.
std::optional<double> most_lost(const std::vector<Witness>& witnesses, const Course& course,
                                const Wanted& wanted) {
  const TimeRange range{course.onset.value, course.end ? course.end->value : course.data_through};
  std::optional<double> most;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    const Curve& curve = witnesses[i].curve;
    // Tests of names and handshakes speak about the country, whichever service is struck.
    const bool tests = curve.series->plane == Plane::application;
    if (!tests && (witnesses[i].role == Role::own) == course.of_parts) continue;
    if (!curve.judged() || !wanted(*curve.series)) continue;
    // What belongs to the incident has its trough; what stands beside it, its mean.
    std::optional<double> lost;
    if (course.sights[i].fell) {
      lost = course.sights[i].trough.depth.value;
    } else if (const auto loss = loss_over(curve, range)) {
      lost = loss->value;
    }
    if (lost) most = std::max(most.value_or(0), *lost);
  }
  return most;
}

bool names(const Series& series, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return series.id.metric().find(word) != std::string::npos;
  });
}

bool is_ipv6(const Series& series) {
  return names(series, {"slash48", "ipv6", "v6"});
}

std::optional<Feature> ipv6_only(const std::vector<Witness>& witnesses, const Course& course) {
  const auto routes = [](const Series& series) {
    return series.plane == Plane::control && series.worse == Worse::low;
  };
  const auto six =
      most_lost(witnesses, course, [&](const Series& s) { return routes(s) && is_ipv6(s); });
  const auto four =
      most_lost(witnesses, course, [&](const Series& s) { return routes(s) && !is_ipv6(s); });
  if (!six || !four) return std::nullopt;
  return Feature{
      *six >= kHalf && *four < kNotable,
      fmt::format("IPv6 routes lost {:.1f} %, IPv4 routes {:.1f} %", *six * 100, *four * 100)};
}

std::optional<Feature> failing(const std::vector<Witness>& witnesses, const Course& course,
                               std::initializer_list<std::string_view> words, const char* what) {
  const auto lost = most_lost(witnesses, course, [&](const Series& series) {
    return series.worse == Worse::high && names(series, words);
  });
  if (!lost) return std::nullopt;
  return Feature{*lost >= kNotable, fmt::format("{} failed {:.1f} points more often than expected",
                                                what, *lost * 100)};
}

std::optional<Feature> one_way(const std::vector<Witness>& witnesses, const Course& course) {
  const auto answers = most_lost(witnesses, course, [](const Series& series) {
    return series.plane == Plane::data && series.worse == Worse::low && !tells_of_speed(series.id);
  });
  const auto outgoing = most_lost(witnesses, course, [](const Series& series) {
    return series.id.source().find("telescope") != std::string::npos;
  });
  if (!answers || !outgoing) return std::nullopt;
  return Feature{*answers >= kHalf && *outgoing < kNotable,
                 fmt::format("answers to probes lost {:.1f} %, packets from inside {:.1f} %",
                             *answers * 100, *outgoing * 100)};
}

std::optional<Feature> slower(const std::vector<Witness>& witnesses, const Course& course) {
  const auto lost =
      most_lost(witnesses, course, [](const Series& series) { return tells_of_speed(series.id); });
  if (!lost) return std::nullopt;
  return Feature{*lost >= kNotable, fmt::format("speed lost {:.1f} %", *lost * 100)};
}

}  // namespace

std::optional<Feature> feature_of(Mechanism mechanism, const std::vector<Witness>& witnesses,
                                  const Course& course) {
  switch (mechanism) {
    case Mechanism::ipv6_only:
      return ipv6_only(witnesses, course);
    case Mechanism::dns:
      return failing(witnesses, course, {"dns"}, "name lookups");
    case Mechanism::tls:
      return failing(witnesses, course, {"tls", "sni"}, "TLS handshakes");
    case Mechanism::one_way:
      return one_way(witnesses, course);
    case Mechanism::throttling:
      return slower(witnesses, course);
    default:
      return std::nullopt;
  }
}

bool ipv6_fell_alone(const std::vector<Witness>& witnesses, const Course& course) {
  const bool struck = std::any_of(course.struck.begin(), course.struck.end(), [&](std::size_t i) {
    const Series& series = *witnesses[i].curve.series;
    return series.plane == Plane::control && is_ipv6(series);
  });
  if (!struck) return false;
  const std::optional<Feature> feature = ipv6_only(witnesses, course);
  return feature && feature->seen;
}

bool needs_feature(Mechanism mechanism) {
  return mechanism == Mechanism::ipv6_only || mechanism == Mechanism::dns ||
         mechanism == Mechanism::tls || mechanism == Mechanism::one_way;
}

}  // namespace lightsout::incident
