// PartList: the parts of the number line that make up one entity, and how much of it is visible.
//
// A part is a range of units (/24s or /48s) that a prefix covers inside the entity. Prefixes lie in
// one another or apart, and so do their parts, also after rounding to whole units. One walk over
// the parts in the order of the line therefore answers for all thresholds at once: each unit is
// worth as much as the best of the prefixes around it, so a part that is better than what encloses
// it lifts its units from that level to its own.
//
//   PartList<std::uint32_t> parts;
//   parts.add(first, last, row);
//   parts.count(levels)[2].units   // at level 3 or above
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "rib/prefix_index.h"
#include "rib/voters.h"

namespace lightsout::rib {

// One entity, one family, one threshold.
struct Count {
  std::uint64_t units = 0;     // visible /24s or /48s
  std::uint32_t prefixes = 0;  // visible prefixes with a part in the entity
  std::uint32_t asns = 0;      // networks that originate them; not counted for networks themselves
  bool operator==(const Count&) const = default;
};
using Counts = std::array<Count, kThresholds>;

template <typename Unit>
class PartList {
 public:
  using UnitType = Unit;

  std::size_t size() const { return parts_.size(); }
  void prefetch() const { __builtin_prefetch(parts_.data()); }

  // Whether the range continues the part that was added last, which then grows.
  bool extend(Unit first, Unit last, Row row) {
    if (sorted_ == parts_.size() || parts_.back().row != row || first > parts_.back().last + 1) {
      return false;
    }
    parts_.back().last = std::max(parts_.back().last, last);
    return true;
  }
  // Parts of one row come in order, one behind the other.
  void add(Unit first, Unit last, Row row) {
    const bool again = sorted_ < parts_.size() && parts_.back().row == row;
    // Long lists grow by a quarter: together they are what an entity costs.
    constexpr std::size_t kLong = 256;
    if (parts_.size() == parts_.capacity() && parts_.size() > kLong) {
      parts_.reserve(parts_.size() + parts_.size() / 4);
    }
    parts_.push_back({first, last, row, again});
  }

  // Drops the parts of rows that do not belong here any more, and those that stand here twice.
  template <typename Belongs>
  void clean(Belongs&& belongs) {
    sort();
    std::erase_if(parts_, [&](const Part& part) { return !belongs(Row{part.row}); });
    const auto same = [](const Part& a, const Part& b) {
      return a.first == b.first && a.last == b.last && a.row == b.row;
    };
    parts_.erase(std::unique(parts_.begin(), parts_.end(), same), parts_.end());
    sorted_ = parts_.size();
  }

  void reserve_more(std::size_t count) { parts_.reserve(parts_.size() + count); }

  // Units and prefixes; `levels` by row.
  Counts count(const std::uint8_t* levels) {
    sort();
    std::int64_t units[kThresholds + 1] = {};  // by the level that they have, no more
    std::uint32_t prefixes[kThresholds + 1] = {};
    Open open[kThresholds + 1] = {{~Unit{0}, 0}};  // each is better than the one that encloses it
    std::size_t depth = 0;
    for (const Part& part : parts_) {
      while (open[depth].last < part.first) --depth;
      const std::uint8_t around = open[depth].level;
      const std::uint8_t level = levels[part.row];
      prefixes[level] += part.again ? 0 : 1;
      if (level > around) {
        const auto size = static_cast<std::int64_t>(part.last - part.first) + 1;
        units[level] += size;
        units[around] -= size;
        open[++depth] = {part.last, level};
      }
    }
    Counts counts;
    std::int64_t more_units = 0;
    std::uint32_t more_prefixes = 0;
    for (std::size_t level = kThresholds; level > 0; --level) {
      counts[level - 1].units = static_cast<std::uint64_t>(more_units += units[level]);
      counts[level - 1].prefixes = more_prefixes += prefixes[level];
    }
    return counts;
  }

 private:
  struct Part {
    Unit first;
    Unit last;  // inclusive
    Row row : 31;
    Row again : 1;  // not the first part of its row
  };
  struct Open {
    Unit last;
    std::uint8_t level;
  };

  void sort() {
    if (sorted_ == parts_.size()) return;
    const auto before = [](const Part& a, const Part& b) {
      if (a.first != b.first) return a.first < b.first;
      if (a.last != b.last) return a.last > b.last;  // what encloses comes first
      return a.row < b.row;
    };
    const auto fresh = parts_.begin() + static_cast<std::ptrdiff_t>(sorted_);
    if (!std::is_sorted(fresh, parts_.end(), before)) std::sort(fresh, parts_.end(), before);
    if (sorted_ > 0 && before(*fresh, *(fresh - 1))) {
      std::inplace_merge(parts_.begin(), fresh, parts_.end(), before);
    }
    sorted_ = parts_.size();
  }

  std::vector<Part> parts_;
  std::size_t sorted_ = 0;  // so many stand in order
};

}  // namespace lightsout::rib
