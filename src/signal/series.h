// Series: numbers over time about one entity, from one source, with gaps that stay gaps.
//
// Every bin of [begin, begin + size * step) has a sample, none is skipped, and a sample is either a
// number or one of three reasons why there is none. Zero is a number: a claim about the network.
// Missing is a statement about us. The type keeps the two apart, and no arithmetic joins them.
//
//   Series series{.id = *SignalId::parse("country:KZ/bgp/visible_slash24"), .begin = t0, .step =
//   300s}; series.samples.push_back(Sample::of(1520)); series.samples.push_back(Sample::missing());
//   series.samples[1].number()   // nullopt
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/time.h"
#include "signal/signal_id.h"

namespace lightsout {

enum class SampleState : std::uint8_t {
  number,
  missing,      // the bin should have had a value and none arrived
  suppressed,   // a value arrived and cannot be trusted, or is too small to publish safely
  source_down,  // the source itself was not measuring
};

class Sample {
 public:
  Sample() = default;  // missing
  static Sample of(double value) { return Sample(value, SampleState::number); }
  static Sample missing() { return Sample(0, SampleState::missing); }
  static Sample suppressed() { return Sample(0, SampleState::suppressed); }
  static Sample source_down() { return Sample(0, SampleState::source_down); }
  // For those who keep the two apart; `value` counts only with SampleState::number.
  static Sample of(SampleState state, double value) {
    return Sample(state == SampleState::number ? value : 0, state);
  }

  SampleState state() const { return state_; }
  bool is_number() const { return state_ == SampleState::number; }
  std::optional<double> number() const {
    return is_number() ? std::optional<double>(value_) : std::nullopt;
  }
  double value() const {
    CHECK(is_number());
    return value_;
  }
  bool operator==(const Sample&) const = default;

 private:
  Sample(double value, SampleState state) : value_(value), state_(state) {}

  double value_ = 0;
  SampleState state_ = SampleState::missing;
};

// Where numbers came from: one input, byte for byte.
struct Lineage {
  std::string sha256;           // of the input as it lies on disk or came over the wire
  std::string name;             // the file's name without its folder, or the URL
  std::string format;           // the reader that read it: "ioda-csv"
  Time arrived;                 // when we had it: file modification time, or time of the answer
  bool semi_synthetic = false;  // made by `lightsout simulate`: every output must say so
  bool operator==(const Lineage&) const = default;
};

struct Series {
  SignalId id;
  Plane plane = Plane::traffic;  // which independent view this is, see SignalId
  Unit unit = Unit::count;
  Worse worse = Worse::low;
  Time begin;       // a multiple of the step, unless the source's own grid is shifted
  Seconds step{0};  // the source's native step, > 0
  std::vector<Sample> samples;

  // For a fraction only: how many measurements each bin rests on. Empty, or as long as samples.
  std::vector<float> trials;
  // The share of the source that was alive in each bin, 0..1. Empty (all 1), or as long as samples.
  std::vector<float> coverage;
  std::vector<Lineage> lineage;  // the inputs, in the order of their arrival

  std::size_t size() const { return samples.size(); }
  Time end() const { return begin + step * static_cast<std::int64_t>(samples.size()); }
  TimeRange range() const { return {begin, end()}; }
  Time time_of(std::size_t bin) const { return begin + step * static_cast<std::int64_t>(bin); }
  // The bin that holds the time, or nullopt outside the series.
  std::optional<std::size_t> bin_of(Time time) const;
  // The last time that the data reaches: the end of the last bin that is a number, or begin.
  Time data_through() const;
  bool semi_synthetic() const;
};

// The part of a series inside [range.begin, range.end); whole bins only.
Series slice(const Series& series, const TimeRange& range);

std::string_view name_of(SampleState state);

}  // namespace lightsout
