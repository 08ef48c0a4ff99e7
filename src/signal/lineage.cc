// SPDX-License-Identifier: Apache-2.0
#include "signal/lineage.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace lightsout {

namespace {

constexpr std::size_t kFew = 8;  // looked for one by one, without an index

struct ByContent {
  bool operator()(const Lineage* a, const Lineage* b) const {
    const auto key = [](const Lineage& input) {
      return std::tie(input.sha256, input.name, input.format, input.arrived, input.semi_synthetic);
    };
    return key(*a) < key(*b);
  }
};

}  // namespace

void join_lineage(std::vector<Lineage>& into, const std::vector<Lineage>& more) {
  // What most series of one archive have in common stands first.
  if (into.size() >= more.size() && std::equal(more.begin(), more.end(), into.begin())) return;
  std::vector<Lineage> fresh;
  if (more.size() <= kFew) {
    for (const Lineage& input : more) {
      const bool known = std::find(into.begin(), into.end(), input) != into.end() ||
                         std::find(fresh.begin(), fresh.end(), input) != fresh.end();
      if (!known) fresh.push_back(input);
    }
  } else {
    std::set<const Lineage*, ByContent> known;
    for (const Lineage& input : into) known.insert(&input);
    for (const Lineage& input : more) {
      if (known.insert(&input).second) fresh.push_back(input);
    }
  }
  into.insert(into.end(), fresh.begin(), fresh.end());
}

}  // namespace lightsout
