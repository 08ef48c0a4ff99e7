// Two reports built by hand for the tests of this folder: one of the shape of Iran in January 2026,
// one scripted in the shape of Kazakhstan in January 2022. The curves are made of sines and steps;
// no number in them is a measurement.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "report/report.h"

namespace lightsout::test {

inline Time at(std::string_view text) {
  return *parse_time(text);
}

inline SignalId signal(std::string_view text) {
  return *SignalId::parse(text);
}

// A day's rhythm between `low` and 1, its peak at 18:00 UTC.
inline double rhythm(Time time, double low) {
  const auto seconds = static_cast<double>(time.time_since_epoch().count() % 86400);
  return low + (1 - low) * (0.5 + 0.5 * std::cos((seconds - 18 * 3600) / 86400 * 6.283185307));
}

struct Curve {
  std::string id;
  double size = 100;                                 // of the peak
  double low = 1;                                    // the night's share of the peak
  std::function<double(Time)> left;                  // share of the usual that is left
  std::function<SampleState(Time)> state = nullptr;  // nullptr: always a number
};

inline void add_curve(Report& report, const Curve& curve, TimeRange range, Seconds step,
                      const Lineage& input) {
  const SignalId id = signal(curve.id);
  Series series{.id = id, .begin = range.begin, .step = step};
  series.plane = id.source().find("bgp") != std::string::npos       ? Plane::control
                 : id.source().find("probing") != std::string::npos ? Plane::data
                                                                    : Plane::traffic;
  series.lineage = {input};
  Detection detection{.signal = id};
  detection.judgement = {.possible = true, .judged = range, .baseline = "38 d by hour of the day"};
  for (Time time = range.begin; time < range.end; time += step) {
    const double usual = curve.size * rhythm(time, curve.low);
    // Deterministic noise of 3 %: the same on every machine.
    const double noise =
        1 + 0.03 * std::sin(static_cast<double>(time.time_since_epoch().count() / 1800) * 12.9898);
    const SampleState state = curve.state ? curve.state(time) : SampleState::number;
    series.samples.push_back(state == SampleState::number
                                 ? Sample::of(usual * noise * curve.left(time))
                             : state == SampleState::suppressed  ? Sample::suppressed()
                             : state == SampleState::source_down ? Sample::source_down()
                                                                 : Sample::missing());
    detection.expected.push_back({static_cast<float>(usual), static_cast<float>(usual * 0.93),
                                  static_cast<float>(usual * 1.07)});
  }
  report.series.push_back(std::move(series));
  report.detections.push_back(std::move(detection));
}

inline TimeEstimate about(std::string_view time, Seconds spread = Seconds{1800}) {
  return {at(time), at(time) - spread, at(time) + spread};
}

inline Anomaly anomaly_of(std::string_view id, Plane plane, const TimeEstimate& onset,
                          const Estimate& depth) {
  Anomaly anomaly{.signal = signal(id), .plane = plane, .detector = "seasonal"};
  anomaly.onset = onset;
  anomaly.alarmed_at = onset.value + Seconds{3600};
  anomaly.data_through = onset.value + Seconds{21 * 86400};
  anomaly.depth = depth;
  anomaly.evidence = 210;
  anomaly.baseline = "38 d by hour of the day";
  anomaly.trace = {
      {onset.value, "drop to 50 % or less: S = 27.3 passed h = 26, two bins in a row"}};
  return anomaly;
}

inline PlaneView view_of(std::string_view id, Plane plane, std::string_view label, bool fell,
                         std::string_view fell_at, const Estimate& depth,
                         std::string_view returned) {
  PlaneView view{.signal = signal(id), .plane = plane, .label = std::string(label)};
  view.judged = true;
  view.fell = fell;
  view.fell_at = about(fell_at);
  view.depth = depth;
  view.lowest = std::max(0.0, 1 - depth.high);
  view.lowest_at = at(fell_at) + Seconds{7200};
  if (!returned.empty()) view.returned = about(returned);
  view.evidence = 210;
  view.evidence_capped = 40;
  view.samples.numbers = 890;
  return view;
}

inline Report iran_like() {
  const Entity iran = *Entity::parse("country:IR");
  const TimeRange range{at("2025-12-01"), at("2026-01-29T15:30:00Z")};
  Report report{.investigation = {.entity = iran, .range = range, .could_judge = true}};
  report.zone = {.name = "Asia/Tehran", .first_offset = Seconds{12600}};
  report.software_version = "0.1.0";
  report.command = "lightsout investigate country:IR --from 2025-12-01 ioda-iran.csv";
  report.generated_at = at("2026-01-29T16:00:00Z");
  const Lineage input{.sha256 = std::string(60, 'a') + "91e7",
                      .name = "ioda-iran.csv",
                      .format = "ioda-csv",
                      .arrived = at("2026-01-29T15:45:00Z")};

  const Time cut = at("2026-01-08T16:30:00Z");
  const auto from_to = [](Time begin, Time end, double left, double after = 1) {
    return [=](Time t) { return t < begin ? 1.0 : t < end ? left : after; };
  };
  const Seconds step{1800};
  add_curve(report,
            {"country:IR/ioda-bgp/visible_slash24", 99.6, 1,
             from_to(cut, cut + Seconds{15 * 3600}, 0.87, 0.98)},
            range, step, input);
  add_curve(report,
            {"country:IR/ioda-probing/slash24_up", 96, 0.97,
             from_to(cut, at("2026-01-27T07:30:00Z"), 0.03, 0.95)},
            range, step, input);
  add_curve(report,
            {"country:IR/ioda-google/search", 90, 0.2,
             from_to(cut + Seconds{7200}, at("2026-01-18T13:00:00Z"), 0.02, 0.8)},
            range, step, input);
  // Gaps right after the cut, a stretch of zeros later, and the source itself down for a day.
  add_curve(report,
            {"country:IR/ioda-telescope/unique_source_ips", 40, 0.4,
             from_to(cut + Seconds{3600}, at("2026-01-24T16:00:00Z"), 0.0, 0.9),
             [cut](Time t) {
               if (t >= cut && t < cut + Seconds{86400 * 3}) return SampleState::missing;
               if (t >= at("2026-01-15") && t < at("2026-01-16")) return SampleState::source_down;
               if (t >= at("2026-01-16") && t < at("2026-01-16T12:00:00Z"))
                 return SampleState::suppressed;
               return SampleState::number;
             }},
            range, step, input);

  Incident incident{.id = "ir-2026-01-08-7c1e", .entity = iran};
  incident.known_at = range.end;
  incident.grade = Grade::nationwide;
  incident.confidence = Confidence::corroborated;
  incident.probability = 0.999;
  incident.onset = about("2026-01-08T16:30:00Z");
  incident.end = about("2026-01-27T07:30:00Z");
  incident.depth = {0.97, 0.95, 0.98};
  incident.phases = {{PhaseKind::reduced,
                      {at("2026-01-08T16:30:00Z"), at("2026-01-08T18:30:00Z")},
                      false,
                      {0.6, 0.4, 0.8}},
                     {PhaseKind::near_total,
                      {at("2026-01-08T18:30:00Z"), at("2026-01-18T13:00:00Z")},
                      false,
                      {0.97, 0.95, 0.98}},
                     {PhaseKind::partial_recovery,
                      {at("2026-01-18T13:00:00Z"), at("2026-01-27T07:30:00Z")},
                      false,
                      {0.5, 0.3, 0.7}}};
  incident.planes = {
      view_of("country:IR/ioda-bgp/visible_slash24", Plane::control, "Routes announced", false,
              "2026-01-08T18:00:00Z", {0.03, 0.02, 0.13}, ""),
      view_of("country:IR/ioda-probing/slash24_up", Plane::data, "Networks answering", true,
              "2026-01-08T16:30:00Z", {0.97, 0.96, 0.98}, "2026-01-27T07:30:00Z"),
      view_of("country:IR/ioda-google/search", Plane::traffic, "Web traffic", true,
              "2026-01-08T18:30:00Z", {0.98, 0.97, 0.99}, "2026-01-18T13:00:00Z"),
      view_of("country:IR/ioda-telescope/unique_source_ips", Plane::traffic, "Background traffic",
              true, "2026-01-08T17:30:00Z", {0.998, 0.99, 1}, "2026-01-24T16:00:00Z")};
  incident.planes[3].samples = {700, 500, 144, 24, 48};
  incident.hypotheses = {
      {Mechanism::filtering,
       {"routes kept while packets die", "all networks within an hour"},
       {},
       {"routes withdrawn for most of the cut"},
       0.93,
       "likely"},
      {Mechanism::withdrawal,
       {"13 % fewer routes for 15 h"},
       {"87 % stayed announced"},
       {},
       0.03,
       "unlikely"},
      {Mechanism::cable_or_upstream, {}, {"return in steps"}, {}, 0.02, "unlikely"},
      {Mechanism::power, {}, {}, {}, std::nullopt, "not measured"},
      {Mechanism::measurement_fault,
       {"telescope gaps"},
       {"four independent sources"},
       {},
       0.0,
       "ruled out"}};
  incident.disagreements = {
      {{at("2026-01-18T13:00:00Z"), at("2026-01-27T07:30:00Z")},
       "web traffic had returned, networks did not answer probes",
       {signal("country:IR/ioda-google/search"), signal("country:IR/ioda-probing/slash24_up")}}};
  incident.findings = {{"Networks stopped answering while routes stayed announced",
                        TimeRange{at("2026-01-08T16:30:00Z"), at("2026-01-27T07:30:00Z")},
                        Confidence::corroborated,
                        {signal("country:IR/ioda-probing/slash24_up"),
                         signal("country:IR/ioda-bgp/visible_slash24")}}};
  incident.unknowns = {"Which providers went first: this input has no series per network"};
  incident.evidence = {anomaly_of("country:IR/ioda-probing/slash24_up", Plane::data, incident.onset,
                                  {0.97, 0.96, 0.98})};
  incident.inputs = {input};
  Incident lesser = incident;
  lesser.id = "ir-2025-12-24-00aa";
  lesser.grade = Grade::lesser_anomaly;
  lesser.confidence = Confidence::observed;
  lesser.onset = about("2025-12-24T12:00:00Z");
  lesser.end = about("2025-12-24T18:00:00Z");
  lesser.depth = {0.15, 0.1, 0.2};
  lesser.phases.clear();
  report.investigation.incidents = {incident, lesser};
  report.investigation.not_measured = {"services inside the country"};
  return report;
}

inline const std::vector<TimeRange>& kazakhstan_windows() {
  static const std::vector<TimeRange> kWindows{
      {at("2022-01-05T17:30:00Z"), at("2022-01-05T22:00:00Z")},
      {at("2022-01-06T10:30:00Z"), at("2022-01-06T14:00:00Z")},
      {at("2022-01-07T02:30:00Z"), at("2022-01-07T06:00:00Z")},
      {at("2022-01-08T02:30:00Z"), at("2022-01-08T10:00:00Z")},
      {at("2022-01-09T02:30:00Z"), at("2022-01-09T06:00:00Z")},
      {at("2022-01-10T02:00:00Z"), at("2022-01-10T07:00:00Z")}};
  return kWindows;
}

inline Report kazakhstan_like() {
  const Entity kz = *Entity::parse("country:KZ");
  const TimeRange range{at("2021-12-28"), at("2022-01-12")};
  Report report{.investigation = {.entity = kz, .range = range, .could_judge = true}};
  report.zone = {.name = "Asia/Almaty", .first_offset = Seconds{6 * 3600}};
  report.software_version = "0.1.0";
  report.command = "lightsout investigate country:KZ scripted/";
  report.generated_at = at("2022-01-12T01:00:00Z");
  const Lineage input{.sha256 = std::string(64, 'b'),
                      .name = "traffic.csv",
                      .format = "csv",
                      .arrived = at("2022-01-12"),
                      .semi_synthetic = true};
  const Lineage routes{.sha256 = std::string(64, 'c'),
                       .name = "updates.mrt",
                       .format = "mrt",
                       .arrived = at("2022-01-12"),
                       .semi_synthetic = true};
  const Time cut = at("2022-01-05T10:30:00Z");
  const Time back = at("2022-01-11T02:15:00Z");
  const auto cut_with_windows = [=](double left) {
    return [=](Time t) {
      if (t < cut || t >= back) return 1.0;
      for (const TimeRange& window : kazakhstan_windows()) {
        if (window.contains(t)) return 0.7;
      }
      return left;
    };
  };
  const Seconds step{900};
  add_curve(report, {"country:KZ/bgp/visible_slash24", 10500, 1, [](Time) { return 0.995; }}, range,
            step, routes);
  add_curve(report, {"country:KZ/probing/slash24_up", 7200, 0.96, cut_with_windows(0.05)}, range,
            step, input);
  add_curve(report, {"country:KZ/traffic/requests", 100, 0.25, cut_with_windows(0.02)}, range, step,
            input);
  struct Provider {
    const char* asn;
    const char* name;
    int delay_minutes;
    double left;
  };
  const Provider providers[] = {{"29355", "KCell", -60, 0.02},
                                {"48503", "Tele2", -45, 0.03},
                                {"9198", "Kazakhtelecom", 0, 0.05},
                                {"21299", "Kar-Tel (Beeline)", 10, 0.02},
                                {"41798", "Transtelecom", 15, 0.08},
                                {"35104", "Kaztranscom", 30, 0.1},
                                {"15549", "National Information Technologies", 0, 1.0}};
  Incident incident{.id = "kz-2022-01-05-3f2a", .entity = kz};
  for (const Provider& provider : providers) {
    const std::string entity = std::string("asn:") + provider.asn + "@country:KZ";
    const Time begin = cut + Seconds{provider.delay_minutes * 60};
    const double left = provider.left;
    const auto base = cut_with_windows(left);
    add_curve(report,
              {entity + "/traffic/requests", 100, 0.25,
               [=](Time t) { return t >= begin && t < cut ? left
                                    : t < begin           ? 1.0
                                                          : base(t); }},
              range, step, input);
    PartView part{.entity = *Entity::parse(entity), .name = provider.name};
    if (provider.delay_minutes < 0) part.user_share = 0.2, part.user_share_source = "assumed";
    part.judged = true;
    part.fell = left < 0.5;
    part.fell_at = {begin, begin - Seconds{900}, begin + Seconds{900}};
    part.depth = {1 - left, std::max(0.0, 0.97 - left), std::min(1.0, 1.01 - left)};
    if (part.fell) part.returned = about("2022-01-11T02:15:00Z");
    incident.providers.push_back(part);
  }
  incident.known_at = range.end;
  incident.grade = Grade::nationwide;
  incident.confidence = Confidence::corroborated;
  incident.probability = 0.999;
  incident.onset = about("2022-01-05T10:30:00Z", Seconds{900});
  incident.end = about("2022-01-11T02:15:00Z", Seconds{900});
  incident.depth = {0.95, 0.93, 0.97};
  incident.semi_synthetic = true;
  incident.phases = {
      {PhaseKind::near_total, {cut, at("2022-01-05T17:30:00Z")}, false, {0.98, 0.97, 0.99}},
      {PhaseKind::partial_recovery, {at("2022-01-05T17:30:00Z"), back}, false, {0.9, 0.85, 0.93}}};
  for (const TimeRange& window : kazakhstan_windows()) {
    incident.windows.push_back(
        {window,
         {0.7, 0.66, 0.74},
         {signal("country:KZ/traffic/requests"), signal("country:KZ/probing/slash24_up")}});
  }
  incident.recurrence = {6, 0.6,   Seconds{9000},
                         1, false, "four of six windows begin within 30 min of 02:30 UTC"};
  incident.planes = {
      view_of("country:KZ/bgp/visible_slash24", Plane::control, "Routes announced", false,
              "2022-01-05T10:30:00Z", {0.005, 0.0, 0.01}, ""),
      view_of("country:KZ/probing/slash24_up", Plane::data, "Networks answering", true,
              "2022-01-05T10:30:00Z", {0.95, 0.93, 0.97}, "2022-01-11T02:15:00Z"),
      view_of("country:KZ/traffic/requests", Plane::traffic, "Web traffic", true,
              "2022-01-05T10:30:00Z", {0.97, 0.96, 0.98}, "2022-01-11T02:15:00Z")};
  incident.hypotheses = {
      {Mechanism::filtering, {"routes stayed announced"}, {}, {}, 0.9, "likely"},
      {Mechanism::withdrawal, {}, {"99 % of routes stayed"}, {}, 0.05, "ruled out"},
      {Mechanism::power, {}, {}, {}, std::nullopt, "not measured"}};
  incident.unknowns = {"Whether it began at 10:30, 11:00 or 11:15: accounts differ"};
  incident.evidence = {
      anomaly_of("country:KZ/probing/slash24_up", Plane::data, incident.onset, {0.95, 0.93, 0.97})};
  incident.inputs = {input, routes};
  report.investigation.incidents = {incident};
  report.annotations = {
      {at("2022-01-02T06:00:00Z"), "protests over fuel prices begin in Zhanaozen", "press"},
      {at("2022-01-05T10:00:00Z"), "state of emergency in the whole country", "press"},
      {at("2022-01-07T06:30:00Z"), "president speaks on television", "press"}};
  return report;
}

// Nothing happened: the Iran-like curves before the cut.
inline Report quiet() {
  Report report = iran_like();
  report.investigation.incidents.clear();
  report.investigation.range = {at("2025-12-10"), at("2025-12-20")};
  for (Detection& detection : report.detections) detection.anomalies.clear();
  return report;
}

// Series too short to judge.
inline Report blind() {
  Report report = quiet();
  report.investigation.could_judge = false;
  report.investigation.reason = "every series is shorter than the three days that are needed";
  for (Detection& detection : report.detections) {
    detection.judgement = {.possible = false, .reason = "only 20 h of numbers"};
    for (Expectation& expected : detection.expected) expected = {NAN, NAN, NAN};
  }
  return report;
}

}  // namespace lightsout::test
