// Incident: the report about one incident, every version of it, its timeline, its evidence, and
// the same for paper.
//
// Verdict and figures speak the reader's language; the sections below them are those of the report
// (report/document.h), which are English and marked as such.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "geo/country.h"
#include "pages/country_parts.h"
#include "pages/figure.h"
#include "pages/pages.h"
#include "pages/say.h"
#include "pages/story.h"
#include "report/document.h"
#include "report/escape.h"
#include "report/subject.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostTableRows = 14;  // the page of evidence and the one for paper: more
constexpr std::size_t kMostRowsOfPart = 40;
constexpr std::size_t kMostText = 500;  // bytes of one text
constexpr Seconds kLeastMargin = std::chrono::hours(12);
constexpr Seconds kMostMargin = std::chrono::hours(24 * 7);

struct Opened {
  Scene scene;
  Incident incident;
  std::uint32_t newest = 1;
};

std::string short_text(const std::string& text) {
  return clipped(clean_text(text), kMostText);
}

Result<Opened> open_incident(const PageContext& context, const std::string& id,
                             std::uint32_t version) {
  Result<Incident> newest = context.observatory.incident(id);
  if (!newest) return newest.error();
  Result<Incident> incident = context.observatory.incident(id, version);
  if (!incident) return incident.error();
  if (version == 0 && context.query.as_of) {
    // The version that was known then: versions ascend in known_at.
    for (std::uint32_t v = newest->version; v > 1 && incident->known_at > *context.query.as_of;) {
      Result<Incident> before = context.observatory.incident(id, --v);
      if (!before) break;
      incident = std::move(before);
    }
  }
  const TimeRange during = incident->range();
  const Seconds margin = std::clamp(during.length() * 3 / 10, kLeastMargin, kMostMargin);
  const Seconds hour{3600};
  PageContext then = context;
  then.query.from = bin_begin(during.begin - margin, hour);
  then.query.until = std::min(bin_begin(during.end + margin, hour), bin_begin(context.now, hour));
  if (*then.query.until <= *then.query.from) then.query.until = *then.query.from + hour * 24;
  // An older version is shown beside the numbers that it was made from.
  if (incident->version < newest->version) then.query.as_of = incident->known_at;
  Result<Scene> scene = scene_of(then, incident->entity);
  if (!scene) return scene.error();
  // As of a time, no version is newer than the one that was known then.
  const std::uint32_t known =
      version == 0 && context.query.as_of ? incident->version : newest->version;
  return Opened{std::move(*scene), std::move(*incident), known};
}

Subject subject_for(const Opened& opened) {
  Subject subject{.report = *opened.scene.report};
  subject.incident = &opened.incident;
  subject.shown = opened.scene.shown;
  subject.data_through = opened.incident.known_at;
  subject.rows = opened.scene.rows;
  subject.rows.insert(subject.rows.end(), opened.scene.circumvention.begin(),
                      opened.scene.circumvention.end());
  for (const auto* parts :
       {&opened.scene.providers, &opened.scene.regions, &opened.scene.services}) {
    subject.parts.insert(subject.parts.end(), parts->begin(), parts->end());
  }
  subject.semi_synthetic = opened.scene.semi_synthetic || opened.incident.semi_synthetic;
  subject.place = clean_text(name_of(opened.incident.entity));
  subject.title = clean_text(title_of(opened.incident.entity));
  return subject;
}

// An id as HTML wants it, and each only once on a page: "" for one that stands there already.
std::string fresh_id(const Cell& cell, std::set<std::string>& ids) {
  if (!cell.anchor.starts_with("id:")) return {};
  std::string id = cell.anchor.substr(3);
  std::replace(id.begin(), id.end(), ' ', '-');
  return ids.insert(id).second ? id : std::string();
}

void put_cell(Html& html, const Cell& cell, const Column& column, std::set<std::string>& ids) {
  static constexpr std::array<std::string_view, 5> kTones{"", "soft", "strong", "for", "against"};
  std::string classes(kTones[static_cast<std::size_t>(cell.tone)]);
  if (column.numeric) classes += classes.empty() ? "n" : " n";
  if (column.heading == "SHA-256") classes += classes.empty() ? "hex" : " hex";
  const bool target = cell.anchor.starts_with("id:");
  html.open("td", {{"class", classes}, {"id", fresh_id(cell, ids)}, {"data-h", column.heading}});
  if (!target && !cell.anchor.empty()) {
    std::string to = "#" + cell.anchor;
    std::replace(to.begin(), to.end(), ' ', '-');
    html.element("a", {{"href", to}}, short_text(cell.text));
  } else {
    html.text(short_text(cell.text));
  }
  html.close();
}

void put_table(Html& html, const Table& table, std::set<std::string>& ids) {
  html.open("table", {{"class", "stack"}}).open("thead").open("tr");
  for (const Column& column : table.columns) {
    if (column.heading.empty()) {
      html.open("td").close();  // a heading without words would be none
    } else {
      html.element("th", {{"scope", "col"}, {"class", column.numeric ? "n" : ""}}, column.heading);
    }
  }
  html.close().close().open("tbody");
  for (const auto& row : table.rows) {
    html.open("tr");
    for (std::size_t i = 0; i < row.size(); ++i) {
      put_cell(html, row[i], i < table.columns.size() ? table.columns[i] : Column{}, ids);
    }
    html.close();
  }
  html.close().close();
}

void put_block(Html& html, const Block& block, std::set<std::string>& ids) {
  switch (block.kind) {
    case BlockKind::paragraph:
      html.element("p", short_text(block.text));
      break;
    case BlockKind::note:
      html.element("p", {{"class", "note"}}, short_text(block.text));
      break;
    case BlockKind::preformatted:
      html.element("pre", clipped(block.text, kMostText));
      break;
    case BlockKind::table:
      put_table(html, block.table, ids);
      break;
    case BlockKind::bullets:
      html.open("ul");
      for (const std::string& item : block.items) html.element("li", short_text(item));
      html.close();
      break;
    case BlockKind::planes_figure:
    case BlockKind::parts_figure:
      break;
  }
}

// The sections of the report whose ids are wanted; empty: all. Links inside the evidence go to what
// may not be on this page, so they are only kept where it is.
void put_sections(Html& html, const PageContext& context, Document document,
                  const std::set<std::string_view>& wanted) {
  const Language& say = context.say;
  const bool english_page = say.code() == "en";
  std::set<std::string> ids;
  if (!english_page) html.element("p", {{"class", "note"}}, say("incident.in-english"));
  for (Section& section : document.sections) {
    if (!wanted.empty() && !wanted.contains(section.id)) continue;
    const std::string key = "section." + section.id;
    html.open("section", {{"id", section.id}});
    html.open("h2").text(english().has(key) ? say(key) : section.heading);
    html.element(
        "a",
        {{"class", "hash"}, {"href", "#" + section.id}, {"aria-label", "# " + section.heading}},
        "#");
    html.close().open("div", {{"lang", english_page ? "" : "en"}});
    for (Block& block : section.blocks) {
      if (!wanted.empty()) {
        for (auto& row : block.table.rows) {
          for (Cell& cell : row) {
            if (!cell.anchor.starts_with("id:") && !wanted.contains(cell.anchor) &&
                !(cell.anchor.starts_with("in-") && wanted.contains("evidence"))) {
              cell.anchor.clear();
            }
          }
        }
      }
      put_block(html, block, ids);
    }
    html.close().close();
  }
}

void put_tabs(Html& html, const PageContext& context, const Opened& opened,
              std::string_view current) {
  const Language& say = context.say;
  const std::string base = "/incident/" + opened.incident.id;
  const std::string api = "/api/v1/incidents/" + percent_encode(opened.incident.id);
  html.open("nav", {{"class", "links"}, {"aria-label", say("incident.parts")}});
  const auto tab = [&](std::string_view part, std::string_view key) {
    html.element("a",
                 {{"href", address(context, part.empty() ? base : base + "/" + std::string(part))},
                  {"aria-current", part == current ? "page" : ""}},
                 say(key))
        .text(" ");
  };
  tab("", "incident.all");
  tab("timeline", "incident.timeline");
  tab("evidence", "incident.evidence");
  tab("print", "incident.print");
  html.element("a", {{"href", api + ".json"}}, "JSON").text(" ");
  html.element("a", {{"href", api + ".md"}}, "Markdown").text(" ");
  html.element("a", {{"href", api + "/windows.csv"}}, say("incident.windows-csv")).text(" ");
  html.element("a", {{"href", api + "/windows.ics"}}, say("incident.windows-ics"));
  html.close();
}

void put_versions(Html& html, const PageContext& context, const Opened& opened) {
  const Language& say = context.say;
  if (opened.newest < 2) return;
  html.open("section", {{"id", "versions"}}).element("h2", say("incident.versions"));
  html.open("ol");
  for (std::uint32_t version = 1; version <= opened.newest; ++version) {
    const Result<Incident> each = context.observatory.incident(opened.incident.id, version);
    if (!each) continue;
    html.open("li");
    html.element("a",
                 {{"href", address(context, fmt::format("/incident/{}/v{}", each->id, version))},
                  {"aria-current", version == opened.incident.version ? "true" : ""}},
                 say("incident.version", {{"version", std::to_string(version)},
                                          {"time", date_clock(say, each->known_at)}}));
    html.text(": " + status_in(say, incident_status(*each)) + "; " + one_line_in(say, *each));
    html.close();
  }
  html.close().close();
}

void put_cite(Html& html, const PageContext& context, const Opened& opened) {
  const Language& say = context.say;
  html.open("section", {{"id", "cite"}}).element("h2", say("incident.cite"));
  html.element(
      "p",
      say("incident.cite-as",
          {{"id", opened.incident.id},
           {"version", std::to_string(opened.incident.version)},
           {"time", format_time(opened.incident.known_at)},
           {"path", fmt::format("/incident/{}/v{}", opened.incident.id, opened.incident.version)},
           {"inputs", inputs_digest(inputs_of(*opened.scene.report)).substr(0, 16)}}));
  html.close();
}

void put_head(Html& html, const PageContext& context, const Opened& opened,
              const Verdict& verdict) {
  const Language& say = context.say;
  const Incident& incident = opened.incident;
  if (incident.version < opened.newest) {
    html.open("p", {{"class", "change"}});
    html.text(say("incident.superseded", {{"version", std::to_string(incident.version)}}) + " ");
    html.element("a", {{"href", address(context, "/incident/" + incident.id)}},
                 say("incident.newest", {{"version", std::to_string(opened.newest)}}));
    html.close();
  }
  put_incident_kicker(html, context, incident);
  html.element("h1", verdict.headline).open("p", {{"class", "dek"}});
  for (const std::string& sentence : verdict.sentences) html.text(sentence + " ");
  html.element("span", verdict.caution).close();
  html.open("p", {{"class", "note"}});
  html.element("a", {{"href", address(context, path_of(incident.entity))}},
               place_in(say, incident.entity));
  html.text(" \u00b7 " + incident.id + " \u00b7 " +
            say("incident.version", {{"version", std::to_string(incident.version)},
                                     {"time", date_clock(say, incident.known_at)}}));
  html.close();
  put_key_figures(html, verdict.figures);
}

void put_figures(Html& html, const PageContext& context, const Opened& opened) {
  const Language& say = context.say;
  const Scene& scene = opened.scene;
  html.add(plots_figure(
      context, scene,
      {.id = "figure-1",
       .title = say("country.measurements-title", {{"count", std::to_string(scene.rows.size())},
                                                   {"place", place_in(say, scene.entity)},
                                                   {"days", days_in(say, scene.shown)}})},
      scene.rows));
  html.add(strips_figure(context, scene, {.id = "figure-2", .title = say("incident.providers")},
                         scene.providers));
}

const std::set<std::string_view>& sections_of(std::string_view part) {
  static const std::set<std::string_view> kAll;
  static const std::set<std::string_view> kTimeline{"timeline", "windows", "providers"};
  static const std::set<std::string_view> kEvidence{"measurements", "method", "evidence",
                                                    "corrections", "unknown"};
  return part == "timeline" ? kTimeline : part == "evidence" ? kEvidence : kAll;
}

WebResponse incident_page(const PageContext& context, const std::string& id, std::uint32_t version,
                          std::string_view part) {
  Result<Opened> opened = open_incident(context, id, version);
  if (!opened) {
    if (opened.error().kind != ErrorKind::not_found) return page_problem(context, opened.error());
    return page_problem(context, 404,
                        context.say("incident.none", {{"id", clipped(clean_text(id), 60)}}));
  }
  PageContext local = context;
  local.zone = opened->scene.zone;
  Opened& shown = *opened;
  shown.scene.told = &shown.incident;  // the version that was asked for
  const Subject subject = subject_for(shown);
  const Verdict verdict = verdict_in(local.say, subject);
  Html body;
  body.add(plot_patterns());
  put_head(body, local, shown, verdict);
  if (part != "print") put_tabs(body, local, shown, part);
  if (part == "") put_would_change(body, local, &shown.incident);
  if (part != "evidence") put_figures(body, local, shown);
  put_sections(body, local, document_of(subject, part == "" ? kMostTableRows : kMostRowsOfPart),
               sections_of(part));
  put_versions(body, local, shown);
  put_cite(body, local, shown);
  return framed(local,
                {.title = verdict.headline,
                 .area = "/incidents",
                 .semi_synthetic = subject.semi_synthetic,
                 .description = verdict.sentences.empty() ? "" : verdict.sentences.front(),
                 .print = part == "print"},
                body);
}

}  // namespace

WebResponse show_incident(const PageContext& context) {
  return incident_page(context, context.request.parts()[1], 0, "");
}

WebResponse show_incident_part(const PageContext& context) {
  const std::vector<std::string> parts = context.request.parts();
  const std::string& part = parts[2];
  if (part == "timeline" || part == "evidence" || part == "print") {
    return incident_page(context, parts[1], 0, part);
  }
  std::uint32_t version = 0;
  const char* end = part.data() + part.size();
  if (part.size() < 2 || part.front() != 'v' ||
      std::from_chars(part.data() + 1, end, version).ptr != end || version == 0) {
    return page_problem(context, 404,
                        context.say("incident.no-part", {{"text", clipped(part, 40)}}));
  }
  return incident_page(context, parts[1], version, "");
}

}  // namespace lightsout
