// /replay/{incident}?asof=: what was said at a time, beside what is known now.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "pages/frame.h"
#include "pages/pages.h"
#include "pages/table.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

struct Shown {
  const Language& say;
  const Zone& zone;

  std::string onset(const Incident& incident) const {
    return clock_both_in(say, incident.onset.value, zone);
  }
  std::string end(const Incident& incident) const {
    return incident.end ? clock_both_in(say, incident.end->value, zone) : say("replay.not-ended");
  }
  std::string left(const Incident& incident) const { return one_line_in(say, incident); }
  std::string mechanism(const Incident& incident) const {
    const Hypothesis* likely = likely_hypothesis(incident);
    return likely == nullptr ? say("mechanism.not-determined") : word_in(say, likely->mechanism);
  }
};

void put_side(const PageContext& context, const Zone& zone, std::string_view heading,
              const Incident* incident, Html& body) {
  const Language& say = context.say;
  body.open("section").element("h2", heading);
  if (incident == nullptr) {
    body.element("p", {{"class", "strong"}}, say("replay.nothing-yet"));
    body.element("p", say("replay.nothing-yet-why")).close();
    return;
  }
  const Verdict verdict = verdict_in(say, *incident, zone);
  body.open("p", {{"class", "kicker"}});
  body.element("span", {{"class", incident->open() ? "pill" : "pill calm"}},
               status_in(say, verdict.status))
      .text(" ");
  body.element("span", {{"class", "chip"}}, word_in(say, incident->confidence)).text(" ");
  body.text(say("replay.version", {{"version", std::to_string(incident->version)},
                                   {"time", clock_both_in(say, incident->known_at, zone)}}));
  body.close().element("h3", verdict.headline);
  for (const std::string& sentence : verdict.sentences) body.element("p", sentence);
  body.element("p", {{"class", "soft"}}, verdict.caution).close();
}

void put_difference(const Language& say, const Zone& zone, const Incident& then,
                    const Incident& now, Html& body) {
  const Shown shown{say, zone};
  HtmlTable table(
      body, say("replay.difference"),
      {{say("replay.field")}, {say("replay.then")}, {say("replay.now")}, {say("replay.changed")}});
  const auto row = [&](const char* key, const std::string& before, const std::string& after) {
    table.row().cell(say(key)).cell(before).cell(after).cell(
        before == after ? say("replay.same") : "\u25b2 " + say("replay.differs"));
  };
  row("replay.status", status_in(say, incident_status(then)), status_in(say, incident_status(now)));
  row("replay.grade", shown.left(then), shown.left(now));
  row("replay.confidence", word_in(say, then.confidence), word_in(say, now.confidence));
  row("replay.onset", shown.onset(then), shown.onset(now));
  row("replay.end", shown.end(then), shown.end(now));
  row("replay.length", length_in(say, then), length_in(say, now));
  row("replay.windows", std::to_string(then.windows.size()), std::to_string(now.windows.size()));
  row("replay.providers", std::to_string(then.providers.size()),
      std::to_string(now.providers.size()));
  row("replay.mechanism", shown.mechanism(then), shown.mechanism(now));
  table.finish();
}

// Each version is one step: a link that a keyboard reaches.
void put_steps(const PageContext& context, const Zone& zone, const std::vector<Incident>& versions,
               const Incident* shown, Html& body) {
  const Language& say = context.say;
  body.open("nav", {{"aria-label", say("replay.steps")}}).element("h2", say("replay.steps"));
  body.open("ol", {{"class", "steps"}});
  for (const Incident& version : versions) {
    body.open("li").open("a",
                         {{"href", same_page(context, {{"asof", format_time(version.known_at)}})},
                          {"aria-current", &version == shown ? "step" : ""}});
    body.text(clock_both_in(say, version.known_at, zone)).close().text(" ");
    body.element("span", {{"class", "soft"}}, one_line_in(say, version)).close();
  }
  body.close().close();
}

void put_form(const PageContext& context, const std::string& asof, Html& body) {
  const Language& say = context.say;
  body.open("form", {{"method", "get"}, {"action", context.request.path}});
  for (const std::string_view kept : {"lang", "theme", "tz"}) {
    if (const auto value = context.request.parameter(kept)) {
      body.empty("input", {{"type", "hidden"}, {"name", std::string(kept)}, {"value", *value}});
    }
  }
  put_input(body, "asof", say("replay.asof"), asof, say("replay.asof-hint"));
  body.open("div").element("button", {{"type", "submit"}}, say("replay.go")).close().close();
}

}  // namespace

WebResponse show_replay(const PageContext& context) {
  const Language& say = context.say;
  const std::string id = context.request.parts().back();
  const auto found = context.observatory.versions(id);
  if (!found || (*found)->empty()) return page_problem(context, 404, say("replay.unknown"));
  const std::vector<Incident>& versions = **found;
  const Incident& now = versions.back();
  const Result<Zone> zone = context.observatory.zone(context.query.tz, now.entity);
  if (!zone) return page_problem(context, zone.error());

  const Time asof = context.query.as_of.value_or(versions.front().known_at);
  const Incident* then = nullptr;
  for (const Incident& version : versions) {
    if (version.known_at <= asof) then = &version;
  }
  Html body;
  body.open("p", {{"class", "kicker"}});
  body.element("a", {{"href", address(context, "/incident/" + id, {{"asof", ""}})}},
               headline_in(say, now))
      .close();
  body.element("h1", say("replay.title", {{"place", place_in(say, now.entity)}}));
  body.element("p", {{"class", "dek"}}, say("replay.dek"));
  put_form(context, format_time(asof), body);
  body.open("div", {{"class", "cols"}});
  put_side(context, *zone, say("replay.said-at", {{"time", clock_both_in(say, asof, *zone)}}), then,
           body);
  put_side(context, *zone, say("replay.known-now"), &now, body);
  body.close();
  if (then != nullptr) put_difference(say, *zone, *then, now, body);
  put_steps(context, *zone, versions, then, body);
  return framed(context,
                {.title = say("replay.title", {{"place", place_in(say, now.entity)}}),
                 .area = "/incidents",
                 .semi_synthetic = now.semi_synthetic},
                body);
}

}  // namespace lightsout
