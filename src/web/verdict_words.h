// VerdictWords: the verdict of report/verdict.h in the reader's language.
//
// In English it is the verdict of the report, word for word. In the others the same facts are put
// into sentences of messages/<language>/verdict.messages, written so that every name stands in the
// nominative: no name must be declined, and a new country or network needs no translator. They make
// no claim that the English does not make (docs/methods/wording.md); a test holds the figures of
// each against the English ones.
//
// Surprising rule: `status` stays the English code word ("ended"), since it chooses colours and
// styles; status_in() is the word for people.
//
//   const Verdict verdict = verdict_in(*find_language("kk"), subject_of(report));
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "language/language.h"
#include "report/verdict.h"

namespace lightsout {

Verdict verdict_in(const Language& say, const Subject& subject);
// Of an incident alone, without its series: what a page has that draws none.
Verdict verdict_in(const Language& say, const Incident& incident, const Zone& zone);

// Of an incident alone, for lists: "nationwide: 3 % of expected (2-5 %)".
std::string one_line_in(const Language& say, const Incident& incident);
// The headline of an incident without its series.
std::string headline_in(const Language& say, const Incident& incident);

// "ended", "ongoing", "recovering" or "retracted": of an incident, for status_in().
std::string_view incident_status(const Incident& incident);
std::string status_in(const Language& say, std::string_view status);

// SEMI-SYNTHETIC's sentence.
std::string semi_synthetic_in(const Language& say);

}  // namespace lightsout
