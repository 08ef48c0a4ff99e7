// windows_csv and windows_ics: when people could get online, for a spreadsheet and for a calendar.
// docs/formats/windows-csv.md.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "geo/country.h"
#include "report/document.h"
#include "report/escape.h"
#include "report/report.h"
#include "report/verdict.h"
#include "report/words.h"

namespace lightsout {

namespace {

constexpr std::size_t kFold = 75;  // octets of one line, RFC 5545 section 3.1

std::string ical_time(Time time) {
  std::string text;
  for (const char c : format_time(time)) {
    if (c != '-' && c != ':') text += c;
  }
  return text;
}

// Folds after 75 octets, never inside a UTF-8 sequence.
std::string folded(const std::string& line) {
  std::string out;
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::size_t length = 1;
    while (i + length < line.size() &&
           (static_cast<unsigned char>(line[i + length]) & 0xc0) == 0x80) {
      ++length;
    }
    if (width + length > kFold) out += "\r\n ", width = 1;
    out += line.substr(i, length);
    width += length;
    i += length - 1;
  }
  return out + "\r\n";
}

std::string event(const Report& report, const Incident& incident, const Window& window,
                  std::size_t index, bool scripted) {
  const std::string summary = fmt::format("{}Connectivity in {} at {} of expected",
                                          scripted ? std::string(kSemiSynthetic) + ": " : "",
                                          name_of(incident.entity), percent(window.level.value));
  std::string text = "BEGIN:VEVENT\r\n";
  text += folded(fmt::format("UID:{}-window-{}@lightsout", escape_ical(incident.id), index));
  text += folded("DTSTAMP:" + ical_time(report.generated_at));
  text += folded("DTSTART:" + ical_time(window.range.begin));
  text += folded("DTEND:" + ical_time(window.range.end));
  text += folded("SUMMARY:" + escape_ical(summary));
  text += folded("DESCRIPTION:" +
                 escape_ical(fmt::format("{}; 90% interval {}; incident {} version {}",
                                         spaced_duration(window.range.length()),
                                         percent_between(window.level.low, window.level.high),
                                         incident.id, incident.version)));
  return text + "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n";
}

// From the earliest begin to the latest: nobody knows how long it would last.
std::string expected_cut(const Report& report, const TimeEstimate& next, bool scripted) {
  const Entity& entity = report.investigation.incidents.front().entity;
  std::string text = "BEGIN:VEVENT\r\n";
  text += folded(fmt::format("UID:{}-next-cut@lightsout", escape_ical(entity.text())));
  text += folded("DTSTAMP:" + ical_time(report.generated_at));
  text += folded("DTSTART:" + ical_time(next.earliest));
  text += folded("DTEND:" + ical_time(next.latest));
  text += folded("SUMMARY:" +
                 escape_ical(fmt::format("{}A cut in {} may begin, most likely {} UTC",
                                         scripted ? std::string(kSemiSynthetic) + ": " : "",
                                         name_of(entity), day_clock(next.value))));
  text += folded("DESCRIPTION:" +
                 escape_ical("If cuts go on as those before. 90% interval of the begin; nobody has "
                             "announced it here."));
  return text + "STATUS:TENTATIVE\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n";
}

}  // namespace

std::string windows_csv(const Report& report) {
  const bool scripted = is_semi_synthetic(report);
  std::string text =
      "incident,version,entity,window,begin_utc,end_utc,begin_local,end_local,length_seconds,"
      "level_share,level_share_low,level_share_high,seen_by,kind_of_data\n";
  for (const Incident& incident : report.investigation.incidents) {
    std::size_t index = 0;
    for (const Window& window : incident.windows) {
      std::string seen;
      for (const SignalId& signal : window.seen_by)
        seen += (seen.empty() ? "" : " ") + signal.text();
      text += fmt::format("{},{},{},{},{},{},{},{},{},{:.4f},{:.4f},{:.4f},{},{}\n",
                          csv_cell(incident.id), incident.version, csv_cell(incident.entity.text()),
                          ++index, format_time(window.range.begin), format_time(window.range.end),
                          report.zone.local_text(window.range.begin),
                          report.zone.local_text(window.range.end), window.range.length().count(),
                          window.level.value, window.level.low, window.level.high, csv_cell(seen),
                          scripted ? kSemiSynthetic : "measured");
    }
  }
  return text;
}

std::string windows_ics(const Report& report) {
  const bool scripted = is_semi_synthetic(report);
  std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Lightsout//report//EN\r\n";
  if (scripted) text += "X-WR-CALNAME:" + std::string(kSemiSynthetic) + "\r\n";
  for (const Incident& incident : report.investigation.incidents) {
    std::size_t index = 0;
    for (const Window& window : incident.windows) {
      text += event(report, incident, window, ++index, scripted);
    }
  }
  const Subject subject = subject_of(report);
  if (subject.incident != nullptr) {
    if (const auto next = next_cut(subject)) text += expected_cut(report, *next, scripted);
  }
  return text + "END:VCALENDAR\r\n";
}

}  // namespace lightsout
