// SPDX-License-Identifier: Apache-2.0
#include "pages/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/sha256.h"
#include "pages/say.h"
#include "report/verdict.h"
#include "web/built_files.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::array<std::string_view, 5> kKept{"lang", "theme", "tz", "mode", "asof"};

struct Entry {
  std::string_view path;
  std::string_view key;
};

constexpr Entry kNavigation[] = {
    {"/", "frame.nav.now"},
    {"/map", "frame.nav.map"},
    {"/incidents", "frame.nav.incidents"},
    {"/compare", "frame.nav.compare"},
    {"/sources", "frame.nav.sources"},
    {"/methods", "frame.nav.methods"},
};

constexpr Entry kFooter[] = {
    {"/sources", "frame.nav.sources"},   {"/methods", "frame.nav.methods"},
    {"/glossary", "frame.nav.glossary"}, {"/scorecard", "frame.nav.scorecard"},
    {"/api", "frame.nav.api"},
};

using Query = std::vector<std::pair<std::string, std::string>>;

std::string joined_query(std::string_view path, const Query& query) {
  std::string text;
  std::size_t begin = 0;
  while (begin < path.size()) {  // each part is encoded, its slashes are not
    const std::size_t end = std::min(path.find('/', begin), path.size());
    text += percent_encode(path.substr(begin, end - begin));
    if (end < path.size()) text += '/';
    begin = end + 1;
  }
  char mark = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    text += mark + percent_encode(name) + "=" + percent_encode(value);
    mark = '&';
  }
  return text;
}

void change(Query& query, QueryChanges changes) {
  for (const auto& [name, value] : changes) {
    const auto found = std::find_if(query.begin(), query.end(),
                                    [&](const auto& each) { return each.first == name; });
    if (found == query.end()) {
      query.emplace_back(name, value);
    } else {
      found->second = value;
    }
  }
}

std::string_view theme_of(const WebRequest& request) {
  const std::string theme = request.parameter("theme").value_or("");
  return theme == "dark" ? "dark" : theme == "light" ? "light" : "";
}

void put_head(const Frame& frame, Html& html) {
  html.open("head").raw(
      "<meta charset=\"utf-8\"/><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"/><meta name=\"referrer\" "
      "content=\"no-referrer\"/><meta name=\"color-scheme\" content=\"light dark\"/>");
  if (!frame.description.empty()) {
    html.empty("meta", {{"name", "description"}, {"content", frame.description}});
  }
  const std::string label = frame.semi_synthetic ? std::string(kSemiSynthetic) + ": " : "";
  html.element("title", label + frame.title + " \u00b7 Lightsout");
  html.empty("link", {{"rel", "stylesheet"}, {"href", style_path()}});
  if (!frame.feed.empty()) {
    html.empty("link", {{"rel", "alternate"},
                        {"type", "application/atom+xml"},
                        {"href", frame.feed},
                        {"title", frame.title}});
  }
  html.raw("<link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\"/>");
  html.close();
}

void put_languages(const PageContext& context, Html& html) {
  html.open("span", {{"class", "langs"}});
  for (const Language* language : all_languages()) {
    const bool current = language->code() == context.say.code();
    html.open("a", {{"href", same_page(context, {{"lang", std::string(language->code())}})},
                    {"hreflang", std::string(language->code())},
                    {"lang", std::string(language->code())},
                    {"aria-current", current ? "true" : ""}});
    html.text(language->own_name()).close().text(" ");
  }
  html.close();
}

void put_top(const PageContext& context, const Frame& frame, Html& html) {
  const Language& say = context.say;
  html.element("a", {{"class", "skip"}, {"href", "#main"}}, say("frame.skip"));
  html.open("header", {{"class", "top"}}).open("div", {{"class", "in"}});
  html.element("a", {{"class", "brand"}, {"href", address(context, "/")}}, "Lightsout");
  html.open("nav", {{"aria-label", say("frame.nav")}});
  for (const Entry& entry : kNavigation) {
    html.element("a",
                 {{"href", address(context, entry.path)},
                  {"aria-current", entry.path == frame.area ? "page" : ""}},
                 say(entry.key));
  }
  html.close();
  html.open("span", {{"class", "clock"}});
  html.element("time", {{"datetime", format_time(context.now)}},
               say("frame.clock-utc", {{"clock", say.clock(context.now)}}));
  if (context.zone.name != "UTC") {
    html.text(" \u00b7 " +
              say("frame.clock-local", {{"city", city_in(say, context.zone)},
                                        {"clock", say.clock(context.zone.local(context.now))},
                                        {"offset", context.zone.offset_text(context.now)}}));
  }
  html.close();
  put_languages(context, html);
  html.close().close();
}

// "7 of 8 sources are on time": a dot that is also a shape and a word.
void put_health(const PageContext& context, Html& html) {
  const Language& say = context.say;
  const std::optional<Time> through = context.observatory.data_through();
  html.open("p");
  if (!through) {
    html.element("span", {{"class", "dot off"}}, "\u25cb ").text(say("frame.no-data")).close();
    return;
  }
  std::size_t on_time = 0;
  std::size_t all = 0;
  if (const auto sources = context.observatory.sources()) {
    all = sources->size();
    for (const SourceHealth& source : *sources) {
      on_time += source.lag <= std::max<Seconds>(source.step * 3, std::chrono::hours(3));
    }
  }
  html.text(say("frame.data-through", {{"time", date_clock(say, *through)}}) + " \u00b7 ");
  html.element("span", {{"class", on_time == all ? "dot" : "dot late"}},
               on_time == all ? "\u25cf "
               : on_time == 0 ? "\u25cb "
                              : "\u25d0 ");
  html.element("a", {{"href", address(context, "/sources")}},
               say("frame.sources-on-time",
                   {{"count", std::to_string(on_time)}, {"all", std::to_string(all)}}));
  if (context.now - *through > std::chrono::hours(24)) {
    html.text(" \u00b7 " +
              say("frame.old-data", {{"age", age_words(say, context.now - *through)}}));
  }
  html.close();
}

void put_footer(const PageContext& context, const Frame& frame, Html& html) {
  const Language& say = context.say;
  html.open("footer", {{"class", "foot"}}).open("div", {{"class", "in"}});
  put_health(context, html);
  html.open("nav", {{"aria-label", say("frame.nav-footer")}});
  for (const Entry& entry : kFooter) {
    html.element("a", {{"href", address(context, entry.path)}}, say(entry.key)).text(" ");
  }
  if (!frame.lite.empty()) {
    html.element("a", {{"href", address(context, frame.lite)}}, say("frame.lite")).text(" ");
  }
  if (!frame.feed.empty()) {
    html.element("a", {{"href", frame.feed}}, say("frame.feed")).text(" ");
  }
  const bool dark = theme_of(context.request) == "dark";
  html.element("a", {{"href", same_page(context, {{"theme", dark ? "light" : "dark"}})}},
               say(dark ? "frame.light" : "frame.dark"));
  html.close();
  html.element("p", {{"class", "note"}}, say("frame.licence"));
  html.element("p", {{"class", "note"}},
               say("frame.watched", {{"version", context.observatory.software_version()}}));
  html.close().close();
}

}  // namespace

std::string tag_of(const Language& language) {
  return language.code() == "qps" ? "en-x-qps" : std::string(language.code());
}

std::string address(const PageContext& context, std::string_view path, QueryChanges changes) {
  Query query;
  for (const std::string_view name : kKept) {
    if (auto value = context.request.parameter(name)) query.emplace_back(name, std::move(*value));
  }
  change(query, changes);
  return joined_query(path, query);
}

std::string same_page(const PageContext& context, QueryChanges changes) {
  Query query = context.request.query;
  change(query, changes);
  return joined_query(context.request.path, query);
}

std::string path_of(const Entity& entity) {
  const std::string code(entity.code());
  const std::string country(entity.country());
  switch (entity.type()) {
    case EntityType::country:
      return "/country/" + code;
    case EntityType::region:
      return "/country/" + country + "/region/" + code;
    case EntityType::asn:
      return "/network/AS" + code + (country.empty() ? "" : "/in/" + country);
    case EntityType::service:
      break;
  }
  return country.empty() ? "/incidents" : "/services/" + country;
}

WebResponse framed(const PageContext& context, const Frame& frame, const Html& body) {
  Html html;
  html.raw("<!doctype html>\n");
  html.open("html", {{"lang", tag_of(context.say)},
                     {"dir", std::string(context.say.direction())},
                     {"data-theme", std::string(theme_of(context.request))}});
  put_head(frame, html);
  html.open("body", {{"class", frame.print ? "print" : ""}});
  if (!frame.print) put_top(context, frame, html);
  if (frame.semi_synthetic) {
    html.open(
        "p",
        {{"class", "banner"}, {"role", "region"}, {"aria-label", std::string(kSemiSynthetic)}});
    html.element("b", kSemiSynthetic).text(". " + semi_synthetic_in(context.say)).close();
  }
  html.open("main", {{"id", "main"}, {"data-stream", frame.live ? "/stream" : ""}})
      .add(body)
      .close();
  if (!frame.print) put_footer(context, frame, html);
  // Last, so that on a thin line it waits behind the words and the style sheet.
  if (!script_path().empty()) {
    html.open("script", {{"type", "module"}, {"src", std::string(script_path())}}).close();
  }
  html.close().close();
  WebResponse response;
  response.status = frame.status;
  response.max_age = frame.status == 200 ? frame.max_age : 0;
  response.body = std::move(html).finished();
  return response;
}

WebResponse page_problem(const PageContext& context, int status, std::string_view sentence) {
  const Language& say = context.say;
  const std::string title = say(status == 404   ? "frame.problem.not-found"
                                : status == 400 ? "frame.problem.question"
                                : status == 503 ? "frame.problem.unreliable"
                                                : "frame.problem.ours");
  Html body;
  body.element("p", {{"class", "kicker"}}, std::to_string(status));
  body.element("h1", title).element("p", {{"class", "dek"}}, sentence);
  body.element("h2", say("frame.problem.next")).open("ul");
  body.open("li").element("a", {{"href", address(context, "/")}}, say("frame.problem.go-now"));
  body.close().open("li");
  body.element("a", {{"href", address(context, "/incidents")}}, say("frame.problem.go-incidents"));
  body.close().open("li");
  body.element("a", {{"href", address(context, "/sources")}}, say("frame.problem.go-sources"));
  body.close().close();
  return framed(context, {.title = title, .status = status}, body);
}

WebResponse page_problem(const PageContext& context, const Error& error) {
  return page_problem(context, status_of(error), capitalised(error.message) + ".");
}

const std::string& style_path() {
  static const std::string path =
      "/assets/style.css?v=" + sha256_hex(std::string(site_style())).substr(0, 12);
  return path;
}

WebResponse show_style(const PageContext&) {
  WebResponse response;
  response.content_type = "text/css; charset=utf-8";
  response.body = std::string(site_style());
  response.max_age = 86'400 * 365;  // its address changes with it
  return response;
}

WebResponse show_icon(const PageContext&) {
  WebResponse response;
  response.content_type = "image/svg+xml";
  response.body =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" "
      "height=\"32\" rx=\"6\" fill=\"#14161a\"/><path d=\"M4 9h8v15h8V12h8\" fill=\"none\" "
      "stroke=\"#f3985f\" stroke-width=\"3\"/></svg>\n";
  response.max_age = 86'400;
  return response;
}

}  // namespace lightsout
