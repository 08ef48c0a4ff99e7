// SPDX-License-Identifier: Apache-2.0
#include "store/overlay.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace lightsout {

namespace {

constexpr std::uint32_t kNotMissing = std::uint32_t{1} << 31;
constexpr float kNoTrials = std::numeric_limits<float>::quiet_NaN();

bool same_bits(const std::optional<float>& a, const std::optional<float>& b) {
  if (a.has_value() != b.has_value()) return false;
  return !a || std::bit_cast<std::uint32_t>(*a) == std::bit_cast<std::uint32_t>(*b);
}

using Rows = std::vector<StoredSample>;

// The last row of a bin up to and with the key, among rows sorted by time and key.
const StoredSample* last_said(const Rows& sorted, std::int64_t time, const ArrivalKey& key) {
  const auto after = std::upper_bound(sorted.begin(), sorted.end(), std::pair(time, key),
                                      [](const auto& wanted, const StoredSample& row) {
                                        return wanted < std::pair(row.time, row.key);
                                      });
  if (after == sorted.begin() || std::prev(after)->time != time) return nullptr;
  return &*std::prev(after);
}

}  // namespace

bool says_the_same(const StoredSample& a, const StoredSample& b) {
  if (a.sample.state() != b.sample.state()) return false;
  if (a.sample.is_number() && std::bit_cast<std::uint64_t>(a.sample.value()) !=
                                  std::bit_cast<std::uint64_t>(b.sample.value())) {
    return false;
  }
  return same_bits(a.trials, b.trials) && same_bits(a.coverage, b.coverage);
}

Difference difference(const std::vector<StoredSample>& arrival, Rows rows,
                      const std::vector<PutRange>& later) {
  Difference result;
  std::sort(rows.begin(), rows.end(), [](const StoredSample& a, const StoredSample& b) {
    return std::pair(a.time, a.key) < std::pair(b.time, b.key);
  });
  for (std::size_t bin = 0; bin < arrival.size(); ++bin) {
    const StoredSample* said = last_said(rows, arrival[bin].time, arrival[bin].key);
    if (said != nullptr && says_the_same(*said, arrival[bin])) continue;
    result.changed.push_back(bin);
    if (said == nullptr) continue;
    ++result.corrected;
    if (said->key == arrival[bin].key) result.contradicts_itself = true;
  }
  for (const PutRange& put : later) {
    for (const std::size_t bin : result.changed) {
      const std::int64_t time = arrival[bin].time;
      if (time < put.first || time > put.last) continue;
      const StoredSample* said = last_said(rows, time, put.key);
      if (said == nullptr || said->key == put.key) continue;
      StoredSample row = *said;
      row.key = put.key;
      result.restated.push_back(row);
    }
  }
  return result;
}

Holding::Holding(std::int64_t first, std::int64_t step, std::size_t bins)
    : first_(first), step_(step), strength_(bins, 0), samples_(bins) {}

void Holding::add(std::int64_t time, std::uint32_t rank, const Sample& sample,
                  const std::optional<float>& trials, const std::optional<float>& coverage) {
  const auto bin = static_cast<std::size_t>((time - first_) / step_);
  CHECK(time >= first_ && bin < strength_.size() && rank < kNotMissing - 1);
  const std::uint32_t strength =
      rank + 1 + (sample.state() == SampleState::missing ? 0 : kNotMissing);
  if (strength <= strength_[bin]) return;
  strength_[bin] = strength;
  samples_[bin] = sample;
  if (trials && trials_.empty()) trials_.assign(strength_.size(), kNoTrials);
  if (coverage && coverage_.empty()) coverage_.assign(strength_.size(), 1);
  if (!trials_.empty()) trials_[bin] = trials.value_or(kNoTrials);
  if (!coverage_.empty()) coverage_[bin] = coverage.value_or(1);
}

bool Holding::finish(Series& series, std::vector<bool>& used) {
  const auto said = [](std::uint32_t strength) { return strength != 0; };
  const auto begin = std::find_if(strength_.begin(), strength_.end(), said) - strength_.begin();
  const auto end = strength_.rend() - std::find_if(strength_.rbegin(), strength_.rend(), said);
  if (begin >= end) return false;
  for (auto bin = static_cast<std::size_t>(begin); bin < static_cast<std::size_t>(end); ++bin) {
    if (strength_[bin] != 0) {
      used[(strength_[bin] & ~kNotMissing) - 1] = true;
      continue;
    }
    // A bin that nobody ever put was not covered; one that was put without a coverage was, in full.
    if (coverage_.empty()) coverage_.assign(strength_.size(), 1);
    coverage_[bin] = 0;
    if (!trials_.empty()) trials_[bin] = 0;
  }
  const auto part = [&](auto& whole) {
    if (whole.empty()) return;
    whole.erase(whole.begin() + end, whole.end());
    whole.erase(whole.begin(), whole.begin() + begin);
  };
  part(samples_), part(trials_), part(coverage_);
  series.begin = Time{Seconds{first_ + step_ * begin}};
  series.samples = std::move(samples_);
  series.trials = std::move(trials_);
  series.coverage = std::move(coverage_);
  return true;
}

}  // namespace lightsout
