// render_terminal: the verdict for a terminal, 80 columns wide unless told otherwise.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "geo/country.h"
#include "incident/kind.h"
#include "report/chart.h"
#include "report/document.h"
#include "report/escape.h"
#include "report/report.h"
#include "report/words.h"
#include "signal/catalogue.h"

namespace lightsout {

namespace {

constexpr std::size_t kLeastWidth = 40;
constexpr std::size_t kWide = 64;  // from here on a line has room for times
constexpr std::size_t kMostUnknowns = 4;

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kOrange = "\x1b[38;5;208m";
constexpr std::string_view kBlue = "\x1b[38;5;75m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kInverse = "\x1b[30;48;5;220m";
constexpr std::string_view kReset = "\x1b[0m";

class Screen {
 public:
  explicit Screen(const TerminalStyle& style)
      : style_(style), width_(std::max(style.width, kLeastWidth)) {}

  std::size_t width() const { return width_; }
  bool utf8() const { return style_.utf8; }

  // Text of strangers reaches the terminal only through here: no escape sequence survives.
  std::string plain(std::string_view text) const {
    return style_.utf8 ? clean_text(text) : to_ascii(text);
  }
  std::string styled(std::string_view sequence, const std::string& text) const {
    return style_.color ? std::string(sequence) + text + std::string(kReset) : text;
  }

  void line(const std::string& text = {}) { out_ += text + "\n"; }

  // Wraps at blanks; a word longer than a line is left whole.
  void wrapped(std::string_view text, std::string_view sequence = {}, const std::string& first = {},
               const std::string& rest = {}) {
    std::string current = first;
    bool empty = true;
    const auto flush = [&] { line(sequence.empty() ? current : styled(sequence, current)); };
    for (const std::string& word : words(plain(text))) {
      if (!empty && columns_of(current) + 1 + columns_of(word) > width_) {
        flush();
        current = rest;
        empty = true;
      }
      if (!empty) current += ' ';
      current += word;
      empty = false;
    }
    if (!empty) flush();
  }

  std::string padded(const std::string& text, std::size_t columns, bool right = false) const {
    std::string cut;
    std::size_t used = 0;
    for (std::size_t i = 0; i < text.size();) {
      std::size_t length = 1;
      while (i + length < text.size() &&
             (static_cast<unsigned char>(text[i + length]) & 0xc0) == 0x80) {
        ++length;
      }
      if (used == columns) break;
      cut += text.substr(i, length);
      ++used;
      i += length;
    }
    const std::string blanks(columns - used, ' ');
    return right ? blanks + cut : cut + blanks;
  }

  const std::string& text() const { return out_; }

 private:
  static std::vector<std::string> words(const std::string& text) {
    std::vector<std::string> list;
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = std::min(text.find(' ', begin), text.size());
      if (end > begin) list.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    return list;
  }

  TerminalStyle style_;
  std::size_t width_;
  std::string out_;
};

// One character per stretch of time: eight heights of what was left; a blank for no number, a
// line on the floor for zero.
std::string sparkline(const Subject& subject, std::size_t index, std::size_t columns, bool utf8) {
  static constexpr std::array<std::string_view, 9> kBars{"_", "▁", "▂", "▃", "▄",
                                                         "▅", "▆", "▇", "█"};
  static constexpr std::string_view kAscii = "_.:-=+*#@";
  const Series& series = subject.series(index);
  const Detection* detection = subject.detection(index);
  double most = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (!subject.shown.contains(series.time_of(i))) continue;
    most = std::max(most, series.samples[i].number().value_or(0));
  }
  std::string text;
  for (std::size_t x = 0; x < columns; ++x) {
    const auto at = [&](std::size_t column) {
      return subject.shown.begin + subject.shown.length() * static_cast<std::int64_t>(column) /
                                       static_cast<std::int64_t>(columns);
    };
    const TimeRange stretch{at(x), at(x + 1)};
    std::optional<double> level;
    if (series.worse == Worse::low) level = lowest_share(series, detection, stretch);
    if (!level) {
      // Nothing to hold it against: the lowest bin against the highest shown.
      for (std::size_t i = 0; i < series.size() && most > 0; ++i) {
        const auto value = series.samples[i].number();
        const Time begin = series.time_of(i);
        if (!value || begin >= stretch.end || begin + series.step <= stretch.begin) continue;
        const double share = *value / most;
        const bool high = series.worse == Worse::high;  // there the worst bin is the highest
        level = !level ? share : high ? std::max(*level, share) : std::min(*level, share);
      }
    }
    if (!level) {
      text += ' ';
      continue;
    }
    const double share = std::clamp(*level, 0.0, 1.0);
    const auto step = share == 0 ? 0 : static_cast<std::size_t>(std::lround(1 + share * 7));
    text += utf8 ? kBars[step] : kAscii.substr(step, 1);
  }
  return text;
}

void put_figures(Screen& screen, const Verdict& verdict) {
  for (const KeyFigure& figure : verdict.figures) {
    if (screen.width() < kWide) {
      screen.wrapped(figure.label + ": " + figure.value + ", " + figure.note, {}, "  ", "    ");
      continue;
    }
    screen.wrapped(figure.value + ", " + figure.note, {},
                   "  " + screen.padded(screen.plain(figure.label), 26) + " ",
                   std::string(29, ' '));
  }
}

// One line of the table of measurements; under 64 columns the time is left away.
std::string measurement_line(const Screen& screen, const std::string& label,
                             const std::string& when, const std::string& left) {
  std::string text = "  " + screen.padded(label, screen.width() < kWide ? 18 : 20) + " ";
  if (screen.width() >= kWide) text += screen.padded(when, 14) + " ";
  return text + screen.padded(left, 9, true) + "  ";
}

void put_measurements(Screen& screen, const Subject& subject) {
  if (subject.rows.empty()) return;
  screen.line();
  const bool rise = subject.incident != nullptr && subject.incident->direction == Direction::rise;
  const std::string head = measurement_line(screen, "Measurement", rise ? "Rose, UTC" : "Fell, UTC",
                                            rise ? "Added" : "Left");
  const std::size_t spark = screen.width() - columns_of(head);
  screen.line(
      screen.styled(kDim, head + screen.padded(screen.plain(days_between(subject.shown)), spark)));
  for (const std::size_t index : subject.rows) {
    const Series& series = subject.series(index);
    const PlaneView* view = subject.view(series.id);
    std::string when = "-";
    std::string share = "-";
    if (view != nullptr && !view->judged) when = "cannot tell";
    if (view != nullptr && view->judged) {
      when = view->fell ? screen.plain(day_clock(view->fell_at.value))
                        : std::string(word_for_standing(*view));
      share =
          screen.plain(percent(rise ? view->depth.value : std::max(0.0, 1 - view->depth.value)));
    }
    screen.line(measurement_line(screen, screen.plain(label_of(series.id)), when, share) +
                screen.styled(kBlue, sparkline(subject, index, spark, screen.utf8())));
  }
  screen.wrapped("bars: lowest share of expected in each stretch; _ is zero, a blank is no data",
                 kDim, "  ", "  ");
}

void put_parts(Screen& screen, const Subject& subject) {
  if (subject.incident == nullptr) return;
  const Incident& incident = *subject.incident;
  const auto one = [&](const std::vector<PartView>& parts, std::string_view what) {
    if (parts.empty()) return;
    const auto fell = static_cast<std::size_t>(std::count_if(
        parts.begin(), parts.end(), [](const PartView& p) { return p.judged && p.fell; }));
    screen.wrapped(
        fmt::format("{}: {} of {} fell", capitalised(std::string(what)), fell, parts.size()), {},
        "  ", "  ");
  };
  screen.line();
  one(incident.providers, "providers");
  one(incident.regions, "regions");
  one(incident.services, "services");
  for (const Window& window : incident.windows) {
    screen.wrapped(fmt::format("Window {}: {} of expected", span_utc(window.range),
                               percent(window.level.value)),
                   {}, "  ", "    ");
  }
  if (incident.direction == Direction::fall) {
    screen.wrapped(judge_kind(incident).sentence, {}, "  ", "    ");
  }
  if (const Hypothesis* likely = likely_hypothesis(incident)) {
    screen.wrapped(
        fmt::format("Consistent with {}: {}", words_for(likely->mechanism),
                    likely->speaks_for.empty() ? "see the report" : likely->speaks_for.front()),
        {}, "  ", "    ");
  }
  if (!incident.recurrence.text.empty()) screen.wrapped(incident.recurrence.text, {}, "  ", "    ");
  if (const std::string next = next_cut_words(subject); !next.empty()) {
    screen.wrapped(next, {}, "  ", "    ");
  }
  for (const Appraisal& appraisal : subject.report.appraisals) {
    if (appraisal.incident != incident.id || !appraisal.deliberation) continue;
    screen.wrapped(appraisal.deliberation->summary, {}, "  ", "    ");
  }
}

void put_rest(Screen& screen, const Subject& subject, const Document& document) {
  for (const Section& section : document.sections) {
    if (section.id != "unknown" || section.blocks.empty()) continue;
    screen.line();
    screen.line(screen.styled(kBold, "What we do not know"));
    const auto& items = section.blocks.front().items;
    for (std::size_t i = 0; i < std::min(items.size(), kMostUnknowns); ++i) {
      screen.wrapped(items[i], {}, "  - ", "    ");
    }
  }
  const auto& incidents = subject.report.investigation.incidents;
  if (incidents.size() > 1) {
    screen.line();
    screen.line(screen.styled(kBold, fmt::format("Other incidents: {}", incidents.size() - 1)));
    for (std::size_t i = 1; i < std::min<std::size_t>(incidents.size(), 6); ++i) {
      screen.wrapped(fmt::format("{} {}, {}, {}", day_clock(incidents[i].onset.value),
                                 name_of(incidents[i].entity), length_of(incidents[i]),
                                 one_line(incidents[i])),
                     {}, "  ", "    ");
    }
  }
  if (!subject.report.damage.empty()) {
    screen.line();
    screen.wrapped(
        fmt::format("{} could not be read.", capitalised(counted(subject.report.damage.count(),
                                                                 "damaged part", "damaged parts"))),
        kOrange);
  }
}

}  // namespace

std::string render_terminal(const Report& report, const TerminalStyle& style) {
  const Subject subject = subject_of(report);
  const Document document = document_of(subject, 40);
  const Verdict& verdict = document.verdict;
  Screen screen(style);
  if (!document.banner.empty()) {
    screen.wrapped(document.banner, kInverse);
    screen.line();
  }
  screen.wrapped(verdict.headline, kBold);
  std::string header = verdict.status;
  for (const std::string& item : document.header) header += ", " + item;
  screen.wrapped(header + ", " + document.data_through, kDim);
  screen.line();
  std::string sentences;
  for (const std::string& sentence : verdict.sentences) sentences += sentence + " ";
  screen.wrapped(sentences);
  screen.wrapped(verdict.caution, kDim);
  screen.line();
  put_figures(screen, verdict);
  put_measurements(screen, subject);
  put_parts(screen, subject);
  put_rest(screen, subject, document);
  return screen.text();
}

}  // namespace lightsout
