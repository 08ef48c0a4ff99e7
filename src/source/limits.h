// The named maxima of everything that reading a text input can make grow.
//
// Together they keep the reader under 400 MB for an input of any size: a point waiting for its
// series takes 24 bytes, a bin of a finished series at most 24, and both are counted over all
// inputs of one source. What lies past a limit is Damage with the limit's name, never silence.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lightsout {

inline constexpr std::size_t kHeadBytes = 64 << 10;        // what recognition may look at
inline constexpr std::size_t kLongestRow = 1 << 20;        // bytes of one CSV row
inline constexpr std::size_t kMostColumns = 4096;          // of one CSV file
inline constexpr std::size_t kMostSeries = 50'000;         // from the inputs of one source
inline constexpr std::size_t kMostSamples = 4'000'000;     // rows kept, and bins made
inline constexpr std::size_t kMostBins = 1'000'000;        // of one series: 1.9 years by the minute
inline constexpr std::size_t kLongestDocument = 32 << 20;  // bytes of one JSON document read whole
inline constexpr std::size_t kLongestItem = 8 << 20;  // bytes of one object in a list, or one line
inline constexpr std::size_t kDeepestJson = 256;      // brackets inside brackets

}  // namespace lightsout
