// Grade, confidence and probability of one incident (docs/methods/grades.md).
//
// The rule that matters: a nationwide incident needs two planes, one of them routes or answers to
// probes, because two traffic signals fall by 45 % on a holiday. Two feeds on one plane are one
// plane. Evidence is capped per plane before it becomes a probability, since likelihoods of long
// falls are astronomically sure of anything.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <vector>

#include "incident/course.h"

namespace lightsout::incident {

// What a plane as a whole says.
struct PlaneSummary {
  std::size_t fell = 0;       // series that fell
  std::size_t stood = 0;      // series that were judged, had numbers, and did not
  double depth = 0;           // of the deepest
  std::size_t deep = 0;       // series at kVeryDeep or deeper
  double evidence = 0;        // nats, the most of its series
  std::size_t strongest = 0;  // the witness that has it
};
using Planes = std::map<Plane, PlaneSummary>;

// Of the entity's own series when of_parts is false, of its parts' otherwise; of those of one
// entity alone when `only` is given.
Planes summarise(const std::vector<Witness>& witnesses, const Course& course, bool of_parts,
                 const Entity* only = nullptr);

struct Grading {
  Grade grade = Grade::lesser_anomaly;
  Confidence confidence = Confidence::observed;
  double probability = 0;
  bool lasting = false;
};
Grading grade(const Entity& entity, const std::vector<Witness>& witnesses, const Group& group,
              const Course& course);

inline constexpr double kHalf = 0.5;        // "50 % below expected"
inline constexpr double kVeryDeep = 0.8;    // deeper than any holiday known to us
inline constexpr double kNotable = 0.2;     // shallower falls are lesser anomalies
inline constexpr double kSteadyFell = 0.1;  // a fall of routes or answers that corroborates
inline constexpr double kEvidenceCap = 6;   // nats a plane: odds of 400 to 1
inline constexpr double kMostProbable = 0.999;

}  // namespace lightsout::incident
