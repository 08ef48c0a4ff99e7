// Writer makes MRT files: a routing table, then the updates that change it.
//
// It writes TABLE_DUMP_V2 and BGP4MP with four-byte ASNs, as RIS and RouteViews do, and what it
// writes, RecordReader and other programs (bgpdump) read. Records come out in the order of the
// calls; the writer does not sort.
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
#include <vector>

#include "bgp/encode.h"
#include "mrt/record.h"

namespace lightsout::mrt {

struct RibRoute {
  std::uint16_t peer_index = 0;  // into the peers of the table written before
  Time originated;
  bgp::Route route;
};

class Writer {
 public:
  using Sink = std::function<void(Bytes)>;
  explicit Writer(Sink sink) : sink_(std::move(sink)) {}

  void peer_index_table(Time time, const PeerIndexTable& table);
  // RIB_IPV4_UNICAST or RIB_IPV6_UNICAST, by the prefix; the sequence number counts up by itself.
  void rib(Time time, const Prefix& prefix, const std::vector<RibRoute>& routes);
  void update(Time time, const Session& session, const bgp::Update& update);
  void state_change(Time time, const Session& session, SessionState from, SessionState to);
  // A KEEPALIVE: shows that a quiet session is alive.
  void keepalive(Time time, const Session& session);

 private:
  void record(Time time, std::uint16_t type, std::uint16_t subtype, const bgp::ByteVector& body);

  Sink sink_;
  std::uint32_t sequence_ = 0;
};

}  // namespace lightsout::mrt
