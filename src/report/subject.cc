// SPDX-License-Identifier: Apache-2.0
#include "report/subject.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "geo/country.h"
#include "report/escape.h"
#include "report/words.h"

namespace lightsout {

namespace {

// How much ordinary life is shown on either side of an incident.
constexpr Seconds kLeastMargin{6 * 3600};
constexpr Seconds kMostMargin{7 * 86400};

const PartView* find_part(const std::vector<PartView>& parts, const Entity& entity) {
  for (const PartView& part : parts) {
    if (part.entity == entity) return &part;
  }
  return nullptr;
}

const PartView* find_part(const Incident* incident, const Entity& entity) {
  if (incident == nullptr) return nullptr;
  for (const auto* parts : {&incident->providers, &incident->regions, &incident->services}) {
    if (const PartView* part = find_part(*parts, entity)) return part;
  }
  return nullptr;
}

// A part that several sources measured has one strip: of a series that could be judged, and of the
// plane that says most about people's connectivity.
void keep_one_each(Subject& subject) {
  const auto rank = [&](std::size_t index) {
    static constexpr std::array<int, 5> kPreference{3, 0, 1, 2, 4};  // probing before traffic
    const Detection* detection = subject.detection(index);
    const bool judged = detection != nullptr && detection->judgement.possible;
    const Series& series = subject.series(index);
    return std::tuple(!judged, kPreference[static_cast<std::size_t>(series.plane)], series.id);
  };
  std::map<Entity, std::size_t> best;
  for (const std::size_t index : subject.parts) {
    const auto [place, added] = best.try_emplace(subject.series(index).id.entity(), index);
    if (!added && rank(index) < rank(place->second)) place->second = index;
  }
  std::erase_if(subject.parts, [&](std::size_t index) {
    return best.at(subject.series(index).id.entity()) != index;
  });
}

void choose_series(Subject& subject) {
  const Report& report = subject.report;
  const Entity& whom =
      subject.incident != nullptr ? subject.incident->entity : report.investigation.entity;
  for (std::size_t i = 0; i < report.series.size(); ++i) {
    (report.series[i].id.entity() == whom ? subject.rows : subject.parts).push_back(i);
  }
  std::stable_sort(subject.rows.begin(), subject.rows.end(), [&](std::size_t a, std::size_t b) {
    const Series& x = report.series[a];
    const Series& y = report.series[b];
    return std::tie(x.plane, x.worse, x.id) < std::tie(y.plane, y.worse, y.id);
  });
  // The first to fall first; those that stood after them, by name.
  const auto fell_at = [&](std::size_t i) {
    const PartView* part = find_part(subject.incident, report.series[i].id.entity());
    return part != nullptr && part->fell ? part->fell_at.value : Time::max();
  };
  std::stable_sort(subject.parts.begin(), subject.parts.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(fell_at(a), report.series[a].id) < std::pair(fell_at(b), report.series[b].id);
  });
  keep_one_each(subject);
  if (subject.rows.size() > kMaxRows) {
    subject.rows_left_out = subject.rows.size() - kMaxRows;
    subject.rows.resize(kMaxRows);
  }
  if (subject.parts.size() > kMaxParts) {
    subject.parts_left_out = subject.parts.size() - kMaxParts;
    subject.parts.resize(kMaxParts);
  }
}

TimeRange measured(const Report& report) {
  TimeRange range = report.investigation.range;
  bool first = true;
  for (const Series& series : report.series) {
    if (series.samples.empty()) continue;
    range.begin = first ? series.begin : std::min(range.begin, series.begin);
    range.end = first ? series.end() : std::max(range.end, series.end());
    first = false;
  }
  return range;
}

TimeRange stretch_to_show(const Subject& subject) {
  const TimeRange all = measured(subject.report);
  TimeRange shown = subject.report.investigation.range;
  if (subject.incident != nullptr) {
    const TimeRange during = subject.incident->range();
    const Seconds margin = std::clamp(during.length() * 3 / 10, kLeastMargin, kMostMargin);
    shown = {during.begin - margin, during.end + margin};
  }
  if (shown.empty()) shown = all;
  const TimeRange cut{std::max(shown.begin, all.begin), std::min(shown.end, all.end)};
  if (cut.empty()) return shown;
  const Seconds hour{3600};
  return {bin_begin(cut.begin, hour), bin_begin(cut.end + hour - Seconds{1}, hour)};
}

}  // namespace

const Detection* Subject::detection(std::size_t index) const {
  if (index >= report.detections.size()) return nullptr;
  const Detection& found = report.detections[index];
  return found.signal == report.series[index].id ? &found : nullptr;
}

const PlaneView* Subject::view(const SignalId& signal) const {
  if (incident == nullptr) return nullptr;
  for (const PlaneView& view : incident->planes) {
    if (view.signal == signal) return &view;
  }
  return nullptr;
}

const PartView* Subject::part(const Entity& entity) const {
  return find_part(incident, entity);
}

std::string Subject::part_name(const Entity& entity) const {
  constexpr std::size_t kLongestName = 100;  // what is longer is not a name
  const PartView* found = part(entity);
  const std::string usual = name_of(entity);
  if (found != nullptr && !found->name.empty() && found->name != entity.code() &&
      found->name != usual) {
    return clipped(clean_text(found->name), kLongestName);
  }
  // Beside its siblings a part needs no country: "Zulia" for region:VE-Zulia, "AS9198", "Telegram".
  if (has_region_name(entity)) {
    std::string name = clean_text(entity.code().substr(3));
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
  }
  const bool placed = entity.type() == EntityType::asn || entity.type() == EntityType::service;
  return clean_text(placed ? usual.substr(0, usual.rfind(" in ")) : usual);
}

bool has_region_name(const Entity& entity) {
  // ISO 3166-2 codes have at most three letters or digits after the country.
  return entity.type() == EntityType::region && entity.code().size() > 6;
}

Subject subject_of(const Report& report) {
  Subject subject{.report = report};
  const auto& incidents = report.investigation.incidents;
  if (!incidents.empty()) subject.incident = &incidents.front();
  subject.semi_synthetic = is_semi_synthetic(report);
  const Entity& whom =
      subject.incident != nullptr ? subject.incident->entity : report.investigation.entity;
  subject.place = clean_text(name_of(whom));
  subject.title = clean_text(title_of(whom));
  choose_series(subject);
  subject.shown = stretch_to_show(subject);
  subject.data_through = report.investigation.range.begin;
  for (const Series& series : report.series) {
    subject.data_through = std::max(subject.data_through, series.data_through());
  }
  if (subject.incident != nullptr) {
    subject.data_through = std::max(subject.data_through, subject.incident->known_at);
  }
  return subject;
}

bool is_semi_synthetic(const Report& report) {
  const auto scripted = [](const auto& lineage) {
    return std::any_of(lineage.begin(), lineage.end(),
                       [](const Lineage& input) { return input.semi_synthetic; });
  };
  return report.semi_synthetic ||
         std::any_of(report.series.begin(), report.series.end(),
                     [&](const Series& series) { return scripted(series.lineage); }) ||
         std::any_of(report.investigation.incidents.begin(), report.investigation.incidents.end(),
                     [&](const Incident& incident) {
                       return incident.semi_synthetic || scripted(incident.inputs);
                     });
}

}  // namespace lightsout
