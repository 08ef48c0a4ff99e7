// SPDX-License-Identifier: Apache-2.0
#include "report/plane_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/escape.h"
#include "report/words.h"
#include "signal/catalogue.h"

namespace lightsout {

namespace {

constexpr double kStood = 0.3;             // routes that lost less than this stayed announced
constexpr std::size_t kLongestLabel = 60;  // in a sentence

}  // namespace

bool on_connectivity(const PlaneView& view) {
  return view.plane == Plane::control || view.plane == Plane::data;
}

const PlaneView* routes_of(const Incident& incident) {
  const PlaneView* found = nullptr;
  for (const PlaneView& view : incident.planes) {
    if (view.plane != Plane::control || !view.judged) continue;
    if (found == nullptr || view.depth.value > found->depth.value) found = &view;
  }
  return found;
}

bool routes_stood(const Incident& incident) {
  const PlaneView* routes = routes_of(incident);
  return routes != nullptr && routes->depth.value < kStood;
}

bool connectivity_judged(const Incident& incident) {
  return std::any_of(incident.planes.begin(), incident.planes.end(),
                     [](const PlaneView& view) { return on_connectivity(view) && view.judged; }) ||
         std::any_of(incident.evidence.begin(), incident.evidence.end(), [](const Anomaly& found) {
           return found.plane == Plane::control || found.plane == Plane::data;
         });
}

std::string label_for(const PlaneView& view) {
  return clipped(lowered(clean_text(view.label.empty() ? label_of(view.signal) : view.label)),
                 kLongestLabel);
}

std::vector<std::string> labels(const Incident& incident, bool fell, std::size_t most) {
  std::vector<const PlaneView*> views;
  for (const PlaneView& view : incident.planes) {
    if (view.judged && view.fell == fell) views.push_back(&view);
  }
  std::stable_sort(views.begin(), views.end(), [](const PlaneView* a, const PlaneView* b) {
    return a->depth.value > b->depth.value;
  });
  std::vector<std::string> names;
  for (const PlaneView* view : views) {
    const std::string name = label_for(*view);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  if (names.size() > most) {
    const std::size_t more = names.size() - most + 1;
    names.resize(most - 1);
    names.push_back(number_word(more) + " more");
  }
  return names;
}

std::string somewhere(const Subject& subject, const std::string& what, std::string_view parts) {
  const Entity& entity = subject.report.investigation.entity;
  const std::size_t in = subject.place.find(" in ");
  const bool named = entity.type() == EntityType::service && in != std::string::npos &&
                     lowered(what).find(lowered(subject.place.substr(0, in))) != std::string::npos;
  return fmt::format("{} in {}{}", what, parts,
                     named ? subject.place.substr(in + 4) : subject.place);
}

}  // namespace lightsout
