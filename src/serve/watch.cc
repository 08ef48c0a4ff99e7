// SPDX-License-Identifier: Apache-2.0
#include "serve/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/check.h"
#include "core/parallel.h"
#include "detect/detector.h"
#include "incident/investigate.h"
#include "serve/incident_event.h"

namespace lightsout {

namespace {

EntityFilter around(const Entity& entity) {
  if (entity.type() == EntityType::country) {
    return {.entity = std::nullopt, .country = std::string(entity.country())};
  }
  return {.entity = entity, .country = std::nullopt};
}

// The newest versions that another version may follow: what was retracted stays so.
Result<std::vector<Incident>> living(Store& store, const Entity& entity) {
  Result<std::vector<Incident>> all = store.incidents({.who = around(entity)});
  if (!all) return all;
  std::erase_if(*all,
                [](const Incident& each) { return each.confidence == Confidence::retracted; });
  return all;
}

Result<std::vector<Series>> stored_series(Store& store, const Entity& entity,
                                          const TimeRange& range) {
  const Result<std::vector<SignalSummary>> signals = store.list_signals(around(entity));
  if (!signals) return signals.error();
  std::vector<Series> all;
  for (const SignalSummary& signal : *signals) {
    Result<Series> series =
        store.read_series(signal.id, {.range = range, .as_of = std::nullopt, .step = signal.step});
    if (series) {
      all.push_back(std::move(*series));
    } else if (series.error().kind != ErrorKind::not_found) {
      return series.error();
    }
  }
  return all;
}

// What every series reaches at most: the time that a version is known at.
Time data_through(const std::vector<Series>& series) {
  Time newest{};
  for (const Series& each : series) newest = std::max(newest, each.data_through());
  return newest;
}

std::string source_json(const Entity& entity, const std::string& source, std::string_view reason,
                        Time at) {
  nlohmann::ordered_json json;
  json["source"] = source;
  json["entity"] = entity.text();
  json["at"] = format_time(at);
  if (!reason.empty()) json["reason"] = reason;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

Watch::Watch(WatchOptions options, Store& store, Hub& hub, Clock& clock, Say say)
    : options_(std::move(options)), store_(store), hub_(hub), clock_(clock), say_(std::move(say)) {
  CHECK(options_.entities.size() <= kMaxWatched);
}

Seconds Watch::round() {
  std::size_t failed = 0;
  for (const Entity& entity : options_.entities) {
    const Status done = watch(entity);
    if (done) continue;
    ++failed;
    say_(fmt::format("watching {}: {}", entity.text(), done.error().message));
  }
  ++rounds_;
  if (failed > 0) ++failed_rounds_;
  failures_ = failed == options_.entities.size() && failed > 0 ? failures_ + 1 : 0;
  Seconds wait = options_.every;
  for (int i = 0; i < failures_ && wait < kWatchLongestWait; ++i) wait *= 2;
  return std::min(wait, std::max(kWatchLongestWait, options_.every));
}

void Watch::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const Time begun = clock_.now();
    const Seconds wait = round();
    const Seconds left = wait - (clock_.now() - begun);
    if (!stop.stop_requested() && left > Seconds{0}) clock_.sleep(left);
  }
}

Status Watch::watch(const Entity& entity) {
  const Time now = clock_.now();
  const bool taught = taught_[entity.text()];
  const Result<WatchReading> reading =
      options_.fetch(entity, {now - (taught ? kWatchRecent : kWatchHistory), now});
  if (!reading) {
    note_sources(entity, {.missing = {{"", reading.error().message}}, .sources = {""}});
    return reading.error();
  }
  note_sources(entity, *reading);
  if (const Status kept = keep(*reading); !kept) return kept;
  const bool complete = reading->missing.empty();
  if (complete) taught_[entity.text()] = true;  // else what is missing of the past is asked again
  return conclude(entity, complete);
}

Status Watch::keep(const WatchReading& reading) {
  if (!reading.inputs.empty()) {
    const Result<std::size_t> received = store_.receive_inputs(
        reading.inputs, {.at = clock_.now(), .actor = options_.actor, .action = "received"});
    if (!received) return received.error();
  }
  if (reading.series.empty()) return {};
  const Result<PutSummary> put = store_.put_series(reading.series);
  return put ? Status{} : Status{put.error()};
}

Status Watch::conclude(const Entity& entity, bool complete) {
  Result<std::vector<Incident>> before = living(store_, entity);
  if (!before) return before.error();
  const Time now = clock_.now();
  TimeRange range{now - kWatchLooksBack, now};
  for (const Incident& each : *before) {
    if (each.open()) range.begin = std::min(range.begin, each.onset.earliest - kWatchStaleAfter);
  }
  const Result<std::vector<Series>> series =
      stored_series(store_, entity, {range.begin - kWatchHistory, range.end});
  if (!series) return series.error();
  const std::vector<Detection> detections =
      parallel_map(*series, [](const Series& each) { return detect(each); });
  for (const Detection& each : detections) {
    if (const Status put = store_.put_detection(each, now); !put) return put;
  }
  Investigation found = investigate(entity, range, *series, detections);
  for (Incident& incident : found.incidents) {
    if (const Status kept = keep_incident(std::move(incident), *before); !kept) return kept;
  }
  return complete ? retract_unseen(*before, range, data_through(*series)) : Status{};
}

// Takes out of `before` what the incident is the same as.
Status Watch::keep_incident(Incident now, std::vector<Incident>& before) {
  const auto same = std::find_if(before.begin(), before.end(), [&](const Incident& each) {
    return same_incident(each, now) || each.id == now.id;
  });
  if (same == before.end()) {
    const Result<Incident> kept = revise_incident(store_, std::move(now));
    return kept ? Status{} : Status{kept.error()};
  }
  const Incident previous = std::move(*same);
  before.erase(same);
  std::optional<Incident> next = next_version(previous, now);
  if (!next) return {};
  // Its age alone is worth a version once an hour, so that "open, as of" stays true.
  const bool stale = next->open() && next->known_at - previous.known_at >= kWatchStaleAfter;
  if (!change_of(&previous, *next) && !stale) return {};
  return store_.put_incident(*next);
}

Status Watch::retract_unseen(const std::vector<Incident>& before, const TimeRange& range,
                             Time known_at) {
  for (const Incident& previous : before) {
    if (!previous.open() || !range.contains(previous.onset.value)) continue;
    if (previous.known_at >= known_at) continue;  // nothing was learnt since
    Incident next = previous;
    next.version = previous.version + 1;
    next.supersedes = previous.version;
    next.known_at = known_at;
    next.confidence = Confidence::retracted;
    next.end = TimeEstimate{previous.known_at, previous.onset.value, previous.known_at};
    next.ending = false;
    next.unknowns.push_back("with later data this was not found again");
    if (const Status put = store_.put_incident(next); !put) return put;
  }
  return {};
}

void Watch::note_sources(const Entity& entity, const WatchReading& reading) {
  for (const std::string& source : reading.sources) {
    const auto gap = std::find_if(reading.missing.begin(), reading.missing.end(),
                                  [&](const auto& each) { return each.source == source; });
    Trouble& trouble = troubles_[entity.text() + " " + source];
    const std::string name = source.empty() ? "all sources" : source;
    if (gap == reading.missing.end()) {
      if (trouble.said) {
        hub_.publish(kEventSourceUp, entity.text(), source_json(entity, name, "", clock_.now()));
        say_(fmt::format("{} answers again about {}", name, entity.text()));
      }
      trouble = {};
      continue;
    }
    if (++trouble.rounds < kRoundsUntilDown || trouble.said) continue;
    trouble.said = true;
    hub_.publish(kEventSourceDown, entity.text(),
                 source_json(entity, name, gap->reason, clock_.now()));
    say_(fmt::format("{} has not answered about {} for {} rounds: {}", name, entity.text(),
                     trouble.rounds, gap->reason));
  }
  // A fetch that brought something ends the trouble with all.
  if (reading.sources != std::vector<std::string>{""}) {
    const auto all = troubles_.find(entity.text() + " ");
    if (all != troubles_.end()) {
      if (all->second.said) {
        hub_.publish(kEventSourceUp, entity.text(),
                     source_json(entity, "all sources", "", clock_.now()));
      }
      troubles_.erase(all);
    }
  }
}

}  // namespace lightsout
