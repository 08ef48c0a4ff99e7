// SPDX-License-Identifier: Apache-2.0
#include "incident/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "incident/service_sentence.h"
#include "incident/steps.h"
#include "signal/catalogue.h"

namespace lightsout::incident {

namespace {

constexpr Seconds kMinute{60};
constexpr Seconds kHour{3600};
constexpr Seconds kDisagreement{6 * 3600};  // shorter ones are the edge of a bin
constexpr Seconds kTogether{45 * 60};       // methods.md 4.3: onsets further apart are two waves

std::string when(Time time) {
  return format_date_short(time) + " " + format_clock(time);
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", share * 100);
}

std::string name_plane(Plane plane) {
  switch (plane) {
    case Plane::control:
      return "routes (BGP)";
    case Plane::data:
      return "answers to probes";
    case Plane::traffic:
      return "traffic";
    case Plane::application:
      return "services";
    case Plane::circumvention:
      return "use of circumvention tools";
  }
  return {};
}

class Writer {
 public:
  Writer(const std::vector<Witness>& witnesses, const Group& group, const Course& course,
         Incident& incident)
      : witnesses_(witnesses), group_(group), course_(course), incident_(incident) {}

  void write() {
    planes();
    routes_kept();
    provider_order();
    regions();
    staged_return();
    windows();
    steps();
    service_tests();
    surge();
    tools();
    bystanders();
    meanwhile();
  }

 private:
  const Series& series(std::size_t i) const { return *witnesses_[i].curve.series; }

  void add(std::string text, std::vector<SignalId> signals, std::optional<TimeRange> range = {},
           Confidence confidence = Confidence::observed) {
    CHECK(!signals.empty());
    std::sort(signals.begin(), signals.end());
    signals.erase(std::unique(signals.begin(), signals.end()), signals.end());
    incident_.findings.push_back({std::move(text), range, confidence, std::move(signals)});
  }

  void planes() {
    std::set<Plane> fell;
    std::vector<SignalId> signals;
    for (const PlaneView& view : incident_.planes) {
      if (!view.fell) continue;
      const std::string back = view.returned ? "returned " + when(view.returned->value)
                                             : "not returned when the data ended";
      const bool service =
          view.plane == Plane::application && kind_of(view.signal).unit == Unit::fraction;
      add(service ? fmt::format("{} rose by {:.1f} points from {} UTC", view.label,
                                view.depth.value * 100, when(view.fell_at.value))
                  : fmt::format("{} fell from {} UTC, {} below expected {}, {}", view.label,
                                when(view.fell_at.value), percent(view.depth.value),
                                incident_.lasting ? "on the whole" : "where it was lowest", back),
          {view.signal},
          TimeRange{view.fell_at.value,
                    view.returned ? view.returned->value : course_.data_through});
      fell.insert(view.plane);
      signals.push_back(view.signal);
    }
    if (fell.size() >= 2) {
      add(fmt::format("{} series on {} independent planes fell together", signals.size(),
                      fell.size()),
          signals, incident_.range(), Confidence::corroborated);
    }
  }

  void routes_kept() {
    const PlaneView* control = nullptr;
    std::vector<SignalId> signals;
    std::vector<SignalId> gone;
    for (const PlaneView& view : incident_.planes) {
      if (!view.judged) continue;
      if (view.plane == Plane::control && kind_of(view.signal).worse == Worse::low) {
        signals.push_back(view.signal);
        if (control == nullptr || view.depth.value > control->depth.value) control = &view;
      } else if (view.fell && view.depth.value >= kHalf &&
                 (view.plane == Plane::data || view.plane == Plane::traffic)) {
        gone.push_back(view.signal);
      }
    }
    if (control == nullptr || gone.empty() || control->depth.value >= kNotable) return;
    signals.insert(signals.end(), gone.begin(), gone.end());
    const std::string kept = control->fell ? fmt::format("at most {} of the routes were lost",
                                                         percent(control->depth.value))
                                           : "the routes stood";
    add("Routes still announced: consistent with filtering (" + kept + " while packets died)",
        signals, incident_.range(), Confidence::corroborated);
    incident_.disagreements.push_back(
        {cut_range(), "routes stayed announced while packets died", signals});
  }

  // From the first near-total phase to the end of the last.
  TimeRange cut_range() const {
    std::optional<TimeRange> range;
    for (const Phase& phase : incident_.phases) {
      if (phase.kind != PhaseKind::near_total) continue;
      if (!range) range = phase.range;
      range->end = phase.range.end;
    }
    return range.value_or(incident_.range());
  }

  std::vector<SignalId> signals_of(Role role, bool fell) const {
    std::vector<SignalId> signals;
    for (std::size_t i = 0; i < witnesses_.size(); ++i) {
      if (witnesses_[i].role == role && (!fell || course_.sights[i].fell)) {
        signals.push_back(series(i).id);
      }
    }
    return signals;
  }

  // Who fell first and how closely the others followed; the score of coordination is not made here.
  void provider_order() {
    std::vector<const PartView*> fell;
    for (const PartView& part : incident_.providers) {
      if (part.fell) fell.push_back(&part);
    }
    if (fell.empty()) return;
    std::vector<std::vector<const PartView*>> waves;
    for (const PartView* part : fell) {
      const bool apart =
          waves.empty() || part->fell_at.value - waves.back().back()->fell_at.value > kTogether;
      if (apart) waves.emplace_back();
      waves.back().push_back(part);
    }
    const std::vector<SignalId> signals = signals_of(Role::provider, true);
    const std::size_t judged = static_cast<std::size_t>(
        std::count_if(incident_.providers.begin(), incident_.providers.end(),
                      [](const PartView& part) { return part.judged; }));
    for (std::size_t i = 0; i < waves.size() && i < 10; ++i) {
      const auto& wave = waves[i];
      const Time first = wave.front()->fell_at.value;
      const Time last = wave.back()->fell_at.value;
      std::string names;
      for (std::size_t k = 0; k < wave.size() && k < 8; ++k) {
        names += (k > 0 ? ", AS" : "AS") + std::string(wave[k]->entity.code());
      }
      if (wave.size() > 8) names += fmt::format(" and {} more", wave.size() - 8);
      add(fmt::format("{} of {} providers fell within {} min from {} UTC{}: {}", wave.size(),
                      judged, (last - first) / kMinute, when(first),
                      i == 0 && waves.size() > 1 ? ", the first" : "", names),
          signals, TimeRange{first, last + kMinute},
          wave.size() >= 2 ? Confidence::corroborated : Confidence::observed);
    }
  }

  void regions() {
    std::size_t fell = 0;
    std::size_t judged = 0;
    std::optional<Time> first;
    std::optional<Time> last;
    for (const PartView& part : incident_.regions) {
      judged += part.judged ? 1 : 0;
      if (!part.fell) continue;
      ++fell;
      if (!first || part.fell_at.value < *first) first = part.fell_at.value;
      if (!last || part.fell_at.value > *last) last = part.fell_at.value;
    }
    if (fell == 0) return;
    add(fmt::format("{} of {} regions fell, the first at {} UTC, the last {} later", fell, judged,
                    when(*first), format_duration(*last - *first)),
        signals_of(Role::region, true), TimeRange{*first, *last + kHour});
  }

  // One plane was back while another was not: both are true, and that is a finding.
  void staged_return() {
    std::vector<const PlaneView*> back;
    std::vector<const PlaneView*> away;
    for (const PlaneView& view : incident_.planes) {
      if (!view.fell || view.depth.value < kHalf) continue;
      if (incident_.grade == Grade::service) return;
      (view.returned ? back : away).push_back(&view);
    }
    if (back.empty() || back.size() + away.size() < 2) return;
    const auto order = [](const PlaneView* a, const PlaneView* b) {
      return std::tuple(a->returned->value, a->signal) < std::tuple(b->returned->value, b->signal);
    };
    std::sort(back.begin(), back.end(), order);
    const Time first = back.front()->returned->value;
    const Time last = away.empty() ? back.back()->returned->value : course_.data_through;
    if (last - first < kDisagreement) return;
    std::string text = "Staged return: ";
    std::vector<SignalId> signals;
    for (const PlaneView* view : back) {
      text += fmt::format("{}{} {}", signals.empty() ? "" : ", ", view->label,
                          when(view->returned->value));
      signals.push_back(view->signal);
    }
    for (const PlaneView* view : away) {
      text += fmt::format(", {} not before the data ended", view->label);
      signals.push_back(view->signal);
    }
    add(text + " (UTC)", signals, TimeRange{first, last}, Confidence::corroborated);
    const PlaneView& latest = away.empty() ? *back.back() : *away.front();
    incident_.disagreements.push_back(
        {TimeRange{first, last},
         fmt::format("{} had returned, {} had not", back.front()->label, latest.label), signals});
  }

  void windows() {
    if (incident_.windows.empty()) return;
    std::vector<SignalId> signals;
    Seconds open{0};
    for (const Window& window : incident_.windows) {
      open += window.range.length();
      signals.insert(signals.end(), window.seen_by.begin(), window.seen_by.end());
    }
    const std::size_t count = incident_.windows.size();
    std::string text =
        fmt::format("{} came back and was lost again {}, for {} in all",
                    incident_.grade == Grade::service ? "The service" : "Connectivity",
                    count == 1 ? "once" : fmt::format("{} times", count), format_duration(open));
    if (incident_.recurrence.curfew_like) {
      text += fmt::format("; {}, whole days apart: curfew-like", incident_.recurrence.text);
    }
    add(text, signals,
        TimeRange{incident_.windows.front().range.begin, incident_.windows.back().range.end});
  }

  void steps() {
    if (!incident_.lasting) return;
    for (const std::size_t i : course_.struck) {
      const Curve& curve = witnesses_[i].curve;
      for (const Step& step :
           find_steps(curve, {course_.onset.value - kHour * 24 * 28, incident_.range().end})) {
        if (step.at < course_.onset.value - kHour * 48) continue;
        add(fmt::format("{}: step on {}, from {} to {} below expected", label_of(series(i).id),
                        format_date(step.at), percent(std::max(0.0, step.before)),
                        percent(std::max(0.0, step.after))),
            {series(i).id}, TimeRange{step.at, step.at + kHour * 24});
      }
    }
  }

  // Tests went on arriving, so whoever ran them was connected.
  void service_tests() {
    if (incident_.grade != Grade::service) return;
    if (auto finding = hold_against_other_services(witnesses_, course_, incident_)) {
      incident_.findings.push_back(std::move(*finding));
    }
    for (std::size_t i = 0; i < witnesses_.size(); ++i) {
      const Series& tests = series(i);
      if (tests.plane != Plane::application || tests.unit != Unit::count) continue;
      const TimeRange range{course_.onset.value, course_.data_through};
      const BinRange bins = bins_in(tests, range);
      double sum = 0;
      std::size_t with = 0;
      for (std::size_t bin = bins.first; bin < bins.last; ++bin) {
        const auto number = tests.samples[bin].number();
        sum += number.value_or(0);
        with += number.value_or(0) > 0 ? 1 : 0;
      }
      if (with == 0) continue;
      add(fmt::format("Tests kept arriving: {:.0f} in {} of {} bins, so those who ran them were "
                      "connected",
                      sum, with, bins.last - bins.first),
          {tests.id}, range);
    }
  }

  void surge() {
    if (incident_.grade != Grade::surge) return;
    for (const Member& member : group_.members) {
      const Anomaly& anomaly = *member.anomaly;
      add(fmt::format("{} rose to {:.1f} times what was expected from {} UTC, at most to {:.1f} "
                      "times on {}",
                      label_of(anomaly.signal), 1 + anomaly.depth.value, when(anomaly.onset.value),
                      1 + std::max(anomaly.depth.value, anomaly.deepest),
                      format_date_short(anomaly.deepest_at)),
          {anomaly.signal}, anomaly.range());
    }
  }

  void tools() {
    for (Finding& finding : read_tools(witnesses_, incident_)) {
      incident_.findings.push_back(std::move(finding));
    }
  }

  // Services that failed and tools that spread during the incident, each an incident of its own.
  void meanwhile() {
    if (group_.kind != GroupKind::connectivity || incident_.grade > Grade::disruption) return;
    const TimeRange range = incident_.range();
    for (std::size_t i = 0; i < witnesses_.size(); ++i) {
      const Witness& witness = witnesses_[i];
      if (witness.role == Role::service && witness.curve.bearing == Bearing::service) {
        service_meanwhile(i, range);
      }
      if (witness.role != Role::own || witness.curve.bearing != Bearing::circumvention) continue;
      for (const Anomaly& anomaly : witness.curve.detection->anomalies) {
        if (anomaly.direction != Direction::rise || !anomaly.range().overlaps(range)) continue;
        add(fmt::format("{} rose meanwhile, at most to {:.1f} times what was expected, on {}",
                        label_of(anomaly.signal),
                        1 + std::max(anomaly.deepest, anomaly.depth.value),
                        format_date_short(anomaly.deepest_at)),
            {anomaly.signal}, anomaly.range());
      }
    }
  }

  void service_meanwhile(std::size_t i, const TimeRange& range) {
    const Sight sight = look_at(witnesses_, i, range);
    if (!sight.fell || sight.trough.depth.value < kNotable) return;
    const Entity& service = series(i).id.entity();
    std::string text =
        fmt::format("{}: {:.0f} points more of the tests failed than expected, from {} UTC",
                    service.code(), sight.trough.depth.value * 100, when(sight.fell_at.value));
    const bool outlasted =
        incident_.end && sight.returned && sight.returned->value > incident_.end->value + kHour * 6;
    if (outlasted) {
      text += fmt::format("; until {} after connectivity had returned",
                          format_duration(sight.returned->value - incident_.end->value));
    }
    add(std::move(text), {series(i).id},
        TimeRange{sight.fell_at.value, sight.returned ? sight.returned->value : range.end});
  }

  // What moved without being a fall.
  void bystanders() {
    if (incident_.grade == Grade::surge) return;
    for (const Member& member : group_.members) {
      const Anomaly& anomaly = *member.anomaly;
      const Curve& curve = witnesses_[member.witness].curve;
      const bool fell =
          course_.sights[member.witness].fell && curve.bearing != Bearing::context &&
          (anomaly.direction == Direction::fall) == (curve.series->worse == Worse::low);
      if (fell) continue;
      const bool rise = anomaly.direction == Direction::rise;
      add(fmt::format("{} {} {} {} what was expected from {} UTC", label_of(anomaly.signal),
                      rise ? "was" : "fell", percent(anomaly.depth.value), rise ? "above" : "below",
                      when(anomaly.onset.value)),
          {anomaly.signal}, anomaly.range());
    }
  }

  const std::vector<Witness>& witnesses_;
  const Group& group_;
  const Course& course_;
  Incident& incident_;
};

void list_unknowns(const Course& course, const std::vector<std::string>& not_measured,
                   Incident& incident) {
  auto& unknowns = incident.unknowns;
  unknowns.push_back(
      "Whether it was done on purpose, and by whom: measurements of connectivity "
      "cannot say.");
  const bool cause = std::any_of(incident.hypotheses.begin(), incident.hypotheses.end(),
                                 [](const Hypothesis& h) { return h.verdict == "likely"; });
  if (!cause && !incident.hypotheses.empty()) {
    unknowns.push_back("How: the cause cannot be determined from these inputs.");
  }
  const bool tools_only =
      incident.grade != Grade::surge && !incident.planes.empty() &&
      std::all_of(incident.planes.begin(), incident.planes.end(), [](const PlaneView& view) {
        return view.plane == Plane::circumvention || !view.judged;
      });
  if (tools_only) {
    unknowns.push_back("Whether connectivity fell, or only the tool could not be reached.");
  }
  for (const std::string& plane : not_measured) unknowns.push_back("Not measured: " + plane + ".");
  for (const PlaneView& view : incident.planes) {
    if (!view.judged) {
      unknowns.push_back(fmt::format("{} ({}) could not be judged: {}", view.label,
                                     view.signal.text(), view.note));
    }
    const std::size_t blank =
        view.samples.missing + view.samples.suppressed + view.samples.source_down;
    const std::size_t all = blank + view.samples.numbers;
    if (blank * 10 >= all && blank > 0) {
      unknowns.push_back(
          fmt::format("{} has no number in {} of {} bins of the incident; a blank "
                      "is not a zero.",
                      view.label, blank, all));
    }
  }
  if (incident.providers.empty() && incident.entity.type() == EntityType::country) {
    unknowns.push_back("Which providers: no series of single providers was given.");
  } else if (std::any_of(incident.providers.begin(), incident.providers.end(),
                         [](const PartView& part) { return !part.user_share; })) {
    unknowns.push_back("How many users the providers serve.");
  }
  if (incident.open()) {
    unknowns.push_back("When it ended: it had not when the data did, " +
                       format_time(course.data_through) + ".");
  }
}

}  // namespace

std::vector<std::string> missing_planes(const Entity& entity,
                                        const std::vector<Witness>& witnesses) {
  std::array<bool, 5> judged{};
  for (const Witness& witness : witnesses) {
    if (!witness.curve.judged()) continue;
    const auto plane = static_cast<std::size_t>(witness.curve.series->plane);
    const bool own =
        witness.role == Role::own || witness.role == Role::region || witness.role == Role::provider;
    if (own || plane == static_cast<std::size_t>(Plane::application)) judged[plane] = true;
  }
  // Of a service nothing is known about the networks that it is reached over.
  const bool blind =
      entity.type() == EntityType::service || (!judged[0] && !judged[1] && !judged[2]);
  std::vector<std::string> missing;
  if (blind) {
    const bool of_country = entity.type() == EntityType::country || !entity.country().empty();
    missing.push_back(of_country ? "connectivity of the country" : "connectivity");
  }
  for (const Plane plane :
       {Plane::control, Plane::data, Plane::traffic, Plane::application, Plane::circumvention}) {
    const bool said = (blind && plane <= Plane::traffic) || entity.type() == EntityType::service;
    if (!said && !judged[static_cast<std::size_t>(plane)]) missing.push_back(name_plane(plane));
  }
  return missing;
}

void conclude(const std::vector<Witness>& witnesses, const Group& group, const Course& course,
              const std::vector<std::string>& not_measured, Incident& incident) {
  Writer(witnesses, group, course, incident).write();
  if (incident.findings.empty()) {
    const Anomaly& anomaly = *group.members.front().anomaly;
    incident.findings.push_back(
        {fmt::format("{} moved by {} from {} UTC", label_of(anomaly.signal),
                     percent(anomaly.depth.value), when(anomaly.onset.value)),
         anomaly.range(),
         Confidence::observed,
         {anomaly.signal}});
  }
  list_unknowns(course, not_measured, incident);
}

}  // namespace lightsout::incident
