// Say: small words that pages add to web/words_in.h and web/verdict_words.h.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/zone.h"
#include "incident/incident.h"
#include "language/language.h"

namespace lightsout {

std::string date_clock(const Language& say, Time time);   // "5 January 2022, 16:30 UTC"
std::string age_words(const Language& say, Seconds age);  // "12 minutes", "4 years"
// "22:30", or "6 Jan 00:30" where the day differs; empty for UTC.
std::string local_beside(const Language& say, Time time, const Zone& zone);

std::string signal_name(const Language& say, const SignalId& signal);   // "Routes announced"
std::string signal_about(const Language& say, const SignalId& signal);  // what it counts
std::string unit_words(const Language& say, const Series& series);      // for an axis

bool is_calm(const Incident& incident);  // over, or taken back
// The order of what matters: ongoing first, then the wider, then the deeper and longer.
bool graver(const Incident& a, const Incident& b);

}  // namespace lightsout
