// The kind of an incident and the rhythm of cuts in the JSON of a report
// (docs/formats/report-json.md).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "incident/incident.h"
#include "report/json_writer.h"
#include "report/subject.h"

namespace lightsout {

void put_kind(JsonWriter& json, const Incident& incident);
void put_rhythm(JsonWriter& json, const Subject& subject);

}  // namespace lightsout
