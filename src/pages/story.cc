// SPDX-License-Identifier: Apache-2.0
#include "pages/story.h"

#include <fmt/format.h>

#include "pages/say.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

void put_incident_kicker(Html& html, const PageContext& context, const Incident& incident) {
  const Language& say = context.say;
  html.open("p", {{"class", "kicker"}});
  html.element("span", {{"class", is_calm(incident) ? "pill calm" : "pill"}},
               status_in(say, incident_status(incident)));
  html.element("span", {{"class", "chip"}}, word_in(say, incident.confidence));
  html.element("span", {{"class", "chip"}}, word_in(say, incident.grade));
  if (incident.semi_synthetic) html.element("b", {{"class", "chip"}}, kSemiSynthetic);
  html.element("span", days_in(say, incident.range()));
  html.element("span", length_in(say, incident));
  html.close();
}

void put_key_figures(Html& html, const std::vector<KeyFigure>& figures) {
  html.open("dl", {{"class", "kf"}});
  for (const KeyFigure& figure : figures) {
    html.open("div").element("dt", figure.label).open("dd").text(figure.value);
    html.element("small", figure.note).close().close();
  }
  html.close();
}

void put_would_change(Html& html, const PageContext& context, const Incident* incident) {
  const Language& say = context.say;
  html.open("div", {{"class", "change"}}).element("b", say("story.would-change"));
  const Hypothesis* likely = incident == nullptr ? nullptr : likely_hypothesis(*incident);
  if (likely != nullptr && !likely->would_refute.empty()) {
    html.open("span", {{"lang", "en"}});  // the weighing speaks English
    for (std::size_t i = 0; i < likely->would_refute.size(); ++i) {
      html.text((i > 0 ? "; " : "") + likely->would_refute[i]);
    }
    html.text(". ").close();
  }
  html.element("span",
               say(incident == nullptr ? "story.would-change-quiet" : "story.would-change-always"));
  html.close();
}

void put_incident_table(Html& html, const PageContext& context,
                        const std::vector<const Incident*>& incidents) {
  const Language& say = context.say;
  const std::string when = say("story.begun");
  const std::string length = say("story.length");
  const std::string what = say("story.what");
  const std::string how = say("story.confidence");
  html.open("table", {{"class", "stack"}}).open("thead").open("tr");
  for (const std::string& heading : {say("story.where"), when, length, what, how}) {
    html.element("th", {{"scope", "col"}}, heading);
  }
  html.close().close().open("tbody");
  for (const Incident* incident : incidents) {
    html.open("tr").open("th", {{"scope", "row"}});
    html.element("a", {{"href", address(context, "/incident/" + incident->id)}},
                 place_in(say, incident->entity));
    html.close();
    html.element("td", {{"data-h", when}}, date_clock(say, incident->onset.value));
    html.element("td", {{"data-h", length}}, length_in(say, *incident));
    html.element("td", {{"data-h", what}}, one_line_in(say, *incident));
    html.element(
        "td", {{"data-h", how}},
        word_in(say, incident->confidence) + ", " + status_in(say, incident_status(*incident)));
    html.close();
  }
  html.close().close();
}

std::optional<std::size_t> telling_row(const Scene& scene, const Incident& incident) {
  std::optional<std::size_t> best;
  double deepest = -1;
  for (std::size_t index = 0; index < scene.report->series.size(); ++index) {
    const Series& series = scene.series(index);
    for (const PlaneView& view : incident.planes) {
      if (view.signal != series.id || !view.judged || !view.fell) continue;
      if (incident.direction == Direction::rise && series.worse == Worse::low) continue;
      const double depth = view.depth.value + (view.plane == Plane::data ? 0.05 : 0);
      if (depth > deepest) deepest = depth, best = index;
    }
  }
  return best;
}

}  // namespace lightsout
