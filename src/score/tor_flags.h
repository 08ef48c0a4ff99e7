// What Tor's own detector made of Tor's real numbers, from the file that carries its ranges.
//
// The file lacks at least ten of the fifty countries that the ranges were learnt from (there is no
// US, GB, JP, IT, ES, ...), so the Normal of a day cannot be learnt from it. It is worked out from
// one row of the day instead, that with most users, and every other row must then follow.
//
//   const Result<TorFile> tor = read_tor_file(data);
//   const RangeRows rows = compare_ranges(*tor);      // rows.alike of rows.rows
//   tor_alarms(tor->users.at("SY"), tor->normals, {begin, end}).runs
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "detect/surge.h"
#include "detect/tor_range.h"
#include "score/section.h"

namespace lightsout {

struct TorFile {
  struct Normal {
    RatioNormal normal;
    std::string learnt_from;  // the country whose row it was worked out from
  };
  std::map<std::string, Series> users;                     // by country code
  std::map<std::string, std::map<Time, TorRange>> ranges;  // as the file carries them
  std::map<Time, Normal> normals;                          // by day
};

Result<TorFile> read_tor_file(const ScoreData& data);

struct RangeRows {
  std::size_t rows = 0;   // without those that the day was learnt from
  std::size_t alike = 0;  // both ends to a millionth
  std::size_t whole = 0;  // both ends as whole users
};
RangeRows compare_ranges(const TorFile& tor);

// Runs of alarm days in one direction count as one alarm.
struct TorAlarms {
  std::size_t runs = 0;
  std::vector<Time> falls;  // days
};
TorAlarms tor_alarms(const Series& series, const std::map<Time, TorFile::Normal>& normals,
                     const TimeRange& range);

// Of known cuts of whole countries in those years, how many each detector saw.
struct KnownCuts {
  std::size_t all = 0, theirs = 0, ours = 0;
};
CommonMode common_mode_of(const TorFile& tor);
KnownCuts find_known_cuts(const TorFile& tor, const CommonMode& common);

// Both detectors on one country: alarms on its real numbers, and drops put in that each found.
struct DetectorCount {
  std::size_t theirs = 0, ours = 0;
  std::size_t injected = 0, theirs_found = 0, ours_found = 0;
  double years = 0;
};
// Of every country with kLeastUsers a day or more; the first `most` of them, 0: all.
std::vector<DetectorCount> compare_detectors(const TorFile& tor, const CommonMode& common,
                                             std::size_t most = 0);

}  // namespace lightsout
