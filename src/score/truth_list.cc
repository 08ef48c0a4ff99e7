// SPDX-License-Identifier: Apache-2.0
#include "score/truth_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "geo/country.h"
#include "source/csv.h"

namespace lightsout {

namespace {

constexpr Seconds kHour{3600};

// The list's spellings that are not ours.
const Country* country_named(std::string_view name) {
  struct Alias {
    std::string_view theirs;
    std::string_view alpha2;
  };
  constexpr Alias kAliases[] = {{"United States of America (USA)", "US"},
                                {"United States", "US"},
                                {"Congo, Republic of the", "CG"},
                                {"Republic of the Congo", "CG"},
                                {"Democratic Republic of the Congo", "CD"},
                                {"Ivory Coast", "CI"},
                                {"Cote d'Ivoire", "CI"},
                                {"Swaziland", "SZ"},
                                {"Timor-Leste", "TL"},
                                {"Macedonia", "MK"},
                                {"Burma", "MM"},
                                {"Palestine", "PS"},
                                {"Curacao", "CW"},
                                {"Federated States of Micronesia", "FM"},
                                {"Cape Verde", "CV"}};
  for (const Alias& alias : kAliases) {
    if (alias.theirs == name) return find_country(alias.alpha2);
  }
  for (const Country& country : all_countries()) {
    std::string_view ours = country.name;
    if (ours.starts_with("the ")) ours.remove_prefix(4);
    if (ours == name || country.title == name) return &country;
  }
  return nullptr;
}

std::optional<bool> yes_or_no(std::string_view text) {
  std::string low;
  for (const char c : text) low += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (low == "true") return true;
  if (low == "false") return false;
  return std::nullopt;
}

OutageLabel label_of_cause(std::string_view cause) {
  if (cause.empty() || cause == "Unknown") return OutageLabel::unlabelled;
  if (cause == "Government-Ordered" || cause == "Exams") return OutageLabel::deliberate;
  return OutageLabel::accident;
}

struct Columns {
  std::size_t id, country, routes, probing, telescope, scope, cause, begin, end;
};

Result<Columns> find_columns(const CsvTable& table) {
  Columns columns{};
  const std::pair<std::size_t Columns::*, std::string_view> kWanted[] = {
      {&Columns::id, "ID"},
      {&Columns::country, "Country"},
      {&Columns::routes, "IODA BGP visible by human"},
      {&Columns::probing, "IODA AP visible by human"},
      {&Columns::telescope, "IODA IBR visible by human"},
      {&Columns::scope, "Scope (based on granularity at which the outage appears in IODA)"},
      {&Columns::cause, "Cause"},
      {&Columns::begin, "begin_utc"},
      {&Columns::end, "end_utc"}};
  for (const auto& [member, name] : kWanted) {
    const std::optional<std::size_t> found = table.column(name);
    if (!found) {
      return Error{ErrorKind::malformed,
                   fmt::format("{} has no column '{}'", kTruthListFile, name)};
    }
    columns.*member = *found;
  }
  return columns;
}

// Local clocks by country, each loaded once.
class Clocks {
 public:
  explicit Clocks(const ScoreData& data) : data_(data) {}
  const Zone* of(const std::string& country) {
    const auto known = zones_.find(country);
    if (known != zones_.end()) return known->second ? &*known->second : nullptr;
    std::optional<Zone>& zone = zones_[country];
    const Country* found = country_named(country);
    if (found == nullptr) return nullptr;
    Result<Zone> loaded = data_.zone(std::string(found->zone));
    if (loaded) zone = std::move(*loaded);
    return zone ? &*zone : nullptr;
  }

 private:
  const ScoreData& data_;
  std::map<std::string, std::optional<Zone>> zones_;
};

std::vector<double> classic_of(const ListedOutage& row, const IndicatorValues& values, Time local) {
  const auto is = [](bool value) { return value ? 1.0 : 0.0; };
  const auto minute =
      std::chrono::duration_cast<std::chrono::minutes>(local.time_since_epoch() % kHour).count();
  const auto value = [&](Indicator indicator) {
    return values[static_cast<std::size_t>(indicator)].value_or(0);
  };
  const std::chrono::weekday day{std::chrono::floor<std::chrono::days>(local)};
  std::vector<double> classic{is(minute == 0),
                              value(Indicator::same_hour_again),
                              value(Indicator::at_night),
                              value(Indicator::all_planes),
                              is(day == std::chrono::Friday),
                              0,
                              0,
                              0};
  if (!row.end) return classic;
  const Seconds length = *row.end - row.begin;
  const auto near_multiple = [&](Seconds of) {
    const Seconds rest = length % of;
    return rest <= Seconds{60} || rest >= of - Seconds{60};
  };
  classic[5] = is(length >= 4 * kHour && length <= 9 * kHour);
  classic[6] = is(near_multiple(kHour));
  classic[7] = is(near_multiple(kHour / 2));
  return classic;
}

void add_features(TruthList& list, const ScoreData& data) {
  Clocks clocks(data);
  for (std::size_t i = 0; i < list.rows.size(); ++i) {
    ListedOutage& row = list.rows[i];
    const Zone* zone = clocks.of(row.country);
    bool alone = true;
    OutageTimes times{.begin = row.begin, .end = row.end, .earlier = {}};
    if (zone != nullptr) {
      times.begin = zone->local(row.begin);
      if (row.end) times.end = zone->local(*row.end);
    }
    for (std::size_t j = 0; j < list.rows.size(); ++j) {
      const ListedOutage& other = list.rows[j];
      const Seconds apart = row.begin - other.begin;
      if (other.country != row.country) {
        alone = alone && (apart > kStruckTogether || apart < -kStruckTogether);
      } else if (apart.count() > 0) {
        times.earlier.push_back(zone != nullptr ? zone->local(other.begin) : other.begin);
      }
    }
    add_clock_indicators(times, row.values);
    row.values[static_cast<std::size_t>(Indicator::alone)] = alone ? 1.0 : 0.0;
    row.classic = classic_of(row, row.values, times.begin);
    if (zone != nullptr) continue;
    ++list.without_zone;
    for (const Indicator local : {Indicator::on_the_hour, Indicator::on_the_half_hour,
                                  Indicator::at_night, Indicator::round_end}) {
      row.values[static_cast<std::size_t>(local)].reset();
    }
  }
}

}  // namespace

Result<TruthList> read_truth_list(const ScoreData& data) {
  const Result<std::string> text = data.read(std::string(kTruthListFile));
  if (!text) return text.error();
  MemorySource source{std::string_view(*text)};
  Damage damage;
  CsvTable table(source, std::string(kTruthListFile), damage);
  const Result<Columns> columns = find_columns(table);
  if (!columns) return columns.error();

  TruthList list;
  CsvRow row;
  while (table.next(row)) {
    if (row.fields[columns->scope] != "Country") {
      ++list.other_scopes;
      continue;
    }
    const Result<Time> begin = parse_time(row.fields[columns->begin]);
    if (!begin) {
      ++list.without_begin;
      continue;
    }
    if (list.rows.size() == kMaxListedOutages) {
      return Error{ErrorKind::limit,
                   fmt::format("{} has more than {} rows", kTruthListFile, kMaxListedOutages)};
    }
    ListedOutage outage{.id = std::string(row.fields[columns->id]),
                        .country = std::string(row.fields[columns->country]),
                        .begin = *begin,
                        .label = label_of_cause(row.fields[columns->cause])};
    const Result<Time> end = parse_time(row.fields[columns->end]);
    if (end && *end > *begin) outage.end = *end;
    list.without_length += !outage.end;
    const auto routes = yes_or_no(row.fields[columns->routes]);
    const auto probing = yes_or_no(row.fields[columns->probing]);
    const auto telescope = yes_or_no(row.fields[columns->telescope]);
    if (routes && probing && telescope) {
      outage.values[static_cast<std::size_t>(Indicator::all_planes)] =
          *routes && *probing && *telescope ? 1.0 : 0.0;
    }
    list.rows.push_back(std::move(outage));
  }
  std::sort(list.rows.begin(), list.rows.end(), [](const ListedOutage& a, const ListedOutage& b) {
    return std::tie(a.begin, a.country, a.id) < std::tie(b.begin, b.country, b.id);
  });
  add_features(list, data);
  return list;
}

}  // namespace lightsout
