// SPDX-License-Identifier: Apache-2.0
#include "rib/visibility.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/check.h"

namespace lightsout::rib {
namespace {

constexpr unsigned kUnit4 = 24;
constexpr std::size_t kManyRows = 10'000;  // new at once: a routing table

}  // namespace

std::string_view name_of(Threshold threshold) {
  constexpr std::string_view kNames[kThresholds] = {"min_1_ff_peer_asn", "min_25%_ff_peer_asns",
                                                    "min_50%_ff_peer_asns", "min_75%_ff_peer_asns",
                                                    "min_100%_ff_peer_asns"};
  return kNames[static_cast<std::size_t>(threshold)];
}

Visibility::Visibility(Rib& rib, const PrefixTable& table, VisibilityOptions options)
    : rib_(rib),
      table_(table),
      options_(std::move(options)),
      shift_{32 - kUnit4, 64 - std::min(options_.ipv6_unit, 64u)} {
  for (std::uint32_t i = 0; i < table.entities().size(); ++i) {
    const bool wanted =
        options_.country.empty() || table.entities()[i].country() == options_.country;
    tracked_of_.push_back(wanted ? static_cast<std::uint32_t>(entities_.size()) : kNone);
    if (!wanted) continue;
    add_entity({.of_table = i,
                .network = kNone,
                .country = kNone,
                .is_country = table.entities()[i].type() == EntityType::country});
  }
  for (auto& networks : networks_of_) networks.resize(entities_.size());
  number_of_place({});  // 0: nowhere
}

Entity Visibility::entity(std::size_t number) const {
  const Tracked& tracked = entities_[number];
  if (tracked.of_table != kNone) return table_.entities()[tracked.of_table];
  std::string text = fmt::format("asn:{}", asns_[tracked.network].number);
  if (tracked.country != kNone) text += "@" + entity(tracked.country).text();
  return *Entity::parse(text);
}

EntityType Visibility::type(std::size_t number) const {
  const Tracked& tracked = entities_[number];
  return tracked.of_table == kNone ? EntityType::asn : table_.entities()[tracked.of_table].type();
}

const Count& Visibility::of(std::size_t entity, Family family, Threshold threshold) const {
  static constexpr Count kNothing;
  const std::uint32_t group = entities_[entity].group[index_of(family)];
  if (group == kNone) return kNothing;
  const auto at = static_cast<std::size_t>(threshold);
  return family == Family::v4 ? groups4_[group].counts[at] : groups6_[group].counts[at];
}

std::uint32_t Visibility::add_entity(const Tracked& tracked) {
  entities_.push_back(tracked);
  for (auto& dirty : is_dirty_) dirty.push_back(0);
  return static_cast<std::uint32_t>(entities_.size() - 1);
}

// Calls `use` with the entity's group of the family, a new one when it has none, and marks it.
template <typename Use>
void Visibility::with_group(std::uint32_t entity, int family, Use&& use) {
  const auto in = [&](auto& groups) {
    std::uint32_t& group = entities_[entity].group[family];
    if (group == kNone) {
      group = static_cast<std::uint32_t>(groups.size());
      groups.emplace_back();
      groups.back().entity = entity;
    }
    use(groups[group]);
  };
  mark(entity, family);
  if (family == 0) return in(groups4_);
  in(groups6_);
}

void Visibility::add_part(std::uint32_t entity, int family, std::uint64_t first, std::uint64_t last,
                          Row row) {
  with_group(entity, family, [&](auto& group) {
    using Unit = typename std::decay_t<decltype(group.parts)>::UnitType;
    const auto from = static_cast<Unit>(first >> shift_[family]);
    const auto to = static_cast<Unit>(last >> shift_[family]);
    if (group.parts.extend(from, to, row)) return;
    if (parts_ >= options_.max_parts) {
      ++beyond_limits_;
      return;
    }
    group.parts.add(from, to, row);
    ++parts_;
  });
}

void Visibility::refresh() {
  bool all[2] = {false, false};
  for (const Family family : {Family::v4, Family::v6}) {
    Voters voters = Voters::of(rib_, family);
    const int f = index_of(family);
    all[f] = voters != voters_[f];
    if (all[f]) voters_[f] = std::move(voters);
  }
  add_rows();
  rib_.take_changed([&](Row row) {
    if (!all[index_of(rib_.prefixes().at(row).family())]) judge(row);
  });
  for (Row row = 0; (all[0] || all[1]) && row < levels_.size(); ++row) {
    if (all[index_of(rib_.prefixes().at(row).family())]) judge(row);
  }
  count_all(groups4_, 0);
  count_all(groups6_, 1);
}

void Visibility::add_rows() {
  const std::size_t known = levels_.size(), rows = rib_.prefixes().size();
  if (rows == known) return;
  levels_.resize(rows);
  networks_.resize(rows, kNone);
  places_.reserve(rows);
  for (std::size_t row = known; row < rows; ++row) places_.push_back(place(static_cast<Row>(row)));
  if (options_.networks && rows - known > kManyRows) reserve_parts(known);
}

// Of a whole table each network's parts are known beforehand: room for them, and no more.
void Visibility::reserve_parts(std::size_t known) {
  std::vector<std::uint32_t> counts;
  const Plane& routes = rib_.routes();
  for (std::size_t row = known; row < rib_.prefixes().size(); ++row) {
    const Asn origin = routes.common_origin(row);
    if (origin.number == 0 || rib_.prefixes().at(static_cast<Row>(row)).family() != Family::v4) {
      continue;
    }
    const std::uint32_t network = network_of(origin);
    if (network == kNone) continue;
    counts.resize(asns_.size());
    ++counts[network];
  }
  groups4_.reserve(groups4_.size() + counts.size());
  entities_.reserve(entities_.size() + counts.size());
  for (std::uint32_t network = 0; network < counts.size(); ++network) {
    if (counts[network] == 0) continue;
    with_group(network_entity(network, kNone), 0,
               [&](auto& group) { group.parts.reserve_more(counts[network]); });
  }
}

std::uint32_t Visibility::number_of_place(const std::vector<std::uint32_t>& entities) {
  const auto [found, added] =
      place_numbers_.try_emplace(entities, static_cast<std::uint32_t>(place_entities_.size()));
  if (added) place_entities_.push_back(entities);
  return found->second;
}

// The tracked entities of a set of the table.
std::uint32_t Visibility::place_of_set(std::uint32_t set) {
  if (set >= place_of_set_.size()) place_of_set_.resize(set + 1, kNone);
  if (place_of_set_[set] == kNone) {
    std::vector<std::uint32_t> entities;
    for (const std::uint32_t entity : table_.entities_of(set)) {
      if (tracked_of_[entity] != kNone) entities.push_back(tracked_of_[entity]);
    }
    place_of_set_[set] = number_of_place(entities);
  }
  return place_of_set_[set];
}

// Adds the parts of a new row to the entities of the table.
std::uint32_t Visibility::place(Row row) {
  const Prefix& prefix = rib_.prefixes().at(row);
  if (prefix.length() < kShortestPrefix) return 0;
  const int family = index_of(prefix.family());
  std::uint32_t only = kNone;  // the place of all pieces so far
  std::vector<std::uint32_t> together;
  table_.for_each_piece(prefix, hint_[family],
                        [&](std::uint64_t first, std::uint64_t last, std::uint32_t set) {
                          const std::uint32_t place = place_of_set(set);
                          for (const std::uint32_t entity : place_entities_[place]) {
                            add_part(entity, family, first, last, row);
                          }
                          if (only == kNone) only = place;
                          if (place == only && together.empty()) return;
                          if (together.empty()) together = place_entities_[only];
                          const auto& more = place_entities_[place];
                          together.insert(together.end(), more.begin(), more.end());
                        });
  if (only == kNone) return 0;
  if (together.empty()) return only;
  std::sort(together.begin(), together.end());
  together.erase(std::unique(together.begin(), together.end()), together.end());
  return number_of_place(together);
}

void Visibility::entities_of(const Prefix& prefix, std::vector<std::uint32_t>& into) const {
  into.clear();
  if (prefix.length() < kShortestPrefix) return;
  const std::optional<Row> row = rib_.prefixes().find(prefix);
  if (row && *row < places_.size()) {
    into = place_entities_[places_[*row]];
    return;
  }
  table_.for_each_piece(prefix, [&](std::uint64_t, std::uint64_t, std::uint32_t set) {
    for (const std::uint32_t entity : table_.entities_of(set)) {
      const std::uint32_t number = tracked_of_[entity];
      if (number != kNone && std::find(into.begin(), into.end(), number) == into.end()) {
        into.push_back(number);
      }
    }
  });
}

// Brings one row up to date: its level and its networks.
void Visibility::judge(Row row) {
  const Prefix& prefix = rib_.prefixes().at(row);
  if (prefix.length() < kShortestPrefix) return;
  const Plane& routes = rib_.routes();
  std::uint8_t level = voters_[index_of(prefix.family())].level(routes.mask(row));
  std::uint32_t now = kNone;
  if (!routes.mixed(row)) {
    const Asn origin = routes.common_origin(row);
    const std::uint32_t before = networks_[row];
    if (origin.number == 0) {
      level = 0;
    } else {
      now = before < kSeveral && asns_[before] == origin ? before : network_of(origin);
    }
  } else {
    origins_of(row, origins_);
    if (origins_.empty()) level = 0;
    if (origins_.size() == 1) now = origins_[0];
    if (origins_.size() > 1) now = kSeveral;
  }
  const bool same = now == networks_[row] && (now != kSeveral || several_[row] == origins_);
  if (same && level == levels_[row]) return;
  tally(row, levels_[row], true);
  if (!same) change_networks(row, now);
  levels_[row] = level;
  tally(row, level, false);
  mark_entities(row);
}

void Visibility::tally(Row row, std::uint8_t level, bool gone) {
  if (level == 0) return;
  const int family = index_of(rib_.prefixes().at(row).family());
  const auto best_of = [](const Tally& tally) {
    std::size_t best = kThresholds;
    while (best > 0 && tally.rows[best - 1] == 0) --best;
    return best;
  };
  for (const std::uint32_t entity : place_entities_[places_[row]]) {
    auto& by_best = networks_of_[family][entity].by_best;
    for (const std::uint32_t network : networks_of(row)) {
      std::uint32_t& number = tally_numbers_[family][std::uint64_t{entity} << 32 | network];
      if (number == 0) {  // numbers begin with 1
        tallies_.emplace_back();
        number = static_cast<std::uint32_t>(tallies_.size());
      }
      Tally& tally = tallies_[number - 1];
      if (const std::size_t best = best_of(tally); best > 0) --by_best[best - 1];
      tally.rows[level - 1] += gone ? ~std::uint32_t{0} : 1;
      if (const std::size_t best = best_of(tally); best > 0) ++by_best[best - 1];
    }
  }
}

// The distinct networks that the counted peers name as the origin, in order.
void Visibility::origins_of(Row row, std::vector<std::uint32_t>& into) {
  into.clear();
  const Plane& routes = rib_.routes();
  const Voters& voters = voters_[index_of(rib_.prefixes().at(row).family())];
  const auto mask = routes.mask(row);
  for (std::size_t word = 0; word < mask.size(); ++word) {
    for (std::uint64_t bits = mask[word]; bits != 0; bits &= bits - 1) {
      const PeerId peer =
          static_cast<PeerId>(word * 64 + static_cast<unsigned>(std::countr_zero(bits)));
      if (!voters.counted(peer)) continue;
      const Asn origin = routes.origin(row, peer);
      if (origin.number != 0) into.push_back(network_of(origin));
    }
  }
  std::sort(into.begin(), into.end());
  into.erase(std::unique(into.begin(), into.end()), into.end());
  std::erase(into, kNone);
}

// kNone past the limit: such a network has no count of its own, its prefixes count for countries.
std::uint32_t Visibility::network_of(Asn asn) {
  if (const std::uint32_t* known = network_numbers_.find(asn.number)) return *known;
  if (asns_.size() >= options_.max_networks) {
    ++beyond_limits_;
    return kNone;
  }
  const auto number = static_cast<std::uint32_t>(asns_.size());
  network_numbers_[asn.number] = number;
  asns_.push_back(asn);
  world_entities_.push_back(kNone);
  return number;
}

std::uint32_t Visibility::network_entity(std::uint32_t network, std::uint32_t country) {
  const std::uint64_t key = std::uint64_t{country} << 32 | network;
  const bool world = country == kNone;
  if (world && world_entities_[network] != kNone) return world_entities_[network];
  if (const std::uint32_t* known = world ? nullptr : network_entities_.find(key)) return *known;
  if (!world && network_entities_.size() >= options_.max_networks) {
    ++beyond_limits_;
    return kNone;
  }
  const std::uint32_t number =
      add_entity({.of_table = kNone, .network = network, .country = country});
  (world ? world_entities_[network] : network_entities_[key]) = number;
  return number;
}

std::span<const std::uint32_t> Visibility::networks_of(Row row) const {
  if (networks_[row] == kNone) return {};
  if (networks_[row] == kSeveral) return several_.at(row);
  return {&networks_[row], 1};
}

// The entities that a row counts for because of its network.
template <typename Use>
void Visibility::for_each_network_entity(Row row, std::uint32_t network, Use&& use) {
  const auto give = [&](std::uint32_t country) {
    if (const std::uint32_t entity = network_entity(network, country); entity != kNone) {
      use(entity);
    }
  };
  if (options_.networks) give(kNone);
  if (!options_.networks_by_origin) return;
  for (const std::uint32_t entity : place_entities_[places_[row]]) {
    if (entities_[entity].is_country) give(entity);
  }
}

void Visibility::change_networks(Row row, std::uint32_t now) {
  const auto before_view = networks_of(row);
  const std::vector<std::uint32_t> before(before_view.begin(), before_view.end());
  if (networks_[row] == kSeveral && now != kSeveral) several_.erase(row);
  networks_[row] = now;
  if (now == kSeveral) several_[row] = origins_;
  const int family = index_of(rib_.prefixes().at(row).family());
  const auto after = networks_of(row);
  for (const std::uint32_t network : before) {
    if (std::find(after.begin(), after.end(), network) != after.end()) continue;
    for_each_network_entity(row, network, [&](std::uint32_t entity) {
      with_group(entity, family, [](auto& group) { group.stale = true; });
    });
  }
  for (const std::uint32_t network : after) {
    if (std::find(before.begin(), before.end(), network) == before.end()) enter(row, network);
  }
}

void Visibility::enter(Row row, std::uint32_t network) {
  const Prefix& prefix = rib_.prefixes().at(row);
  const int family = index_of(prefix.family());
  if (options_.networks) {
    const auto [first, last] = PrefixTable::range_of(prefix);
    const std::uint32_t entity = network_entity(network, kNone);
    if (entity != kNone) add_part(entity, family, first, last, row);
  }
  if (!options_.networks_by_origin) return;
  table_.for_each_piece(prefix, hint_[family],
                        [&](std::uint64_t first, std::uint64_t last, std::uint32_t set) {
                          for (const std::uint32_t country : place_entities_[place_of_set(set)]) {
                            if (!entities_[country].is_country) continue;
                            const std::uint32_t entity = network_entity(network, country);
                            if (entity != kNone) add_part(entity, family, first, last, row);
                          }
                        });
}

void Visibility::mark_entities(Row row) {
  const int family = index_of(rib_.prefixes().at(row).family());
  for (const std::uint32_t entity : place_entities_[places_[row]]) mark(entity, family);
  for (const std::uint32_t network : networks_of(row)) {
    for_each_network_entity(row, network, [&](std::uint32_t entity) { mark(entity, family); });
  }
}

template <typename Unit>
void Visibility::count(Group<Unit>& group) {
  const Tracked& tracked = entities_[group.entity];
  if (group.stale) {
    const std::size_t before = group.parts.size();
    group.parts.clean([&](Row row) {
      const auto networks = networks_of(row);
      return std::find(networks.begin(), networks.end(), tracked.network) != networks.end();
    });
    parts_ -= before - group.parts.size();
    group.stale = false;
  }
  group.counts = group.parts.count(levels_.data());
  if (tracked.of_table == kNone) return;
  constexpr int kFamily = sizeof(Unit) == 4 ? 0 : 1;
  std::uint32_t asns = 0;
  for (std::size_t level = kThresholds; level > 0; --level) {
    asns += networks_of_[kFamily][group.entity].by_best[level - 1];
    group.counts[level - 1].asns = asns;
  }
}

template <typename Unit>
void Visibility::count_all(std::vector<Group<Unit>>& groups, int family) {
  // In the order of their making they lie side by side in memory.
  std::vector<std::uint32_t>& dirty = dirty_;
  dirty.clear();
  for (std::uint32_t entity = 0; entity < entities_.size(); ++entity) {
    if (std::exchange(is_dirty_[family][entity], std::uint8_t{0}) != 0) dirty.push_back(entity);
  }
  const auto group_of = [&](std::size_t i) { return entities_[dirty[i]].group[family]; };
  constexpr std::size_t kAhead = 4;
  for (std::size_t i = 0; i < dirty.size(); ++i) {
    if (i + 2 * kAhead < dirty.size()) {
      const std::uint32_t later = group_of(i + 2 * kAhead);
      if (later != kNone) __builtin_prefetch(&groups[later]);
      const std::uint32_t next = group_of(i + kAhead);
      if (next != kNone) groups[next].parts.prefetch();
    }
    if (const std::uint32_t group = group_of(i); group != kNone) count(groups[group]);
  }
}

}  // namespace lightsout::rib
