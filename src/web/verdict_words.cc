// SPDX-License-Identifier: Apache-2.0
#include "web/verdict_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "report/escape.h"
#include "report/headline.h"
#include "report/plane_words.h"
#include "signal/catalogue.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr double kAlmostAll = 0.9;  // as in report/headline.cc
constexpr double kNotable = 0.1;

struct Teller {
  const Language& say;
  const Incident& incident;
  Zone zone;
  Time data_through;

  std::string place() const { return place_in(say, incident.entity); }
  std::string place_or_parts() const {
    return incident.grade == Grade::regional ? say("verdict.parts-of", {{"place", place()}})
                                             : place();
  }
  bool on_use() const {
    return incident.grade == Grade::usage_dip || !connectivity_judged(incident);
  }
  std::string length() const { return spoken_in(say, lost_range(incident).length()); }
  // "for five days": `key` is verdict.for or verdict.lasting.
  std::string how_long(std::string_view key) const {
    return say(incident.open() ? fmt::format("{}-at-least", key) : std::string(key),
               {{"length", length()}});
  }
};

double reach(const Estimate& depth) {
  return std::max(0.0, 1 - depth.value);
}

std::string reach_interval(const Language& say, const Estimate& depth) {
  return percent_between_in(say, 1 - depth.high, 1 - depth.low);
}

// The labels of what fell (or did not), the deepest first, at most so many: the last one then is
// "3 more".
std::vector<std::string> labels_in(const Teller& tell, bool fell, std::size_t most,
                                   const std::string& without = {}) {
  std::vector<std::string> names;
  for (const std::string& label : labels(tell.incident, fell, tell.incident.planes.size() + 1)) {
    if (label != without) names.push_back(signal_in(tell.say, label));
  }
  if (names.size() > most) {
    const std::size_t more = names.size() - most + 1;
    names.resize(most - 1);
    names.push_back(tell.say.counted("number.more", more));
  }
  return names;
}

std::string with_routes(const Teller& tell, std::string headline) {
  if (routes_stood(tell.incident)) {
    return tell.say("verdict.routes-stood", {{"headline", std::move(headline)}});
  }
  const PlaneView* routes = routes_of(tell.incident);
  if (routes != nullptr && routes->fell && routes->depth.value >= kMost) {
    return tell.say("verdict.routes-gone", {{"headline", std::move(headline)}});
  }
  return headline;
}

std::string usage_headline(const Teller& tell) {
  const auto fell = labels_in(tell, true, 2);
  const auto& planes = tell.incident.planes;
  const bool stood = std::any_of(planes.begin(), planes.end(), [](const PlaneView& view) {
    return on_connectivity(view) && view.judged && !view.fell;
  });
  return tell.say(
      stood ? "verdict.dip-stood" : "verdict.dip-not-measured",
      {{"place", tell.place()},
       {"what", fell.empty() ? tell.say("signal.use-of-the-internet") : list_in(tell.say, fell)},
       {"how_long", tell.how_long("verdict.lasting")}});
}

std::string rise_headline(const Teller& tell) {
  if (tell.incident.entity.type() == EntityType::service) {
    return tell.say("verdict.rise-tests",
                    {{"place", tell.place()}, {"how_long", tell.how_long("verdict.lasting")}});
  }
  const auto rose = labels_in(tell, true, 2);
  return tell.say("verdict.rise", {{"place", tell.place()},
                                   {"what", rose.empty() ? tell.say("signal.use-of-circumvention")
                                                         : list_in(tell.say, rose)},
                                   {"how_long", tell.how_long("verdict.lasting")}});
}

std::string fall_headline(const Teller& tell) {
  const Incident& incident = tell.incident;
  const Language& say = tell.say;
  const double lost = incident.depth.value;
  const bool certain = incident.confidence == Confidence::corroborated ||
                       incident.confidence == Confidence::confirmed;
  if (incident.grade == Grade::nationwide && certain && lost >= kNotable) {
    const std::string_view key = lost >= kAlmostAll ? "verdict.lost-all"
                                 : lost >= kMost    ? "verdict.lost-most"
                                                    : "verdict.lost-part";
    return with_routes(
        tell, say(key, {{"place", tell.place()}, {"how_long", tell.how_long("verdict.for")}}));
  }
  const auto fell = labels_in(tell, true, 2);
  const std::string what = (certain && connectivity_judged(incident)) || fell.empty()
                               ? say("signal.connectivity")
                               : list_in(say, fell);
  const bool level = incident.grade == Grade::level_shift || incident.lasting;
  const std::string_view key = level                                     ? "verdict.level"
                               : incident.grade == Grade::service        ? "verdict.service"
                               : incident.grade == Grade::lesser_anomaly ? "verdict.lesser"
                                                                         : "verdict.fell";
  return say(key, {{"place", tell.place_or_parts()},
                   {"what", level && !fell.empty() ? list_in(say, fell) : what},
                   {"share", loss_in(say, lost)},
                   {"how_long", tell.how_long("verdict.lasting")}});
}

std::string headline_of_incident(const Teller& tell) {
  if (tell.incident.confidence == Confidence::retracted) {
    return tell.say("verdict.retracted",
                    {{"place", tell.place()}, {"when", days_in(tell.say, tell.incident.range())}});
  }
  if (tell.incident.direction == Direction::rise) return rise_headline(tell);
  if (tell.incident.grade == Grade::usage_dip) return usage_headline(tell);
  return fall_headline(tell);
}

std::string onset_words(const Teller& tell) {
  const Language& say = tell.say;
  const TimeEstimate& onset = tell.incident.onset;
  const bool wide = onset.latest - onset.earliest > Seconds{600} &&
                    format_date(onset.earliest) == format_date(onset.latest);
  if (!wide) {
    return say("verdict.from", {{"time", clock_both_in(say, onset.value, tell.zone)}});
  }
  const std::string city = city_in(say, tell.zone);
  const std::string from = say.clock(onset.earliest);
  const std::string to = say.clock(onset.latest);
  const std::string date = say.date(onset.value);
  if (city.empty()) return say("verdict.between", {{"from", from}, {"to", to}, {"date", date}});
  return say("verdict.between-both",
             {{"from", from},
              {"to", to},
              {"date", date},
              {"local", fmt::format("{}\u2013{}", say.clock(tell.zone.local(onset.earliest)),
                                    say.clock(tell.zone.local(onset.latest)))},
              {"city", city},
              {"offset", tell.zone.offset_text(onset.value)}});
}

std::string first_sentence(const Teller& tell) {
  const Language& say = tell.say;
  const Incident& incident = tell.incident;
  const auto fell = labels_in(tell, true, 3);
  if (incident.direction == Direction::rise) {
    return say("verdict.first-rose", {{"onset", onset_words(tell)},
                                      {"what", list_in(say, fell)},
                                      {"place", tell.place()},
                                      {"share", percent_in(say, incident.depth.value)}});
  }
  const std::string what =
      tell.on_use() && !fell.empty() ? list_in(say, fell) : say("signal.connectivity");
  const std::optional<Phase> gone = nearly_gone(incident);
  const Estimate& depth = gone ? gone->depth : incident.depth;
  const bool slowly = gone && gone->range.begin - incident.onset.value > Seconds{3600};
  const bool same_day =
      slowly && format_date(gone->range.begin) == format_date(incident.onset.value);
  return say(slowly ? "verdict.first-fell-slowly" : "verdict.first-fell",
             {{"onset", onset_words(tell)},
              {"what", what},
              {"place", tell.place_or_parts()},
              {"reach", percent_in(say, reach(depth))},
              {"interval", reach_interval(say, depth)},
              {"later", !slowly    ? std::string()
                        : same_day ? say.clock(gone->range.begin) + " UTC"
                                   : day_clock_utc_in(say, gone->range.begin)}});
}

std::string second_sentence(const Teller& tell) {
  const Language& say = tell.say;
  const Incident& incident = tell.incident;
  if (const PlaneView* routes = routes_of(incident)) {
    const auto fell = labels_in(tell, true, 5, label_for(*routes));
    const std::string others = fell.empty() ? say("verdict.the-rest") : list_in(say, fell);
    const double average = reach(routes->depth);
    if (routes_stood(incident)) {
      return say(
          "verdict.second-stood",
          {{"lowest", percent_in(say, std::min(routes->lowest, average))}, {"others", others}});
    }
    return say("verdict.second-routes-fell",
               {{"reach", percent_in(say, average)}, {"others", others}});
  }
  const auto stood = labels_in(tell, false, 4);
  if (!stood.empty()) return say("verdict.second-kept", {{"what", list_in(say, stood)}});
  const bool fall = incident.direction == Direction::fall;
  return say(fall && !connectivity_judged(incident) ? "verdict.second-not-measured"
                                                    : "verdict.second-nothing");
}

std::string third_sentence(const Teller& tell) {
  const Language& say = tell.say;
  const Incident& incident = tell.incident;
  const std::string windows = incident.windows.empty() ? std::string()
                                                       : " " + say.counted("verdict.third-windows",
                                                                           incident.windows.size());
  if (incident.open()) {
    return say(incident.ending ? "verdict.third-ending" : "verdict.third-open",
               {{"length", tell.length()}, {"time", clock_both_in(say, tell.data_through, {})}}) +
           windows;
  }
  std::optional<Time> first;
  Time last{};
  for (const PlaneView& view : incident.planes) {
    if (!view.returned || !view.fell || view.depth.value < kMost) continue;
    first = first ? std::min(*first, view.returned->value) : view.returned->value;
    last = std::max(last, view.returned->value);
  }
  if (first && last - *first > Seconds{86400}) {
    return say("verdict.third-steps", {{"when", days_in(say, {*first, last + Seconds{1}})}}) +
           windows;
  }
  return say("verdict.third-back", {{"time", clock_both_in(say, incident.end->value, tell.zone)}}) +
         windows;
}

std::string caution_of(const Teller& tell) {
  const Language& say = tell.say;
  std::set<Plane> planes;
  std::set<std::string> sources;
  for (const PlaneView& view : tell.incident.planes) {
    if (!view.judged || !view.fell) continue;
    planes.insert(view.plane);
    sources.insert(view.signal.text());
  }
  std::vector<std::string> names;
  for (const Plane plane : planes) names.push_back(word_in(say, plane));
  const std::string because =
      say(fmt::format("confidence-because.{}", name_of(tell.incident.confidence)));
  return say(names.empty() ? "verdict.caution-bare" : "verdict.caution",
             {{"confidence", word_in(say, tell.incident.confidence)},
              {"because", because},
              {"planes", list_in(say, names)},
              {"series", say.counted("verdict.series", sources.size())}});
}

KeyFigure reach_figure(const Teller& tell) {
  const Language& say = tell.say;
  const Incident& incident = tell.incident;
  const std::optional<Phase> gone = nearly_gone(incident);
  const Estimate depth = gone ? gone->depth : incident.depth;
  const TimeRange range = gone ? gone->range : incident.range();
  if (incident.direction == Direction::rise) {
    return {say("verdict.added", {{"when", days_in(say, range)}}), percent_in(say, depth.value),
            say("verdict.on-top", {{"interval", percent_between_in(say, depth.low, depth.high)}})};
  }
  const bool since = incident.open() && !gone;
  const std::string_view key = tell.on_use()
                                   ? (since ? "verdict.level-since" : "verdict.level-figure")
                                   : (since ? "verdict.reach-since" : "verdict.reach");
  const bool apart = gone && !incident.windows.empty();
  return {say(key, {{"when", since ? say.date(range.begin) : days_in(say, range)}}),
          percent_in(say, reach(depth)),
          say(apart ? "verdict.of-expected-windows" : "verdict.of-expected",
              {{"interval", reach_interval(say, depth)}})};
}

KeyFigure length_figure(const Teller& tell) {
  const Language& say = tell.say;
  const Incident& incident = tell.incident;
  Seconds near_total{0};
  for (const Phase& phase : incident.phases) {
    if (phase.kind == PhaseKind::near_total) near_total += phase.range.length();
  }
  const Seconds lost = lost_range(incident).length();
  const std::string length = duration_in(say, lost);
  std::string note =
      near_total.count() > 0 ? say("verdict.near-total", {{"length", duration_in(say, near_total)}})
      : incident.open()
          ? say("verdict.as-of", {{"time", clock_both_in(say, incident.known_at, {})}})
          : say("verdict.first-to-return");
  if (!incident.open() && lost != incident.range().length()) {
    note += "; " + say("verdict.first-to-usual",
                       {{"length", duration_in(say, incident.range().length())}});
  }
  if (!incident.windows.empty()) {
    note += ", " + say.counted("verdict.windows", incident.windows.size());
  }
  return {say("verdict.duration"),
          incident.open() ? "\u2265" + std::string(kNarrow) + length : length, note};
}

KeyFigure routes_figure(const Teller& tell) {
  const Language& say = tell.say;
  const PlaneView* routes = routes_of(tell.incident);
  if (routes == nullptr) {
    return {say("verdict.routes"), say("verdict.not-measured"), say("verdict.no-bgp")};
  }
  const double average = reach(routes->depth);
  const double lowest = std::min(routes->lowest, average);
  const bool one = percent(lowest) == percent(average);
  return {say("verdict.routes"),
          one ? percent_in(say, lowest) : percent_between_in(say, lowest, average),
          say(one ? "verdict.at-lowest" : "verdict.lowest-and-average")};
}

KeyFigure mechanism_figure(const Teller& tell) {
  const Language& say = tell.say;
  const Hypothesis* likely = likely_hypothesis(tell.incident);
  std::vector<std::string> excluded;
  for (const Hypothesis& other : tell.incident.hypotheses) {
    if (other.verdict == "ruled out" || other.verdict == "unlikely") {
      excluded.push_back(word_in(say, other.mechanism));
    }
  }
  if (excluded.size() > 2) excluded.resize(2);
  const std::string what = list_in(say, excluded);
  if (likely == nullptr) {
    return {say("verdict.consistent"), say("mechanism.not-determined"),
            excluded.empty() ? say("verdict.no-cause") : say("verdict.less-so", {{"what", what}})};
  }
  return {say("verdict.consistent"), word_in(say, likely->mechanism),
          excluded.empty() ? say("verdict.see-how") : say("verdict.rather-than", {{"what", what}})};
}

// What was judged of the series, when nothing was found in them.
struct Judged {
  std::size_t judged = 0;
  std::size_t numbers = 0;
  std::size_t bins = 0;
  bool connectivity = false;
  std::vector<std::string> names;
};

Judged judged_of(const Language& say, const Subject& subject) {
  Judged all;
  for (std::size_t i = 0; i < subject.report.series.size(); ++i) {
    const Series& series = subject.series(i);
    const Series part = slice(series, subject.report.investigation.range);
    all.bins += part.size();
    all.numbers += static_cast<std::size_t>(std::count_if(
        part.samples.begin(), part.samples.end(), [](const Sample& s) { return s.is_number(); }));
    const Detection* detection = subject.detection(i);
    if (detection == nullptr || !detection->judgement.possible) continue;
    ++all.judged;
    all.connectivity =
        all.connectivity || series.plane == Plane::control || series.plane == Plane::data;
    const std::string name = signal_in(say, label_of(series.id));
    if (std::find(all.names.begin(), all.names.end(), name) == all.names.end()) {
      all.names.push_back(name);
    }
  }
  return all;
}

std::string nothing_headline(const Language& say, const Subject& subject, const Judged& judged) {
  const Investigation& asked = subject.report.investigation;
  const std::string place = place_in(say, asked.entity);
  const std::string when = days_in(say, asked.range);
  if (!asked.could_judge) return say("verdict.cannot-tell", {{"place", place}, {"when", when}});
  if (judged.connectivity || judged.names.empty()) {
    return say("verdict.no-loss", {{"place", place}, {"when", when}});
  }
  const std::string what =
      judged.names.size() > 3 ? say("verdict.measured") : list_in(say, judged.names);
  return say("verdict.nothing-in", {{"what", what}, {"place", place}, {"when", when}});
}

Report report_of(const Incident& incident, const Zone& zone) {
  Report report{.investigation = {.entity = incident.entity,
                                  .range = incident.range(),
                                  .incidents = {incident},
                                  .could_judge = true}};
  report.zone = zone;
  return report;
}

Verdict without_incident(const Language& say, const Subject& subject) {
  const Investigation& asked = subject.report.investigation;
  const Judged judged = judged_of(say, subject);
  const std::size_t all = subject.report.series.size();
  Verdict verdict{.status = asked.could_judge ? "nothing found" : "cannot tell",
                  .headline = nothing_headline(say, subject, judged)};
  verdict.sentences = {say(asked.could_judge ? "verdict.none-first" : "verdict.unable-first",
                           {{"from", clock_both_in(say, asked.range.begin, {})},
                            {"to", clock_both_in(say, asked.range.end, {})},
                            {"place", place_in(say, asked.entity)}})};
  if (!asked.could_judge && !asked.reason.empty()) {
    verdict.sentences.push_back(say("verdict.unable-why", {{"reason", clean_text(asked.reason)}}));
  }
  verdict.sentences.push_back(say(
      "verdict.judged", {{"judged", std::to_string(judged.judged)}, {"all", std::to_string(all)}}));
  verdict.caution = say(asked.could_judge ? "verdict.none-caution" : "verdict.unable-caution");
  const double share =
      judged.bins == 0 ? 0 : static_cast<double>(judged.numbers) / static_cast<double>(judged.bins);
  verdict.figures = {
      {say("verdict.incidents-found"), "0",
       say(asked.could_judge ? "verdict.in-time" : "verdict.none-could")},
      {say("verdict.series-judged"),
       say("verdict.judged-of",
           {{"judged", std::to_string(judged.judged)}, {"all", std::to_string(all)}}),
       say("verdict.long-enough")},
      {say("verdict.bins"), judged.bins == 0 ? say("verdict.bins-none") : percent_in(say, share),
       say("verdict.missing-not-zero")},
      {say("verdict.data-through"), say.date(subject.data_through),
       say.clock(subject.data_through) + " UTC"}};
  return verdict;
}

}  // namespace

Verdict verdict_in(const Language& say, const Subject& subject) {
  if (say.code() == "en") return verdict_of(subject);
  if (subject.incident == nullptr) return without_incident(say, subject);
  const Teller tell{say, *subject.incident, subject.report.zone, subject.data_through};
  Verdict verdict;
  verdict.status = incident_status(tell.incident);
  verdict.headline = headline_of_incident(tell);
  verdict.sentences = {first_sentence(tell), second_sentence(tell), third_sentence(tell)};
  verdict.caution = caution_of(tell);
  verdict.figures = {reach_figure(tell), length_figure(tell), routes_figure(tell),
                     mechanism_figure(tell)};
  return verdict;
}

Verdict verdict_in(const Language& say, const Incident& incident, const Zone& zone) {
  const Report report = report_of(incident, zone);
  return verdict_in(say, subject_of(report));
}

std::string one_line_in(const Language& say, const Incident& incident) {
  if (say.code() == "en") return one_line(incident);
  if (incident.direction == Direction::rise) {
    return say("verdict.line-rise", {{"grade", word_in(say, incident.grade)},
                                     {"share", percent_in(say, incident.depth.value)}});
  }
  return say("verdict.line-fall", {{"grade", word_in(say, incident.grade)},
                                   {"reach", percent_in(say, reach(incident.depth))},
                                   {"interval", reach_interval(say, incident.depth)}});
}

std::string headline_in(const Language& say, const Incident& incident) {
  if (say.code() != "en") return headline_of_incident({say, incident, {}, incident.known_at});
  const Report report = report_of(incident, {});
  return headline_of(subject_of(report));
}

std::string_view incident_status(const Incident& incident) {
  return incident.confidence == Confidence::retracted ? "retracted"
         : !incident.open()                           ? "ended"
         : incident.ending                            ? "recovering"
                                                      : "ongoing";
}

std::string status_in(const Language& say, std::string_view status) {
  std::string key = fmt::format("status.{}", status);
  std::replace(key.begin(), key.end(), ' ', '-');
  return say(key);
}

std::string semi_synthetic_in(const Language& say) {
  return say("banner.semi-synthetic");
}

}  // namespace lightsout
