// SPDX-License-Identifier: Apache-2.0
#include "signal/lineage.h"

#include <algorithm>
#include <functional>
#include <unordered_set>

namespace lightsout {

namespace {

struct ContentHash {
  std::size_t operator()(const Lineage* input) const {
    return std::hash<std::string>()(input->sha256) ^ std::hash<std::string>()(input->name);
  }
};

struct SameContent {
  bool operator()(const Lineage* a, const Lineage* b) const { return *a == *b; }
};

}  // namespace

void join_lineage(std::vector<Lineage>& into, const std::vector<Lineage>& more) {
  // What most series of one archive have in common stands first.
  if (into.size() >= more.size() && std::equal(more.begin(), more.end(), into.begin())) return;
  std::unordered_set<const Lineage*, ContentHash, SameContent> wanted;
  for (const Lineage& input : more) wanted.insert(&input);
  for (const Lineage& input : into) wanted.erase(&input);
  for (const Lineage& input : more) {
    if (wanted.erase(&input) > 0) into.push_back(input);
  }
}

}  // namespace lightsout
