// IncidentEvent: that an incident opened, changed or ended, as one small JSON document: what the
// event stream carries and what a webhook is sent. docs/formats/webhook.md
//
//   const auto change = change_of(previous, now);            // nullptr: there was none before
//   if (change) hub.publish(stream_name(*change), now.entity.text(), event_json(*change, now,
//   base));
//
// Not every new version is worth a message: an incident that only went on, and whose depth moved by
// less than kTellingDepth, tells nobody anything new.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "incident/incident.h"

namespace lightsout {

enum class IncidentChange : std::uint8_t { opened, updated, restored, corrected, retracted };

inline constexpr double kTellingDepth = 0.05;                      // of what was expected
inline constexpr Seconds kTellingTime = std::chrono::minutes{15};  // that an onset or end moved

// What version `now` is after `previous`; nullopt: it tells nothing that was not said before.
std::optional<IncidentChange> change_of(const Incident* previous, const Incident& now);

std::string_view name_of(IncidentChange change);      // "restored"
std::string_view stream_name(IncidentChange change);  // "incident.restored": the kind in the hub

// One line. `base`: where the pages are, "https://lightsout.example"; empty leaves the links out.
std::string event_json(IncidentChange change, const Incident& incident, std::string_view base);

}  // namespace lightsout
