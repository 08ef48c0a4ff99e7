// Every page's function, one a file or a few that belong together. all_pages.cc lists them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pages/site.h"

namespace lightsout {

WebResponse show_now(const PageContext& context);
WebResponse show_country(const PageContext& context);
WebResponse show_region(const PageContext& context);
WebResponse show_network(const PageContext& context);
WebResponse show_network_in(const PageContext& context);
WebResponse show_services(const PageContext& context);
WebResponse show_circumvention(const PageContext& context);
WebResponse show_incident(const PageContext& context);
WebResponse show_incident_part(const PageContext& context);
WebResponse show_api(const PageContext& context);
WebResponse show_lite(const PageContext& context);
WebResponse show_text(const PageContext& context);
WebResponse show_sms(const PageContext& context);
WebResponse show_map(const PageContext& context);
WebResponse show_incidents(const PageContext& context);
WebResponse show_incidents_csv(const PageContext& context);
WebResponse show_compare(const PageContext& context);
WebResponse show_replay(const PageContext& context);
WebResponse show_cost(const PageContext& context);
WebResponse show_sources(const PageContext& context);
WebResponse show_methods(const PageContext& context);
WebResponse show_method(const PageContext& context);
WebResponse show_glossary(const PageContext& context);
WebResponse show_scorecard(const PageContext& context);

}  // namespace lightsout
