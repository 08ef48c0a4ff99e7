// Kind: what sort of incident it was: the whole country, a region, one provider, mobile networks
// only, one service, slowed, a circumvention tool blocked, an artefact of the measurement; or none
// that can be told.
//
// Each kind is a short list of terms, and each term is met, not met, or not measured. A kind fits
// when all the terms that it needs are met and none is not; it is ruled out by one that is not; it
// stays open where something was not measured. There is no calibrated probability of a kind, and so
// there is none here: words, and the terms behind them (docs/methods/kind.md).
//
// Surprising rule: where several fit the most specific one is the answer; where none fits, "cannot
// tell" is, even if one alone stays open.
//
//   const KindJudgement found = judge_kind(incident);
//   found.sentence   // "The pattern fits a cut of the whole country: ..."
//   for (const KindCandidate& candidate : found.candidates) ...   // every kind, once
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "incident/incident.h"

namespace lightsout {

enum class Kind : std::uint8_t {
  nationwide,
  regional,
  single_provider,
  mobile_only,
  single_service,
  throttling,
  tool_blocked,
  artefact,
  cannot_tell,
};
inline constexpr std::size_t kKinds = 8;  // those that can be told

enum class Met : std::uint8_t { yes, no, not_measured };

struct KindTerm {
  std::string text;  // "networks lost 97 % of their answers to probes"
  Met met = Met::not_measured;
  bool needed = true;  // of one that is not, only a "no" counts
};

enum class Fit : std::uint8_t { fits, open, ruled_out };

struct KindCandidate {
  Kind kind = Kind::cannot_tell;
  Fit fit = Fit::open;
  std::vector<KindTerm> terms;
};

// Whose users: shares of the country's users by provider.
struct UserShares {
  double looked_at = 0;           // in networks that were judged, 0..1
  double lost = 0;                // of all users, as far as looked at: sum of share times depth
  double not_known = 1;           // the rest: networks without a series, or without a known share
  std::size_t providers = 0;      // judged
  std::size_t without_share = 0;  // of these, those whose share nobody knows
  std::optional<double> mobile_lost;  // of the users of mobile networks; equal weights where shares
  std::optional<double> other_lost;   // are not known
};

struct KindJudgement {
  Kind kind = Kind::cannot_tell;
  std::string sentence;
  UserShares users;
  std::vector<KindCandidate> candidates;  // those that fit first, then the open, then the rest
};

KindJudgement judge_kind(const Incident& incident);

// Delay, round trip times, download speed: what gets worse when a network is slowed.
bool tells_of_speed(const SignalId& signal);

std::string_view name_of(Kind kind);    // "single_provider", as in the JSON
std::string_view words_for(Kind kind);  // "one provider"
std::string_view words_for(Fit fit);    // "fits", "cannot be told", "ruled out"

// methods.md 2.3 B
inline constexpr double kKindWhole = 0.5;        // lost by the country as a whole
inline constexpr double kKindPart = 0.2;         // below it a country stood
inline constexpr double kKindOneProvider = 0.8;  // of what was lost was lost by one owner's users
inline constexpr double kKindOneRegion = 0.6;    // of what was lost, or a Gini of the regions
inline constexpr double kKindMobile = 0.4;       // lost by the users of mobile networks
inline constexpr double kKindFixed = 0.1;        // at most lost by the others
inline constexpr double kKindGone = 0.95;        // deeper is cut, not slowed

}  // namespace lightsout
