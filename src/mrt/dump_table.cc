// SPDX-License-Identifier: Apache-2.0
#include "mrt/dump_table.h"

#include <algorithm>

namespace lightsout::mrt {
namespace {

// Around a line's variable parts: numbers, next hops, names.
constexpr std::size_t kLineRoom = 512;

std::uint32_t load32(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(at[0]) << 24 | static_cast<std::uint32_t>(at[1]) << 16 |
         static_cast<std::uint32_t>(at[2]) << 8 | at[3];
}

// Where the attributes stand that a line shows.
struct PlainEntry {
  const std::uint8_t* path = nullptr;  // four bytes a hop
  std::size_t hops = 0;
  const std::uint8_t* next_hop = nullptr;
  const std::uint8_t* aggregator = nullptr;
  const std::uint8_t* local_pref = nullptr;
  const std::uint8_t* med = nullptr;
  Bytes communities;
  std::uint8_t origin = 0;
  bool atomic = false;

  bool simple() const {
    return aggregator == nullptr && local_pref == nullptr && med == nullptr && communities.empty();
  }
};

// One attribute; false when it is not of the plain form. The numbers are IANA's.
inline bool take_attribute(unsigned type, const std::uint8_t* value, std::size_t size,
                           std::size_t hop_bytes, PlainEntry& entry) {
  switch (type) {
    case 1:  // ORIGIN
      entry.origin = value[0];
      return size == 1 && entry.origin <= 2;
    case 2:  // AS_PATH: one AS_SEQUENCE (2), nothing behind it
      if (size < 6 || value[0] != 2 || size != 2 + std::size_t{4} * value[1]) return false;
      entry.path = value + 2;
      entry.hops = value[1];
      return true;
    case 3:  // NEXT_HOP
      if (hop_bytes == 4) entry.next_hop = value;
      return size == 4;
    case 4:
      entry.med = value;
      return size == 4;
    case 5:
      entry.local_pref = value;
      return size == 4;
    case 6:
      entry.atomic = true;
      return true;
    case 7:  // AGGREGATOR
      entry.aggregator = value;
      return size == 8;
    case 8:
      entry.communities = Bytes(value, size);
      return size > 0 && size % 4 == 0;
    case 14:  // MP_REACH_NLRI, in a table only the next hop (RFC 6396 section 4.3.4)
      entry.next_hop = value + 1;
      return hop_bytes == 16 && size >= 17 && (value[0] == 16 || value[0] == 32) &&
             size == 1u + value[0];
    case 15:
      return false;  // MP_UNREACH_NLRI has no place in a table
    default:
      return true;
  }
}

bool read_plain(Bytes bytes, std::size_t hop_bytes, PlainEntry& entry) {
  const std::uint8_t* at = bytes.data();
  const std::uint8_t* const end = at + bytes.size();
  std::uint32_t seen = 0;
  while (end - at >= 3) {
    const unsigned type = at[1];
    std::size_t size = at[2];
    const std::uint8_t* value = at + 3;
    if ((at[0] & 0x10) != 0) {
      if (end - at < 4) return false;
      size = size << 8 | at[3];
      ++value;
    }
    if (size > static_cast<std::size_t>(end - value)) return false;
    if (type < 32) {
      if ((seen >> type & 1) != 0) return false;
      seen |= 1u << type;
    }
    if (size == 0 && type != 6) return false;
    if (!take_attribute(type, value, size, hop_bytes, entry)) return false;
    at = value + size;
  }
  return at == end && (seen & 6) == 6 && entry.next_hop != nullptr;
}

char* put_hops(char* at, const PlainEntry& entry) {
  const std::uint8_t* const end = entry.path + 4 * entry.hops;
  for (const std::uint8_t* hop = entry.path; hop != end; hop += 4) {
    const std::uint32_t asn = load32(hop);
    if (asn < 65536) {
      const NumberCell& cell = kNumbers.cells[asn];
      std::memcpy(at, &cell, sizeof cell);
      at += cell.size + 1u;  // with its blank
    } else {
      at = put_large_number(at, asn);
      *at++ = ' ';
    }
  }
  at[-1] = '|';
  return at;
}

// What stands between the next hop and the end of the line.
char* put_rest(char* at, const PlainEntry& entry) {
  at = put_number(at, entry.local_pref != nullptr ? load32(entry.local_pref) : 0);
  *at++ = '|';
  at = put_number(at, entry.med != nullptr ? load32(entry.med) : 0);
  *at++ = '|';
  at = put_communities(at, entry.communities);
  at = put_text(at, entry.atomic ? "|AG|" : "|NAG|");
  if (entry.aggregator != nullptr) {
    at = put_number(at, load32(entry.aggregator));
    *at++ = ' ';
    at = put_v4(at, entry.aggregator + 4);
  }
  return put_text(at, "|\n");
}

// Texts of up to 16 bytes that are copied whole.
struct Short {
  char text[16];
  std::size_t size;
};
constexpr Short kOrigins[] = {{"IGP|", 4}, {"EGP|", 4}, {"INCOMPLETE|", 11}};
constexpr Short kPlainEnds[] = {{"0|0||NAG||\n", 11}, {"0|0||AG||\n", 10}};

char* put_short(char* at, const Short& piece) {
  std::memcpy(at, piece.text, sizeof piece.text);
  return at + piece.size;
}

}  // namespace

void TableLines::peers(const std::vector<Peer>& peers) {
  peers_.assign(peers.size(), PeerText{});
  for (std::size_t i = 0; i < peers.size(); ++i) {
    Piece& piece = peers_[i].piece;
    char* at = put_address(piece.text, peers[i].address, Spelling::bgpdump);
    *at++ = '|';
    at = put_number(at, peers[i].asn.number);
    *at++ = '|';
    piece.end_at(at);
  }
}

void TableLines::record(Time time, const Prefix& prefix, bool add_path) {
  if (time != time_ || add_path != add_path_) {
    char* at = put_text(head_.text, add_path ? "TABLE_DUMP2_AP|" : "TABLE_DUMP2|");
    at = put_number(at, static_cast<std::uint64_t>(time.time_since_epoch().count()));
    head_.end_at(put_text(at, "|B|"));
    time_ = time;
    add_path_ = add_path;
  }
  char* at = put_prefix(prefix_.text, prefix, Spelling::bgpdump);
  *at++ = '|';
  prefix_.end_at(at);
  hop_bytes_ = prefix.family() == Family::v4 ? 4 : 16;
}

void TableLines::learn_hop(PeerText& peer, const std::uint8_t* bytes) const {
  IpAddress hop{.family = hop_bytes_ == 4 ? Family::v4 : Family::v6};
  std::memcpy(hop.bytes.data(), bytes, hop_bytes_);
  char* at = put_address(peer.hop_text.text, hop, Spelling::bgpdump);
  *at++ = '|';
  peer.hop_text.end_at(at);
  std::memcpy(peer.hop, bytes, hop_bytes_);
  peer.hop_bytes = hop_bytes_;
}

bool TableLines::entry(Slab& out, std::size_t peer_number, std::uint32_t path_id,
                       Bytes attributes) {
  PlainEntry entry;
  if (!read_plain(attributes, hop_bytes_, entry)) return false;
  PeerText& peer = peers_[peer_number];
  if (peer.hop_bytes != hop_bytes_ || std::memcmp(peer.hop, entry.next_hop, hop_bytes_) != 0) {
    learn_hop(peer, entry.next_hop);
  }
  char* at = out.room(max_text_of(attributes.size()) + kLineRoom);
  at = put(at, head_);
  at = put(at, peer.piece);
  at = put(at, prefix_);
  if (add_path_) {
    at = put_number(at, path_id);
    *at++ = '|';
  }
  at = put_hops(at, entry);
  at = put_short(at, kOrigins[entry.origin]);
  at = put(at, peer.hop_text);
  at = entry.simple() ? put_short(at, kPlainEnds[entry.atomic ? 1 : 0]) : put_rest(at, entry);
  out.end_at(at);
  return true;
}

}  // namespace lightsout::mrt
