// Writer makes MRT files: a routing table, then the updates that change it.
//
// Without further ado it writes TABLE_DUMP_V2 and BGP4MP with four-byte ASNs, as RIS and RouteViews
// do today; RibForm and SessionForm ask for every other form that RecordReader reads, so that tests
// have files of each. What it writes, other programs (bgpdump) read, too. Records come out in the
// order of the calls; the writer does not sort.
//
//   std::string file;
//   Writer writer([&](Bytes bytes) { file.append(bytes.begin(), bytes.end()); });
//   writer.peer_index_table(t0, {.collector_id = 1, .peers = {{.address = ip, .asn =
//   Asn{64500}}}}); writer.rib(t0, *Prefix::parse("192.0.2.0/24"), {{.peer_index = 0, .route =
//   route}}); writer.update(t1, session, {.withdrawn = {*Prefix::parse("192.0.2.0/24")}});
//   writer.state_change(t2, session, SessionState::established, SessionState::idle);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "bgp/encode.h"
#include "mrt/record.h"

namespace lightsout::mrt {

struct RibRoute {
  std::uint16_t peer_index = 0;  // into the peers of the table written before
  Time originated;
  bgp::Route route;
  std::uint32_t path_id = 0;  // written where the form has one
};

// Which subtype of TABLE_DUMP_V2.
struct RibForm {
  bool multicast = false;
  bool add_path = false;  // RFC 8050; in RIB_GENERIC the ids stand in the entries
  bool generic = false;   // RIB_GENERIC
};

// One route of the tables before TABLE_DUMP_V2.
struct OldRoute {
  Prefix prefix = Prefix::any();
  Peer peer;
  Time originated;
  bgp::Route route;
};

// How the records of a session are written.
struct SessionForm {
  bgp::AsnWidth width = bgp::AsnWidth::four;
  bool local = false;                         // *_LOCAL: the collector sent it
  std::optional<std::uint32_t> path_id;       // the session has ADD-PATH
  bool hide_add_path = false;                 // ... and the record does not say so
  std::optional<std::uint32_t> microseconds;  // BGP4MP_ET
  std::size_t max_message_bytes = bgp::kMaxMessageBytes;
};

class Writer {
 public:
  using Sink = std::function<void(Bytes)>;
  explicit Writer(Sink sink) : sink_(std::move(sink)) {}

  void peer_index_table(Time time, const PeerIndexTable& table);
  // RIB_IPV4_UNICAST, RIB_IPV6_UNICAST or a sister, by prefix and form; the sequence number counts
  // up by itself.
  void rib(Time time, const Prefix& prefix, const std::vector<RibRoute>& routes, RibForm form = {});
  void update(Time time, const Session& session, const bgp::Update& update,
              const SessionForm& form = {});
  // Any message: `message` is whole, with its header.
  void message(Time time, const Session& session, Bytes message, const SessionForm& form = {});
  void state_change(Time time, const Session& session, SessionState from, SessionState to,
                    const SessionForm& form = {});
  // A KEEPALIVE: shows that a quiet session is alive.
  void keepalive(Time time, const Session& session, const SessionForm& form = {});

  // TABLE_DUMP. All prefixes and peers of one call are of one family. Several routes make one
  // record whose length is four bytes short, as the first writers did.
  void table_dump(Time time, const std::vector<OldRoute>& routes,
                  bgp::AsnWidth width = bgp::AsnWidth::two);
  // BGP4MP_ENTRY.
  void entry(Time time, const Session& session, const OldRoute& route);
  // MRT type 5, of IPv4 sessions.
  void legacy_update(Time time, const Session& session, const bgp::Update& update);
  void legacy_state_change(Time time, const Session& session, SessionState from, SessionState to);
  void legacy_keepalive(Time time, const Session& session);

  // Any record: for types that this writer does not know.
  void record(Time time, std::uint16_t type, std::uint16_t subtype, Bytes body);

 private:
  void session_record(Time time, std::uint16_t subtype, Bytes body, const SessionForm& form);

  Sink sink_;
  std::uint32_t sequence_ = 0;
};

}  // namespace lightsout::mrt
