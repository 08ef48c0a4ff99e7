// SPDX-License-Identifier: Apache-2.0
#include "cases/deliberate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/course_indicators.h"

namespace lightsout {

namespace {

constexpr Seconds kDay{86'400};
constexpr Seconds kMinute{60};
// Less than this, in nats, speaks for neither: odds changed by less than a tenth.
constexpr double kSpeaks = 0.1;
// A begin that is only known to within more than this says nothing about the minute of the clock.
constexpr Seconds kSharp{10 * 60};

Seconds in_hour(Time local) {
  return Seconds{local.time_since_epoch() % Seconds{3600}};
}

std::optional<double>& at(IndicatorValues& values, Indicator indicator) {
  return values[static_cast<std::size_t>(indicator)];
}

double yes(bool value) {
  return value ? 1.0 : 0.0;
}

// Whole days apart, up to four, within a quarter of an hour.
bool same_hour(Time now, Time before) {
  const Seconds apart = now - before;
  for (int days = 1; days <= 4; ++days) {
    const Seconds off = apart - days * kDay;
    if (off <= kSameHour && off >= -kSameHour) return true;
  }
  return false;
}

// Whole days apart, any number of them.
bool same_time_of_day(Time now, Time before) {
  const Seconds rest = (now - before) % kDay;
  return rest <= kSameHour || rest >= kDay - kSameHour;
}

// Within three minutes of a full or half hour: bins of five minutes do not tell more.
bool near(Time local, Seconds of_hour) {
  constexpr Seconds kNear{3 * 60};
  const Seconds off = (in_hour(local) - of_hour + Seconds{3600}) % Seconds{3600};
  return off <= kNear || off >= Seconds{3600} - kNear;
}

}  // namespace

void add_clock_indicators(const OutageTimes& outage, IndicatorValues& values) {
  const Time begin = outage.begin;
  at(values, Indicator::on_the_hour) = yes(near(begin, Seconds{0}));
  at(values, Indicator::on_the_half_hour) = yes(near(begin, Seconds{1800}));
  at(values, Indicator::at_night) = yes(begin.time_since_epoch() % kDay < Seconds{6 * 3600});
  bool again = false;
  bool fragile = false;
  for (const Time before : outage.earlier) {
    if (before >= begin) continue;  // past only
    again = again || same_hour(begin, before);
    fragile =
        fragile || (begin - before <= Seconds{kQuietDays} && !same_time_of_day(begin, before));
  }
  at(values, Indicator::same_hour_again) = yes(again);
  at(values, Indicator::quiet_before) = yes(!fragile);
  if (!outage.end) return;
  const Seconds length = *outage.end - begin;
  at(values, Indicator::round_end) =
      yes(near(*outage.end, Seconds{0}) || near(*outage.end, Seconds{1800}));
  const Seconds rest = length % Seconds{1800};
  at(values, Indicator::round_length) = yes(rest <= kMinute || rest >= Seconds{1800} - kMinute);
  at(values, Indicator::lasts) = yes(length >= Seconds{3600});
}

namespace {

// What an incident and those before it say of the ten.
IndicatorValues values_of(const Incident& incident, std::span<const Incident> others,
                          const TimeRange& asked, const Zone& zone, const Elsewhere& elsewhere) {
  IndicatorValues values;
  OutageTimes outage{.begin = zone.local(incident.onset.value), .end = std::nullopt, .earlier = {}};
  if (incident.end) outage.end = zone.local(incident.end->value);
  for (const Incident& other : others) {
    const bool connectivity = other.direction == Direction::fall &&
                              other.grade != Grade::usage_dip && other.grade != Grade::service &&
                              other.grade != Grade::lesser_anomaly;
    if (connectivity && other.onset.value < incident.onset.value) {
      outage.earlier.push_back(zone.local(other.onset.value));
    }
  }
  add_clock_indicators(outage, values);
  if (incident.onset.latest - incident.onset.earliest > kSharp) {
    at(values, Indicator::on_the_hour).reset();
    at(values, Indicator::on_the_half_hour).reset();
    at(values, Indicator::round_length).reset();
  }
  if (incident.end && incident.end->latest - incident.end->earliest > kSharp) {
    at(values, Indicator::round_end).reset();
    at(values, Indicator::round_length).reset();
  }
  // What was not looked at cannot have been quiet, nor can it have held a cut at the same hour.
  const Seconds looked_back = incident.onset.value - asked.begin;
  if (looked_back < 4 * kDay && *at(values, Indicator::same_hour_again) == 0) {
    at(values, Indicator::same_hour_again).reset();
  }
  if (looked_back < Seconds{kQuietDays} && *at(values, Indicator::quiet_before) == 1) {
    at(values, Indicator::quiet_before).reset();
  }
  std::array<std::optional<bool>, 3> fell;
  for (const PlaneView& view : incident.planes) {
    const auto plane = static_cast<std::size_t>(view.plane);
    if (view.judged && plane < fell.size()) fell[plane] = fell[plane].value_or(false) || view.fell;
  }
  if (fell[0] && fell[1] && fell[2]) {
    at(values, Indicator::all_planes) = yes(*fell[0] && *fell[1] && *fell[2]);
  }
  // One neighbour that was struck is enough; that nobody was takes many that were looked at.
  if (!struck_together(elsewhere, incident.onset).empty()) {
    at(values, Indicator::alone) = 0;
  } else if (looked_at(elsewhere, incident.onset.value) >= kEnoughOthers) {
    at(values, Indicator::alone) = 1;
  }
  return values;
}

// The model of which most indicators were measured; of equals the one that asks for fewest others.
const FittedModel* model_for(const IndicatorValues& values) {
  const FittedModel* best = nullptr;
  std::pair<std::size_t, bool> best_rank;
  for (const FittedModel& model : built_in_fit()) {
    std::size_t measured = 0;
    for (const Indicator indicator : model.uses) {
      measured += values[static_cast<std::size_t>(indicator)].has_value();
    }
    const std::pair rank(measured, model.knows_all(values));
    if (measured == 0 || (best != nullptr && rank <= best_rank)) continue;
    best = &model;
    best_rank = rank;
  }
  return best;
}

std::string clock_of(Time local) {
  return format_clock(local) + " local time";
}

std::string elsewhere_words(const Incident& incident, const Elsewhere& elsewhere) {
  const std::vector<std::string> struck = struck_together(elsewhere, incident.onset);
  const std::size_t others = looked_at(elsewhere, incident.onset.value);
  if (others == 0 && struck.empty()) return "other countries were not looked at";
  if (struck.empty()) {
    return fmt::format("none of {} other countries{}", others,
                       others < kEnoughOthers ? ", too few to say" : "");
  }
  constexpr std::size_t kNamed = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(struck.size(), kNamed); ++i) {
    text += (text.empty() ? "" : ", ") + struck[i];
  }
  if (struck.size() > kNamed) text += fmt::format(" and {} more", struck.size() - kNamed);
  return text + " in the same ten minutes";
}

std::string planes_words(const Incident& incident) {
  std::string text;
  for (const Plane plane : {Plane::control, Plane::data, Plane::traffic}) {
    bool judged = false;
    bool fell = false;
    for (const PlaneView& view : incident.planes) {
      judged = judged || (view.plane == plane && view.judged);
      fell = fell || (view.plane == plane && view.judged && view.fell);
    }
    const char* name = plane == Plane::control ? "routes"
                       : plane == Plane::data  ? "answers"
                                               : "traffic";
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name,
                        !judged ? "not judged"
                        : fell  ? "fell"
                                : "stood");
  }
  return text;
}

std::string detail_of(Indicator indicator, const std::optional<double>& value,
                      const Incident& incident, const Zone& zone, const Elsewhere& elsewhere) {
  switch (indicator) {
    case Indicator::on_the_hour:
    case Indicator::on_the_half_hour:
    case Indicator::at_night:
      return clock_of(zone.local(incident.onset.value));
    case Indicator::round_end:
      return incident.end ? clock_of(zone.local(incident.end->value)) : "it has not ended";
    case Indicator::round_length:
    case Indicator::lasts:
      return incident.end ? format_duration(incident.range().length()) : "it has not ended";
    case Indicator::alone:
      return elsewhere_words(incident, elsewhere);
    case Indicator::same_hour_again:
      return !value        ? "fewer than four days before could be judged"
             : *value == 1 ? "one was found"
                           : "none was found";
    case Indicator::quiet_before:
      return !value        ? "fewer than sixty days before could be judged"
             : *value == 1 ? "none was found"
                           : "at least one was found";
    case Indicator::all_planes:
      return planes_words(incident);
  }
  return "";
}

void add_fitted_lines(const IndicatorValues& values, const FittedModel* model,
                      const Incident& incident, const Zone& zone, const Elsewhere& elsewhere,
                      Deliberation& found) {
  for (std::size_t i = 0; i < kIndicators; ++i) {
    const auto indicator = static_cast<Indicator>(i);
    IndicatorLine line{.name = std::string(words_for(indicator)),
                       .detail = detail_of(indicator, values[i], incident, zone, elsewhere),
                       .leaning = Leaning::not_measured,
                       .adds = {}};
    if (values[i]) {
      line.leaning = Leaning::neither;
      for (std::size_t k = 0; model != nullptr && k < model->uses.size(); ++k) {
        if (model->uses[k] != indicator) continue;
        line.adds = model->slope * model->weight[k] * (*values[i] - model->centre[k]);
        if (*line.adds >= kSpeaks) line.leaning = Leaning::deliberate;
        if (*line.adds <= -kSpeaks) line.leaning = Leaning::accident;
      }
      // The half hour that was not struck is no sign of an accident when the hour was, and the
      // reverse.
      if (*values[i] == 0 && (i == 0 || i == 1) && values[1 - i] == 1.0) {
        line.leaning = Leaning::neither;
      }
    }
    found.lines.push_back(std::move(line));
  }
}

std::string summary_of(const Deliberation& found) {
  std::size_t deliberate = 0;
  std::size_t accident = 0;
  std::size_t silent = 0;
  for (const IndicatorLine& line : found.lines) {
    deliberate += line.leaning == Leaning::deliberate;
    accident += line.leaning == Leaning::accident;
    silent += line.leaning == Leaning::not_measured;
  }
  if (!found.probability) {
    return fmt::format(
        "{} indicators are consistent with a deliberate cut, {} with an accident, {} were not "
        "measured; not enough of them to say how likely, so we cannot tell.",
        deliberate, accident, silent);
  }
  const double p = *found.probability;
  const char* words = p >= 0.8   ? "The course is consistent with a deliberate cut"
                      : p <= 0.2 ? "The course is consistent with an accident"
                                 : "The course is consistent with either; we cannot tell";
  return fmt::format(
      "{}: {:.0f} % at even odds beforehand, calibrated on {} deliberate cuts and {} accidents; {} "
      "indicators were not measured.",
      words, p * 100, found.fitted_on_deliberate, found.fitted_on_accidents, silent);
}

}  // namespace

Deliberation deliberate(const Incident& incident, std::span<const Incident> others,
                        const TimeRange& asked, const Zone& zone, const Elsewhere& elsewhere) {
  Deliberation found;
  const IndicatorValues values = values_of(incident, others, asked, zone, elsewhere);
  const FittedModel* model = model_for(values);
  add_fitted_lines(values, model, incident, zone, elsewhere, found);
  for (IndicatorLine& line : course_lines(incident, others, asked, zone)) {
    found.lines.push_back(std::move(line));
  }
  if (model != nullptr && model->knows_all(values)) {
    // The list that it was fitted on has hardly a case above or below: no figure says more.
    constexpr double kMost = 0.99;
    found.probability = std::clamp(model->probability(values), 1 - kMost, kMost);
    found.begins_with = model->slope * model->intercept + model->shift;
    found.model = model->name;
    found.fitted_on_deliberate = model->deliberate;
    found.fitted_on_accidents = model->accidents;
  }
  found.summary = summary_of(found);
  return found;
}

std::string_view name_of(Leaning leaning) {
  switch (leaning) {
    case Leaning::deliberate:
      return "deliberate";
    case Leaning::accident:
      return "accident";
    case Leaning::neither:
      return "neither";
    case Leaning::not_measured:
      break;
  }
  return "not_measured";
}

}  // namespace lightsout
