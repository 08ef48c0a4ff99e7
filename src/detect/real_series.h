// Real measurements as series, for the tests of this module only: it may not include source/.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
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

// The text of a gzip file. The module below io/ has no decompressor; gzip itself has.
inline std::string gunzip(const std::filesystem::path& path) {
  std::string text;
  std::FILE* pipe = popen(("gzip -dc '" + path.string() + "'").c_str(), "r");
  CHECK(pipe != nullptr);
  char buffer[1 << 16];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  pclose(pipe);
  return text;
}

// Daily Tor users by country code, upper case.
inline std::map<std::string, Series> tor_users(const std::filesystem::path& path) {
  std::istringstream text(gunzip(path));
  std::string line;
  std::getline(text, line);
  std::map<std::string, std::vector<Point>> points;
  while (std::getline(text, line)) {
    const auto fields = fields_of(line);
    if (fields.size() < 7 || fields[6].empty() || fields[1].size() != 2 || fields[1] == "??") {
      continue;
    }
    std::string code = fields[1];
    for (char& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    points[code].push_back({time_from(fields[0]), std::stod(fields[6])});
  }
  std::map<std::string, Series> all;
  for (auto& [code, of_country] : points) {
    if (!Entity::parse("country:" + code)) continue;
    std::sort(of_country.begin(), of_country.end(),
              [](const Point& a, const Point& b) { return a.time < b.time; });
    all.emplace(code, series_from("country:" + code + "/tor/users", Plane::circumvention,
                                  Unit::count, Seconds(86400), of_country));
  }
  return all;
}

// Hourly share of OONI's Telegram tests in India with an anomaly, with how many there were.
inline Series telegram_india(const std::filesystem::path& path) {
  const std::string text = gunzip(path);
  std::map<Time, std::pair<double, double>> hours;  // anomalies, tests
  const std::string anomaly = "\"anomaly\": ", start = "\"measurement_start_time\": \"";
  for (std::size_t at = text.find(anomaly); at != std::string::npos; at = text.find(anomaly, at)) {
    at += anomaly.size();
    const bool bad = text.compare(at, 4, "true") == 0;
    const std::size_t when = text.find(start, at) + start.size();
    auto& hour = hours[bin_begin(time_from(text.substr(when, 19)), Seconds(3600))];
    hour.first += bad ? 1 : 0;
    hour.second += 1;
  }
  std::vector<Point> points;
  for (const auto& [time, hour] : hours) points.push_back({time, hour.first / hour.second});
  Series series = series_from("service:telegram@country:IN/ooni/anomaly_fraction",
                              Plane::application, Unit::fraction, Seconds(3600), points);
  series.worse = Worse::high;
  for (std::size_t bin = 0; bin < series.size(); ++bin) {
    const auto found = hours.find(series.time_of(bin));
    series.trials.push_back(found == hours.end() ? 0 : static_cast<float>(found->second.second));
  }
  return series;
}

// Connectivity of the states of Venezuela, hourly; the stamps are local (UTC-4).
inline std::map<std::string, Series> venezuela(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::map<std::string, std::vector<Point>> points;
  while (std::getline(file, line)) {
    const auto fields = fields_of(line);
    const Time local{Seconds(std::stoll(fields[3]))};
    points[fields[1]].push_back({local + std::chrono::hours(4), std::stod(fields[7])});
  }
  std::map<std::string, Series> all;
  for (const auto& [id, of_state] : points) {
    all.emplace(id, series_from("region:VE-" + id + "/monash/connectivity", Plane::data,
                                Unit::percent, Seconds(3600), of_state));
  }
  return all;
}

// Addresses of one provider in Bago (Myanmar) that answered a probe, hourly; local times, UTC+6:30.
// An hour in which none answered is a zero: the prober went on, as the other hours show.
inline Series bago(const std::filesystem::path& path, const std::string& provider) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::map<Time, std::set<std::string>> hours;
  while (std::getline(file, line)) {
    const auto fields = fields_of(line);
    if (fields.size() < 10 || fields[5] != provider) continue;
    hours[bin_begin(time_from(fields[7]), Seconds(3600))].insert(fields[0]);
  }
  std::vector<Point> points;
  for (Time hour = hours.begin()->first; hour <= hours.rbegin()->first;
       hour += std::chrono::hours(1)) {
    const auto found = hours.find(hour);
    points.push_back({hour - std::chrono::minutes(390),
                      found == hours.end() ? 0.0 : static_cast<double>(found->second.size())});
  }
  return series_from("asn:9988@country:MM/probing/answering", Plane::data, Unit::count,
                     Seconds(3600), points);
}

// Latency of the border regions of Ukraine, three-hourly local times, higher is worse.
inline std::map<std::string, Series> ukraine(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::map<std::string, std::vector<Point>> points;
  const std::map<std::string, std::string> months{{"Dec", "12"}, {"Jan", "01"}};
  while (std::getline(file, line)) {
    const auto fields = fields_of(line);
    if (fields.size() < 8 || fields[7].empty()) continue;
    const std::string& t = fields[6];  // 01-Dec-2021 06:00:00
    const auto month = months.find(t.substr(3, 3));
    if (month == months.end()) continue;
    const Time local =
        time_from(t.substr(7, 4) + "-" + month->second + "-" + t.substr(0, 2) + t.substr(11));
    points[fields[3]].push_back(
        {local - std::chrono::hours(std::stoi(fields[4])), std::stod(fields[7])});
  }
  std::map<std::string, Series> all;
  for (auto& [region, of_region] : points) {
    std::sort(of_region.begin(), of_region.end(),
              [](const Point& a, const Point& b) { return a.time < b.time; });
    Series series = series_from(
        "region:" + region.substr(0, 2) + "-" + region.substr(4) + "/monash/latency_index",
        Plane::traffic, Unit::index, Seconds(10800), of_region);
    series.worse = Worse::high;
    all.emplace(region, std::move(series));
  }
  return all;
}

}  // namespace lightsout::real
