// A small world for the tests of rib/: one collector, its peers, and numbered prefixes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mrt/record_reader.h"
#include "rib/feed.h"
#include "rib/rib.h"

namespace lightsout::rib {

inline const Time kStart = *parse_time("2022-01-05T10:00:00Z");

inline Prefix p(const std::string& text) {
  return *Prefix::parse(text);
}

// 10.0.0.0/24, 10.0.1.0/24 and on.
inline Prefix numbered(std::uint32_t number) {
  return *Prefix::make(IpAddress::v4(0x0a000000 + (number << 8)), 24);
}

// A rib with one collector whose peers all hold the first `count` numbered prefixes.
struct Collector {
  explicit Collector(std::size_t peer_count, std::uint32_t count = 100,
                     const RibOptions& options = {})
      : rib(options) {
    for (std::size_t i = 0; i < peer_count; ++i) {
      peers.push_back(*rib.peer({.collector = 1,
                                 .address = IpAddress::v4(0xc0000200 + static_cast<unsigned>(i)),
                                 .asn = Asn{64500 + static_cast<unsigned>(i)}}));
    }
    table(kStart, count);
  }

  std::size_t table(Time time, std::uint32_t count, Rib::Table what = Rib::Table::whole) {
    rib.begin_table(1, time, peers);
    for (const PeerId peer : peers) {
      for (std::uint32_t i = 0; i < count; ++i) table_route(peer, numbered(i));
    }
    return rib.end_table(1, what);
  }
  void table_route(PeerId peer, const Prefix& prefix, Asn origin = Asn{9198}) {
    rib.table_route(peer, *rib.table_row(prefix), {.origin = origin});
  }
  void announce(PeerId peer, std::uint32_t number, Time time, Asn origin = Asn{9198}) {
    rib.announce(peer, numbered(number), {.origin = origin}, time);
  }

  bool sees(PeerId peer, std::uint32_t number) const {
    const auto row = rib.prefixes().find(numbered(number));
    return row && rib.routes().seen(*row, peer);
  }

  Rib rib;
  std::vector<PeerId> peers;
};

inline FeedTotals load(Rib& rib, const std::string& bytes) {
  Damage damage;
  MemorySource source{std::string_view(bytes)};
  mrt::RecordReader reader(source);
  Feed feed(rib, "file", damage);
  while (reader.next() == mrt::RecordReader::Step::record) feed.apply(reader.record());
  feed.finish(Feed::End::whole);
  return feed.totals();
}

}  // namespace lightsout::rib
