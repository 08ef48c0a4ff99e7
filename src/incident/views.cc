// SPDX-License-Identifier: Apache-2.0
#include "incident/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "signal/catalogue.h"

namespace lightsout::incident {

namespace {

std::string percent(double share) {
  return fmt::format("{:.1f} %", share * 100);
}

// "-13.0 % for 15 h, then within 9.6 %"
std::string note_of(const Curve& curve, const Sight& sight, const TimeRange& range) {
  if (!curve.judged()) return curve.detection->judgement.reason;
  if (!sight.fell) {
    const auto loss = loss_over(curve, range);
    if (!loss) return "no numbers during the incident";
    if (curve.bearing == Bearing::service) {
      return fmt::format("{:.1f} points from what was expected", loss->value * 100);
    }
    const std::string level = percent(1 - loss->value) + " of what was expected";
    if (loss->value <= -kNotable) return "above: " + level;
    return loss->value < kNotable ? "stood: " + level
                                  : level + " in these hours, without an anomaly that belongs here";
  }
  std::string note = curve.bearing == Bearing::service
                         ? fmt::format("{:.1f} points for {}", sight.trough.depth.value * 100,
                                       format_duration(sight.trough.range.length()))
                         : fmt::format("-{} for {}", percent(sight.trough.depth.value),
                                       format_duration(sight.trough.range.length()));
  if (!sight.returned) return note;
  const auto after = find_trough(curve, {sight.returned->value, range.end});
  if (after && after->depth.value < sight.trough.depth.value) {
    note += fmt::format(", then within {}", percent(after->depth.value));
  }
  return note;
}

// What the fall was held against, which may be less than the whole history.
std::string baseline_of(const Curve& curve, const Sight& sight) {
  for (const Anomaly& anomaly : curve.detection->anomalies) {
    const bool here = anomaly.range().overlaps(sight.trough.range);
    if (sight.fell && here && !anomaly.baseline.empty()) return anomaly.baseline;
  }
  return curve.detection->judgement.baseline;
}

PlaneView view_plane(const Witness& witness, const Sight& sight, const TimeRange& range,
                     bool lasting) {
  const Curve& curve = witness.curve;
  const Series& series = *curve.series;
  PlaneView view{.signal = series.id,
                 .plane = series.plane,
                 .label = std::string(label_of(series.id)),
                 .judged = curve.judged(),
                 .fell = sight.fell,
                 .evidence = sight.evidence,
                 .samples = count_samples(series, range),
                 .baseline = baseline_of(curve, sight),
                 .note = note_of(curve, sight, range)};
  if (sight.fell) {
    view.fell_at = sight.fell_at;
    view.depth = sight.trough.depth;
    // A lasting shift has no floor; how low it went is in `lowest` and in the steps.
    if (lasting) view.depth = loss_over(curve, range).value_or(view.depth);
    view.lowest = sight.trough.lowest;
    view.lowest_at = sight.trough.lowest_at;
    view.returned = sight.returned;
    return view;
  }
  view.depth = loss_over(curve, range).value_or(Estimate{});
  const BinRange bins = bins_in(series, range);
  bool any = false;
  for (std::size_t bin = bins.first; bin < bins.last; ++bin) {
    if (!curve.known(bin)) continue;
    const double level = std::max(0.0, 1 - curve.loss[bin]);
    if (any && level >= view.lowest) continue;
    view.lowest = level;
    view.lowest_at = series.time_of(bin);
    any = true;
  }
  return view;
}

PartView view_part(const std::vector<Witness>& witnesses,
                   const std::map<std::size_t, Sight>& sights, const TimeRange& range,
                   const std::vector<std::size_t>& members) {
  const Entity& entity = witnesses[members.front()].curve.series->id.entity();
  PartView view{.entity = entity, .name = std::string(entity.code())};
  std::replace(view.name.begin(), view.name.end(), '_', ' ');
  const std::size_t* deepest = nullptr;
  bool all_back = true;
  for (const std::size_t& i : members) {
    const Curve& curve = witnesses[i].curve;
    const Sight& sight = sights.at(i);
    view.judged |= curve.judged();
    if (!sight.fell) continue;
    const Sight* best = deepest == nullptr ? nullptr : &sights.at(*deepest);
    if (best == nullptr || sight.trough.depth.value > best->trough.depth.value) deepest = &i;
    if (!view.fell || sight.fell_at.value < view.fell_at.value) view.fell_at = sight.fell_at;
    view.fell = true;
    if (!sight.returned) {
      all_back = false;
    } else if (!view.returned || sight.returned->value > view.returned->value) {
      view.returned = sight.returned;
    }
  }
  if (!all_back) view.returned = std::nullopt;
  const std::size_t shown = deepest != nullptr ? *deepest : members.front();
  const Curve& curve = witnesses[shown].curve;
  view.depth =
      view.fell ? sights.at(shown).trough.depth : loss_over(curve, range).value_or(Estimate{});
  view.note = note_of(curve, sights.at(shown), range);
  return view;
}

}  // namespace

std::vector<PlaneView> view_planes(const std::vector<Witness>& witnesses, const Course& course,
                                   const TimeRange& range, const Entity& subject, bool lasting) {
  std::vector<PlaneView> views;
  std::map<Plane, std::size_t> strongest;  // the view whose evidence counts for its plane
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    const bool shown =
        witnesses[i].role == Role::own || witnesses[i].curve.series->id.entity() == subject;
    if (!shown) continue;
    views.push_back(view_plane(witnesses[i], course.sights[i], range, lasting));
    const PlaneView& view = views.back();
    if (!view.fell) continue;
    const auto [at, first] = strongest.try_emplace(view.plane, views.size() - 1);
    if (!first && view.evidence > views[at->second].evidence) at->second = views.size() - 1;
  }
  for (const auto& [plane, index] : strongest) {
    views[index].evidence_capped = std::min(views[index].evidence, kEvidenceCap);
  }
  std::sort(views.begin(), views.end(), [](const PlaneView& a, const PlaneView& b) {
    return std::tie(a.plane, a.signal) < std::tie(b.plane, b.signal);
  });
  return views;
}

std::vector<PartView> view_parts(const std::vector<Witness>& witnesses, const Course& course,
                                 const TimeRange& range, Role role) {
  std::map<std::string, std::vector<std::size_t>> parts;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    if (witnesses[i].role != role || witnesses[i].curve.bearing == Bearing::context) continue;
    parts[witnesses[i].curve.series->id.entity().text()].push_back(i);
  }
  std::vector<PartView> views;
  for (const auto& [text, members] : parts) {
    std::map<std::size_t, Sight> sights;
    for (const std::size_t i : members) {
      // A service that was blocked meanwhile has an incident of its own, and belongs in this table.
      const bool apart = role == Role::service && !course.sights[i].fell;
      sights[i] = apart ? look_at(witnesses, i, range) : course.sights[i];
    }
    views.push_back(view_part(witnesses, sights, range, members));
  }
  std::stable_sort(views.begin(), views.end(), [](const PartView& a, const PartView& b) {
    if (a.fell != b.fell) return a.fell;
    if (a.fell && a.fell_at.value != b.fell_at.value) return a.fell_at.value < b.fell_at.value;
    return a.entity < b.entity;
  });
  return views;
}

}  // namespace lightsout::incident
