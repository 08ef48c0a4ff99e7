// Likeness: how far two incidents are apart, term by term, and which past ones are nearest.
//
//   distance = sum(weight * term) / sum(weight)
//
// The terms are those of methods.md 3.6 and two more (whom it struck; on the clock's hour or not);
// docs/methods/similarity.md gives them in full. A term that one side does not know counts as it
// usually is between two incidents, so that a pair of which little is known lies neither near nor
// far for it; it is named. When less than `kLeastWeight` of the weight is known of both, or only
// one term, there is no distance at all. The weights and what is usual are in cases/likeness.fit,
// with the command that fits them.
//
//   const CaseLibrary library(built_in_cases());
//   const std::vector<Parallel> best = library.nearest(profile_of(incident, offset), 5);
//   if (best.empty() || best.front().percentile > kNoParallel) ...  // "no good parallel"
//
// The search prunes with lower bounds (LB_Kim, LB_Keogh; Keogh 2002) and early abandoning, and
// finds exactly what the plain search finds: a test holds the two against each other.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "cases/profile.h"

namespace lightsout {

enum class LikenessTerm : std::uint8_t {
  course,
  duration,
  rhythm,
  hour,
  signature,
  context,
  scope,
  clock,
};
inline constexpr std::size_t kTerms = 8;

struct LikenessWeights {
  std::array<double, kTerms> weight{};  // not negative, sum 1
  std::array<double, kTerms> usual{};   // the mean of a term over pairs that know it
};
// methods.md 3.6, for the six terms that it has; `usual` is 0 there.
inline constexpr LikenessWeights kMethodsWeights{{0.35, 0.15, 0.15, 0.10, 0.15, 0.10, 0, 0}, {}};

Result<LikenessWeights> parse_likeness_fit(std::string_view text);
std::string likeness_fit_text(const LikenessWeights& weights);
// Those of cases/likeness.fit.
const LikenessWeights& built_in_weights();

inline constexpr std::size_t kBand = 34;      // bins: Sakoe-Chiba, 5 % of kCourseBins
inline constexpr double kLeastWeight = 0.30;  // of 1, known to both sides
// Reports ask for half: what is compared on less comes out near for want of anything to tell it
// apart.
inline constexpr double kSolidWeight = 0.50;
inline constexpr double kGoodParallel = 0.10;  // percentile among the best wrong parallels
inline constexpr double kNoParallel = 0.50;

struct Likeness {
  double distance = 0;
  double known_weight = 0;                          // of 1, known to both
  std::array<std::optional<double>, kTerms> terms;  // nullopt: not known to both
};

// nullopt: too little is known of both.
std::optional<Likeness> likeness(const Profile& a, const Profile& b, bool with_context = true,
                                 double least_weight = kLeastWeight,
                                 const LikenessWeights& weights = built_in_weights());

// Every term that both know, without weights.
std::array<std::optional<double>, kTerms> likeness_terms(const Profile& a, const Profile& b);
// Of terms: nullopt when too little is known.
std::optional<double> likeness_distance(const std::array<std::optional<double>, kTerms>& terms,
                                        const LikenessWeights& weights,
                                        double least_weight = kLeastWeight);

// The mean difference of two courses along their best alignment, 0..1.
double course_distance(const Course& a, const Course& b);

struct Parallel {
  std::size_t index = 0;  // in CaseLibrary::cases()
  Likeness likeness;
  double percentile = 0;  // share of the library's best wrong parallels that are at most this far
};

struct SearchChoice {
  bool prune = true;  // false: the plain search, for tests and benchmarks
  bool with_context = true;
  double least_weight = kLeastWeight;
  // What does not count as a parallel; by name of case, event, and country. Empty: all count.
  std::string without_name;
  std::vector<std::string> without_names;
  std::string without_event;
  std::string without_country;
};

class CaseLibrary {
 public:
  explicit CaseLibrary(std::vector<PastCase> cases,
                       const LikenessWeights& weights = built_in_weights());

  const std::vector<PastCase>& cases() const { return cases_; }
  const std::vector<Profile>& profiles() const { return profiles_; }

  // The nearest first, at most `most`; equally near ones by their place in the library.
  std::vector<Parallel> nearest(const Profile& query, std::size_t most,
                                const SearchChoice& choice = {}) const;

  // For each case the distance to the nearest case of another family, on kSolidWeight or more of
  // the weight: what "near" is by mistake. Ascending. A query whose occasion is not known is held
  // against distances between cases whose occasion is forgotten. Filled in by calibrate(); without
  // it percentiles are 0.
  const std::vector<double>& wrong_parallels(bool with_context = true) const {
    return wrong_[with_context ? 1 : 0];
  }
  void calibrate();

 private:
  bool counts(std::size_t index, const SearchChoice& choice) const;

  std::vector<PastCase> cases_;
  LikenessWeights weights_;
  std::vector<Profile> profiles_;
  std::array<std::vector<double>, 2> wrong_;  // without the occasion, and with it
};

// The built-in library, calibrated, made once.
const CaseLibrary& built_in_library();

std::string_view name_of(LikenessTerm term);

// One sentence for each term that is known, the one that sets them furthest apart last, and one for
// what was left out: "length: 135 h against 168 h (0.22)".
std::vector<std::string> explain(const Likeness& likeness, const Profile& now, const Profile& past);

}  // namespace lightsout
