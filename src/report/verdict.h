// Verdict: the sentences above the fold. A headline, three sentences, one caution, four figures.
//
// The rules that every word of it keeps (docs/methods/wording.md):
//   - "lost the Internet" only for a nationwide, corroborated fall of nine tenths or more;
//   - a usage dip is a dip in use, and whether connectivity fell is said to be not known;
//   - a mechanism is only something the pattern is consistent with, and only when weighed "likely";
//   - an incident that has not ended lasts "at least" so long, "as of" the last number;
//   - nobody is ever named as having done it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/subject.h"

namespace lightsout {

struct KeyFigure {
  std::string label;  // "Reach, 9–15 January 2026"
  std::string value;  // "3 %"
  std::string note;   // "of expected (2–5 %)"
};

struct Verdict {
  std::string status;  // "ended", "ongoing", "recovering", "nothing found", "cannot tell"
  std::string headline;
  std::vector<std::string> sentences;  // three
  std::string caution;
  std::vector<KeyFigure> figures;  // four
};

inline constexpr std::string_view kSemiSynthetic = "SEMI-SYNTHETIC";
inline constexpr std::string_view kSemiSyntheticText =
    "The curves on this page were scripted from published accounts of the event and are not "
    "measurements. Nothing here may be quoted as measured.";

Verdict verdict_of(const Subject& subject);

// One line for a table of incidents: "nationwide fall to 3 %", "use up by 400 %".
std::string one_line(const Incident& incident);

// The hypothesis that is weighed "likely"; nullptr when none is.
const Hypothesis* likely_hypothesis(const Incident& incident);

// The stretch in which it was gone: from the first near-total phase to total recovery, where the
// incident has them; else all of it. What a headline counts.
TimeRange lost_range(const Incident& incident);

// All near-total phases as one: from the begin of the first to the end of the last, their depths
// weighed by their lengths, what lay between them (the windows) left out. nullopt without any.
std::optional<Phase> nearly_gone(const Incident& incident);

// "at least 19 days" or "18 d 14 h".
std::string length_of(const Incident& incident);

}  // namespace lightsout
