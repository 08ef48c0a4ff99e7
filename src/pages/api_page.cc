// API: the page for people about the addresses for programs.
//
// SPDX-License-Identifier: Apache-2.0
#include "pages/frame.h"
#include "pages/pages.h"

namespace lightsout {

namespace {

struct Example {
  std::string_view key;   // of a sentence
  std::string_view path;  // as it may be opened in a browser
};

constexpr Example kExamples[] = {
    {"api.example.incidents", "/api/v1/incidents.csv"},
    {"api.example.series", "/api/v1/series/country/KZ.csv?signal=probing/slash24_up"},
    {"api.example.chart", "/api/v1/chart.svg?entity=country/KZ"},
    {"api.example.events", "/api/v1/events.jsonl"},
    {"api.example.detections", "/api/v1/detections.json"},
    {"api.example.why", "/api/v1/why/country/KZ"},
    {"api.example.sources", "/api/v1/sources.json"},
    {"api.example.gaps", "/api/v1/gaps.csv"},
    {"api.example.feed", "/api/v1/feeds/global.atom"},
    {"api.example.entities", "/api/v1/entities.json"},
    {"api.example.ioda", "/compat/ioda/v2/entities/query?entityType=country&entityCode=KZ"},
    {"api.example.stream", "/stream"},
    {"api.example.metrics", "/metrics"},
};

}  // namespace

WebResponse show_api(const PageContext& context) {
  const Language& say = context.say;
  Html body;
  body.element("h1", say("page.api")).element("p", {{"class", "dek"}}, say("api.about"));
  body.open("p").element("a", {{"href", "/api/v1/openapi.json"}}, say("api.openapi")).close();
  body.open("table", {{"class", "stack"}}).open("thead").open("tr");
  body.element("th", {{"scope", "col"}}, say("api.what"));
  body.element("th", {{"scope", "col"}}, say("api.address"));
  body.close().close().open("tbody");
  for (const Example& example : kExamples) {
    body.open("tr").element("th", {{"scope", "row"}}, say(example.key));
    body.open("td", {{"data-h", say("api.address")}, {"class", "hex"}});
    body.element("a", {{"href", std::string(example.path)}}, example.path).close().close();
  }
  body.close().close();
  body.open("section", {{"id", "rules"}}).element("h2", say("api.rules")).open("ul");
  for (const char* key : {"api.rule.formats", "api.rule.times", "api.rule.asof", "api.rule.states",
                          "api.rule.tiers", "api.rule.errors", "api.rule.licence"}) {
    body.element("li", say(key));
  }
  body.close().close();
  return framed(context, {.title = say("page.api"), .area = "/api"}, body);
}

}  // namespace lightsout
