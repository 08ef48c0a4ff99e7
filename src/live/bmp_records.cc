// SPDX-License-Identifier: Apache-2.0
#include "live/bmp_records.h"

#include <fmt/format.h>

#include <algorithm>

#include "bgp/update.h"

namespace lightsout::live {
namespace {

using mrt::SessionState;

constexpr AddressFamily kIpv4Unicast{1, 1};
constexpr std::uint8_t kExtendedLength = 0x10;  // RFC 4271 section 4.3
constexpr std::uint8_t kAsPath = 2, kNextHop = 3, kMpReach = 14, kMpUnreach = 15;

// FNV-1a: names the OPENs of a session, to know it again.
std::uint64_t name_of(const BmpMessage& message) {
  std::uint64_t name = 0xcbf29ce484222325;
  const auto add = [&](Bytes bytes) {
    for (const std::uint8_t byte : bytes) name = (name ^ byte) * 0x100000001b3;
  };
  add(message.sent_open);
  add(message.received_open);
  const std::uint8_t ports[] = {static_cast<std::uint8_t>(message.local_port >> 8),
                                static_cast<std::uint8_t>(message.local_port),
                                static_cast<std::uint8_t>(message.remote_port >> 8),
                                static_cast<std::uint8_t>(message.remote_port)};
  add(ports);
  return name;
}

void add_once(std::vector<AddressFamily>& families, const AddressFamily& family) {
  if (std::find(families.begin(), families.end(), family) == families.end()) {
    families.push_back(family);
  }
}

}  // namespace

void BmpTotals::merge(const BmpTotals& other) {
  for (std::size_t i = 0; i < messages.size(); ++i) messages[i] += other.messages[i];
  unknown_types += other.unknown_types;
  after_policy += other.after_policy;
  adj_out += other.adj_out;
  shadowed += other.shadowed;
  next_hops_added += other.next_hops_added;
  times_replaced += other.times_replaced;
  peers_refused += other.peers_refused;
}

std::vector<std::string> BmpTotals::notes() const {
  std::vector<std::string> notes;
  const auto note = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) notes.push_back(fmt::format("{} {}", count, what));
  };
  note(after_policy, "routes after policy left out: the same peers are seen before it");
  note(adj_out, "routes left out that the router sent to its peers (Adj-RIB-Out)");
  note(messages[static_cast<std::size_t>(BmpType::route_mirroring)],
       "mirrored messages left out: the routes in them come by themselves");
  note(shadowed, "messages left out of peers that have the address of another one (other VRFs)");
  note(next_hops_added, "updates without a next hop, which is 0.0.0.0 in their records");
  note(times_replaced,
       "messages have the time of their arrival, since their own is zero or far from it");
  note(unknown_types, "messages of an unknown type passed over");
  note(peers_refused, "messages of peers past the limit left out");
  return notes;
}

std::optional<std::vector<std::uint8_t>> with_next_hop(Bytes message) {
  constexpr std::size_t kHeaderBytes = 19, kLengthAt = 16;
  constexpr std::uint8_t kAddition[] = {0x40, kNextHop, 4, 0, 0, 0, 0};
  const std::optional<bgp::Message> update = bgp::read_message(message);
  if (!update || update->type != static_cast<std::uint8_t>(bgp::MessageType::update)) return {};
  ByteReader reader(update->body);
  const std::size_t withdrawn = reader.u16();
  reader.take(withdrawn);
  const std::size_t length = reader.u16();
  ByteReader attributes = reader.sub(length);
  if (!reader.ok() || reader.empty()) return {};
  bool has_path = false;
  while (!attributes.empty()) {
    const std::uint8_t flags = attributes.u8();
    const std::uint8_t code = attributes.u8();
    if (code == kNextHop) return {};
    has_path = has_path || code == kAsPath;
    attributes.take((flags & kExtendedLength) != 0 ? attributes.u16() : attributes.u8());
  }
  // What is damaged otherwise stays as it is.
  if (!attributes.ok() || !has_path || message.size() + sizeof kAddition > 0xffff) return {};
  std::vector<std::uint8_t> out(message.begin(), message.end());
  const std::size_t length_at = kHeaderBytes + 2 + withdrawn;
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(length_at + 2 + length),
             std::begin(kAddition), std::end(kAddition));
  const auto put16 = [&](std::size_t at, std::size_t value) {
    out[at] = static_cast<std::uint8_t>(value >> 8);
    out[at + 1] = static_cast<std::uint8_t>(value);
  };
  put16(length_at, length + sizeof kAddition);
  put16(kLengthAt, out.size());
  return out;
}

std::vector<AddressFamily> families_of(Bytes message) {
  std::vector<AddressFamily> families;
  const std::optional<bgp::Message> update = bgp::read_message(message);
  if (!update) return families;
  ByteReader reader(update->body);
  if (!reader.take(reader.u16()).empty()) add_once(families, kIpv4Unicast);
  ByteReader attributes = reader.sub(reader.u16());
  while (!attributes.empty()) {
    const std::uint8_t flags = attributes.u8();
    const std::uint8_t code = attributes.u8();
    const bool wide = (flags & kExtendedLength) != 0;
    ByteReader value = attributes.sub(wide ? attributes.u16() : attributes.u8());
    if (code != kMpReach && code != kMpUnreach) continue;
    const AddressFamily family{.afi = value.u16(), .safi = value.u8()};
    if (value.ok()) add_once(families, family);
  }
  if (!reader.empty()) add_once(families, kIpv4Unicast);
  return families;
}

Stamp BmpRecords::time_of(const BmpPeer& header, const Stamp& arrival) {
  if (arrival.known()) {
    const Seconds skew = header.at.time - arrival.time;
    last_ = arrival;
    if (header.at.known() && skew <= kTrustedSkew && skew >= -kTrustedSkew) return header.at;
    ++totals_.times_replaced;
    return arrival;
  }
  if (!header.at.known() || header.at < earliest_) {
    ++totals_.times_replaced;
    return last_;
  }
  return last_ = header.at;
}

BmpRecords::Peer* BmpRecords::peer_of(const BmpPeer& header) {
  const Key key{header.type, header.distinguisher, header.address};
  const auto known = peers_.find(key);
  if (known != peers_.end()) {
    // The neighbour behind an address may change between two sessions.
    if (!known->second.up) known->second.session.peer_asn = header.asn;
    return &known->second;
  }
  if (peers_.size() >= kMaxPeers) {
    if (totals_.peers_refused++ == 0) {
      wrong_(fmt::format("more than {} peers of one router: the others are left out", kMaxPeers));
    }
    return nullptr;
  }
  Peer& peer = peers_[key];
  peer.session.peer = header.is_loc_rib() ? IpAddress::v4(header.bgp_id) : header.address;
  peer.session.peer_asn = header.asn;
  peer.session.local = {.family = peer.session.peer.family};
  const auto [owner, is_first] = owners_.try_emplace({peer.session.peer, header.asn}, key);
  peer.shadowed = !is_first;
  return &peer;
}

void BmpRecords::establish(Peer& peer, const Stamp& at) {
  encoder_.state_change(at, peer.session, SessionState::open_confirm, SessionState::established);
  peer.up = true;
}

void BmpRecords::fall(Peer& peer, const Stamp& at) {
  if (peer.up) {
    encoder_.state_change(at, peer.session, SessionState::established, SessionState::idle);
  }
  peer.up = false;
  peer.view.reset();
}

bool BmpRecords::takes(Peer& peer, RibView view, const Stamp& at) {
  if (view == RibView::adj_out || view == RibView::adj_out_post) {
    ++totals_.adj_out;
    return false;
  }
  if (peer.view == view) return true;
  if (peer.view == RibView::adj_in) {
    ++totals_.after_policy;
    return false;
  }
  if (peer.view) {  // after policy until now, and here is the view before it
    fall(peer, at);
    establish(peer, at);
  }
  peer.view = view;
  return true;
}

void BmpRecords::route(const BmpMessage& message, const Stamp& at) {
  Peer* const peer = peer_of(message.peer);
  if (peer == nullptr) return;
  if (peer->shadowed) {
    ++totals_.shadowed;
    return;
  }
  if (!takes(*peer, message.peer.view(), at)) return;
  MessageForm form{.width = message.peer.width()};
  if (!peer->add_path.empty()) {
    const std::vector<AddressFamily> families = families_of(message.bgp);
    const auto adds = [&](const AddressFamily& family) {
      return std::find(peer->add_path.begin(), peer->add_path.end(), family) !=
             peer->add_path.end();
    };
    const auto count = std::count_if(families.begin(), families.end(), adds);
    // RFC 8050 section 4 knows only records whose prefixes all have path ids.
    if (count > 0 && static_cast<std::size_t>(count) < families.size()) {
      return wrong_("one UPDATE with and without path ids: MRT has no record for it");
    }
    form.add_path = count > 0;
  }
  // A router may be joined in the middle: a peer that sends routes is up.
  peer->up = true;
  if (const auto whole = with_next_hop(message.bgp)) {
    ++totals_.next_hops_added;
    return encoder_.message(at, peer->session, form, *whole);
  }
  encoder_.message(at, peer->session, form, message.bgp);
}

void BmpRecords::peer_up(const BmpMessage& message, const Stamp& at) {
  Peer* const peer = peer_of(message.peer);
  if (peer == nullptr) return;
  if (peer->shadowed) {
    ++totals_.shadowed;
    return;
  }
  // The same session is told once for each view of it.
  const std::uint64_t opens = name_of(message);
  if (peer->up && peer->opens == opens) return;
  fall(*peer, at);
  peer->session.peer_asn = message.peer.asn;
  peer->opens = opens;
  peer->add_path.clear();
  const std::optional<OpenMessage> sent = decode_open(message.sent_open);
  const std::optional<OpenMessage> received = decode_open(message.received_open);
  if (sent) peer->session.local_asn = sent->asn;
  if (sent && received) peer->add_path = add_path_between(*received, *sent);
  if (message.local.family == peer->session.peer.family) peer->session.local = message.local;
  if (sent) {
    encoder_.message(at, peer->session, {.from_local = true}, message.sent_open);
  }
  if (received) encoder_.message(at, peer->session, {}, message.received_open);
  establish(*peer, at);
}

void BmpRecords::peer_down(const BmpMessage& message, const Stamp& at) {
  constexpr std::uint8_t kLocalNotification = 1;
  Peer* const peer = peer_of(message.peer);
  if (peer == nullptr) return;
  if (peer->shadowed) {
    ++totals_.shadowed;
    return;
  }
  if (!message.bgp.empty()) {
    encoder_.message(at, peer->session, {.from_local = message.reason == kLocalNotification},
                     message.bgp);
  }
  // Also where the Peer Up was not seen: whoever reads the records may know the peer from before.
  peer->up = true;
  fall(*peer, at);
}

void BmpRecords::end(const Stamp& arrival) {
  const Stamp at = arrival.known() ? arrival : last_;
  for (auto& [key, peer] : peers_) {
    if (!peer.shadowed) fall(peer, at);
  }
  peers_.clear();
  owners_.clear();
}

void BmpRecords::apply(const BmpMessage& message, const Stamp& arrival) {
  if (!message.known()) {
    ++totals_.unknown_types;
    return;
  }
  ++totals_.messages[message.raw_type];
  switch (message.type) {
    case BmpType::route_monitoring:
      return route(message, time_of(message.peer, arrival));
    case BmpType::peer_up:
      return peer_up(message, time_of(message.peer, arrival));
    case BmpType::peer_down:
      return peer_down(message, time_of(message.peer, arrival));
    case BmpType::initiation:   // a new session in the same stream
    case BmpType::termination:  // RFC 7854 section 4.5
      return end(arrival);
    case BmpType::statistics:  // the router's own clock, for streams without another
      if (!arrival.known() && message.peer.at > earliest_) last_ = message.peer.at;
      return;
    case BmpType::route_mirroring:
      return;
  }
}

}  // namespace lightsout::live
