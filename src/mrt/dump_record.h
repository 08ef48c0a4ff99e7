// RecordText makes the lines of one record after the other.
//
// It remembers nothing between records that changes their text, so records may be shared out among
// several RecordTexts, one a thread (dump_chunks.h). The peer table that a routing table's records
// refer to is given with each of them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/damage.h"
#include "mrt/dump_lines.h"
#include "mrt/dump_table.h"
#include "mrt/record.h"

namespace lightsout::mrt {

// The peers of a routing table; `number` is a different one for each table of a run.
struct PeerSet {
  std::uint64_t number = 0;
  std::vector<Peer> peers;
};

class RecordText {
 public:
  RecordText(DumpFormat format, Filter filter, std::size_t slab_bytes)
      : filter_(std::move(filter)),
        plain_(format == DumpFormat::bgpdump),
        lines_(format, slab_bytes) {}

  // `peers` may be null before the first peer table. Damage gets `file`.
  Decoded add(const Record& record, const PeerSet* peers, const std::string& file, Damage& damage);

  Lines& lines() { return lines_; }

 private:
  Decoded rib(const Record& record, const PeerSet* peers);
  void rib_entry(const Record& record, const RibRecord& rib, const RibEntry& entry,
                 const Peer& peer);
  Decoded old_rib(const Record& record);
  void old_route(const Record& record, const OldRibRecord& rib);
  Decoded session(const Record& record);
  void changes(const Speaker& speaker, std::size_t room);
  void use_peers(const PeerSet& peers);
  void add_damage(const Record& record, const std::string& reason);

  Filter filter_;
  bool plain_;  // the format has fast lines
  Lines lines_;
  TableLines table_;
  std::uint64_t peers_number_ = 0;  // of the PeerSet that table_ and peer_passes_ are for
  std::vector<bool> peer_passes_;
  bgp::Attributes attributes_;
  bgp::UpdateView update_;
  const std::string* file_ = nullptr;
  Damage* damage_ = nullptr;
};

}  // namespace lightsout::mrt
