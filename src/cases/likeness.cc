// SPDX-License-Identifier: Apache-2.0
#include "cases/likeness.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <span>

namespace lightsout {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
using Terms = std::array<std::optional<double>, kTerms>;
constexpr std::size_t kCourse = static_cast<std::size_t>(LikenessTerm::course);

// A hair under a bound, so that the rounding of sums taken in another order never prunes a tie.
constexpr double kRounding = 1 - 1e-9;

// The largest and smallest of the bins within the band around each bin (Lemire's deques).
struct Envelope {
  Course upper;
  Course lower;
};

Envelope envelope_of(const Course& course) {
  Envelope envelope{Course(course.size()), Course(course.size())};
  std::deque<std::size_t> most;
  std::deque<std::size_t> least;
  const std::size_t size = course.size();
  for (std::size_t i = 0; i < size + kBand; ++i) {
    if (i < size) {
      while (!most.empty() && course[most.back()] <= course[i]) most.pop_back();
      while (!least.empty() && course[least.back()] >= course[i]) least.pop_back();
      most.push_back(i);
      least.push_back(i);
    }
    if (i < kBand) continue;
    const std::size_t centre = i - kBand;
    while (most.front() + kBand < centre) most.pop_front();
    while (least.front() + kBand < centre) least.pop_front();
    envelope.upper[centre] = course[most.front()];
    envelope.lower[centre] = course[least.front()];
  }
  return envelope;
}

// Any alignment pairs the first bins and the last bins with each other (LB_Kim, its O(1) part).
double kim_bound(const Course& a, const Course& b) {
  return std::fabs(a.front() - b.front()) + std::fabs(a.back() - b.back());
}

// Each bin of `a` is paired with something inside the other's envelope (LB_Keogh).
double keogh_bound(const Course& a, const Envelope& of_b, double give_up) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size() && sum <= give_up; ++i) {
    if (a[i] > of_b.upper[i]) sum += a[i] - of_b.upper[i];
    if (a[i] < of_b.lower[i]) sum += of_b.lower[i] - a[i];
  }
  return sum;
}

// The sum of differences along the best alignment in the band; kInfinity once every continuation
// is above `give_up`.
double warped_sum(const Course& a, const Course& b, double give_up) {
  const std::size_t size = a.size();
  std::vector<double> before(size + 1, kInfinity);
  std::vector<double> now(size + 1, kInfinity);
  before[0] = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t first = i > kBand ? i - kBand : 0;
    const std::size_t last = std::min(size, i + kBand + 1);
    double left = kInfinity;
    double least = kInfinity;
    now[first] = kInfinity;
    for (std::size_t j = first; j < last; ++j) {
      const double best = std::min(left, std::min(before[j], before[j + 1]));
      left = best + std::fabs(static_cast<double>(a[i]) - static_cast<double>(b[j]));
      now[j + 1] = left;
      least = std::min(least, left);
    }
    if (last < size) now[last + 1] = kInfinity;
    if (least > give_up) return kInfinity;
    std::swap(before, now);
    if (i == 0) now[0] = kInfinity;
  }
  return before[size];
}

// Which of the two courses of each is compared: depth where both have one.
struct CoursePair {
  const Course* a = nullptr;
  const Course* b = nullptr;
  bool depth = false;
};

CoursePair pair_of(const Profile& a, const Profile& b) {
  if (!a.depth.empty() && !b.depth.empty()) return {&a.depth, &b.depth, true};
  if (!a.on_off.empty() && !b.on_off.empty()) return {&a.on_off, &b.on_off, false};
  return {};
}

std::optional<double> log_ratio(const std::optional<double>& a, const std::optional<double>& b) {
  if (!a || !b || *a <= 0 || *b <= 0) return std::nullopt;
  return std::fabs(std::log(*a / *b));
}

// The mean of what is known of two halves.
std::optional<double> either(const std::optional<double>& a, const std::optional<double>& b) {
  if (a && b) return (*a + *b) / 2;
  return a ? a : b;
}

std::optional<double> rhythm_term(const Profile& a, const Profile& b) {
  std::optional<double> duty;
  if (a.duty && b.duty) duty = std::fabs(*a.duty - *b.duty);
  // Doublings of the number of cuts, of at most five: 1 against 32.
  std::optional<double> cuts = log_ratio(a.cuts, b.cuts);
  if (cuts) cuts = std::min(1.0, *cuts / std::log(32.0));
  return either(duty, cuts);
}

std::optional<double> hour_term(const Profile& a, const Profile& b) {
  if (!a.local_hour || !b.local_hour) return std::nullopt;
  const double apart = std::fabs(*a.local_hour - *b.local_hour);
  return std::min(apart, 24 - apart) / 12;
}

std::optional<double> signature_term(const Profile& a, const Profile& b) {
  double sum = 0;
  std::size_t known = 0;
  for (std::size_t i = 0; i < kSignatureParts; ++i) {
    if (!a.signature[i] || !b.signature[i]) continue;
    const double apart = *a.signature[i] - *b.signature[i];
    sum += apart * apart;
    ++known;
  }
  if (known == 0) return std::nullopt;
  return std::sqrt(sum / static_cast<double>(known));
}

// Exams are in the calendar; the other occasions are crises, and the families were labelled across
// them (docs/methods/similarity.md).
double occasion_term(Trigger a, Trigger b) {
  constexpr double kAnotherCrisis = 0.5;
  if (a == b) return 0;
  return a == Trigger::exam || b == Trigger::exam ? 1 : kAnotherCrisis;
}

// All but the course, which is dear.
Terms cheap_terms(const Profile& a, const Profile& b, bool with_context) {
  Terms terms;
  terms[1] = either(log_ratio(a.span_hours, b.span_hours), log_ratio(a.cut_hours, b.cut_hours));
  terms[2] = rhythm_term(a, b);
  terms[3] = hour_term(a, b);
  terms[4] = signature_term(a, b);
  if (with_context && a.trigger && b.trigger) terms[5] = occasion_term(*a.trigger, *b.trigger);
  if (a.scope && b.scope) terms[6] = *a.scope == *b.scope ? 0.0 : 1.0;
  if (a.sharp && b.sharp) terms[7] = std::fabs(*a.sharp - *b.sharp);
  return terms;
}

// The weights of what is known, and the weighted sum without the course; what is not known stands
// in it as it usually is.
struct Weighed {
  double known = 0;
  double sum = 0;
  bool enough = false;
};

Weighed weigh(const Terms& cheap, bool with_course, double least_weight,
              const LikenessWeights& weights) {
  Weighed weighed;
  std::size_t known = with_course ? 1 : 0;
  if (with_course) {
    weighed.known = weights.weight[kCourse];
  } else {
    weighed.sum = weights.weight[kCourse] * weights.usual[kCourse];
  }
  for (std::size_t i = 1; i < kTerms; ++i) {
    weighed.sum += weights.weight[i] * cheap[i].value_or(weights.usual[i]);
    if (!cheap[i]) continue;
    weighed.known += weights.weight[i];
    ++known;
  }
  weighed.enough = known >= 2 && weighed.known >= least_weight - 1e-9;
  return weighed;
}

Likeness finish(Terms terms, const Weighed& weighed, std::optional<double> course,
                const LikenessWeights& weights) {
  terms[kCourse] = course;
  const double sum = weighed.sum + (course ? weights.weight[kCourse] * *course : 0.0);
  return {.distance = sum, .known_weight = weighed.known, .terms = terms};
}

// What of a query is needed again for every case.
struct Prepared {
  const Profile& query;
  Envelope depth;
  Envelope on_off;

  explicit Prepared(const Profile& profile) : query(profile) {
    if (!profile.depth.empty()) depth = envelope_of(profile.depth);
    if (!profile.on_off.empty()) on_off = envelope_of(profile.on_off);
  }
};

// nullopt: not comparable, or certainly further than `limit`.
std::optional<Likeness> likeness_within(const Prepared& prepared, const Profile& past, double limit,
                                        bool with_context, double least_weight,
                                        const LikenessWeights& weights) {
  const Profile& query = prepared.query;
  const auto terms = cheap_terms(query, past, with_context);
  const CoursePair pair = pair_of(query, past);
  const Weighed weighed = weigh(terms, pair.a != nullptr, least_weight, weights);
  if (!weighed.enough) return std::nullopt;
  if (pair.a == nullptr) return finish(terms, weighed, std::nullopt, weights);

  // The sum of differences at which the whole distance reaches the limit.
  const auto size = static_cast<double>(kCourseBins);
  const double room =
      limit == kInfinity ? kInfinity : (limit - weighed.sum) / weights.weight[kCourse] * size;
  const double give_up = room / kRounding + 1e-9;
  if (give_up < 0 || kim_bound(*pair.a, *pair.b) > give_up) return std::nullopt;
  const Envelope& envelope = pair.depth ? prepared.depth : prepared.on_off;
  if (limit != kInfinity && keogh_bound(*pair.b, envelope, give_up) > give_up) return std::nullopt;
  const double sum = warped_sum(*pair.a, *pair.b, give_up);
  if (sum == kInfinity) return std::nullopt;
  return finish(terms, weighed, sum / size, weights);
}

}  // namespace

double course_distance(const Course& a, const Course& b) {
  CHECK(a.size() == kCourseBins && b.size() == kCourseBins);
  return warped_sum(a, b, kInfinity) / static_cast<double>(kCourseBins);
}

std::optional<Likeness> likeness(const Profile& a, const Profile& b, bool with_context,
                                 double least_weight, const LikenessWeights& weights) {
  const Terms terms = cheap_terms(a, b, with_context);
  const CoursePair pair = pair_of(a, b);
  const Weighed weighed = weigh(terms, pair.a != nullptr, least_weight, weights);
  if (!weighed.enough) return std::nullopt;
  std::optional<double> course;
  if (pair.a != nullptr) course = course_distance(*pair.a, *pair.b);
  return finish(terms, weighed, course, weights);
}

std::array<std::optional<double>, kTerms> likeness_terms(const Profile& a, const Profile& b) {
  Terms terms = cheap_terms(a, b, true);
  const CoursePair pair = pair_of(a, b);
  if (pair.a != nullptr) terms[kCourse] = course_distance(*pair.a, *pair.b);
  return terms;
}

std::optional<double> likeness_distance(const std::array<std::optional<double>, kTerms>& terms,
                                        const LikenessWeights& weights, double least_weight) {
  const Weighed weighed = weigh(terms, terms[kCourse].has_value(), least_weight, weights);
  if (!weighed.enough) return std::nullopt;
  return finish(terms, weighed, terms[kCourse], weights).distance;
}

CaseLibrary::CaseLibrary(std::vector<PastCase> cases, const LikenessWeights& weights)
    : cases_(std::move(cases)), weights_(weights) {
  for (const PastCase& past : cases_) profiles_.push_back(profile_of(past));
}

bool CaseLibrary::counts(std::size_t index, const SearchChoice& choice) const {
  const PastCase& past = cases_[index];
  if (!choice.without_name.empty() && past.name == choice.without_name) return false;
  for (const std::string& name : choice.without_names) {
    if (past.name == name) return false;
  }
  if (!choice.without_event.empty() && past.event == choice.without_event) return false;
  return choice.without_country.empty() || past.entity.country() != choice.without_country;
}

std::vector<Parallel> CaseLibrary::nearest(const Profile& query, std::size_t most,
                                           const SearchChoice& choice) const {
  const auto nearer = [](const Parallel& a, const Parallel& b) {
    return std::pair(a.likeness.distance, a.index) < std::pair(b.likeness.distance, b.index);
  };
  const Prepared prepared(query);
  std::vector<Parallel> best;  // ascending
  for (std::size_t i = 0; i < cases_.size() && most > 0; ++i) {
    if (!counts(i, choice)) continue;
    const bool full = best.size() == most;
    const double limit = choice.prune && full ? best.back().likeness.distance : kInfinity;
    std::optional<Likeness> found =
        choice.prune
            ? likeness_within(prepared, profiles_[i], limit, choice.with_context,
                              choice.least_weight, weights_)
            : likeness(query, profiles_[i], choice.with_context, choice.least_weight, weights_);
    if (!found) continue;
    Parallel parallel{.index = i, .likeness = *found};
    best.insert(std::upper_bound(best.begin(), best.end(), parallel, nearer), parallel);
    if (best.size() > most) best.pop_back();
  }
  for (Parallel& parallel : best) {
    const std::vector<double>& wrong =
        wrong_parallels(choice.with_context && query.trigger.has_value());
    if (wrong.empty()) break;
    const auto below =
        std::upper_bound(wrong.begin(), wrong.end(), parallel.likeness.distance) - wrong.begin();
    parallel.percentile = static_cast<double>(below) / static_cast<double>(wrong.size());
  }
  return best;
}

void CaseLibrary::calibrate() {
  for (const bool with_context : {false, true}) {
    std::vector<double>& wrong = wrong_[with_context ? 1 : 0];
    wrong.clear();
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const Prepared prepared(profiles_[i]);
      double nearest = kInfinity;
      for (std::size_t j = 0; j < cases_.size(); ++j) {
        if (cases_[j].family == cases_[i].family) continue;
        const auto found =
            likeness_within(prepared, profiles_[j], nearest, with_context, kSolidWeight, weights_);
        if (found) nearest = std::min(nearest, found->distance);
      }
      if (nearest != kInfinity) wrong.push_back(nearest);
    }
    std::sort(wrong.begin(), wrong.end());
  }
}

const CaseLibrary& built_in_library() {
  static const CaseLibrary library = [] {
    CaseLibrary made(built_in_cases());
    made.calibrate();
    return made;
  }();
  return library;
}

std::string_view name_of(LikenessTerm term) {
  constexpr std::string_view kNames[] = {"course",    "length",   "rhythm", "hour",
                                         "signature", "occasion", "scope",  "clock"};
  return kNames[static_cast<std::size_t>(term)];
}

}  // namespace lightsout
