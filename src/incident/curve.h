// Curve: one series as the share that was lost of what was expected, bin by bin.
//
// Everything that an incident says about depth and time is read off curves, so that a blank stays a
// blank in all of it: a bin without a number, or without an expectation, has no loss, and no
// function here invents one. A loss is 0..1; it is negative where more came than was expected.
//
//   const Curve curve = make_curve(series, detection);
//   const std::optional<Trough> trough = find_trough(curve, incident_range);
//   if (trough) std::optional<TimeEstimate> back = find_return(curve, incident_range, *trough);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "detect/anomaly.h"
#include "incident/incident.h"
#include "signal/series.h"

namespace lightsout::incident {

// What a series can say about whether packets pass.
enum class Bearing : std::uint8_t {
  connectivity,   // less of it means less connectivity: routes, answers to probes, traffic
  circumvention,  // users of a tool: they fall with connectivity and rise against a block
  service,        // the share of tests of one service that failed
  context,        // says something about the measurement or its quality: tests arriving, delays
};

struct Curve {
  const Series* series = nullptr;  // both outlive the curve
  const Detection* detection = nullptr;
  Bearing bearing = Bearing::context;
  std::vector<double> loss;    // NaN where there is none
  std::vector<double> spread;  // half of the 90 % band of ordinary bins, in the unit of loss

  bool judged() const { return detection->judgement.possible; }
  bool known(std::size_t bin) const { return loss[bin] == loss[bin]; }
};

Curve make_curve(const Series& series, const Detection& detection);
Bearing bearing_of(const Series& series);

// The bins that touch the range, [first, last).
struct BinRange {
  std::size_t first = 0;
  std::size_t last = 0;
};
BinRange bins_in(const Series& series, const TimeRange& range);

SampleCounts count_samples(const Series& series, const TimeRange& range);

// Share lost over a range: all that is missing against all that was expected. nullopt: no bin of
// the range can be held against an expectation.
std::optional<Estimate> loss_over(const Curve& curve, const TimeRange& range);

// The deepest stretch that lasts, and how deep it is: a loss held over up to 90 minutes of bins,
// widened to the bins around it that lost at least half as much.
struct Trough {
  TimeRange range;
  Estimate depth;     // the median bin of its floor, so that ragged edges do not count
  double lowest = 0;  // lowest share of expected in one bin of it
  Time lowest_at{};
  std::size_t first_bin = 0;
};
std::optional<Trough> find_trough(const Curve& curve, const TimeRange& range);

// When the losses of this depth began: the first bin of the range of a sustained loss of at least
// half of the trough's.
TimeEstimate find_fall(const Curve& curve, const TimeRange& range, const Trough& trough);

// Back at 70 % or more of what was expected, on average and to the end of the range, and never down
// on the floor of the trough (three quarters of its depth) again. The change is
// placed where the sums before and after it are best apart (the last zero of a CUSUM between the
// trough and full level); `earliest` is that bin, `latest` the first bin at 70 %, and `value` is
// the latter when it follows within six hours, else the former.
std::optional<TimeEstimate> find_return(const Curve& curve, const TimeRange& range,
                                        const Trough& trough);

inline constexpr double kReturnedLevel = 0.7;  // the project's line for "returned"

}  // namespace lightsout::incident
