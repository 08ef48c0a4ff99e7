// /sources: how each source is doing, where it had nothing, and on which terms it may be used.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "pages/documents.h"
#include "pages/frame.h"
#include "pages/pages.h"
#include "pages/table.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostSeries = 30;  // whose gaps are looked through
constexpr std::size_t kMostGaps = 200;   // listed
constexpr Seconds kLookBack = std::chrono::hours(24 * 14);

struct Gap {
  SignalId signal;
  SampleState state = SampleState::missing;
  TimeRange range;
};

std::string_view health_of(const SourceHealth& source) {
  if (source.lag <= std::max<Seconds>(source.step * 3, std::chrono::hours(3))) return "on-time";
  return source.lag <= std::chrono::hours(48) ? "late" : "silent";
}

void put_health(const PageContext& context, const std::vector<SourceHealth>& sources, Html& body) {
  const Language& say = context.say;
  HtmlTable table(body, say("sources.table"),
                  {{say("sources.source")},
                   {say("sources.state")},
                   {say("sources.signals"), true},
                   {say("sources.entities"), true},
                   {say("sources.through")},
                   {say("sources.lag"), true},
                   {say("sources.step"), true},
                   {say("sources.arrival")}});
  for (const SourceHealth& source : sources) {
    const std::string_view health = health_of(source);
    const std::string mark = health == "on-time" ? "\u25cf "
                             : health == "late"  ? "\u25d0 "
                                                 : "\u25cb ";
    table.row()
        .link(same_page(context, {{"source", source.source}}) + "#gaps", source.source)
        .cell(mark + say(fmt::format("sources.{}", health)))
        .cell(number_in(say, double(source.signals)))
        .cell(number_in(say, double(source.entities)))
        .cell(day_clock_utc_in(say, source.data_through),
              local_day_clock_in(say, source.data_through, context.zone))
        .cell(duration_in(say, std::max(source.lag, Seconds{0})))
        .cell(duration_in(say, source.step))
        .cell(day_clock_utc_in(say, source.last_arrival));
  }
  table.finish();
}

void add_gaps(const Series& series, std::vector<Gap>& gaps) {
  for (std::size_t bin = 0; bin < series.size();) {
    const SampleState state = series.samples[bin].state();
    std::size_t end = bin + 1;
    while (end < series.size() && series.samples[end].state() == state) ++end;
    if (state != SampleState::number) {
      gaps.push_back({series.id, state, {series.time_of(bin), series.time_of(end)}});
    }
    bin = end;
  }
}

// Those of the source's series with the fewest parts in their names: countries before networks.
std::vector<Gap> gaps_of(const PageContext& context, const SourceHealth& source,
                         std::size_t& looked_through) {
  std::vector<Gap> gaps;
  const auto signals = context.observatory.signals();
  if (!signals) return gaps;
  std::vector<const SignalSummary*> mine;
  for (const SignalSummary& each : **signals) {
    if (each.id.source() == source.source) mine.push_back(&each);
  }
  std::stable_sort(mine.begin(), mine.end(), [](const SignalSummary* a, const SignalSummary* b) {
    return a->id.entity().type() < b->id.entity().type();
  });
  if (mine.size() > kMostSeries) mine.resize(kMostSeries);
  const Time end = context.query.until.value_or(source.data_through);
  const Time begin = context.query.from.value_or(end - kLookBack);
  for (const SignalSummary* each : mine) {
    const Result<Series> series = context.observatory.store().read_series(
        each->id,
        {.range = TimeRange{begin, end}, .as_of = context.query.as_of, .step = each->step});
    if (!series) continue;
    ++looked_through;
    add_gaps(*series, gaps);
  }
  std::stable_sort(gaps.begin(), gaps.end(),
                   [](const Gap& a, const Gap& b) { return a.range.begin > b.range.begin; });
  return gaps;
}

void put_gaps(const PageContext& context, const SourceHealth& source, Html& body) {
  const Language& say = context.say;
  std::size_t looked_through = 0;
  const std::vector<Gap> gaps = gaps_of(context, source, looked_through);
  body.open("section", {{"id", "gaps"}});
  body.element("h2", say("sources.gaps-of", {{"source", source.source}}));
  if (gaps.empty()) {
    body.element("p", say.counted("sources.no-gaps", looked_through)).close();
    return;
  }
  body.element("p", say("sources.gaps-dek"));
  HtmlTable table(body, say("sources.gaps-table"),
                  {{say("sources.signal")},
                   {say("sources.what")},
                   {say("sources.from")},
                   {say("sources.until")},
                   {say("sources.length"), true}});
  for (std::size_t i = 0; i < std::min(gaps.size(), kMostGaps); ++i) {
    const Gap& gap = gaps[i];
    table.row()
        .link(address(context, path_of(gap.signal.entity())), place_in(say, gap.signal.entity()),
              gap.signal.text())
        .cell(word_in(say, gap.state))
        .cell(day_clock_utc_in(say, gap.range.begin))
        .cell(day_clock_utc_in(say, gap.range.end))
        .cell(duration_in(say, gap.range.length()));
  }
  table.finish();
  if (gaps.size() > kMostGaps) {
    body.element("p", {{"class", "note"}},
                 say.counted("sources.more-gaps", gaps.size() - kMostGaps));
  }
  body.close();
}

}  // namespace

WebResponse show_sources(const PageContext& context) {
  const Language& say = context.say;
  const Result<std::vector<SourceHealth>> sources = context.observatory.sources();
  if (!sources) return page_problem(context, sources.error());
  const auto wanted = context.request.parameter("source");
  const auto chosen = std::find_if(sources->begin(), sources->end(), [&](const auto& each) {
    return wanted && each.source == *wanted;
  });
  if (wanted && chosen == sources->end()) {
    return page_problem(context, 404, say("sources.unknown"));
  }
  Html body;
  body.element("h1", say("sources.title")).element("p", {{"class", "dek"}}, say("sources.dek"));
  if (sources->empty()) {
    body.element("p", say("sources.none"));
  } else {
    put_health(context, *sources, body);
    body.element("p", {{"class", "note"}}, say("sources.note"));
  }
  if (chosen != sources->end()) put_gaps(context, *chosen, body);
  body.open("section", {{"id", "licences"}}).element("h2", say("sources.licences"));
  body.open("div", {{"lang", "en"}, {"dir", "ltr"}});
  put_markdown(body, document_text("DATA-LICENSES.md"), {.with_title = false, .link = nullptr});
  body.close().close();
  return framed(context, {.title = say("sources.title"), .area = "/sources"}, body);
}

}  // namespace lightsout
