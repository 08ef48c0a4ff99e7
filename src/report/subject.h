// Subject: which incident, which stretch of time and which series a report is about, chosen once
// so that every output shows the same.
//
// The page tells the gravest incident in full and lists the others. Rows are the series of its own
// entity, one small plot each; parts are those of its providers, regions and services.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/report.h"

namespace lightsout {

inline constexpr std::size_t kMaxRows = 8;    // small plots on one page
inline constexpr std::size_t kMaxParts = 40;  // rows of one heat strip
inline constexpr std::size_t kMaxMarks = 12;  // annotations drawn; all of them are listed

struct Subject {
  const Report& report;
  const Incident* incident = nullptr;  // the gravest; nullptr: none was found
  TimeRange shown;                     // what the figures draw
  Time data_through;                   // the last number of any series
  std::vector<std::size_t> rows;       // indices of Report::series
  std::vector<std::size_t> parts;      // the same, the first to fall first
  std::size_t rows_left_out = 0;
  std::size_t parts_left_out = 0;
  bool semi_synthetic = false;
  std::string place;  // within a sentence: "Iran", "the Netherlands"
  std::string title;  // at the start of a headline: "Netherlands"

  const Series& series(std::size_t index) const { return report.series[index]; }
  // nullptr where no detection came with the series.
  const Detection* detection(std::size_t index) const;
  // What the incident says about a series; nullptr when it says nothing.
  const PlaneView* view(const SignalId& signal) const;
  const PartView* part(const Entity& entity) const;
  // The name that people know a part by: the incident's, or the entity's.
  std::string part_name(const Entity& entity) const;
};

// True for region:VE-Zulia, where the code is a name; false for region:KZ-75.
bool has_region_name(const Entity& entity);

// The report must outlive what is returned.
Subject subject_of(const Report& report);

}  // namespace lightsout
