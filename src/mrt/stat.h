// stat: what is in MRT files, counted: records, routes, peers, gaps in time, damage.
//
// Files are counted one by one, several at once on several threads, and the counts are then put
// together in the order of the files, so the answer is the same on any number of threads. Files of
// one collector are found by what they say themselves: the BGP identifier of a table, the local
// addresses of the sessions; files that share one are of one collector. A gap is a stretch longer
// than StatOptions::gap without any record, inside a file and between the files of a collector.
//
//   const Stat stat = stat_of(archives, {.threads = 2});
//   for (const FileStat& file : stat.files) print(file.name, file.counts.records);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/damage.h"
#include "core/time.h"
#include "mrt/merged_reader.h"

namespace lightsout::mrt {

struct StatOptions {
  Seconds gap{300};  // five minutes: the files of RIS are as long, keepalives come each minute
  unsigned threads = 1;
};

// Routes and what else was said, by address family of the routes: [0] IPv4, [1] IPv6.
struct StatCounts {
  std::uint64_t records = 0;
  std::uint64_t announced[2] = {0, 0};
  std::uint64_t withdrawn[2] = {0, 0};
  std::uint64_t in_table[2] = {0, 0};
  std::uint64_t state_changes = 0;
  std::optional<Time> first, last;

  void see(Time time);
  void merge(const StatCounts& other);
};

struct PeerName {
  IpAddress address;
  Asn asn;
  auto operator<=>(const PeerName&) const = default;
};

// What a file is made of that matters to those who read it; each a number of records.
struct StatFacts {
  std::uint64_t add_path = 0;        // tables with path ids (RFC 8050)
  std::uint64_t path_ids = 0;        // messages with path ids, whether their subtype says so or not
  std::uint64_t two_byte = 0;        // messages and tables with ASNs of two bytes
  std::uint64_t four_byte = 0;       // and of four (RFC 6793)
  std::uint64_t microseconds = 0;    // BGP4MP_ET
  std::uint64_t extended = 0;        // messages of more than 4,096 bytes (RFC 8654)
  std::uint64_t local = 0;           // sent by the collector itself
  std::uint64_t end_of_rib = 0;      // RFC 4724
  std::uint64_t attributes_bad = 0;  // messages read as withdrawals (RFC 7606)

  void merge(const StatFacts& other);
};

struct StatGap {
  Time from, until;  // the record before and the one after
};

struct FileStat {
  static constexpr std::size_t kMaxGaps = 1000;     // kept word for word; the rest is counted
  static constexpr std::size_t kMaxPeers = 65'536;  // beyond them, routes of the rest are counted
                                                    // for the file only

  std::string name;
  std::string collector;  // "198.32.176.1", or empty: nothing in the file says
  std::uint64_t bytes = 0;
  StatCounts counts;
  std::map<std::string, std::uint64_t> by_type;
  std::set<std::string> unread;  // of these types
  std::map<PeerName, StatCounts> peers;
  StatFacts facts;
  std::vector<StatGap> gaps;
  std::uint64_t gaps_not_kept = 0;
  Damage damage;

  // For finding the collector.
  std::set<IpAddress> own_addresses;
};

struct Stat {
  std::vector<FileStat> files;  // as they were given
  // Gaps between and inside the files of a collector, by its name.
  std::map<std::string, std::vector<StatGap>> collector_gaps;
  std::map<std::pair<std::string, PeerName>, StatCounts> peers;  // by collector
};

Stat stat_of(const std::vector<Archive>& archives, const StatOptions& options);

}  // namespace lightsout::mrt
