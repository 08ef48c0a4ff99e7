// Feed applies the records of one MRT file to a Rib.
//
// A file is a routing table (it begins with a PEER_INDEX_TABLE, and the table is complete when the
// file ends), or updates, or both. What is passed over is counted: routes whose first hop is not
// the peer (a route server's own table) and routes without a path (the collector's own), as bgpview
// does; records of types that are not read; updates that are damaged. A damaged record is passed
// over alone: the table that it stood in only adds, and a peer that sends many is quarantined.
//
//   Feed feed(rib, "rib.gz", damage);
//   while (...) feed.apply(reader.record());
//   feed.finish();
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bgp/route_view.h"
#include "core/damage.h"
#include "mrt/add_path.h"
#include "mrt/record.h"
#include "rib/rib.h"

namespace lightsout::rib {

struct FeedTotals {
  std::uint64_t records = 0;
  std::uint64_t tables = 0;          // that were read to their end
  std::uint64_t dropped_tables = 0;  // that were not used: cut short
  std::uint64_t damaged_tables = 0;  // of those read: that only added, since a record is damaged
  std::uint64_t table_routes = 0;
  std::uint64_t announced = 0;  // prefixes in updates
  std::uint64_t withdrawn = 0;
  std::uint64_t state_changes = 0;
  std::uint64_t not_the_peers = 0;  // routes whose first hop is not the peer, or without a path
  std::uint64_t refused_peers = 0;  // tables of peers that were not believed
  std::uint64_t damaged_messages = 0;
  std::uint64_t end_of_ribs = 0;
  std::uint64_t peers_beyond_limit = 0;
  std::map<std::string, std::uint64_t> unsupported;

  void merge(const FeedTotals& other);
};

class Feed {
 public:
  Feed(Rib& rib, std::string file, Damage& damage)
      : rib_(rib), file_(std::move(file)), damage_(damage) {}

  void apply(const mrt::Record& record);
  // The file has ended. A table that was cut short is not used; of one that was damaged inside
  // only what is in it is believed: what is not may still be there.
  enum class End { whole, damaged, cut };
  void finish(End end);

  const FeedTotals& totals() const { return totals_; }

  struct Change {
    Prefix prefix;
    std::uint64_t hash;
    std::optional<std::uint32_t> path_id;
    bool announced;
  };
  // What the last record announced or withdrew; nothing after a table's record.
  std::span<const Change> changes() const { return changes_; }

 private:
  mrt::Decoded table_record(const mrt::Record& record);
  void table_route(PeerId peer, Row row, const Route& route);
  void use_entries(Row row);
  mrt::Decoded peer_table(const mrt::Record& record);
  mrt::Decoded update_record(const mrt::Record& record);
  mrt::Decoded old_table_record(const mrt::Record& record);
  // Whether the path begins with the peer.
  bool is_of(const bgp::RouteView& route, Asn peer) {
    if (route.first_asn == peer.number && route.first_asn != 0) return true;
    ++totals_.not_the_peers;
    return false;
  }
  void add_damage(const mrt::Record& record, std::string_view reason);
  void message(const mrt::Bgp4mp& entry, PeerId peer, const mrt::Record& record);
  void apply_changes(PeerId peer, Asn peer_asn, Time time);

  Rib& rib_;
  std::string file_;
  Damage& damage_;
  FeedTotals totals_;
  std::optional<std::uint32_t> collector_;  // of the table being read
  bool table_damaged_ = false;
  std::vector<std::optional<PeerId>> table_peers_;
  std::vector<Asn> table_asns_;
  std::vector<Rib::TableRoute> entries_;  // of the record that is read
  std::vector<PathKey> keys_;
  std::vector<Change> changes_;
  std::string path_bytes_;
  bgp::RouteUpdate update_;
  mrt::AddPathMemory add_path_;
};

}  // namespace lightsout::rib
