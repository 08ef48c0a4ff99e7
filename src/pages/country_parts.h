// Sections that the pages of a country, a region and a network share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "pages/frame.h"
#include "pages/html_writer.h"
#include "pages/scene.h"
#include "report/verdict.h"

namespace lightsout {

// The verdict of what a scene tells, or that nothing was found; in the reader's language.
Verdict verdict_of_scene(const Language& say, const Scene& scene);
// Status, headline, sentences, what would change them, and the key figures.
void put_verdict(Html& html, const PageContext& context, const Scene& scene);
// What the newest version of the told incident says that the one before did not.
void put_since_before(Html& html, const PageContext& context, const Scene& scene);
// ?from, ?until and ?tz as a form, and links to usual stretches.
void put_range_form(Html& html, const PageContext& context, const Scene& scene);
// One line per series: value, normal band, change, age.
void put_planes_now(Html& html, const PageContext& context, const Scene& scene);
void put_part_table(Html& html, const PageContext& context, const Scene& scene,
                    const std::vector<PartView>& parts);
// Past incidents, and the year as a calendar.
void put_past(Html& html, const PageContext& context, const Scene& scene);
// What is measured here, how densely, since when.
void put_coverage(Html& html, const PageContext& context, const Scene& scene);

// Nothing is measured of it: which is not the same as normal.
WebResponse unmeasured_page(const PageContext& context, const Entity& entity);

}  // namespace lightsout
