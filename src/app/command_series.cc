// ingest, series, detect: the steps before an incident, on their own.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "app/commands.h"
#include "app/pipeline.h"
#include "app/run.h"
#include "app/table.h"
#include "app/zones.h"
#include "core/parallel.h"
#include "detect/detector.h"
#include "store/store.h"

namespace lightsout {

namespace {

struct Chosen {
  Gathered gathered;
  int code = kOk;
};

// What --entity, --signal, --from and --until leave of what was gathered.
Result<Chosen> choose(const Options& options, World& world) {
  Result<std::unique_ptr<Store>> store = open_store(options, world);
  if (!store) return store.error();
  Result<Gathered> gathered = gather(options, world, store->get());
  if (!gathered) return gathered.error();
  const int code = say_damage(options, world, *gathered);
  std::erase_if(gathered->series, [&](const Series& series) {
    return (options.entity && !belongs_to(series.id.entity(), *options.entity)) ||
           (options.signal && series.id.text() != *options.signal);
  });
  if (gathered->series.empty()) {
    return Error{ErrorKind::not_found, "no series of that entity or signal in these inputs"};
  }
  return Chosen{std::move(*gathered), code};
}

int finish(TableWriter& table, World& world, int code) {
  const Status finished = table.finish();
  return finished ? code : fail(world, finished.error());
}

void write_rows(TableWriter& table, const TimeCells& time, const Series& series) {
  const std::string id = series.id.text();
  for (std::size_t bin = 0; bin < series.size(); ++bin) {
    const Sample& sample = series.samples[bin];
    table.row({time(series.time_of(bin)), series.id.entity().text(),
               series.id.source() + "/" + series.id.metric(),
               sample.is_number() ? TableWriter::Cell(sample.value()) : TableWriter::Cell(),
               name_of(sample.state())});
  }
}

}  // namespace

int ingest_command(const Options& options, World& world) {
  Result<std::unique_ptr<Store>> store = open_store(options, world);
  if (!store) return fail(world, store.error());
  const Result<Gathered> gathered = gather(options, world, store->get());
  if (!gathered) return fail(world, gathered.error());
  const int code = say_damage(options, world, *gathered);

  TableWriter table(world, options, {"input", "format", "notes"});
  bool recognised = false;
  for (const InputNote& input : gathered->notes) {
    recognised = recognised || !input.format.empty();
    table.row({input.name, input.format.empty() ? "not recognised" : input.format,
               fmt::format("{}", fmt::join(input.notes, "; "))});
  }
  const int written = finish(table, world, code);
  if (written == kOk && !recognised) return kNothing;
  return written;
}

int series_command(const Options& options, World& world) {
  const Result<TimeCells> time = TimeCells::of(options, world);
  if (!time) return fail(world, time.error());
  const Result<Chosen> chosen = choose(options, world);
  if (!chosen) return fail(world, chosen.error());
  if (options.format == Format::table && !options.signal) {
    TableWriter table(world, options,
                      {"signal", "step", "begin", "end", "numbers", "zeros", "missing", "other"});
    for (const Series& series : chosen->gathered.series) {
      std::map<SampleState, std::size_t> counts;
      std::size_t zeros = 0;
      for (const Sample& sample : series.samples) {
        ++counts[sample.state()];
        zeros += sample.is_number() && sample.value() == 0;
      }
      table.row({series.id.text(), format_duration(series.step), (*time)(series.begin),
                 (*time)(series.end()), counts[SampleState::number], zeros,
                 counts[SampleState::missing],
                 counts[SampleState::suppressed] + counts[SampleState::source_down]});
    }
    return finish(table, world, chosen->code);
  }
  TableWriter table(world, options, {"time", "entity", "signal", "value", "state"});
  for (const Series& series : chosen->gathered.series) {
    const TimeRange range{options.from.value_or(series.begin),
                          options.until.value_or(series.end())};
    write_rows(table, *time, slice(series, range));
  }
  return finish(table, world, chosen->code);
}

int detect_command(const Options& options, World& world) {
  const Result<TimeCells> time = TimeCells::of(options, world);
  if (!time) return fail(world, time.error());
  const Result<Chosen> chosen = choose(options, world);
  if (!chosen) return fail(world, chosen.error());
  const std::vector<Detection> detections =
      parallel_map(chosen->gathered.series, [](const Series& series) { return detect(series); });
  TableWriter table(
      world, options,
      {"signal", "detector", "direction", "onset", "onset_earliest", "onset_latest", "end",
       "alarmed_at", "depth", "depth_low", "depth_high", "lasting", "baseline"});
  std::size_t judged = 0;
  for (const Detection& detection : detections) {
    if (detection.judgement.possible) {
      ++judged;
    } else if (!options.quiet) {
      world.err(fmt::format("{}: cannot tell: {}\n", detection.signal.text(),
                            detection.judgement.reason));
    }
    for (const Anomaly& anomaly : detection.anomalies) {
      const TimeRange range{options.from.value_or(anomaly.onset.value),
                            options.until.value_or(anomaly.data_through)};
      if (anomaly.range().end < range.begin || anomaly.onset.value > range.end) continue;
      table.row({anomaly.signal.text(), anomaly.detector,
                 anomaly.direction == Direction::fall ? "fall" : "rise",
                 (*time)(anomaly.onset.value), (*time)(anomaly.onset.earliest),
                 (*time)(anomaly.onset.latest),
                 anomaly.end ? TableWriter::Cell((*time)(anomaly.end->value)) : TableWriter::Cell(),
                 (*time)(anomaly.alarmed_at), anomaly.depth.value, anomaly.depth.low,
                 anomaly.depth.high, anomaly.lasting ? "yes" : "no", anomaly.baseline});
    }
  }
  return finish(table, world, chosen->code == kOk && judged == 0 ? kCannotTell : chosen->code);
}

}  // namespace lightsout
