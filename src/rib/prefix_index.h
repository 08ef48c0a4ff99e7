// PrefixIndex gives each prefix that was ever seen a row number, in the order of first sight.
//
// An open-addressed table of row numbers beside a flat array of prefixes: 18 bytes a prefix and 4
// to 8 for the table, so a million prefixes take about 26 MB. Rows are never removed; a prefix that
// is gone is a row that nobody sees.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "net/prefix.h"

namespace lightsout::rib {

using Row = std::uint32_t;

class PrefixIndex {
 public:
  std::size_t size() const { return prefixes_.size(); }
  const Prefix& at(Row row) const { return prefixes_[row]; }

  std::optional<Row> find(const Prefix& prefix) const;
  Row find_or_add(const Prefix& prefix);

 private:
  static constexpr Row kFree = ~Row{0};
  std::size_t slot_of(const Prefix& prefix) const;
  void grow();

  std::vector<Prefix> prefixes_;
  std::vector<Row> slots_ = std::vector<Row>(1024, kFree);
};

}  // namespace lightsout::rib
