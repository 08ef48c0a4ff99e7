// SPDX-License-Identifier: Apache-2.0
#include "report/chart_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "report/escape.h"
#include "report/thin.h"
#include "report/words.h"
#include "signal/lineage.h"

namespace lightsout {

std::string span_style(const TimeRange& part, const TimeRange& range) {
  const int left = std::clamp(x_of(part.begin, range, 10000), 0, 10000);
  const int right = std::clamp(x_of(part.end, range, 10000), left, 10000);
  return fmt::format("left:{:.2f}%;width:{:.2f}%", left / 100.0, (right - left) / 100.0);
}

std::string place_style(Time at, const TimeRange& range) {
  return fmt::format("left:{:.2f}%", x_of(at, range, 10000) / 100.0);
}

std::string label_html(const std::string& label, const std::string& detail) {
  return fmt::format("<div class=\"lab\"><b>{}</b>{}</div>", escape_html(label),
                     detail.empty() ? "" : "<span>" + escape_html(detail) + "</span>");
}

std::string row_html(std::string_view kind, const std::string& label, const std::string& plot,
                     const std::string& loss) {
  return fmt::format("<div class=\"row {}\">{}<div class=\"plot\">{}</div>{}</div>\n", kind, label,
                     plot, loss.empty() ? "" : "<div class=\"loss\">" + loss + "</div>");
}

void add_path(std::string& svg, std::string_view style, const SvgPath& path) {
  if (!path.empty()) svg += element("path", {{"class", std::string(style)}, {"d", path.text()}});
}

std::string gap_paths(const Series& series, const TimeRange& range, int columns, int height) {
  static constexpr std::array<std::string_view, 4> kClass{"", "g", "gs", "gd"};
  std::array<SvgPath, 4> paths;
  for (const ColumnRun& gap : gaps(series, range, columns)) {
    paths[static_cast<std::size_t>(gap.state)].rectangle(gap.begin, 0, gap.end - gap.begin, height);
  }
  std::string svg;
  for (std::size_t state = 1; state < paths.size(); ++state) {
    add_path(svg, kClass[state], paths[state]);
  }
  return svg;
}

std::string axis_rows(const Subject& subject) {
  const auto row = [&](const Zone& zone, const std::string& label, const std::string& offset) {
    std::string plot;
    for (const Tick& tick : ticks(subject.shown, zone)) {
      // Near an edge the word stands beside its time, so that it stays inside the figure.
      const int left = x_of(tick.at, subject.shown, 100);
      const std::string_view side = left < 4 ? " ts" : left > 96 ? " te" : "";
      plot += fmt::format("<i class=\"tk{}{}\" style=\"{}\">{}</i>", tick.major ? "" : " mi", side,
                          place_style(tick.at, subject.shown), escape_html(tick.label));
    }
    return row_html("axis", label_html(label, offset), plot, "");
  };
  std::string html = row({}, "UTC", "");
  const Zone& zone = subject.report.zone;
  if (!city_of(zone).empty()) {
    html += row(zone, city_of(zone), zone.offset_text(subject.shown.begin));
  }
  return html;
}

std::string table_html(const Table& table) {
  std::string html = "<div class=\"wide\" tabindex=\"0\"><table class=\"data\"><thead><tr>";
  for (const Column& column : table.columns) html += "<th>" + escape_html(column.heading);
  html += "</thead>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (const Cell& cell : row) html += "<td>" + escape_html(cell.text);
    html += "\n";
  }
  return html + "</table></div>";
}

std::string inputs_words(const Subject& subject, const std::vector<std::size_t>& indices) {
  std::vector<Lineage> inputs;
  for (const std::size_t index : indices) join_lineage(inputs, subject.series(index).lineage);
  std::vector<std::string> hashes;
  std::set<std::string> seen;
  for (const Lineage& input : inputs) {
    std::string hash = short_hash(input.sha256);
    if (seen.insert(hash).second) hashes.push_back(std::move(hash));
  }
  if (hashes.size() > 4) {
    const std::size_t more = hashes.size() - 3;
    hashes.resize(3);
    hashes.push_back(fmt::format("{} more", more));
  }
  return hashes.empty() ? "Input not named." : "Drawn from input " + joined(hashes) + ".";
}

}  // namespace lightsout
