// PastCase: one labelled incident of the past, as sources tell it: when, where, in which course,
// and to which family it belongs for which reason.
//
// The files are plain text, docs/formats/case.md. Surprising rule: what a source does not say is
// not there at all. An end that nobody reported is `nullopt`, not "still open", and days without
// hours are kept apart from cuts with times, so that no comparison rests on an invented minute.
//
//   const Result<std::vector<PastCase>> cases = parse_cases(text, "cases/crisis.case");
//   for (const PastCase& one : built_in_cases()) use(one.family, one.because);
//
// Errors name the file and the line. Limits: see below.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "geo/entity.h"

namespace lightsout {

// What readers would call the same sort of thing; docs/methods/similarity.md says why these.
enum class CaseFamily : std::uint8_t {
  exam,
  crisis,
  curfew,
  regional,
  cable,
  power,
  fault,
  platform,
};
inline constexpr std::size_t kFamilies = 8;

// What the sources say about how it came about, never by whom. unknown: they differ, are silent, or
// it was done from outside the country.
enum class CauseLabel : std::uint8_t { deliberate, accident, unknown };

// The occasion in public life, known apart from the network.
enum class Trigger : std::uint8_t { exam, protest, election, coup, conflict };

enum class Together : std::uint8_t { together, waves, staggered };
enum class MobileRole : std::uint8_t { first, only, together };

struct PastCut {
  Time begin;
  std::optional<Time> end;
  std::optional<double> left;  // share of ordinary levels that remained, 0..1
};

// Whole days, when no hours are known.
struct DaySpan {
  Time first;                // its midnight
  std::optional<Time> last;  // the midnight that ends the last day
};

struct CutPattern {
  std::size_t cuts = 0;
  std::optional<Seconds> each;
};

struct PlaneFact {
  bool fell = false;
  std::optional<double> lost;  // share, 0..1
};

// In this order in PastCase::saw.
enum class SeenPlane : std::uint8_t { routes, probing, telescope };

struct PastCase {
  std::string name;
  std::string title;
  Entity entity;
  CaseFamily family = CaseFamily::crisis;
  std::string because;
  CauseLabel cause = CauseLabel::unknown;
  std::optional<Trigger> trigger;
  std::string event;  // empty: an event of its own
  std::optional<Seconds> offset;
  std::vector<PastCut> cuts;  // ascending, without overlaps
  std::optional<DaySpan> days;
  std::optional<CutPattern> pattern;
  std::array<std::optional<PlaneFact>, 3> saw;
  std::optional<MobileRole> mobile;
  std::optional<Together> onset;
  std::optional<Together> back;
  std::vector<std::string> sources;
};

inline constexpr std::size_t kMaxCaseFile = 1 << 20;  // bytes
inline constexpr std::size_t kMaxCases = 5'000;
inline constexpr std::size_t kMaxCuts = 1'000;      // of one case
inline constexpr std::size_t kMaxCaseLine = 2'000;  // bytes
inline constexpr std::size_t kMaxCaseSources = 50;

Result<std::vector<PastCase>> parse_cases(std::string_view text, std::string_view file);

// The library of the repository's cases/ folder as it was when this program was built, by name.
const std::vector<PastCase>& built_in_cases();

std::string_view name_of(CaseFamily family);
std::string_view name_of(CauseLabel cause);
std::string_view name_of(Trigger trigger);
std::optional<Trigger> parse_trigger(std::string_view word);
// "exam cuts", "cuts in a political crisis": within a sentence.
std::string_view words_for(CaseFamily family);

}  // namespace lightsout
