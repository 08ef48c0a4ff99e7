// SPDX-License-Identifier: Apache-2.0
#include "api/read_signals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/parallel.h"
#include "detect/detector.h"

namespace lightsout::api {

namespace {

std::string short_name(const SignalId& id) {
  return id.source() + "/" + id.metric();
}

struct Chosen {
  SignalSummary summary;  // that of its finest grid in the range
  bool empty = false;     // nothing of it lies in the range
};

Result<std::vector<Chosen>> choose(Observatory& observatory, const SignalQuestion& question) {
  std::vector<Chosen> chosen;
  std::string names;
  for (const SignalSummary& each : observatory.signals_of(question.entity, false)) {
    const std::string name = short_name(each.id);
    if (!names.ends_with(name)) names += (names.empty() ? "" : ", ") + name;
    const bool wanted =
        question.signals.empty() ||
        std::find(question.signals.begin(), question.signals.end(), name) != question.signals.end();
    if (!wanted) continue;
    const bool empty = !each.range.overlaps(question.range);
    if (!chosen.empty() && chosen.back().summary.id == each.id) {
      // A source that changed its step: the finest grid that has something in the range.
      if (chosen.back().empty && !empty) chosen.back() = {each, empty};
      continue;
    }
    chosen.push_back({each, empty});
  }
  for (const std::string& name : question.signals) {
    const bool found = std::any_of(chosen.begin(), chosen.end(), [&](const Chosen& each) {
      return short_name(each.summary.id) == name;
    });
    if (!found) {
      return Error{ErrorKind::not_found,
                   fmt::format("{} has no signal '{}'; it has {}", question.entity.text(), name,
                               names.empty() ? "none" : names)};
    }
  }
  if (chosen.empty()) {
    if (const Status known = known_entity(observatory, question.entity); !known) {
      return known.error();
    }
    return Error{ErrorKind::not_found,
                 fmt::format("{} has no series of its own, only its parts have: "
                             "/api/v1/entities?related_to={} lists them",
                             question.entity.text(), path_of(question.entity))};
  }
  return chosen;
}

Status check_size(const std::vector<Chosen>& chosen, const SignalQuestion& question) {
  std::size_t samples = 0;
  std::size_t native = 0;
  for (const Chosen& each : chosen) {
    const Seconds step = effective_step(each.summary.step, question.step);
    samples += static_cast<std::size_t>(question.range.length() / step) + 1;
    const Time begin = std::max(question.range.begin, each.summary.range.begin);
    const Time end = std::min(question.range.end, each.summary.range.end);
    if (begin < end) native += static_cast<std::size_t>((end - begin) / each.summary.step);
  }
  if (samples > kMaxSamples) {
    return Error{ErrorKind::limit,
                 fmt::format("{} samples of {} series are more than one answer holds ({}): ask for "
                             "one signal=, a shorter range, or a coarser step= such as 1h or 1d",
                             samples, chosen.size(), kMaxSamples)};
  }
  if (native > kMaxNativeSamples) {
    return Error{ErrorKind::limit,
                 fmt::format("{} stored samples of {} series are more than one answer is made from "
                             "({}): ask for one signal= or a shorter range",
                             native, chosen.size(), kMaxNativeSamples)};
  }
  return {};
}

// What was expected, bin by bin of the columns: the mean, and the widest of the band.
void add_expected(SignalAnswer& answer) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const std::size_t count = answer.columns.size();
  answer.expected_value.assign(count, kNaN);
  answer.expected_low.assign(count, kNaN);
  answer.expected_high.assign(count, kNaN);
  std::vector<double> sum(count, 0);
  std::vector<std::size_t> bins(count, 0);
  for (std::size_t i = 0; i < answer.expected.size(); ++i) {
    const Expectation& each = answer.expected[i];
    const Time time = answer.series.time_of(i);
    if (!std::isfinite(each.value) || time < answer.columns.begin) continue;
    const auto bin = static_cast<std::size_t>((time - answer.columns.begin) / answer.columns.step);
    if (bin >= count) continue;
    sum[bin] += static_cast<double>(each.value);
    const auto low = static_cast<double>(each.low);
    const auto high = static_cast<double>(each.high);
    answer.expected_low[bin] = bins[bin] == 0 ? low : std::min(answer.expected_low[bin], low);
    answer.expected_high[bin] = bins[bin] == 0 ? high : std::max(answer.expected_high[bin], high);
    ++bins[bin];
    answer.expected_value[bin] = sum[bin] / static_cast<double>(bins[bin]);
  }
}

Result<SignalAnswer> read_one(Observatory& observatory, const Chosen& chosen,
                              const SignalQuestion& question) {
  const SignalSummary& signal = chosen.summary;
  const Seconds step = effective_step(signal.step, question.step);
  const TimeRange range = whole_steps(question.range, step);
  const bool judged = question.baseline || question.expected;
  SignalAnswer answer{.series = {.id = signal.id,
                                 .plane = signal.plane,
                                 .unit = signal.unit,
                                 .worse = signal.worse,
                                 .begin = range.begin,
                                 .step = signal.step,
                                 .samples = {},
                                 .trials = {},
                                 .coverage = {},
                                 .lineage = {}},
                      .expected = {},
                      .columns = {},
                      .expected_value = {},
                      .expected_low = {},
                      .expected_high = {}};
  if (!chosen.empty) {
    const Time begin = judged ? range.begin - kHistory : range.begin;
    Result<Series> series = observatory.store().read_series(
        signal.id,
        {.range = TimeRange{begin, range.end}, .as_of = question.as_of, .step = signal.step});
    if (series) {
      answer.series = std::move(*series);
    } else if (series.error().kind != ErrorKind::not_found) {
      return series.error();
    }
  }
  if (judged && !answer.series.samples.empty()) {
    const Detection detection = detect(answer.series);
    std::vector<Expectation> expected = detection.expected;
    const Series whole = std::move(answer.series);
    answer.series = slice(whole, range);
    const auto skipped = static_cast<std::size_t>(
        std::max<std::int64_t>(0, (answer.series.begin - whole.begin) / whole.step));
    if (skipped < expected.size()) {
      expected.erase(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(skipped));
      expected.resize(std::min(expected.size(), answer.series.size()));
      answer.expected = std::move(expected);
    }
    if (question.baseline) answer.series = share_of_expected(answer.series, answer.expected);
  }
  answer.columns = columns_of(answer.series, range, step, question.aggregate);
  if (question.expected) add_expected(answer);
  return answer;
}

}  // namespace

Result<std::vector<SignalAnswer>> read_signals(Observatory& observatory,
                                               const SignalQuestion& question) {
  const Result<std::vector<Chosen>> chosen = choose(observatory, question);
  if (!chosen) return chosen.error();
  if (const Status size = check_size(*chosen, question); !size) return size.error();
  std::vector<SignalAnswer> answers;
  for (const Chosen& each : *chosen) {
    Result<SignalAnswer> answer = read_one(observatory, each, question);
    if (!answer) return answer.error();
    answers.push_back(std::move(*answer));
  }
  return answers;
}

Result<SignalQuestion> read_question(const ApiCall& call, const Entity& entity) {
  const Result<ReadQuery> query = read_common(call);
  if (!query) return query.error();
  const Result<std::optional<Seconds>> step = read_duration(call, "step");
  if (!step) return step.error();
  const Result<std::string> aggregate = read_choice(call, "agg", "mean|min|max");
  if (!aggregate) return aggregate.error();
  const Result<std::string> norm = read_choice(call, "norm", "none|baseline");
  if (!norm) return norm.error();
  const Result<std::string> expected = read_choice(call, "expected", "false|true");
  if (!expected) return expected.error();

  SignalQuestion question{.entity = entity, .signals = {}, .range = {}, .as_of = query->as_of};
  for (const std::string& each : call.request.parameters("signal")) {
    if (!each.empty()) question.signals.push_back(each);
  }
  std::sort(question.signals.begin(), question.signals.end());
  question.signals.erase(std::unique(question.signals.begin(), question.signals.end()),
                         question.signals.end());
  std::optional<Time> through;
  for (const SignalSummary& each : call.observatory.signals_of(entity, false)) {
    through = std::max(through.value_or(each.range.end), each.range.end);
  }
  const Time until = query->until  ? *query->until
                     : query->from ? call.observatory.now()
                                   : through.value_or(call.observatory.now());
  question.range = {query->from.value_or(until - kUsualRange), until};
  if (question.range.empty()) {
    return Error{ErrorKind::usage,
                 fmt::format("from ({}) must lie before until ({}, which is now)",
                             format_time(question.range.begin), format_time(until))};
  }
  if (question.range.length() > kMaxQueryRange) {
    return Error{ErrorKind::usage, "the range is longer than 20 years: ask for less"};
  }
  question.step = step->value_or(Seconds{0});
  question.aggregate = *aggregate == "min"   ? Aggregate::min
                       : *aggregate == "max" ? Aggregate::max
                                             : Aggregate::mean;
  question.baseline = *norm == "baseline";
  question.expected = *expected == "true";
  return question;
}

Effective echo(const SignalQuestion& question) {
  std::string signals;
  for (const std::string& each : question.signals) {
    signals += (signals.empty() ? "" : ",") + each;
  }
  const char* aggregate = question.aggregate == Aggregate::min   ? "min"
                          : question.aggregate == Aggregate::max ? "max"
                                                                 : "mean";
  return {{"entity", question.entity.text()},
          {"signal", signals.empty() ? "all" : signals},
          {"from", format_time(question.range.begin)},
          {"until", format_time(question.range.end)},
          {"asof", question.as_of ? format_time(*question.as_of) : ""},
          {"step", question.step == Seconds{0} ? "native" : std::to_string(question.step.count())},
          {"agg", aggregate},
          {"norm", question.baseline ? "baseline" : "none"},
          {"expected", question.expected ? "true" : "false"}};
}

}  // namespace lightsout::api
