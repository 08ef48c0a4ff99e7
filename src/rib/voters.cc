// SPDX-License-Identifier: Apache-2.0
#include "rib/voters.h"

#include <map>

namespace lightsout::rib {

Voters Voters::of(const Rib& rib, Family family) {
  const auto& peers = rib.peers();
  const std::size_t words = (peers.size() + 63) / 64;
  Voters voters;
  voters.counted_.resize(words);
  voters.alone_.resize(words);
  std::map<Asn, std::vector<PeerId>> by_asn;
  for (PeerId id = 0; id < peers.size(); ++id) {
    if (!rib.counts(id, family)) continue;
    voters.counted_[id / 64] |= std::uint64_t{1} << id % 64;
    by_asn[peers[id].key.asn].push_back(id);
  }
  for (const auto& [asn, ids] : by_asn) {
    if (ids.size() == 1) {
      voters.alone_[ids[0] / 64] |= std::uint64_t{1} << ids[0] % 64;
      continue;
    }
    voters.group_begin_.push_back(voters.group_bits_.size());
    for (const PeerId id : ids) {
      const bool first = voters.group_begin_.back() == voters.group_bits_.size();
      if (first || voters.group_bits_.back().word != id / 64u) {
        voters.group_bits_.push_back({id / 64u, 0});
      }
      voters.group_bits_.back().bits |= std::uint64_t{1} << id % 64;
    }
  }
  voters.group_begin_.push_back(voters.group_bits_.size());
  // A share is at least k quarters when four times the voices are at least k times all of them.
  const std::size_t all = by_asn.size();
  for (std::size_t voices = 1; voices <= all; ++voices) {
    voters.levels_.push_back(static_cast<std::uint8_t>(1 + voices * 4 / all));
  }
  return voters;
}

}  // namespace lightsout::rib
