// SPDX-License-Identifier: Apache-2.0
#include "app/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/economy.h"
#include "app/events.h"
#include "app/fetch.h"
#include "app/version.h"
#include "app/zones.h"
#include "core/parallel.h"
#include "detect/common_mode.h"
#include "detect/detector.h"
#include "source/annotations.h"
#include "source/columns.h"
#include "source/fingerprints_csv.h"
#include "source/known_networks.h"
#include "store/duckdb_store.h"
#include "store/remote_store.h"

namespace lightsout {

namespace {

constexpr Time kEarliest{Seconds{0}};               // 1970, as far back as parse_time() reads
constexpr Time kLatest{Seconds{4'291'747'200}};     // 2106
constexpr std::size_t kMaxSeriesElsewhere = 1'000;  // of other countries, by name
constexpr std::size_t kMaxEventsDrawn = 40;
constexpr std::size_t kLinesShown = 8;  // of notes, and of damaged parts, on standard error

// What --fingerprints names; rows that cannot be used are damage, a list without any is an error.
Result<std::shared_ptr<const Fingerprints>> known_pages(const Options& options, World& world,
                                                        Damage& damage) {
  if (options.fingerprints.empty()) return std::shared_ptr<const Fingerprints>{};
  Result<WorldInputs> opened = world.open_inputs(options.fingerprints);
  if (!opened) return opened.error();
  FingerprintList known = read_fingerprints(opened->inputs);
  if (known.list.empty()) {
    return Error{ErrorKind::malformed,
                 fmt::format("no fingerprint can be read from {}{}", options.fingerprints.front(),
                             known.damage.empty() ? std::string()
                                                  : ": " + known.damage.parts().front().reason)};
  }
  damage.merge(known.damage);
  return std::shared_ptr<const Fingerprints>(
      std::make_shared<const Fingerprints>(std::move(known.list)));
}

Result<ReadOptions> read_options(const Options& options, World& world) {
  ReadOptions read{.entity = options.entity,
                   .columns = std::nullopt,
                   .range = TimeRange{kEarliest, options.until.value_or(kLatest)}};
  if (!options.columns) return read;
  Result<ColumnMapping> columns =
      parse_columns(*options.columns, [&](const std::string& name) { return world.zone(name); });
  if (!columns) return columns.error();
  read.columns = std::move(*columns);
  return read;
}

void say(const Options& options, World& world, std::string_view text) {
  if (!options.quiet) world.err(fmt::format("{}\n", text));
}

// Keeps what was read, and notes in the custody log which inputs are new.
Status keep(Store& store, World& world, const std::vector<Input>& inputs,
            const std::vector<InputNote>& notes, const std::vector<Series>& series) {
  CHECK(notes.size() == inputs.size());
  // With what reading found out about them: an input is noted once, and as it is then for good.
  std::vector<Lineage> lineage;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    lineage.push_back(inputs[i].lineage);
    lineage.back().format = notes[i].format;
    lineage.back().semi_synthetic = notes[i].semi_synthetic;
  }
  const Result<std::size_t> received =
      store.receive_inputs(lineage, {.at = world.clock().now(),
                                     .actor = fmt::format("lightsout {}", kVersion),
                                     .action = "received"});
  if (!received) return received.error();
  if (series.empty()) return {};
  const Result<PutSummary> put = store.put_series(series);
  return put ? Status{} : Status{put.error()};
}

// What the store has of the entity and its parts, up to --until.
Result<std::vector<Series>> stored_series(const Options& options, Store& store) {
  EntityFilter who;
  if (options.entity && options.entity->type() == EntityType::country) {
    who.country = std::string(options.entity->country());
  } else if (options.entity) {
    who.entity = options.entity;
  }
  const Result<std::vector<SignalSummary>> signals = store.list_signals(who);
  if (!signals) return signals.error();
  std::vector<Series> all;
  for (const SignalSummary& signal : *signals) {
    Result<Series> series = store.read_series(
        signal.id, {.range = TimeRange{kEarliest, options.until.value_or(kLatest)},
                    .as_of = options.as_of,
                    .step = signal.step});
    if (series) {
      all.push_back(std::move(*series));
    } else if (series.error().kind != ErrorKind::not_found) {
      return series.error();
    }
  }
  return all;
}

void leave_out(const std::vector<std::string>& sources, std::vector<Series>& series) {
  std::erase_if(series, [&](const Series& each) {
    return std::find(sources.begin(), sources.end(), each.id.source()) != sources.end();
  });
}

TimeRange asked_range(const Options& options, const std::vector<Series>& series) {
  TimeRange range{kLatest, kEarliest};
  for (const Series& each : series) {
    range.begin = std::min(range.begin, each.begin);
    range.end = std::max(range.end, each.end());
  }
  if (options.from) range.begin = *options.from;
  if (options.until) range.end = *options.until;
  if (range.end < range.begin) range.end = range.begin;
  return range;
}

// A folder may hold thousands of files: one line for each kind of them, and the notes of a few.
void say_what_was_read(World& world, const std::vector<InputNote>& inputs) {
  std::map<std::string, std::size_t> kinds;
  for (const InputNote& input : inputs)
    ++kinds[input.format.empty() ? std::string("not recognised") : input.format];
  for (const auto& [kind, count] : kinds) {
    world.err(fmt::format("{} {} {}\n", count, count == 1 ? "input:" : "inputs:", kind));
  }
  std::size_t shown = 0;
  std::size_t notes = 0;
  for (const InputNote& input : inputs) {
    notes += input.notes.size();
    for (const std::string& note : input.notes) {
      if (shown++ < kLinesShown) world.err(fmt::format("  {}: {}\n", input.name, note));
    }
  }
  if (notes > kLinesShown) world.err(fmt::format("  ... and {} more notes\n", notes - kLinesShown));
}

}  // namespace

bool belongs_to(const Entity& part, const Entity& whole) {
  if (part == whole) return true;
  switch (whole.type()) {
    case EntityType::country:
      return part.country() == whole.country();
    case EntityType::asn:
      return part.asn() == whole.asn() &&
             (whole.country().empty() || part.country() == whole.country());
    default:
      return false;
  }
}

Result<std::unique_ptr<Store>> open_store(const Options& options, World& world) {
  if (!options.store) return std::unique_ptr<Store>{};
  Result<std::unique_ptr<LocalStream>> server = world.connect_local(socket_path(*options.store));
  if (server) return open_remote_store(std::move(*server), *options.store);
  return open_duckdb_store(*options.store);  // says who has it open, where somebody else has
}

Result<Gathered> gather(const Options& options, World& world, Store* store) {
  Gathered gathered;
  std::vector<Input> inputs;
  if (!options.inputs.empty()) {
    Result<WorldInputs> opened = world.open_inputs(options.inputs);
    if (!opened) return opened.error();
    for (const std::string& note : opened->notes) say(options, world, note);
    inputs = std::move(opened->inputs);
  }
  if (options.fetch_ioda) {
    Result<std::vector<Input>> fetched = fetch_inputs(options, world);
    if (!fetched) return fetched.error();
    std::move(fetched->begin(), fetched->end(), std::back_inserter(inputs));
  }
  if (inputs.empty() && store == nullptr && options.fetch_ioda) {
    return Error{ErrorKind::source_gap,
                 "IODA gave no measurements and none were kept from before; try again later, or "
                 "read files with --input"};
  }
  if (inputs.empty() && store == nullptr) {
    return Error{ErrorKind::usage, "nothing to read: give --input, --fetch ioda or --store"};
  }

  if (!options.quiet) world.progress(fmt::format("reading {} inputs", inputs.size()));
  const Result<std::vector<Input>> unannotated = take_annotations(inputs, gathered.annotations);
  if (!unannotated) return unannotated.error();
  const Result<std::vector<Input>> measurements =
      take_known_networks(*unannotated, gathered.networks);
  if (!measurements) return measurements.error();
  Result<ReadOptions> read = read_options(options, world);
  if (!read) return read.error();
  auto known = known_pages(options, world, gathered.damage);
  if (!known) return known.error();
  read->fingerprints = std::move(*known);
  Reading reading = read_inputs(*measurements, *read);
  gathered.damage.merge(reading.damage);
  gathered.notes = std::move(reading.inputs);
  if (store == nullptr) {
    gathered.series = std::move(reading.series);
    leave_out(options.without, gathered.series);
    return gathered;
  }
  const Status kept = keep(*store, world, *measurements, gathered.notes, reading.series);
  if (!kept) return kept.error();
  reading.series.clear();
  Result<std::vector<Series>> series = stored_series(options, *store);
  if (!series) return series.error();
  gathered.series = std::move(*series);
  leave_out(options.without, gathered.series);
  return gathered;
}

namespace {

// Of the other countries whose series came along.
Elsewhere elsewhere_of(const std::vector<Series>& all, const Entity& investigated) {
  std::vector<Series> others;
  for (const Series& series : all) {
    const Entity& entity = series.id.entity();
    if (entity.type() != EntityType::country || entity.country() == investigated.country()) {
      continue;
    }
    if (others.size() == kMaxSeriesElsewhere) break;
    others.push_back(series);
  }
  return look_elsewhere(others,
                        parallel_map(others, [](const Series& series) { return detect(series); }));
}

// What happened in public life around the gravest incident, beside what the inputs tell.
Status add_events(const Options& options, World& world, Report& report) {
  const Result<std::vector<PublicEvent>> events = read_events(options, world);
  if (!events) return events.error();
  const Investigation& asked = report.investigation;
  const Time around =
      asked.incidents.empty() ? asked.range.begin : asked.incidents.front().onset.value;
  const std::vector<Annotation> drawn =
      event_annotations(events_of(*events, options.entity->country()), asked.range, around,
                        kMaxEventsDrawn, report.annotations);
  report.annotations.insert(report.annotations.end(), drawn.begin(), drawn.end());
  std::stable_sort(report.annotations.begin(), report.annotations.end(),
                   [](const Annotation& a, const Annotation& b) { return a.time < b.time; });
  return {};
}

}  // namespace

Result<Report> investigate_gathered(const Options& options, World& world, Gathered gathered) {
  CHECK(options.entity.has_value());
  gathered.series = mark_blindness(std::move(gathered.series));
  const Elsewhere elsewhere = elsewhere_of(gathered.series, *options.entity);
  std::erase_if(gathered.series, [&](const Series& series) {
    return !belongs_to(series.id.entity(), *options.entity);
  });
  const TimeRange range = asked_range(options, gathered.series);
  Result<Zone> zone = zone_of(options, options.entity, world);
  if (!zone) return zone.error();

  if (!options.quiet) world.progress(fmt::format("judging {} series", gathered.series.size()));
  std::vector<Detection> detections =
      parallel_map(gathered.series, [](const Series& series) { return detect(series); });
  Report report{.investigation = investigate(*options.entity, range, gathered.series, detections,
                                             gathered.networks)};
  report.series = std::move(gathered.series);
  report.detections = std::move(detections);
  report.zone = std::move(*zone);
  const EconomyTables tables = read_economy_tables(options, world);
  report.appraisals =
      appraise_all(report.investigation, report.zone, options.data ? &tables : nullptr, elsewhere);
  report.software_version = std::string("lightsout ") + kVersion;
  report.command = options.command_line;
  report.generated_at = world.clock().now();
  report.damage = gathered.damage;
  report.annotations = std::move(gathered.annotations);
  if (const Status drawn = add_events(options, world, report); !drawn) return drawn.error();
  report.networks = std::move(gathered.networks);
  if (report.series.empty()) {
    // Nothing to judge: what the readers said about their inputs is the reason, each thing once.
    std::set<std::string> said;
    for (const InputNote& input : gathered.notes) {
      for (const std::string& note : input.notes) {
        if (said.insert(note).second) report.investigation.reason += fmt::format("; {}", note);
      }
    }
  }
  return report;
}

int say_damage(const Options& options, World& world, const Gathered& gathered) {
  if (!options.quiet) say_what_was_read(world, gathered.notes);
  if (gathered.damage.empty()) return kOk;

  std::size_t shown = 0;
  for (const DamagedPart& part : gathered.damage.parts()) {
    if (++shown > kLinesShown) break;
    world.err(
        fmt::format("damaged: {}, offset {}: {}{}\n", part.file, part.offset, part.reason,
                    part.bytes > 0 ? fmt::format(" ({} bytes passed over)", part.bytes) : ""));
  }
  if (gathered.damage.count() > kLinesShown) {
    world.err(fmt::format("damaged: {} places in all\n", gathered.damage.count()));
  }
  return options.strict ? kRuntimeError : kDamaged;
}

}  // namespace lightsout
