// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "geo/country.h"
#include "report/document.h"
#include "report/escape.h"
#include "report/words.h"
#include "signal/catalogue.h"

namespace lightsout {

namespace {

constexpr std::string_view kNothing = "\u2013";

Section not_measured(std::string id, std::string heading, std::string why) {
  return {std::move(id), std::move(heading), {note("Not measured: " + std::move(why) + ".")}};
}

std::string signal_label(const SignalId& signal) {
  return clean_text(label_of(signal));
}

std::string with_source(const SignalId& signal) {
  return fmt::format("{} ({})", signal_label(signal), clean_text(signal.source()));
}

std::string signals_words(const std::vector<SignalId>& signals) {
  std::vector<std::string> names;
  for (const SignalId& signal : signals) {
    std::string name = signal_label(signal);
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  }
  return names.empty() ? std::string(kNothing) : joined(names);
}

// "8 Jan 16:30" and how far off it may be, when that is more than a moment.
std::string time_words(const TimeEstimate& time) {
  std::string text = day_clock(time.value);
  const Seconds spread = time.latest - time.earliest;
  if (spread > Seconds{60}) {
    text += fmt::format(" \u00b1{}{}", kNarrow, spaced_duration(spread / 2));
  }
  return text;
}

std::string depth_words(const Estimate& depth, Direction direction) {
  if (direction == Direction::rise) return percent(depth.value);
  return fmt::format("{} ({})", percent(std::max(0.0, 1 - depth.value)),
                     percent_between(1 - depth.high, 1 - depth.low));
}

Direction direction_of(const Subject& subject) {
  return subject.incident != nullptr ? subject.incident->direction : Direction::fall;
}

std::string sample_words(const SampleCounts& counts) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) parts.push_back(number(static_cast<double>(count)) + " " + std::string(what));
  };
  add(counts.zeros, "zeros");
  add(counts.missing, "without data");
  add(counts.suppressed, "suppressed");
  add(counts.source_down, "source down");
  return parts.empty() ? "none missing" : joined(parts);
}

std::vector<Cell> measurement_row(const Subject& subject, std::size_t index) {
  const Series& series = subject.series(index);
  const std::string hash =
      series.lineage.empty() ? std::string() : short_hash(series.lineage.front().sha256);
  std::vector<Cell> row{
      {signal_label(series.id), Tone::strong},
      {fmt::format("{}, {}", words_for(series.plane), clean_text(series.id.source())), Tone::soft,
       hash.empty() ? "" : "in-" + hash}};
  const PlaneView* view = subject.view(series.id);
  if (view == nullptr || !view->judged) {
    const Detection* detection = subject.detection(index);
    std::string why = view != nullptr ? view->note : std::string();
    if (why.empty() && detection != nullptr) why = detection->judgement.reason;
    const bool judged = view == nullptr && detection != nullptr && detection->judgement.possible;
    row.insert(row.end(), {{judged ? "did not fall" : "cannot tell", Tone::soft},
                           {std::string(kNothing)},
                           {std::string(kNothing)},
                           {clean_text(why), Tone::soft}});
    return row;
  }
  std::string rest = clean_text(view->note);
  const std::string gaps = sample_words(view->samples);
  if (gaps != "none missing") rest += (rest.empty() ? "" : "; ") + ("bins: " + gaps);
  row.push_back(view->fell ? Cell{time_words(view->fell_at)}
                           : Cell{std::string(word_for_standing(*view)), Tone::soft});
  row.push_back({depth_words(view->depth, direction_of(subject))});
  row.push_back(view->returned ? Cell{day_clock(view->returned->value)}
                : view->fell   ? Cell{"not in the data", Tone::soft}
                               : Cell{std::string(kNothing)});
  row.push_back({rest, Tone::soft});
  return row;
}

std::vector<Cell> part_row(const Subject& subject, const PartView& part) {
  const Zone& zone = subject.report.zone;
  std::string share = "not known";
  if (part.user_share) {
    share = percent(*part.user_share);
    if (!part.user_share_source.empty()) share += " (" + clean_text(part.user_share_source) + ")";
  }
  const std::string name = subject.part_name(part.entity);
  const bool asn = part.entity.type() == EntityType::asn;
  std::vector<Cell> row{{name, Tone::strong}};
  row.push_back({asn                            ? "AS" + std::to_string(part.entity.asn().number)
                 : has_region_name(part.entity) ? std::string(kNothing)
                                                : clean_text(part.entity.code()),
                 Tone::soft});
  row.push_back({share, part.user_share ? Tone::plain : Tone::soft});
  if (!part.judged) {
    row.insert(row.end(), {{"cannot tell", Tone::soft},
                           {std::string(kNothing)},
                           {std::string(kNothing)},
                           {clean_text(part.note), Tone::soft}});
    return row;
  }
  const std::string local = part.fell ? local_day_clock(part.fell_at.value, zone) : "";
  row.push_back(part.fell ? Cell{time_words(part.fell_at) +
                                 (local.empty() ? "" : " (" + local.substr(local.size() - 5) + ")")}
                          : Cell{"stood", Tone::soft});
  row.push_back({depth_words(part.depth, direction_of(subject))});
  row.push_back(part.returned ? Cell{day_clock(part.returned->value)}
                : part.fell   ? Cell{"not in the data", Tone::soft}
                              : Cell{std::string(kNothing)});
  row.push_back({clean_text(part.note), Tone::soft});
  return row;
}

Table parts_table(const Subject& subject, const std::vector<PartView>& parts, std::string_view what,
                  std::string_view code) {
  const std::string city = city_of(subject.report.zone);
  Table table;
  table.columns = {{std::string(what)},
                   {std::string(code)},
                   {"Share of users"},
                   {city.empty() ? "Fell, UTC" : "Fell, UTC (" + city + ")"},
                   {"Of expected", true},
                   {"Back, UTC"},
                   {""}};
  std::vector<const PartView*> order;
  for (const PartView& part : parts) order.push_back(&part);
  std::stable_sort(order.begin(), order.end(), [](const PartView* a, const PartView* b) {
    const auto key = [](const PartView* p) {
      return std::tuple(!p->judged, !p->fell, p->fell ? p->fell_at.value : Time{},
                        p->entity.text());
    };
    return key(a) < key(b);
  });
  for (const PartView* part : order) {
    table.rows.push_back(part_row(subject, *part));
  }
  return table;
}

// Did they fall together? The spread of the onsets, said as a fact and not as an intention.
std::string together(const std::vector<PartView>& parts, std::string_view what) {
  std::vector<Time> fell;
  std::size_t judged = 0;
  for (const PartView& part : parts) {
    judged += part.judged;
    if (part.judged && part.fell) fell.push_back(part.fell_at.value);
  }
  std::string text = fmt::format("{} of the {} {} that could be judged fell",
                                 capitalised(number_word(fell.size())), number_word(judged), what);
  if (fell.size() < 2) return text + ".";
  std::sort(fell.begin(), fell.end());
  const auto middle = static_cast<std::ptrdiff_t>(fell.size() / 2);
  const Seconds all = fell.back() - fell.front();
  const Seconds half = fell[static_cast<std::size_t>(middle)] - fell.front();
  if (all.count() == 0) return text + ", all in the same bin.";
  return fmt::format("{}, the first at {} and the last {} later; half of them within {}.", text,
                     day_clock_utc(fell.front()), spaced_duration(all),
                     half.count() == 0 ? "one bin" : spaced_duration(half));
}

Section part_section(const Subject& subject, std::size_t most_rows, std::string id,
                     std::string heading, const std::vector<PartView> Incident::* which,
                     std::string_view one, std::string_view many, std::string_view code) {
  static const std::vector<PartView> kNone;
  const auto& parts = subject.incident != nullptr ? subject.incident->*which : kNone;
  if (parts.empty()) {
    return not_measured(
        std::move(id), std::move(heading),
        fmt::format("these inputs have no series per {}", lowered(std::string(one))));
  }
  Section section{std::move(id), std::move(heading), {paragraph(together(parts, many))}};
  add_table(section, parts_table(subject, parts, one, code), most_rows);
  return section;
}

bool is_alternative(Mechanism mechanism) {
  return mechanism == Mechanism::power || mechanism == Mechanism::cable_or_upstream ||
         mechanism == Mechanism::measurement_fault;
}

std::string list_words(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : "; ") + clean_text(item);
  return text.empty() ? std::string(kNothing) : text;
}

// Told by one feature that nobody measured: named below the table instead of filling it.
bool not_looked_for(const Hypothesis& hypothesis) {
  return hypothesis.verdict == "not measured" && hypothesis.speaks_for.empty() &&
         hypothesis.speaks_against.empty();
}

Table hypotheses_table(const Incident& incident, bool alternatives) {
  Table table;
  table.columns = {{"Explanation"},
                   {"Speaks for it"},
                   {"Speaks against it"},
                   {"Would refute it"},
                   {"Weighed as"}};
  for (const Hypothesis& hypothesis : incident.hypotheses) {
    if (is_alternative(hypothesis.mechanism) != alternatives) continue;
    if (not_looked_for(hypothesis)) continue;
    std::string verdict = clean_text(hypothesis.verdict);
    if (hypothesis.posterior) verdict += " (" + percent(*hypothesis.posterior) + ")";
    table.rows.push_back({{capitalised(std::string(words_for(hypothesis.mechanism))), Tone::strong},
                          {list_words(hypothesis.speaks_for), Tone::speaks_for},
                          {list_words(hypothesis.speaks_against), Tone::speaks_against},
                          {list_words(hypothesis.would_refute), Tone::soft},
                          {verdict, hypothesis.verdict == "likely" ? Tone::strong : Tone::plain}});
  }
  return table;
}

}  // namespace

Section findings_section(const Subject& subject, std::size_t most_rows) {
  Section section{"findings", "Key findings", {}};
  if (subject.incident == nullptr || subject.incident->findings.empty()) {
    section.blocks.push_back(note(subject.incident == nullptr
                                      ? "No incident, so no findings: what was measured is below."
                                      : "No finding beyond the sentences above."));
    return section;
  }
  const std::string city = city_of(subject.report.zone);
  Table table;
  table.columns = {{"Finding"}, {"When, UTC"}};
  if (!city.empty()) table.columns.push_back({"In " + city});
  table.columns.push_back({"Seen by"});
  table.columns.push_back({"Confidence"});
  for (const Finding& finding : subject.incident->findings) {
    std::vector<Cell> row{{clean_text(finding.text)}};
    row.push_back({finding.range ? day_clock(finding.range->begin) : std::string(kNothing)});
    if (!city.empty()) {
      row.push_back({finding.range ? local_day_clock(finding.range->begin, subject.report.zone)
                                   : std::string(kNothing),
                     Tone::soft});
    }
    row.push_back({signals_words(finding.signals), Tone::soft});
    row.push_back({std::string(name_of(finding.confidence)), Tone::strong});
    table.rows.push_back(std::move(row));
  }
  add_table(section, std::move(table), most_rows);
  return section;
}

Section measurements_section(const Subject& subject, std::size_t most_rows) {
  Section section{"measurements", "What each measurement saw", {}};
  if (subject.rows.empty()) {
    section.blocks.push_back(note("Not measured: no series speaks about " + subject.place +
                                  " as a whole; its parts are below."));
    return section;
  }
  Table table;
  table.columns = {{"Measurement"},
                   {"Kind, source"},
                   {direction_of(subject) == Direction::rise ? "Rose, UTC" : "Fell, UTC"},
                   {direction_of(subject) == Direction::rise ? "Added" : "Of expected", true},
                   {"Back, UTC"},
                   {""}};
  for (const std::size_t index : subject.rows) {
    table.rows.push_back(measurement_row(subject, index));
  }
  add_table(section, std::move(table), most_rows);
  if (subject.rows_left_out > 0) {
    section.blocks.push_back(
        note(fmt::format("{} more series are in the JSON.", subject.rows_left_out)));
  }
  if (const std::string words = connectivity_words(subject); !words.empty()) {
    section.blocks.push_back(paragraph(words));
  }
  section.blocks.push_back(note(
      "\u201cOf expected\u201d is the level during the incident against what was usual at that "
      "hour, with its 90\u202f% interval. Back means at 70\u202f% of expected, to stay."));
  return section;
}

Section timeline_section(const Subject& subject, std::size_t most_rows) {
  Section section{"timeline", "In which order", {}};
  struct Moment {
    Time at;
    std::vector<Cell> row;
  };
  std::vector<Moment> moments;
  const Zone& zone = subject.report.zone;
  const std::string city = city_of(zone);
  const auto add = [&](Time at, std::string what, std::string source, Tone tone) {
    std::vector<Cell> row{{day_clock(at)}};
    if (!city.empty()) row.push_back({local_day_clock(at, zone), Tone::soft});
    row.push_back({std::move(what), tone});
    row.push_back({std::move(source), Tone::soft});
    moments.push_back({at, std::move(row)});
  };
  if (subject.incident != nullptr) {
    for (const Phase& phase : subject.incident->phases) {
      std::string text = "phase: " + std::string(words_for(phase.kind));
      text += fmt::format(", {}{}", phase.open ? "at least " : "",
                          spaced_duration(phase.range.length()));
      if (subject.incident->direction == Direction::fall) {
        text += ", at " + depth_words(phase.depth, Direction::fall) + " of expected";
      }
      add(phase.range.begin, capitalised(text), "this report", Tone::strong);
    }
    for (const Disagreement& found : subject.incident->disagreements) {
      add(found.range.begin,
          fmt::format("Measurements disagree for {}: {}", spaced_duration(found.range.length()),
                      clean_text(found.text)),
          signals_words(found.signals), Tone::plain);
    }
  }
  for (const Annotation& annotation : subject.report.annotations) {
    add(annotation.time, clean_text(annotation.text), clean_text(annotation.source), Tone::plain);
  }
  if (moments.empty()) {
    section.blocks.push_back(note("Nothing to put in order: no phase and no annotation."));
    return section;
  }
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.at < b.at; });
  Table table;
  table.columns = {{"UTC"}};
  if (!city.empty()) {
    table.columns.push_back({fmt::format("{}, {}", city, zone.offset_text(moments.front().at))});
  }
  table.columns.push_back({"What"});
  table.columns.push_back({"Who says so"});
  for (Moment& moment : moments) table.rows.push_back(std::move(moment.row));
  add_table(section, std::move(table), most_rows);
  if (!subject.report.annotations.empty()) {
    section.blocks.push_back(
        note("Events reported by others are drawn for orientation; that one follows another does "
             "not mean that it was caused by it."));
  }
  return section;
}

Section providers_section(const Subject& subject, std::size_t most_rows) {
  return part_section(subject, most_rows, "providers", "Which providers", &Incident::providers,
                      "Provider", "providers", "Network");
}

Section regions_section(const Subject& subject, std::size_t most_rows) {
  return part_section(subject, most_rows, "regions", "Where", &Incident::regions, "Region",
                      "regions", "Code");
}

Section services_section(const Subject& subject, std::size_t most_rows) {
  Section section = part_section(subject, most_rows, "services", "Services and circumvention",
                                 &Incident::services, "Service", "services", "Code");
  if (subject.incident == nullptr) return section;
  std::vector<std::string> items;
  for (const PlaneView& view : subject.incident->planes) {
    if (view.plane != Plane::circumvention) continue;
    const std::string_view what = !view.judged ? "could not be judged"
                                  : view.fell  ? "left its usual range"
                                               : "kept to the usual";
    items.push_back(fmt::format("{}: {}{}", with_source(view.signal), what,
                                view.note.empty() ? "" : "; " + clean_text(view.note)));
  }
  if (items.empty()) {
    section.blocks.push_back(note("Use of circumvention tools: not measured in these inputs."));
  } else {
    section.blocks.push_back(bullets(std::move(items)));
  }
  add_tools_table(subject, most_rows, section);
  return section;
}

Section mechanism_section(const Subject& subject) {
  Section section{"mechanism", "What the pattern fits", {}};
  if (subject.incident == nullptr || subject.incident->hypotheses.empty()) {
    section.blocks.push_back(note(subject.incident == nullptr
                                      ? "No incident, so no mechanism to look for."
                                      : "Not measured: no explanation could be tested."));
    return section;
  }
  Table table = hypotheses_table(*subject.incident, false);
  if (table.rows.empty()) {
    section.blocks.push_back(note("Not measured: no explanation of this kind could be tested."));
  } else {
    section.blocks.push_back(table_block(std::move(table)));
  }
  std::vector<std::string> silent;
  for (const Hypothesis& hypothesis : subject.incident->hypotheses) {
    if (!is_alternative(hypothesis.mechanism) && not_looked_for(hypothesis)) {
      silent.emplace_back(words_for(hypothesis.mechanism));
    }
  }
  if (!silent.empty()) {
    section.blocks.push_back(
        note("Not tested, for want of a measurement that would show it: " + joined(silent) + "."));
  }
  section.blocks.push_back(
      note("A pattern is consistent with an explanation or speaks against it. Measurements never "
           "show an intention."));
  return section;
}

Section windows_section(const Subject& subject, std::size_t most_rows) {
  Section section{"windows", "When it came back for a while", {}};
  if (subject.incident == nullptr || subject.incident->windows.empty()) {
    section.blocks.push_back(
        note(subject.incident == nullptr
                 ? "No incident, so no windows."
                 : "No window was seen in which connectivity came back and was lost again. Windows "
                   "shorter than a bin of the series cannot be seen."));
    if (subject.incident != nullptr) add_rhythm(subject, section);
    return section;
  }
  const Zone& zone = subject.report.zone;
  const std::string city = city_of(zone);
  Table table;
  table.columns = {{"From, UTC"}, {"To, UTC"}};
  if (!city.empty()) table.columns.push_back({"In " + city});
  table.columns.insert(table.columns.end(), {{"Length", true}, {"Of expected", true}, {"Seen by"}});
  for (const Window& window : subject.incident->windows) {
    std::vector<Cell> row{{day_clock(window.range.begin)}, {day_clock(window.range.end)}};
    if (!city.empty()) {
      row.push_back({fmt::format("{}\u2013{}", local_day_clock(window.range.begin, zone),
                                 format_clock(zone.local(window.range.end))),
                     Tone::soft});
    }
    row.push_back({spaced_duration(window.range.length())});
    row.push_back({fmt::format("{} ({})", percent(window.level.value),
                               percent_between(window.level.low, window.level.high))});
    row.push_back({signals_words(window.seen_by), Tone::soft});
    table.rows.push_back(std::move(row));
  }
  add_table(section, std::move(table), most_rows);
  add_rhythm(subject, section);
  section.blocks.push_back(
      note("Windows shorter than a bin of the series cannot be seen; people may have had minutes "
           "that these curves do not show."));
  return section;
}

Section alternatives_section(const Subject& subject) {
  Section section{"alternatives", "Could it have been something else?", {}};
  if (subject.incident == nullptr) {
    section.blocks.push_back(note("No incident, so nothing to explain."));
    return section;
  }
  Table table = hypotheses_table(*subject.incident, true);
  if (!table.rows.empty()) section.blocks.push_back(table_block(std::move(table)));
  section.blocks.push_back(
      note("Not tested, because nothing in these inputs measures it: attack traffic, weather, "
           "examinations, works on the network."));
  return section;
}

}  // namespace lightsout
