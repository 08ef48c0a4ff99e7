// Real measurements as series, for the tests of this module only: it may not include source/.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/time.h"
#include "signal/series.h"

namespace lightsout::real {

// The fields of a CSV line; quotes are taken off, a comma inside them is kept.
inline std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

struct Point {
  Time time;
  double value;
};

// Points on a grid; a bin without a point, or with a negative one, is missing.
inline Series series_from(const std::string& id, Plane plane, Unit unit, Seconds step,
                          const std::vector<Point>& points) {
  Series series{.id = *SignalId::parse(id), .plane = plane, .unit = unit, .step = step};
  series.begin = points.front().time;
  const auto bins = static_cast<std::size_t>((points.back().time - series.begin) / step) + 1;
  series.samples.assign(bins, Sample::missing());
  for (const Point& point : points) {
    if (point.value < 0) continue;
    series.samples[static_cast<std::size_t>((point.time - series.begin) / step)] =
        Sample::of(point.value);
  }
  return series;
}

inline Time time_from(std::string text) {
  if (text.size() > 19) text.resize(19);
  const Result<Time> time = parse_time(text);
  CHECK(time.ok());
  return *time;
}

// One column of the IODA export of Iran.
inline Series iran(const std::filesystem::path& path, std::size_t column, const std::string& id,
                   Plane plane, Seconds step = Seconds(1800)) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::vector<Point> points;
  while (std::getline(file, line)) {
    const auto fields = fields_of(line);
    if (fields.size() <= column || fields[column].empty()) continue;
    points.push_back({time_from(fields[0]), std::stod(fields[column])});
  }
  return series_from(id, plane, Unit::percent_of_max, step, points);
}

// Two-hourly to the end of 2024, every 90 minutes from then on: a grid of 30 minutes holds both.
inline Series youtube(const std::filesystem::path& path, const std::string& country) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::vector<Point> points;
  while (std::getline(file, line)) {
    const auto fields = fields_of(line);
    points.push_back({time_from(fields[0]), std::stod(fields[1])});
  }
  return series_from("service:youtube@country:" + country + "/google/youtube", Plane::traffic,
                     Unit::percent_of_max, Seconds(1800), points);
}

}  // namespace lightsout::real
