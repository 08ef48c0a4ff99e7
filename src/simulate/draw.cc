// SPDX-License-Identifier: Apache-2.0
#include "simulate/draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "signal/catalogue.h"
#include "simulate/random.h"
#include "simulate/routes.h"

namespace lightsout {

namespace {

constexpr Seconds kDay{86400};
constexpr double kNoiseMemory = 3 * 3600;  // seconds after which slow noise has forgotten 63 %
constexpr std::size_t kBlockDays = 5;      // of real days in a row
constexpr double kOutliers = 0.0004;       // share of bins; about two a fortnight of 10-minute bins
constexpr double kFlutter = 0.01;          // share of ordinary /24s that happen not to answer

Rng stream(const Scenario& scenario, const SignalModel& model, std::string_view what) {
  return Rng(scenario.seed).fork(fmt::format("{}/{}/{}", model.source, model.metric, what));
}

std::size_t bins_of(const Scenario& scenario, Seconds step) {
  return static_cast<std::size_t>(scenario.range.length() / step);
}

// Counts scatter around their mean by this much: telescopes see bursts, probing hardly moves.
double dispersion_of(const SignalModel& model) {
  return model.source == "telescope" ? 80 : 500;
}

// 1 on average over a weekday: the daily wave with a little of its second harmonic, because people
// rise faster than they go to bed.
double pattern_at(const SignalModel& model, Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::weekday weekday{day};
  const bool weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
  const double turn = 2 * std::numbers::pi *
                      static_cast<double>((time - day - model.peak).count()) /
                      static_cast<double>(kDay.count());
  const double wave = 0.85 * std::cos(turn) + 0.15 * std::cos(2 * turn);
  return (1 + model.wave * wave) * (weekend ? 1 + model.weekend : 1);
}

std::vector<double> modelled_noise(Rng rng, std::size_t bins, Seconds step, double deviation) {
  std::vector<double> ratios(bins, 1);
  if (deviation <= 0) return ratios;
  const double kept = std::exp(-static_cast<double>(step.count()) / kNoiseMemory);
  double state = rng.normal();
  for (double& ratio : ratios) {
    ratio = std::exp(deviation * state);
    state = kept * state + std::sqrt(1 - kept * kept) * rng.normal();
  }
  return ratios;
}

// The ratio of a day at a place between two of its bins.
double ratio_at(const ResidualPool::Day& day, Seconds since_midnight) {
  const double place =
      static_cast<double>(since_midnight.count()) / static_cast<double>(day.step.count());
  const auto before = std::min(static_cast<std::size_t>(place), day.ratios.size() - 1);
  const std::size_t after = std::min(before + 1, day.ratios.size() - 1);
  const double share = place - static_cast<double>(before);
  return day.ratios[before] * (1 - share) + day.ratios[after] * share;
}

unsigned weekday_of(Time time) {
  return std::chrono::weekday{std::chrono::floor<std::chrono::days>(time)}.c_encoding();
}

// A day of that series and day of the week; any day of the series where there is none.
std::size_t draw_day(Rng& rng, const ResidualPool& pool, std::size_t series, unsigned weekday) {
  std::vector<std::size_t> same;
  std::vector<std::size_t> any;
  for (std::size_t day = 0; day < pool.days.size(); ++day) {
    if (pool.days[day].series != series) continue;
    any.push_back(day);
    if (pool.days[day].weekday == weekday) same.push_back(day);
  }
  const std::vector<std::size_t>& days = same.empty() ? any : same;
  return days[rng.below(days.size())];
}

// Blocks of real days in a row, from one real series. Where two blocks meet, the step between them
// fades like any other noise: it is ours and not the network's.
std::vector<double> resampled_noise(Rng rng, const TimeRange& range, Seconds step,
                                    const ResidualPool& pool) {
  const std::size_t series = pool.days[rng.below(pool.days.size())].series;
  std::vector<double> ratios;
  Time time = range.begin;
  while (time < range.end) {
    std::size_t day = draw_day(rng, pool, series, weekday_of(time));
    const double first = pool.days[day].ratios.front();
    const double seam = ratios.empty() || first <= 0 ? 0 : std::log(ratios.back() / first);
    const Time block = time;
    for (std::size_t left = kBlockDays; left > 0 && time < range.end; --left) {
      const Time midnight = time;
      for (; time < midnight + kDay && time < range.end; time += step) {
        const double since = static_cast<double>((time - block).count());
        const double fading = std::isfinite(seam) ? seam * std::exp(-since / kNoiseMemory) : 0;
        ratios.push_back(ratio_at(pool.days[day], time - midnight) * std::exp(fading));
      }
      if (++day >= pool.days.size() || !pool.days[day].follows) break;
    }
  }
  return ratios;
}

// Networks are renumbered and come to stay a little higher or lower.
std::vector<double> renumbered(const Scenario& scenario, const SignalModel& model,
                               std::size_t bins) {
  Rng rng = stream(scenario, model, "renumberings");
  std::vector<double> levels(bins, 1);
  for (std::int64_t i = 0; i < model.renumberings && bins > 0; ++i) {
    const std::size_t from = rng.below(bins);
    const double factor = 1 + rng.uniform(0.005, 0.02) * (rng.chance(0.5) ? 1 : -1);
    for (std::size_t bin = from; bin < bins; ++bin) levels[bin] *= factor;
  }
  return levels;
}

// The holiday of a country, and the surge of a tool: what people did, not what happened to them.
double habits_at(const Scenario& scenario, const SignalModel& model, const TimeRange& bin) {
  double factor = 1;
  for (const Event& event : scenario.events) {
    const bool holiday = event.kind == EventKind::holiday && plane_of(model) == Plane::traffic;
    const bool surge = event.kind == EventKind::surge && event.subject == model.source;
    if ((!holiday && !surge) || !event.range.overlaps(bin)) continue;
    const Seconds shared =
        std::min(event.range.end, bin.end) - std::max(event.range.begin, bin.begin);
    const double share =
        static_cast<double>(shared.count()) / static_cast<double>(bin.length().count());
    const double whole = holiday ? 1 - event.amount : event.amount;
    factor *= 1 - share + share * whole;
  }
  return factor;
}

// Why there is no number in a bin, the same for the country and its providers.
std::vector<SampleState> states_of(const Scenario& scenario, const SignalModel& model,
                                   std::size_t bins) {
  Rng rng = stream(scenario, model, "missing");
  std::vector<SampleState> states(bins, SampleState::number);
  for (SampleState& state : states) {
    if (rng.chance(model.missing)) state = SampleState::missing;
  }
  for (const Event& event : scenario.events) {
    if (event.kind != EventKind::gap || event.subject != model.source) continue;
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const Time begin = scenario.range.begin + model.step * static_cast<std::int64_t>(bin);
      if (event.range.overlaps({begin, begin + model.step})) states[bin] = SampleState::source_down;
    }
  }
  return states;
}

Series empty_series(const Scenario& scenario, const SignalModel& model, const Entity& entity) {
  const SignalId id = *SignalId::make(entity, model.source, model.metric);
  const SignalKind& kind = kind_of(id);
  return Series{.id = id,
                .plane = kind.plane,
                .unit = kind.unit,
                .worse = kind.worse,
                .begin = scenario.range.begin,
                .step = model.step,
                .lineage = {{.sha256 = scenario.sha256,
                             .name = scenario.title,
                             .format = "simulate",
                             .arrived = scenario.range.end,
                             .semi_synthetic = true}}};
}

Sample sample_of(SampleState state, double value) {
  switch (state) {
    case SampleState::number:
      return Sample::of(value);
    case SampleState::missing:
      return Sample::missing();
    case SampleState::suppressed:
      return Sample::suppressed();
    case SampleState::source_down:
      return Sample::source_down();
  }
  return Sample::missing();
}

// What all the parts of one signal share.
struct Weather {
  std::vector<double> country;  // ordinary level in each bin, as a share of the mean
  std::vector<SampleState> states;
};

Weather weather_of(const Scenario& scenario, const SignalModel& model, const ResidualPool& pool) {
  const std::size_t bins = bins_of(scenario, model.step);
  Rng noise = stream(scenario, model, "noise");
  Weather weather;
  // Half of the variance is the country's, half each provider's own.
  weather.country = pool.empty()
                        ? modelled_noise(noise, bins, model.step, model.noise * std::sqrt(0.5))
                        : resampled_noise(noise, scenario.range, model.step, pool);
  const std::vector<double> renumberings = renumbered(scenario, model, bins);
  Rng outliers = stream(scenario, model, "outliers");
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const Time begin = scenario.range.begin + model.step * static_cast<std::int64_t>(bin);
    double& ratio = weather.country[bin];
    ratio *= pattern_at(model, begin) * renumberings[bin] *
             habits_at(scenario, model, {begin, begin + model.step});
    if (outliers.chance(kOutliers)) ratio *= outliers.uniform(0.8, 1.3);
  }
  weather.states = states_of(scenario, model, bins);
  return weather;
}

double draw_count(Rng& rng, const SignalModel& model, double mean) {
  if (plane_of(model) != Plane::data) {
    return static_cast<double>(rng.negative_binomial(mean, dispersion_of(model)));
  }
  // A /24 counts as up when anything in it answers, so the count hardly scatters: a few networks
  // happen to be silent, about as many as usual.
  const double silent = static_cast<double>(rng.poisson(mean * kFlutter)) - mean * kFlutter;
  return std::max(0.0, std::round(mean - silent));
}

std::vector<double> draw_part(const Scenario& scenario, const SignalModel& model,
                              const NetworkPart& part, const Weather& weather) {
  const bool data = plane_of(model) == Plane::data;
  const double level =
      data ? model.level * static_cast<double>(part.networks) : model.level * part.users;
  const Course course = course_of(scenario, part, plane_of(model));
  Rng rng = stream(scenario, model, fmt::format("part/{}/{}", part.provider, part.datacentre));
  const std::vector<double> own = modelled_noise(rng.fork("noise"), weather.country.size(),
                                                 model.step, model.noise * std::sqrt(0.5));
  std::vector<double> values(weather.country.size());
  for (std::size_t bin = 0; bin < values.size(); ++bin) {
    const Time begin = scenario.range.begin + model.step * static_cast<std::int64_t>(bin);
    double ordinary = level * weather.country[bin] * own[bin];
    // No more networks can answer than there are.
    if (data) ordinary = std::min(ordinary, static_cast<double>(part.networks));
    values[bin] = draw_count(rng, model, ordinary * course.mean({begin, begin + model.step}));
  }
  return values;
}

// Visible /24s at the end of each bin, from the same routes that write_routes() writes.
std::vector<std::vector<double>> route_counts(const Scenario& scenario, const SignalModel& model,
                                              std::size_t parts) {
  const std::size_t bins = bins_of(scenario, model.step);
  std::vector<std::vector<double>> counts(parts, std::vector<double>(bins, 0));
  for (const Route& route : routes_of(scenario)) {
    if (route.part == Route::kWorld) continue;
    std::vector<double>& values = counts[route.part];
    const auto size = static_cast<double>(route.slash24s);
    for (double& value : values) value += size;
    for (const TimeRange& gone : route.gone) {
      // The bin whose end lies inside (begin, end].
      const Seconds first = gone.begin - scenario.range.begin;
      const Seconds last = gone.end - scenario.range.begin;
      for (std::int64_t bin = first / model.step; (bin + 1) * model.step < last; ++bin) {
        values[static_cast<std::size_t>(bin)] -= size;
      }
    }
  }
  return counts;
}

double median_of(std::vector<double> values, double otherwise) {
  if (values.empty()) return otherwise;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The median of each time of day; 0 where the series never has a number.
std::vector<double> usual_by_slot(const Series& quiet, std::size_t a_day, std::size_t days) {
  std::vector<double> usual(a_day, 0);
  for (std::size_t slot = 0; slot < a_day; ++slot) {
    std::vector<double> values;
    for (std::size_t day = 0; day < days; ++day) {
      if (const auto number = quiet.samples[day * a_day + slot].number()) values.push_back(*number);
    }
    usual[slot] = median_of(std::move(values), 0);
  }
  return usual;
}

// The trend: the median day of the week around each. Without it a drift over months would come back
// as a jump at every seam.
std::vector<double> trend_of(const Series& quiet, const std::vector<double>& usual,
                             std::size_t days) {
  std::vector<double> levels(days, 1);
  for (std::size_t day = 0; day < days; ++day) {
    std::vector<double> ratios;
    for (std::size_t slot = 0; slot < usual.size(); ++slot) {
      const auto number = quiet.samples[day * usual.size() + slot].number();
      if (number && usual[slot] > 0) ratios.push_back(*number / usual[slot]);
    }
    levels[day] = median_of(std::move(ratios), 1);
  }
  std::vector<double> trend(days, 1);
  for (std::size_t day = 0; day < days; ++day) {
    const std::size_t first = std::min(day < 3 ? 0 : day - 3, days - 7);
    const auto begin = levels.begin() + static_cast<std::ptrdiff_t>(first);
    trend[day] = median_of({begin, begin + 7}, 1);
  }
  return trend;
}

void draw_signal(const Scenario& scenario, const SignalModel& model, const ResidualPool& pool,
                 std::vector<Series>& into) {
  const std::vector<NetworkPart> parts = parts_of(scenario);
  const Weather weather = weather_of(scenario, model, pool);
  std::vector<std::vector<double>> values;
  if (plane_of(model) == Plane::control) {
    values = route_counts(scenario, model, parts.size());
  } else {
    for (const NetworkPart& part : parts) {
      values.push_back(draw_part(scenario, model, part, weather));
    }
  }
  const auto add_up = [&](const Entity& entity, std::optional<std::size_t> provider) {
    Series series = empty_series(scenario, model, entity);
    for (std::size_t bin = 0; bin < weather.states.size(); ++bin) {
      double sum = 0;
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!provider || parts[i].provider == *provider) sum += values[i][bin];
      }
      series.samples.push_back(sample_of(weather.states[bin], sum));
    }
    into.push_back(std::move(series));
  };
  add_up(scenario.entity, std::nullopt);
  if (!model.per_provider || plane_of(model) == Plane::circumvention) return;
  for (std::size_t i = 0; i < scenario.providers.size(); ++i) {
    add_up(entity_of(scenario, scenario.providers[i]), i);
  }
}

}  // namespace

Plane plane_of(const SignalModel& model) {
  return kind_of(*SignalId::parse("country:ZZ/" + model.source + "/" + model.metric)).plane;
}

Entity entity_of(const Scenario& scenario, const Provider& provider) {
  return *Entity::parse(
      fmt::format("asn:{}@country:{}", provider.asn.number, scenario.entity.code()));
}

std::size_t add_residuals(const Series& quiet, ResidualPool& pool) {
  if (quiet.step <= Seconds{0} || kDay % quiet.step != Seconds{0}) return 0;
  const auto a_day = static_cast<std::size_t>(kDay / quiet.step);
  const std::size_t days = quiet.size() / a_day;
  if (a_day < 2 || days < 7) return 0;

  const std::vector<double> usual = usual_by_slot(quiet, a_day, days);
  const std::vector<double> trend = trend_of(quiet, usual, days);
  std::size_t added = 0;
  bool follows = false;
  for (std::size_t day = 0; day < days && pool.days.size() < ResidualPool::kDays; ++day) {
    const Time begin = quiet.time_of(day * a_day);
    ResidualPool::Day ratios{quiet.step, std::vector<float>(a_day, 1), weekday_of(begin),
                             pool.series, follows};
    std::size_t numbers = 0;
    float before = 1;
    for (std::size_t slot = 0; slot < a_day; ++slot) {
      const auto number = quiet.samples[day * a_day + slot].number();
      const double expected = usual[slot] * trend[day];
      if (number && expected > 0) {
        before = static_cast<float>(*number / expected);
        ++numbers;
      }
      ratios.ratios[slot] = before;
    }
    follows = numbers * 10 >= a_day * 9;
    if (!follows) continue;
    pool.days.push_back(std::move(ratios));
    ++added;
  }
  if (added > 0) ++pool.series;
  return added;
}

std::vector<Series> draw_series(const Scenario& scenario, const ResidualPool& pool) {
  std::vector<Series> series;
  for (const SignalModel& model : scenario.signals) {
    if (plane_of(model) == Plane::application) continue;  // single measurements, see services.h
    draw_signal(scenario, model, pool, series);
  }
  return series;
}

}  // namespace lightsout
