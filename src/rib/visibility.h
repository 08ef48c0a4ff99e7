// Visibility: how much of each entity's address space is announced, as the full-feed peers see it.
//
// The count is bgpview's, which is IODA's. The level of a prefix is the share of the distinct ASNs
// of the full-feed peers that see it (rib/voters.h). An entity has as many visible /24s at a
// threshold as its address space under prefixes of that level touches, each counted once (IPv6:
// /48s, or /64s as IODA counts them). A prefix shorter than /6 is ignored, and so is one that no
// network in particular announces (an AS_SET as origin). A prefix of several origins counts fully
// for each. docs/methods/visibility.md
//
// Entities are those of a prefix table (countries, regions, networks in countries), numbered first
// and in its order; and, where asked for, the networks that originate routes, asn:N, and those of
// each country, asn:N@country:CC. The latter two are found on the way, so entities() grows; what
// was seen once stays, since 0 is a number.
//
// The work is incremental: only rows that changed are judged again, and only entities that own one
// of them are counted again. 20,000 changes in a table of 20 peers take some milliseconds; only a
// change of the set of full-feed peers asks for every row.
//
//   Visibility visibility(rib, table, {.networks = true});
//   visibility.refresh();
//   for (std::size_t e = 0; e < visibility.entities(); ++e) {
//     const Count& count = visibility.of(e, Family::v4, Threshold::min_50);
//     print(visibility.entity(e), count.units, count.prefixes, count.asns);
//   }
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "geo/prefix_table.h"
#include "rib/flat_map.h"
#include "rib/part_list.h"
#include "rib/rib.h"
#include "rib/voters.h"

namespace lightsout::rib {

enum class Threshold : std::uint8_t { min_1, min_25, min_50, min_75, min_100 };

// As bgpview writes them: "min_1_ff_peer_asn", "min_25%_ff_peer_asns".
std::string_view name_of(Threshold threshold);

struct VisibilityOptions {
  std::string country;              // only entities of this country; empty: all of the table
  bool networks = false;            // also asn:N, by the origin of the routes
  bool networks_by_origin = false;  // also asn:N@country:CC, for the countries of the table
  unsigned ipv6_unit = 48;          // 64: as IODA counts
  // Parts of prefixes in entities, 12 bytes each, IPv6 24; and networks of both kinds, of which
  // 85,000 announce something in 2026.
  static constexpr std::size_t kMaxParts = 8'000'000;
  static constexpr std::size_t kMaxNetworks = 500'000;
  std::size_t max_parts = kMaxParts;
  std::size_t max_networks = kMaxNetworks;
};

class Visibility {
 public:
  static constexpr unsigned kShortestPrefix = 6;
  static constexpr std::size_t kMaxParts = VisibilityOptions::kMaxParts;
  static constexpr std::size_t kMaxNetworks = VisibilityOptions::kMaxNetworks;

  // Both must outlive it.
  Visibility(Rib& rib, const PrefixTable& table, VisibilityOptions options);
  Visibility(Rib& rib, PrefixTable&& table, VisibilityOptions options) = delete;

  // Brings the counts up to the state of the rib.
  void refresh();

  std::size_t entities() const { return entities_.size(); }
  Entity entity(std::size_t number) const;
  EntityType type(std::size_t number) const;
  const Count& of(std::size_t entity, Family family, Threshold threshold = Threshold::min_50) const;
  // Distinct ASNs of the peers that count.
  std::size_t voices(Family family) const { return voters_[index_of(family)].voices(); }

  // The numbers of the table's entities that hold some of the prefix; nothing twice.
  void entities_of(const Prefix& prefix, std::vector<std::uint32_t>& into) const;

  // 0 to 5, as of the last refresh.
  std::uint8_t level(Row row) const {
    return row < levels_.size() ? levels_[row] : std::uint8_t{0};
  }
  std::uint64_t parts_refused_by_limit() const { return beyond_limits_; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  // Instead of a network's number: the row has several, see several_.
  static constexpr std::uint32_t kSeveral = kNone - 1;

  struct Tracked {
    std::uint32_t of_table;  // in table_.entities(); kNone: a network
    std::uint32_t network;   // in asns_
    std::uint32_t country;   // the entity that the network is counted in; kNone: all the world
    bool is_country = false;
    std::uint32_t group[2] = {kNone, kNone};  // in groups4_ and groups6_
  };
  template <typename Unit>
  struct Group {
    PartList<Unit> parts;
    Counts counts{};
    std::uint32_t entity = kNone;
    bool stale = false;  // a row does not belong any more
  };

  template <typename Use>
  void with_group(std::uint32_t entity, int family, Use&& use);
  // To be counted again by refresh().
  void mark(std::uint32_t entity, int family) { is_dirty_[family][entity] = 1; }
  std::uint32_t add_entity(const Tracked& tracked);
  void add_part(std::uint32_t entity, int family, std::uint64_t first, std::uint64_t last, Row row);

  void add_rows();
  void reserve_parts(std::size_t known);
  std::uint32_t place(Row row);
  std::uint32_t place_of_set(std::uint32_t set);
  std::uint32_t number_of_place(const std::vector<std::uint32_t>& entities);
  void judge(Row row);
  void origins_of(Row row, std::vector<std::uint32_t>& into);
  std::uint32_t network_of(Asn asn);
  std::uint32_t network_entity(std::uint32_t network, std::uint32_t country);
  void change_networks(Row row, std::uint32_t now);
  void enter(Row row, std::uint32_t network);
  template <typename Use>
  void for_each_network_entity(Row row, std::uint32_t network, Use&& use);
  std::span<const std::uint32_t> networks_of(Row row) const;
  void mark_entities(Row row);
  // Lets the entities of the row know a network at a level, or no more.
  void tally(Row row, std::uint8_t level, bool gone);
  template <typename Unit>
  void count(Group<Unit>& group);
  template <typename Unit>
  void count_all(std::vector<Group<Unit>>& groups, int family);

  Rib& rib_;
  const PrefixTable& table_;
  VisibilityOptions options_;
  unsigned shift_[2];  // from the numbers of PrefixTable to units
  Voters voters_[2];

  std::vector<Tracked> entities_;
  std::vector<std::uint32_t> tracked_of_;  // number in the table -> number here, or kNone
  std::vector<Group<std::uint32_t>> groups4_;
  std::vector<Group<std::uint64_t>> groups6_;
  std::vector<std::uint8_t> is_dirty_[2];  // by entity
  std::vector<std::uint32_t> dirty_;       // scratch

  std::vector<Asn> asns_;  // of the networks, as they came
  FlatMap<std::uint32_t> network_numbers_;
  std::vector<std::uint32_t> world_entities_;  // by network: asn:N, or kNone
  FlatMap<std::uint32_t> network_entities_;    // country and network -> asn:N@country:CC
  // How many rows of a network an entity of the table has at each level, and from that how many
  // networks whose best row has it.
  struct Tally {
    std::uint32_t rows[kThresholds] = {};
  };
  FlatMap<std::uint32_t> tally_numbers_[2];  // entity and network -> tallies_
  std::vector<Tally> tallies_;
  struct Networks {
    std::uint32_t by_best[kThresholds] = {};
  };
  std::vector<Networks> networks_of_[2];  // by entity of the table

  // By row.
  std::vector<std::uint8_t> levels_;
  std::vector<std::uint32_t> places_;    // which entities of the table: in place_entities_
  std::vector<std::uint32_t> networks_;  // which network, kNone or kSeveral
  std::map<Row, std::vector<std::uint32_t>> several_;
  std::vector<std::vector<std::uint32_t>> place_entities_;
  std::map<std::vector<std::uint32_t>, std::uint32_t> place_numbers_;
  std::vector<std::uint32_t> place_of_set_;  // of the table's sets
  std::size_t hint_[2] = {0, 0};             // where in the table the last row was found
  std::vector<std::uint32_t> origins_;       // scratch

  std::size_t parts_ = 0;
  std::uint64_t beyond_limits_ = 0;
};

}  // namespace lightsout::rib
