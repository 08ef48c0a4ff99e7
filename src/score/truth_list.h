// The curated list of outages (Bischof et al., SIGCOMM 2023) as rows that can be learned from.
//
// Surprising rule: a row whose end lies before its beginning keeps its label and loses its length.
// Rows without a cause, or with cause "Unknown", are unlabelled: neither deliberate nor accident.
//
//   const Result<TruthList> list = read_truth_list(data);
//   for (const ListedOutage& row : list->rows) use(row.values, row.label);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cases/deliberate.h"
#include "score/section.h"

namespace lightsout {

inline constexpr std::string_view kTruthListFile = "groundtruth/ioda-curated-outages-sigcomm23.csv";
inline constexpr std::size_t kMaxListedOutages = 100'000;

enum class OutageLabel : std::uint8_t { deliberate, accident, unlabelled };

struct ListedOutage {
  std::string id;
  std::string country;  // as the list spells it
  Time begin;           // UTC
  std::optional<Time> end;
  OutageLabel label = OutageLabel::unlabelled;
  IndicatorValues values;       // ours
  std::vector<double> classic;  // of methods.md 2.2: kClassicNames
};

// The features of methods.md 2.2; the first kClassicOnset are known when an outage begins.
inline constexpr std::array<std::string_view, 8> kClassicNames = {
    "starts at :00", "recurs within 1-4 d", "starts 00:00-05:59", "all three signals",
    "Friday",        "lasts 4 to 9 h",      "whole hours",        "multiple of 30 min"};
inline constexpr std::size_t kClassicOnset = 5;

struct TruthList {
  std::vector<ListedOutage> rows;  // of whole countries, by time
  std::size_t other_scopes = 0;    // rows about regions and networks, left out
  std::size_t without_begin = 0;
  std::size_t without_length = 0;  // of `rows`
  std::size_t without_zone = 0;    // of `rows`: no local time
};

Result<TruthList> read_truth_list(const ScoreData& data);

}  // namespace lightsout
