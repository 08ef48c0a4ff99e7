// OONI: single measurements scored again, and how soon a blocked service is heard of.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "core/parallel.h"
#include "measurement/web_connectivity.h"
#include "measurement/web_scenes.h"
#include "score/sections.h"
#include "score/service_race.h"
#include "score/statistics.h"
#include "simulate/score.h"

namespace lightsout {

namespace {

constexpr const char* kReferenceFolder = "ooni/wc05_qa";
constexpr const char* kIndiaFile =
    "telegram-india-2026/ooni/ooni_measurements_india_telegram_raw.json.gz";
constexpr std::size_t kVerdictFields = 8;
constexpr std::uint64_t kSeed = 20260616;
constexpr std::size_t kResamples = 1'000;

// How many of the eight fields of two verdicts are alike.
std::size_t fields_alike(const WebVerdict& a, const WebVerdict& b) {
  return static_cast<std::size_t>(a.dns_consistent == b.dns_consistent) +
         static_cast<std::size_t>(a.blocking == b.blocking) +
         static_cast<std::size_t>(a.accessible == b.accessible) +
         static_cast<std::size_t>(a.blocking_flags == b.blocking_flags) +
         static_cast<std::size_t>(a.dns_flags == b.dns_flags) +
         static_cast<std::size_t>(a.null_flags == b.null_flags) +
         static_cast<std::size_t>(a.dns_failure == b.dns_failure) +
         static_cast<std::size_t>(a.http_failure == b.http_failure);
}

struct Alike {
  std::size_t cases = 0, whole = 0, fields = 0;
  std::vector<std::string> row(std::string name) const {
    return {std::move(name), std::to_string(cases), fmt::format("{} of {}", whole, cases),
            fmt::format("{} of {}", fields, kVerdictFields * cases)};
  }
};

Result<Alike> reference_measurements(const ScoreData& data) {
  Result<std::vector<Input>> inputs = score_inputs(data, kReferenceFolder);
  if (!inputs) return inputs.error();
  OoniMeasurementParser parser;
  Alike alike;
  for (const Input& input : *inputs) {
    Result<std::unique_ptr<ByteSource>> source = input.open();
    if (!source) return source.error();
    Result<std::string> text = read_all(**source, kLongestMeasurement);
    if (!text) return text.error();
    const Result<OoniMeasurement> measurement = parser.parse(*text);
    ++alike.cases;
    if (!measurement || !measurement->claimed) continue;
    const std::size_t same =
        fields_alike(score_web_connectivity(*measurement), *measurement->claimed);
    alike.fields += same;
    alike.whole += same == kVerdictFields;
  }
  return alike;
}

Alike fifty_situations() {
  Alike alike;
  for (const WebScene& scene : kScenes) {
    ++alike.cases;
    const bool whole = text_of(score_web_connectivity(build(scene))) == scene.verdict;
    alike.whole += whole;
    alike.fields += whole ? kVerdictFields : 0;
  }
  return alike;
}

std::string delay_words(const std::vector<double>& hours) {
  std::vector<double> ascending = hours;
  std::sort(ascending.begin(), ascending.end());
  const Interval median =
      bootstrap(hours.size(), kResamples, [&](const std::vector<std::size_t>& drawn) {
        std::vector<double> values;
        for (const std::size_t i : drawn) values.push_back(hours[i]);
        std::sort(values.begin(), values.end());
        return quantile(values, 0.5);
      });
  return fmt::format("{:.1f} ({:.1f} to {:.1f}) / {:.1f}", quantile(ascending, 0.5), median.low,
                     median.high, quantile(ascending, 0.9));
}

struct RaceResult {
  std::array<int, 3> quiet{};
  std::array<std::array<std::vector<double>, 3>, 2> late;  // by depth
};

constexpr double kDepths[] = {0.95, 0.6};

RaceResult race(const ServiceStream& stream, int years, int blocks) {
  TestStreams world(kSeed);
  RaceResult result{.quiet = false_alarms(stream, world, years * 365 * 24), .late = {}};
  for (std::size_t i = 0; i < 2; ++i) {
    result.late[i] = alarm_delays(stream, world, kDepths[i], blocks);
  }
  return result;
}

void add_race(const ScoreData& data, ScoreSection& section) {
  const int years = data.sampled ? 2 : 10;
  const int blocks = data.sampled ? 40 : 300;
  ScoreTable table{{"stream", "tests blocked"}, {}};
  ScoreTable quiet{{"stream"}, {}};
  for (const std::string_view racer : kRacers) {
    table.columns.emplace_back(racer);
    quiet.columns.emplace_back(racer);
  }
  const std::vector<ServiceStream> streams(std::begin(kServiceStreams), std::end(kServiceStreams));
  const std::vector<RaceResult> results =
      parallel_map(streams, [&](const ServiceStream& one) { return race(one, years, blocks); });
  std::array<int, 3> all{};
  for (std::size_t s = 0; s < streams.size(); ++s) {
    const std::string name =
        fmt::format("{}, {} tests an hour", streams[s].name, streams[s].per_hour);
    for (std::size_t i = 0; i < 2; ++i) {
      std::vector<std::string> row{name, fmt::format("{:.0f} %", 100 * kDepths[i])};
      for (const auto& late : results[s].late[i]) row.push_back(delay_words(late));
      table.rows.push_back(std::move(row));
    }
    std::vector<std::string> row{name};
    for (std::size_t k = 0; k < 3; ++k) {
      row.push_back(std::to_string(results[s].quiet[k]));
      all[k] += results[s].quiet[k];
    }
    quiet.rows.push_back(std::move(row));
  }
  std::vector<std::string> row{fmt::format("all, {} series-years", 3 * years)};
  for (const int count : all) {
    const Interval rate = poisson_rate(static_cast<std::size_t>(count), 3.0 * years);
    row.push_back(fmt::format("{} ({:.2f} to {:.2f} a year)", count, rate.low, rate.high));
  }
  quiet.rows.push_back(std::move(row));
  section.blocks.push_back(score_text(fmt::format(
      "Hours from the begin of a simulated block to the alarm, median (95 % interval) / nine of "
      "ten, {} blocks each. India's tests an hour are those measured in June 2026; Russia's and "
      "Iran's are assumed.",
      blocks)));
  section.blocks.push_back(score_table(std::move(table)));
  section.blocks.push_back(
      score_text(fmt::format("False alarms in {} quiet years of each stream:", years)));
  section.blocks.push_back(score_table(std::move(quiet)));
}

// Telegram in India, the real hourly stream.
void add_india(const ScoreData& data, ScoreSection& section) {
  const Result<std::vector<Series>> all = score_series(data, kIndiaFile);
  if (!all) {
    section.blocks.push_back(score_text("Telegram in India: " + all.error().message + "."));
    return;
  }
  const Time onset = *parse_time("2026-06-16T07:08:57Z");  // the first false route to Telegram
  for (const Series& series : *all) {
    if (series.id.text() != "service:telegram@country:IN/ooni/anomaly_fraction") continue;
    const std::vector<ServiceBlock> blocks = find_service_blocks(series, {});
    PeerCusum theirs;
    std::optional<Time> theirs_at;
    for (std::size_t bin = 0; bin < series.size() && !theirs_at; ++bin) {
      const auto share = series.samples[bin].number();
      if (share && theirs.push(median_of_verdicts(*share))) theirs_at = series.time_of(bin + 1);
    }
    section.blocks.push_back(score_text(fmt::format(
        "Telegram in India, 16 June 2026, the real hourly stream: {} after the first false route; "
        "OONI's detector {}; {} block found in the eight days.",
        blocks.empty() ? "never" : format_duration(blocks[0].alarmed_at - onset),
        theirs_at ? format_duration(*theirs_at - onset) : "never", blocks.size())));
    return;
  }
  section.blocks.push_back(score_text("Telegram in India: no hourly series in the file."));
}

ScoreSection make(const ScoreData& data) {
  ScoreSection section{.heading = "Services: verdicts and the time to an alarm", .blocks = {}};
  ScoreTable verdicts{{"Web Connectivity 0.5", "cases", "all eight fields alike", "fields alike"},
                      {}};
  const Result<Alike> reference = reference_measurements(data);
  if (reference) {
    verdicts.rows.push_back(reference->row("reference measurements of the data folder"));
  }
  verdicts.rows.push_back(fifty_situations().row("situations of OONI's quality checks, rebuilt"));
  section.blocks.push_back(score_table(std::move(verdicts)));
  if (!reference) {
    section.blocks.push_back(
        score_text("Reference measurements: " + reference.error().message + "."));
  }
  add_race(data, section);
  add_india(data, section);
  return section;
}

}  // namespace

const ScoreMaker kServicesScore{
    .name = "services",
    .summary = "OONI verdicts scored again; the time to the alarm of a service block.",
    .make = make,
};

}  // namespace lightsout
