// SPDX-License-Identifier: Apache-2.0
#include "store/overlay.h"

#include <algorithm>
#include <bit>

namespace lightsout {

namespace {

bool same_bits(const std::optional<float>& a, const std::optional<float>& b) {
  if (a.has_value() != b.has_value()) return false;
  return !a || std::bit_cast<std::uint32_t>(*a) == std::bit_cast<std::uint32_t>(*b);
}

bool is_missing(const StoredSample& row) {
  return row.sample.state() == SampleState::missing;
}

// Of two rows of one bin, does the second one hold?
bool takes_over(const StoredSample& old, const StoredSample& row) {
  if (is_missing(old) != is_missing(row)) return is_missing(old);
  return old.key < row.key;
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

void Holding::add(const StoredSample& row) {
  const auto bin = static_cast<std::size_t>((row.time - first_) / step_);
  CHECK(row.time >= first_ && bin < rows_.size() && row.key.put != 0);
  StoredSample& old = rows_[bin];
  if (old.key.put == 0 || takes_over(old, row)) old = row;
}

}  // namespace lightsout
