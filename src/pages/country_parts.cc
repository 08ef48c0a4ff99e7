// SPDX-License-Identifier: Apache-2.0
#include "pages/country_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "geo/country.h"
#include "pages/figure_parts.h"
#include "pages/say.h"
#include "pages/story.h"
#include "report/escape.h"
#include "report/subject.h"
#include "signal/catalogue.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostPast = 20;
constexpr std::size_t kMostCoverageRows = 30;

// The last bin that holds a number and ends by `until`.
std::optional<std::size_t> last_number(const Series& series, Time until) {
  const auto [first, last] = bins_within(series, {series.begin, until});
  for (std::size_t i = last; i > first; --i) {
    if (series.samples[i - 1].is_number()) return i - 1;
  }
  return std::nullopt;
}

// A small scale from zero to a quarter above what is usual: the band, and the value on it.
void put_bar(Html& html, double value, const Expectation& usual) {
  const double top = 1.25 * std::max({static_cast<double>(usual.high), value, 1e-9});
  const auto at = [&](double x) {
    return fmt::format("{:.1f}%", 100 * std::clamp(x / top, 0.0, 1.0));
  };
  const bool inside = value >= usual.low && value <= usual.high;
  html.open("svg", {{"class", "bar"}, {"aria-hidden", "true"}});
  html.empty("rect", {{"class", "rg"}, {"width", "100%"}, {"y", "6"}, {"height", "2"}});
  if (std::isfinite(usual.low)) {
    html.empty("rect", {{"class", "bd"},
                        {"x", at(usual.low)},
                        {"width", fmt::format("{:.1f}%", 100 * (usual.high - usual.low) / top)},
                        {"y", "1"},
                        {"height", "12"}});
  }
  html.empty("rect",
             {{"class", inside ? "v" : "vl"}, {"width", at(value)}, {"y", "4"}, {"height", "6"}});
  html.close();
}

void put_plane_row(Html& html, const PageContext& context, const Scene& scene, std::size_t index) {
  const Language& say = context.say;
  const Series& series = scene.series(index);
  const std::string band = say("country.band");
  const std::string delta = say("country.delta");
  const std::string age = say("country.age");
  html.open("tr").open("th", {{"scope", "row"}}).text(signal_name(say, series.id));
  html.element("small", word_in(say, series.plane) + (series.id.source() == name_of(series.plane) ||
                                                              series.plane == Plane::data
                                                          ? std::string()
                                                          : ", " + series.id.source()))
      .close();
  const auto bin = last_number(series, scene.shown.end);
  if (!bin) {
    html.element("td", {{"data-h", say("country.value")}, {"class", "n"}},
                 say("country.no-number"));
    html.open("td").close().open("td", {{"class", "n"}}).close().open("td").close();
    html.element("td", {{"data-h", age}}, say("country.no-number-why")).close();
    return;
  }
  const double value = series.samples[*bin].value();
  const Time end = series.time_of(*bin) + series.step;
  html.element("td", {{"class", "n"}, {"data-h", say("country.value")}},
               value_in(say, value, series.unit));
  const Detection* detection = scene.detection(index);
  const bool expected = detection != nullptr && *bin < detection->expected.size() &&
                        std::isfinite(detection->expected[*bin].value);
  if (expected) {
    const Expectation& usual = detection->expected[*bin];
    html.open("td", {{"data-h", ""}});
    put_bar(html, value, usual);
    html.close();
    html.element("td", {{"class", "n"}, {"data-h", band}},
                 fmt::format("{}\u2013{}", value_in(say, std::max(0.0F, usual.low), series.unit),
                             value_in(say, usual.high, series.unit)));
    const bool inside = value >= usual.low && value <= usual.high;
    const double lost = usual.value > 0 ? 1 - value / usual.value : 0;
    html.element("td", {{"class", inside ? "n" : "n hot"}, {"data-h", delta}},
                 inside ? say("country.within") : change_in(say, lost));
  } else {
    html.open("td").close();
    html.element("td", {{"class", "n"}, {"data-h", band}}, "\u2013");
    html.element("td", {{"class", "n"}, {"data-h", delta}}, say("figure.cannot-tell"));
  }
  html.open("td", {{"data-h", age}}).text(day_clock_utc_in(say, end));
  html.element("small", context.now - end < Seconds{0}
                            ? std::string()
                            : say("country.ago", {{"age", age_words(say, context.now - end)}}));
  html.close().close();
}

// One square a day, a column a week, the 53 weeks to `until`: the gravest incident of each day.
void put_calendar(Html& html, const PageContext& context, const std::vector<Incident>& incidents,
                  Time until, const TimeRange& measured) {
  const Language& say = context.say;
  using std::chrono::days;
  const auto last = std::chrono::floor<days>(until - Seconds{1});
  const auto monday = last - days{std::chrono::weekday{last}.iso_encoding() - 1};
  const std::chrono::sys_days first = monday - days{52 * 7};
  SvgPath grey;
  std::array<SvgPath, 4> levels;
  std::size_t touched = 0;
  std::vector<std::pair<int, std::string>> months;
  for (std::chrono::sys_days day = first; day <= last; day += days{1}) {
    const int number = static_cast<int>((day - first).count());
    const int x = number / 7 * 12;
    const int y = number % 7 * 12;
    const std::chrono::year_month_day date{day};
    if (unsigned(date.day()) == 1) {
      months.emplace_back(x, say(fmt::format("month-short.{}", unsigned(date.month()))));
    }
    const TimeRange range{Time{day}, Time{day + days{1}}};
    double depth = -1;
    for (const Incident& incident : incidents) {
      if (incident.grade == Grade::lesser_anomaly || !incident.range().overlaps(range)) continue;
      depth = std::max(depth, std::clamp(incident.depth.value, 0.0, 1.0));
    }
    if (depth < 0) {
      if (measured.overlaps(range)) grey.rectangle(x, y, 10, 10);
      continue;
    }
    ++touched;
    levels[depth >= 0.9 ? 3 : depth >= 0.6 ? 2 : depth >= 0.3 ? 1 : 0].rectangle(x, y, 10, 10);
  }
  const std::string words = say.counted(
      "country.calendar", touched, {{"days", days_in(say, {Time{first}, Time{last + days{1}}})}});
  html.open(
      "svg",
      {{"class", "cal"}, {"viewBox", "0 -12 640 98"}, {"role", "img"}, {"aria-label", words}});
  for (const auto& [x, month] : months) {
    html.element("text", {{"x", std::to_string(x)}, {"y", "-4"}}, month);
  }
  put_path(html, "d", grey);
  put_path(html, "s1", levels[0]);
  put_path(html, "s2", levels[1]);
  put_path(html, "s3", levels[2]);
  put_path(html, "s4", levels[3]);
  html.close().element("p", {{"class", "note"}}, words);
}

}  // namespace

Verdict verdict_of_scene(const Language& say, const Scene& scene) {
  if (scene.told != nullptr) return verdict_in(say, *scene.told, scene.zone);
  Subject subject{.report = *scene.report};
  subject.shown = scene.shown;
  subject.data_through = scene.data_through;
  subject.semi_synthetic = scene.semi_synthetic;
  subject.place = clean_text(name_of(scene.entity));
  subject.title = clean_text(title_of(scene.entity));
  Verdict verdict = verdict_in(say, subject);
  // What left its usual range without being an incident is not "nothing".
  std::vector<std::string> changed;
  for (const std::size_t index : scene.rows) {
    const Detection* detection = scene.detection(index);
    if (detection == nullptr) continue;
    const bool any =
        std::any_of(detection->anomalies.begin(), detection->anomalies.end(),
                    [&](const Anomaly& anomaly) { return anomaly.range().overlaps(scene.shown); });
    if (any) changed.push_back(signal_in(say, clean_text(label_of(detection->signal))));
  }
  if (changed.empty()) return verdict;
  verdict.status = "cannot tell";
  verdict.headline = say("country.changed-headline", {{"place", place_in(say, scene.entity)}});
  verdict.sentences = {say("country.changed",
                           {{"days", days_in(say, scene.shown)}, {"what", list_in(say, changed)}})};
  return verdict;
}

void put_verdict(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  const Verdict verdict = verdict_of_scene(say, scene);
  if (scene.told != nullptr) {
    put_incident_kicker(html, context, *scene.told);
  } else {
    html.open("p", {{"class", "kicker"}});
    html.element("span", {{"class", "pill calm"}}, status_in(say, verdict.status));
    html.element("span", days_in(say, scene.shown)).close();
  }
  html.element("h1", verdict.headline);
  html.open("p", {{"class", "dek"}});
  for (const std::string& sentence : verdict.sentences) html.text(sentence + " ");
  html.element("span", verdict.caution).close();
  put_would_change(html, context, scene.told);
  put_since_before(html, context, scene);
  if (scene.told != nullptr) put_key_figures(html, verdict.figures);
}

void put_since_before(Html& html, const PageContext& context, const Scene& scene) {
  if (scene.told == nullptr || scene.told->version < 2) return;
  const Language& say = context.say;
  const auto versions = context.observatory.versions(scene.told->id);
  if (!versions || (*versions)->size() < scene.told->version) return;
  const Incident* before = &(**versions)[scene.told->version - 2];
  html.open("p", {{"class", "note"}});
  html.text(say("country.since-before", {{"version", std::to_string(before->version)},
                                         {"time", date_clock(say, before->known_at)}}) +
            " ");
  html.text(say("country.then", {{"status", status_in(say, incident_status(*before))},
                                 {"line", one_line_in(say, *before)}}) +
            " ");
  html.element(
      "a",
      {{"href", address(context, fmt::format("/incident/{}/v{}", before->id, before->version))}},
      say("country.see-version", {{"version", std::to_string(before->version)}}));
  html.close();
}

void put_range_form(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  html.open("form", {{"action", context.request.path}, {"method", "get"}});
  const auto field = [&](const std::string& id, const std::string& label,
                         const std::string& value) {
    html.open("div").element("label", {{"for", id}}, label);
    html.empty("input", {{"id", id}, {"name", id}, {"value", value}, {"size", "20"}}).close();
  };
  field("from", say("country.from"), format_time(scene.shown.begin));
  field("until", say("country.until"), format_time(scene.shown.end));
  field("tz", say("country.tz"), scene.zone.name);
  for (const char* kept : {"lang", "theme", "mode", "asof"}) {
    const auto value = context.request.parameter(kept);
    if (!value) continue;
    html.empty("input", {{"type", "hidden"}, {"name", kept}, {"value", *value}});
  }
  html.element("button", {{"type", "submit"}}, say("country.show"));
  const Time end = scene.data_through;
  for (const int days : {1, 14, 90}) {
    html.element("a",
                 {{"href", same_page(context, {{"from", format_time(end - Seconds{days * 86400})},
                                               {"until", format_time(end)}})}},
                 say.counted("country.last-days", static_cast<std::uint64_t>(days)));
  }
  html.close();
}

void put_planes_now(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  const Time end = scene.data_through;
  const bool old = context.now - end > std::chrono::hours(6);
  const std::string title = old ? say("country.planes-then", {{"time", date_clock(say, end)}})
                                : say("country.planes-now");
  html.open("section", {{"id", "planes"}}).open("h2").text(title);
  html.element("a", {{"class", "hash"}, {"href", "#planes"}, {"aria-label", "# " + title}}, "#");
  html.close();
  if (scene.rows.empty()) {
    html.element("p", say("country.no-own-series")).close();
    return;
  }
  html.open("table", {{"class", "stack"}}).open("thead").open("tr");
  html.element("th", {{"scope", "col"}}, say("country.plane"));
  html.element("th", {{"scope", "col"}, {"class", "n"}}, say("country.value"));
  html.open("td").close();
  html.element("th", {{"scope", "col"}, {"class", "n"}}, say("country.band"));
  html.element("th", {{"scope", "col"}, {"class", "n"}}, say("country.delta"));
  html.element("th", {{"scope", "col"}}, say("country.age")).close().close().open("tbody");
  for (const std::size_t index : scene.rows) put_plane_row(html, context, scene, index);
  html.close().close();
  std::set<Plane> planes;
  for (const std::size_t index : scene.rows) planes.insert(scene.series(index).plane);
  std::vector<std::string> lacking;
  for (const Plane plane : {Plane::control, Plane::data, Plane::traffic, Plane::application}) {
    const bool services = plane == Plane::application && !scene.services.empty();
    if (!planes.contains(plane) && !services) lacking.push_back(word_in(say, plane));
  }
  if (!lacking.empty()) {
    html.element("p", {{"class", "note"}},
                 say("country.planes-lacking", {{"planes", list_in(say, lacking)}}));
  }
  html.close();
}

void put_part_table(Html& html, const PageContext& context, const Scene& scene,
                    const std::vector<PartView>& parts) {
  if (parts.empty()) return;
  const Language& say = context.say;
  const std::string share = say("country.user-share");
  const std::string fell = say("country.fell");
  const std::string left = say("country.left");
  const std::string back = say("country.back");
  std::vector<const PartView*> order;
  for (const PartView& part : parts) order.push_back(&part);
  std::stable_sort(order.begin(), order.end(), [](const PartView* a, const PartView* b) {
    const auto key = [](const PartView* part) {
      return std::tuple(!part->judged, !part->fell, part->fell ? part->fell_at.value : Time{});
    };
    return key(a) < key(b);
  });
  html.open("details").element("summary", say.counted("country.part-table", parts.size()));
  html.open("table", {{"class", "stack"}}).open("thead").open("tr");
  for (const std::string& heading : {say("country.part"), share, fell, left, back}) {
    html.element("th", {{"scope", "col"}}, heading);
  }
  html.close().close().open("tbody");
  for (const PartView* part : order) {
    html.open("tr").open("th", {{"scope", "row"}});
    html.element("a", {{"href", address(context, path_of(part->entity))}},
                 scene.part_name(say, part->entity));
    const bool asn = part->entity.type() == EntityType::asn;
    html.element("small", (asn ? fmt::format("AS{}", part->entity.asn().number)
                               : std::string(part->entity.code())) +
                              (part->access.empty() ? "" : ", " + clean_text(part->access)));
    html.close().open("td", {{"data-h", share}});
    html.text(part->user_share ? percent_in(say, *part->user_share) : say("number.not-known"));
    if (part->user_share && !part->user_share_source.empty()) {
      html.element("small", part->user_share_source);
    }
    html.close().open("td", {{"data-h", fell}});
    if (!part->judged) {
      html.text(say("figure.cannot-tell"));
    } else if (!part->fell) {
      html.text(say("figure.stood"));
    } else {
      html.text(day_clock_utc_in(say, part->fell_at.value));
      const std::string local = local_beside(say, part->fell_at.value, scene.zone);
      if (!local.empty()) html.element("small", city_in(say, scene.zone) + " " + local);
    }
    html.close();
    const double reach = std::max(0.0, 1 - part->depth.value);
    html.element("td", {{"data-h", left}}, part->judged ? percent_in(say, reach) : "\u2013");
    html.element("td", {{"data-h", back}},
                 part->returned               ? day_clock_utc_in(say, part->returned->value)
                 : part->judged && part->fell ? say("country.not-in-data")
                                              : std::string("\u2013"));
    html.close();
  }
  html.close().close().close();
}

void put_past(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  IncidentQuery query;
  query.as_of = context.query.as_of;
  if (scene.entity.type() == EntityType::country) {
    query.who.country = std::string(scene.entity.code());
  } else {
    query.who.entity = scene.entity;
  }
  const auto listed = context.observatory.listing(query);
  static const std::vector<Incident> kNone;
  const std::vector<Incident>& incidents = listed ? **listed : kNone;
  html.open("section", {{"id", "past"}}).element("h2", say("country.past"));
  if (incidents.empty()) {
    html.element("p", say("country.past-none")).close();
    return;
  }
  std::vector<const Incident*> shown;
  for (const Incident& incident : incidents) shown.push_back(&incident);
  std::stable_sort(shown.begin(), shown.end(), [](const Incident* a, const Incident* b) {
    const auto small = [](const Incident* each) { return each->grade == Grade::lesser_anomaly; };
    return std::pair(small(a), -a->onset.value.time_since_epoch()) <
           std::pair(small(b), -b->onset.value.time_since_epoch());
  });
  const std::size_t all = shown.size();
  if (shown.size() > kMostPast) shown.resize(kMostPast);
  TimeRange measured{scene.shown};
  for (const SignalSummary& signal : context.observatory.signals_of(scene.entity, true)) {
    measured.begin = std::min(measured.begin, signal.range.begin);
    measured.end = std::max(measured.end, signal.range.end);
  }
  put_calendar(html, context, incidents, scene.data_through, measured);
  put_incident_table(html, context, shown);
  html.open("p", {{"class", "links"}});
  html.element("a",
               {{"href", address(context, "/incidents",
                                 {{"country", std::string(scene.entity.country())}})}},
               say.counted("country.past-all", all));
  html.close().close();
}

void put_coverage(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  const std::vector<SignalSummary> signals = context.observatory.signals_of(scene.entity, true);
  struct Kind {
    std::size_t entities = 0;
    Seconds step{0};
    TimeRange range{Time::max(), Time::min()};
    const SignalSummary* first = nullptr;
  };
  std::map<std::string, Kind> kinds;
  for (const SignalSummary& signal : signals) {
    const char* whole = signal.id.entity() == scene.entity ? "0 " : "1 ";
    Kind& kind = kinds[whole + signal.id.source() + "/" + signal.id.metric()];
    ++kind.entities;
    kind.step = signal.step;
    kind.range.begin = std::min(kind.range.begin, signal.range.begin);
    kind.range.end = std::max(kind.range.end, signal.range.end);
    if (kind.first == nullptr) kind.first = &signal;
  }
  html.open("section", {{"id", "coverage"}}).element("h2", say("country.coverage"));
  html.element("p", {{"class", "note"}}, say("country.coverage-about"));
  html.open("table", {{"class", "stack"}}).open("thead").open("tr");
  const std::string of = say("country.coverage-of");
  const std::string step = say("country.coverage-step");
  const std::string range = say("country.coverage-range");
  for (const std::string& heading : {say("country.coverage-what"), of, step, range}) {
    html.element("th", {{"scope", "col"}}, heading);
  }
  html.close().close().open("tbody");
  std::size_t rows = 0;
  for (const auto& [name, kind] : kinds) {
    if (rows++ == kMostCoverageRows) break;
    html.open("tr").open("th", {{"scope", "row"}}).text(signal_name(say, kind.first->id));
    html.element("small", kind.first->id.source() + "/" + kind.first->id.metric()).close();
    html.element("td", {{"data-h", of}},
                 kind.first->id.entity() == scene.entity
                     ? place_in(say, scene.entity)
                     : say.counted("country.coverage-parts", kind.entities));
    html.element("td", {{"data-h", step}}, duration_in(say, kind.step));
    html.element("td", {{"data-h", range}}, days_in(say, kind.range)).close();
  }
  html.close().close().close();
}

WebResponse unmeasured_page(const PageContext& context, const Entity& entity) {
  const Language& say = context.say;
  Html body;
  const std::string place = place_in(say, entity);
  body.open("p", {{"class", "kicker"}});
  body.element("span", {{"class", "pill calm"}}, status_in(say, "cannot tell")).close();
  body.element("h1", say("country.unmeasured-title", {{"place", place}}));
  const bool asked = context.query.from || context.query.until;
  const bool known = !context.observatory.signals_of(entity, true).empty();
  body.element("p", {{"class", "dek"}},
               say(known && asked ? "country.unmeasured-then" : "country.unmeasured"));
  body.open("ul");
  if (known) {
    body.open("li").element("a", {{"href", address(context, path_of(entity))}},
                            say("country.unmeasured-newest"));
    body.close();
  }
  body.open("li").element("a", {{"href", address(context, "/") + "#countries"}},
                          say("country.unmeasured-others"));
  body.close().open("li").element("a", {{"href", address(context, "/sources")}},
                                  say("country.unmeasured-sources"));
  body.close().close();
  return framed(context, {.title = place, .area = "/country", .status = 404}, body);
}

}  // namespace lightsout
