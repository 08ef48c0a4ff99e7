// Visibility: how much of each entity's address space is announced, as most full-feed peers see it.
//
// The count is IODA's: a prefix is visible when at least half of the distinct ASNs of the full-feed
// peers see it; an entity has as many visible /24s as its address space under visible prefixes
// touches, each counted once (IPv6: /48s, where IODA counts /64s). A prefix shorter than /6 is
// ignored, and so is one that no network in particular announces (an AS_SET as origin).
// docs/methods/visibility.md
//
// The work is incremental: only rows that changed are judged again, and only entities that own one
// of them are counted again.
//
//   Visibility visibility(rib, table, {.country = "KZ"});
//   visibility.refresh();
//   visibility.of(i)[0].units   // /24s of visibility.entities()[i]
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "geo/prefix_table.h"
#include "rib/rib.h"

namespace lightsout::rib {

struct VisibilityOptions {
  std::string country;              // only entities of this country; empty: all of the table
  bool networks_by_origin = false;  // count asn:N@country:CC by the origin of the routes as well
};

// One family of one entity.
struct Count {
  std::uint64_t units = 0;  // visible /24s or /48s
  bool operator==(const Count&) const = default;
};

class Visibility {
 public:
  static constexpr unsigned kShortestPrefix = 6;
  static constexpr unsigned kUnitLength[2] = {24, 48};
  // Parts of prefixes that lie in an entity: 72 MB. A full table and all countries make a million.
  static constexpr std::size_t kMaxParts = 3'000'000;

  // Both must outlive it.
  Visibility(Rib& rib, const PrefixTable& table, VisibilityOptions options);

  // Brings the counts up to the state of the rib.
  void refresh();

  const std::vector<Entity>& entities() const { return entities_; }
  // By family; entities are numbered as in entities().
  const Count& of(std::size_t entity, Family family) const {
    return tracked_[entity].count[index_of(family)];
  }
  // Networks by the origin of their routes, inside one tracked country, with networks_by_origin.
  const std::map<Asn, Count>& networks_of(std::size_t entity, Family family) const {
    return tracked_[entity].networks[index_of(family)];
  }
  // The numbers of the tracked entities that hold some of the prefix; nothing twice.
  void entities_of(const Prefix& prefix, std::vector<std::uint32_t>& into) const;

  bool visible(Row row) const { return row < visible_.size() && visible_[row]; }
  std::uint64_t parts_refused_by_limit() const { return beyond_limits_; }

 private:
  struct Part {
    std::uint64_t first;  // in units
    std::uint64_t last;   // inclusive
    Row row;
  };
  struct Tracked {
    std::vector<Part> parts[2];
    bool sorted[2] = {true, true};
    bool dirty[2] = {true, true};
    Count count[2];
    std::map<Asn, Count> networks[2];
  };
  struct Voters {
    std::vector<std::uint64_t> counted;  // the peers that count, one bit each
    // Peers of one ASN have one voice: those that stand alone, and the groups of the others.
    std::vector<std::uint64_t> alone;
    std::vector<std::vector<std::uint64_t>> groups;
    std::size_t voices = 0;
    bool operator==(const Voters&) const = default;
  };

  Voters voters_of(Family family) const;
  void add_rows();
  void add_parts(Row row);
  bool judge(Row row) const;
  void mark_entities(Row row);
  void count(std::size_t entity, int family);
  void origins_of(Row row, std::vector<Asn>& into) const;

  Rib& rib_;
  const PrefixTable& table_;
  VisibilityOptions options_;
  std::vector<Entity> entities_;
  std::vector<std::uint32_t> tracked_of_;  // number in the table -> number here, or kNone
  std::vector<Tracked> tracked_;
  Voters voters_[2];
  std::vector<bool> visible_;
  std::size_t parts_ = 0;
  std::uint64_t beyond_limits_ = 0;
};

// Visible /24s of every network by the origin of its routes, over all peers that count: IODA's
// signal per ASN. `share` is the least share of the full-feed ASNs; 0 means at least one.
std::map<Asn, std::uint64_t> visible_slash24_by_origin(const Rib& rib, double share);

}  // namespace lightsout::rib
