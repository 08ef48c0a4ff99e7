// The pages that say why anybody should believe the others: methods, glossary, scorecard.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "pages/documents.h"
#include "pages/frame.h"
#include "pages/pages.h"
#include "report/words.h"

namespace lightsout {

namespace {

constexpr std::string_view kScorecard = "scorecard.md";
constexpr std::string_view kLicences = "DATA-LICENSES.md";

bool is_method(std::string_view name) {
  return name != kScorecard && name != kLicences;
}

std::string stem_of(std::string_view name) {
  return std::string(name.substr(0, name.rfind('.')));
}

// Documents point at each other by file: "grades.md", "docs/methods/grades.md".
std::string document_link(const PageContext& context, std::string_view target) {
  const std::size_t slash = target.rfind('/');
  const std::string_view name = slash == target.npos ? target : target.substr(slash + 1);
  if (document_text(name).empty()) return {};
  return is_method(name) ? address(context, "/methods/" + stem_of(name))
                         : address(context, name == kScorecard ? "/scorecard" : "/sources");
}

void put_document(const PageContext& context, Html& body, std::string_view name) {
  if (context.say.code() != "en") {
    body.element("p", {{"class", "note"}}, context.say("methods.in-english"));
  }
  body.open("div", {{"lang", "en"}, {"dir", "ltr"}, {"class", "document"}});
  put_markdown(body, document_text(name),
               {.link = [&](std::string_view target) { return document_link(context, target); }});
  body.close();
}

constexpr std::string_view kWords[] = {
    "zero",     "missing",        "suppressed", "source-down", "plane",      "bgp",
    "probing",  "telescope",      "baseline",   "interval",    "incident",   "window",
    "observed", "corroborated",   "confirmed",  "filtering",   "withdrawal", "asn",
    "known-at", "semi-synthetic", "utc"};

}  // namespace

WebResponse show_methods(const PageContext& context) {
  const Language& say = context.say;
  Html body;
  body.element("h1", say("methods.title")).element("p", {{"class", "dek"}}, say("methods.dek"));
  body.open("dl", {{"class", "terms"}, {"lang", "en"}, {"dir", "ltr"}});
  for (const EmbeddedDocument& document : embedded_documents()) {
    if (!is_method(document.name)) continue;
    body.open("dt").element("a", {{"href", address(context, "/methods/" + stem_of(document.name))}},
                            document_title(document.text));
    body.close().element("dd", clipped(document_lead(document.text), 240));
  }
  body.close();
  if (say.code() != "en") body.element("p", {{"class", "note"}}, say("methods.in-english"));
  return framed(context, {.title = say("methods.title"), .area = "/methods", .max_age = 3600},
                body);
}

WebResponse show_method(const PageContext& context) {
  const std::vector<std::string> parts = context.request.parts();
  const std::string name = parts.back() + ".md";
  const std::string_view text = document_text(name);
  if (text.empty() || !is_method(name)) {
    return page_problem(context, 404, context.say("methods.unknown"));
  }
  Html body;
  body.open("p", {{"class", "kicker"}});
  body.element("a", {{"href", address(context, "/methods")}}, context.say("methods.title"));
  body.close();
  put_document(context, body, name);
  return framed(context, {.title = document_title(text), .area = "/methods", .max_age = 3600},
                body);
}

WebResponse show_scorecard(const PageContext& context) {
  Html body;
  body.element("p", {{"class", "kicker"}}, context.say("scorecard.kicker"));
  put_document(context, body, kScorecard);
  return framed(context,
                {.title = context.say("scorecard.title"), .area = "/scorecard", .max_age = 3600},
                body);
}

WebResponse show_glossary(const PageContext& context) {
  const Language& say = context.say;
  Html body;
  body.element("h1", say("glossary.title")).element("p", {{"class", "dek"}}, say("glossary.dek"));
  body.open("dl", {{"class", "terms"}});
  for (const std::string_view term : kWords) {
    body.element("dt", {{"id", std::string(term)}}, say(fmt::format("glossary.{}", term)));
    body.element("dd", say(fmt::format("glossary.{}.text", term)));
  }
  body.close();
  return framed(context, {.title = say("glossary.title"), .area = "/glossary", .max_age = 3600},
                body);
}

}  // namespace lightsout
