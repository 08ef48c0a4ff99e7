// How much of the time it was dark, and when the next cut is to be expected.
// SPDX-License-Identifier: Apache-2.0
#include "incident/rhythm.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/document.h"
#include "report/escape.h"
#include "report/json_kind.h"
#include "report/words.h"

namespace lightsout {

namespace {

std::string chance_words(double p) {
  return p < 1e-4 ? "p < 0.0001" : fmt::format("p = {:.2g}", p);
}

std::string when_words(const TimeEstimate& when, const Zone& zone) {
  std::string text = day_clock_utc(when.value);
  if (const std::string city = city_of(zone); !city.empty()) {
    text += fmt::format(" ({} in {})", local_day_clock(when.value, zone), city);
  }
  return fmt::format("{}, between {} and {} (90{}% interval)", text, day_clock_utc(when.earliest),
                     day_clock_utc(when.latest), kNarrow);
}

Rhythm rhythm_in(const Subject& subject) {
  const Investigation& asked = subject.report.investigation;
  std::vector<Incident> all = asked.incidents;
  all.insert(all.end(), asked.earlier.begin(), asked.earlier.end());
  const Entity& entity = subject.incident != nullptr ? subject.incident->entity : asked.entity;
  return rhythm_of(all, entity, subject.data_through);
}

}  // namespace

std::optional<TimeEstimate> next_cut(const Subject& subject) {
  return rhythm_in(subject).cuts.next;
}

std::string next_cut_words(const Subject& subject) {
  const Rhythm rhythm = rhythm_in(subject);
  if (rhythm.cuts.count == 0) return {};
  if (!rhythm.cuts.next) {
    const bool ended = rhythm.cuts.text.find("it has ended") != std::string::npos;
    return ended ? "Next cut: none is to be expected from the times of day; the series has ended."
                 : "Next cut: no regularity found.";
  }
  return "Next cut, if they go on like this: " +
         when_words(*rhythm.cuts.next, subject.report.zone) + ".";
}

void add_rhythm(const Subject& subject, Section& section) {
  const Rhythm rhythm = rhythm_in(subject);
  if (!rhythm.duty_cycle) return;
  std::vector<std::string> items;
  items.push_back(fmt::format("Dark for {} of the {} from the first cut to the last end: {}.",
                              spaced_duration(rhythm.dark), spaced_duration(rhythm.span),
                              percent(*rhythm.duty_cycle)));
  const auto starts = [&](const Starts& found, std::string_view what) {
    if (found.count < 2) return;
    items.push_back(fmt::format(
        "{}. All {} {} over the day: R = {:.2f}, {} (Rayleigh); that as many keep to one time of "
        "day: {}.",
        capitalised(clean_text(found.text)), found.count, what, found.rayleigh_r,
        chance_words(found.rayleigh_p), chance_words(found.by_chance)));
  };
  starts(rhythm.cuts, "cuts");
  starts(rhythm.windows, "windows");
  items.push_back(next_cut_words(subject));
  section.blocks.push_back(bullets(std::move(items)));
}

void put_rhythm(JsonWriter& json, const Subject& subject) {
  const Rhythm rhythm = rhythm_in(subject);
  json.object("rhythm", [&] {
    json.field("dark_seconds", rhythm.dark.count());
    json.field("span_seconds", rhythm.span.count());
    json.field("duty_cycle_share", rhythm.duty_cycle);
    const auto put = [&](std::string_view key, const Starts& starts) {
      json.object(key, [&] {
        json.field("count", starts.count);
        json.field("rayleigh_r", starts.rayleigh_r);
        json.field("rayleigh_p", starts.rayleigh_p);
        json.field("matching", starts.matching);
        json.field("by_chance", starts.by_chance);
        json.field("time_of_day_utc_seconds", starts.time_of_day.count());
        if (starts.next) {
          json.object("next", [&] {
            json.field("value", starts.next->value);
            json.field("earliest", starts.next->earliest);
            json.field("latest", starts.next->latest);
          });
        } else {
          json.field("next", std::optional<bool>());
        }
        json.field("text", starts.text);
      });
    };
    put("cuts", rhythm.cuts);
    put("windows", rhythm.windows);
  });
}

}  // namespace lightsout
