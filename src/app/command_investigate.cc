// investigate, report, windows, why: four ways to print one investigation.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "app/commands.h"
#include "app/pipeline.h"
#include "app/run.h"
#include "app/table.h"
#include "store/store.h"

namespace lightsout {

namespace {

struct Answer {
  Report report;
  int code = kOk;  // what damage and gaps ask for
};

// The straight line, and with a store the versions of what was found.
Result<Answer> answer(const Options& options, World& world) {
  Result<std::unique_ptr<Store>> store = open_store(options, world);
  if (!store) return store.error();
  Result<Gathered> gathered = gather(options, world, store->get());
  if (!gathered) return gathered.error();
  const int code = say_damage(options, world, *gathered);
  Result<Report> report = investigate_gathered(options, world, std::move(*gathered));
  if (!report) return report.error();
  Answer found{.report = std::move(*report), .code = code};

  if (*store != nullptr) {
    for (const Detection& detection : found.report.detections) {
      const Status put = (*store)->put_detection(detection, found.report.generated_at);
      if (!put) return put.error();
    }
    for (Incident& incident : found.report.investigation.incidents) {
      Result<Incident> kept = revise_incident(**store, incident);
      if (!kept) return kept.error();
      incident = std::move(*kept);
    }
  }
  if (found.code == kOk && !found.report.investigation.could_judge) found.code = kCannotTell;
  return found;
}

std::string rendered(const Report& report, Format format, World& world) {
  switch (format) {
    case Format::html:
      return render_html(report);
    case Format::markdown:
      return render_markdown(report);
    case Format::json:
      return render_json(report);
    case Format::csv:
      return windows_csv(report);
    case Format::ics:
      return windows_ics(report);
    case Format::text160:
      return text160(report) + "\n";
    default: {
      const Terminal terminal = world.terminal();
      return render_terminal(
          report, {.width = terminal.width, .color = terminal.color, .utf8 = terminal.utf8});
    }
  }
}

Status write_report(const Report& report, const std::string& folder, World& world) {
  const std::pair<const char*, std::string> files[] = {
      {"report.html", render_html(report)},    {"report.md", render_markdown(report)},
      {"report.json", render_json(report)},    {"windows.csv", windows_csv(report)},
      {"windows.ics", windows_ics(report)},    {"connectivity.csv", connectivity_csv(report)},
      {"text160.txt", text160(report) + "\n"},
  };
  for (const auto& [name, text] : files) {
    if (const Status written = world.write_file(folder + "/" + name, text); !written)
      return written;
  }
  return {};
}

double rounded(double share) {
  return std::round(share * 1000) / 1000;
}

int print(const Options& options, World& world, const Answer& found) {
  std::string text = rendered(found.report, options.format, world);
  if (options.format == Format::csv && options.no_header) text.erase(0, text.find('\n') + 1);
  const Status written = world.out(text);
  return written ? found.code : fail(world, written.error());
}

}  // namespace

int investigate_command(const Options& options, World& world) {
  const Result<Answer> found = answer(options, world);
  if (!found) return fail(world, found.error());
  if (options.out) {
    world.progress("writing the report");
    const Status written = write_report(found->report, *options.out, world);
    if (!written) return fail(world, written.error());
  }
  const int code = print(options, world, *found);
  if (options.out && !options.quiet)
    world.err(fmt::format("The report is {}/report.html\n", *options.out));
  return code;
}

int report_command(const Options& options, World& world) {
  Options wanted = options;
  if (wanted.format == Format::table) wanted.format = Format::markdown;
  const Result<Answer> found = answer(wanted, world);
  return found ? print(wanted, world, *found) : fail(world, found.error());
}

int windows_command(const Options& options, World& world) {
  const Result<Answer> found = answer(options, world);
  if (!found) return fail(world, found.error());
  if (options.format == Format::ics || options.format == Format::csv) {
    return print(options, world, *found);
  }

  const Zone& zone = found->report.zone;
  TableWriter table(world, options,
                    {"incident", "entity", "begin", "end", "local_begin", "duration", "level",
                     "level_low", "level_high"});
  for (const Incident& incident : found->report.investigation.incidents) {
    for (const Window& window : incident.windows) {
      const Time begin = window.range.begin;
      table.row({incident.id, incident.entity.text(), format_time(begin),
                 format_time(window.range.end),
                 fmt::format("{} {} {}", format_date_short(zone.local(begin)),
                             format_clock(zone.local(begin)), zone.offset_text(begin)),
                 format_duration(window.range.length()), rounded(window.level.value),
                 rounded(window.level.low), rounded(window.level.high)});
    }
  }
  const bool empty = table.rows() == 0;
  if (empty && options.format == Format::table) {
    world.err("no restoration windows\n");
  } else if (const Status finished = table.finish(); !finished) {
    return fail(world, finished.error());
  }
  return found->code == kOk && empty ? kNothing : found->code;
}

int why_command(const Options& options, World& world) {
  const Result<Answer> found = answer(options, world);
  if (!found) return fail(world, found.error());
  const Status written = world.out(render_why(found->report, options.at));
  return written ? found->code : fail(world, written.error());
}

}  // namespace lightsout
