// SPDX-License-Identifier: Apache-2.0
#include "rib/visibility.h"

#include <algorithm>
#include <bit>
#include <set>

namespace lightsout::rib {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

bool any_common(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if ((a[i] & b[i]) != 0) return true;
  }
  return false;
}

std::size_t count_common(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    count += static_cast<std::size_t>(std::popcount(a[i] & b[i]));
  }
  return count;
}

// How many units lie in the union of ranges that come in the order of their beginning.
class Union {
 public:
  void add(std::uint64_t first, std::uint64_t last) {
    if (any_ && last <= end_) return;
    if (any_ && first <= end_) first = end_ + 1;
    count_ += last - first + 1;
    end_ = last;
    any_ = true;
  }
  std::uint64_t count() const { return count_; }

 private:
  std::uint64_t count_ = 0;
  std::uint64_t end_ = 0;  // the last unit counted
  bool any_ = false;
};

unsigned shift_to_units(Family family) {
  return family == Family::v4 ? 32 - Visibility::kUnitLength[0] : 64 - Visibility::kUnitLength[1];
}

}  // namespace

Visibility::Visibility(Rib& rib, const PrefixTable& table, VisibilityOptions options)
    : rib_(rib), table_(table), options_(std::move(options)) {
  for (const Entity& entity : table.entities()) {
    const bool wanted = options_.country.empty() || entity.country() == options_.country;
    tracked_of_.push_back(wanted ? static_cast<std::uint32_t>(entities_.size()) : kNone);
    if (wanted) entities_.push_back(entity);
  }
  tracked_.resize(entities_.size());
}

Visibility::Voters Visibility::voters_of(Family family) const {
  const auto& peers = rib_.peers();
  const std::size_t words = (peers.size() + 63) / 64;
  Voters voters;
  voters.counted.resize(words);
  std::map<Asn, std::vector<PeerId>> by_asn;
  for (PeerId id = 0; id < peers.size(); ++id) {
    if (!rib_.counts(id, family)) continue;
    voters.counted[id / 64] |= std::uint64_t{1} << id % 64;
    by_asn[peers[id].key.asn].push_back(id);
  }
  voters.alone.resize(words);
  for (const auto& [asn, ids] : by_asn) {
    std::vector<std::uint64_t> group(words);
    for (const PeerId id : ids) group[id / 64] |= std::uint64_t{1} << id % 64;
    if (ids.size() == 1) {
      voters.alone[ids[0] / 64] |= std::uint64_t{1} << ids[0] % 64;
    } else {
      voters.groups.push_back(std::move(group));
    }
  }
  voters.voices = by_asn.size();
  return voters;
}

void Visibility::refresh() {
  add_rows();
  bool all = false;
  for (const Family family : {Family::v4, Family::v6}) {
    Voters voters = voters_of(family);
    if (voters == voters_[index_of(family)]) continue;
    voters_[index_of(family)] = std::move(voters);
    all = true;
  }
  std::vector<Row> rows = rib_.take_changed();
  if (all) {
    rows.resize(rib_.prefixes().size());
    for (Row row = 0; row < rows.size(); ++row) rows[row] = row;
  }
  for (const Row row : rows) {
    const bool visible = judge(row);
    // The origin of a visible row may have changed, which only matters for networks by origin.
    if (visible != visible_[row] || (visible && options_.networks_by_origin)) mark_entities(row);
    visible_[row] = visible;
  }
  for (std::size_t entity = 0; entity < tracked_.size(); ++entity) {
    for (int family = 0; family < 2; ++family) {
      if (tracked_[entity].dirty[family]) count(entity, family);
    }
  }
}

void Visibility::add_rows() {
  const std::size_t known = visible_.size();
  visible_.resize(rib_.prefixes().size());
  for (std::size_t row = known; row < visible_.size(); ++row) add_parts(static_cast<Row>(row));
}

void Visibility::add_parts(Row row) {
  const Prefix& prefix = rib_.prefixes().at(row);
  if (prefix.length() < kShortestPrefix) return;
  const int family = index_of(prefix.family());
  const unsigned shift = shift_to_units(prefix.family());
  table_.for_each_piece(prefix, [&](std::uint64_t first, std::uint64_t last, std::uint32_t set) {
    for (const std::uint32_t entity : table_.entities_of(set)) {
      if (tracked_of_[entity] == kNone) continue;
      Tracked& tracked = tracked_[tracked_of_[entity]];
      std::vector<Part>& parts = tracked.parts[family];
      // Pieces come in order, so those of one row that touch grow into one part.
      const bool joins =
          !parts.empty() && parts.back().row == row && first >> shift <= parts.back().last + 1;
      if (joins) {
        parts.back().last = std::max(parts.back().last, last >> shift);
      } else if (parts_ >= kMaxParts) {
        ++beyond_limits_;
      } else {
        parts.push_back({first >> shift, last >> shift, row});
        ++parts_;
        tracked.sorted[family] = false;
      }
    }
  });
}

void Visibility::entities_of(const Prefix& prefix, std::vector<std::uint32_t>& into) const {
  into.clear();
  if (prefix.length() < kShortestPrefix) return;
  table_.for_each_piece(prefix, [&](std::uint64_t, std::uint64_t, std::uint32_t set) {
    for (const std::uint32_t entity : table_.entities_of(set)) {
      const std::uint32_t number = tracked_of_[entity];
      if (number != kNone && std::find(into.begin(), into.end(), number) == into.end()) {
        into.push_back(number);
      }
    }
  });
}

bool Visibility::judge(Row row) const {
  const Prefix& prefix = rib_.prefixes().at(row);
  const Voters& voters = voters_[index_of(prefix.family())];
  const auto mask = rib_.routes().mask(row);
  std::size_t voices = count_common(mask, voters.alone);
  for (const auto& group : voters.groups) voices += any_common(mask, group) ? 1 : 0;
  if (voices == 0 || voices * 2 < voters.voices) return false;
  std::vector<Asn> origins;
  if (!rib_.routes().mixed(row)) return rib_.routes().common_origin(row).number != 0;
  origins_of(row, origins);
  return !origins.empty();
}

// The distinct networks that the counted peers name as the origin.
void Visibility::origins_of(Row row, std::vector<Asn>& into) const {
  into.clear();
  const Plane& routes = rib_.routes();
  if (!routes.mixed(row)) {
    if (routes.common_origin(row).number != 0) into.push_back(routes.common_origin(row));
    return;
  }
  const Voters& voters = voters_[index_of(rib_.prefixes().at(row).family())];
  for (PeerId peer = 0; peer < rib_.peers().size(); ++peer) {
    if ((voters.counted[peer / 64] >> peer % 64 & 1) == 0 || !routes.seen(row, peer)) continue;
    const Asn origin = routes.origin(row, peer);
    if (origin.number != 0 && std::find(into.begin(), into.end(), origin) == into.end()) {
      into.push_back(origin);
    }
  }
}

void Visibility::mark_entities(Row row) {
  const Prefix& prefix = rib_.prefixes().at(row);
  std::vector<std::uint32_t> entities;
  entities_of(prefix, entities);
  for (const std::uint32_t entity : entities) {
    tracked_[entity].dirty[index_of(prefix.family())] = true;
  }
}

void Visibility::count(std::size_t entity, int family) {
  Tracked& tracked = tracked_[entity];
  std::vector<Part>& parts = tracked.parts[family];
  if (!tracked.sorted[family]) {
    std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
      return std::tuple(a.first, a.last, a.row) < std::tuple(b.first, b.last, b.row);
    });
    tracked.sorted[family] = true;
  }
  const bool by_origin =
      options_.networks_by_origin && entities_[entity].type() == EntityType::country;
  Union whole;
  std::map<Asn, Union> networks;
  std::vector<Asn> origins;
  for (const Part& part : parts) {
    if (!visible_[part.row]) continue;
    whole.add(part.first, part.last);
    if (!by_origin) continue;
    origins_of(part.row, origins);
    for (const Asn origin : origins) networks[origin].add(part.first, part.last);
  }
  tracked.count[family] = {.units = whole.count()};
  // A network that was seen once stays in the list with 0: gone is a number.
  for (auto& [asn, count] : tracked.networks[family]) count = {};
  for (const auto& [asn, range] : networks) tracked.networks[family][asn].units = range.count();
  tracked.dirty[family] = false;
}

std::map<Asn, std::uint64_t> visible_slash24_by_origin(const Rib& rib, double share) {
  const auto& peers = rib.peers();
  std::set<Asn> voters;
  for (PeerId id = 0; id < peers.size(); ++id) {
    if (rib.counts(id, Family::v4)) voters.insert(peers[id].key.asn);
  }
  std::vector<std::pair<std::uint64_t, Row>> rows;
  for (Row row = 0; row < rib.prefixes().size(); ++row) {
    const Prefix& prefix = rib.prefixes().at(row);
    if (prefix.family() == Family::v4 && prefix.length() >= Visibility::kShortestPrefix) {
      rows.emplace_back(prefix.high_bits(), row);
    }
  }
  std::sort(rows.begin(), rows.end());
  std::map<Asn, Union> networks;
  for (const auto& [first, row] : rows) {
    std::set<Asn> seen_by, origins;
    for (PeerId id = 0; id < peers.size(); ++id) {
      if (!rib.counts(id, Family::v4) || !rib.routes().seen(row, id)) continue;
      seen_by.insert(peers[id].key.asn);
      const Asn origin = rib.routes().origin(row, id);
      if (origin.number != 0) origins.insert(origin);
    }
    if (seen_by.empty()) continue;
    const double ratio = static_cast<double>(seen_by.size()) / static_cast<double>(voters.size());
    if (ratio < share) continue;
    const auto [begin, last] = PrefixTable::range_of(rib.prefixes().at(row));
    for (const Asn origin : origins) networks[origin].add(begin >> 8, last >> 8);
  }
  std::map<Asn, std::uint64_t> counts;
  for (const auto& [asn, range] : networks) counts[asn] = range.count();
  return counts;
}

}  // namespace lightsout::rib
