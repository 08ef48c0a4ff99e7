// Lite, text and one message: the country page for a line of 2G and a window of ten minutes.
//
// The lite page fetches nothing at all, not even a style sheet: what a text browser shows is what
// it is. All three say the same as the country page, shorter.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pages/country_parts.h"
#include "pages/figure_parts.h"
#include "pages/frame.h"
#include "pages/pages.h"
#include "pages/say.h"
#include "report/escape.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostWindows = 20;
constexpr std::size_t kMostProviders = 30;
constexpr std::size_t kMessage = 160;  // characters of /sms

// A country by the last part of the path, or the answer that says why not.
struct Asked {
  std::optional<Scene> scene;
  std::optional<Entity> entity;
  int status = 200;
  std::string sentence;  // where there is no scene
};

Asked asked_for(const PageContext& context) {
  const Language& say = context.say;
  const Result<Entity> entity = country_named(context, context.request.parts().back());
  if (!entity) return {{}, {}, 404, entity.error().message};
  Result<Scene> scene = scene_of(context, *entity);
  if (scene) return {std::move(*scene), *entity, 200, {}};
  if (scene.error().kind != ErrorKind::not_found) {
    return {{}, *entity, status_of(scene.error()), scene.error().message};
  }
  return {{},
          *entity,
          404,
          say("country.unmeasured-title", {{"place", place_in(say, *entity)}}) + ". " +
              say("country.unmeasured")};
}

// "Networks answering: 8018, as usual (12 Jan 00:00 UTC)".
std::string row_line(const Language& say, const Scene& scene, std::size_t index) {
  const Series& series = scene.series(index);
  const std::string name = signal_name(say, series.id);
  const auto [first, last] = bins_within(series, {series.begin, scene.shown.end});
  for (std::size_t i = last; i > first; --i) {
    const auto value = series.samples[i - 1].number();
    if (!value) continue;
    const Detection* detection = scene.detection(index);
    std::string against = say("figure.cannot-tell");
    if (detection != nullptr && i - 1 < detection->expected.size() &&
        std::isfinite(detection->expected[i - 1].value)) {
      const Expectation& usual = detection->expected[i - 1];
      const bool inside = *value >= usual.low && *value <= usual.high;
      against = inside || usual.value <= 0 ? say("country.within")
                                           : change_in(say, 1 - *value / usual.value);
    }
    return say("lite.row", {{"name", name},
                            {"value", value_in(say, *value, series.unit)},
                            {"against", against},
                            {"time", day_clock_utc_in(say, series.time_of(i))}});
  }
  return name + ": " + say("country.no-number");
}

std::string window_line(const Language& say, const Scene& scene, const Window& window) {
  std::string line =
      day_clock_in(say, window.range.begin) + " \u2013 " + day_clock_utc_in(say, window.range.end);
  const std::string from = local_beside(say, window.range.begin, scene.zone);
  if (!from.empty()) {
    line += " (" + city_in(say, scene.zone) + ": " + from + " \u2013 " +
            local_beside(say, window.range.end, scene.zone) + ")";
  }
  return line + ", " + percent_in(say, window.level.value);
}

std::string provider_line(const Language& say, const Scene& scene, const PartView& part) {
  std::string line = scene.part_name(say, part.entity) + ": ";
  if (!part.judged) return line + say("figure.cannot-tell");
  if (!part.fell) return line + say("figure.stood");
  line +=
      say("figure.strip-fell", {{"time", day_clock_utc_in(say, part.fell_at.value)},
                                {"share", percent_in(say, std::max(0.0, 1 - part.depth.value))}});
  if (part.returned) {
    line += "; " + say("lite.back", {{"time", day_clock_utc_in(say, part.returned->value)}});
  }
  return line;
}

struct Lines {
  std::string heading;
  std::vector<std::string> items;
};

std::vector<Lines> lines_of(const Language& say, const Scene& scene) {
  std::vector<Lines> all;
  Lines planes{say("country.planes-then", {{"time", date_clock(say, scene.data_through)}}), {}};
  for (const std::size_t index : scene.rows) planes.items.push_back(row_line(say, scene, index));
  if (planes.items.empty()) planes.items.push_back(say("country.no-own-series"));
  all.push_back(std::move(planes));
  if (scene.told == nullptr) return all;
  if (!scene.told->windows.empty()) {
    Lines windows{say("lite.windows"), {}};
    // The last one is what somebody with a window of ten minutes looks for.
    for (auto window = scene.told->windows.rbegin(); window != scene.told->windows.rend();
         ++window) {
      if (windows.items.size() == kMostWindows) break;
      windows.items.push_back(window_line(say, scene, *window));
    }
    all.push_back(std::move(windows));
  }
  if (!scene.told->providers.empty()) {
    Lines providers{say("country.providers"), {}};
    for (const PartView& part : scene.told->providers) {
      if (providers.items.size() == kMostProviders) break;
      providers.items.push_back(provider_line(say, scene, part));
    }
    all.push_back(std::move(providers));
  }
  return all;
}

WebResponse plain_text(int status, std::string body) {
  WebResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(body);
  response.max_age = status == 200 ? 60 : 0;
  return response;
}

WebResponse lite_page(const PageContext& context, int status, const std::string& title,
                      const Html& body) {
  Html html;
  html.raw("<!doctype html>\n");
  html.open("html", {{"lang", tag_of(context.say)}, {"dir", std::string(context.say.direction())}});
  html.open("head").raw(
      "<meta charset=\"utf-8\"/><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"/><meta name=\"color-scheme\" "
      "content=\"light dark\"/>");
  html.element("title", title + " \u00b7 Lightsout")
      .raw("<link rel=\"icon\" href=\"/assets/icon.svg\"/>");
  html.close().open("body").open("main").add(body).close().close().close();
  WebResponse response;
  response.status = status;
  response.body = std::move(html).finished();
  response.max_age = status == 200 ? 60 : 0;
  return response;
}

// At most so many characters, cut at a blank.
std::string cut_to(const std::string& text, std::size_t most) {
  std::size_t count = 0;
  std::size_t blank = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) == 0x80U) continue;  // inside a character
    if (count == most) return text.substr(0, blank > 0 ? blank : i);
    if (byte == ' ') blank = i;
    ++count;
  }
  return text;
}

// A report with the scene's incident and no curves: enough for one message.
Report bare_report(const Scene& scene) {
  Report report{.investigation = {.entity = scene.entity,
                                  .range = scene.shown,
                                  .incidents = {},
                                  .could_judge = scene.report->investigation.could_judge,
                                  .reason = scene.report->investigation.reason,
                                  .not_measured = {},
                                  .notes = {}}};
  if (scene.told != nullptr) report.investigation.incidents = {*scene.told};
  report.zone = scene.zone;
  report.semi_synthetic = scene.semi_synthetic;
  return report;
}

}  // namespace

WebResponse show_lite(const PageContext& context) {
  const Language& say = context.say;
  const Asked asked = asked_for(context);
  Html body;
  if (!asked.scene) {
    body.element("h1", "Lightsout").element("p", asked.sentence);
    body.open("p").element("a", {{"href", address(context, "/")}}, say("frame.problem.go-now"));
    body.close();
    return lite_page(context, asked.status, "Lightsout", body);
  }
  const Scene& scene = *asked.scene;
  const Verdict verdict = verdict_of_scene(say, scene);
  if (scene.semi_synthetic) {
    body.open("p").element("strong", kSemiSynthetic).text(". " + semi_synthetic_in(say)).close();
  }
  body.element("h1", verdict.headline);
  body.element("p", status_in(say, verdict.status) + " \u00b7 " +
                        say("frame.data-through", {{"time", date_clock(say, scene.data_through)}}));
  body.open("p");
  for (const std::string& sentence : verdict.sentences) body.text(sentence + " ");
  body.text(verdict.caution).close();
  for (const Lines& lines : lines_of(say, scene)) {
    body.element("h2", lines.heading).open("ul");
    for (const std::string& item : lines.items) body.element("li", item);
    body.close();
  }
  const std::string code(scene.entity.code());
  body.open("p");
  body.element("a", {{"href", address(context, "/country/" + code)}}, say("lite.full")).text(" ");
  body.element("a", {{"href", address(context, "/t/" + code)}}, say("country.text")).text(" ");
  for (const Language* language : all_languages()) {
    body.element("a",
                 {{"href", same_page(context, {{"lang", std::string(language->code())}})},
                  {"lang", std::string(language->code())},
                  {"hreflang", std::string(language->code())}},
                 language->own_name())
        .text(" ");
  }
  body.close();
  return lite_page(context, 200, verdict.headline, body);
}

WebResponse show_text(const PageContext& context) {
  const Language& say = context.say;
  const Asked asked = asked_for(context);
  if (!asked.scene) return plain_text(asked.status, asked.sentence + "\n");
  const Scene& scene = *asked.scene;
  const Verdict verdict = verdict_of_scene(say, scene);
  std::string text;
  if (scene.semi_synthetic) {
    text += std::string(kSemiSynthetic) + ". " + semi_synthetic_in(say) + "\n\n";
  }
  text += verdict.headline + "\n" + status_in(say, verdict.status) + "; " +
          say("frame.data-through", {{"time", date_clock(say, scene.data_through)}}) + "\n\n";
  for (const std::string& sentence : verdict.sentences) text += sentence + "\n";
  text += verdict.caution + "\n";
  for (const Lines& lines : lines_of(say, scene)) {
    text += "\n" + lines.heading + "\n";
    for (const std::string& item : lines.items) text += "- " + item + "\n";
  }
  text += "\n" + address(context, "/country/" + std::string(scene.entity.code())) + "\n";
  return plain_text(200, std::move(text));
}

WebResponse show_sms(const PageContext& context) {
  const Language& say = context.say;
  const Asked asked = asked_for(context);
  if (!asked.scene) return plain_text(asked.status, cut_to(asked.sentence, kMessage) + "\n");
  const Report report = bare_report(*asked.scene);
  if (say.code() == "en") return plain_text(200, text160(report) + "\n");
  const Verdict verdict = verdict_of_scene(say, *asked.scene);
  std::string text = asked.scene->semi_synthetic ? std::string(kSemiSynthetic) + " " : "";
  text += verdict.headline + ".";
  for (const std::string& sentence : verdict.sentences) text += " " + sentence;
  return plain_text(200, cut_to(text, kMessage) + "\n");
}

}  // namespace lightsout
