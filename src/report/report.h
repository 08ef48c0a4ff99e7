// Report: what was measured about one entity, on its way to people.
//
// A report is a value; each function below turns it into text. All of them are pure and say the
// same thing at different lengths: equal reports give equal bytes. None of them reads a clock, a
// file or a locale, so the page holds exactly what it was given.
//
// Surprising rule: where any input was scripted (Lineage::semi_synthetic), every output says
// SEMI-SYNTHETIC, whether or not `semi_synthetic` is set here.
//
//   Report report{.investigation = investigate(entity, range, series, detections)};
//   report.series = series;          // with detections in the same order, for the curves
//   report.detections = detections;
//   report.zone = zone;              // of find_country(code)->zone, geo/country.h
//   write(render_html(report));
//
// Text never names a culprit, never says what a pattern "is" (only what it is consistent with),
// and keeps zero, missing, suppressed and source_down apart. Times are UTC first, then local as of
// that day. docs/methods/wording.md lists the rules.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/appraisal.h"
#include "core/damage.h"
#include "core/zone.h"
#include "incident/investigate.h"
#include "signal/annotation.h"

namespace lightsout {

struct Report {
  Investigation investigation;
  std::vector<Series> series;
  std::vector<Detection> detections;  // one per series, in the same order
  Zone zone;                          // local time; "UTC" leaves the local times away
  std::string software_version;
  std::string command;  // how to make this report again
  Time generated_at;
  Damage damage;  // what of the inputs could not be read
  std::vector<Annotation> annotations;
  std::vector<KnownNetwork> networks;  // whose users are how many, ascending by number
  bool semi_synthetic = false;
  // One for each incident, in the same order; empty: nobody appraised them.
  std::vector<Appraisal> appraisals;
};

// One self-contained page: no script, nothing fetched, readable at 360 px and on A4. At most
// kHtmlLimit bytes: beyond it curves and tables lose detail, and say so; no section is dropped.
inline constexpr std::size_t kHtmlLimit = 100'000;
std::string render_html(const Report& report);

std::string render_markdown(const Report& report);

// docs/formats/report-json.md. Keys in a fixed order, units in their names.
std::string render_json(const Report& report);

// docs/formats/windows-csv.md: one row per restoration window of each incident.
std::string windows_csv(const Report& report);

// docs/formats/connectivity-csv.md: the share of the country's users that could reach the network,
// bin by bin, over the range of the investigation (incident/connectivity_index.h).
std::string connectivity_csv(const Report& report);

// The same windows as an iCalendar file (RFC 5545), for a phone's calendar.
std::string windows_ics(const Report& report);

// At most 160 characters of the GSM 7-bit default alphabet: one text message.
std::string text160(const Report& report);

struct TerminalStyle {
  std::size_t width = 80;  // columns, at least 40
  bool color = false;
  bool utf8 = true;  // false: plain ASCII
};
std::string render_terminal(const Report& report, const TerminalStyle& style);

// Why, and why not: the trace of each detector and the weighing of each incident, as text.
// With `at` only what speaks about that moment.
std::string render_why(const Report& report, std::optional<Time> at = std::nullopt);

// True when any input of the report was scripted.
bool is_semi_synthetic(const Report& report);

}  // namespace lightsout
