// Incidents and detections as JSON documents: how the store keeps them, and lossless both ways.
//
//   const std::string text = to_json(incident);
//   const Result<Incident> again = incident_from_json(text);   // equal in every field
//
// The surprising rule: reading is tolerant of what is newer and strict about what is damaged. A
// field that we do not know is passed over and one that is not there keeps its default, so that old
// and new programs share a file; a field of the wrong type, a name outside its list, or a document
// without its identity is an Error that says where ("planes[3].fell_at.earliest is not a time").
//
// Times are RFC 3339 in UTC, durations whole seconds, numbers the shortest text that reads back as
// the same double; those that JSON lacks are "NaN", "Infinity", "-Infinity". Text that is not UTF-8
// gets U+FFFD for its bad bytes. The fields stand in a fixed order: equal incidents give equal
// bytes. docs/formats/incident.md lists them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "detect/anomaly.h"
#include "incident/incident.h"

namespace lightsout {

std::string to_json(const Incident& incident);
Result<Incident> incident_from_json(std::string_view text);

std::string to_json(const Anomaly& anomaly);
Result<Anomaly> anomaly_from_json(std::string_view text);

// Without Detection::expected, which detect() recomputes from the series.
std::string to_json(const Detection& detection);
Result<Detection> detection_from_json(std::string_view text);

// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string as_utf8(std::string_view text);

}  // namespace lightsout
