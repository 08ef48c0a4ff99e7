// The list of all pages. To add one: a function in a file of this folder, its line in pages.h and
// its line here, and its title in messages/en.
//
// SPDX-License-Identifier: Apache-2.0
#include "pages/frame.h"
#include "pages/pages.h"

namespace lightsout {

std::span<const Page> all_pages() {
  static constexpr Page kPages[] = {
      {"/", "page.now", show_now},
      {"/country/{code}", "page.country", show_country},
      {"/country/{code}/region/{region}", "page.region", show_region},
      {"/network/{asn}", "page.network", show_network},
      {"/network/{asn}/in/{code}", "page.network-in", show_network_in},
      {"/services/{code}", "page.services", show_services},
      {"/circumvention/{code}", "page.circumvention", show_circumvention},
      {"/incident/{id}", "page.incident", show_incident},
      {"/incident/{id}/{part}", "page.incident", show_incident_part},
      {"/api", "page.api", show_api},
      {"/lite/country/{code}", "page.lite", show_lite},
      {"/t/{code}", "page.text", show_text},
      {"/sms/{code}", "page.sms", show_sms},
      {"/map", "map.title", show_map},
      {"/incidents", "incidents.title", show_incidents},
      {"/incidents.csv", "incidents.csv", show_incidents_csv},
      {"/compare", "compare.title", show_compare},
      {"/replay/{incident}", "replay.page", show_replay},
      {"/cost/{incident}", "cost.page", show_cost},
      {"/sources", "sources.title", show_sources},
      {"/methods", "methods.title", show_methods},
      {"/methods/{name}", "methods.page", show_method},
      {"/glossary", "glossary.title", show_glossary},
      {"/scorecard", "scorecard.title", show_scorecard},
      // Not pages, but what every page needs.
      {"/assets/style.css", "page.style", show_style},
      {"/assets/icon.svg", "page.icon", show_icon},
  };
  return kPages;
}

}  // namespace lightsout
