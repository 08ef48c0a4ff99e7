// parts_figure: one heat strip per provider, region or service.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/chart_parts.h"
#include "report/escape.h"
#include "report/words.h"
#include "signal/catalogue.h"

namespace lightsout {

namespace {

// Five levels of what was left, and the states that are not levels.
int level_of(double share) {
  if (share >= 0.9) return 0;
  if (share >= 0.7) return 1;
  if (share >= 0.4) return 2;
  return share >= 0.1 ? 3 : 4;
}

std::string strip_svg(const Subject& subject, std::size_t index, const ChartDetail& detail) {
  const Series& series = subject.series(index);
  const Detection* detection = subject.detection(index);
  const TimeRange& range = subject.shown;
  std::array<SvgPath, 6> paths;  // five levels, and measured without being judged
  int from = 0;
  int level = -1;
  const int columns = detail.strip_columns;
  const auto finish = [&](int until) {
    if (level < 0) return;
    const int left = from * detail.columns / columns;
    const int right = until * detail.columns / columns;
    paths[static_cast<std::size_t>(level)].rectangle(left, 0, right - left, kLaneHeight);
  };
  for (int x = 0; x <= columns; ++x) {
    const auto at = [&](int column) { return range.begin + range.length() * column / columns; };
    int next = -1;
    if (x < columns) {
      const TimeRange stretch{at(x), at(x + 1)};
      const auto share = lowest_share(series, detection, stretch);
      const auto bin = series.bin_of(stretch.begin);
      if (share) {
        next = level_of(*share);
      } else if (bin && series.samples[*bin].is_number()) {
        next = 5;
      }
    }
    if (next != level) {
      finish(x);
      from = x;
      level = next;
    }
  }
  const PartView* part = subject.part(series.id.entity());
  std::string alt = subject.part_name(series.id.entity());
  alt += part == nullptr || !part->judged ? ": could not be judged"
         : part->fell
             ? fmt::format(": fell at {} to {} of expected", day_clock_utc(part->fell_at.value),
                           percent(std::max(0.0, 1 - part->depth.value)))
             : ": stood";
  std::string svg =
      open_tag("svg", {{"viewBox", fmt::format("0 0 {} {}", detail.columns, kLaneHeight)},
                       {"preserveAspectRatio", "none"},
                       {"role", "img"},
                       {"aria-label", alt}});
  static constexpr std::array<std::string_view, 6> kClass{"s0", "s1", "s2", "s3", "s4", "su"};
  for (std::size_t i = 0; i < paths.size(); ++i) add_path(svg, kClass[i], paths[i]);
  return svg + gap_paths(series, range, detail.columns, kLaneHeight) + "</svg>";
}

std::string strip_row(const Subject& subject, std::size_t index, const ChartDetail& detail) {
  const Series& series = subject.series(index);
  const PartView* part = subject.part(series.id.entity());
  std::string loss = "<span>cannot tell</span>";
  if (part != nullptr && part->judged) {
    loss = part->fell ? "<b>" + escape_html(change(part->depth.value)) + "</b><span>" +
                            escape_html(day_clock(part->fell_at.value)) + "</span>"
                      : "<b class=\"ok\">stood</b>";
  }
  const Entity& entity = series.id.entity();
  const std::string name = subject.part_name(entity);
  const std::string number = "AS" + std::to_string(entity.asn().number);
  const bool named = entity.type() == EntityType::asn && name != number;
  std::string label = named ? number : std::string();
  // What was measured is said only where the strips differ in it.
  const SignalId& first = subject.series(subject.parts.front()).id;
  if (first.metric() != series.id.metric() || first.source() != series.id.source()) {
    label += (label.empty() ? "" : ", ") + clean_text(label_of(series.id));
  }
  return row_html("strip", label_html(name, label), strip_svg(subject, index, detail), loss);
}

}  // namespace

std::string parts_figure(const Subject& subject, const ChartDetail& detail) {
  if (subject.parts.empty() || subject.shown.empty()) return {};
  std::vector<std::size_t> parts = subject.parts;
  if (parts.size() > detail.parts) parts.resize(detail.parts);
  const std::size_t left_out = subject.parts_left_out + subject.parts.size() - parts.size();
  std::string html =
      fmt::format("<figure class=\"fig\" id=\"figure-2\" role=\"group\" aria-label=\"{}\">\n",
                  escape_html(fmt::format("Figure 2: {} in {}, the first to fall on top",
                                          counted(parts.size(), "part", "parts"), subject.place)));
  for (const std::size_t index : parts) html += strip_row(subject, index, detail);
  html += axis_rows(subject);
  html +=
      "<figcaption><p class=\"keys\"><span class=\"key\"><i class=\"k s0\"></i>90\u202f% or more "
      "of "
      "expected</span><span class=\"key\"><i class=\"k s1\"></i>70\u201390</span><span "
      "class=\"key\"><i class=\"k s2\"></i>40\u201370</span><span class=\"key\"><i class=\"k "
      "s3\"></i>10\u201340</span><span class=\"key\"><i class=\"k s4\"></i>under "
      "10\u202f%</span><span class=\"key\"><i class=\"k su\"></i>measured, not judged</span></p><p>"
      "The first to fall on top; each cell shows its lowest bin. Gaps as in figure 1. ";
  html += escape_html(inputs_words(subject, parts));
  if (left_out > 0) html += fmt::format(" {} more are in the JSON.", left_out);
  html += "</p><details><summary>Figure 2 as a table</summary>";
  // A table of forty columns helps nobody: the first ten, and as many rows as leave it small.
  std::vector<std::size_t> first = parts;
  if (first.size() > 10) first.resize(10);
  html += table_html(figure_table(subject, first, std::max<std::size_t>(detail.table_rows / 2, 4)));
  return html + "</details></figcaption></figure>\n";
}

}  // namespace lightsout
