// SPDX-License-Identifier: Apache-2.0
#include "report/headline.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/escape.h"
#include "report/plane_words.h"
#include "report/verdict.h"
#include "report/words.h"
#include "signal/catalogue.h"

namespace lightsout {

namespace {

constexpr double kAlmostAll = 0.9;  // a share lost from which on a network is "lost"
constexpr double kNotable = 0.1;

std::string for_how_long(const Incident& incident) {
  return fmt::format("for {}{}", incident.open() ? "at least " : "",
                     spoken(lost_range(incident).length()));
}

std::string tail(const Incident& incident) {
  if (routes_stood(incident)) return " while its routes stayed announced";
  const PlaneView* routes = routes_of(incident);
  if (routes != nullptr && routes->fell && routes->depth.value >= kMost) {
    return " as its routes disappeared";
  }
  return {};
}

std::string nationwide_headline(const Subject& subject, const Incident& incident) {
  const double lost = incident.depth.value;
  const std::string_view what = lost >= kAlmostAll ? "lost the Internet"
                                : lost >= kMost    ? "lost most of its Internet"
                                                   : "lost part of its Internet";
  return fmt::format("{} {} {}{}", subject.title, what, for_how_long(incident), tail(incident));
}

std::string usage_headline(const Subject& subject, const Incident& incident) {
  const auto fell = labels(incident, true, 2);
  const std::string what = fell.empty() ? "use of the Internet" : joined(fell);
  const bool stood = std::any_of(
      incident.planes.begin(), incident.planes.end(),
      [](const PlaneView& view) { return on_connectivity(view) && view.judged && !view.fell; });
  return fmt::format("{} dipped {}{}", somewhere(subject, capitalised(what)),
                     for_how_long(incident),
                     stood ? "; its networks stood" : "; whether networks failed was not measured");
}

std::string rise_headline(const Subject& subject, const Incident& incident) {
  auto rose = labels(incident, true, 2);
  const Entity& entity = incident.entity;
  if (entity.type() == EntityType::service) {
    return fmt::format("Tests of {} failed more often than usual {}", subject.place,
                       for_how_long(incident));
  }
  const std::string what = rose.empty() ? "use of circumvention" : joined(rose);
  return fmt::format("{} rose above the usual {}", somewhere(subject, capitalised(what)),
                     for_how_long(incident));
}

std::string fall_headline(const Subject& subject, const Incident& incident) {
  const bool certain = incident.confidence == Confidence::corroborated ||
                       incident.confidence == Confidence::confirmed;
  if (incident.grade == Grade::nationwide && certain && incident.depth.value >= kNotable) {
    return nationwide_headline(subject, incident);
  }
  const std::string share = loss(incident.depth.value);
  if (incident.grade == Grade::level_shift || incident.lasting) {
    return fmt::format("{} settled at a level {} lower",
                       somewhere(subject, capitalised(joined(labels(incident, true, 2)))), share);
  }
  if (incident.grade == Grade::service) {
    return fmt::format("{}: {} less than expected {}", subject.title, share,
                       for_how_long(incident));
  }
  if (incident.grade == Grade::lesser_anomaly) {
    return fmt::format("A small anomaly in {}: {} below the usual {}", subject.place, share,
                       for_how_long(incident));
  }
  const auto fell = labels(incident, true, 2);
  const std::string what = certain && connectivity_judged(incident) ? "connectivity"
                           : fell.empty()                           ? "connectivity"
                                                                    : joined(fell);
  const std::string_view where = incident.grade == Grade::regional ? "parts of " : "";
  return fmt::format("{} fell by {} {}", somewhere(subject, capitalised(what), where), share,
                     for_how_long(incident));
}

// Without routing or probing nothing can be said about connectivity, only about use.
std::string what_was_not_found(const Subject& subject) {
  bool connectivity = false;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < subject.report.series.size(); ++i) {
    const Series& series = subject.series(i);
    const Detection* detection = subject.detection(i);
    if (detection == nullptr || !detection->judgement.possible) continue;
    connectivity = connectivity || series.plane == Plane::control || series.plane == Plane::data;
    const std::string name = lowered(clean_text(label_of(series.id)));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  if (connectivity || names.empty()) return "No loss of connectivity found";
  if (names.size() > 3) names = {"what was measured"};
  return "Nothing unusual found in " + joined(names);
}

}  // namespace

std::string headline_of(const Subject& subject) {
  const Investigation& asked = subject.report.investigation;
  if (subject.incident == nullptr) {
    const std::string when = days_between(asked.range);
    if (!asked.could_judge)
      return fmt::format("Cannot tell what happened in {}, {}", subject.place, when);
    return fmt::format("{}, {}", somewhere(subject, what_was_not_found(subject)), when);
  }
  const Incident& incident = *subject.incident;
  if (incident.confidence == Confidence::retracted) {
    return fmt::format("Retracted: an earlier report about {}, {}", subject.place,
                       days_between(incident.range()));
  }
  if (incident.direction == Direction::rise) return rise_headline(subject, incident);
  if (incident.grade == Grade::usage_dip) return usage_headline(subject, incident);
  return fall_headline(subject, incident);
}

}  // namespace lightsout
