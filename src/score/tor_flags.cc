// SPDX-License-Identifier: Apache-2.0
#include "score/tor_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <random>

#include "core/parallel.h"
#include "source/csv.h"

namespace lightsout {

namespace {

constexpr const char* kFile = "tor/tor-users-by-country-2011-2016.csv.gz";
constexpr Seconds kDay{86400};
constexpr double kPoint = 0.9999;  // of the range, as Tor has it

std::optional<double> at(const Series& series, Time time) {
  const auto bin = series.bin_of(time);
  return bin ? series.samples[*bin].number() : std::nullopt;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Status read_ranges(const ScoreData& data, TorFile& tor) {
  Result<std::vector<Input>> inputs = score_inputs(data, kFile);
  if (!inputs) return inputs.error();
  for (const Input& input : *inputs) {
    Result<std::unique_ptr<ByteSource>> source = input.open();
    if (!source) return source.error();
    Damage damage;
    CsvTable table(**source, kFile, damage);
    const auto date = table.column("date"), country = table.column("country"),
               high = table.column("max_user_range"), low = table.column("min_user_range");
    if (!date || !country || !high || !low) {
      return Error{ErrorKind::malformed, fmt::format("{} has no ranges", kFile)};
    }
    CsvRow row;
    while (table.next(row)) {
      const Result<Time> day = parse_time(row.fields[*date]);
      const auto lower = number(row.fields[*low]), upper = number(row.fields[*high]);
      if (!day || !lower || !upper) continue;
      std::string code(row.fields[*country]);
      for (char& c : code) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      tor.ranges[code][*day] = {*lower, *upper};
    }
  }
  return {};
}

void work_out_normals(TorFile& tor) {
  std::map<Time, std::pair<double, std::string>> largest;
  for (const auto& [code, rows] : tor.ranges) {
    const auto series = tor.users.find(code);
    if (series == tor.users.end()) continue;
    for (const auto& [day, range] : rows) {
      const auto reference = at(series->second, day - 7 * kDay);
      auto& best = largest[day];
      if (reference && *reference > best.first) best = {*reference, code};
    }
  }
  for (const auto& [day, best] : largest) {
    if (best.first <= 0) continue;
    const TorRange range = tor.ranges.at(best.second).at(day);
    const double low = range.lower / poisson_quantile(1 - kPoint, best.first);
    const double high = range.upper / poisson_quantile(kPoint, best.first);
    tor.normals[day] = {{(low + high) / 2, (high - low) / 2 / normal_quantile(kPoint)},
                        best.second};
  }
}

// Known cuts of whole countries in those years.
struct KnownCut {
  const char *code, *begin, *end;
};
constexpr KnownCut kKnown[] = {{"SY", "2012-11-29T00:00:00Z", "2012-12-01T00:00:00Z"},
                               {"SY", "2013-05-07T00:00:00Z", "2013-05-09T00:00:00Z"},
                               {"CD", "2015-01-20T00:00:00Z", "2015-01-23T00:00:00Z"}};
// What is left of the users, and for how many days.
constexpr std::pair<double, int> kDrops[] = {{0.5, 2}, {0.4, 2}, {0.3, 2},
                                             {0.3, 1}, {0.1, 2}, {0.02, 1}};

bool falls_in(const std::vector<UseChange>& changes, const TimeRange& range) {
  return std::any_of(changes.begin(), changes.end(), [&](const UseChange& one) {
    return one.direction == Direction::fall && one.range.overlaps(range);
  });
}

double mean_users(const Series& series) {
  double sum = 0;
  double days = 0;
  for (const Sample& sample : series.samples) {
    if (const auto value = sample.number()) sum += *value, days += 1;
  }
  return days > 0 ? sum / days : 0;
}

// One drop, put into a piece of the series; false when a day of it has no number or no reference.
bool put_in(Series& cut, const TimeRange& range, double left) {
  bool whole = true;
  for (Time day = range.begin; day < range.end; day += kDay) {
    const auto bin = cut.bin_of(day);
    const auto before = cut.bin_of(day - 7 * kDay);
    const auto value = bin ? cut.samples[*bin].number() : std::nullopt;
    whole = whole && value && before && cut.samples[*before].is_number();
    if (value) cut.samples[*bin] = Sample::of(std::round(*value * left));
  }
  return whole;
}

DetectorCount count_of(const Series& series, const TorFile& tor, const CommonMode& common,
                       std::uint64_t seed) {
  constexpr std::size_t kBefore = 240;  // days of history that a drop is judged with
  std::mt19937_64 random(seed);
  DetectorCount count;
  count.theirs = tor_alarms(series, tor.normals, series.range()).runs;
  count.ours = find_use_changes(series, common).size();
  count.years = static_cast<double>(series.size()) / 365.25;
  for (const auto& [left, length] : kDrops) {
    if (series.size() <= kBefore + 30) break;
    const std::size_t bin = kBefore + 20 + random() % (series.size() - kBefore - 30);
    const TimeRange range{series.time_of(bin), series.time_of(bin) + length * kDay};
    const auto usual = usual_use(series, bin);
    Series cut = slice(series, {range.begin - static_cast<int>(kBefore) * kDay, range.end});
    if (!put_in(cut, range, left) || !usual || *usual < kLeastUsers) continue;
    ++count.injected;
    count.theirs_found += tor_alarms(cut, tor.normals, range).falls.empty() ? 0 : 1;
    count.ours_found += falls_in(find_use_changes(cut, common), range) ? 1 : 0;
  }
  return count;
}

}  // namespace

Result<TorFile> read_tor_file(const ScoreData& data) {
  Result<std::vector<Series>> all = score_series(data, kFile);
  if (!all) return all.error();
  TorFile tor;
  for (Series& series : *all) {
    const std::string code(series.id.entity().country());
    if (!code.empty()) tor.users.emplace(code, std::move(series));
  }
  if (const Status read = read_ranges(data, tor); !read) return read.error();
  work_out_normals(tor);
  return tor;
}

RangeRows compare_ranges(const TorFile& tor) {
  const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-6 * std::abs(b) + 1e-6; };
  RangeRows count;
  for (const auto& [code, days] : tor.ranges) {
    const auto series = tor.users.find(code);
    if (series == tor.users.end()) continue;
    for (const auto& [day, theirs] : days) {
      const auto reference = at(series->second, day - 7 * kDay);
      const auto normal = tor.normals.find(day);
      if (!reference || *reference <= 0 || normal == tor.normals.end()) continue;
      if (normal->second.learnt_from == code) continue;
      const TorRange ours = tor_range(normal->second.normal, *reference);
      ++count.rows;
      count.alike += near(ours.lower, theirs.lower) && near(ours.upper, theirs.upper);
      count.whole +=
          ours.lower_whole() == theirs.lower_whole() && ours.upper_whole() == theirs.upper_whole();
    }
  }
  return count;
}

TorAlarms tor_alarms(const Series& series, const std::map<Time, TorFile::Normal>& normals,
                     const TimeRange& range) {
  TorAlarms alarms;
  Time last{};
  int last_side = 0;
  for (Time day = range.begin; day < range.end; day += kDay) {
    const auto users = at(series, day), reference = at(series, day - 7 * kDay);
    const auto normal = normals.find(day);
    if (!users || !reference || *reference <= 0 || normal == normals.end()) continue;
    const TorRange usual = tor_range(normal->second.normal, *reference);
    const int side = *users < usual.lower ? -1 : *users > usual.upper ? 1 : 0;
    if (side == 0) continue;
    if (side != last_side || day - last > 2 * kDay) ++alarms.runs;
    last = day;
    last_side = side;
    if (side < 0) alarms.falls.push_back(day);
  }
  return alarms;
}

CommonMode common_mode_of(const TorFile& tor) {
  std::vector<Series> all;
  for (const auto& [code, series] : tor.users) all.push_back(series);
  return common_mode_of(std::span<const Series>(all));
}

KnownCuts find_known_cuts(const TorFile& tor, const CommonMode& common) {
  KnownCuts known;
  for (const KnownCut& one : kKnown) {
    const TimeRange range{*parse_time(one.begin), *parse_time(one.end)};
    const auto series = tor.users.find(one.code);
    ++known.all;
    if (series == tor.users.end()) continue;
    known.theirs += !tor_alarms(series->second, tor.normals, range).falls.empty();
    known.ours += falls_in(find_use_changes(series->second, common), range);
  }
  return known;
}

std::vector<DetectorCount> compare_detectors(const TorFile& tor, const CommonMode& common,
                                             std::size_t most) {
  std::vector<std::pair<const Series*, std::uint64_t>> work;
  for (const auto& [code, series] : tor.users) {
    if (mean_users(series) < kLeastUsers || (most > 0 && work.size() == most)) continue;
    work.emplace_back(&series, 2016 + work.size());
  }
  return parallel_map(
      work, [&](const auto& one) { return count_of(*one.first, tor, common, one.second); });
}

}  // namespace lightsout
