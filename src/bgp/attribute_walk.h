// What both readers of path attributes share: the walk over the list, and the two attributes that
// carry prefixes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bgp/put.h"
#include "bgp/update.h"

namespace lightsout::bgp {

constexpr std::uint32_t kAsTrans = 23456;  // RFC 6793 section 9

enum AttributeType : std::uint8_t {
  kOrigin = 1,
  kAsPath = 2,
  kNextHop = 3,
  kMed = 4,
  kLocalPref = 5,
  kAtomicAggregate = 6,
  kAggregator = 7,
  kCommunities = 8,
  kMpReach = 14,
  kMpUnreach = 15,
  kAs4Path = 17,
  kAs4Aggregator = 18,
  kLargeCommunities = 32,
};

constexpr std::uint64_t bit_of(AttributeType type) {
  return std::uint64_t{1} << type;
}

// Calls `handler.attribute(type, value)` for the first attribute of each type,
// `handler.repeated(type)` for every other one (RFC 7606 section 3 (g)), and `handler.cut_short()`
// when one is longer than the list, which ends the walk. `seen` has the bits of types that stand
// before `bytes`.
template <typename Handler>
inline void walk_attributes(Bytes bytes, Handler& handler, std::uint64_t seen = 0) {
  const std::uint8_t* at = bytes.data();
  const std::uint8_t* const end = at + bytes.size();
  std::uint64_t seen_high[3] = {};  // of types above 63
  while (at != end) {
    if (end - at < 3) return handler.cut_short();
    const std::uint8_t flags = at[0];
    const std::uint8_t type = at[1];
    std::size_t length = at[2];
    at += 3;
    if ((flags & kExtendedLength) != 0) {
      if (at == end) return handler.cut_short();
      length = length << 8 | *at++;
    }
    if (length > static_cast<std::size_t>(end - at)) return handler.cut_short();
    const Bytes value(at, length);
    at += length;

    const std::uint64_t bit = std::uint64_t{1} << type % 64;
    // Two branches, so that `seen` stays in a register.
    bool repeated = false;
    if (type < 64) {
      repeated = (seen & bit) != 0;
      seen |= bit;
    } else {
      std::uint64_t& word = seen_high[type / 64 - 1];
      repeated = (word & bit) != 0;
      word |= bit;
    }
    if (repeated) {
      handler.repeated(type);
    } else {
      handler.attribute(type, value);
    }
  }
}

// A verdict and the sentence that says why; `problem` is null when it is good.
struct Finding {
  Verdict verdict = Verdict::good;
  const char* problem = nullptr;
};

// Keeps the worst verdict, and of equal ones the first.
template <typename Target>
void note(Target& target, Verdict verdict, const char* problem) {
  if (verdict <= target.verdict) return;
  target.verdict = verdict;
  target.problem = problem;
}

// The values of MP_REACH_NLRI and MP_UNREACH_NLRI, without a look at the prefixes. `part` is
// written unless they are cut short.
Finding read_reach(Bytes value, AttributeForm form, std::optional<MultiProtocol>& part);
Finding read_unreach(Bytes value, std::optional<MultiProtocol>& part);

// Checks the fields of prefixes, gives them their form, and applies RFC 7606 section 3 (d) to what
// is missing. `view` is an UpdateView or a RouteUpdate, `route` its attributes.
template <typename View, typename Route>
void check_fields(View& view, Route& route, NlriForms forms, bool has_next_hop) {
  view.odd = false;
  view.form = forms.v4;
  const auto check = [&](Bytes nlri, Family family, NlriForm form, const char* problem) {
    const NlriCheck found = check_nlri(nlri, family, form);
    if (!found.whole) note(route, Verdict::unreadable, problem);
    view.odd = view.odd || found.odd || !found.whole;
  };
  if (!view.withdrawn.empty()) {
    check(view.withdrawn, Family::v4, forms.v4, "withdrawn prefix is malformed");
  }
  if (!view.nlri.empty()) {
    check(view.nlri, Family::v4, forms.v4, "announced prefix is malformed");
  }
  if (route.unreach) {
    MultiProtocol& part = *route.unreach;
    part.form = forms.of(part.family);
    check(part.nlri, part.family, part.form, "prefix in MP_UNREACH_NLRI is malformed");
  }
  if (route.reach) {
    MultiProtocol& part = *route.reach;
    part.form = forms.of(part.family);
    check(part.nlri, part.family, part.form, "prefix in MP_REACH_NLRI is malformed");
  }
  const bool announces = !view.nlri.empty() || (route.reach && !route.reach->nlri.empty());
  if (!announces) return;
  if (!route.has_origin) note(route, Verdict::treat_as_withdraw, "ORIGIN is missing");
  if (!route.has_path) note(route, Verdict::treat_as_withdraw, "AS_PATH is missing");
  if (!view.nlri.empty() && !has_next_hop) {
    note(route, Verdict::treat_as_withdraw, "NEXT_HOP is missing");
  }
}

}  // namespace lightsout::bgp
