// SPDX-License-Identifier: Apache-2.0
#include "mrt/dump_record.h"

#include <fmt/format.h>

#include "mrt/add_path.h"

namespace lightsout::mrt {
namespace {

Speaker speaker_of(const Record& record, std::string_view format, const IpAddress& peer, Asn asn) {
  Speaker speaker{.format = format,
                  .seconds = static_cast<std::uint64_t>(record.time.time_since_epoch().count()),
                  .peer = peer,
                  .asn = asn};
  if (record.type == kBgp4mpEt) speaker.microseconds = record.microseconds;
  return speaker;
}

}  // namespace

Decoded RecordText::add(const Record& record, const PeerSet* peers, const std::string& file,
                        Damage& damage) {
  file_ = &file;
  damage_ = &damage;
  Decoded decoded = Decoded::unsupported;
  if (record.type == kTableDump2) decoded = rib(record, peers);
  if (record.is_old_rib()) decoded = old_rib(record);
  if (record.is_session()) decoded = session(record);
  if (decoded == Decoded::damaged) add_damage(record, "the record cannot be read");
  return decoded;
}

void RecordText::add_damage(const Record& record, const std::string& reason) {
  damage_->add({.file = *file_,
                .offset = record.offset,
                .bytes = record.body.size() + 12,
                .reason = fmt::format("{}: {}", name_of(record.type, record.subtype), reason)});
}

void RecordText::use_peers(const PeerSet& peers) {
  if (peers_number_ == peers.number) return;
  peers_number_ = peers.number;
  if (plain_) table_.peers(peers.peers);
  peer_passes_.clear();
  for (const Peer& peer : peers.peers) {
    peer_passes_.push_back(filter_.peer(peer.address, peer.asn));
  }
}

Decoded RecordText::rib(const Record& record, const PeerSet* peers) {
  RibRecord rib;
  const Decoded decoded = decode_rib(record, rib);
  if (decoded != Decoded::yes) return decoded;
  if (!filter_.kind(RouteKind::rib) || !filter_.prefix(rib.prefix)) return Decoded::yes;
  static const PeerSet kNobody;
  const PeerSet& known = peers != nullptr ? *peers : kNobody;
  use_peers(known);
  const bool ask = filter_.asks_attributes();
  const bool ask_peer = filter_.asks_peer();
  if (plain_) table_.record(record.time, rib.prefix, rib.add_path);
  std::uint64_t fast = 0;
  RibEntryReader entries(rib);
  for (RibEntry entry; entries.next(entry);) {
    if (entry.peer_index >= known.peers.size()) {
      add_damage(record, fmt::format("peer {} is not in the peer table", entry.peer_index));
      continue;
    }
    if (ask_peer && !peer_passes_[entry.peer_index]) continue;
    if (ask) {
      bgp::decode_attributes(entry.attributes, bgp::AsnWidth::four, bgp::AttributeForm::table,
                             attributes_);
      if (!filter_.attributes(attributes_)) continue;
    }
    if (plain_ && table_.entry(lines_.out(), entry.peer_index, entry.path_id, entry.attributes)) {
      ++fast;
      continue;
    }
    rib_entry(record, rib, entry, known.peers[entry.peer_index]);
  }
  lines_.add_to_count(fast);
  return entries.ok() ? Decoded::yes : Decoded::damaged;
}

void RecordText::rib_entry(const Record& record, const RibRecord& rib, const RibEntry& entry,
                           const Peer& peer) {
  bgp::decode_attributes(entry.attributes, bgp::AsnWidth::four, bgp::AttributeForm::table,
                         attributes_);
  Speaker speaker =
      speaker_of(record, rib.add_path ? "TABLE_DUMP2_AP" : "TABLE_DUMP2", peer.address, peer.asn);
  lines_.begin_routes(speaker, attributes_, rib.prefix.family(), entry.attributes.size());
  lines_.line(rib.prefix, rib.add_path ? std::optional(entry.path_id) : std::nullopt);
}

Decoded RecordText::old_rib(const Record& record) {
  OldRibReader routes(record);
  for (OldRibRecord rib; routes.next(rib);) old_route(record, rib);
  return routes.decoded();
}

void RecordText::old_route(const Record& record, const OldRibRecord& rib) {
  if (!filter_.kind(RouteKind::rib) || !filter_.prefix(rib.prefix) ||
      !filter_.peer(rib.peer.address, rib.peer.asn)) {
    return;
  }
  bgp::decode_attributes(rib.attributes, rib.width, bgp::AttributeForm::table, attributes_);
  if (!attributes_.next_hop && rib.next_hop.size() == 4) {
    attributes_.next_hop = IpAddress::v4(ByteReader(rib.next_hop).u32());
  } else if (!attributes_.reach && rib.next_hop.size() >= 16) {
    attributes_.reach.emplace().next_hop = rib.next_hop;
  }
  if (!filter_.attributes(attributes_)) return;
  const Speaker speaker = speaker_of(record, record.is_bgp4mp() ? "BGP4MP" : "TABLE_DUMP",
                                     rib.peer.address, rib.peer.asn);
  lines_.begin_routes(speaker, attributes_, rib.prefix.family(), rib.attributes.size());
  lines_.line(rib.prefix, std::nullopt);
}

Decoded RecordText::session(const Record& record) {
  Bgp4mp entry;
  const Decoded decoded = decode_bgp4mp(record, entry);
  if (decoded != Decoded::yes) return decoded;
  const std::string_view format = record.type == kLegacyBgp ? "BGP"
                                  : record.type == kBgp4mp  ? "BGP4MP"
                                                            : "BGP4MP_ET";
  Speaker speaker = speaker_of(record, format, entry.session.peer, entry.session.peer_asn);
  if (entry.kind == Bgp4mp::Kind::state_change) {
    speaker.kind = RouteKind::state;
    if (filter_.kind(RouteKind::state) && filter_.peer(speaker.peer, speaker.asn) &&
        filter_.without_prefix() && filter_.without_attributes()) {
      lines_.state(speaker, entry.old_state, entry.new_state);
    }
    return Decoded::yes;
  }
  if (entry.message.type != static_cast<std::uint8_t>(bgp::MessageType::update)) {
    return Decoded::yes;  // OPEN, NOTIFICATION, KEEPALIVE have no routes, as in bgpdump
  }
  const bgp::Verdict verdict = AddPathMemory::decode_alone(entry, update_);
  if (verdict >= bgp::Verdict::treat_as_withdraw) add_damage(record, update_.attributes.problem);
  if (filter_.peer(speaker.peer, speaker.asn)) changes(speaker, entry.message.body.size());
  return Decoded::yes;
}

void RecordText::changes(const Speaker& speaker_before, std::size_t room) {
  Speaker speaker = speaker_before;
  const bgp::Attributes& attributes = update_.attributes;
  const auto line = [&](const Prefix& prefix) {
    if (!filter_.asks_prefix() || filter_.prefix(prefix)) lines_.line(prefix, std::nullopt);
  };
  const bool withdrawals = filter_.kind(RouteKind::withdraw) && filter_.without_attributes();
  const auto withdrawn = [&](Bytes nlri, Family family, bgp::NlriForm form) {
    if (nlri.empty() || !withdrawals) return;
    speaker.kind = RouteKind::withdraw;
    lines_.begin_withdrawals(speaker);
    bgp::for_each_nlri(nlri, family, form, line);
  };
  const auto announced = [&](Bytes nlri, Family family, bgp::NlriForm form) {
    if (nlri.empty() || !filter_.kind(RouteKind::announce)) return;
    if (filter_.asks_attributes() && !filter_.attributes(attributes)) return;
    speaker.kind = RouteKind::announce;
    lines_.begin_routes(speaker, attributes, family, room);
    bgp::for_each_nlri(nlri, family, form, line);
  };
  withdrawn(update_.withdrawn, Family::v4, update_.form);
  if (attributes.unreach) {
    withdrawn(attributes.unreach->nlri, attributes.unreach->family, attributes.unreach->form);
  }
  const auto use = [&](Bytes nlri, Family family, bgp::NlriForm form) {
    // RFC 7606: the announcements of a message with a damaged attribute count as withdrawals.
    if (attributes.verdict == bgp::Verdict::treat_as_withdraw) {
      withdrawn(nlri, family, form);
    } else {
      announced(nlri, family, form);
    }
  };
  use(update_.nlri, Family::v4, update_.form);
  if (attributes.reach) {
    use(attributes.reach->nlri, attributes.reach->family, attributes.reach->form);
  }
}

}  // namespace lightsout::mrt
