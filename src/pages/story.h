// Story: what several pages say around one incident.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "pages/frame.h"
#include "pages/html_writer.h"
#include "pages/scene.h"
#include "report/verdict.h"

namespace lightsout {

// Status, confidence, grade, since when, and a label where the inputs were scripted.
void put_incident_kicker(Html& html, const PageContext& context, const Incident& incident);
void put_key_figures(Html& html, const std::vector<KeyFigure>& figures);
// "What would change this": what would refute the likely explanation, and what always would.
void put_would_change(Html& html, const PageContext& context, const Incident* incident);
// A table of incidents, the newest first.
void put_incident_table(Html& html, const PageContext& context,
                        const std::vector<const Incident*>& incidents);

// The series of a scene that fell deepest in an incident, of two alike the one of probing; nullopt
// where none of them can show a loss, as for a rise in the use of a tool.
std::optional<std::size_t> telling_row(const Scene& scene, const Incident& incident);

}  // namespace lightsout
