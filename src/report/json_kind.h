// The kind of an incident in the JSON of a report (docs/formats/report-json.md).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "incident/incident.h"
#include "report/json_writer.h"

namespace lightsout {

void put_kind(JsonWriter& json, const Incident& incident);

}  // namespace lightsout
