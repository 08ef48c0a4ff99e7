// /incidents: everything that was ever concluded, filtered by the address, with a calendar of the
// year and the same rows as CSV.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "geo/country.h"
#include "pages/frame.h"
#include "pages/pages.h"
#include "pages/table.h"
#include "report/escape.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::size_t kRowsOfPage = 50;
constexpr std::string_view kAny = "any";
constexpr int kGrades = int(Grade::lesser_anomaly) + 1;
constexpr int kConfidences = int(Confidence::retracted) + 1;
constexpr int kMechanisms = int(Mechanism::measurement_fault) + 1;
constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2105;  // as core/time.h

struct Filter {
  std::string country;
  std::optional<int> year;
  std::optional<Grade> grade;
  std::optional<Confidence> confidence;
  std::optional<Mechanism> mechanism;
  std::size_t page = 1;
};

int year_of(Time time) {
  return int(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
}

Time begin_of_year(int year) {
  return std::chrono::sys_days(std::chrono::year(year) / 1 / 1);
}

std::string value_of(const PageContext& context, std::string_view name) {
  const std::string value = context.request.parameter(name).value_or("");
  return value == kAny ? std::string() : value;
}

std::optional<long> whole_number(std::string_view text, long least, long most) {
  long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number >= least && number <= most ? std::optional(number) : std::nullopt;
}

// Reads one of the words of an enum; false when the text is none of them.
template <typename Kind>
bool read_kind(const std::string& text, int count, std::optional<Kind>& kind) {
  if (text.empty()) return true;
  for (int i = 0; i < count; ++i) {
    if (name_of(Kind(i)) == text) kind = Kind(i);
  }
  return kind.has_value();
}

// The filter of the address, or the key of the sentence that says what is wrong with it.
std::string_view read_filter(const PageContext& context, Filter& filter) {
  filter.country = value_of(context, "country");
  for (char& c : filter.country) c = c >= 'a' && c <= 'z' ? char(c - 32) : c;
  if (!filter.country.empty() && find_country(filter.country) == nullptr) {
    return "incidents.bad-country";
  }
  if (const std::string year = value_of(context, "year"); !year.empty()) {
    const auto number = whole_number(year, kFirstYear, kLastYear);
    if (!number) return "incidents.bad-year";
    filter.year = int(*number);
  }
  if (!read_kind(value_of(context, "grade"), kGrades, filter.grade) ||
      !read_kind(value_of(context, "confidence"), kConfidences, filter.confidence) ||
      !read_kind(value_of(context, "mechanism"), kMechanisms, filter.mechanism)) {
    return "incidents.bad-word";
  }
  if (const std::string page = value_of(context, "page"); !page.empty()) {
    const auto number = whole_number(page, 1, 1'000'000);
    if (!number) return "incidents.bad-page";
    filter.page = std::size_t(*number);
  }
  return {};
}

bool fits(const Incident& incident, const Filter& filter) {
  if (filter.grade && incident.grade != *filter.grade) return false;
  if (filter.confidence && incident.confidence != *filter.confidence) return false;
  if (!filter.mechanism) return true;
  const Hypothesis* likely = likely_hypothesis(incident);
  return likely != nullptr && likely->mechanism == *filter.mechanism;
}

// All that fit but for the year, which the calendar and its list of years need.
Result<std::vector<Incident>> of_all_years(const PageContext& context, const Filter& filter) {
  IncidentQuery query{.as_of = context.query.as_of};
  if (!filter.country.empty()) query.who.country = filter.country;
  if (context.query.from || context.query.until) {
    query.range = TimeRange{context.query.from.value_or(begin_of_year(kFirstYear)),
                            context.query.until.value_or(context.now)};
  }
  Result<std::vector<Incident>> all = context.observatory.incidents(query);
  if (all) std::erase_if(*all, [&](const Incident& each) { return !fits(each, filter); });
  return all;
}

bool in_year(const Incident& incident, int year) {
  return incident.range().overlaps({begin_of_year(year), begin_of_year(year + 1)}) ||
         year_of(incident.onset.value) == year;
}

template <typename Kind>
Choices choices_of(const Language& say, int count) {
  Choices choices = {{std::string(kAny), say("incidents.any")}};
  for (int i = 0; i < count; ++i) {
    choices.emplace_back(std::string(name_of(Kind(i))), word_in(say, Kind(i)));
  }
  return choices;
}

void put_form(const PageContext& context, const Filter& filter, const std::vector<Incident>& all,
              Html& body) {
  const Language& say = context.say;
  const auto chosen = [&](std::string_view name) {
    const std::string value = value_of(context, name);
    return value.empty() ? std::string(kAny) : value;
  };
  body.open("form", {{"method", "get"}, {"action", "/incidents"}});
  for (const std::string_view kept : {"lang", "theme", "tz", "asof", "from", "until"}) {
    if (const auto value = context.request.parameter(kept)) {
      body.empty("input", {{"type", "hidden"}, {"name", std::string(kept)}, {"value", *value}});
    }
  }
  put_input(body, "country", say("incidents.country"), filter.country, say("incidents.code"));
  std::vector<int> years;
  for (const Incident& each : all) years.push_back(year_of(each.onset.value));
  std::sort(years.rbegin(), years.rend());
  years.erase(std::unique(years.begin(), years.end()), years.end());
  Choices year_choices = {{std::string(kAny), say("incidents.any")}};
  for (const int year : years) {
    year_choices.emplace_back(std::to_string(year), std::to_string(year));
  }
  put_select(body, "year", say("incidents.year"), chosen("year"), year_choices);
  put_select(body, "grade", say("incidents.grade"), chosen("grade"),
             choices_of<Grade>(say, kGrades));
  put_select(body, "confidence", say("incidents.confidence"), chosen("confidence"),
             choices_of<Confidence>(say, kConfidences));
  put_select(body, "mechanism", say("incidents.mechanism"), chosen("mechanism"),
             choices_of<Mechanism>(say, kMechanisms));
  body.open("div").element("button", {{"type", "submit"}}, say("incidents.show")).close();
  body.close();
}

// How many incidents touch each day of a year.
std::vector<std::size_t> days_touched(const std::vector<Incident>& incidents, int year) {
  const Time begin = begin_of_year(year);
  const auto days = std::chrono::floor<std::chrono::days>(begin_of_year(year + 1) - begin).count();
  std::vector<std::size_t> counts(std::size_t(days), 0);
  for (const Incident& each : incidents) {
    const TimeRange range = each.range();
    const Time last = std::max(range.begin, range.end - Seconds{1});
    const auto day = [&](Time time) {
      return std::clamp<std::int64_t>((time - begin).count() / 86'400, -1, days);
    };
    if (last < begin || day(range.begin) >= days) continue;
    for (std::int64_t i = std::max<std::int64_t>(day(range.begin), 0);
         i <= std::min<std::int64_t>(day(last), days - 1); ++i) {
      ++counts[std::size_t(i)];
    }
  }
  return counts;
}

std::array<std::pair<std::size_t, std::size_t>, 12> by_month(const std::vector<std::size_t>& counts,
                                                             int year) {
  std::array<std::pair<std::size_t, std::size_t>, 12> months{};  // days touched, most at a time
  const std::chrono::sys_days first = std::chrono::year(year) / 1 / 1;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::chrono::year_month_day day(first + std::chrono::days(i));
    auto& [touched, most] = months[unsigned(day.month()) - 1];
    touched += counts[i] > 0;
    most = std::max(most, counts[i]);
  }
  return months;
}

void put_calendar(const PageContext& context, const std::vector<Incident>& incidents, int year,
                  Html& body) {
  const Language& say = context.say;
  const std::vector<std::size_t> counts = days_touched(incidents, year);
  const std::chrono::sys_days first = std::chrono::year(year) / 1 / 1;
  const unsigned offset = std::chrono::weekday(first).iso_encoding() - 1;
  const auto touched = std::size_t(
      std::count_if(counts.begin(), counts.end(), [](std::size_t count) { return count > 0; }));
  const std::string year_text = std::to_string(year);
  body.open("figure").element("h2", say("incidents.calendar", {{"year", year_text}}));
  body.open("svg", {{"class", "cal"},
                    {"viewBox", "0 0 560 92"},
                    {"role", "img"},
                    {"aria-label",
                     say.counted("incidents.calendar-alt", touched, {{"year", year_text}})}});
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::size_t cell = i + offset;
    const std::chrono::year_month_day day(first + std::chrono::days(i));
    const std::string x = std::to_string(24 + cell / 7 * 10);
    const std::size_t level = std::min<std::size_t>(counts[i], 4);
    if (unsigned(day.day()) == 1) {
      body.element("text", {{"x", x}, {"y", "9"}},
                   say(fmt::format("month-short.{}", unsigned(day.month()))));
    }
    body.empty("rect", {{"x", x},
                        {"y", std::to_string(15 + cell % 7 * 10)},
                        {"width", "8.5"},
                        {"height", "8.5"},
                        {"class", level == 0 ? "d" : fmt::format("s{}", level)}});
    // A stripe for each further incident, so that grey and colour-blind eyes can count.
    for (std::size_t stripe = 1; stripe < level; ++stripe) {
      body.empty("rect",
                 {{"x", x},
                  {"y", fmt::format("{:.1f}", 14.2 + double(cell % 7 * 10) + double(stripe) * 2.4)},
                  {"width", "8.5"},
                  {"height", "0.9"},
                  {"class", "stripe"}});
    }
  }
  for (const unsigned day : {1U, 4U, 7U}) {
    body.element("text", {{"x", "0"}, {"y", std::to_string(12 + day * 10)}},
                 say(fmt::format("weekday.{}", day)));
  }
  body.close().element("figcaption", say("incidents.calendar-key"));
  body.open("details").element("summary", say("incidents.calendar-table"));
  HtmlTable table(body, say("incidents.calendar", {{"year", year_text}}),
                  {{say("incidents.month")},
                   {say("incidents.days-touched"), true},
                   {say("incidents.at-once"), true}});
  const auto months = by_month(counts, year);
  for (unsigned month = 1; month <= 12; ++month) {
    table.row()
        .cell(say(fmt::format("month-alone.{}", month)))
        .cell(std::to_string(months[month - 1].first))
        .cell(std::to_string(months[month - 1].second));
  }
  table.finish();
  body.close().close();
}

void put_rows(const PageContext& context, const std::vector<Incident>& incidents, std::size_t begin,
              std::size_t end, Html& body) {
  const Language& say = context.say;
  HtmlTable table(body, say.counted("incidents.count", incidents.size()),
                  {{say("incidents.where")},
                   {say("incidents.what")},
                   {say("incidents.onset")},
                   {say("incidents.length"), true},
                   {say("incidents.confidence")},
                   {say("incidents.consistent")},
                   {say("incidents.state")}});
  for (std::size_t i = begin; i < end; ++i) {
    const Incident& each = incidents[i];
    const auto zone = context.observatory.zone(context.query.tz, each.entity);
    const Hypothesis* likely = likely_hypothesis(each);
    table.row()
        .link(address(context, "/incident/" + each.id), place_in(say, each.entity),
              each.semi_synthetic ? std::string(kSemiSynthetic) : std::string())
        .cell(one_line_in(say, each))
        .cell(say.date(each.onset.value),
              clock_both_in(say, each.onset.value, zone ? *zone : Zone{}))
        .cell(length_in(say, each))
        .cell(word_in(say, each.confidence))
        .cell(likely != nullptr ? word_in(say, likely->mechanism) : say("mechanism.not-determined"))
        .cell(status_in(say, incident_status(each)));
  }
  table.finish();
}

void put_pager(const PageContext& context, std::size_t page, std::size_t pages, Html& body) {
  if (pages <= 1) return;
  const Language& say = context.say;
  body.open("nav", {{"class", "links"}, {"aria-label", say("incidents.pages")}});
  const auto to = [&](std::size_t number, const char* key) {
    body.element("a", {{"href", same_page(context, {{"page", std::to_string(number)}})}}, say(key))
        .text(" ");
  };
  if (page > 1) to(page - 1, "incidents.newer");
  body.element("span", say("incidents.page-of",
                           {{"page", std::to_string(page)}, {"pages", std::to_string(pages)}}));
  if (page < pages) {
    body.text(" ");
    to(page + 1, "incidents.older");
  }
  body.close();
}

}  // namespace

WebResponse show_incidents(const PageContext& context) {
  const Language& say = context.say;
  Filter filter;
  if (const std::string_view wrong = read_filter(context, filter); !wrong.empty()) {
    return page_problem(context, 400, say(wrong));
  }
  Result<std::vector<Incident>> all = of_all_years(context, filter);
  if (!all) return page_problem(context, all.error());
  std::vector<Incident> shown = *all;
  if (filter.year) {
    std::erase_if(shown, [&](const Incident& each) { return !in_year(each, *filter.year); });
  }
  const std::size_t pages =
      std::max<std::size_t>(1, (shown.size() + kRowsOfPage - 1) / kRowsOfPage);
  if (filter.page > pages) return page_problem(context, 404, say("incidents.bad-page"));

  Html body;
  body.element("h1", say("incidents.title")).element("p", {{"class", "dek"}}, say("incidents.dek"));
  put_form(context, filter, *all, body);
  if (shown.empty()) {
    body.element("p", {{"class", "strong"}}, say("incidents.none"));
    body.element("p", say("incidents.none-why"));
  } else {
    put_calendar(context, shown, filter.year.value_or(year_of(shown.front().onset.value)), body);
    const std::size_t begin = (filter.page - 1) * kRowsOfPage;
    put_rows(context, shown, begin, std::min(begin + kRowsOfPage, shown.size()), body);
    put_pager(context, filter.page, pages, body);
  }
  std::string csv = same_page(context, {{"page", ""}});
  csv.insert(std::string_view("/incidents").size(), ".csv");
  body.open("p", {{"class", "links"}}).element("a", {{"href", csv}}, say("incidents.csv")).close();
  // Where only some were scripted, their rows say so.
  const bool scripted =
      !shown.empty() &&
      std::all_of(shown.begin(), shown.end(), [](const Incident& i) { return i.semi_synthetic; });
  return framed(context,
                {.title = say("incidents.title"),
                 .area = "/incidents",
                 .semi_synthetic = scripted,
                 .feed = "/api/v1/feeds/global.atom"},
                body);
}

WebResponse show_incidents_csv(const PageContext& context) {
  Filter filter;
  if (const std::string_view wrong = read_filter(context, filter); !wrong.empty()) {
    return problem(400, "This question cannot be answered as it is", english()(wrong));
  }
  const Result<std::vector<Incident>> all = of_all_years(context, filter);
  if (!all) return problem(status_of(all.error()), "No answer", all.error().message);
  WebResponse response;
  response.content_type = "text/csv; charset=utf-8";
  response.body =
      "id,version,entity,place,grade,confidence,status,onset,end,known_at,depth,depth_low,"
      "depth_high,probability,mechanism,windows,semi_synthetic\r\n";
  for (const Incident& each : *all) {
    if (filter.year && !in_year(each, *filter.year)) continue;
    const Hypothesis* likely = likely_hypothesis(each);
    response.body += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{:.4f},{:.4f},{:.4f},{:.4f},{},{},{}\r\n", csv_cell(each.id),
        each.version, csv_cell(each.entity.text()), csv_cell(place_in(english(), each.entity)),
        name_of(each.grade), name_of(each.confidence), incident_status(each),
        format_time(each.onset.value), each.end ? format_time(each.end->value) : "",
        format_time(each.known_at), each.depth.value, each.depth.low, each.depth.high,
        each.probability, likely != nullptr ? name_of(likely->mechanism) : "", each.windows.size(),
        each.semi_synthetic ? "true" : "false");
  }
  return response;
}

}  // namespace lightsout
