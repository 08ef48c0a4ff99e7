// SPDX-License-Identifier: Apache-2.0
#include "detect/assemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "detect/edges.h"
#include "detect/likelihood.h"
#include "detect/parts.h"

namespace lightsout {
namespace {

constexpr std::uint32_t kAround = 12;  // values before an edge that are looked at again
constexpr double kThreeSigma = 4.5;    // nats: half of three squared
constexpr double kBaselineDays = 28;   // a baseline remembers no more than this
constexpr double kPenaltyPerLog = 3;   // methods 3.1: between 2 ln n and 3 ln n

// A raw event's own numbers, from `begin` on, as spans for edges.h.
class EventNumbers {
 public:
  EventNumbers(const Counts& counts, const Replay& replay, const RawEvent& event,
               std::uint32_t begin, std::uint32_t end)
      : begin_(begin) {
    for (std::uint32_t i = begin; i < end; ++i) {
      const bool held = event.held_from && i >= *event.held_from &&
                        i - *event.held_from < event.held_expected.size();
      const float expected = held ? event.held_expected[i - *event.held_from] : replay.expected[i];
      seen_.push_back(counts.seen[i].count);
      expected_.push_back(std::isnan(expected) ? 0 : expected);
      phi_.push_back(std::isnan(replay.phi[i]) ? 1 : replay.phi[i]);
      keep_.push_back(replay.keep[i]);
    }
  }

  std::uint32_t begin() const { return begin_; }
  std::uint32_t end() const { return begin_ + static_cast<std::uint32_t>(seen_.size()); }

  Stretch stretch(std::uint32_t begin, std::uint32_t end) const {
    CHECK(begin_ <= begin && begin <= end && end - begin_ <= seen_.size());
    const std::size_t at = begin - begin_, n = end - begin;
    const auto part = [&](const std::vector<float>& all) { return std::span(all).subspan(at, n); };
    return {part(seen_), part(expected_), part(phi_), part(keep_)};
  }
  Stretch all() const { return stretch(begin(), end()); }

 private:
  std::uint32_t begin_;
  std::vector<float> seen_, expected_, phi_, keep_;
};

class Assembler {
 public:
  Assembler(const Series& series, const Counts& counts, const Replay& replay,
            const Assembly& assembly)
      : series_(series), counts_(counts), replay_(replay), assembly_(assembly) {}

  Anomaly make(const RawEvent& event) const {
    const std::uint32_t stop = event.end ? *event.end : size();
    Anomaly anomaly{.signal = series_.id,
                    .plane = series_.plane,
                    .detector = std::string(assembly_.detector),
                    .direction = event.direction,
                    .alarmed_at = end_of(event.alarm),
                    .data_through = series_.data_through(),
                    .low_confidence = assembly_.low_confidence,
                    .trace = event.trace};
    const std::uint32_t onset = set_onset(event, stop, anomaly);
    const std::uint32_t end = set_end(event, onset, anomaly);
    const EventNumbers numbers(counts_, replay_, event, onset, end);
    set_parts(event, numbers, anomaly);
    set_depth(event, numbers, anomaly);
    anomaly.lasting = anomaly.range().length() >= kLasting;
    anomaly.baseline = baseline_before(onset, event);
    return anomaly;
  }

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(counts_.seen.size()); }
  Time begin_of(std::uint32_t i) const { return series_.time_of(counts_.bin[i]); }
  Time end_of(std::uint32_t i) const { return begin_of(i) + series_.step; }
  // Begin of value i; one past the last value is the end of the data.
  Time edge_time(std::uint32_t i) const { return i < size() ? begin_of(i) : end_of(size() - 1); }

  double learnt_from(std::uint32_t onset) const {
    const double most = kBaselineDays * 86400 / static_cast<double>(counts_.spacing.count());
    return std::min<double>(onset, most);
  }

  std::uint32_t set_onset(const RawEvent& event, std::uint32_t stop, Anomaly& anomaly) const {
    const std::uint32_t first =
        std::max({replay_.judged_from, std::min(event.not_before, event.onset),
                  event.onset > kAround ? event.onset - kAround : 0});
    const std::uint32_t last = std::min(stop, std::max(event.alarm, event.onset) + 1);
    const EventNumbers around(counts_, replay_, event, first, last);
    const double after = share_of(around.stretch(event.onset, last));
    const Edge edge = find_edge(around.all(), 1, after);
    std::uint32_t at = std::min(first + edge.at, last - 1);
    // A cut in the middle of a bin leaves that bin half full: it belongs to the anomaly.
    if (at > first && half_way(around.stretch(at - 1, at), after)) --at;
    anomaly.onset = {edge_time(at), edge_time(std::min(first + edge.earliest, at)),
                     edge_time(std::min(first + edge.latest, last - 1))};
    // Even the first value may have fallen anywhere since the one before it.
    if (first + edge.earliest >= at && at > 0) anomaly.onset.earliest = edge_time(at - 1);
    anomaly.trace.insert(
        anomaly.trace.begin(),
        {anomaly.onset.value,
         fmt::format("most likely onset; the likelihood allows {} to {}",
                     format_time(anomaly.onset.earliest), format_time(anomaly.onset.latest))});
    return at;
  }

  static bool half_way(const Stretch& one, double after) {
    const double share = share_of(one);
    // At least a third of the way from 1 to the level that followed.
    const double way = (share - 1) / (after - 1);
    return after != 1 && way > 1.0 / 3 && evidence_of(one, share) > kThreeSigma * one.keep[0];
  }

  std::uint32_t set_end(const RawEvent& event, std::uint32_t onset, Anomaly& anomaly) const {
    if (!event.end) return size();
    const std::uint32_t end = std::max(*event.end, onset + 1);
    if (event.cut_short) {
      anomaly.end = TimeEstimate{edge_time(end), edge_time(end - 1), edge_time(end)};
      return end;
    }
    const std::uint32_t first = std::max(onset + 1, end > kAround ? end - kAround : 0);
    const std::uint32_t last = std::min(size(), end + 3);
    const EventNumbers around(counts_, replay_, event, first, last);
    const double before =
        first < end ? share_of(around.stretch(first, end)) : share_of(around.all());
    const double inside =
        event.direction == Direction::fall ? std::min(before, 0.95) : std::max(before, 1.1);
    const Edge edge = find_edge(around.all(), inside, 1);
    const std::uint32_t at = first + edge.at;
    anomaly.end = TimeEstimate{edge_time(at), edge_time(first + edge.earliest),
                               edge_time(first + edge.latest)};
    anomaly.end->earliest = std::max(anomaly.end->earliest, end_of(onset));
    return std::max(at, onset + 1);
  }

  void set_parts(const RawEvent& event, const EventNumbers& numbers, Anomaly& anomaly) const {
    const Stretch all = numbers.all();
    double mean = 0, phi = 0, keep = 0;
    std::vector<double> even;
    std::vector<std::uint32_t> index;
    for (std::size_t i = 0; i < all.seen.size(); ++i) {
      if (all.expected[i] < 1) continue;
      mean += all.expected[i], phi += all.phi[i], keep += all.keep[i];
      index.push_back(static_cast<std::uint32_t>(i));
    }
    const auto n = static_cast<double>(index.size());
    if (index.empty()) return;
    for (const std::uint32_t i : index) {
      even.push_back(even_noise(all.seen[i] / all.expected[i], mean / n, phi / n));
    }
    const double penalty = kPenaltyPerLog * std::log(std::max(8.0, n)) / (keep / n) * 2;
    const std::vector<std::uint32_t> begins = part_begins(even, penalty);
    for (std::size_t p = 0; p < begins.size(); ++p) {
      const std::uint32_t from = p == 0 ? numbers.begin() : numbers.begin() + index[begins[p]];
      const std::uint32_t to =
          p + 1 < begins.size() ? numbers.begin() + index[begins[p + 1]] : numbers.end();
      const Stretch part = numbers.stretch(from, to);
      const Time end = p + 1 < begins.size() ? edge_time(to)
                       : anomaly.end         ? anomaly.end->value
                                             : anomaly.data_through;
      anomaly.parts.push_back({{p == 0 ? anomaly.onset.value : edge_time(from), end},
                               depth_of(part, event.direction, learnt_from(from))});
      anomaly.evidence += evidence_of(part, share_of(part));
    }
  }

  void set_depth(const RawEvent& event, const EventNumbers& numbers, Anomaly& anomaly) const {
    const Stretch all = numbers.all();
    anomaly.depth = depth_of(all, event.direction, learnt_from(numbers.begin()));
    anomaly.deepest_at = anomaly.onset.value;
    const double sign = event.direction == Direction::fall ? 1 : -1;
    for (std::uint32_t i = 0; i < all.seen.size(); ++i) {
      if (all.expected[i] < kLeastExpected) continue;
      const double depth = sign * (1 - all.seen[i] / all.expected[i]);
      if (depth <= anomaly.deepest) continue;
      anomaly.deepest = depth;
      anomaly.deepest_at = edge_time(numbers.begin() + i);
    }
  }

  std::string baseline_before(std::uint32_t onset, const RawEvent& event) const {
    const Seconds history = begin_of(onset) - begin_of(0);
    std::string text = history >= std::chrono::days(3)
                           ? fmt::format("{} d", history / std::chrono::days(1))
                           : fmt::format("{} h", history / std::chrono::hours(1));
    const std::string& shape = event.weekly ? assembly_.week_shape : assembly_.day_shape;
    if (!shape.empty()) text += " " + shape;
    if (event.relabelled > 0) text += ", at the new level of a lasting shift";
    return text;
  }

  const Series& series_;
  const Counts& counts_;
  const Replay& replay_;
  const Assembly& assembly_;
};

// Joins cuts whose pause is a window of one cut rather than the time between two.
std::vector<RawEvent> join_windows(const std::vector<RawEvent>& events, const Counts& counts) {
  std::vector<RawEvent> joined;
  for (const RawEvent& event : events) {
    RawEvent* last = joined.empty() ? nullptr : &joined.back();
    const bool plain = last != nullptr && last->end && !last->held_from && !event.held_from &&
                       last->direction == event.direction && last->relabelled == event.relabelled &&
                       event.onset > *last->end;
    if (plain) {
      const auto at = [&](std::uint32_t i) { return counts.seen[i].middle; };
      const auto n = static_cast<std::uint32_t>(counts.seen.size());
      const Seconds pause = at(event.onset) - at(*last->end);
      const Seconds before = at(*last->end) - at(last->onset);
      const Seconds after = at(std::min(event.end.value_or(n), n - 1)) - at(event.onset);
      if (pause < kWindowGap && pause < std::max(before, after)) {
        last->end = event.end;
        last->hypothesis = std::min(last->hypothesis, event.hypothesis);
        last->trace.insert(last->trace.end(), event.trace.begin(), event.trace.end());
        continue;
      }
    }
    joined.push_back(event);
  }
  return joined;
}

}  // namespace

std::vector<Anomaly> assemble(const Series& series, const Counts& counts, const Replay& replay,
                              const Assembly& assembly) {
  const Assembler assembler(series, counts, replay, assembly);
  std::vector<Anomaly> anomalies;
  for (const RawEvent& event : join_windows(replay.events, counts)) {
    anomalies.push_back(assembler.make(event));
  }
  std::stable_sort(anomalies.begin(), anomalies.end(), [](const Anomaly& a, const Anomaly& b) {
    return a.onset.value < b.onset.value;
  });
  return anomalies;
}

std::vector<TraceStep> explain_misses(const Series& series, const Counts& counts,
                                      const Replay& replay, const Parameters& parameters) {
  std::vector<TraceStep> trace;
  if (counts.refused > 0) {
    trace.push_back({series.begin, fmt::format("{} values are negative or beyond measure and were "
                                               "not used",
                                               counts.refused)});
  }
  for (const NearMiss& miss : replay.misses) {
    const std::uint32_t from = std::min(miss.from, miss.peak);
    double seen = 0, expected = 0;
    for (std::uint32_t i = from; i <= miss.peak; ++i) {
      if (std::isnan(replay.expected[i])) continue;
      seen += counts.seen[i].count;
      expected += replay.expected[i];
    }
    const double share = expected > 0 ? seen / expected : 1;
    trace.push_back(
        {series.time_of(counts.bin[from]),
         fmt::format("no alarm: {:.0f} % {} expected until {}, S = {:.1f} of the {:.0f} it takes",
                     100 * std::abs(1 - share), share < 1 ? "below" : "above",
                     format_time(series.time_of(counts.bin[miss.peak]) + series.step),
                     miss.share * parameters.threshold, parameters.threshold)});
  }
  return trace;
}

}  // namespace lightsout
