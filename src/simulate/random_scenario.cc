// SPDX-License-Identifier: Apache-2.0
#include "simulate/random_scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/time.h"
#include "simulate/random.h"

namespace lightsout {

namespace {

constexpr Seconds kMinute{60};
constexpr Seconds kHour{3600};
constexpr Seconds kDay{86400};
constexpr Seconds kLength = 42 * kDay;
constexpr Seconds kCalm = 28 * kDay;  // nothing is cut before: detectors learn
constexpr double kQuiet = 0.25;       // share of scenarios without a cut

Seconds draw_duration(Rng& rng, Seconds least, Seconds most) {
  const double low = std::log(static_cast<double>(least.count()));
  const double high = std::log(static_cast<double>(most.count()));
  const auto seconds = static_cast<std::int64_t>(std::exp(rng.uniform(low, high)));
  return Seconds{seconds / 60 * 60};
}

std::string providers_of(Rng& rng) {
  std::string text;
  const std::size_t count = 2 + rng.below(4);
  double left = rng.uniform(85, 98);
  for (std::size_t i = 0; i < count; ++i) {
    const double share = i + 1 == count ? left : left * rng.uniform(0.3, 0.6);
    left -= share;
    const bool mobile = i % 2 == 0;
    fmt::format_to(std::back_inserter(text),
                   "provider {} \"Network {}\" {} share {:.1f}% assumed networks {} datacentres "
                   "{}% upstream {} source \"made up\"\n",
                   64600 + i, i + 1, mobile ? "mobile" : "fixed", share,
                   mobile ? 20 + rng.below(80) : 60 + rng.below(400), mobile ? 0 : rng.below(12),
                   64700 + rng.below(2));
  }
  return text;
}

std::string signals_of(Rng& rng) {
  return fmt::format(
      "signal bgp/visible_slash24 peers 3 ribs 1d files 1h source \"made up\"\n"
      "signal probing/slash24_up answering {}% step 10min wave {:.1f}% peak {:02}:00 noise {:.1f}% "
      "missing 0.3% renumberings {} source \"made up\"\n"
      "signal traffic/requests level {} step 15min wave {}% peak {:02}:00 weekend {}% noise "
      "{:.1f}% "
      "missing 0.3% source \"made up\"\n"
      "signal telescope/unique_source_ips level {} step 10min wave {}% peak {:02}:00 noise {:.1f}% "
      "missing 0.5% renumberings {} source \"made up\"\n",
      40 + rng.below(40), rng.uniform(0.5, 5), rng.below(24), rng.uniform(0.3, 1.2), rng.below(8),
      5000 + rng.below(95000), 20 + rng.below(35), rng.below(24),
      static_cast<int>(rng.below(20)) - 10, rng.uniform(2, 6), 150 + rng.below(1500),
      5 + rng.below(20), rng.below(24), rng.uniform(4, 10), rng.below(5));
}

std::string nuisances_of(Rng& rng, Time begin) {
  std::string text;
  if (rng.chance(0.4)) {
    const Time from = begin + rng.below(40) * kDay;
    fmt::format_to(std::back_inserter(text), "holiday from {} to {} depth {}% source \"made up\"\n",
                   format_time(from), format_time(from + kDay), 4 + rng.below(12));
  }
  for (const std::string_view source : {"probing", "traffic", "telescope"}) {
    if (!rng.chance(0.2)) continue;
    const Time from = begin + rng.below(41 * 24 * 60) * kMinute;
    const Time to = std::min(from + draw_duration(rng, kHour, 18 * kHour), begin + kLength);
    fmt::format_to(std::back_inserter(text), "gap {} from {} to {} source \"made up\"\n", source,
                   format_time(from), format_time(to));
  }
  return text;
}

std::string windows_of(Rng& rng, Time from, Time to) {
  std::string text;
  if (to - from < 12 * kHour || rng.chance(0.4)) return text;
  const std::size_t count = 1 + rng.below(5);
  Time earliest = from + 2 * kHour;
  for (std::size_t i = 0; i < count; ++i) {
    // A third of what is left at most, so that there is room for darkness after each.
    const auto room = (to - earliest) / 3 / kMinute;
    if (room < 120) break;
    const Time begin = earliest + rng.below(static_cast<std::uint64_t>(room)) * kMinute;
    const Time end = begin + std::min(draw_duration(rng, kHour, 8 * kHour), room * kMinute);
    fmt::format_to(std::back_inserter(text),
                   "window all from {} to {} level {}% source \"made up\"\n", format_time(begin),
                   format_time(end), 75 + rng.below(21));
    earliest = end + 2 * kHour;
  }
  return text;
}

std::string cuts_of(Rng& rng, Time begin) {
  static constexpr std::string_view kWhom[] = {"all", "all", "all", "mobile", "asn:64600"};
  std::string text;
  const Time until = begin + kLength - 6 * kHour;
  Time earliest = begin + kCalm;
  const std::size_t count = 1 + rng.below(2);
  for (std::size_t i = 0; i < count && until - earliest > kDay; ++i) {
    const auto room = static_cast<std::uint64_t>((until - earliest) / 2 / kMinute);
    const Time from = earliest + rng.below(room) * kMinute;
    const Time to = std::min(from + draw_duration(rng, kHour, 10 * kDay), until);
    const bool routes = rng.chance(0.35);
    fmt::format_to(std::back_inserter(text),
                   "cut {} from {} to {} depth {}% over {}min spread {}min return-spread {}min "
                   "planes {}data,traffic source \"made up\"\n",
                   kWhom[rng.below(std::size(kWhom))], format_time(from), format_time(to),
                   15 + rng.below(86), rng.chance(0.5) ? 0 : rng.below(45),
                   rng.chance(0.5) ? 0 : 1 + rng.below(30), rng.chance(0.5) ? 0 : 1 + rng.below(60),
                   routes ? "routes," : "");
    text += windows_of(rng, from, to);
    earliest = to + 36 * kHour;  // further apart than TruthRules::kLongestReturn
  }
  return text;
}

}  // namespace

std::string random_scenario(std::uint64_t number) {
  Rng rng = Rng(number).fork("random scenario");
  const Time begin = *parse_time("2022-01-03") + rng.below(700) * kDay;
  const bool quiet = rng.chance(kQuiet);
  std::string text = fmt::format(
      "# Made by a program from the number {}.\n"
      "title     Random scenario {}{}\n"
      "label     SEMI-SYNTHETIC\n"
      "entity    country:X{}\n"
      "seed      {}\n"
      "range     from {} to {}\n"
      "addresses 10.0.0.0/8 world 20\n",
      number, number, quiet ? ", quiet" : "", static_cast<char>('A' + rng.below(26)), number,
      format_time(begin), format_time(begin + kLength));
  text += providers_of(rng) + signals_of(rng) + nuisances_of(rng, begin);
  if (!quiet) text += cuts_of(rng, begin);
  return text;
}

}  // namespace lightsout
