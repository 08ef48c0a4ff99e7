// PrefixTable: which entities an address belongs to, as of a date.
//
// Rows are prefixes with an entity each; one prefix may have several rows. The longest matching
// prefix decides, and it decides alone: a /24 of another country inside a /8 is that country's. An
// entity that lies in a country (asn:9198@country:KZ, region:KZ-75) also counts for the country.
//
// Inside, the rows become pieces of the number line that do not overlap: every address lies in at
// most one piece, and a piece names its set of entities. IPv6 is kept to its upper 64 bits.
//
//   PrefixTable::Builder builder;
//   builder.add(*Prefix::parse("2.72.0.0/13"), *Entity::parse("country:KZ"));
//   const PrefixTable table = builder.build();
//   for (const Entity& entity : table.find(*Prefix::parse("2.73.1.0/24"))) ...   // country:KZ
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "geo/entity.h"
#include "net/prefix.h"

namespace lightsout {

// Where rows came from.
struct PrefixTableOrigin {
  std::string name;           // the file's name
  std::string format;         // "prefix-csv", "country-cidr-tar", "delegated", "mmdb GeoLite2-ASN"
  std::optional<Time> as_of;  // the day the rows were true, when the file says so
  std::uint64_t rows = 0;
  bool networks = false;  // the rows name networks and not places
};

class PrefixTable {
 public:
  // Both families together: 96 MB while they are gathered. The lists of all registries have
  // 210,000, tables of origins 1.3 million, and of cities up to 4 million.
  static constexpr std::size_t kMaxRows = 4'000'000;

  // [first, last], both inclusive: an end one past does not exist for the last address. IPv4: 32
  // bits; IPv6: the upper 64.
  struct Piece {
    std::uint64_t first;
    std::uint64_t last;
    std::uint32_t set;  // for entities_of()
  };

  struct Row {
    Family family;
    std::uint64_t first;
    std::uint64_t last;
  };

  class Builder {
   public:
    // An Error of kind limit beyond kMaxRows, of kind malformed for a prefix that is no place: /0,
    // or IPv6 longer than /64.
    Status add(const Prefix& prefix, const Entity& entity);
    std::size_t size() const { return rows_[0].size() + rows_[1].size(); }
    PrefixTable build() const;

    // To join tables: `use(row, entity)` for every row, and a row of another table.
    template <typename Use>
    void for_each(Use&& use) const {
      for (const Family family : {Family::v4, Family::v6}) {
        for (const Numbered& row : rows_[family == Family::v6]) {
          use(Row{family, row.first, row.last}, entities_[row.entity]);
        }
      }
    }
    void add_row(const Row& row, const Entity& entity) {
      rows_[row.family == Family::v6].push_back({row.first, row.last, number_of(entity)});
    }

   private:
    struct Numbered {
      std::uint64_t first;
      std::uint64_t last;
      std::uint32_t entity;
    };
    std::uint32_t number_of(const Entity& entity);

    std::vector<Entity> entities_;
    std::map<std::string, std::uint32_t, std::less<>> numbers_;
    std::vector<Numbered> rows_[2];
  };

  bool empty() const { return pieces_[0].empty() && pieces_[1].empty(); }
  const std::vector<Entity>& entities() const { return entities_; }
  // Numbers into entities(), in increasing order.
  std::span<const std::uint32_t> entities_of(std::uint32_t set) const { return sets_[set]; }
  std::span<const Piece> pieces(Family family) const { return pieces_[family == Family::v6]; }

  // The entities of the first address of the prefix; empty when no row holds it.
  std::vector<Entity> find(const Prefix& prefix) const;

  // Calls `use(first, last, set)` for each piece inside the prefix, in increasing order.
  template <typename Use>
  void for_each_piece(const Prefix& prefix, Use&& use) const {
    std::size_t hint = 0;
    for_each_piece(prefix, hint, use);
  }
  // The same for prefixes that mostly come in order: `hint` is where the last one was found, which
  // saves the search. It belongs to one family, and begins with 0.
  template <typename Use>
  void for_each_piece(const Prefix& prefix, std::size_t& hint, Use&& use) const {
    const auto [first, last] = range_of(prefix);
    const std::span<const Piece> all = pieces(prefix.family());
    std::size_t at = first_piece(all, first, hint);
    hint = at;
    for (; at < all.size() && all[at].first <= last; ++at) {
      use(std::max(all[at].first, first), std::min(all[at].last, last), all[at].set);
    }
  }

  static std::pair<std::uint64_t, std::uint64_t> range_of(const Prefix& prefix);

 private:
  // The first piece that does not end before `first`.
  static std::size_t first_piece(std::span<const Piece> all, std::uint64_t first, std::size_t hint);

  std::vector<Entity> entities_;
  std::vector<std::vector<std::uint32_t>> sets_;
  std::vector<Piece> pieces_[2];
};

}  // namespace lightsout
