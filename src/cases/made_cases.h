// Cases made by dice, for tests and benchmarks: as many and as various as wanted, the same for the
// same seed, and labelled as made in their titles.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <random>
#include <vector>

#include "cases/past_case.h"

namespace lightsout {

inline std::vector<PastCase> made_cases(std::size_t count, std::uint32_t seed) {
  std::mt19937 dice(seed);  // its sequence is fixed by the standard; the distributions' is not
  const auto below = [&](std::uint32_t n) { return dice() % n; };
  const auto share = [&] { return below(1001) / 1000.0; };
  std::vector<PastCase> made;
  for (std::size_t i = 0; i < count; ++i) {
    PastCase one{.name = fmt::format("made-{}", i),
                 .title = "made by dice",
                 .entity = *Entity::parse(fmt::format("country:X{}", char('A' + below(26)))),
                 .because = "dice",
                 .sources = {"made by dice"}};
    one.family = static_cast<CaseFamily>(below(kFamilies));
    one.cause = static_cast<CauseLabel>(below(3));
    if (below(3) != 0) one.trigger = static_cast<Trigger>(below(5));
    one.offset = Seconds{static_cast<int>(below(24)) * 3600 - 11 * 3600};
    const bool with_depth = below(4) != 0;
    Time at = *parse_time("2020-01-01") + Seconds{below(30 * 86'400)};
    const std::uint32_t cuts = below(3) == 0 ? 1 + below(30) : 1;
    for (std::uint32_t k = 0; k < cuts; ++k) {
      // Ten minutes to about two weeks, as many short as long.
      const Seconds length{static_cast<long>(600 * std::pow(2.0, share() * (cuts > 1 ? 7 : 11)))};
      PastCut cut{.begin = at, .end = at + length};
      if (with_depth) cut.left = share() * share();
      one.cuts.push_back(cut);
      at += length + Seconds{1800 + below(86'400)};
    }
    for (auto& plane : one.saw) {
      if (below(3) != 0) plane = PlaneFact{.fell = true, .lost = share()};
    }
    if (below(4) == 0) one.mobile = static_cast<MobileRole>(below(3));
    if (below(2) == 0) one.onset = static_cast<Together>(below(3));
    if (below(3) == 0) one.back = static_cast<Together>(below(3));
    made.push_back(std::move(one));
  }
  return made;
}

}  // namespace lightsout
