// An incident of the store as a Report, so that it can be rendered as on paper.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "report/report.h"
#include "web/observatory.h"

namespace lightsout::api {

// Without series: for what only tells of incidents, such as windows and calendars.
Report brief_report(Observatory& observatory, std::vector<Incident> incidents);

// With the series around the incident; that of an earlier version as known at its time.
Result<Report> full_report(Observatory& observatory, const Incident& incident);

// What is said beyond that it happened (cases/appraisal.h).
Result<Appraisal> appraised(Observatory& observatory, const Incident& incident);

}  // namespace lightsout::api
