// The records of an MRT file and what they carry (RFC 6396, RFC 8050; RFC 6397 does not matter
// here).
//
// A Record is a frame: a time, a type, and bytes that stay valid until the reader moves on. It is a
// routing table's (decode_peer_index_table, decode_rib), an old routing table's (OldRibReader), or
// a session's (decode_bgp4mp). The decode_* functions look into one frame. Types that we know but
// do not read are `unsupported`, to be counted by the caller and never skipped in silence.
//
//   if (record.is_session() && decode_bgp4mp(record, entry) == Decoded::yes) ...
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bgp/update.h"
#include "core/byte_reader.h"
#include "core/result.h"
#include "core/time.h"
#include "net/asn.h"
#include "net/prefix.h"

namespace lightsout::mrt {

enum Type : std::uint16_t {
  kLegacyBgp = 5,  // files of 1999 and 2000, before RFC 6396
  kOspf2 = 11,
  kTableDump = 12,
  kTableDump2 = 13,
  kBgp4mp = 16,
  kBgp4mpEt = 17,  // the same with microseconds
  kIsis = 32,
  kIsisEt = 33,
  kOspf3 = 48,
  kOspf3Et = 49,
};

enum TableDump2Subtype : std::uint16_t {
  kPeerIndexTable = 1,
  kRibIpv4Unicast = 2,
  kRibIpv4Multicast = 3,
  kRibIpv6Unicast = 4,
  kRibIpv6Multicast = 5,
  kRibGeneric = 6,
  kRibIpv4UnicastAddPath = 8,  // RFC 8050
  kRibIpv4MulticastAddPath = 9,
  kRibIpv6UnicastAddPath = 10,
  kRibIpv6MulticastAddPath = 11,
  kRibGenericAddPath = 12,
};

enum TableDumpSubtype : std::uint16_t {
  kTableDumpIpv4 = 1,
  kTableDumpIpv6 = 2,
  kTableDumpIpv4As4 = 3,  // never standardised: ASNs of four bytes
  kTableDumpIpv6As4 = 4,
};

enum Bgp4mpSubtype : std::uint16_t {
  kStateChange = 0,
  kMessage = 1,
  kEntry = 2,     // before RFC 6396: a route of a table, from OpenBGPD's "table-mp"
  kSnapshot = 3,  // before RFC 6396: the name of another file
  kMessageAs4 = 4,
  kStateChangeAs4 = 5,
  kMessageLocal = 6,
  kMessageAs4Local = 7,
  kMessageAddPath = 8,  // RFC 8050, these four
  kMessageAs4AddPath = 9,
  kMessageLocalAddPath = 10,
  kMessageAs4LocalAddPath = 11,
};

// RFC 6396 appendix B.2: the type of 1999 and 2000. A message stands without its BGP header.
enum LegacyBgpSubtype : std::uint16_t {
  kLegacyNull = 0,
  kLegacyUpdate = 1,
  kLegacyPrefUpdate = 2,
  kLegacyStateChange = 3,
  kLegacySync = 4,  // the name of another file
  kLegacyOpen = 5,
  kLegacyNotify = 6,
  kLegacyKeepalive = 7,
};

struct Record {
  std::uint64_t offset = 0;  // of its header, in the decompressed bytes
  Time time;
  std::uint32_t microseconds = 0;  // of BGP4MP_ET
  std::uint16_t type = 0;
  std::uint16_t subtype = 0;
  Bytes body;  // after the header, and after the microseconds

  bool is_bgp4mp() const { return type == kBgp4mp || type == kBgp4mpEt; }
  // What a BGP session said or did: for decode_bgp4mp().
  bool is_session() const { return (is_bgp4mp() && subtype != kEntry) || type == kLegacyBgp; }
  // A table from before TABLE_DUMP_V2: for OldRibReader.
  bool is_old_rib() const { return type == kTableDump || (is_bgp4mp() && subtype == kEntry); }
};

// "TABLE_DUMP_V2/8": the names of IANA with the number of the subtype, for notes and counts.
std::string name_of(std::uint16_t type, std::uint16_t subtype);

struct Peer {
  std::uint32_t bgp_id = 0;
  IpAddress address;
  Asn asn;
  auto operator<=>(const Peer&) const = default;
};

struct PeerIndexTable {
  std::uint32_t collector_id = 0;
  std::string view_name;
  std::vector<Peer> peers;
};

Result<PeerIndexTable> decode_peer_index_table(Bytes body);

// RIB_IPV4_UNICAST, RIB_IPV6_UNICAST, their multicast and add-path sisters, and RIB_GENERIC of
// these four families: one prefix, and who sees it.
//
// For RIB_GENERIC_ADDPATH the RFC has one path id, before the prefix; GoBGP and OpenBGPD write one
// into each entry instead. Read is whichever form comes out even.
struct RibRecord {
  bool add_path = false;  // a peer may stand in it several times, each with its own path id
  bool multicast = false;
  bool id_in_entries = false;  // else all entries have `path_id`
  std::uint32_t path_id = 0;
  std::uint32_t sequence = 0;
  Prefix prefix = Prefix::any();
  std::uint16_t entry_count = 0;
  Bytes entries;
};

enum class Decoded { yes, unsupported, damaged };

Decoded decode_rib(const Record& record, RibRecord& rib);

struct RibEntry {
  std::uint16_t peer_index = 0;
  std::uint32_t originated = 0;  // Unix seconds
  std::uint32_t path_id = 0;     // of add-path records
  Bytes attributes;              // for bgp::decode_attributes(..., AsnWidth::four, table)
};

// Walks the entries of one RibRecord; ok() is false when they end before their count says so.
class RibEntryReader {
 public:
  explicit RibEntryReader(const RibRecord& rib)
      : at_(rib.entries.data()),
        end_(rib.entries.data() + rib.entries.size()),
        left_(rib.entry_count),
        id_in_entries_(rib.id_in_entries),
        path_id_(rib.path_id) {}
  // Inlined by decree: it is called for each of tens of millions of entries.
  [[gnu::always_inline]] bool next(RibEntry& entry) {
    if (left_ == 0) return false;
    --left_;
    const std::size_t head = id_in_entries_ ? 12 : 8;
    const auto have = static_cast<std::size_t>(end_ - at_);
    if (have < head) return fail();
    // One load for the usual head; a path id stands where the length is otherwise.
    const auto first = number_at<std::uint64_t>(at_);
    entry.peer_index = static_cast<std::uint16_t>(first >> 48);
    entry.originated = static_cast<std::uint32_t>(first >> 16);
    entry.path_id = path_id_;
    std::size_t length = first & 0xffff;
    if (id_in_entries_) {
      entry.path_id = number_at<std::uint32_t>(at_ + 6);
      length = number_at<std::uint16_t>(at_ + 10);
    }
    if (have - head < length) return fail();
    entry.attributes = Bytes(at_ + head, length);
    at_ += head + length;
    return true;
  }
  bool ok() const { return ok_; }
  // Bytes behind the last entry that was read: 0 at the end of a record that is what it says.
  std::size_t bytes_left() const { return static_cast<std::size_t>(end_ - at_); }

 private:
  bool fail() {
    ok_ = false;
    left_ = 0;
    return false;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::uint32_t left_;
  bool id_in_entries_;
  bool ok_ = true;
  std::uint32_t path_id_;
};

// One route of TABLE_DUMP or BGP4MP_ENTRY, the forms before TABLE_DUMP_V2: a prefix as one peer
// sees it.
struct OldRibRecord {
  Prefix prefix = Prefix::any();
  Peer peer;
  std::uint32_t originated = 0;
  bool multicast = false;
  bgp::AsnWidth width = bgp::AsnWidth::two;
  Bytes attributes;  // for bgp::decode_attributes(..., width, table)
  Bytes next_hop;    // of BGP4MP_ENTRY, which keeps it outside of the attributes; else empty
};

// Walks the routes of one record. It is nearly always one; the first writers (RIPE RIS, January
// 2000) put up to hundreds of one view into a record.
class OldRibReader {
 public:
  explicit OldRibReader(const Record& record);
  // False at the end, and at the first route that cannot be read.
  bool next(OldRibRecord& route);
  // After next() was false. `unsupported` is a subtype or a family that we do not read.
  Decoded decoded() const { return decoded_; }

 private:
  bool table_dump(OldRibRecord& route);
  bool entry(OldRibRecord& route);

  ByteReader reader_;
  bool is_entry_;
  bool as4_;
  Family family_ = Family::v4;
  Decoded decoded_ = Decoded::yes;
};

// The only route of a record, for callers that know nothing of several.
Decoded decode_old_rib(const Record& record, OldRibRecord& rib);

enum class SessionState : std::uint16_t {
  idle = 1,
  connect,
  active,
  open_sent,
  open_confirm,
  established,
};

// The two ends of a BGP session, as every BGP4MP record names them.
struct Session {
  Asn peer_asn;
  Asn local_asn;
  IpAddress peer;
  IpAddress local;

  // Zebra wrote in 2000 records without any of these; who it was is not known then.
  bool known() const { return *this != Session{}; }
  auto operator<=>(const Session&) const = default;
};

// What a record of a session says; `message` or the two states are set, by `kind`.
struct Bgp4mp {
  enum class Kind { message, state_change } kind = Kind::message;
  Session session;
  bgp::AsnWidth width = bgp::AsnWidth::four;  // of the AS_PATH inside the message
  bool add_path = false;  // the record says so; many writers forget to (mrt/add_path.h)
  bool local = false;     // sent by the collector, not by the peer
  bgp::Message message;
  std::uint16_t old_state = 0;
  std::uint16_t new_state = 0;
};

// BGP4MP, BGP4MP_ET and the legacy type.
Decoded decode_bgp4mp(const Record& record, Bgp4mp& out);

}  // namespace lightsout::mrt
