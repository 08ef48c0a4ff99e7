// Tor: its own range to the digit, and our detector of changed use beside its flags.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "score/sections.h"
#include "score/statistics.h"
#include "score/tor_flags.h"

namespace lightsout {

namespace {

constexpr std::size_t kResamples = 1'000;

std::string percent_of(std::size_t part, std::size_t whole) {
  return fmt::format(
      "{} of {} ({:.3f} %)", part, whole,
      whole == 0 ? 0.0 : 100 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string rate_words(const std::vector<DetectorCount>& counts,
                       std::size_t DetectorCount::* which) {
  const auto rate = [&](const std::vector<std::size_t>& drawn) {
    double sum = 0;
    double years = 0;
    for (const std::size_t i : drawn) {
      sum += static_cast<double>(counts[i].*which);
      years += counts[i].years;
    }
    return years > 0 ? sum / years : std::nan("");
  };
  std::vector<std::size_t> all(counts.size());
  std::size_t total = 0;
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i, total += counts[i].*which;
  const Interval interval = bootstrap(counts.size(), kResamples, rate);
  return fmt::format("{}: {:.2f} ({:.2f} to {:.2f})", total, rate(all), interval.low,
                     interval.high);
}

std::string ratio_words(const std::vector<DetectorCount>& counts) {
  const auto ratio = [&](const std::vector<std::size_t>& drawn) {
    double ours = 0;
    double theirs = 0;
    for (const std::size_t i : drawn) {
      ours += static_cast<double>(counts[i].ours);
      theirs += static_cast<double>(counts[i].theirs);
    }
    return theirs > 0 ? ours / theirs : std::nan("");
  };
  std::vector<std::size_t> all(counts.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return with_interval(ratio(all), bootstrap(counts.size(), kResamples, ratio));
}

std::string found_words(std::size_t found, std::size_t of) {
  if (of == 0) return "-";
  const Interval share = wilson(found, of);
  return fmt::format("{} of {}, {:.1f} % ({:.1f} to {:.1f})", found, of,
                     100 * static_cast<double>(found) / static_cast<double>(of), 100 * share.low,
                     100 * share.high);
}

ScoreTable detector_table(const TorFile& tor, const CommonMode& common,
                          const std::vector<DetectorCount>& counts) {
  const KnownCuts known = find_known_cuts(tor, common);
  DetectorCount all;
  for (const DetectorCount& one : counts) {
    all.injected += one.injected;
    all.theirs_found += one.theirs_found;
    all.ours_found += one.ours_found;
  }
  return {{"", "Tor's flags", "ours"},
          {{"alarms, and a series-year", rate_words(counts, &DetectorCount::theirs),
            rate_words(counts, &DetectorCount::ours)},
           {"ours by Tor's (asked for: a third or less)", "1", ratio_words(counts)},
           {"known cuts found", found_words(known.theirs, known.all),
            found_words(known.ours, known.all)},
           {"drops put in that were found", found_words(all.theirs_found, all.injected),
            found_words(all.ours_found, all.injected)}}};
}

ScoreSection make(const ScoreData& data) {
  constexpr std::string_view kHeading = "Tor users: its range, and the better detector";
  Result<TorFile> tor = read_tor_file(data);
  if (!tor) return not_scored(std::string(kHeading), tor.error());
  ScoreSection section{.heading = std::string(kHeading), .blocks = {}};
  const RangeRows rows = compare_ranges(*tor);
  const CommonMode common = common_mode_of(*tor);
  const std::vector<DetectorCount> counts = compare_detectors(*tor, common, data.sampled ? 40 : 0);
  section.blocks.push_back(score_text(
      "The ranges that the file carries, worked out again. It lacks at least ten of the fifty "
      "countries that they were learnt from, so the spread of a day is taken from the row with "
      "most "
      "users, and every other row must follow."));
  section.blocks.push_back(
      score_table({{"rows", "both ends to a millionth", "both ends as whole users"},
                   {{std::to_string(rows.rows), percent_of(rows.alike, rows.rows),
                     percent_of(rows.whole, rows.rows)}}}));
  section.blocks.push_back(score_text(fmt::format(
      "{} countries with {} users a day or more. Days in a row are one alarm; hardly any of them "
      "has a known cause, so they are counted as they are. Drops of a day or two to between 50 and "
      "2 % of the users are put in at random days. Brackets: 95 %, countries resampled, or "
      "Wilson's.",
      counts.size(), kLeastUsers)));
  section.blocks.push_back(score_table(detector_table(*tor, common, counts)));
  return section;
}

}  // namespace

const ScoreMaker kTorScore{
    .name = "tor",
    .summary = "Tor's range to the digit, and our detector beside Tor's flags.",
    .make = make,
};

}  // namespace lightsout
