// Which of the rows kept for a bin holds, and which bins of a new arrival need a row: the pure part
// of keeping corrections.
//
// A row has a key (when it arrived, number of its put), and keys order the rows of a bin. The last
// row says what was *said* last. What *holds* is the last row that is not missing, or, where all
// are missing, the last one: a later export that lacks a bin denies nothing.
//
// A put writes a row only where the last row up to its own key says something else, bit for bit. So
// a feed that is polled every minute for its last day costs one row a bin, and the same file twice
// none. That left out rows can be wanted later: when a put arrives between two that were there
// before it, restated() gives the rows by which the later ones go on saying what they said.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "signal/series.h"

namespace lightsout {

struct ArrivalKey {
  std::int64_t arrived = 0;  // seconds since 1970
  std::int64_t put = 0;      // the store's number for one series of one put_series(), from 1
  auto operator<=>(const ArrivalKey&) const = default;
};

struct StoredSample {
  std::int64_t time = 0;  // begin of the bin, seconds since 1970
  ArrivalKey key;
  Sample sample;
  std::optional<float> trials;
  std::optional<float> coverage;
};

// The same statement about a bin: equal bit for bit, so that NaN equals itself.
bool says_the_same(const StoredSample& a, const StoredSample& b);

// A put that covered a range of bins, whether or not it had to write rows.
struct PutRange {
  ArrivalKey key;
  std::int64_t first = 0;  // begin of its first bin
  std::int64_t last = 0;   // begin of its last bin
};

struct Difference {
  std::vector<std::size_t> changed;    // bins of the arrival that need a row
  std::uint64_t corrected = 0;         // of these, bins about which something was said before
  bool contradicts_itself = false;     // the same put said something else of a bin before
  std::vector<StoredSample> restated;  // rows of later puts that were left out and now are needed
};

// `arrival`: one sample a bin, on the grid, all with the same key. `rows`: all that is kept between
// its first and its last bin, in any order. `later`: the puts with a greater key that overlap it.
Difference difference(const std::vector<StoredSample>& arrival, std::vector<StoredSample> rows,
                      const std::vector<PutRange>& later);

// Takes the rows of a stretch of bins in any order and keeps for each bin what holds. Puts are
// given by their rank, 0, 1, 2 ... in the order of their keys.
class Holding {
 public:
  Holding(std::int64_t first, std::int64_t step, std::size_t bins);

  // A row outside the stretch is our bug.
  void add(std::int64_t time, std::uint32_t rank, const Sample& sample,
           const std::optional<float>& trials, const std::optional<float>& coverage);

  // Fills in begin, samples, trials and coverage, from the first to the last bin of which anything
  // was ever said, and ends the use of this object. `used[rank]`: the put holds a bin of them.
  // False: nothing was said of any bin.
  bool finish(Series& series, std::vector<bool>& used);

 private:
  std::int64_t first_;
  std::int64_t step_;
  // 0: no row. Else the rank plus one, and above all ranks when the row is not missing.
  std::vector<std::uint32_t> strength_;
  std::vector<Sample> samples_;
  std::vector<float> trials_;    // empty while no row has any; NaN where the row has none
  std::vector<float> coverage_;  // empty while no row has any; 1 where the row has none
};

}  // namespace lightsout
