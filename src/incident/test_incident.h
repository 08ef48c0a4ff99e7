// Hand-made series and detections for the tests of incidents: what a detector would have said, so
// that a test of fusion does not depend on one.
//
//   Story story;
//   story.add("country:KZ/probing/slash24_up", {.cuts = {{at(5, 10, 30), at(11, 2, 15), 0.98}}});
//   const Investigation result = story.investigate("country:KZ");
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "incident/investigate.h"
#include "signal/catalogue.h"

namespace lightsout::testing_incident {

inline constexpr const char* kBgp = "country:KZ/bgp/visible_slash24";
inline constexpr const char* kProbing = "country:KZ/probing/slash24_up";
inline constexpr const char* kTraffic = "country:KZ/traffic/requests";
inline constexpr const char* kTelescope = "country:KZ/telescope/unique_source_ips";

// January 2022, UTC.
inline Time at(int day, int hour = 0, int minute = 0) {
  return *parse_time("2022-01-01") + Seconds{(day - 1) * 86400 + hour * 3600 + minute * 60};
}

// A stretch in which this share was lost.
struct Cut {
  Time begin;
  Time end;
  double loss = 1;
};

struct Life {
  std::vector<Cut> cuts = {};  // may overlap: the deepest counts
  Seconds step{600};
  Time begin = at(1);
  Time end = at(15);
  double level = 1000;
  bool judged = true;
  std::vector<Cut> blanks = {};  // missing
  bool open = false;             // the last anomaly is open
  double evidence = 200;
  bool one_anomaly = true;  // one over all cuts, as a detector with flapping does
  bool lasting = false;
};

struct Story {
  std::vector<Series> series;
  std::vector<Detection> detections;

  static double loss_at(const std::vector<Cut>& cuts, Time time) {
    double loss = 0;
    for (const Cut& cut : cuts) {
      if (cut.begin <= time && time < cut.end) loss = std::max(loss, cut.loss);
    }
    return loss;
  }

  // Cuts of a series whose high is bad are rises, of a circumvention series with loss < 0 too.
  void add(const std::string& id, Life life) {
    Series made{.id = *SignalId::parse(id)};
    const SignalKind& kind = kind_of(made.id);
    made.plane = kind.plane;
    made.unit = kind.unit;
    made.worse = kind.worse;
    made.begin = life.begin;
    made.step = life.step;
    made.lineage.push_back({.sha256 = id, .name = id});
    Detection detection{.signal = made.id};
    detection.judgement.possible = life.judged;
    detection.judgement.baseline = "35 d by hour of the week";
    if (!life.judged) detection.judgement.reason = "no number in 14 days";
    const bool fraction = made.unit == Unit::fraction;
    for (Time time = life.begin; time < life.end; time += life.step) {
      const double loss = loss_at(life.cuts, time);
      // A little texture, the same every day, so that medians have something to do.
      const double ripple =
          1 + 0.005 * static_cast<double>((time.time_since_epoch().count() / 60) % 7 - 3);
      const double value = fraction ? 0.02 + loss * 0.97 : life.level * (1 - loss) * ripple;
      const bool blank = loss_at(life.blanks, time) > 0 || !life.judged;
      made.samples.push_back(blank ? Sample::missing() : Sample::of(value));
      const auto level = static_cast<float>(fraction ? 0.02 : life.level);
      detection.expected.push_back({level, level * 0.95F, level * 1.05F});
    }
    if (life.judged) add_anomalies(made, detection, life);
    series.push_back(std::move(made));
    detections.push_back(std::move(detection));
  }

  static void add_anomalies(const Series& made, Detection& detection, const Life& life) {
    std::vector<Cut> cuts = life.cuts;
    if (life.one_anomaly && !cuts.empty()) {
      Cut whole{cuts.front().begin, cuts.front().end, 0};
      double lost = 0;
      for (const Cut& cut : cuts) {
        whole.begin = std::min(whole.begin, cut.begin);
        whole.end = std::max(whole.end, cut.end);
        lost += cut.loss * static_cast<double>((cut.end - cut.begin).count());
      }
      whole.loss = lost / static_cast<double>((whole.end - whole.begin).count());
      cuts = {whole};
    }
    for (const Cut& cut : cuts) {
      Anomaly anomaly{.signal = made.id, .plane = made.plane, .detector = "hand"};
      const bool rise = (made.worse == Worse::high) == (cut.loss > 0);
      anomaly.direction = rise ? Direction::rise : Direction::fall;
      const Time begin = bin_begin(cut.begin, made.step);
      anomaly.onset = {begin, begin - made.step, begin + made.step};
      anomaly.end = TimeEstimate{cut.end, cut.end - made.step, cut.end + made.step};
      if (life.open && &cut == &cuts.back()) anomaly.end.reset();
      anomaly.alarmed_at = cut.begin + made.step * 2;
      anomaly.data_through = made.data_through();
      const double depth = std::abs(cut.loss);
      anomaly.depth = {depth, depth - 0.01, depth + 0.01};
      anomaly.deepest = depth;
      anomaly.deepest_at = cut.begin;
      anomaly.evidence = life.evidence;
      anomaly.lasting = life.lasting;
      anomaly.baseline = "35 d by hour of the week";
      detection.anomalies.push_back(std::move(anomaly));
    }
  }

  Investigation investigate(const std::string& entity, TimeRange range = {at(1), at(31)}) const {
    return lightsout::investigate(*Entity::parse(entity), range, series, detections);
  }
};

}  // namespace lightsout::testing_incident
