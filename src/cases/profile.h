// Profile: what of an incident is compared with past ones: its course, its lengths, its rhythm, its
// hour, what each plane saw, and the occasion.
//
// Everything is optional except the name. What is not known is absent and plays no part; nothing is
// filled in. The course is drawn in half hours from the first cut on, over at most fourteen days
// (methods.md 3.6), twice: as depth where the depth of every cut is known, and as on and off.
//
//   const Profile past = profile_of(built_in_cases().front());
//   const Profile now = profile_of(incident, zone.offset_at(incident.onset.value));
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "cases/past_case.h"
#include "incident/incident.h"

namespace lightsout {

inline constexpr std::size_t kCourseBins = 672;  // fourteen days of
inline constexpr Seconds kCourseStep{30 * 60};   // half hours
inline constexpr std::size_t kSignatureParts = 9;

// In this order in Profile::signature; each 0..1.
inline constexpr std::array<std::string_view, kSignatureParts> kSignatureNames = {
    "routes lost",    "probing lost",         "telescope lost",  "routes fell",      "probing fell",
    "telescope fell", "mobile first or only", "struck together", "returned together"};

using Course = std::vector<float>;  // empty, or kCourseBins shares lost

// Whom it struck.
enum class Scope : std::uint8_t { country, region, network, service };

struct Profile {
  std::string name;
  Course depth;                      // empty when the depth of a cut is not known
  Course on_off;                     // empty when the hours are not known
  std::optional<double> span_hours;  // first cut's begin to last cut's end
  std::optional<double> cut_hours;   // median length of one cut
  std::optional<double> duty;        // share of the span that was dark
  std::optional<double> cuts;        // how many
  std::optional<double> local_hour;  // circular mean of the cuts' begins, 0..24
  // Share of the cuts that begin on a full or half hour, local time, to three minutes.
  std::optional<double> sharp;
  std::optional<Scope> scope;
  std::array<std::optional<double>, kSignatureParts> signature;
  std::optional<Trigger> trigger;
};

Profile profile_of(const PastCase& past);

std::string_view name_of(Scope scope);

// `offset` is local time, east of UTC; `trigger` the occasion, where somebody has said one.
Profile profile_of(const Incident& incident, Seconds offset,
                   std::optional<Trigger> trigger = std::nullopt);

}  // namespace lightsout
