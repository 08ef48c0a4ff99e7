// SPDX-License-Identifier: Apache-2.0
#include "detect/parameters.h"

namespace lightsout {
namespace {

struct Row {
  std::string_view source;  // SignalId::source(); empty: any source of the plane
  std::string_view metric;  // empty: any
  Plane plane;
  double shallow;
  double threshold_fast;  // values at most 15 minutes apart
  double threshold_half;  // at most 45 minutes
  double threshold_slow;  // hours apart
  double threshold_daily;
  double phi_floor;
  double effective_count;  // for what is not a count
  bool even_counts;        // and for what calls itself a count but is an estimate
  std::string_view from;
};

// The first row that fits is taken. "3.4", "3.4.1": methods study; "calibrated": the seeded
// simulation in synthetic_test.cc.
constexpr Row kRows[] = {
    {"ioda-mozilla", "", Plane::traffic, 0.6, 26, 26, 12, 8, 1e-3, 40, true, "3.4.1: about 40"},
    {"ioda-google", "", Plane::traffic, 0.6, 26, 26, 12, 8, 1e-3, 1000, true, "3.4, 3.4.1"},
    {"ioda-telescope", "", Plane::traffic, 0.6, 40, 26, 12, 8, 1e-3, 1000, false, "3.4, 3.4.1"},
    {"telescope", "", Plane::traffic, 0.6, 40, 26, 12, 8, 1e-3, 1000, false, "3.4, 3.4.1"},
    {"", "", Plane::control, 0.97, 8, 8, 8, 8, 1e-4, 10000, false, "3.4, 3.4.1; calibrated"},
    {"", "", Plane::data, 0.9, 12, 8, 8, 8, 2e-4, 1000, false, "3.4, 3.4.1"},
    {"", "", Plane::traffic, 0.6, 26, 26, 12, 8, 1e-3, 1000, false, "3.4, 3.4.1"},
    {"", "", Plane::application, 0.6, 26, 26, 12, 8, 1e-3, 1000, false, "as traffic"},
    {"", "", Plane::circumvention, 0.6, 26, 26, 12, 8, 1e-3, 1000, false, "as traffic; 3.7"},
};

const Row& row_for(const Series& series) {
  for (const Row& row : kRows) {
    const bool named = row.source == series.id.source() &&
                       (row.metric.empty() || row.metric == series.id.metric());
    if (named || (row.source.empty() && row.plane == series.plane)) return row;
  }
  CHECK(false);  // every plane has a row
  return kRows[0];
}

}  // namespace

Parameters parameters_for(const Series& series, Seconds spacing) {
  using std::chrono::hours;
  using std::chrono::minutes;
  const Row& row = row_for(series);
  const bool daily = spacing >= hours(20);
  Parameters p;
  p.shallow = row.shallow;
  p.threshold = daily                   ? row.threshold_daily
                : spacing > minutes(45) ? row.threshold_slow
                : spacing > minutes(15) ? row.threshold_half
                                        : row.threshold_fast;
  p.phi_floor = row.phi_floor;
  p.close_at = std::max(0.9, (1 + row.shallow) / 2);
  // A count counts itself, except where the table knows better.
  p.effective_count = series.unit == Unit::count && !row.even_counts ? 0 : row.effective_count;
  // Addresses and routes are hardly noisier than chance; users and packets are, and have a day.
  p.low_below = row.plane == Plane::data || row.plane == Plane::control ? 20 : 6;
  p.falls = series.worse == Worse::low;
  p.rises = series.worse == Worse::high || series.plane == Plane::circumvention;
  p.observations_to_alarm = daily ? 1 : 2;  // 3.4.1: two days would hide a one-day cut
  p.source = row.from;
  return p;
}

}  // namespace lightsout
