// The appraisals of a report as JSON; docs/formats/report-json.md.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cases/appraisal.h"
#include "report/json_writer.h"

namespace lightsout {

void put_appraisals(JsonWriter& json, const std::vector<Appraisal>& appraisals);

}  // namespace lightsout
