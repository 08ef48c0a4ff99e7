// connectivity_csv and its one sentence: "2 % of ordinary levels".
// docs/formats/connectivity-csv.md. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "incident/connectivity_index.h"
#include "report/document.h"
#include "report/escape.h"
#include "report/report.h"
#include "report/words.h"

namespace lightsout {

namespace {

// Of a whole country; an index of anything else would weigh what it does not hold.
std::optional<ConnectivityIndex> index_of(const Report& report) {
  const Investigation& asked = report.investigation;
  if (asked.entity.type() != EntityType::country) return std::nullopt;
  if (report.series.size() != report.detections.size()) return std::nullopt;
  ConnectivityIndex index = connectivity_index(asked.entity, report.series, report.detections,
                                               report.networks, asked.range);
  if (index.providers == 0) return std::nullopt;
  return index;
}

std::string percent_of(double level) {
  return percent(level / 100);
}

}  // namespace

std::string connectivity_csv(const Report& report) {
  std::string text =
      "time_utc,entity,level_percent,level_low,level_high,unknown_share,kind_of_data\n";
  const std::optional<ConnectivityIndex> index = index_of(report);
  if (!index) return text;
  const std::string entity = csv_cell(report.investigation.entity.text());
  const std::string_view kind = is_semi_synthetic(report) ? kSemiSynthetic : "measured";
  for (std::size_t i = 0; i < index->bins.size(); ++i) {
    const std::optional<IndexBin>& bin = index->bins[i];
    text += format_time(index->time_of(i)) + "," + entity + ",";
    text += bin ? fmt::format("{:.2f},{:.2f},{:.2f},{:.4f}", bin->level.value, bin->level.low,
                              bin->level.high, bin->unknown)
                : std::string(",,,1");
    text += fmt::format(",{}\n", kind);
  }
  return text;
}

std::string connectivity_words(const Subject& subject) {
  if (subject.incident == nullptr || subject.incident->direction != Direction::fall) return {};
  const std::optional<ConnectivityIndex> index = index_of(subject.report);
  if (!index) return {};
  const TimeRange range = subject.incident->range();
  double sum = 0;
  double count = 0;
  double unknown = 0;
  const IndexBin* lowest = nullptr;
  Time lowest_at{};
  for (std::size_t i = 0; i < index->bins.size(); ++i) {
    const std::optional<IndexBin>& bin = index->bins[i];
    if (!bin || !range.contains(index->time_of(i))) continue;
    sum += bin->level.value;
    unknown += bin->unknown;
    ++count;
    if (lowest == nullptr || bin->level.value < lowest->level.value) {
      lowest = &*bin;
      lowest_at = index->time_of(i);
    }
  }
  if (lowest == nullptr) return {};
  return fmt::format(
      "Connectivity index, the share of users that could reach the network against what was "
      "ordinary: {} at the lowest ({}, {}), {} on average over the incident. Weights: {}; unknown: "
      "{} of users.",
      percent_of(lowest->level.value),
      percent_between(lowest->level.low / 100, lowest->level.high / 100), day_clock_utc(lowest_at),
      percent_of(sum / count), clean_text(index->weights), percent(unknown / count));
}

}  // namespace lightsout
