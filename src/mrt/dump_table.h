// TableLines: the lines of `bgpdump -m` for routing table entries, at the speed of memory.
//
// A table is millions of lines that differ in their path. What does not differ is kept as text: one
// string a peer, one a prefix, the next hop that a peer named last. The attributes are read in one
// pass that only knows the form that nearly all have (each once, of the length it must have, a path
// of one AS_SEQUENCE); anything else is refused, and the caller goes the slow way (dump_lines.h),
// which must and does write the same text.
//
//   TableLines table;
//   table.peers(peers);
//   table.record(time, prefix, false);
//   if (!table.entry(out, 3, 0, attributes)) ...   // the slow way
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mrt/dump_text.h"
#include "mrt/record.h"

namespace lightsout::mrt {

class TableLines {
 public:
  void peers(const std::vector<Peer>& peers);
  void record(Time time, const Prefix& prefix, bool add_path);
  // Writes a line and returns true, or writes nothing. `peer` must be one of peers().
  bool entry(Slab& out, std::size_t peer, std::uint32_t path_id, Bytes attributes);

 private:
  // Text of at most 64 characters (an IPv6 peer has 51) that is copied in pieces of 32; the rest is
  // for stores that run past it.
  struct Piece {
    char text[96]{};
    std::size_t size = 0;

    void end_at(const char* end) { size = static_cast<std::size_t>(end - text); }
  };
  struct PeerText {
    Piece piece;             // "192.0.2.1|64500|"
    std::uint8_t hop[16]{};  // whose text `hop_text` is
    std::size_t hop_bytes = 0;
    Piece hop_text;  // "192.0.2.1|"
  };

  static char* put(char* at, const Piece& piece) {
    std::memcpy(at, piece.text, 32);
    if (piece.size > 32) std::memcpy(at + 32, piece.text + 32, 32);
    return at + piece.size;
  }

  void learn_hop(PeerText& peer, const std::uint8_t* bytes) const;

  std::vector<PeerText> peers_;
  Piece head_;    // "TABLE_DUMP2|1278028800|B|"
  Piece prefix_;  // "192.0.2.0/24|"
  std::size_t hop_bytes_ = 4;
  bool add_path_ = false;
  Time time_{Seconds(-1)};
};

}  // namespace lightsout::mrt
