// SPDX-License-Identifier: Apache-2.0
#include "source/collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "source/limits.h"

namespace lightsout {

Collector::Collector(std::span<const Input> inputs) : inputs_(inputs) {
  for (const Input& input : inputs) reading_.inputs.push_back({.name = input.lineage.name});
}

const std::string& Collector::name_of(std::size_t input) const {
  return inputs_[input].lineage.name;
}

void Collector::damaged(std::size_t input, std::uint64_t offset, std::uint64_t bytes,
                        std::string reason) {
  reading_.damage.add(
      {.file = name_of(input), .offset = offset, .bytes = bytes, .reason = std::move(reason)});
}

void Collector::note(std::size_t input, std::string text) {
  auto& notes = reading_.inputs[input].notes;
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(std::move(text));
}

void Collector::count(std::size_t input, const std::string& text, std::uint64_t times) {
  constexpr std::size_t kMostTexts = 1000;  // a text may hold a name from the input
  if (counts_.size() < kMostTexts || counts_.contains({input, text})) {
    counts_[{input, text}] += times;
  } else {
    counts_[{input, "others"}] += times;
  }
}

void Collector::damaged(std::size_t input, const CsvRow& row, const Error& error) {
  damaged(input, row.offset, row.bytes, fmt::format("line {}: {}", row.line, error.message));
}

Result<Collector::Handle> Collector::series(SeriesSpec spec) {
  const auto known = handles_.find(spec.id);
  if (known != handles_.end()) return known->second;
  if (series_.size() >= kMostSeries) {
    return Error{ErrorKind::limit, fmt::format("more than {} series", kMostSeries)};
  }
  handles_.emplace(spec.id, series_.size());
  series_.push_back({.spec = std::move(spec)});
  return series_.size() - 1;
}

void Collector::add(Handle handle, std::size_t input, Time time, const Sample& sample, float trials,
                    float coverage) {
  if (points_ >= kMostSamples) {
    count(input, fmt::format("samples past the limit of {} for one run", kMostSamples));
    return;
  }
  ++points_;
  Growing& growing = series_[handle];
  growing.inputs.insert(input);
  growing.points.push_back({.time = static_cast<std::uint32_t>(time.time_since_epoch().count()),
                            .order = order_++ & 0x3FFFFFFF,
                            .state = static_cast<std::uint32_t>(sample.state()) & 3,
                            .value = sample.is_number() ? sample.value() : 0,
                            .trials = trials,
                            .coverage = coverage});
}

void Collector::cover(Handle handle, const TimeRange& range) {
  std::optional<TimeRange>& covered = series_[handle].cover;
  if (!covered) {
    covered = range;
  } else {
    covered->begin = std::min(covered->begin, range.begin);
    covered->end = std::max(covered->end, range.end);
  }
}

// What is said of a whole series stands under the last input that gave points to it.
void Collector::report(const Growing& growing, const GridReport& report) {
  const std::size_t input = *std::max_element(
      growing.inputs.begin(), growing.inputs.end(), [&](std::size_t a, std::size_t b) {
        return inputs_[a].lineage.arrived < inputs_[b].lineage.arrived;
      });
  const std::string id = growing.spec.id.text();
  if (report.far_away > 0) {
    damaged(input, 0, 0,
            fmt::format("{}: {} of its rows far from all others, the first at {}: a wrong clock; "
                        "left out",
                        id, report.far_away, format_time(Time{Seconds{report.far_away_time}})));
  }
  if (report.conflicts > 0 && growing.inputs.size() == 1) {
    damaged(input, 0, 0,
            fmt::format("{}: {} rows give another value for a time that was there before; the "
                        "later row is kept",
                        id, report.conflicts));
  } else if (report.conflicts > 0) {
    note(input, fmt::format("{}: {} values differ between inputs; the later arrival is kept", id,
                            report.conflicts));
  }
  if (report.past_limit > 0) {
    damaged(
        input, 0, 0,
        fmt::format("{}: {} samples past the limit of {} bins", id, report.past_limit, kMostBins));
  }
  if (report.repeated > 0) count(input, "rows repeated word for word", report.repeated);
  if (report.irregular > 0) {
    note(input, fmt::format("{}: no regular step; averaged", id));
  } else if (report.resampled > 0) {
    note(input, fmt::format("{}: {} values off its grid, averaged onto it", id, report.resampled));
  }
}

void Collector::finish_series(Growing& growing, std::size_t& bins_left) {
  GridReport grid;
  Series series = series_of(growing.spec, std::move(growing.points), growing.cover,
                            std::min(kMostBins, bins_left), grid);
  growing.points = Points{};
  bins_left -= std::min(bins_left, series.size());
  report(growing, grid);
  if (series.samples.empty()) return;
  for (const std::size_t input : growing.inputs) series.lineage.push_back(inputs_[input].lineage);
  std::stable_sort(series.lineage.begin(), series.lineage.end(),
                   [](const Lineage& a, const Lineage& b) { return a.arrived < b.arrived; });
  reading_.series.push_back(std::move(series));
}

Reading Collector::finish() {
  std::size_t bins_left = kMostSamples;
  for (const auto& [id, handle] : handles_) {
    if (!series_[handle].points.empty()) finish_series(series_[handle], bins_left);
  }
  for (const auto& [what, times] : counts_) {
    const bool limit =
        what.second.starts_with("samples past") || what.second.starts_with("series past");
    const std::string text = fmt::format("{} {}", times, what.second);
    if (limit) damaged(what.first, 0, 0, text);
    note(what.first, text);
  }
  return std::move(reading_);
}

void CoveredTime::add(Time time) {
  constexpr Seconds kFar{366 * 86400};
  constexpr std::size_t kMostStretches = 64;
  const auto near = [&](const Stretch& stretch) {
    return stretch.range.begin - kFar <= time && time < stretch.range.end + kFar;
  };
  if (stretches_.empty() || !near(stretches_[current_])) {
    const auto found = std::find_if(stretches_.begin(), stretches_.end(), near);
    current_ = static_cast<std::size_t>(found - stretches_.begin());
    if (found == stretches_.end()) {
      if (stretches_.size() == kMostStretches) {
        current_ = 0;
        return;
      }
      stretches_.push_back({.range = {time, time + Seconds{1}}});
    }
  }
  Stretch& stretch = stretches_[current_];
  ++stretch.rows;
  stretch.range.begin = std::min(stretch.range.begin, time);
  stretch.range.end = std::max(stretch.range.end, time + Seconds{1});
}

std::optional<TimeRange> CoveredTime::range() const {
  std::uint64_t rows = 0;
  for (const Stretch& stretch : stretches_) rows += stretch.rows;
  const std::uint64_t few = rows < kEnoughToJudge ? 0 : std::max<std::uint64_t>(1, rows / 100);
  std::optional<TimeRange> covered;
  for (const Stretch& stretch : stretches_) {
    if (stretch.rows <= few) continue;
    if (!covered) covered = stretch.range;
    covered->begin = std::min(covered->begin, stretch.range.begin);
    covered->end = std::max(covered->end, stretch.range.end);
  }
  return covered;
}

void read_each(Collector& collector, std::span<const Input> inputs,
               const std::function<void(std::size_t input, ByteSource&)>& read) {
  std::vector<std::size_t> order(inputs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return inputs[a].lineage.arrived < inputs[b].lineage.arrived;
  });
  for (const std::size_t i : order) {
    const Result<std::unique_ptr<ByteSource>> source = inputs[i].open();
    if (source) {
      read(i, **source);
    } else {
      collector.damaged(i, 0, 0, source.error().message);
    }
  }
}

}  // namespace lightsout
